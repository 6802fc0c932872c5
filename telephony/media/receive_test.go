package media

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

func TestOnlyThePartyIsHeard(t *testing.T) {
	e := newRig(t)
	signalling := netip.MustParseAddr("127.0.0.5")
	a, b := newParty(t, e, PCMA, func(p *Params) { p.Signalling = signalling }), newParty(t, e, PCMA)
	a.Connect(b.Stream)
	payload := make([]byte, 160)
	for name, from := range map[string]netip.AddrPort{
		"another host":                           netip.AddrPortFrom(netip.MustParseAddr("127.0.0.9"), a.at.Port()),
		"another port":                           netip.AddrPortFrom(a.at.Addr(), a.at.Port()+1),
		"another port of the signalling address": netip.AddrPortFrom(signalling, a.at.Port()+1),
	} {
		a.receive(a.packet(8, payload), from)
		if n := len(b.sock.take()); n != 0 {
			t.Errorf("a packet from %s was taken", name)
		}
	}
	for name, p := range map[string][]byte{
		"unknown type":  a.packet(77, payload),
		"nothing":       {},
		"noise":         []byte("\x16\x03\x01 hello hello"),
		"wrong padding": {0xa0, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xff},
	} {
		a.receive(p, a.at)
		if n := len(b.sock.take()); n != 0 {
			t.Errorf("%s was taken", name)
		}
	}
	a.say(1000)
	if n := len(b.sock.take()); n != 1 {
		t.Errorf("%d packets of the party were taken, want 1", n)
	}
	a.receive(a.packet(8, payload), netip.AddrPortFrom(signalling, a.at.Port()))
	if n := len(b.sock.take()); n != 1 {
		t.Errorf("%d packets from the signalling address were taken, want 1", n)
	}
	if st := a.Close(); st.Refused != 7 || st.PacketsIn != 2 {
		t.Errorf("statistics are %+v", st)
	}
}

func TestSourceIsLearntBehindNAT(t *testing.T) {
	e := newRig(t)
	a := newParty(t, e, PCMA, func(p *Params) { p.NAT = true })
	signalled, real := a.at, netip.MustParseAddrPort("127.0.0.7:777")
	last := func() netip.AddrPort {
		e.ticks(1)
		a.sock.mu.Lock()
		defer a.sock.mu.Unlock()
		return a.sock.to[len(a.sock.to)-1]
	}
	a.receive([]byte("scan"), netip.MustParseAddrPort("127.0.0.8:1"))
	a.at = netip.MustParseAddrPort("127.0.0.8:1")
	a.say(0) // a stray, once
	if got := last(); got != signalled {
		t.Errorf("sends to %v after a single packet from there", got)
	}
	a.at = real
	a.say(0)
	a.say(0)
	if got := last(); got != real {
		t.Errorf("sends to %v, want the learnt %v", got, real)
	}
	a.at = netip.MustParseAddrPort("127.0.0.8:1")
	for range 5 {
		a.say(0)
	}
	if got := last(); got != real {
		t.Errorf("an intruder took the stream over: sends to %v", got)
	}
	a.params.Remote = netip.MustParseAddrPort("127.0.0.1:999") // the phone has moved and says so
	a.Set(a.params)
	if got := last(); got != a.params.Remote {
		t.Errorf("sends to %v after a re-INVITE to %v", got, a.params.Remote)
	}
}

func TestNewSourceOfTheSamePartyIsHeard(t *testing.T) {
	e := newRig(t)
	a, line := newParty(t, e, PCMU), e.NewLine("line", func(call.Event) {})
	a.Connect(line)
	hear := func() bool {
		var pcm []int16
		for range 20 {
			a.say(1000)
			e.ticks(1)
			var f frame
			line.Pull(&f)
			pcm = append(pcm, f[:]...)
		}
		return hears(pcm[8*160:], 1000)
	}
	if !hear() {
		t.Fatal("the line does not hear the phone")
	}
	a.ssrc, a.seq, a.ts = 99, 7, 5
	if !hear() {
		t.Error("the line does not hear the phone after its SSRC changed")
	}
	a.seq, a.ts = a.seq+20000, a.ts-1<<20
	if !hear() {
		t.Error("the line does not hear the phone after its numbers jumped")
	}
	a.params.PayloadType = PCMA.payloadType() // the other law, unasked
	a.params.Codec = PCMA
	if !hear() {
		t.Error("the line does not hear the phone after it changed its law")
	}
}

func TestMediaTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newRig(t, func(o *Options) { o.Timeout = func() time.Duration { return 3 * time.Second } })
		defer run(t, e)()
		silent := make(chan time.Time, 10)
		start := time.Now()
		s, err := e.NewRTP("leg", func(call.Event) {}, func() { silent <- time.Now() })
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second) // not negotiated: nothing is expected
		p := Params{Remote: netip.MustParseAddrPort("127.0.0.1:4000"), Codec: PCMA, PayloadType: 8, Receive: true, Held: true}
		s.Set(p)
		time.Sleep(10 * time.Second) // held
		p.Held = false
		s.Set(p)
		a := &party{Stream: s, t: t, at: p.Remote, params: p, ssrc: 1}
		for range 5 {
			time.Sleep(2 * time.Second)
			a.say(0)
		}
		if len(silent) != 0 {
			t.Fatalf("told of silence after %v", (<-silent).Sub(start))
		}
		last := time.Now()
		time.Sleep(20 * time.Second)
		if len(silent) != 1 {
			t.Fatalf("told of silence %d times, want once", len(silent))
		}
		if d := (<-silent).Sub(last); (d - 3*time.Second).Abs() > 40*time.Millisecond {
			t.Errorf("told after %v, want 3 s to two ticks", d)
		}
		s.Close()
	})
}

func TestClockStandsStillWithoutStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newRig(t)
		defer run(t, e)()
		for range 3 {
			before := e.shard.now.Load()
			time.Sleep(time.Minute)
			synctest.Wait()
			if now := e.shard.now.Load(); now != before {
				t.Fatalf("%d samples passed without a stream", now-before)
			}
			s := e.NewLine("line", func(call.Event) {})
			time.Sleep(time.Second)
			synctest.Wait()
			if n := (e.shard.now.Load() - before) / 160; n < 49 || n > 50 {
				t.Fatalf("%d ticks in a second", n)
			}
			s.Close()
			time.Sleep(time.Second) // the tick that notices
		}
	})
}

// FuzzReceive feeds datagrams from the network to a stream in each plan.
func FuzzReceive(f *testing.F) {
	f.Add([]byte{0x80, 8, 0, 1, 0, 0, 0, 160, 0, 0, 0, 1, 0xd5, 0xd5}, uint8(0))
	f.Add([]byte{0x80, 0xe5, 0, 1, 0, 0, 0, 160, 0, 0, 0, 1, 5, 0x80, 1, 0}, uint8(1))
	f.Add([]byte{0x92, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xbe, 0xde, 0, 1, 0x10, 1, 0, 0, 1, 2}, uint8(2))
	f.Add([]byte{0xb0, 13, 0xff, 0xff, 0, 0, 0, 160, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1}, uint8(3))
	f.Fuzz(func(t *testing.T, b []byte, mode uint8) {
		e := newRig(t)
		a := newParty(t, e, PCMA)
		other := newParty(t, e, PCMU, func(p *Params) { p.DTMF = dtmf * (mode & 1); p.Ptime = 20 + 10*int(mode>>1&1) })
		switch mode >> 2 & 3 {
		case 0:
			a.Connect(other.Stream)
		case 1:
			a.Echo()
		case 2:
			a.Join(e.NewRoom())
		}
		e.ticks(1)
		for i := range 3 {
			a.receive(b, a.at)
			if len(b) > 8 { // the next of the same kind
				b[3], b[7] = b[3]+byte(i), b[7]+byte(40*i)
			}
			e.ticks(1)
		}
		checkContinuous(t, a.sock.take())
	})
}
