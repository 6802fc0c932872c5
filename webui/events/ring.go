// Package events tells programs what happens in the box, as it happens: GET /api/events,
// server-sent events (HTML standard, 9.2), and the webhooks that take them from the same
// ring.
//
// The ring keeps the latest events and nobody's place in it: a reader says which event he
// had last and gets what came after. Who is too slow, or comes too late, finds that what he
// wants has been overwritten, and is told so by an event of the kind "gap": then he reads
// the state again. So nothing ever waits for a reader, and a call's path (Note) does nothing
// but put a step into its place.
//
// A Ring is safe for concurrent use. Run watches lines and health; each reader's request is
// a goroutine of its own.
package events

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/line"
)

// Kind is what an event is about.
type Kind string

// The kinds.
const (
	Call   Kind = "call"
	Queue  Kind = "queue"  // callers in line
	Agent  Kind = "agent"  // their duty, pauses and wrap-up
	Line   Kind = "line"   // an analog line changed its state
	Health Kind = "health" // a problem began or is over
	// Gap: events before this one have been missed. It comes whatever kinds are asked for.
	Gap Kind = "gap"
)

// Kinds are those that can be asked for.
func Kinds() []Kind { return []Kind{Call, Queue, Agent, Line, Health} }

// Event is something that happened. Of Step, Line and Problem it has the one of its kind.
type Event struct {
	// ID is for Last-Event-ID.
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	// Step is of a call, a queue or an agent. Types of steps may be added, and never change.
	Step *call.Step `json:"step,omitempty"`
	// Line is how it is now.
	Line    *line.Status    `json:"line,omitempty"`
	Problem *health.Problem `json:"problem,omitempty"`
	Over    bool            `json:"over,omitempty"` // the problem is over
	Lost    int             `json:"lost,omitempty"` // of a gap: how many events are missed; 0: nobody knows
}

// Size is how many events a ring keeps.
const Size = 2048

// Options are what a ring needs.
type Options struct {
	Clock  clock.Clock
	News   *event.News
	Lines  func() []line.Status
	Health func() []health.Problem
}

// Ring keeps the latest events.
type Ring struct {
	opts Options
	run  string // begins the IDs of this run of the box

	mu    sync.Mutex
	list  []entry // the event with number n is at n%Size
	next  int     // number of the next one
	more  chan struct{}
	calls map[call.ID]*scope // running
}

// entry is an event, and whose business it is.
type entry struct {
	Event
	scope scope
}

// scope is the queues and extensions of an event.
type scope struct{ queues, extensions []string }

// New returns an empty ring.
func New(o Options) *Ring {
	return &Ring{opts: o, run: rand.Text()[:8], list: make([]entry, Size), more: make(chan struct{}), calls: make(map[call.ID]*scope)}
}

// Note takes a step of a call, as its [call.Journal].
func (r *Ring) Note(s call.Step) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(Event{At: s.At, Kind: kindOf(s.Type), Step: &s}, r.scopeOf(&s))
}

// kindOf is the kind of events that a step belongs to.
func kindOf(t call.StepType) Kind {
	switch t {
	case call.StepAgent, call.StepDuty, call.StepWrapUp, call.StepReady, call.StepWrapOver, call.StepDisposition:
		return Agent
	case call.StepCallback, call.StepSurvey:
		return Queue
	}
	if strings.HasPrefix(string(t), "queue-") {
		return Queue
	}
	return Call
}

// mostCalls bounds the calls whose end is waited for.
const mostCalls = 4096

// scopeOf is whose business a step is: also of those whose the call was before.
func (r *Ring) scopeOf(s *call.Step) scope {
	of := r.calls[s.Call]
	if of == nil {
		of = &scope{}
	}
	add := func(to *[]string, name string) {
		if name != "" && !slices.Contains(*to, name) {
			*to = append(slices.Clip(*to), name) // events before keep theirs
		}
	}
	add(&of.queues, s.Queue)
	add(&of.extensions, s.Agent)
	if s.Type == call.StepArrived {
		add(&of.extensions, s.Origin.Extension)
		add(&of.extensions, s.Number)
	}
	switch {
	case s.Type == call.StepEnded || len(r.calls) >= mostCalls:
		delete(r.calls, s.Call)
	case s.Call != "":
		r.calls[s.Call] = of
	}
	return *of
}

// add puts an event into the ring. The caller holds r.mu.
func (r *Ring) add(e Event, s scope) {
	e.At, e.ID = e.At.Round(0).UTC(), r.id(r.next)
	r.list[r.next%Size] = entry{e, s}
	r.next++
	close(r.more)
	r.more = make(chan struct{})
}

func (r *Ring) id(n int) string { return r.run + "-" + strconv.Itoa(n) }

// After is the number of the event that follows the one with an ID; false when that is not
// of this run of the box.
func (r *Ring) After(id string) (next int, ok bool) {
	run, text, _ := strings.Cut(id, "-")
	n, err := strconv.Atoi(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	if run != r.run || err != nil || n < -1 || n >= r.next {
		return r.next, false
	}
	return n + 1, true
}

// First is an ID after which all events of this run come.
func (r *Ring) First() string { return r.id(-1) }

// Now is the number of the event that will come next.
func (r *Ring) Now() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.next
}

// most is how many events are read at once.
const most = 64

// Since reads events from a number on, as many as somebody sees of the next few: and the
// number to go on with, how many are lost because they have been overwritten, and, when
// there is nothing more to read, a channel that is closed when there is.
func (r *Ring) Since(from int, who *identity.Identity, kinds []Kind) (list []Event, next, lost int, more <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if oldest := r.next - Size; from < oldest {
		lost, from = oldest-from, oldest
	}
	for next = from; next < r.next && next < from+most; next++ {
		if e := &r.list[next%Size]; slices.Contains(kinds, e.Kind) && e.seen(who) {
			list = append(list, e.to(who))
		}
	}
	if next == r.next {
		more = r.more
	}
	return list, next, lost, more
}

// seen tells whether somebody may know of an event.
func (e *entry) seen(who *identity.Identity) bool {
	if e.Kind == Line || e.Kind == Health {
		return who.May(identity.Plant)
	}
	return who.May(identity.Calls) && (who.All() || slices.ContainsFunc(e.scope.queues, who.Sees) || slices.ContainsFunc(e.scope.extensions, who.Owns))
}

// to is the event as somebody may know it: who calls on a line is a matter of calls.
func (e *entry) to(who *identity.Identity) Event {
	out := e.Event
	if e.Line != nil && !who.May(identity.Calls) {
		l := *e.Line
		l.Caller, l.Call = call.Party{}, ""
		out.Line = &l
	}
	return out
}

// Run watches lines and health until ctx ends.
func (r *Ring) Run(ctx context.Context) error {
	sub := r.opts.News.Subscribe(16, event.Lines, event.Health)
	defer sub.Close()
	lines, problems := r.look()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-sub.C:
		}
		nowLines, nowProblems := r.look()
		r.mu.Lock()
		at := r.opts.Clock.Now()
		for port, l := range nowLines {
			if l.State != lines[port].State || l.Fault != lines[port].Fault {
				r.add(Event{At: at, Kind: Line, Line: &l}, scope{})
			}
		}
		for id, p := range nowProblems {
			if _, had := problems[id]; !had {
				r.add(Event{At: at, Kind: Health, Problem: &p}, scope{})
			}
		}
		for id, p := range problems {
			if _, still := nowProblems[id]; !still {
				r.add(Event{At: at, Kind: Health, Problem: &p, Over: true}, scope{})
			}
		}
		r.mu.Unlock()
		lines, problems = nowLines, nowProblems
	}
}

// look reads lines and health.
func (r *Ring) look() (map[string]line.Status, map[string]health.Problem) {
	lines, problems := make(map[string]line.Status), make(map[string]health.Problem)
	for _, l := range r.opts.Lines() {
		lines[l.Port] = l
	}
	for _, p := range r.opts.Health() {
		problems[p.ID+" "+p.Detail] = p
	}
	return lines, problems
}
