package shield

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// TestAFloodLeavesTheOthersTheirShare: one caller asks a thousand times a second, two
// others five times: these get all that they ask for, and nothing is left unused.
func TestAFloodLeavesTheOthersTheirShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, got := NewShares(clock.System()), map[string]int{}
		ask := func(who string) {
			if s.Take(who, 50) {
				got[who]++
			}
		}
		const seconds = 60
		for i := range seconds * 1000 {
			ask("flood")
			if i%200 == 199 {
				ask("1002")
				ask("trunk telco")
			}
			time.Sleep(time.Millisecond)
		}
		if got["1002"] != 5*seconds || got["trunk telco"] != 5*seconds {
			t.Errorf("of %d calls each the others got %v", 5*seconds, got)
		}
		if n := got["flood"]; n < 39*seconds || n > 40*seconds+50 {
			t.Errorf("the flood got %d, want what is left: %d", n, 40*seconds)
		}
	})
}

func TestWhoCallsAloneGetsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, perSecond := range []int{1, 2, 3, 50} {
			s, got := NewShares(clock.System()), 0
			for range 100 * 1000 {
				if s.Take("1001", perSecond) {
					got++
				}
				time.Sleep(time.Millisecond)
			}
			if want := 100 * perSecond; got < want-1 || got > want+perSecond {
				t.Errorf("%d calls of %d", got, want)
			}
		}
	})
}
