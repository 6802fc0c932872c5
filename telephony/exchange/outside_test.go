package exchange

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

type idleFloor struct{}

func (idleFloor) Serve(*call.Call, string) (string, call.Cause)     { return "", call.NoAnswer }
func (idleFloor) Busy(string, bool)                                 {}
func (idleFloor) Duty(*call.Call, string, config.Feature) string    { return "" }
func (idleFloor) Dispose(string, call.ID, string, call.Party) error { return nil }
func (idleFloor) WrapUp(string, time.Duration, call.Party) error    { return nil }
func (idleFloor) First(string) *call.Call                           { return nil }

// town is an exchange with a route over two trunks, and a caller.
type town struct {
	*Exchange
	journal calltest.Journal
	caller  *calltest.Leg
	first   *calltest.Phone
	second  *calltest.Phone
	cfg     *config.Config
}

func dial(number string, origin call.Origin) *town { return dialWith(number, origin, nil) }

func dialWith(number string, origin call.Origin, phones Directory) *town {
	t := newTown(phones)
	t.arrives(number, origin)
	return t
}

// newTown is a box that nobody has called yet.
func newTown(phones Directory) *town {
	t := &town{caller: calltest.NewLeg("caller", clock.System()),
		first: calltest.NewPhone("first", clock.System()), second: calltest.NewPhone("second", clock.System())}
	cfg := config.Default()
	cfg.Extensions = []config.Extension{{Number: "1001", OutsideNumber: "0218801"}, {Number: "1002"}}
	for _, n := range []string{"1003", "1004", "1005", "1006", "1007"} {
		cfg.Extensions = append(cfg.Extensions, config.Extension{Number: n})
	}
	for i := range cfg.Extensions {
		cfg.Extensions[i].RingFor = config.Duration(20 * time.Second)
	}
	t.cfg = cfg
	cfg.Routes = []config.Route{{Name: "out", Prefix: "90", Strip: 1, CallerID: "0218800", Trunks: []string{"a", "b"}, Extensions: []string{"1001"}}}
	t.Exchange = New(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: &event.News{}, Journal: &t.journal,
		Config: func() *config.Config { return cfg }, Floor: idleFloor{},
		Ways: func(trunks []string, number string) []call.Endpoint {
			if !slices.Equal(trunks, []string{"a", "b"}) || number != "0912" && number != "0935" {
				return nil
			}
			return []call.Endpoint{t.first, t.second}
		}})
	if phones != nil {
		t.AddDirectory(phones)
	}
	return t
}

func (o *town) arrives(number string, origin call.Origin) {
	o.Arrive(call.Arrival{Leg: o.caller, From: call.Party{Number: "1001"}, To: number, Origin: origin, Language: "en"})
	synctest.Wait()
}

func (o *town) ends(t *testing.T, want call.Cause, steps ...call.StepType) {
	t.Helper()
	time.Sleep(10 * time.Second)
	synctest.Wait()
	if got, over := o.caller.Ended(); !over || got != want {
		t.Errorf("the caller's leg ended: %v, for %s; want %s", over, got, want)
	}
	if diff := cmp.Diff(steps, o.journal.Types()); diff != "" {
		t.Error(diff)
	}
}

var desk = call.Origin{Extension: "1001"}

func TestTheNextTrunkTakesTheCall(t *testing.T) {
	for _, why := range []call.Cause{call.NetworkFailure, call.NoChannel} {
		synctest.Test(t, func(t *testing.T) {
			o := dial("90912", desk)
			(<-o.first.Rung).End(why)
			leg := <-o.second.Rung
			if got := o.second.Offer(); got.Called != "0912" || got.Caller.Number != "1001" || got.Own != "0218801" || got.CallerID != "0218800" {
				t.Errorf("the trunk was offered %+v", got)
			}
			leg.Post(call.Ringing{Leg: leg.ID()})
			leg.Post(call.Answered{Leg: leg.ID()})
			synctest.Wait()
			if o.caller.Sound.Now() != "with second-1" {
				t.Errorf("the caller hears %s", o.caller.Sound.Now())
			}
			leg.End(call.Normal)
			o.ends(t, call.Normal, call.StepArrived, call.StepRouted, call.StepUnringing, call.StepRinging,
				call.StepAnswered, call.StepAnswered, call.StepBridged, call.StepUnbridged, call.StepEnded)
		})
	}
}

func TestABusyNumberIsBusyOnEveryTrunk(t *testing.T) {
	for _, why := range []call.Cause{call.Busy, call.Rejected, call.UnknownNumber, call.NoAnswer} {
		synctest.Test(t, func(t *testing.T) {
			o := dial("90912", desk)
			(<-o.first.Rung).End(why)
			o.ends(t, why, call.StepArrived, call.StepRouted, call.StepUnringing, call.StepRefused, call.StepEnded)
			if len(o.second.Rung) > 0 {
				t.Error("the second trunk was tried")
			}
		})
	}
}

func TestWhenEveryTrunkFailsTheCallerIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := dial("90912", desk)
		(<-o.first.Rung).End(call.NetworkFailure)
		(<-o.second.Rung).End(call.NoChannel)
		o.ends(t, call.NoChannel, call.StepArrived, call.StepRouted, call.StepUnringing, call.StepUnringing,
			call.StepRefused, call.StepSaid, call.StepEnded)
		if !slices.Contains(o.caller.Log(), "alert early=true") {
			t.Errorf("nothing was said before the answer: %q", o.caller.Log())
		}
	})
}

func TestACallerWhoGivesUpTakesTheTrunkAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := dial("90912", desk)
		leg := <-o.first.Rung
		o.caller.End(call.Cancelled)
		o.ends(t, call.Cancelled, call.StepArrived, call.StepRouted, call.StepUnringing, call.StepEnded)
		if why, over := leg.Ended(); !over || why != call.Cancelled {
			t.Errorf("the trunk's leg ended: %v, for %s", over, why)
		}
		if len(o.second.Rung) > 0 {
			t.Error("the second trunk was tried")
		}
	})
}

func TestWhoMayNotDialOutIsRefused(t *testing.T) {
	for _, origin := range []call.Origin{{Extension: "1002"}, {Trunk: "a"}, {Line: "fxo1"}} {
		synctest.Test(t, func(t *testing.T) {
			o := dial("90912", origin)
			o.ends(t, call.NotAllowed, call.StepArrived, call.StepRouted, call.StepRefused, call.StepSaid, call.StepEnded)
			if len(o.first.Rung)+len(o.second.Rung) > 0 {
				t.Error("a trunk was called")
			}
		})
	}
}

// TestACallForHelpGetsThrough although the box is full, its caller may not use the
// route, and the first trunk says that the number is busy.
func TestACallForHelpGetsThrough(t *testing.T) {
	for _, number := range []string{"110", "90125"} {
		synctest.Test(t, func(t *testing.T) {
			o := town{caller: calltest.NewLeg("caller", clock.System()),
				first: calltest.NewPhone("first", clock.System()), second: calltest.NewPhone("second", clock.System())}
			cfg := config.Default()
			cfg.System.MaxCalls = 1
			cfg.Extensions = []config.Extension{{Number: "1001"}, {Number: "1002"}}
			cfg.Services = []config.Service{{Number: "600", Kind: config.Echo}}
			cfg.Routes = []config.Route{{Name: "out", Prefix: "90", Strip: 2, Trunks: []string{"a", "b"}, Extensions: []string{"1001"}}}
			shed := 0
			o.Exchange = New(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: &event.News{}, Journal: &o.journal,
				Config: func() *config.Config { return cfg }, Floor: idleFloor{}, Shed: func() { shed++ },
				Ways: func([]string, string) []call.Endpoint { return []call.Endpoint{o.first, o.second} }})
			echo, late := calltest.NewLeg("echo", clock.System()), calltest.NewLeg("late", clock.System())
			o.Arrive(call.Arrival{Leg: echo, To: "600", Origin: desk})
			synctest.Wait()
			o.Arrive(call.Arrival{Leg: late, To: "600", Origin: desk})
			stranger := calltest.NewLeg("stranger", clock.System())
			o.Arrive(call.Arrival{Leg: stranger, To: number, Origin: call.Origin{Trunk: "a"}})
			synctest.Wait()
			for _, leg := range []*calltest.Leg{late, stranger} {
				if why, over := leg.Ended(); !over || why != call.Overload {
					t.Errorf("another call on a full box: %v, %s", over, why)
				}
			}
			o.Arrive(call.Arrival{Leg: o.caller, To: number, Origin: call.Origin{Extension: "1002"}})
			synctest.Wait()
			leg := <-o.first.Rung
			if got := o.first.Offer(); got.Called != strings.TrimPrefix(number, "90") || !got.Urgent {
				t.Errorf("the trunk was offered %+v", got)
			}
			leg.End(call.Busy)
			leg = <-o.second.Rung
			leg.Post(call.Answered{Leg: leg.ID()})
			synctest.Wait()
			if o.caller.Sound.Now() != "with second-1" || shed != 2 {
				t.Errorf("the caller hears %s, %d calls were shed", o.caller.Sound.Now(), shed)
			}
			if !slices.ContainsFunc(o.journal.Steps(), func(s call.Step) bool { return s.Reason == number+" is emergency by route out" }) {
				t.Errorf("no reason: %+v", o.journal.Steps())
			}
			leg.End(call.Normal)
			echo.End(call.Normal)
			time.Sleep(time.Minute)
		})
	}
}
