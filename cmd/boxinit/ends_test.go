//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/supervise"
)

func TestEndsOutliveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ends.json")
	e, err := openEnds(path)
	if err != nil || len(e.all()) != 0 {
		t.Fatal(e.all(), err)
	}
	at := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	for i := range maxEnds + 2 {
		e.add(supervise.End{At: at.Add(time.Duration(i) * time.Hour), How: fmt.Sprint("exit status ", i), Lines: []string{"panic"}})
	}
	again, err := openEnds(path)
	if err != nil {
		t.Fatal(err)
	}
	list := again.all()
	if len(list) != maxEnds || list[0].How != "exit status 11" || !list[0].At.Equal(at.Add(11*time.Hour)) || len(list[0].Lines) != 1 {
		t.Errorf("%d ends: %+v", len(list), list)
	}
}

func TestEndsThatCannotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ends.json")
	if err := os.WriteFile(path, []byte(`[{"how":"signal: kil`), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := openEnds(path)
	if err == nil || len(e.all()) != 0 {
		t.Fatal("a torn file was read:", e.all())
	}
	e.add(supervise.End{How: "exit status 2"})
	if again, err := openEnds(path); err != nil || len(again.all()) != 1 {
		t.Error(again.all(), err)
	}
}
