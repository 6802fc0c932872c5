//go:build linux

package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestForgetLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	box := filepath.Join(dir, filepath.Base(boxDir))
	for _, d := range []string{filepath.Join(dir, "pasokh", "recordings"), box, filepath.Join(dir, "lost+found")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{filepath.Join(dir, "pasokh", "pasokh.db"), filepath.Join(box, "network.json")} {
		if err := os.WriteFile(name, []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := mark(filepath.Join(box, "forget")); err != nil {
		t.Fatal(err)
	}
	if err := forget(dir); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "lost+found" {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestSettingsOfTheKernelsLine(t *testing.T) {
	const line = "pasokh.slot=b panic=5 pasokh.wdt=off loglevel=6\n"
	for name, want := range map[string]string{"pasokh.slot": "b", "pasokh.wdt": "off", "panic": "5", "slot": "", "pasokh": "", "loglevel": "6"} {
		if got := setting(line, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
