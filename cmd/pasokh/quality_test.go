package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// A real phone and the box report to each other: tshark finds nothing wrong with
// what both send, each reports on the other, and the call's record, its story and
// the commands tell how it sounded.
func TestCallQualityIsMeasured(t *testing.T) {
	needTool(t, "tshark")
	d := startDemo(t)
	a := startBaresip(d, "A", toneA)
	number := d.env["USER_A"]
	a.do("dial", "sip:600@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	a.wait("CALL_ESTABLISHED", 5*time.Second)

	args := []string{"-i", "lo", "-n", "-f", "udp", "-a", "duration:14", "-Y", "rtcp", "-T", "fields",
		"-e", "udp.srcport", "-e", "rtcp.pt", "-e", "rtcp.ssrc.identifier", "-e", "_ws.malformed", "-e", "rtcp.length_check.bad"}
	ports := make(map[string]bool)
	id := string(d.state().Calls[0].ID)
	for line := range strings.Lines(d.cli("calls", "show", id, "--sip")) {
		var port int
		if _, err := fmt.Sscanf(line, "m=audio %d", &port); err == nil && !ports[fmt.Sprint(port+1)] {
			ports[fmt.Sprint(port+1)] = true
			args = append(args, "-d", fmt.Sprintf("udp.port==%d,rtcp", port+1))
		}
	}
	out, err := exec.Command("tshark", args...).Output()
	if err != nil {
		missingTool(t, "the right to capture: "+err.Error())
	}
	reporting := make(map[string]bool)
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) < 5 || !ports[f[0]] {
			continue
		}
		if f[3] != "" || f[4] != "" {
			t.Errorf("tshark finds fault with a report from port %s: %s", f[0], line)
		}
		if strings.HasPrefix(f[1], "200,202") && f[2] != "" {
			reporting[f[0]] = true
		}
	}
	if len(reporting) != 2 {
		t.Errorf("sender reports with a block on the other come from %v, want both ends; tshark read\n%s", reporting, out)
	}
	if s := d.cli("status"); !strings.Contains(s, "sound good (4.") {
		t.Errorf("status does not say how the call sounds:\n%s", s)
	}
	a.do("hangup", "")
	if r := d.wantRecord(number, "600", ledger.Served, call.Normal); r.Grade != "good" || r.MOS < 4.2 {
		t.Errorf("the record says MOS %v, %q", r.MOS, r.Grade)
	}
	if story := d.cli("calls", "show", id); !strings.Contains(story, "The sound of the caller was good (MOS 4.") || !strings.Contains(story, "there and back") {
		t.Errorf("the story does not say how it sounded:\n%s", story)
	}
}
