package exchange

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// people are the phones of extensions.
type people map[string]*calltest.Phone

func (p people) Endpoints(ext string) []call.Endpoint {
	if p[ext] == nil {
		return nil
	}
	return []call.Endpoint{p[ext]}
}

// calling is a call of somebody to an extension of a box with these people.
func calling(number string, origin call.Origin, exts ...string) (*town, people) {
	p := make(people)
	for _, e := range exts {
		p[e] = calltest.NewPhone(e, clock.System())
	}
	return dialWith(number, origin, p), p
}

// moves lets a phone send its call elsewhere.
func moves(l *calltest.Leg, to ...string) {
	l.Post(call.Redirected{Leg: l.ID(), To: to, Reason: "unconditional"})
	l.End(call.Moved)
	synctest.Wait()
}

// answers lets a phone be the end of the call's way, and ends the call.
func (o *town) answers(t *testing.T, l *calltest.Leg) {
	t.Helper()
	l.Post(call.Answered{Leg: l.ID()})
	synctest.Wait()
	if o.caller.Sound.Now() != "with "+l.Name {
		t.Errorf("the caller hears %s, want %s", o.caller.Sound.Now(), l.Name)
	}
	l.End(call.Normal)
	time.Sleep(10 * time.Second)
	synctest.Wait()
}

// reasons are what the journal says about refusals.
func (o *town) reasons() (list []string) {
	for _, s := range o.journal.Steps() {
		if s.Type == call.StepRefused {
			list = append(list, s.Number+": "+s.Reason)
		}
	}
	return list
}

func path(list []call.Diversion) string {
	var b strings.Builder
	for _, d := range list {
		b.WriteString(d.By.Number + ">" + d.To + " ")
	}
	return strings.TrimSpace(b.String())
}

func TestAPhoneSendsTheCallElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, p := calling("1001", call.Origin{Trunk: "a"}, "1001", "1002")
		moves(<-p["1001"].Rung, "1002")
		target := <-p["1002"].Rung
		if got := path(p["1002"].Offer().Diversions); got != "1001>1002" {
			t.Errorf("the target is told %q", got)
		}
		o.answers(t, target)
		if got := o.reasons(); got != nil {
			t.Errorf("refused: %q", got)
		}
	})
}

// TestADiversionHasTheRightsOfWhoDiverts: a caller from outside has none himself, 1001
// may use the route, 1002 may not.
func TestADiversionHasTheRightsOfWhoDiverts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, p := calling("1001", call.Origin{Trunk: "a"}, "1001")
		moves(<-p["1001"].Rung, "+98 (21)", "90912") // a number of nobody, then one outside
		o.answers(t, <-o.first.Rung)
		if got := path(o.first.Offer().Diversions); got != "1001>90912" {
			t.Errorf("the trunk is told %q", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		o, p := calling("1002", desk, "1002") // 1001 calls, who might have dialled there himself
		moves(<-p["1002"].Rung, "90912")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if cause, over := o.caller.Ended(); !over || cause != call.NotAllowed {
			t.Errorf("over: %v, for %s", over, cause)
		}
		if len(o.first.Rung) > 0 {
			t.Error("a trunk was called")
		}
	})
}

func TestDiversionsInACircle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, p := calling("1001", call.Origin{Trunk: "a"}, "1001", "1002")
		moves(<-p["1001"].Rung, "1002")
		moves(<-p["1002"].Rung, "1 001")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if cause, over := o.caller.Ended(); !over || cause != call.Moved {
			t.Errorf("over: %v, for %s", over, cause)
		}
		if got := o.reasons(); !slices.Contains(got, "1001: the call was there before") || len(p["1001"].Rung) > 0 {
			t.Errorf("refused: %q", got)
		}
	})
}

func TestTooManyDiversions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		exts := []string{"1001", "1002", "1003", "1004", "1005", "1006", "1007"}
		o, p := calling("1001", call.Origin{Trunk: "a"}, exts...)
		for i, e := range exts[:6] {
			moves(<-p[e].Rung, exts[i+1])
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := o.reasons(); !slices.Contains(got, "1007: the call was diverted too often") || len(p["1007"].Rung) > 0 {
			t.Errorf("refused: %q", got)
		}
		if _, over := o.caller.Ended(); !over {
			t.Error("the call goes on")
		}
	})
}

// TestTheNextPlaceIsTried when the first is busy, without what led to that.
func TestTheNextPlaceIsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, p := calling("1001", call.Origin{Trunk: "a"}, "1001", "1002", "1003", "1004")
		moves(<-p["1001"].Rung, "1002", "1004")
		moves(<-p["1002"].Rung, "1003")
		(<-p["1003"].Rung).End(call.Busy)
		target := <-p["1004"].Rung
		if got := path(p["1004"].Offer().Diversions); got != "1001>1004" {
			t.Errorf("the target is told %q", got)
		}
		o.answers(t, target)
		if got := o.reasons(); got != nil {
			t.Errorf("refused: %q", got)
		}
	})
}

// TestATrunkSendsTheCallElsewhere: as the caller might have dialled it.
func TestATrunkSendsTheCallElsewhere(t *testing.T) {
	for number, reached := range map[string]bool{"0912": false, "0935": true} { // itself; another
		synctest.Test(t, func(t *testing.T) {
			o, _ := calling("90912", desk)
			moves(<-o.first.Rung, number)
			if !reached {
				time.Sleep(10 * time.Second)
				synctest.Wait()
				if cause, over := o.caller.Ended(); !over || cause != call.Moved || len(o.first.Rung) > 0 {
					t.Errorf("over: %v, for %s", over, cause)
				}
				return
			}
			o.answers(t, <-o.first.Rung)
			if o.first.Offer().Called != number {
				t.Errorf("the trunk is asked for %s", o.first.Offer().Called)
			}
		})
	}
}
