package media

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pion/rtp"
)

func TestPortRange(t *testing.T) {
	for _, tt := range []struct{ low, high, first, size int }{
		{30000, 30009, 30000, 5}, {30001, 30009, 30002, 4}, {30001, 30008, 30002, 3}, {30001, 30001, 30002, 0}, {0, 0, 2, 0}, {4, 4, 4, 0}, {4, 5, 4, 1},
	} {
		if r := newPortRange(tt.low, tt.high); r.first != tt.first || r.size() != tt.size {
			t.Errorf("%d-%d: %d ports from %d, want %d from %d", tt.low, tt.high, r.size(), r.first, tt.size, tt.first)
		}
	}
}

func TestPortsTakeTurns(t *testing.T) {
	e := newRig(t, func(o *Options) { o.PortMin, o.PortMax = 30001, 30009 })
	open := func() *Stream {
		t.Helper()
		s, err := e.NewRTP("leg", func(call.Event) {}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	var all []*Stream
	for _, want := range []uint16{30002, 30004, 30006, 30008} {
		s := open()
		if got := s.Local().Port(); got != want {
			t.Errorf("port %d, want %d", got, want)
		}
		all = append(all, s)
	}
	if _, err := e.NewRTP("leg", func(call.Event) {}, nil); !errors.Is(err, ErrNoPort) {
		t.Errorf("a fifth stream: %v, want ErrNoPort", err)
	}
	all[2].Close()
	all[2].Close()
	all[0].Close()
	if got := open().Local().Port(); got != 30002 {
		t.Errorf("port %d, want the one that has rested longest", got)
	}
	s := open()
	if got := s.Local().Port(); got != 30006 {
		t.Errorf("port %d, want 30006", got)
	}
	s.Close()
	all[1].Close()
	if got := open().Local().Port(); got == 30006 {
		t.Error("a port just given back is used again while another is free")
	}
}

// loopback is an engine on real sockets.
func loopback(t testing.TB) *Engine {
	e := New(Options{Clock: clock.System(), Address: netip.MustParseAddr("127.0.0.1"), PortMin: 31000, PortMax: 31999,
		Country: "IR", Library: NewLibrary()})
	t.Cleanup(run(t, e))
	return e
}

// phone is a real socket that says a tone every 20 ms and keeps what it hears.
type phone struct {
	*Stream
	conn    *net.UDPConn
	codec   Codec
	heard   chan rtp.Packet
	packets []rtp.Packet // all that waitFor took
}

func newPhone(t testing.TB, e *Engine, codec Codec, hz float64) *phone {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{conn: conn, codec: codec, heard: make(chan rtp.Packet, 1000)}
	if p.Stream, err = e.NewRTP("leg", func(call.Event) {}, nil); err != nil {
		t.Fatal(err)
	}
	p.Set(Params{Remote: conn.LocalAddr().(*net.UDPAddr).AddrPort(), Codec: codec, PayloadType: codec.payloadType(), DTMF: dtmf, Send: true, Receive: true})
	ctx, cancel := context.WithCancel(context.Background())
	to := net.UDPAddrFromAddrPort(p.Local())
	done := make(chan struct{}, 2)
	go func() { // says
		defer func() { done <- struct{}{} }()
		var tone phase
		grid := clock.NewGrid(clock.System(), hal.FrameTime)
		for i := uint16(0); ; i++ {
			if _, _, ok := grid.Wait(ctx); !ok {
				return
			}
			var f frame
			tone.fill(f[:], hz, hal.Rate)
			var b [hal.FrameSamples]byte
			codec.encode(b[:], &f)
			pk, _ := (&rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: codec.payloadType(), SequenceNumber: i, Timestamp: uint32(i) * 160, SSRC: 1}, Payload: b[:]}).Marshal()
			_, _ = conn.WriteTo(pk, to)
		}
	}()
	go func() { // hears
		defer func() { done <- struct{}{} }()
		for {
			b := make([]byte, 2000)
			n, err := conn.Read(b)
			if err != nil {
				return
			}
			var pk rtp.Packet
			if pk.Unmarshal(b[:n]) == nil {
				p.heard <- pk
			}
		}
	}()
	t.Cleanup(func() { cancel(); conn.Close(); <-done; <-done })
	return p
}

// waitFor listens until 200 ms of sound are as wanted.
func (p *phone) waitFor(t testing.TB, what string, ok func(pcm []int16) bool) {
	t.Helper()
	timeout := time.After(5 * time.Second)
	for {
		var pcm []int16
		for range 10 {
			select {
			case pk := <-p.heard:
				part := make([]int16, len(pk.Payload))
				p.codec.decode(part, pk.Payload)
				p.packets, pcm = append(p.packets, pk), append(pcm, part...)
			case <-timeout:
				t.Fatalf("not heard in 5 s: %s", what)
			}
		}
		if ok(pcm) {
			return
		}
	}
}

func TestCallOverRealSockets(t *testing.T) {
	e := loopback(t)
	addMusic(e.library, constant(1000, 8000))
	a, b := newPhone(t, e, PCMA, 1000), newPhone(t, e, PCMU, 440)
	tone := func(hz float64) func([]int16) bool { return func(pcm []int16) bool { return hears(pcm, hz) } }
	for range 2 {
		a.Connect(b.Stream)
		a.waitFor(t, "b by a", tone(440))
		b.waitFor(t, "a by b", tone(1000))
		a.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}})
		a.waitFor(t, "music by a", func(pcm []int16) bool { return len(levels(pcm)) == 1 && pcm[0] > 900 })
		b.waitFor(t, "silence by b", func(pcm []int16) bool { return len(levels(pcm)) == 1 && pcm[0] == 0 })
	}
	a.Echo()
	a.waitFor(t, "a by itself", tone(1000))
	checkContinuous(t, a.packets)
	checkContinuous(t, b.packets)
	if st := a.Close(); st.Lost != 0 || st.Refused != 0 || int(st.PacketsOut) < len(a.packets) {
		t.Errorf("statistics of a are %+v", st)
	}
	b.Close()
}

func TestRoomOverRealSockets(t *testing.T) {
	e := loopback(t)
	room := e.NewRoom()
	tones := []float64{500, 1000, 1900}
	var phones []*phone
	for i, hz := range tones {
		p := newPhone(t, e, Codec(i%2), hz)
		p.Join(room)
		phones = append(phones, p)
	}
	for i, p := range phones {
		p.waitFor(t, "the two others and not itself", func(pcm []int16) bool {
			for k, hz := range tones {
				if hears(pcm, hz) == (k == i) {
					return false
				}
			}
			return true
		})
		checkContinuous(t, p.packets)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	e := loopback(t)
	files := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			need.Missing(t, "no /proc: descriptors cannot be counted")
		}
		return len(list)
	}
	goroutines, fds := runtime.NumGoroutine()+runtime.GOMAXPROCS(0), files() // the library's and the clock's helpers may not have begun yet
	for range 4 {
		var all []*Stream
		for i := range 100 {
			s, err := e.NewRTP(call.LegID(fmt.Sprint(i)), func(call.Event) {}, nil)
			if err != nil {
				t.Fatal(err)
			}
			s.Set(Params{Remote: s.Local(), RTCP: s.Local(), Mux: i%2 == 0, Codec: PCMA, PayloadType: 8, Send: true, Receive: true})
			s.Echo()
			all = append(all, s)
		}
		for _, s := range all {
			s.Close()
		}
	}
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > goroutines || files() > fds {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines and %d descriptors, before %d and %d", runtime.NumGoroutine(), files(), goroutines, fds)
		}
		runtime.Gosched()
	}
}

// TestAudioIsSafeForConcurrentUse lets calls change their minds at once while
// packets come and the clock turns; the race detector is the judge, and the
// room's member count.
func TestAudioIsSafeForConcurrentUse(t *testing.T) {
	e := newRig(t)
	e.library.Add("x", constant(1000, 300))
	room := e.NewRoom()
	var legs []*party
	for range 6 {
		legs = append(legs, newParty(t, e, PCMA))
	}
	var stop atomic.Bool
	done := make(chan struct{})
	workers := 0
	start := func(f func(i int)) {
		workers++
		go func() {
			defer func() { done <- struct{}{} }()
			for i := 0; !stop.Load(); i++ {
				f(i)
			}
		}()
	}
	for n, p := range legs {
		start(func(i int) {
			switch i % 6 {
			case 0:
				p.Connect(legs[(n+i/6)%len(legs)].Stream)
			case 1:
				p.Play(call.Say("x"))
			case 2:
				p.Join(room)
			case 3:
				p.Set(p.params)
			case 4:
				p.Echo()
			case 5:
				p.Silence()
			}
		})
		start(func(i int) {
			p.sock.take()
			p.say(500)
			if i%10 == 0 {
				p.press80('1')
			}
		})
	}
	e.ticks(200)
	stop.Store(true)
	for range workers {
		<-done
	}
	for _, p := range legs {
		p.Close()
	}
	if n := room.Members(); n != 0 {
		t.Errorf("%d members are left in the room", n)
	}
}
