package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

// SIPp watches 1002 as the lamp of a phone does while 1002 is really called.
func TestLampOfAnExtension(t *testing.T) {
	t.Parallel()
	needTool(t, "sipp")
	d := startDemo(t)
	called, caller := newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC)

	text, err := os.ReadFile(filepath.Join("testdata", "lamp.xml"))
	if err != nil {
		t.Fatal(err)
	}
	secret := ""
	for _, letter := range []string{"A", "B", "C"} {
		if d.env["USER_"+letter] == "1001" {
			secret = d.env["PASS_"+letter]
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "lamp.xml"), strings.NewReplacer("[domain]", d.env["SIP_DOMAIN"], "[secret]", secret).Replace(string(text)))
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	sipp := exec.CommandContext(ctx, "sipp", "-sf", "lamp.xml", "-m", "1", "-i", "127.0.0.1", "-nostdin", "-timeout", "30s", "-timeout_error",
		"-trace_err", "-error_file", "errors", "-trace_msg", "-message_file", "messages", d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	sipp.Dir = dir
	ended := make(chan error, 1)
	go func() {
		out, err := sipp.CombinedOutput()
		if err != nil {
			errors, _ := os.ReadFile(filepath.Join(dir, "errors"))
			t.Logf("%s\n%s", out, errors)
		}
		ended <- err
	}()

	// A call may be too short for any lamp: each change waits for the last one.
	shows := func(state string) {
		t.Helper()
		eventually(t, 10*time.Second, "lamp that shows "+state, func() bool {
			trace, err := os.ReadFile(filepath.Join(dir, "messages"))
			return err == nil && bytes.Contains(trace, []byte("<state>"+state+"</state>"))
		})
	}
	shows("terminated")
	ours := caller.call("1002")
	ring := called.ringing()
	shows("early")
	if err := ring.Answer(); err != nil {
		t.Fatal(err)
	}
	up(t, ours)
	shows("confirmed")
	ours.Hangup()
	d.becomes(5*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
	if err := <-ended; err != nil {
		t.Fatalf("SIPp: %v", err)
	}
}
