package shield

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

var (
	guesser  = netip.MustParseAddr("203.0.113.9")
	neighbor = netip.MustParseAddr("203.0.113.10")
)

func TestBans(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBans(clock.System())
		guess := func(want bool) (ban Ban) {
			t.Helper()
			for i := range wrongLimit {
				var shut bool
				ban, shut = b.Wrong(guesser, fmt.Sprint(1000+i), false)
				if shut != (want && i == wrongLimit-1) {
					t.Fatalf("after %d wrong: %v", i+1, shut)
				}
			}
			return ban
		}
		for i, want := range []time.Duration{10 * time.Minute, 20 * time.Minute, 40 * time.Minute, 80 * time.Minute,
			160 * time.Minute, 320 * time.Minute, 640 * time.Minute, 1280 * time.Minute, 24 * time.Hour, 24 * time.Hour} {
			ban := guess(true)
			if got := ban.Until.Sub(ban.Since); got != want || ban.Times != i+1 || ban.Last != "1004" {
				t.Fatalf("shut out for %v, want %v: %+v", got, want, ban)
			}
			guess(false) // counted already
			if !b.Banned(guesser) || b.Banned(neighbor) || len(b.List()) != 1 {
				t.Fatal("the wrong ones are shut out")
			}
			time.Sleep(want)
			if b.Banned(guesser) || len(b.List()) != 0 {
				t.Fatal("shut out for ever")
			}
		}
		time.Sleep(longestBan + time.Second)
		if ban := guess(true); ban.Times != 1 {
			t.Errorf("never forgiven: %+v", ban)
		}
	})
}

func TestSlowGuessesAreNoAttack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBans(clock.System())
		for range 100 {
			if _, shut := b.Wrong(guesser, "1001", false); shut {
				t.Fatal("shut out")
			}
			time.Sleep(wrongWindow/(wrongLimit-1) + time.Second)
		}
	})
}

func TestTrustedSourceIsSlowedDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBans(clock.System())
		for range wrongLimit {
			b.Wrong(guesser, "1001", true)
		}
		if b.Banned(guesser) || b.Pause(guesser, "1001", true) != firstPause {
			t.Errorf("pause of %v", b.Pause(guesser, "1001", true))
		}
		if b.Pause(guesser, "1002", true) != 0 || b.Pause(neighbor, "1001", true) != 0 {
			t.Error("other accounts or sources must wait")
		}
	})
}

func TestTablesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, r := NewBans(clock.System()), NewRates(clock.System())
		for i := range 3 * maxSources {
			ip := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
			for range wrongLimit {
				b.Wrong(ip, "1001", false)
			}
			r.Allow(ip, false)
			r.Prove(ip)
		}
		if len(b.seen) > maxSources || len(r.now)+len(r.then) > 2*maxSources || len(r.proven) > maxSources {
			t.Errorf("%d suspects, %d sources, %d proven", len(b.seen), len(r.now)+len(r.then), len(r.proven))
		}
	})
}

func TestRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRates(clock.System())
		burst := func(ip netip.Addr, trusted bool) (n int) {
			for range 3000 {
				if r.Allow(ip, trusted) {
					n++
				}
			}
			return n
		}
		if n := burst(guesser, false); n != sourceRate {
			t.Errorf("a stranger sent %d", n)
		}
		if n := burst(netip.MustParseAddr("127.0.0.1"), true); n != knownBurst {
			t.Errorf("a trusted source sent %d", n)
		}
		time.Sleep(500 * time.Millisecond)
		if n := burst(guesser, false); n != sourceRate/2 {
			t.Errorf("half a second later: %d", n)
		}
		time.Sleep(time.Second)
		all := 0
		for i := range 20 { // of one subscriber line, and of many
			all += burst(netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1)), false)
		}
		if all != sourceRate {
			t.Errorf("one /64 sent %d", all)
		}
		for i := range 20 {
			all += burst(netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), false)
		}
		if all != strangerRate {
			t.Errorf("all strangers sent %d", all)
		}
		r.Prove(neighbor)
		if n := burst(neighbor, false); n != knownBurst {
			t.Errorf("a phone could send %d in a flood", n)
		}
	})
}

func TestScanner(t *testing.T) {
	for agent, want := range map[string]bool{
		"friendly-scanner": true, "sipcli/v1.8": true, "VaxSIPUserAgent/3.1": true, " SIPVicious": true, "pplsip": true, "sundayddr": true,
		"sipclient 1.0": false, "Yealink SIP-T46S": false, "": false, "my friendly-scanner": false,
	} {
		if Scanner(agent) != want {
			t.Errorf("%q: %v", agent, !want)
		}
	}
}

// wire is an end of a connection from an address.
type wire struct {
	net.Conn
	from string
}

func (w wire) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(w.from))
}

func TestDoors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nobody := func(netip.Addr) bool { return false }
		d := NewDoors(clock.System(), netip.Addr.IsLoopback, nobody)
		var open []net.Conn
		dial := func(host string, port int) bool {
			a, b := net.Pipe()
			c, ok := d.Admit(wire{a, fmt.Sprintf("%s:%d", host, port)})
			if ok {
				open = append(open, c, b)
			}
			return ok
		}
		for i := range maxPerSource + 10 {
			if dial("203.0.113.9", 1000+i) != (i < maxPerSource) {
				t.Fatalf("connection %d of a stranger", i)
			}
		}
		for i := range maxConns {
			if dial("127.0.0.1", 1000+i) != (i < maxConns-maxPerSource) {
				t.Fatalf("connection %d of the box itself", i)
			}
		}
		for _, c := range open {
			_ = c.Close()
			_ = c.Close()
		}
		if d.Open() != 0 || len(d.perSrc) != 0 {
			t.Errorf("%d connections left", d.Open())
		}
		if !dial("203.0.113.9", 1000) {
			t.Error("no room although all have gone")
		}
		d.refused = func(netip.Addr) bool { return true }
		if dial("203.0.113.9", 1001) {
			t.Error("let in who is shut out")
		}
		_ = open[len(open)-2].Close()
	})
}

func TestPatience(t *testing.T) {
	for name, x := range map[string]struct {
		heard, proven bool
		want          time.Duration
	}{"says nothing": {false, false, greetTime}, "a stranger": {true, false, strangerTime}, "a phone": {true, true, time.Hour}} {
		synctest.Test(t, func(t *testing.T) {
			d := NewDoors(clock.System(), netip.Addr.IsLoopback, func(netip.Addr) bool { return false })
			a, b := net.Pipe()
			defer b.Close()
			c, _ := d.Admit(wire{a, "203.0.113.9:1000"})
			defer c.Close()
			if x.heard {
				d.Heard("203.0.113.9:1000", x.proven)
			}
			begun := time.Now()
			if err := c.SetReadDeadline(begun.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			_, err := c.Read(make([]byte, 1))
			if took := time.Since(begun); err == nil || took != x.want {
				t.Errorf("%s: %v after %v", name, err, took)
			}
		})
	}
}
