package main

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
)

// badNetwork carries the sound of one call at a time between a phone and the box: 5 % of
// the packets are lost, two at a time, all are late by up to 40 ms, 1 % are overtaken by
// those behind them, 1 % come twice.
type badNetwork struct {
	inside, outside *net.UDPConn

	mu            sync.Mutex
	phone, server netip.AddrPort
	carried, lost int
}

func newBadNetwork(t *testing.T) *badNetwork {
	t.Helper()
	listen := func() *net.UDPConn {
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	n := &badNetwork{inside: listen(), outside: listen()}
	go n.carry(n.inside, n.outside, &n.server, rand.New(rand.NewPCG(1, 2)))
	go n.carry(n.outside, n.inside, &n.phone, rand.New(rand.NewPCG(3, 4)))
	return n
}

func (n *badNetwork) Outside(phone netip.AddrPort) netip.AddrPort {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.phone = phone
	return n.outside.LocalAddr().(*net.UDPAddr).AddrPort()
}

func (n *badNetwork) Inside(server netip.AddrPort) netip.AddrPort {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.server = server
	return n.inside.LocalAddr().(*net.UDPAddr).AddrPort()
}

// carry takes what comes in at one socket and lets it leave at the other, until they
// are closed.
func (n *badNetwork) carry(from, by *net.UDPConn, to *netip.AddrPort, dice *rand.Rand) {
	const jitter, overtaken = 40 * time.Millisecond, 50 * time.Millisecond
	var last time.Time // when the packet before leaves
	another := false   // is lost
	buf := make([]byte, 2048)
	for {
		size, err := from.Read(buf)
		if err != nil {
			return
		}
		lost := another || dice.IntN(1000) < 26
		another = lost && !another
		n.mu.Lock()
		n.carried++
		if lost {
			n.lost++
		}
		at := *to
		n.mu.Unlock()
		if lost {
			continue
		}
		packet := append([]byte(nil), buf[:size]...)
		leaves := time.Now().Add(time.Duration(dice.Int64N(int64(jitter))))
		if earliest := last.Add(time.Millisecond); leaves.Before(earliest) {
			leaves = earliest
		}
		if last = leaves; dice.IntN(100) == 0 {
			leaves = leaves.Add(overtaken)
		}
		send := func() { _, _ = by.WriteToUDPAddrPort(packet, at) }
		time.AfterFunc(time.Until(leaves), send)
		if dice.IntN(100) == 0 {
			time.AfterFunc(time.Until(leaves)+5*time.Millisecond, send)
		}
	}
}

// TestABadNetworkIsHeardThrough: of a party behind a bad network the other side and the
// recording hear its tone, and each of its keys exactly once.
func TestABadNetworkIsHeardThrough(t *testing.T) {
	t.Parallel()
	const keys = "1234567890*#55ABCD99"
	d := startDemo(t)
	d.configure(recordAll(config.RecordAlways))
	net := newBadNetwork(t)
	heard := make(chan string, 100)
	a := newHandsetWith(d, "1001", toneA, func(o *phone.Options) { o.Between = net })
	b := newHandsetWith(d, "1002", 0, func(o *phone.Options) {
		o.Event = func(e phone.Event) {
			if e.Event == "digit" {
				heard <- e.Digit
			}
		}
	}).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	eventually(t, 10*time.Second, "sound at 1002", func() bool { return theirs.Audio().Measure(toneA, time.Second).Share > 0.5 })
	from := len(theirs.Audio().Heard())
	eventually(t, 20*time.Second, "ten seconds of sound", func() bool { return len(theirs.Audio().Heard()) > from+10*8000 })
	pcm := theirs.Audio().Heard()[from:]
	share := toneShare(pcm, toneA)

	ours.Audio().Press(keys)
	got := ""
	for quiet := time.NewTimer(15 * time.Second); ; {
		select {
		case k := <-heard:
			if got += k; len(got) == len(keys) {
				quiet.Reset(2 * time.Second) // for one that comes twice
			}
			continue
		case <-quiet.C:
		}
		break
	}
	ours.Hangup()
	_, file := d.recorded()
	recorded := soxLoud(t, file, 1, toneA, "trim", "3", "8")

	net.mu.Lock()
	defer net.mu.Unlock()
	t.Logf("lost %d of %d packets; the tone has %.2f of what is heard, %.3f in the recording; heard keys %s", net.lost, net.carried, share, recorded, got)
	if part := float64(net.lost) / float64(net.carried); part < 0.03 || part > 0.07 {
		t.Errorf("the network lost %.3f of the packets", part)
	}
	if share < 0.5 {
		t.Errorf("1002 heard the tone with %.2f of the power, want more than half", share)
	}
	if recorded < 0.08 {
		t.Errorf("the recording has %.3f of the tone", recorded)
	}
	if got != keys {
		t.Errorf("1002 heard the keys %s, want %s", got, keys)
	}
}
