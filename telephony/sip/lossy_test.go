package sip

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
)

// lossy is a bad network in front of the server: it forwards datagrams both ways,
// each phone from a port of its own, and loses some of them.
type lossy struct {
	front  *net.UDPConn
	server netip.AddrPort

	mu         sync.Mutex
	dice       *rand.Rand
	lose       float64
	lost, sent int
	ways       map[netip.AddrPort]*net.UDPConn
	readers    sync.WaitGroup
}

func newLossy(t *testing.T, server string, lose float64) *lossy {
	t.Helper()
	front, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	l := &lossy{front: front, server: netip.MustParseAddrPort(server), lose: lose,
		dice: rand.New(rand.NewPCG(15, 60)), ways: make(map[netip.AddrPort]*net.UDPConn)}
	l.readers.Go(func() {
		var b [65536]byte
		for {
			n, from, err := front.ReadFromUDPAddrPort(b[:])
			if err != nil {
				return
			}
			if way := l.way(from); way != nil && l.passes() {
				_, _ = way.WriteToUDPAddrPort(b[:n], l.server)
			}
		}
	})
	t.Cleanup(func() {
		_ = front.Close()
		l.mu.Lock()
		for _, way := range l.ways {
			_ = way.Close()
		}
		l.mu.Unlock()
		l.readers.Wait()
	})
	return l
}

func (l *lossy) passes() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent++
	if l.dice.Float64() < l.lose {
		l.lost++
		return false
	}
	return true
}

// way is the socket that stands for a phone at the server.
func (l *lossy) way(phone netip.AddrPort) *net.UDPConn {
	l.mu.Lock()
	defer l.mu.Unlock()
	if way := l.ways[phone]; way != nil {
		return way
	}
	way, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil
	}
	l.ways[phone] = way
	l.readers.Go(func() {
		var b [65536]byte
		for {
			n, _, err := way.ReadFromUDPAddrPort(b[:])
			if err != nil {
				return
			}
			if l.passes() {
				_, _ = l.front.WriteToUDPAddrPort(b[:n], phone)
			}
		}
	})
	return way
}

// TestCallsOverABadNetwork makes sixty calls between phones over sockets that lose
// every seventh datagram (15 %), both ways: each comes up, and ends at both phones.
func TestCallsOverABadNetwork(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := newLossy(t, r.Addr("UDP").String(), 0.15)
	behind := func(o *phone.Options) { o.Server = l.front.LocalAddr().String() }
	var mu sync.Mutex
	var called []*phone.Call
	r.registered("1002", func(c *phone.Call) {
		mu.Lock()
		called = append(called, c)
		mu.Unlock()
		_ = c.Answer()
	}, behind)
	alice, _ := r.registered("1001", nil, behind)

	const limit = 35 * time.Second // longer than 64*T1
	one := func(i int) error {
		c, err := alice.Call([]string{"1002", "600"}[i%2])
		if err != nil {
			return err
		}
		select {
		case <-c.Up():
		case <-c.Done():
			status, reason := c.Ended()
			return fmt.Errorf("call %d was refused: %d %s", i, status, reason)
		case <-time.After(limit):
			return fmt.Errorf("call %d did not come up", i)
		}
		c.Hangup()
		select {
		case <-c.Done():
			return nil
		case <-time.After(limit):
			return fmt.Errorf("call %d did not end", i)
		}
	}
	var workers sync.WaitGroup
	for w := range 10 {
		workers.Go(func() {
			for i := w; i < 60; i += 10 {
				if err := one(i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	end := time.Now().Add(limit)
	for r.dialogs.Len() > 0 && time.Now().Before(end) {
		time.Sleep(50 * time.Millisecond)
	}
	if n := r.dialogs.Len(); n > 0 {
		t.Errorf("%d dialogs left", n)
	}
	mu.Lock()
	defer mu.Unlock()
	for _, c := range called {
		select {
		case <-c.Done():
		default:
			t.Errorf("a called phone is still in call")
		}
	}
	l.mu.Lock()
	t.Logf("%d of %d datagrams lost, %d calls reached the phone", l.lost, l.sent, len(called))
	l.mu.Unlock()
}
