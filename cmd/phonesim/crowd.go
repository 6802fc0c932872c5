package main

import (
	"context"
	"encoding/binary"
	"math"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/zaf/g711"
)

// crowd is the sound of many calls on one socket: it stands between phones, which
// signal, and their server, and one goroutine speaks for all. What hundreds of calls
// take of the box is seen only if those who call take little.
type crowd struct {
	conn *net.UDPConn
	done sync.WaitGroup

	mu       sync.Mutex
	talkers  map[uint16]*talker // by the server's port
	watching bool
	heard    heardOf
}

// talker is one call's sound.
type talker struct {
	to  netip.AddrPort
	seq uint16
	at  time.Time // when it last heard something
}

// heardOf is what a crowd heard while it was watched.
type heardOf struct {
	packets int
	delays  []time.Duration // of packets of the crowd's own kind
	uneven  []time.Duration // how far from 20 ms after the one before packets came
}

var loopback = netip.MustParseAddrPort("127.0.0.1:0")

func newCrowd() (*crowd, error) {
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(loopback))
	if err != nil {
		return nil, err
	}
	_ = conn.SetReadBuffer(8 << 20)
	stampArrivals(conn)
	c := &crowd{conn: conn, talkers: map[uint16]*talker{}}
	c.done.Go(c.listen)
	return c, nil
}

func (c *crowd) close() { c.conn.Close(); c.done.Wait() }

// Outside is the crowd's socket, for all phones.
func (c *crowd) Outside(netip.AddrPort) netip.AddrPort {
	return c.conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// Inside lets the crowd speak to the server's socket, and the phone nowhere.
func (c *crowd) Inside(server netip.AddrPort) netip.AddrPort {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.talkers[server.Port()] == nil {
		c.talkers[server.Port()] = &talker{to: server}
	}
	return netip.AddrPort{}
}

// part forgets all calls.
func (c *crowd) part() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.talkers)
}

// watch begins a measurement, and rest ends it.
func (c *crowd) watch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watching, c.heard = true, heardOf{}
	for _, t := range c.talkers {
		t.at = time.Time{}
	}
}

func (c *crowd) rest() heardOf {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watching = false
	return c.heard
}

// mark begins the payload of the crowd's packets; the time of sending follows.
const mark = 0x7061736f

func (c *crowd) listen() {
	var b, control [1500]byte
	for {
		n, k, _, from, err := c.conn.ReadMsgUDPAddrPort(b[:], control[:])
		if err != nil {
			return
		}
		at := arrival(control[:k])
		c.mu.Lock()
		if t := c.talkers[from.Port()]; t != nil && c.watching {
			c.heard.packets++
			if !t.at.IsZero() {
				c.heard.uneven = append(c.heard.uneven, (at.Sub(t.at) - packetTime).Abs())
			}
			t.at = at
			if p := b[min(12, n):n]; len(p) >= 12 && binary.BigEndian.Uint32(p) == mark {
				c.heard.delays = append(c.heard.delays, at.Sub(time.Unix(0, int64(binary.BigEndian.Uint64(p[4:])))))
			}
		}
		c.mu.Unlock()
	}
}

const packetTime = 20 * time.Millisecond

// talk lets all talkers of crowds speak until ctx ends, evenly in the 20 ms.
func talk(ctx context.Context, crowds ...*crowd) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	type voice struct {
		*talker
		conn *net.UDPConn
	}
	const slots = 20
	var voices [slots][]voice
	n := 0
	for _, c := range crowds {
		c.mu.Lock()
		for _, t := range c.talkers {
			voices[n%slots] = append(voices[n%slots], voice{t, c.conn})
			n++
		}
		c.mu.Unlock()
	}
	packet := make([]byte, 172)
	packet[0] = 2 << 6
	for i := range packet[12:] { // 400 Hz, whole periods
		packet[12+i] = g711.EncodeUlawFrame(int16(8000 * math.Sin(2*math.Pi*float64(i)/20)))
	}
	binary.BigEndian.PutUint32(packet[12:], mark)
	next := time.Now()
	for slot := 0; ctx.Err() == nil; slot = (slot + 1) % slots {
		if d := time.Until(next); d > 0 {
			nap(d)
		} else if d < -packetTime { // this machine is too busy to be even
			next = time.Now()
		}
		next = next.Add(packetTime / slots)
		for _, v := range voices[slot] {
			v.seq++
			binary.BigEndian.PutUint16(packet[2:], v.seq)
			binary.BigEndian.PutUint32(packet[4:], uint32(v.seq)*160)
			binary.BigEndian.PutUint32(packet[8:], uint32(v.to.Port()))
			binary.BigEndian.PutUint64(packet[16:], uint64(time.Now().UnixNano()))
			_, _ = v.conn.WriteToUDPAddrPort(packet, v.to) // loss is counted at the other end
		}
	}
}

// highest is the 99th percentile.
func highest(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[len(d)*99/100]
}
