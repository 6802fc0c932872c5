package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/webui/api"
)

// watching runs `pasokh trace` until stop, which returns what it has shown.
func (d *demo) watching(args ...string) (stop func() string) {
	d.t.Helper()
	out, err := os.Create(filepath.Join(d.t.TempDir(), "shown"))
	if err != nil {
		d.t.Fatal(err)
	}
	cmd := exec.Command(program(d.t, "pasokh"), append(append([]string{"trace"}, args...), "--data", d.dir)...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = out.Close() })
	shown := func() string {
		text, err := os.ReadFile(out.Name())
		if err != nil {
			d.t.Fatal(err)
		}
		return string(text)
	}
	eventually(d.t, 10*time.Second, "begin of the trace", func() bool { return strings.HasPrefix(shown(), "Watching") })
	return func() string {
		d.t.Helper()
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			d.t.Errorf("pasokh trace %v: %v\n%s", args, err, shown())
		}
		return shown()
	}
}

// A phone that registers is watched over the socket: on the screen and in a file
// that tshark reads.
func TestAPhoneIsWatched(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	file := filepath.Join(t.TempDir(), "sip.pcap")
	stopFile, stopShown := d.watching("--phone", "1002", "--pcap", file), d.watching("--from", "127.0.0.1")
	newHandset(d, "1001", 0).register()
	newHandset(d, "1002", 0).register()
	eventually(t, 10*time.Second, "messages in the file", func() bool {
		info, err := os.Stat(file)
		return err == nil && info.Size() > 2000
	})
	stopFile()
	shown := stopShown()
	wantText(t, "trace of an address", shown, "from UDP 127.0.0.1:", "\nREGISTER sip:", "\nSIP/2.0 401 ", "\nSIP/2.0 200 ", "<sip:1002@", `response="****`)
	if strings.Contains(shown, "not shown") {
		t.Error("messages were lost")
	}
	needTool(t, "tshark")
	out, err := exec.Command("tshark", "-r", file, "-T", "fields", "-e", "sip.Method", "-e", "sip.Status-Code", "-e", "sip.to.user", "-e", "udp.checksum.status", "-e", "_ws.malformed").CombinedOutput()
	if err != nil {
		t.Fatalf("tshark: %v\n%s", err, out)
	}
	if text := string(out); !strings.Contains(text, "REGISTER\t\t1002") || !strings.Contains(text, "\t200\t1002") || strings.Contains(text, "1001") {
		t.Errorf("tshark reads\n%s", out)
	}
	wantText(t, "usage", d.fails("trace"), "--phone NUMBER | --trunk NAME | --from ADDRESS")
	wantText(t, "unknown trunk", d.fails("trace", "--trunk", "nobody"), "cannot be used")
}

// The box is a trusted source and is made to wait with the one account; somebody at
// the console forgives it.
func TestAnAccountIsLetInAgain(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	wantText(t, "bans", d.cli("bans"), "Nobody is shut out.", "0 wrong passwords")
	at := d.env["SIP_HOST"] + ":" + d.env["SIP_PORT"]
	try := func(password string) int {
		t.Helper()
		p, err := phone.Open(phone.Options{Server: at, Domain: d.env["SIP_DOMAIN"], User: "1001", Password: password})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err = p.Register(ctx, time.Minute)
		var refused *phone.StatusError
		switch {
		case err == nil:
			return 200
		case errors.As(err, &refused):
			return refused.Status
		}
		t.Fatal(err)
		return 0
	}
	for range 5 {
		try("wrong")
	}
	if status := try(d.env["PASS_A"]); status != 503 {
		t.Errorf("a paused account gets %d, want 503", status)
	}
	wantText(t, "bans", d.cli("bans"), "127.0.0.1/32", "1001", "5 wrong passwords")
	wantText(t, "status", d.cli("status"), "127.0.0.1/32", "5 wrong passwords")
	wantText(t, "lift", d.cli("bans", "lift", "127.0.0.1"), "may come in again")
	if status := try(d.env["PASS_A"]); status != 200 {
		t.Errorf("after the lift it gets %d", status)
	}
	wantText(t, "second lift", d.fails("bans", "lift", "127.0.0.1"), "not shut out")
	if d.state().Protection.Turned.Wrong != 5 {
		t.Errorf("counted: %+v", d.state().Protection.Turned)
	}
	d.becomes(5*time.Second, "end of the problem", func(s api.State) bool { return !d.ailing("sip-attack") })
}
