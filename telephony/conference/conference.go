// Package conference lets several parties talk in a room.
//
// A conference exists while somebody is in it. Who comes is asked for a PIN if it has
// one; who is alone, or must wait for a moderator, hears music until the others are
// there. Members have keys (see member.key), and moderators more of them; pages do the
// same by Do.
//
// Rooms owns all conferences, behind one mutex. A member's call is its own goroutine: it
// asks Rooms what it is to hear, and is woken by a message when that may have changed.
// Who hears whom is the media engine's business. Run watches who is talking.
package conference

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Options are what conferences need from the house.
type Options struct {
	Clock   clock.Clock
	News    *event.News
	NewRoom func() call.Room
	// Recorder keeps those conferences that are to be recorded; nil: none.
	Recorder Recorder
}

// Rooms are the conferences that are going on.
type Rooms struct {
	opts Options
	wake chan struct{} // the first conference has begun

	mu   sync.Mutex
	open map[string]*room // by number
}

// room is a conference with somebody in it, or on the way in.
type room struct {
	cfg     *config.Conference // as it was when the first one came
	sound   call.Room
	members []*member // in the order in which they came
	locked  bool
	since   time.Time
	rec     recording
}

// New makes a house without conferences.
func New(o Options) *Rooms {
	return &Rooms{opts: o, wake: make(chan struct{}, 1), open: make(map[string]*room)}
}

// Serve keeps the call in a conference until its caller leaves or is removed. It is a
// step in the call's script.
func (r *Rooms) Serve(c *call.Call, cfg *config.Conference) call.Cause {
	c.Enter("conference " + cfg.Number)
	c.Hush(cfg.PIN != "" || cfg.ModeratorPIN != "")
	defer c.Hush(false)
	if c.Answer() != nil {
		return call.Normal
	}
	moderator, err := admit(c, cfg)
	switch {
	case errors.Is(err, errPIN):
		return refuse(c, cfg, call.NotAllowed, "goodbye", "no right PIN for conference "+cfg.Number)
	case err != nil:
		return call.Normal
	}
	c.Hush(false)
	c.ForgetTyped()
	m, err := r.enter(c, cfg, moderator)
	switch {
	case errors.Is(err, errFull):
		return refuse(c, cfg, call.Busy, "conference-full", fmt.Sprintf("conference %s is full: %d members", cfg.Number, cfg.MaxMembers))
	case errors.Is(err, errLocked):
		return refuse(c, cfg, call.NotAllowed, "conference-locked", "conference "+cfg.Number+" is locked")
	}
	defer r.leave(m)
	value := "entered"
	if moderator {
		value = "moderates"
	}
	c.Note(call.Step{Type: call.StepConference, Number: cfg.Number, Party: c.From(), Value: value})
	if out := m.stay(); out != nil {
		c.Note(*out)
		c.Play(speech.Phrase(c.Language(), "conference-"+out.Value)) // out whether or not he hears it out
	}
	return call.Normal
}

// refuse tells a caller why he cannot come in.
func refuse(c *call.Call, cfg *config.Conference, cause call.Cause, words, reason string) call.Cause {
	c.Note(call.Step{Type: call.StepRefused, Number: cfg.Number, Cause: cause.String(), Reason: reason})
	c.Play(speech.Phrase(c.Language(), words)) // refused whether or not he hears it out
	return cause
}

var (
	errFull   = errors.New("full")
	errLocked = errors.New("locked")
)

// enter takes a place in a conference and makes it if nobody is there.
func (r *Rooms) enter(c *call.Call, cfg *config.Conference, moderator bool) (*member, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rm := r.open[cfg.Number]
	switch {
	case rm == nil:
		rm = &room{cfg: cfg, sound: r.opts.NewRoom(), since: r.opts.Clock.Now()}
		r.open[cfg.Number] = rm
		select {
		case r.wake <- struct{}{}:
		default:
		}
	case cfg.MaxMembers > 0 && len(rm.members) >= cfg.MaxMembers:
		return nil, errFull
	case rm.locked && !moderator:
		return nil, errLocked
	}
	m := &member{rooms: r, room: rm, call: c, leg: c.Caller(), party: c.From(), moderator: moderator, language: c.Language(), since: r.opts.Clock.Now()}
	rm.members = append(rm.members, m)
	rm.signal("enter")
	r.comes(rm, m)
	r.changed(rm)
	return m, nil
}

// leave gives the place back. The last one closes the room.
func (r *Rooms) leave(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rm := m.room
	rm.members = slices.DeleteFunc(rm.members, func(x *member) bool { return x == m })
	if len(rm.members) == 0 {
		delete(r.open, rm.cfg.Number)
		if rm.rec.tape != nil {
			rm.rec.tape.End()
		}
	}
	rm.signal("exit")
	r.changed(rm)
}

// signal lets those who hear the conference know that somebody came or left.
func (rm *room) signal(key string) {
	if !rm.cfg.Quiet && rm.waits() == "" {
		rm.sound.Announce(speech.Signal(key))
	}
}

// waits is the phrase that tells members why they do not hear the conference, "" if
// they do.
func (rm *room) waits() string {
	switch {
	case rm.cfg.WaitForModerator && !slices.ContainsFunc(rm.members, func(m *member) bool { return m.moderator }):
		return "conference-wait"
	case len(rm.members) < 2:
		return "conference-alone"
	}
	return ""
}

// changed wakes the members and tells the pages. The mutex is held.
func (r *Rooms) changed(rm *room) {
	for _, m := range rm.members {
		m.call.Post(call.Message{Body: changed{}})
	}
	r.opts.News.Publish(event.Conferences)
}

// changed tells a member's call that what it hears may have changed.
type changed struct{}

// Members is how many parties are in conference number.
func (r *Rooms) Members(number string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if rm := r.open[number]; rm != nil {
		return len(rm.members)
	}
	return 0
}

// View is a conference on the board.
type View struct {
	Number  string       `json:"number"`
	Name    string       `json:"name,omitempty"`
	Since   time.Time    `json:"since"`
	Locked  bool         `json:"locked"`
	Waits   bool         `json:"waits"` // for somebody else, or for a moderator
	Most    int          `json:"most"`
	Members []MemberView `json:"members"`
	// Recording is whether it is recorded: off, on or paused; empty while it cannot be.
	Recording string `json:"recording,omitempty"`
}

// MemberView is one party in it.
type MemberView struct {
	Leg       call.LegID `json:"leg"`
	Call      call.ID    `json:"call"`
	Party     call.Party `json:"party"`
	Moderator bool       `json:"moderator"`
	Muted     bool       `json:"muted"`
	Talking   bool       `json:"talking"`
	Since     time.Time  `json:"since"`
}

// Board are the conferences that are going on, by number.
func (r *Rooms) Board() []View {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []View
	for _, rm := range r.open {
		v := View{Number: rm.cfg.Number, Name: rm.cfg.Name, Since: rm.since, Locked: rm.locked, Waits: rm.waits() != "", Most: rm.cfg.MaxMembers, Recording: r.recording(rm)}
		for _, m := range rm.members {
			v.Members = append(v.Members, MemberView{Leg: m.leg.ID(), Call: m.call.ID(), Party: m.party,
				Moderator: m.moderator, Muted: m.muted, Talking: m.talking, Since: m.since})
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b View) int { return cmp.Compare(a.Number, b.Number) })
	return list
}

// glance is how often it is seen who is talking, speechLoud how loud that is.
const (
	glance     = 200 * time.Millisecond
	speechLoud = 300
)

// Run follows who is talking, while there are conferences, until ctx ends.
func (r *Rooms) Run(ctx context.Context) error {
	for {
		select {
		case <-r.wake:
		case <-ctx.Done():
			return nil
		}
		for grid := clock.NewGrid(r.opts.Clock, glance); r.look(); {
			if _, _, ok := grid.Wait(ctx); !ok {
				return nil
			}
		}
	}
}

// look sees who is talking. It is false when there is no conference.
func (r *Rooms) look() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	news := false
	for _, rm := range r.open {
		for _, m := range rm.members {
			talks := !m.muted && rm.sound.Loud(m.leg.Audio()) > speechLoud
			news = news || talks != m.talking
			m.talking = talks
		}
	}
	if news {
		r.opts.News.Publish(event.Conferences)
	}
	return len(r.open) > 0
}
