package sip

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sdp"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// posted collects the events of a leg.
type posted []call.Event

func (p *posted) Post(e call.Event) { *p = append(*p, e) }

// newOpenLeg is a leg with media whose signalling comes over network.
func newOpenLeg(t *testing.T, policy config.SRTP, network string) (*leg, *posted) {
	t.Helper()
	r := newRig(t)
	l := r.newLeg(&config.Extension{Number: "1001", SRTP: policy}, call.Party{Number: "1001"}, "sip:1001@127.0.0.1:5070")
	if err := l.open(dialog.Flow{Network: network, Addr: "127.0.0.1:5070"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	var events posted
	l.Attach(&events)
	return l, &events
}

func savp(version int, fill byte, more string) []byte {
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{fill}, 30))
	return fmt.Appendf(nil, "v=0\r\no=x 1 %d IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/SAVP 8\r\n"+
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s|2^31\r\n%s", version, key, more)
}

func TestKeysOfAReinvite(t *testing.T) {
	l, events := newOpenLeg(t, config.SRTPRequired, "UDP")
	answer, err := l.Consider(savp(1, 'a', ""))
	if err != nil {
		t.Fatal(err)
	}
	ours, first := l.media.Seal, *l.media.Open
	if ours == nil || first.Master[0] != 'a' || !strings.Contains(string(answer), base64.StdEncoding.EncodeToString(ours.Master)) {
		t.Fatalf("seals with %v, opens with %v", ours, first)
	}
	if _, err := l.Consider(savp(2, 'b', "m=video 0 RTP/AVP 31\r\n")); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(l.media.Seal.Master, ours.Master) || l.media.Open.Master[0] != 'b' {
		t.Error("our key changed, or the phone's new one was not taken")
	}
	if again := string(l.Offer()); !strings.Contains(again, "m=audio "+fmt.Sprint(l.local.Port)+" RTP/SAVP") || !strings.Contains(again, "m=video 0 ") {
		t.Errorf("we offer again\n%s", again)
	}
	version, before := l.local.Version, l.media
	for _, bad := range []string{"m=audio 40000 RTP/AVP 8\r\n", "m=audio 0 RTP/SAVP 8\r\nm=image 40000 udptl t38\r\n"} {
		if _, err := l.Consider([]byte("v=0\r\nc=IN IP4 127.0.0.1\r\n" + bad)); err == nil {
			t.Errorf("taken: %s", bad)
		}
	}
	if l.local.Version != version || l.media != before {
		t.Error("an offer that was refused changed the session")
	}
	if len(*events) != 1 || (*events)[0] != (call.Secured{Leg: l.id, On: true}) {
		t.Errorf("told %v", *events)
	}
}

func TestEncryptionComesAndGoes(t *testing.T) {
	l, events := newOpenLeg(t, config.SRTPOptional, "TLS")
	offer, err := sdp.Parse(l.Offer())
	if err != nil || offer.Media[0].Proto != "RTP/AVP" || len(offer.Media[0].Crypto) != 3 {
		t.Fatalf("we offer %+v, %v", offer, err)
	}
	plain := "v=0\r\no=x 1 1 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=audio 40000 RTP/AVP 8\r\n"
	if err := l.Accept([]byte(plain)); err != nil || l.media.Seal != nil {
		t.Fatalf("a plain answer: %v, seals with %v", err, l.media.Seal)
	}
	if _, err := l.Consider(savp(2, 'a', "")); err != nil || l.media.Seal == nil {
		t.Fatalf("encryption later: %v", err)
	}
	if _, err := l.Consider([]byte(plain)); err != nil || l.media.Seal != nil || l.media.Open != nil {
		t.Fatalf("plain again: %v", err)
	}
	if len(*events) != 2 || (*events)[1] != (call.Secured{Leg: l.id}) {
		t.Errorf("told %v", *events)
	}
}

func TestWithoutEncryptionThereAreNoKeys(t *testing.T) {
	for _, policy := range []config.SRTP{"", config.SRTPOff} {
		l, _ := newOpenLeg(t, policy, "UDP")
		if offer := string(l.Offer()); strings.Contains(offer, "crypto") {
			t.Errorf("%q offers\n%s", policy, offer)
		}
		if _, err := l.Consider(savp(1, 'a', "")); err == nil {
			t.Errorf("%q takes an encrypted offer", policy)
		}
	}
}
