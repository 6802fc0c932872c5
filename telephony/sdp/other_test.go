package sdp

import (
	"errors"
	"strings"
	"testing"
)

// TestOthersAreAgreedOn: formats that we do not speak are taken where ours are not
// offered, and offered after ours with their parameters.
func TestOthersAreAgreedOn(t *testing.T) {
	read := func(formats, attributes string) *Session {
		t.Helper()
		s, err := Parse([]byte("v=0\r\nc=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP " + formats + "\r\n" + attributes))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const opus = "a=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\na=rtpmap:101 telephone-event/8000\r\n"
	l := us
	if _, _, err := Answer(l, read("96 18 101", opus)); !errors.Is(err, ErrNoCodec) {
		t.Errorf("without passing: %v", err)
	}
	l.Pass = true
	b, a, err := Answer(l, read("96 18 101", opus))
	if err != nil || a.Codec != "" || a.Other.Name != "opus/48000/2" || a.PayloadType != 96 || a.OwnType != 96 || a.DTMF != 101 {
		t.Errorf("%+v, %v", a, err)
	}
	for _, line := range []string{"RTP/AVP 96 101\r\n", "a=rtpmap:96 opus/48000/2\r\n", "a=fmtp:96 useinbandfec=1\r\n"} {
		if !strings.Contains(string(b), line) {
			t.Errorf("answer lacks %q:\n%s", line, b)
		}
	}
	if _, a, _ = Answer(l, read("96 8 101", opus)); a.Codec != "PCMA" {
		t.Errorf("ours is offered too, and agreed %+v", a)
	}

	l.Others = read("96 18 8 101", opus).Others()
	if b := string(Offer(l)); !strings.Contains(b, "RTP/AVP 8 0 96 18 101\r\n") || !strings.Contains(b, "a=rtpmap:18 g729/8000\r\n") {
		t.Errorf("offered\n%s", b)
	}
	theirs := read("111", "a=rtpmap:111 opus/48000/2\r\n")
	if a, err := Accept(l, theirs); err != nil || a.Other.Name != "opus/48000/2" || a.PayloadType != 111 || a.OwnType != 96 {
		t.Errorf("%+v, %v", a, err)
	}
	l.Want = "opus/48000/2"
	if b := string(Offer(l)); !strings.Contains(b, "RTP/AVP 96 101\r\n") {
		t.Errorf("only one wanted, offered\n%s", b)
	}
	l.Want = Ours
	if b := string(Offer(l)); !strings.Contains(b, "RTP/AVP 8 0 101\r\n") {
		t.Errorf("only ours wanted, offered\n%s", b)
	}
	if _, err := Accept(l, theirs); !errors.Is(err, ErrNoCodec) {
		t.Errorf("answered what was not offered: %v", err)
	}
}
