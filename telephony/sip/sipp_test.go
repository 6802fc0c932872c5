package sip

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
)

// sipp runs a scenario of testdata against the server.
func (r *rig) sipp(scenario, calls string) {
	t := r.t
	t.Helper()
	bin := need(t, "sipp")
	file, err := filepath.Abs(filepath.Join("testdata", scenario))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "-sf", file, "-m", calls, "-l", calls, "-r", "20", "-i", "127.0.0.1", "-mi", "127.0.0.1",
		"-nostdin", "-timeout", "30s", "-timeout_error", "-trace_err", r.Addr("UDP").String())
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil {
		errors, _ := filepath.Glob(filepath.Join(cmd.Dir, "*errors.log"))
		for _, name := range errors {
			b, _ := os.ReadFile(name)
			t.Logf("%s", b)
		}
		t.Fatalf("%s: %v\n%s", scenario, err, out)
	}
}

// withSIPpSecret gives 1001 a password that can stand in a scenario.
func (r *rig) withSIPpSecret() *rig {
	cfg := testConfig()
	for i := range cfg.Extensions {
		if cfg.Extensions[i].Number == "1001" {
			cfg.Extensions[i].Secret = "secret-of-sipp"
		}
	}
	r.mu.Lock()
	r.config = cfg
	r.mu.Unlock()
	return r
}

func TestSIPpRegistersAndCalls(t *testing.T) {
	r := newRig(t).withSIPpSecret()
	r.sipp("call.xml", "10")
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
	if n := len(r.Phones()); n != 1 {
		t.Errorf("%d phones registered", n)
	}
}

func TestSIPpCancels(t *testing.T) {
	r := newRig(t).withSIPpSecret()
	r.registered("1002", func(*phone.Call) {})
	r.sipp("cancel.xml", "5")
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

// TestSIPpIsRefusedWithAReason: what cannot be taken is answered 488 with a Warning,
// and during a call leaves it as it was.
func TestSIPpIsRefusedWithAReason(t *testing.T) {
	r := newRig(t).withSIPpSecret()
	r.sipp("fax.xml", "3")
	r.sipp("fax-later.xml", "3")
	r.cfg().Extensions[slices.IndexFunc(r.cfg().Extensions, func(e config.Extension) bool { return e.Number == "1001" })].SRTP = config.SRTPRequired
	r.sipp("plain.xml", "3")
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}
