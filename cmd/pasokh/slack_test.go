package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryThreadHasItsSlack(t *testing.T) {
	d := startDemo(t)
	pid := d.cmd.Process.Pid
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		got, err := os.ReadFile(filepath.Join("/proc", thread.Name(), "timerslack_ns"))
		if os.IsNotExist(err) || os.IsPermission(err) {
			continue // a thread that has ended, or nobody's to look at but root's
		}
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprint(slack); strings.TrimSpace(string(got)) != want {
			t.Errorf("thread %s of %d: %s, want %s", thread.Name(), pid, got, want)
		}
	}
	if name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); string(name) != "pasokh\n" {
		t.Errorf("the process is called %q", name)
	}
}
