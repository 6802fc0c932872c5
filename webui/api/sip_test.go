package api_test

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/trace"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

func TestSIPTrace(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	m := trace.Message{At: at, In: true, Network: "UDP", Local: netip.MustParseAddrPort("192.0.2.1:5060"),
		Peer: netip.MustParseAddrPort("192.0.2.9:5070"), Text: []byte("INVITE sip:600@x SIP/2.0\r\n\r\n")}
	b := webtest.New(webtest.Scene{
		Steps: map[call.ID][]call.Step{
			"c1": {{Leg: "a", At: at}, {Leg: "b", At: at}, {Leg: "a", At: at}, {At: at}},
			"c2": {{Leg: "z", At: at}},
		},
		SIP: map[call.LegID][]trace.Message{"a": {m}, "b": {m}, "": {m}},
	})
	var got api.SIPTrace
	if err := json.Unmarshal(do(t, b, "GET", "/api/calls/c1/sip", "").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := api.SIPMessage{At: at, In: true, Network: "UDP", Local: "192.0.2.1:5060", Peer: "192.0.2.9:5070", Text: string(m.Text)}
	if len(got.Messages) != 2 || got.Messages[0] != want {
		t.Errorf("got %+v", got)
	}
	if body := do(t, b, "GET", "/api/calls/c2/sip", "").Body.String(); body != `{"messages":[]}` {
		t.Errorf("a call without messages is %s", body)
	}
	file := do(t, b, "GET", "/api/calls/c1/sip.pcap", "")
	if !bytes.Equal(file.Body.Bytes(), trace.PCAP([]trace.Message{m, m})) || file.Header().Get("Content-Type") != "application/vnd.tcpdump.pcap" {
		t.Errorf("the capture has %d bytes of %s", file.Body.Len(), file.Header().Get("Content-Type"))
	}
	for _, path := range []string{"/api/calls/none/sip", "/api/calls/none/sip.pcap"} {
		if code := do(t, b, "GET", path, "").Code; code != 404 {
			t.Errorf("%s: %d", path, code)
		}
	}
}
