package sip

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/telephony/call"
)

// TestTrace reads what was said over UDP and TCP, both ways and whole.
func TestTrace(t *testing.T) {
	for _, network := range []string{"UDP", "TCP"} {
		t.Run(network, func(t *testing.T) {
			r := newRig(t)
			p, _ := r.registered("1001", nil, func(o *phone.Options) {
				if network == "TCP" {
					o.Network = network
				}
			})
			c := r.call(p, "600")
			within(t, "answer", c.Up())
			c.Hangup()
			within(t, "end", c.Done())
			var legs []call.LegID
			eventually(t, "end in the journal", func() bool {
				legs = nil
				for _, s := range r.journal.Steps() {
					if s.Leg != "" {
						legs = append(legs, s.Leg)
					}
				}
				return r.dialogs.Len() == 0
			})
			var got []string
			for _, m := range r.Trace(slices.Compact(legs)) {
				line, _, _ := strings.Cut(string(m.Text), " sip:")
				line, _, _ = strings.Cut(line, "\r\n")
				if m.In {
					line = "> " + line
				}
				got = append(got, line)
				if m.Network != network || m.Peer.Port() == 0 || m.Local != r.Addr(network) || !bytes.Contains(m.Text, []byte("\r\n\r\n")) {
					t.Errorf("%s %v %v\n%s", m.Network, m.Local, m.Peer, m.Text)
				}
				if bytes.Contains(m.Text, []byte("Authorization")) && !bytes.Contains(m.Text, []byte(`response="****`)) {
					t.Errorf("a secret is left:\n%s", m.Text)
				}
			}
			want := []string{"> INVITE", "SIP/2.0 401 Unauthorized", "> ACK", "> INVITE", "SIP/2.0 100 Trying", "SIP/2.0 200 OK", "> ACK", "> BYE", "SIP/2.0 200 OK"}
			for _, w := range want {
				if !slices.Contains(got, w) {
					t.Errorf("no %q in %q", w, got)
				}
			}
		})
	}
}
