package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGeneratedTypesAreCurrent(t *testing.T) {
	have, err := os.ReadFile("../../src/api.ts")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), string(generate())); diff != "" {
		t.Errorf("webui/src/api.ts is not what the Go types say; run go generate ./webui/api (-have +want):\n%s", diff)
	}
}
