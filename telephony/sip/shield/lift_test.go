package shield

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

var intruder = netip.MustParseAddr("192.0.2.9")

func shutOut(b *Bans, ip netip.Addr) {
	for range wrongLimit {
		b.Wrong(ip, "1001", false)
	}
}

func TestABanCanBeLifted(t *testing.T) {
	b := NewBans(clock.System())
	other := netip.MustParseAddr("2001:db8:1:2::3")
	shutOut(b, intruder)
	shutOut(b, other)
	if list := b.List(); len(list) != 2 || list[0].Wrong != wrongLimit || list[0].Times != 1 || list[0].Since.IsZero() {
		t.Fatalf("shut out: %+v", list)
	}
	for _, wrong := range []string{"", "nobody", "192.0.2.10", "192.0.2.0/24"} {
		if b.Lift(wrong) {
			t.Errorf("%q was shut out", wrong)
		}
	}
	if !b.Take() || b.Take() || !b.Lift("192.0.2.9") || !b.Take() || b.Banned(intruder) || !b.Banned(other) {
		t.Errorf("after the first: %+v", b.List())
	}
	if !b.Lift("2001:db8:1:2::/64") || len(b.List()) > 0 || b.Lift("2001:db8:1:2::3") {
		t.Errorf("after the second: %+v", b.List())
	}
	b.Wrong(intruder, "1001", false)
	if b.Banned(intruder) {
		t.Error("what was forgiven is held against it")
	}
}

func TestBansSurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := NewBans(clock.System())
		shutOut(before, intruder)
		for range wrongLimit {
			before.Wrong(netip.MustParseAddr("10.0.0.1"), "1001", true)
		}
		kept := before.Export()
		if len(kept) != 1 || len(before.List()) != 2 {
			t.Fatalf("kept: %+v of %+v", kept, before.List())
		}
		after := NewBans(clock.System())
		kept[0].Until = kept[0].Until.Add(1000 * time.Hour) // the clock was wrong
		if err := after.Restore(kept[0]); err != nil || !after.Banned(intruder) {
			t.Errorf("restored: %v %+v", err, after.List())
		}
		if err := after.Restore(Ban{Source: "?"}); err == nil {
			t.Error("nonsense was restored")
		}
		time.Sleep(longestBan)
		if after.Banned(intruder) {
			t.Error("the clock prolongs a ban")
		}
		shutOut(after, intruder)
		if b := after.List()[0]; b.Times != 2 || b.Until.Sub(b.Since) != 2*firstBan {
			t.Errorf("the second ban: %+v", b)
		}
	})
}
