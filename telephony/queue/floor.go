// Package queue is call distribution at work: it keeps live callers in line and
// brings them to agents.
//
// The Floor is one goroutine (Run) around the pure core of package acd: it owns
// all queues, agents and the order of callers. A call that is to be queued runs
// Serve in its own goroutine, where it plays music and rings phones. The two
// only post to each other: the call tells the floor that its caller joined, an
// agent answered or did not, the talk ended; the floor tells the call its
// position, whom to ring and whom to connect. Neither ever waits for the other's
// lock or reply, so a stuck phone cannot stop the floor.
//
// Every event is written into the daybook (package daybook), so that the day can be
// replayed. The board is an immutable snapshot swapped by atomic pointer.
package queue

import (
	"context"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/acd/daybook"
	"github.com/pasokh/pasokh/telephony/call"
)

// Options are what the floor needs from the house.
type Options struct {
	Clock   clock.Clock
	Journal call.Journal
	News    *event.News
	Log     *slog.Logger
	// Endpoints are the phones of an extension; an agent without any is offline.
	// It is asked from the floor's and from calls' goroutines and must not block.
	Endpoints func(ext string) []call.Endpoint
	Config    *config.Config
	// Memory keeps log-ins, callbacks and last talks over a restart; nil: everybody is logged in again.
	Memory Memory
	// Daybook has every event written down; nil: none.
	Daybook daybook.Log
	// Originate makes a call in which the customer of a callback is called; it begins with
	// run. A nil call: none can be made now. Neither blocks. nil: there are no callbacks.
	Originate func(call.Arrival) (c *call.Call, run func(Step))
	// Reach is how a number is called, over a route or with "" over that of the number: its
	// ways in the order in which to try them, or together. It must not block.
	Reach func(number, route string) (ways []call.Endpoint, offer call.Offer, together bool)
}

// Floor holds all queues and agents.
type Floor struct {
	opts   Options
	config atomic.Pointer[config.Config]
	board  atomic.Pointer[Board]
	inbox  inbox

	// Touched by Run's goroutine only.
	state   acd.State
	daybook *daybook.Writer
	hours   config.Timetable // of the configuration in force
	visits  map[call.ID]*visit
	recalls map[call.ID]*recall // of place-holders that have a call now
	failed  call.Cause          // of the last try to call somebody back
	placed  acd.CallbackIs      // the last answer to CallbackAsked
	timer   clock.Timer
	night   clock.Timer         // of the next midnight
	saved   uint64              // State.Saves when it was written down last
	asks    *call.Call          // for the event that is being applied
	stood   acd.DutyIs          // the core's last answer
	today   map[string]int      // calls by number
	talks   map[string]*contact // the last of each agent
	unsaved bool                // talks are others than those that are kept
	changed bool
}

// New makes a floor without callers. Nothing happens before Run.
func New(o Options) *Floor {
	f := &Floor{opts: o, visits: make(map[call.ID]*visit), recalls: make(map[call.ID]*recall), talks: make(map[string]*contact), inbox: newInbox(o.Clock)}
	if o.Daybook != nil {
		f.daybook = daybook.NewWriter(o.Daybook)
	}
	f.config.Store(o.Config)
	f.board.Store(&Board{})
	return f
}

// Board is the floor as it is now. Safe from any goroutine.
func (f *Floor) Board() Board { return *f.board.Load() }

// Reload applies another configuration. Callers in line and agents stay what
// they are; callers of a queue that is gone leave it.
func (f *Floor) Reload(c *config.Config) {
	f.config.Store(c)
	f.inbox.post(request{reload: true})
}

// Busy tells that an extension began (on) or ended a call outside the queues.
// Calls are counted.
func (f *Floor) Busy(ext string, on bool) {
	f.inbox.post(request{event: acd.AgentBusy{Agent: ext, On: on}})
}

// Run works until ctx ends; callers in line are then sent out of it.
func (f *Floor) Run(ctx context.Context) error {
	defer f.inbox.waiter.Close()
	news := f.opts.News.Subscribe(64, event.Phones, event.Lines)
	defer news.Close()
	go f.watch(ctx, news)
	f.reload()
	f.recall()
	f.daybook.Start(&f.state)
	f.tonight()
	for {
		f.show()
		f.save()
		f.inbox.waiter.Wait(time.Time{})
		if ctx.Err() != nil {
			f.close()
			return nil
		}
		for _, r := range f.inbox.take() {
			f.handle(r)
		}
	}
}

// watch wakes the floor when phones come and go, and when it is over.
func (f *Floor) watch(ctx context.Context, news *event.Sub[event.Topic]) {
	for {
		select {
		case <-ctx.Done():
			f.inbox.waiter.Wake()
			return
		case <-news.C:
			f.inbox.post(request{look: true})
		}
	}
}

func (f *Floor) handle(r request) {
	switch e := r.event.(type) {
	case nil:
		switch {
		case r.do != nil:
			r.do()
		case r.over != nil:
			f.recallOver(*r.over)
		case r.look:
			f.look()
		default:
			f.reload()
		}
		return
	case acd.CallerJoined:
		f.visits[e.Call] = r.visit
		r.visit.today = f.again(e.Party.Number)
	case acd.CallerLeft:
		delete(f.visits, e.Call)
	case acd.DialAnswered:
		f.promote(e)
	case acd.DialFailed:
		f.failed = e.Cause
	case acd.TalkEnded:
		e.More = f.owes(e)
		r.event = e
	case acd.DayBegan:
		f.today = nil
		f.tonight()
		defer f.reload()
	}
	f.asks = r.asks
	f.apply(r.event)
	f.asks = nil
}

func (f *Floor) reload() {
	f.hours = f.config.Load().Timetable()
	f.apply(acd.Configure{Queues: All(f.config.Load(), f.opts.Clock.Now())})
	f.look()
	f.daybook.Head(&f.state)
}

// look finds out which agents have a phone.
func (f *Floor) look() {
	var changes []acd.Event
	for _, a := range f.state.Agents {
		switch has := len(f.opts.Endpoints(a.Extension)) > 0; {
		case has && !a.Online:
			changes = append(changes, acd.AgentOnline{Agent: a.Extension})
		case !has && a.Online:
			changes = append(changes, acd.AgentOffline{Agent: a.Extension})
		}
	}
	for _, e := range changes {
		f.apply(e)
	}
}

// apply lets the core decide and carries out what it commands.
func (f *Floor) apply(e acd.Event) {
	f.changed = true
	commands := f.state.Apply(e, f.opts.Clock.Now().UTC())
	f.daybook.Event(f.state.Now, e)
	for _, c := range commands {
		switch c := c.(type) {
		case acd.Offer:
			f.opts.Log.Info("offer", "call", c.Call, "queue", c.Queue, "agents", c.Agents, "reason", c.Why)
			f.ring(c)
		case acd.Withdraw:
			f.tell(c.Call, c)
		case acd.Connect:
			f.tell(c.Call, c)
		case acd.Position:
			f.tell(c.Call, c)
		case acd.Renumbered:
			for i, id := range c.Calls {
				f.tell(id, acd.Position{Call: id, N: c.From + i})
			}
		case acd.WaitIs:
			f.tell(c.Call, c)
		case acd.Moved:
			f.tell(c.Call, c)
		case acd.CallbackIs:
			f.noteCallback(c)
		case acd.Dial:
			f.dial(c)
		case acd.StopDial:
			f.tell(c.Call, c)
		case acd.Evict:
			f.tell(c.Call, c)
			delete(f.visits, c.Call)
		case acd.DutyIs:
			f.answer(c)
		case acd.AgentStatus:
			f.note(c)
		case acd.WakeAt:
			f.wake(c.At)
		}
	}
	f.release()
}

// notice is the body of the floor's messages to a call. The visit tells a
// message that crossed the caller's leaving from one for its next stay.
type notice struct {
	visit   *visit
	command acd.Command
}

func (f *Floor) tell(id call.ID, c acd.Command) {
	v := f.visits[id]
	if r := f.recalls[id]; r != nil {
		v = &r.visit
	}
	if v != nil {
		f.tellVisit(v, c)
	}
}

func (f *Floor) note(c acd.AgentStatus) {
	f.opts.Log.Info("agent", "agent", c.Agent, "was", string(c.Was), "is", string(c.Is), "call", c.Call)
	now := f.opts.Clock.Now()
	if c.Is == acd.Talking {
		f.talks[c.Agent], f.unsaved = &contact{Call: c.Call, Queue: c.Queue}, true
	}
	f.opts.Journal.Note(call.Step{At: now, Type: call.StepAgent, Agent: c.Agent, Queue: c.Queue, Value: string(c.Is), Reason: f.restReason(c)})
	s := call.Step{Call: c.Call, At: now, Queue: c.Queue, Agent: c.Agent}
	switch {
	case c.Was == acd.Talking && c.Is == acd.WrapUp:
		s.Type = call.StepWrapUp
		s.Value = strconv.Itoa(int(c.Until.Sub(s.At).Round(time.Second) / time.Second))
		s.Reason = "queue " + c.Queue + " gives a pause after each call"
	case c.Was == acd.WrapUp && (c.Is == acd.Ringing || c.Is == acd.Reserved) && f.talks[c.Agent] != nil: // somebody waited
		s.Call, s.Queue = f.talks[c.Agent].Call, f.talks[c.Agent].Queue
		s.Type, s.Value = call.StepWrapOver, string(c.Is)
	case c.Call == "":
		return
	case c.Is == acd.Free:
		s.Type = call.StepReady
		s.Reason = "free for any of the agent's queues"
	case c.Is == acd.Paused, c.Is == acd.LoggedOut:
		s.Type, s.Value = call.StepWrapOver, string(c.Is)
	default:
		return
	}
	f.opts.Journal.Note(s)
}

// restReason is why an agent rests, if he does.
func (f *Floor) restReason(c acd.AgentStatus) string {
	if c.Is != acd.Paused {
		return ""
	}
	for _, a := range f.state.Agents {
		if a.Extension == c.Agent && len(a.Absences) > 0 {
			return f.why(a.Absences[len(a.Absences)-1].Reason)
		}
	}
	return ""
}

func (f *Floor) wake(at time.Time) {
	if f.timer != nil {
		f.timer.Stop()
		f.timer = nil
	}
	if !at.IsZero() {
		f.timer = f.opts.Clock.AfterFunc(at.Sub(f.opts.Clock.Now()), func() {
			f.inbox.post(request{event: acd.Tick{}})
		})
	}
}

// tonight has the agents' counts begin again at midnight.
func (f *Floor) tonight() {
	now := f.opts.Clock.Now()
	f.night = f.opts.Clock.AfterFunc(midnight(now, f.config.Load()).Sub(now), func() {
		f.inbox.post(request{event: acd.DayBegan{}})
	})
}

// close sends everybody in line away. Talks go on without the floor.
func (f *Floor) close() {
	for _, r := range f.inbox.close() {
		f.handle(r)
	}
	f.daybook.Stop(f.state.Now)
	f.wake(time.Time{})
	f.night.Stop()
	f.save()
	for _, c := range f.state.Callers {
		f.tell(c.Call, acd.Evict{Call: c.Call, Reason: acd.Closed})
	}
	f.show()
}
