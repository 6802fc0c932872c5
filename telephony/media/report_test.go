package media

import (
	"math"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pion/rtcp"
)

// reports makes a party that takes RTCP, and its second port.
func reports(p *Params) { p.RTCP = netip.AddrPortFrom(p.Remote.Addr(), p.Remote.Port()+1) }

// shared makes a party that takes RTCP on the port of RTP.
func shared(p *Params) { p.RTCP, p.Mux = p.Remote, true }

// heardOf is a report of the party's on what it was sent, lost of expected.
func (p *party) heardOf(expected, lost uint32) []byte {
	p.t.Helper()
	b, err := rtcp.ReceiverReport{SSRC: p.ssrc, Reports: []rtcp.ReceptionReport{{SSRC: p.rtp.out.ssrc,
		LastSequenceNumber: uint32(p.rtp.out.first) + expected - 1, TotalLost: lost, Jitter: 40}}}.Marshal()
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

// second is the party's second port, nil if it has none.
func (p *party) second() *fakeConn {
	if at := p.rtp.control.second.Load(); at != nil {
		return at.conn.(*fakeConn)
	}
	return nil
}

// parsed are the reports that were sent over a socket.
func parsed(t *testing.T, c *fakeConn) (list [][]rtcp.Packet) {
	t.Helper()
	if c == nil {
		return nil
	}
	for _, b := range c.takeRaw() {
		packets, err := rtcp.Unmarshal(b)
		if err == nil {
			err = rtcp.CompoundPacket(packets).Validate()
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, packets)
	}
	return list
}

// Through silence, music, a relay and a room the reports of a party's one sender keep
// one clock: what they say a timestamp is worth stays true but for the frame or two that each
// change to or from a relay may take.
func TestReportsKeepOneClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newRig(t)
		e.library.Add("piece", constant(1000, 80000))
		e.library.SetMusic(map[string]Music{defaultMusic: {Sounds: []string{"piece"}}})
		a, b := newParty(t, e, PCMA, reports), newParty(t, e, PCMU)
		stop := run(t, e)
		defer stop()
		talk := func(d time.Duration) {
			for range d / (20 * time.Millisecond) {
				b.say(500)
				a.say(800)
				time.Sleep(20 * time.Millisecond)
			}
		}
		a.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}, Loop: true})
		talk(20 * time.Second)
		a.Connect(b.Stream)
		talk(20 * time.Second)
		room := e.NewRoom()
		a.Join(room)
		b.Join(room)
		talk(20 * time.Second)
		p := a.params
		p.Send, p.Held = false, true
		a.Set(p)
		time.Sleep(30 * time.Second)
		p.Send, p.Held = true, false
		a.Set(p)
		talk(20 * time.Second)

		list := parsed(t, a.second())
		if n := len(list); n < 16 || n > 36 {
			t.Fatalf("%d reports in 110 s, want one in about 5 s", n)
		}
		var first *rtcp.SenderReport
		receivers := 0
		for _, packets := range list {
			sr, ok := packets[0].(*rtcp.SenderReport)
			if !ok {
				receivers++
				continue
			}
			if first == nil {
				first = sr
			}
			time := float64(sr.NTPTime-first.NTPTime) / (1 << 32)
			sound := float64(sr.RTPTime-first.RTPTime) / 8000
			if sr.SSRC != first.SSRC || math.Abs(time-sound) > 0.061 {
				t.Errorf("after %.3f s the timestamp is of %.3f s", time, sound)
			}
			if len(sr.Reports) != 1 || sr.Reports[0].SSRC != a.ssrc || sr.Reports[0].TotalLost != 0 {
				t.Errorf("it reports %+v", sr.Reports)
			}
		}
		if receivers == 0 {
			t.Error("30 s on hold were reported as those of a sender")
		}
	})
}

func TestReportsGoOnlyWhereTheyWereAgreed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Params)
		second bool
		want   bool
	}{
		"a port of its own": {reports, true, true},
		"that of RTP":       {shared, false, true},
		"none":              {func(*Params) {}, false, false},
		"held by zeros":     {func(p *Params) { p.RTCP = netip.MustParseAddrPort("0.0.0.0:4001") }, true, false},
	} {
		e := newRig(t)
		p := newParty(t, e, PCMA, c.change)
		if got := p.second() != nil; got != c.second {
			t.Errorf("%s: second socket %v", name, got)
		}
		for range 500 {
			p.say(500)
			e.ticks(1)
		}
		got := len(parsed(t, p.second()))
		if !c.second {
			for _, b := range p.sock.takeRaw() {
				if isRTCP(b) {
					got++
				}
			}
		}
		if got > 0 != c.want {
			t.Errorf("%s: %d reports", name, got)
		}
	}
}

func TestAPartyWeSentNothingIsNotSaidGoodbye(t *testing.T) {
	e := newRig(t)
	quiet := newParty(t, e, PCMA, reports, func(p *Params) { p.Send = false })
	spoken := newParty(t, e, PCMA, reports)
	spoken.Echo()
	for range 10 {
		spoken.say(500)
		e.ticks(1)
	}
	unheard, heard := quiet.second(), spoken.second()
	quiet.Close()
	spoken.Close()
	if n := len(unheard.takeRaw()); n != 0 {
		t.Errorf("%d packets to a party that was sent nothing", n)
	}
	list := parsed(t, heard)
	if len(list) != 1 {
		t.Fatalf("%d reports at the end", len(list))
	}
	if _, ok := list[0][len(list[0])-1].(*rtcp.Goodbye); !ok {
		t.Errorf("the last is %+v", list[0])
	}
}

func TestReportsOfStrangersAreNotTaken(t *testing.T) {
	stranger := netip.MustParseAddrPort("127.0.0.9:4001")
	for name, c := range map[string]struct {
		change func(*Params)
		mux    bool
		from   func(*party) netip.AddrPort
		want   bool
	}{
		"its port":                   {reports, false, func(p *party) netip.AddrPort { return p.params.RTCP }, true},
		"its host, another port":     {reports, false, func(p *party) netip.AddrPort { return p.at }, false},
		"a stranger":                 {reports, false, func(*party) netip.AddrPort { return stranger }, false},
		"shared":                     {shared, true, func(p *party) netip.AddrPort { return p.at }, true},
		"shared, from a stranger":    {shared, true, func(*party) netip.AddrPort { return stranger }, false},
		"not shared, but sent so":    {reports, true, func(p *party) netip.AddrPort { return p.at }, false},
		"behind a NAT":               {behindNAT, false, func(p *party) netip.AddrPort { return netip.AddrPortFrom(p.at.Addr(), 999) }, true},
		"a stranger, behind a NAT":   {behindNAT, false, func(*party) netip.AddrPort { return stranger }, false},
		"a party that takes no RTCP": {func(*Params) {}, false, func(p *party) netip.AddrPort { return p.at }, false},
	} {
		e := newRig(t)
		p := newParty(t, e, PCMA, c.change)
		p.say(500)
		p.say(500)
		p.receiveControl(p.heardOf(100, 7), c.from(p), c.mux)
		q, _ := p.Quality()
		if got := q.To.Lost == 7 && q.To.Packets == 93; got != c.want {
			t.Errorf("%s: heard %+v", name, q.To)
		}
	}
}

func behindNAT(p *Params) { reports(p); p.NAT = true }

func TestReportsAreLife(t *testing.T) {
	e := newRig(t, func(o *Options) { o.Timeout = func() time.Duration { return 10 * time.Second } })
	silent := 0
	p := newParty(t, e, PCMA, reports)
	p.rtp.onSilence = func() { silent++ }
	for range 6 {
		e.ticks(450)
		p.receiveControl(p.heardOf(1, 0), p.params.RTCP, false)
	}
	if silent != 0 {
		t.Error("a party that reported was given up")
	}
	e.ticks(501)
	if silent != 1 {
		t.Errorf("given up %d times", silent)
	}
}

func TestSealedReports(t *testing.T) {
	e := newRig(t)
	p := newParty(t, e, PCMA, secured(sha80, 'a'), reports)
	ours, err := p.params.Seal.context()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := p.params.Open.context()
	if err != nil {
		t.Fatal(err)
	}
	p.rtp.packetsOut.Add(1)
	plain := p.heardOf(100, 7)
	p.receiveControl(plain, p.params.RTCP, false)
	if q, _ := p.Quality(); q.To.Packets != 0 {
		t.Error("took a plain report")
	}
	sealed, err := theirs.EncryptRTCP(nil, plain, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.receiveControl(append([]byte(nil), sealed...), p.params.RTCP, false)
	if q, _ := p.Quality(); q.To.Lost != 7 {
		t.Errorf("a sealed report was taken as %+v", q.To)
	}
	before := p.rtp.duplicates.Load()
	p.receiveControl(sealed, p.params.RTCP, false)
	if p.rtp.duplicates.Load() != before+1 {
		t.Error("a report was taken twice")
	}
	e.ticks(1000)
	list := p.second().takeRaw()
	if len(list) == 0 {
		t.Fatal("no report")
	}
	for _, b := range list {
		b, err := ours.DecryptRTCP(nil, b, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rtcp.Unmarshal(b); err != nil {
			t.Error(err)
		}
	}
}

// Loss in both directions is measured, scored and told while the call runs.
func TestQualityFallsWithLoss(t *testing.T) {
	measure := func(every int) call.Quality {
		e := newRig(t)
		p := newParty(t, e, PCMA, reports)
		for i := range 1000 {
			if every > 0 && i%every == 0 && i > 0 {
				p.seq++ // a packet that never comes
				p.ts += 160
			}
			p.say(500)
			e.ticks(1)
		}
		if every > 0 {
			p.receiveControl(p.heardOf(1000, uint32(1000/every)), p.params.RTCP, false)
		} else {
			p.receiveControl(p.heardOf(1000, 0), p.params.RTCP, false)
		}
		e.ticks(500)
		q, ok := p.Quality()
		if !ok {
			t.Fatal("no quality after 20 s")
		}
		var told call.Measured
		for _, ev := range p.events.take() {
			if m, ok := ev.(call.Measured); ok {
				told = m
			}
		}
		if math.Abs(told.Quality.MOS()-q.MOS()) > 0.1 || told.Last {
			t.Errorf("told %+v, is %+v", told, q)
		}
		return q
	}
	clean, lossy, broken := measure(0), measure(20), measure(4)
	if clean.MOS() < 4.3 || call.Grade(clean.MOS()) != "good" || clean.From.Lost != 0 {
		t.Errorf("without loss: %+v", clean)
	}
	if lossy.From.Lost != 49 || lossy.To.Lost != 50 || lossy.From.Burst != 1 || call.Grade(lossy.MOS()) != "fair" {
		t.Errorf("with 5 %% loss: %+v", lossy)
	}
	if call.Grade(broken.MOS()) != "poor" {
		t.Errorf("with 20 %% loss: %+v", broken)
	}
}

// Two boxes on real sockets report to each other, each to the other's second
// port.
func TestReportsOverSockets(t *testing.T) {
	e := loopback(t)
	open := func() *Stream {
		s, err := e.NewRTP("leg", func(call.Event) {}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	a, b := open(), open()
	defer a.Close()
	defer b.Close()
	for _, pair := range [][2]*Stream{{a, b}, {b, a}} {
		at := pair[1].Local()
		pair[0].Set(Params{Remote: at, RTCP: netip.AddrPortFrom(at.Addr(), at.Port()+1), Codec: PCMA, PayloadType: 8, Send: true, Receive: true})
		pair[0].rtp.packetsOut.Add(1)
	}
	deadline := time.Now().Add(20 * time.Second)
	for before := b.rtp.heard.Load(); b.rtp.heard.Load() == before; time.Sleep(time.Millisecond) {
		a.rtp.bye(a) // a report without waiting for it to be due
		if time.Now().After(deadline) {
			t.Fatal("no report came")
		}
	}
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(a.Local().Addr(), a.Local().Port()+1)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	refused := a.rtp.refused.Load()
	for a.rtp.refused.Load() == refused { // a stranger's
		if _, err := conn.Write([]byte{0x80, 201, 0, 1, 0, 0, 0, 1}); err != nil {
			t.Fatal(err)
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody listens")
		}
		time.Sleep(time.Millisecond)
	}
}
