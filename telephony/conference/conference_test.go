package conference

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
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

// studio keeps the rooms that are made.
type studio struct {
	mu    sync.Mutex
	rooms []*calltest.Room
}

func (s *studio) NewRoom() call.Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rooms = append(s.rooms, &calltest.Room{})
	return s.rooms[len(s.rooms)-1]
}

func (s *studio) made() []*calltest.Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rooms)
}

func newRooms(s *studio) *Rooms {
	return New(Options{Clock: clock.System(), News: &event.News{}, NewRoom: s.NewRoom})
}

// guest is a caller in a conference.
type guest struct {
	leg     *calltest.Leg
	call    *call.Call
	journal *calltest.Journal
	done    chan struct{}
}

func dial(r *Rooms, name string, cfg *config.Conference) *guest {
	g := &guest{leg: calltest.NewLeg(name, clock.System()), journal: &calltest.Journal{}, done: make(chan struct{})}
	g.call = call.New(call.Arrival{Leg: g.leg, From: call.Party{Number: name}, To: cfg.Number, Language: "en"},
		call.Options{Clock: clock.System(), Journal: g.journal, Log: slog.New(slog.DiscardHandler)})
	go func() {
		defer close(g.done)
		g.call.Run(func(c *call.Call) call.Cause { return r.Serve(c, cfg) })
	}()
	return g
}

func (g *guest) hears(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	if got := g.leg.Sound.Now(); got != want {
		t.Errorf("%s hears %q, want %q", g.leg.Name, got, want)
	}
}

func (g *guest) leaves() { g.leg.End(call.Normal); <-g.done }

var meeting = &config.Conference{Number: "800", Name: "Meeting", MaxMembers: 2}

const alone = "program en/conference-alone default"

func TestConference(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		house := &studio{}
		rooms := newRooms(house)

		ann := dial(rooms, "ann", meeting)
		ann.hears(t, alone)
		if got := ann.call.Snapshot().Stage; got != "conference 800" {
			t.Errorf("stage is %q", got)
		}
		ben := dial(rooms, "ben", meeting)
		ann.hears(t, "room")
		ben.hears(t, "room")
		if rooms.Members("800") != 2 || len(house.made()) != 1 {
			t.Fatalf("%d members in %d rooms", rooms.Members("800"), len(house.made()))
		}
		cid := dial(rooms, "cid", meeting)
		cid.hears(t, "program en/conference-full  en/call-later")
		<-cid.done
		if cause, _ := cid.leg.Ended(); cause != call.Busy {
			t.Errorf("the third ends with %v", cause)
		}
		if cid.noted(call.StepRefused) != "conference 800 is full: 2 members" {
			t.Errorf("the third's journal says %q", cid.noted(call.StepRefused))
		}
		ann.leaves()
		ben.hears(t, alone)
		dan := dial(rooms, "dan", meeting)
		ben.hears(t, "room")
		dan.hears(t, "room")
		dan.leaves()
		ben.leaves()
		if want := []string{"sound/enter", "sound/enter"}; !cmp.Equal(house.made()[0].Said(), want) {
			t.Errorf("announced %v, want %v", house.made()[0].Said(), want)
		}
		if rooms.Members("800") != 0 || len(rooms.open) != 0 {
			t.Errorf("still open: %v", rooms.open)
		}
		eve := dial(rooms, "eve", meeting)
		eve.hears(t, alone)
		if len(house.made()) != 2 {
			t.Error("an old room was used again")
		}
		eve.leaves()
	})
}

// noted is the reason or the value of the last step of a type.
func (g *guest) noted(is call.StepType) (said string) {
	for _, s := range g.journal.Steps() {
		if s.Type == is {
			said = s.Reason + s.Value
		}
	}
	return said
}

// keys are pressed one after the other.
func (g *guest) keys(digits string) {
	for _, d := range digits {
		g.leg.Press(byte(d))
		synctest.Wait()
	}
}

// told is what was last said to the guest beside the conference.
func (g *guest) told() string {
	for _, line := range slices.Backward(g.leg.Log()) {
		if said, ok := strings.CutPrefix(line, "announced "); ok {
			return said
		}
	}
	return ""
}

func TestPIN(t *testing.T) {
	both := &config.Conference{Number: "800", PIN: "1234", ModeratorPIN: "987654"}
	onlyMod := &config.Conference{Number: "800", ModeratorPIN: "987654"}
	for _, c := range []struct {
		name   string
		cfg    *config.Conference
		keys   string
		is     string // the value of StepConference; "" for refused
		reason string
	}{
		{"right", both, "1234#", "entered", ""},
		{"right in the end", both, "1#99#1234#", "entered", ""},
		{"the moderator's", both, "987654#", "moderates", ""},
		{"three wrong ones", both, "1#12345#123#", "", "no right PIN for conference 800"},
		{"nothing", both, "###", "", "no right PIN for conference 800"},
		{"no moderator", onlyMod, "#", "entered", ""},
		{"a moderator alone", onlyMod, "987654#", "moderates", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rooms := newRooms(&studio{})
				g := dial(rooms, "ann", c.cfg)
				g.hears(t, "program en/conference-pin")
				g.keys(c.keys)
				time.Sleep(time.Second)
				synctest.Wait()
				if got := g.noted(call.StepConference); got != c.is {
					t.Errorf("%q, want %q", got, c.is)
				}
				if got := g.noted(call.StepRefused); got != c.reason {
					t.Errorf("refused: %q, want %q", got, c.reason)
				}
				if got := g.noted(call.StepPressed); got != "" {
					t.Errorf("the journal has the key %q", got)
				}
				g.leaves()
			})
		})
	}
}

// TestSilenceIsNoPIN: who keys nothing is asked three times, and let go.
func TestSilenceIsNoPIN(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := dial(newRooms(&studio{}), "ann", &config.Conference{Number: "800", PIN: "1234"})
		<-g.done
		if got := g.noted(call.StepRefused); got != "no right PIN for conference 800" {
			t.Errorf("refused: %q", got)
		}
	})
}

func TestKeysOfMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		house := &studio{}
		rooms := newRooms(house)
		cfg := &config.Conference{Number: "800", MaxMembers: 30, ModeratorPIN: "987654"}
		come := func(name, pin string) *guest {
			g := dial(rooms, name, cfg)
			synctest.Wait()
			g.keys(pin + "#")
			return g
		}
		mod, ann, ben := come("mod", "987654"), come("ann", ""), come("ben", "")
		room := house.made()[0]
		heard := func(who string, want float64) {
			t.Helper()
			synctest.Wait()
			if got := room.Hears("mod", who); got != want {
				t.Errorf("%s is heard with %v, want %v", who, got, want)
			}
		}
		ann.keys("*6")
		heard("ann", 0)
		if ann.told() != "en/conference-muted" || ann.noted(call.StepConference) != "muted" {
			t.Errorf("ann is told %q", ann.told())
		}
		ann.keys("*6")
		heard("ann", 1)
		ann.keys("*4")
		if ann.told() != "en/conference-people-before en/number-3 en/conference-people-after" {
			t.Errorf("ann is told %q", ann.told())
		}
		ann.keys("*9*9*9*9")
		if v := room.Volume("ann"); v < 3.9 || v > 4 {
			t.Errorf("ann hears with %v", v)
		}
		ann.keys("*7*7*7*8*5*3*0") // the last four are for moderators
		if v := room.Volume("ann"); v != 1 {
			t.Errorf("ann hears with %v", v)
		}
		if b := rooms.Board(); len(b) != 1 || b[0].Locked || len(b[0].Members) != 3 || !b[0].Members[0].Moderator || b[0].Members[1].Moderator {
			t.Errorf("the board shows %+v", b)
		}

		mod.keys("*5")
		heard("ann", 0)
		heard("ben", 0)
		heard("mod", 1)
		mod.keys("*5")
		heard("ben", 1)
		mod.keys("*8")
		late := come("late", "")
		<-late.done
		if got := late.noted(call.StepRefused); got != "conference 800 is locked" {
			t.Errorf("the late one is refused by %q", got)
		}
		other := come("other", "987654")
		other.hears(t, "room")
		mod.keys("*8")
		if mod.told() != "en/conference-unlocked" || rooms.Board()[0].Locked {
			t.Errorf("the moderator is told %q", mod.told())
		}
		mod.keys("*3") // ben came last of those who are no moderators
		<-ben.done
		if ben.noted(call.StepConference) != "removed" {
			t.Errorf("ben's journal says %q", ben.noted(call.StepConference))
		}
		other.keys("*0")
		for _, g := range []*guest{mod, ann, other} {
			<-g.done
			if cause, _ := g.leg.Ended(); g.noted(call.StepConference) != "ended" || cause != call.Normal {
				t.Errorf("%s: %s, %v", g.leg.Name, g.noted(call.StepConference), cause)
			}
		}
		if len(rooms.open) != 0 {
			t.Error("still open")
		}
	})
}

// TestModeratorMustBeThere: without one there is music, before he comes and after.
func TestModeratorMustBeThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms := newRooms(&studio{})
		cfg := &config.Conference{Number: "800", ModeratorPIN: "987654", PIN: "1234", WaitForModerator: true, Quiet: true}
		come := func(name, pin string) *guest {
			g := dial(rooms, name, cfg)
			synctest.Wait()
			g.keys(pin + "#")
			return g
		}
		const waits = "program en/conference-wait default"
		ann, ben := come("ann", "1234"), come("ben", "1234")
		ann.hears(t, waits)
		ben.hears(t, waits)
		if !rooms.Board()[0].Waits {
			t.Error("the board does not show that they wait")
		}
		if err := rooms.Do(Action{Conference: "800", Do: Mute, Member: "ann"}); err != nil {
			t.Error(err)
		}
		mod := come("mod", "987654")
		ann.hears(t, "room")
		mod.hears(t, "room")
		if !rooms.Board()[0].Members[0].Muted {
			t.Error("ann is not muted any more")
		}
		mod.leaves()
		ann.hears(t, waits)
		ben.leaves()
		ann.hears(t, waits)
		ann.leaves()
	})
}

// TestWhoTalks follows the loudness of members.
func TestWhoTalks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms := newRooms(&studio{})
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan struct{})
		go func() { _ = rooms.Run(ctx); close(over) }()
		ann := dial(rooms, "loud-ann", meeting)
		synctest.Wait()
		ben := dial(rooms, "ben", meeting)
		time.Sleep(time.Second)
		synctest.Wait()
		if m := rooms.Board()[0].Members; !m[0].Talking || m[1].Talking {
			t.Errorf("the board shows %+v", m)
		}
		if err := rooms.Do(Action{Conference: "800", Do: Mute, Member: ann.leg.ID()}); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		if m := rooms.Board()[0].Members; m[0].Talking {
			t.Error("a muted member talks")
		}
		for _, a := range []Action{{Conference: "801", Do: Lock}, {Conference: "800", Do: Mute, Member: "x"}, {Conference: "800", Do: Remove}} {
			if err := rooms.Do(a); !errors.Is(err, ErrNobody) {
				t.Errorf("%+v: %v", a, err)
			}
		}
		if err := rooms.Do(Action{Conference: "800", Do: "x"}); !errors.Is(err, ErrVerb) {
			t.Error(err)
		}
		ann.leaves()
		ben.leaves()
		stop()
		<-over
	})
}

func TestConferencesAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		house := &studio{}
		rooms := newRooms(house)
		a := dial(rooms, "a", meeting)
		b := dial(rooms, "b", &config.Conference{Number: "801"}) // without a limit
		a.hears(t, alone)
		b.hears(t, alone)
		if len(house.made()) != 2 {
			t.Errorf("%d rooms", len(house.made()))
		}
		a.leaves()
		b.leaves()
	})
}

func TestManyComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms := newRooms(&studio{})
		cfg := &config.Conference{Number: "800", MaxMembers: 20}
		var guests sync.WaitGroup
		for i := range 200 {
			guests.Go(func() {
				time.Sleep(time.Duration(rand.IntN(1000)) * time.Millisecond)
				g := dial(rooms, fmt.Sprint("guest-", i), cfg)
				time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
				if n := rooms.Members("800"); n > 20 {
					t.Errorf("%d members", n)
				}
				g.leaves()
			})
		}
		guests.Wait()
		if len(rooms.open) != 0 {
			t.Errorf("left open: %v", rooms.open)
		}
	})
}
