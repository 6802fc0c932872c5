package sdp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anOffer draws a description with one to four sections of formats that we
// know, formats that we do not, and every direction and way to hold.
func anOffer(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n")
	if rapid.Bool().Draw(t, "session direction") {
		fmt.Fprintf(&b, "a=%v\r\n", aDirection(t))
	}
	formats := []string{"0", "8", "18", "9", "96", "97", "101"}
	for i := range rapid.IntRange(1, 4).Draw(t, "sections") {
		kind := rapid.SampledFrom([]string{"audio", "audio", "video"}).Draw(t, "kind")
		proto := rapid.SampledFrom([]string{"RTP/AVP", "RTP/AVP", "RTP/AVPF", "RTP/SAVP"}).Draw(t, "proto")
		port := rapid.SampledFrom([]int{0, 4000, 4002}).Draw(t, "port")
		list := rapid.Permutation(formats).Draw(t, "formats")[:rapid.IntRange(1, len(formats)).Draw(t, fmt.Sprint("count", i))]
		fmt.Fprintf(&b, "m=%s %d %s %s\r\n", kind, port, proto, strings.Join(list, " "))
		if rapid.Bool().Draw(t, "zeros") {
			b.WriteString("c=IN IP4 0.0.0.0\r\n")
		}
		for _, f := range list {
			switch f {
			case "96":
				fmt.Fprintf(&b, "a=rtpmap:96 %s/8000\r\n", rapid.SampledFrom([]string{"PCMA", "pcmu", "speex"}).Draw(t, "map"))
			case "101":
				b.WriteString("a=rtpmap:101 telephone-event/8000\r\n")
			}
		}
		if rapid.Bool().Draw(t, "has direction") {
			fmt.Fprintf(&b, "a=%v\r\n", aDirection(t))
		}
		if rapid.Bool().Draw(t, "has ptime") {
			fmt.Fprintf(&b, "a=ptime:%d\r\n", rapid.IntRange(0, 100).Draw(t, "ptime"))
		}
	}
	return b.String()
}

func aDirection(t *rapid.T) Direction {
	return rapid.SampledFrom([]Direction{SendRecv, SendOnly, RecvOnly, Inactive}).Draw(t, "direction")
}

// TestAnswersAreValid holds every answer against RFC 3264 6.
func TestAnswersAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anOffer(t)
		offer, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		l := us
		l.Direction = aDirection(t)
		l.DTMF = rapid.Bool().Draw(t, "dtmf")
		b, agreed, err := Answer(l, offer)
		if err != nil {
			return
		}
		strict(t, b)
		answer, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if len(answer.Media) != len(offer.Media) {
			t.Fatalf("%d sections answered, %d offered", len(answer.Media), len(offer.Media))
		}
		accepted := 0
		for i, m := range answer.Media {
			o := offer.Media[i]
			if m.Type != o.Type || m.Proto != o.Proto {
				t.Fatalf("section %d: %s %s answered with %s %s", i, o.Type, o.Proto, m.Type, m.Proto)
			}
			for _, f := range m.Formats {
				if !slices.Contains(o.Formats, f) {
					t.Fatalf("section %d: format %s was not offered", i, f)
				}
				if m.Port != 0 && m.encoding(f) != o.encoding(f) {
					t.Fatalf("section %d: format %s is %q, was offered as %q", i, f, m.encoding(f), o.encoding(f))
				}
			}
			if m.Port == 0 {
				continue
			}
			accepted++
			if o.Port == 0 {
				t.Fatalf("section %d: switched off by the offer, on in the answer", i)
			}
			if m.Direction.Sends() && !o.Direction.Receives() || m.Direction.Receives() && !o.Direction.Sends() {
				t.Fatalf("section %d: %v answered with %v", i, o.Direction, m.Direction)
			}
			if m.Direction != agreed.Direction || m.Ptime != agreed.Ptime || agreed.Ptime < 10 || agreed.Ptime > 60 {
				t.Fatalf("answer says %v %d ms, agreed %v %d ms", m.Direction, m.Ptime, agreed.Direction, agreed.Ptime)
			}
		}
		if accepted != 1 {
			t.Fatalf("%d sections accepted, want 1", accepted)
		}
	})
}

// TestBothSidesAgree lets two of us negotiate: whoever offers, both must come to
// mirrored results.
func TestBothSidesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		party := func(name string, port int) Local {
			l := us
			l.Port, l.Direction = port, aDirection(t)
			l.Codecs = rapid.SampledFrom([][]string{{"PCMA", "PCMU"}, {"PCMU", "PCMA"}, {"PCMA"}, {"PCMU"}}).Draw(t, name)
			l.DTMF = rapid.Bool().Draw(t, name)
			l.Ptime = rapid.IntRange(10, 60).Draw(t, name)
			return l
		}
		a, b := party("a", 4000), party("b", 5000)
		offer, err := Parse(Offer(a))
		if err != nil {
			t.Fatal(err)
		}
		text, atB, err := Answer(b, offer)
		if err != nil {
			if slices.ContainsFunc(a.Codecs, func(c string) bool { return slices.Contains(b.Codecs, c) }) {
				t.Fatalf("%v and %v found no codec", a.Codecs, b.Codecs)
			}
			return
		}
		answer, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		atA, err := Accept(a, answer)
		if err != nil {
			t.Fatal(err)
		}
		if atA.Codec != atB.Codec || atA.PayloadType != atB.PayloadType || atA.DTMF != atB.DTMF || atA.Ptime != atB.Ptime ||
			atA.Direction != atB.Direction.Mirror() {
			t.Fatalf("a has %+v, b has %+v", atA, atB)
		}
		if int(atA.Remote.Port()) != b.Port || int(atB.Remote.Port()) != a.Port {
			t.Fatalf("a sends to %v, b to %v", atA.Remote, atB.Remote)
		}
	})
}

// FuzzParse feeds descriptions from the network: nothing may panic, and whatever
// is answered must be readable with as many sections as were offered.
func FuzzParse(f *testing.F) {
	f.Add(Offer(us))
	f.Add([]byte("m=image 6000 udptl t38\r\nc=IN IP6 ::1\r\nm=audio 4000/2 RTP/AVPF 8 101\r\na=rtpmap:101 telephone-event/8000"))
	f.Add([]byte("a=inactive\nc=IN IP4 0.0.0.0/127\nm=audio 1 RTP/AVP 0\na=ptime:20.5\na=maxptime:-1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		offer, err := Parse(b)
		if err != nil {
			return
		}
		_, _ = Accept(us, offer)
		text, agreed, err := Answer(us, offer)
		if err != nil {
			return
		}
		answer, err := Parse(text)
		if err != nil {
			t.Fatalf("cannot read our own answer: %v\n%q", err, text)
		}
		if len(answer.Media) != len(offer.Media) {
			t.Fatalf("%d sections answered, %d offered\n%q", len(answer.Media), len(offer.Media), text)
		}
		if agreed.Codec == "" || !agreed.Remote.IsValid() {
			t.Fatalf("agreed on %+v", agreed)
		}
	})
}
