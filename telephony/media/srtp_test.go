package media

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"github.com/pasokh/pasokh/telephony/call"
)

const sha80 = "AES_CM_128_HMAC_SHA1_80"

var suites = map[string]int{sha80: 30, "AES_CM_128_HMAC_SHA1_32": 30, "AES_256_CM_HMAC_SHA1_80": 46}

func newKey(suite string, fill byte) *Key {
	return &Key{Suite: suite, Master: bytes.Repeat([]byte{fill}, suites[suite])}
}

// secured makes a party's sound encrypted: it opens what the box seals and the
// other way round.
func secured(suite string, fill byte) func(*Params) {
	return func(p *Params) { p.Seal, p.Open = newKey(suite, fill), newKey(suite, fill+1) }
}

// far is the party's own side of its keys.
type far struct {
	t       testing.TB
	out, in *srtp.Context
}

func newFar(t testing.TB, p Params) *far {
	t.Helper()
	out, err := p.Open.context()
	if err != nil {
		t.Fatal(err)
	}
	in, err := p.Seal.context(srtp.SRTPReplayProtection(64))
	if err != nil {
		t.Fatal(err)
	}
	return &far{t: t, out: out, in: in}
}

// seal encrypts what the party sends.
func (f *far) seal(b []byte) []byte {
	f.t.Helper()
	sealed, err := f.out.EncryptRTP(nil, b, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return sealed
}

// open decrypts everything that a party was sent.
func (f *far) open(sent []rtp.Packet) (plain []rtp.Packet) {
	f.t.Helper()
	for _, p := range sent {
		raw, err := p.Marshal()
		if err != nil {
			f.t.Fatal(err)
		}
		b, err := f.in.DecryptRTP(nil, raw, nil)
		if err != nil {
			f.t.Fatalf("packet %d: %v", p.SequenceNumber, err)
		}
		var q rtp.Packet
		if err := q.Unmarshal(b); err != nil {
			f.t.Fatal(err)
		}
		plain = append(plain, q)
	}
	return plain
}

// sound is the samples in packets.
func sound(c Codec, packets []rtp.Packet) (pcm []int16) {
	for _, pk := range packets {
		part := make([]int16, len(pk.Payload))
		c.decode(part, pk.Payload)
		pcm = append(pcm, part...)
	}
	return pcm
}

// saySealed is say with encryption.
func (p *party) saySealed(f *far, hz float64) {
	p.t.Helper()
	var fr frame
	p.tone.fill(fr[:], hz, 8000)
	b := make([]byte, len(fr))
	p.params.Codec.encode(b, &fr)
	p.receive(f.seal(p.packet(p.params.PayloadType, b)), p.at)
	p.ts += uint32(len(fr))
}

func TestEveryMixOfEncryptionTalks(t *testing.T) {
	for suite := range suites {
		for _, mkis := range [][]byte{nil, {0, 0, 0, 1}} {
			e := newRig(t)
			a := newParty(t, e, PCMA, secured(suite, 'a'), func(p *Params) { p.Open.MKI = mkis })
			b := newParty(t, e, PCMU, secured(sha80, 'k'))
			c := newParty(t, e, PCMA)
			fa, fb := newFar(t, a.params), newFar(t, b.params)

			a.Connect(b.Stream) // both encrypted, relayed, each with its own keys
			for range 10 {
				a.saySealed(fa, 1000)
				b.saySealed(fb, 440)
			}
			onWire := b.sock.take()
			if hears(sound(PCMU, onWire), 1000) {
				t.Errorf("%s: the tone can be heard on the wire", suite)
			}
			if pcm := sound(PCMU, fb.open(onWire)); len(pcm) != 1600 || !hears(pcm, 1000) {
				t.Errorf("%s: b heard %d samples, not a's tone", suite, len(pcm))
			}
			if pcm := sound(PCMA, fa.open(a.sock.take())); len(pcm) != 1600 || !hears(pcm, 440) {
				t.Errorf("%s: a heard %d samples, not b's tone", suite, len(pcm))
			}

			a.Connect(c.Stream) // one side is plain
			for range 10 {
				a.saySealed(fa, 1000)
				c.say(440)
			}
			if pcm := c.heard(); len(pcm) != 1600 || !hears(pcm, 1000) {
				t.Errorf("%s: c heard %d samples, not a's tone", suite, len(pcm))
			}
			if pcm := sound(PCMA, fa.open(a.sock.take())); len(pcm) != 1600 || !hears(pcm, 440) {
				t.Errorf("%s: a heard %d samples, not c's tone", suite, len(pcm))
			}
		}
	}
}

// TestSealedPacketsOfTheTick has the box speak by itself, also in packets that leave
// a part of the next frame behind.
func TestSealedPacketsOfTheTick(t *testing.T) {
	for _, ptime := range []int{10, 20, 30, 60} {
		e := newRig(t)
		addMusic(e.library, constant(1000, 8000))
		a := newParty(t, e, PCMA, secured(sha80, 'a'), func(p *Params) { p.Ptime = ptime })
		a.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}})
		e.ticks(30)
		packets := newFar(t, a.params).open(a.sock.take())
		checkContinuous(t, packets)
		want := laws[PCMA].bytes[1000>>2]
		if n := len(packets); n < 600/ptime-1 {
			t.Errorf("%d packets of %d ms", n, ptime)
		}
		for i, p := range packets {
			if len(p.Payload) != 8*ptime || slices.ContainsFunc(p.Payload, func(b byte) bool { return b != want }) {
				t.Fatalf("packet %d of %d ms is not the music: % x", i, ptime, p.Payload)
			}
		}
	}
}

func TestSealedKeysArePassedOn(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA, secured(sha80, 'a')), newParty(t, e, PCMA, secured(sha80, 'k'))
	fa, fb := newFar(t, a.params), newFar(t, b.params)
	a.Connect(b.Stream)
	for _, end := range []byte{0, 0x80} {
		a.receive(fa.seal(a.packet(dtmf, []byte{5, 10 | end, 0, 160})), a.at)
	}
	got := fb.open(b.sock.take())
	if len(got) != 2 || got[0].PayloadType != dtmf || got[0].Payload[0] != 5 {
		t.Errorf("b got %v", got)
	}
	if ev := a.events.take(); len(ev) != 1 {
		t.Errorf("told %v", ev)
	}
}

func TestForgedAndRepeatedPacketsAreDropped(t *testing.T) {
	e := newRig(t)
	nat := func(p *Params) { p.NAT = true }
	a, b := newParty(t, e, PCMA, secured(sha80, 'a'), nat), newParty(t, e, PCMA)
	f, wrong := newFar(t, a.params), newFar(t, Params{Seal: newKey(sha80, 'x'), Open: newKey(sha80, 'y')})
	a.Connect(b.Stream)
	good := f.seal(a.packet(8, make([]byte, 160)))
	stranger := netip.MustParseAddrPort("127.0.0.1:9")
	for range 3 { // plain, badly sealed, altered: from elsewhere too, behind a NAT
		a.receive(a.packet(8, make([]byte, 160)), stranger)
		a.receive(wrong.seal(a.packet(8, make([]byte, 160))), stranger)
		bad := bytes.Clone(good)
		bad[40] ^= 1
		a.receive(bad, stranger)
	}
	if a.rtp.source.Load() != nil || len(b.sock.take()) != 0 {
		t.Error("a stranger was believed")
	}
	again := bytes.Clone(good)
	a.receive(good, a.at)
	a.receive(again, a.at)
	if n := len(b.sock.take()); n != 1 {
		t.Errorf("%d packets were passed on, want 1", n)
	}
	if st := a.Close(); st.Forged != 9 || st.Duplicate != 1 || st.PacketsIn != 1 {
		t.Errorf("counted %+v", st)
	}
}

func TestKeysThatStayKeepTheirRollOver(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA, secured(sha80, 'a')), newParty(t, e, PCMA, secured(sha80, 'k'))
	fa, fb := newFar(t, a.params), newFar(t, b.params)
	a.Connect(b.Stream)
	for range 70000 { // both numbers go round, with lots of re-negotiation
		a.saySealed(fa, 0)
		if a.seq%997 == 0 {
			for _, p := range []*party{a, b} {
				again := p.params
				again.Seal, again.Open = &Key{again.Seal.Suite, bytes.Clone(again.Seal.Master), nil}, &Key{again.Open.Suite, bytes.Clone(again.Open.Master), nil}
				if err := p.Set(again); err != nil {
					t.Fatal(err)
				}
			}
			fb.open(b.sock.take())
		}
	}
	fb.open(b.sock.take())
	if roc, _ := b.rtp.params.Load().seal.context.ROC(b.rtp.out.ssrc); roc < 1 {
		t.Error("the numbers did not go round")
	}
	if st := a.Close(); st.PacketsIn != 70000 || st.Forged != 0 {
		t.Errorf("counted %+v", st)
	}
}

func TestNewKeysAndNewSources(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA, secured(sha80, 'a')), newParty(t, e, PCMA)
	old := newFar(t, a.params)
	a.Connect(b.Stream)
	a.saySealed(old, 1000)
	a.ssrc++ // the phone restarted its sound
	a.seq = 3
	a.saySealed(old, 1000)
	if n := len(b.sock.take()); n != 2 {
		t.Errorf("%d packets of two sources passed on", n)
	}
	secured("AES_256_CM_HMAC_SHA1_80", 'q')(&a.params)
	if err := a.Set(a.params); err != nil {
		t.Fatal(err)
	}
	a.saySealed(old, 1000)
	a.saySealed(newFar(t, a.params), 1000)
	if n, st := len(b.sock.take()), a.rtp.stats(); n != 1 || st.Forged != 1 {
		t.Errorf("%d packets passed on after new keys, %d forged", n, st.Forged)
	}
	a.params.Seal, a.params.Open = nil, nil
	if err := a.Set(a.params); err != nil {
		t.Fatal(err)
	}
	a.say(1000)
	if n := len(b.sock.take()); n != 1 {
		t.Errorf("%d plain packets passed on", n)
	}
}

func TestSourcesUnderOneKeyAreBounded(t *testing.T) {
	e := newRig(t)
	a := newParty(t, e, PCMA, secured(sha80, 'a'))
	f := newFar(t, a.params)
	for range maxSources + 5 {
		a.ssrc++
		a.saySealed(f, 0)
	}
	if st := a.Close(); st.PacketsIn != maxSources || st.Forged != 5 {
		t.Errorf("counted %+v", st)
	}
}

func TestBadKeysChangeNothing(t *testing.T) {
	e := newRig(t)
	a := newParty(t, e, PCMA)
	for _, k := range []*Key{{Suite: "X", Master: make([]byte, 30)}, {Suite: sha80, Master: make([]byte, 9)}, {Suite: sha80, Master: make([]byte, 29)}} {
		p := a.params
		p.Seal = k
		if a.Set(p) == nil || a.rtp.params.Load().Seal != nil {
			t.Errorf("a key of %d bytes for %s was taken", len(k.Master), k)
		}
		p = a.params
		p.Open = k
		if a.Set(p) == nil {
			t.Errorf("a key of %d bytes for %s was taken", len(k.Master), k)
		}
	}
	text := fmt.Sprintf("%v %+v %#v %s", newKey(sha80, 'S'), newKey(sha80, 'S'), newKey(sha80, 'S'), newKey(sha80, 'S'))
	if strings.Contains(text, "SSS") || strings.Contains(text, "83 83") {
		t.Errorf("a key is printed: %s", text)
	}
}

func TestRTCPOnThePortIsLeftAlone(t *testing.T) {
	e := newRig(t)
	a := newParty(t, e, PCMA)
	a.receive([]byte{0x80, 200, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, a.at)
	if st := a.Close(); st.Refused != 0 || st.PacketsIn != 0 {
		t.Errorf("counted %+v", st)
	}
}

func TestKeysUnderOurNumber(t *testing.T) {
	e := newRig(t)
	a := newParty(t, e, PCMA, func(p *Params) { p.DTMF, p.OwnDTMF = 96, 101 })
	a.receive(a.packet(101, []byte{5, 0x8a, 0, 160}), a.at)
	a.ts += 800
	a.receive(a.packet(96, []byte{6, 0x8a, 0, 160}), a.at) // some do
	if ev := a.events.take(); len(ev) != 2 {
		t.Errorf("told %v", ev)
	}
}

// sealedRig relays packets between two encrypted parties.
func sealedRig(suite string) func(t testing.TB) func() {
	return func(t testing.TB) func() {
		e := newRig(t)
		a, b := newParty(t, e, PCMA, secured(suite, 'a')), newParty(t, e, PCMA, secured(suite, 'k'))
		b.sock.mute = true
		a.Connect(b.Stream)
		f := newFar(t, a.params)
		plain, sealed := a.packet(8, make([]byte, 160)), make([]byte, maxPacket)
		var h rtp.Header
		return func() {
			n, err := f.out.EncryptRTP(sealed, plain, &h)
			if err != nil {
				t.Fatal(err)
			}
			a.receive(n, a.at)
			if plain[3]++; plain[3] == 0 {
				plain[2]++
			}
		}
	}
}

func BenchmarkRelaySealedPacket(b *testing.B)    { benchmark(b, sealedRig(sha80)) }
func BenchmarkRelaySealedPacket256(b *testing.B) { benchmark(b, sealedRig("AES_256_CM_HMAC_SHA1_80")) }
