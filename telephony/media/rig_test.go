package media

import (
	"context"
	"encoding/binary"
	"math"
	"net/netip"
	"sync"
	"testing"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media/g722"
	"github.com/pion/rtp"
)

// fakeConn is a socket that delivers nothing by itself (tests call receive) and
// keeps what is sent.
type fakeConn struct {
	mu   sync.Mutex
	mute bool     // keep nothing
	raw  [][]byte // RTCP
	sent []rtp.Packet
	to   []netip.AddrPort
}

func (c *fakeConn) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if c.mute {
		return len(b), nil
	}
	if isRTCP(b) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.raw = append(c.raw, append([]byte(nil), b...))
		return len(b), nil
	}
	var p rtp.Packet
	if err := p.Unmarshal(append([]byte(nil), b...)); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent, c.to = append(c.sent, p), append(c.to, to)
	return len(b), nil
}

func (c *fakeConn) Close() error { return nil }

// takeRaw is the RTCP that was sent since the last takeRaw.
func (c *fakeConn) takeRaw() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	raw := c.raw
	c.raw = nil
	return raw
}

// take is what was sent since the last take.
func (c *fakeConn) take() []rtp.Packet {
	c.mu.Lock()
	defer c.mu.Unlock()
	sent := c.sent
	c.sent, c.to = nil, nil
	return sent
}

// newRig is an engine on fake sockets. Its time is moved by hand, with tick.
func newRig(t testing.TB, change ...func(*Options)) *Engine {
	o := Options{Clock: clock.System(), Address: netip.MustParseAddr("127.0.0.1"), PortMin: 20000, PortMax: 20199,
		Country: "IR", Library: NewLibrary()}
	for _, f := range change {
		f(&o)
	}
	e := New(o)
	e.listen = func(netip.AddrPort, func([]byte, netip.AddrPort)) (conn, error) { return &fakeConn{}, nil }
	t.Cleanup(func() {
		for _, s := range e.shard.list() {
			s.Close()
		}
	})
	return e
}

func (e *Engine) ticks(n int) {
	for range n {
		e.shard.tick(1)
	}
}

// events collects what a stream posts.
type events struct {
	mu   sync.Mutex
	list []call.Event
}

func (v *events) post(e call.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.list = append(v.list, e)
}

func (v *events) take() []call.Event {
	v.mu.Lock()
	defer v.mu.Unlock()
	list := v.list
	v.list = nil
	return list
}

// party is a phone on a fake socket: what it says is put together by hand.
type party struct {
	*Stream
	t      testing.TB
	sock   *fakeConn
	events events
	at     netip.AddrPort
	params Params
	ssrc   uint32
	seq    uint16
	ts     uint32
	tone   phase
	across converter
	coder  *g722.Coder
	ear    *g722.Decoder
}

var parties uint16

func newParty(t testing.TB, e *Engine, codec Codec, change ...func(*Params)) *party {
	t.Helper()
	parties++
	p := &party{t: t, at: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), 40000+parties%20000),
		ssrc: uint32(parties), seq: 65500, ts: 1 << 31, coder: g722.NewCoder(), ear: g722.NewDecoder()}
	s, err := e.NewRTP(call.LegID("leg"), p.events.post, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Stream, p.sock = s, s.rtp.conn.(*fakeConn)
	p.params = Params{Remote: p.at, Codec: codec, PayloadType: codec.payloadType(), DTMF: dtmf, Send: true, Receive: true}
	for _, f := range change {
		f(&p.params)
	}
	s.Set(p.params)
	return p
}

// packet is the party's next packet.
func (p *party) packet(payloadType uint8, payload []byte) []byte {
	p.t.Helper()
	b, err := (&rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: payloadType, SequenceNumber: p.seq, Timestamp: p.ts, SSRC: p.ssrc},
		Payload: payload}).Marshal()
	if err != nil {
		p.t.Fatal(err)
	}
	p.seq++
	return b
}

// say sends 20 ms of a tone at hz, 0 for silence.
func (p *party) say(hz float64) {
	p.t.Helper()
	var b [narrow]byte
	if p.params.Codec.wide() {
		var pcm [wide]int16
		p.tone.fill(pcm[:], hz, g722.Rate)
		p.coder.Encode(b[:], pcm[:])
	} else {
		var f frame
		p.tone.fill(f[:], hz, hal.Rate)
		p.params.Codec.encode(b[:], &f)
	}
	p.receive(p.packet(p.params.PayloadType, b[:]), p.at)
	p.ts += hal.FrameSamples
}

// key sends one packet of a telephone-event.
func (p *party) key(digit byte, duration uint16, end bool) {
	p.t.Helper()
	payload := make([]byte, 4)
	for i := range keyNames {
		if keyNames[i] == digit {
			payload[0] = byte(i)
		}
	}
	if end {
		payload[1] = 0x80
	}
	binary.BigEndian.PutUint16(payload[2:], duration)
	p.receive(p.packet(p.params.DTMF, payload), p.at)
}

// heard is the sound that the party was sent since the last time.
func (p *party) heard() (pcm []int16) {
	for _, pk := range p.sock.take() {
		if pk.PayloadType == p.params.PayloadType {
			part := make([]int16, 2*len(pk.Payload))
			if p.params.Codec.wide() {
				p.ear.Decode(part, pk.Payload)
			} else {
				part = part[:len(pk.Payload)]
				p.params.Codec.decode(part, pk.Payload)
			}
			pcm = append(pcm, part...)
		}
	}
	return pcm
}

// phase makes a tone that runs on from frame to frame, at -10 dBm0.
type phase struct{ at float64 }

func (p *phase) fill(f []int16, hz, rate float64) {
	a := dsp.Amplitude(-10)
	if hz == 0 {
		a = 0
	}
	for i := range f {
		f[i] = int16(a * math.Sin(p.at))
		p.at += 2 * math.Pi * hz / rate
	}
}

// hears tells whether the tone is in the sound, within 3 dB of how it was said.
func hears(pcm []int16, hz float64) bool { return dsp.ToneLevel(pcm, hz) > -13 }

// constant is a sound whose every sample is v.
func constant(v int16, n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = v
	}
	return pcm
}

// checkContinuous holds packets against RFC 3550: one source, numbers that rise
// by one, time that never goes back but for keys, which carry that of their
// beginning.
func checkContinuous(t testing.TB, packets []rtp.Packet) {
	t.Helper()
	var sound *rtp.Packet
	for i := range packets {
		p := &packets[i]
		if i > 0 && (p.SSRC != packets[0].SSRC || p.SequenceNumber != packets[i-1].SequenceNumber+1) {
			t.Fatalf("packet %d: ssrc %x seq %d follows ssrc %x seq %d", i, p.SSRC, p.SequenceNumber, packets[0].SSRC, packets[i-1].SequenceNumber)
		}
		if p.PayloadType == dtmf {
			continue
		}
		if sound != nil && int32(p.Timestamp-sound.Timestamp) < 0 {
			t.Fatalf("packet %d: timestamp %d follows %d", i, p.Timestamp, sound.Timestamp)
		}
		sound = p
	}
}

// dtmf is the payload type of keys in all tests.
const dtmf = 101

func run(t testing.TB, e *Engine) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := e.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	return func() { cancel(); <-done }
}

// addMusic makes a sound the default music.
func addMusic(l *Library, pcm []int16) {
	l.Add("tune", pcm)
	l.SetMusic(map[string]Music{defaultMusic: {Sounds: []string{"tune"}, Continuous: true}})
}
