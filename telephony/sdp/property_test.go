package sdp

import (
	"fmt"
	"reflect"
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
		kind := rapid.SampledFrom([]string{"audio", "audio", "video", "application"}).Draw(t, "kind")
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
			case "97":
				fmt.Fprintf(&b, "a=rtpmap:97 %s\r\n", rapid.SampledFrom([]string{"telephone-event/8000", "telephone-event/16000", "opus/48000/2"}).Draw(t, "map"))
			case "101":
				b.WriteString("a=rtpmap:101 telephone-event/8000\r\n")
			}
		}
		for tag := range rapid.IntRange(0, 3).Draw(t, "keys") {
			s := rapid.SampledFrom(append(Suites(), Suite{"F8_128_HMAC_SHA1_80", 30})).Draw(t, "suite")
			fmt.Fprintf(&b, "a=crypto:%d %s %s\r\n", tag+1, s.Name, inline('p', s.Size))
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
		l.Crypto, l.Secure = aPolicy(t, 'A')
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
			if encrypted := agreed.Send != nil; encrypted != (agreed.Receive != nil) || encrypted != (len(m.Crypto) == 1) ||
				!encrypted && (l.Secure || strings.Contains(m.Proto, "SAVP")) ||
				encrypted && !slices.ContainsFunc(o.Crypto, func(c Crypto) bool { return c.Tag == m.Crypto[0].Tag && c.Suite == m.Crypto[0].Suite }) {
				t.Fatalf("%s with keys %v answered with %v, agreed %v", o.Proto, o.Crypto, m.Crypto, agreed.Send)
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

// aPolicy draws off, optional or required.
func aPolicy(t *rapid.T, seed byte) (keys []Crypto, secure bool) {
	n := rapid.IntRange(0, 2).Draw(t, "policy")
	if n > 0 {
		keys = ownKeys(seed)
	}
	return keys, n == 2
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
			l.Crypto, l.Secure = aPolicy(t, byte(port/100))
			return l
		}
		a, b := party("a", 4000), party("b", 5000)
		offer, err := Parse(Offer(a))
		if err != nil {
			t.Fatal(err)
		}
		text, atB, err := Answer(b, offer)
		if err != nil {
			encryption := a.Secure && b.Crypto == nil || b.Secure && a.Crypto == nil
			if !encryption && slices.ContainsFunc(a.Codecs, func(c string) bool { return slices.Contains(b.Codecs, c) }) {
				t.Fatalf("%v and %v came to nothing: %v", a, b, err)
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
			atA.Direction != atB.Direction.Mirror() || atA.OwnDTMF != atB.DTMF || atA.DTMF != atB.OwnDTMF ||
			!reflect.DeepEqual(atA.Send, atB.Receive) || !reflect.DeepEqual(atA.Receive, atB.Send) ||
			(atA.Send != nil) != (a.Crypto != nil && b.Crypto != nil) {
			t.Fatalf("a has %+v, b has %+v", atA, atB)
		}
		if int(atA.Remote.Port()) != b.Port || int(atB.Remote.Port()) != a.Port {
			t.Fatalf("a sends to %v, b to %v", atA.Remote, atB.Remote)
		}
	})
}

// TestReoffersKeepEverySection lets a session go on: after any first offer that was
// taken, any row of offers from either side keeps the number, the kinds and the
// order of the sections, the numbers of the formats and, unless new ones are
// offered, the keys.
func TestReoffersKeepEverySection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anOffer(t)
		l := us
		l.Crypto, l.Secure = aPolicy(t, 'A')
		first, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		b, before, err := Answer(l, first)
		if err != nil {
			return
		}
		for range rapid.IntRange(1, 4).Draw(t, "more") {
			if l.Last, err = Parse(b); err != nil {
				t.Fatal(err)
			}
			b = Offer(l)
			strict(t, b)
			offer, err := Parse(b)
			if err != nil || len(offer.Media) != len(first.Media) {
				t.Fatalf("%d sections became\n%s", len(first.Media), b)
			}
			for i, m := range offer.Media {
				if was := l.Last.Media[i]; m.Type != was.Type || m.Proto != was.Proto || (m.Port == 0) != (was.Port == 0) {
					t.Fatalf("section %d was %v %s %d, is %s %s %d", i, was.Type, was.Proto, was.Port, m.Type, m.Proto, m.Port)
				}
			}
			// The peer, who has our description as its own idea of the session, takes it.
			them := us
			them.Crypto, them.Secure = l.Crypto, l.Secure
			text, _, err := Answer(them, offer)
			if err != nil {
				t.Fatalf("our own offer is refused: %v\n%s", err, b)
			}
			answer, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			l.Last = offer
			after, err := Accept(l, answer)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if before.OwnDTMF != 0 && after.OwnDTMF != before.OwnDTMF {
				t.Fatalf("keys came as %d, now as %d", before.OwnDTMF, after.OwnDTMF)
			}
			if (after.Send == nil) != (l.Crypto == nil) {
				t.Fatalf("encrypted before: %v, now: %v", before.Send, after.Send)
			}
		}
	})
}

// FuzzParse feeds descriptions from the network: nothing may panic, and whatever
// is answered must be readable with as many sections as were offered.
func FuzzParse(f *testing.F) {
	f.Add(Offer(us))
	f.Add([]byte("m=image 6000 udptl t38\r\nc=IN IP6 ::1\r\nm=audio 4000/2 RTP/AVPF 8 101\r\na=rtpmap:101 telephone-event/8000"))
	f.Add([]byte("a=inactive\nc=IN IP4 0.0.0.0/127\nm=audio 1 RTP/AVP 0\na=ptime:20.5\na=maxptime:-1"))
	f.Add([]byte("c=IN IP4 192.0.2.9\nm=audio 4000 RTP/SAVP 8\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" +
		"a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tr|2^20|1:4 WSH=64\na=rtcp-mux\na=rtcp:4001 IN IP4 192.0.2.8"))
	us := us
	us.Crypto = ownKeys('A')
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
		us := us
		us.Last = answer
		if again, err := Parse(Offer(us)); err != nil || len(again.Media) != len(offer.Media) {
			t.Fatalf("our next offer has not %d sections: %v", len(offer.Media), err)
		}
		if agreed.Codec == "" || !agreed.Remote.IsValid() {
			t.Fatalf("agreed on %+v", agreed)
		}
	})
}
