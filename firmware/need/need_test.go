package need

import (
	"runtime"
	"testing"
)

// verdict is a test that is watched.
type verdict struct {
	testing.TB
	failed, skipped bool
}

func (v *verdict) Helper()      {}
func (v *verdict) Fatal(...any) { v.failed = true; runtime.Goexit() }
func (v *verdict) Skip(...any)  { v.skipped = true; runtime.Goexit() }

// TestMissing: what is not there is forgiven on a person's machine alone.
func TestMissing(t *testing.T) {
	for name, ask := range map[string]func(testing.TB){
		"program": func(t testing.TB) { Program(t, "no-such-program-anywhere") },
		"module":  func(t testing.TB) { Module(t, "no_such_module_anywhere") },
	} {
		for ci, want := range map[string]verdict{"": {skipped: true}, "true": {failed: true}} {
			t.Setenv("CI", ci)
			got := verdict{TB: t}
			done := make(chan struct{})
			go func() {
				defer close(done)
				ask(&got)
				t.Errorf("%s: the test goes on", name)
			}()
			<-done
			if got.failed != want.failed || got.skipped != want.skipped {
				t.Errorf("%s, CI=%q: failed %v, skipped %v", name, ci, got.failed, got.skipped)
			}
		}
	}
	if Program(t, "sh") == "" {
		t.Error("no path of what is there")
	}
}
