package dialog

import (
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

func TestParseKey(t *testing.T) {
	for _, x := range []struct {
		kind, body string
		digit      byte
		d          time.Duration
	}{
		{"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", '5', 160 * time.Millisecond},
		{"application/dtmf-relay", "Signal= *\nDuration= 99999999", '*', 0},
		{"application/dtmf-relay", "signal=11\n", '#', 0},
		{"application/dtmf-relay", "Signal=d", 'D', 0},
		{"application/dtmf", " 7 ", '7', 0},
		{"application/dtmf", "12", 0, 0},
		{"application/dtmf-relay", "Duration=160", 0, 0},
		{"text/plain", "5", 0, 0},
	} {
		digit, d, ok := ParseKey(x.kind, []byte(x.body))
		if digit != x.digit || d != x.d || ok != (x.digit != 0) {
			t.Errorf("%s %q: %q %v %v", x.kind, x.body, digit, d, ok)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	f.Add("application/dtmf-relay", []byte("Signal=5\r\nDuration=160\r\n"))
	f.Add("application/dtmf", []byte("#"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		digit, d, ok := ParseKey(kind, body)
		if ok != (digit != 0) || d < 0 || d > 10*time.Second {
			t.Fatalf("%q %v %v", digit, d, ok)
		}
	})
}

func FuzzReason(f *testing.F) {
	f.Add(`Q.850;cause=16;text="x"`)
	f.Add(`SIP;cause=200, Q.850 ; cause = 17`)
	f.Fuzz(func(t *testing.T, value string) {
		req := sip.NewRequest(sip.BYE, sip.Uri{Host: "x"})
		req.AppendHeader(sip.NewHeader("Reason", value))
		if c := reasonOf(req); c.String() == "" {
			t.Fatal("a cause without a name")
		}
	})
}

func TestReasonsComeBack(t *testing.T) {
	for _, c := range []call.Cause{call.Normal, call.Busy, call.NoAnswer, call.Elsewhere, call.UnknownNumber, call.NoCodec} {
		req := sip.NewRequest(sip.BYE, sip.Uri{Host: "x"})
		req.AppendHeader(Reason(c))
		if got := reasonOf(req); got != c {
			t.Errorf("%v was read as %v", c, got)
		}
	}
}

func TestFlowOf(t *testing.T) {
	for _, x := range []struct{ via, contact, want string }{
		{"192.0.2.9:5060;rport", "<sip:a@192.0.2.9:5070>", "192.0.2.9:40000"}, // asks for symmetry
		{"192.0.2.9:5070", "<sip:a@192.0.2.9:5070>", "192.0.2.9:5070"},        // sends from another port than it hears on
		{"192.0.2.9", "<sip:a@192.0.2.9>", "192.0.2.9:5060"},                  // and on the usual one
		{"10.0.0.2:5060", "<sip:a@10.0.0.2:5060>", "192.0.2.9:40000"},         // behind NAT
		{"192.0.2.9:5060", "<sip:a@phone.test:5060>", "192.0.2.9:40000"},      // names are not looked up
	} {
		m, err := sip.ParseMessage([]byte("REGISTER sip:box SIP/2.0\r\nVia: SIP/2.0/UDP " + x.via + ";branch=z9hG4bK1\r\nContact: " + x.contact + "\r\n\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		m.SetTransport("UDP")
		m.SetSource("192.0.2.9:40000")
		if got := FlowOf(m.(*sip.Request)); got.Addr != x.want {
			t.Errorf("%s %s: %s, want %s", x.via, x.contact, got.Addr, x.want)
		}
	}
}
