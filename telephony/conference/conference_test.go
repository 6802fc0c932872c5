package conference

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// studio makes rooms that note what is announced in them.
type studio struct {
	mu    sync.Mutex
	rooms []*mix
}

func (s *studio) NewRoom() call.Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rooms = append(s.rooms, &mix{})
	return s.rooms[len(s.rooms)-1]
}

func (s *studio) made() []*mix {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rooms)
}

type mix struct {
	mu   sync.Mutex
	said []string
}

func (m *mix) Members() int { return 0 }

func (m *mix) Announce(p call.Program) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range p.Sounds {
		m.said = append(m.said, s.Prompt)
	}
}

func (m *mix) Bridge(a, b call.Audio)                          {}
func (m *mix) Gain(listener, speaker call.Audio, gain float64) {}
func (m *mix) Loud(member call.Audio) int                      { return 0 }

func (m *mix) heard() []string { m.mu.Lock(); defer m.mu.Unlock(); return slices.Clone(m.said) }

// guest is a caller in a conference.
type guest struct {
	leg     *calltest.Leg
	call    *call.Call
	journal *calltest.Journal
	done    chan struct{}
}

func dial(r *Rooms, name string, cfg *config.Conference) *guest {
	g := &guest{leg: calltest.NewLeg(name, clock.System()), journal: &calltest.Journal{}, done: make(chan struct{})}
	g.call = call.New(call.Arrival{Leg: g.leg, To: cfg.Number, Language: "en"},
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

func TestConference(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		house := &studio{}
		rooms := New(house)

		ann := dial(rooms, "ann", meeting)
		ann.hears(t, "program en/conference-alone")
		if got := ann.call.Snapshot().Stage; got != "conference 800" {
			t.Errorf("stage is %q", got)
		}
		time.Sleep(time.Second)
		ann.hears(t, "room")

		ben := dial(rooms, "ben", meeting)
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
		if !slices.ContainsFunc(cid.journal.Steps(), func(s call.Step) bool {
			return s.Type == call.StepRefused && s.Reason == "conference 800 is full: 2 members"
		}) {
			t.Errorf("the third's journal does not say why: %v", cid.journal.Steps())
		}

		ann.leaves()
		if rooms.Members("800") != 1 {
			t.Errorf("%d members after one has left", rooms.Members("800"))
		}
		ben.leaves()
		if want := []string{"sound/enter", "sound/enter", "sound/exit"}; !cmp.Equal(house.made()[0].heard(), want) {
			t.Errorf("announced %v, want %v", house.made()[0].heard(), want)
		}
		if rooms.Members("800") != 0 || len(rooms.open) != 0 {
			t.Errorf("still open: %v", rooms.open)
		}

		dan := dial(rooms, "dan", meeting)
		dan.hears(t, "program en/conference-alone")
		if len(house.made()) != 2 {
			t.Error("an old room was used again")
		}
		dan.leaves()
		if len(rooms.open) != 0 {
			t.Error("who leaves during the announcement leaves a room behind")
		}
	})
}

func TestConferencesAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		house := &studio{}
		rooms := New(house)
		a := dial(rooms, "a", meeting)
		b := dial(rooms, "b", &config.Conference{Number: "801"}) // without a limit
		a.hears(t, "program en/conference-alone")
		b.hears(t, "program en/conference-alone")
		if len(house.made()) != 2 {
			t.Errorf("%d rooms", len(house.made()))
		}
		a.leaves()
		b.leaves()
	})
}

func TestManyComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms := New(&studio{})
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
