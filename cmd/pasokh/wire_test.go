package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

// TestTheSoundOfACallIsCaptured and read by tshark: RTP in both directions of both legs.
func TestTheSoundOfACallIsCaptured(t *testing.T) {
	t.Parallel()
	needTool(t, "tshark")
	d := startDemo(t)
	talking(d)
	var s api.State
	d.becomes(10*time.Second, "a talk", func(now api.State) bool { s = now; return len(s.Calls) == 1 && len(s.Calls[0].Legs) == 2 })
	var file []byte
	d.call("GET", "/api/calls/"+string(s.Calls[0].ID)+"/rtp.pcap?seconds=2", nil, &file)
	name := filepath.Join(t.TempDir(), "sound.pcap")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("tshark", "-r", name, "-o", "rtp.heuristic_rtp:TRUE", "--enable-heuristic", "rtp_udp", "-q", "-z", "rtp,streams").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	streams := 0
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "0x") && strings.Contains(line, "g711") {
			streams++
		}
	}
	if streams != 4 {
		t.Errorf("tshark sees %d streams, want 4:\n%s", streams, out)
	}
	for _, wrong := range []string{"?seconds=61", "?seconds=0", "?seconds=x"} {
		if err := d.tryCall("GET", "/api/calls/"+string(s.Calls[0].ID)+"/rtp.pcap"+wrong, nil, &file); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}
