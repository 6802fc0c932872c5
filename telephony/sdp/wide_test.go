package sdp

import (
	"strings"
	"testing"
)

// TestWideCodecAndComfortNoise: G.722 has payload type 9 and a clock of 8000 (RFC 3551
// 4.5.2), and comfort noise is answered where it is offered (RFC 3389 4).
func TestWideCodecAndComfortNoise(t *testing.T) {
	l := us
	l.Codecs = []string{"PCMA", "PCMU", "G722"}
	for _, c := range []struct {
		name, formats, codec string
		noise                bool
	}{
		{"wide first", "9 8 0 101", "G722", false},
		{"narrow first", "8 9 0 13 101", "PCMA", true},
		{"its true rate", "96 0\r\na=rtpmap:96 G722/16000", "G722", false},
		{"without a name", "9 13", "G722", true},
	} {
		offer, err := Parse([]byte("v=0\r\nc=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP " + c.formats + "\r\na=rtpmap:101 telephone-event/8000\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		b, a, err := Answer(l, offer)
		if err != nil || a.Codec != c.codec || a.Noise != c.noise {
			t.Errorf("%s: %+v, %v", c.name, a, err)
		}
		if strings.Contains(string(b), "a=rtpmap:13 CN/8000\r\n") != c.noise {
			t.Errorf("%s: answered\n%s", c.name, b)
		}
		if strings.HasPrefix(c.formats, "9") && !strings.Contains(string(b), "RTP/AVP 9") {
			t.Errorf("%s: answered\n%s", c.name, b)
		}
	}

	if b := string(Offer(l)); !strings.Contains(b, "RTP/AVP 8 0 9 101\r\n") || !strings.Contains(b, "a=rtpmap:9 G722/8000\r\n") {
		t.Errorf("offered\n%s", b)
	}
	l.Noise = true
	if b := string(Offer(l)); !strings.Contains(b, "RTP/AVP 8 0 9 101 13\r\n") {
		t.Errorf("offered\n%s", b)
	}
	for text, want := range map[string]bool{"9 13": true, "9": false} {
		answer, err := Parse([]byte("v=0\r\nc=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP " + text + "\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if a, err := Accept(l, answer); err != nil || a.Codec != "G722" || a.Noise != want {
			t.Errorf("answer %s: %+v, %v", text, a, err)
		}
	}
}
