package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

// The SIP messages of both legs of a call can be read while it runs and after
// it, without what would prove a phone's identity.
func TestSIPMessagesOfACall(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	b.answers()
	up(t, ours)
	id := string(d.state().Calls[0].ID)
	running := d.cli("calls", "show", id, "--sip")
	wantText(t, "trace of a running call", running, "\nINVITE sip:1002@", "\nSIP/2.0 200 ")
	ours.Hangup()
	d.becomes(5*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })

	text := d.cli("calls", "show", "--sip", id)
	wantText(t, "trace", text, "from UDP 127.0.0.1:", "to UDP 127.0.0.1:", "\nSIP/2.0 401 ", "\nINVITE sip:1002@", "\nSIP/2.0 180 ", "\nACK ", "\nBYE ", `response="****`)
	if n := strings.Count(text, "\nBYE "); n < 2 {
		t.Errorf("%d BYE in the trace of two legs:\n%s", n, text)
	}
	if strings.Contains(text, "\nREGISTER ") {
		t.Error("the trace of a call has a REGISTER")
	}
	var file []byte
	d.call("GET", "/api/calls/"+id+"/sip.pcap", nil, &file)
	if !bytes.Contains(file, []byte("INVITE sip:1002@")) {
		t.Errorf("no INVITE in a capture of %d bytes", len(file))
	}
}
