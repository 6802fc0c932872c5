package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDescriptionIsCurrent(t *testing.T) {
	have, err := os.ReadFile("../openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), string(want)); diff != "" {
		t.Errorf("webui/api/openapi.json is not what the routes and types say; run go generate ./webui/api (-have +want):\n%s", diff)
	}
}
