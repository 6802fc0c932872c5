// Package exchange is the switchboard: every arrived leg becomes a call here,
// and its script walks from number to number until it is served.
//
// The dial plan decides what a number is; the feature packages (ivr, queue,
// conference) serve it and say where the call goes next. Exchange owns the list
// of running calls; each call owns itself and runs in its own goroutine, which
// Run waits for.
package exchange

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/dialplan"
	"github.com/pasokh/pasokh/telephony/ivr"
)

// Floor serves the queues. *queue.Floor is one.
type Floor interface {
	// Serve keeps the call in queue number until it is served or leaves.
	Serve(c *call.Call, number string) (next string, cause call.Cause)
	// Busy tells that an agent is on a call outside the queues, or off it again.
	Busy(ext string, on bool)
	// Duty lets an agent log in or out, or rest. It returns what he is told: logged-in,
	// logged-out, paused or ready; "" if he is no agent there.
	Duty(c *call.Call, agent string, f config.Feature) string
	// Dispose says by a code what the last call of an agent was, that of if it is not
	// empty; WrapUp gives him more time after it, or ends it.
	Dispose(agent string, of call.ID, code string, by call.Party) error
	WrapUp(agent string, more time.Duration, by call.Party) error
	// First is the call that waits first in a queue, nil if none does.
	First(queue string) *call.Call
}

// Conferences serves the conference rooms. *conference.Rooms is one.
type Conferences interface {
	Serve(c *call.Call, room *config.Conference) call.Cause
}

// Studio lets people record the box's prompts. *studio.Room is one.
type Studio interface {
	// Serve lets the caller, an extension, record the prompt of a number; "" asks for it.
	Serve(c *call.Call, ext, number string) call.Cause
}

// Directory finds what can be rung for an extension. sip.Server and line.Room are two.
type Directory interface {
	Endpoints(ext string) []call.Endpoint
}

// Options are what the exchange needs from the house.
type Options struct {
	Clock       clock.Clock
	Log         *slog.Logger
	News        *event.News
	Journal     call.Journal
	Recorder    call.Recorder // nil: nothing is recorded
	Config      func() *config.Config
	Floor       Floor
	Conferences Conferences
	Parking     Parking
	Voicemail   Voicemail
	Studio      Studio // nil: prompts cannot be recorded
	// On and Day tell whether a switch closes what it is for, or keeps it open; Open
	// whether hours are open, and why not. nil: no switch does, all hours are open.
	On, Day func(number string) bool
	Open    func(hours string) (open bool, why string)
	// Turn turns a switch for an extension: on, off or day; ok is false if there is none.
	Turn func(number, by string) (to string, ok bool)
	// Fetch gets a document that a menu looks up.
	Fetch func(ctx context.Context, url string) ([]byte, error)
	// Ways are what can be dialled to reach a number over the trunks of those
	// names, in the order in which to try it.
	Ways func(trunks []string, number string) []call.Endpoint
	// NewRoom makes the mix of a talk that somebody listens in on.
	NewRoom func() call.Room
	// Shed is told of each call beyond system.max_calls; it must not block. nil:
	// nobody is told.
	Shed func()
}

// Exchange holds the running calls.
type Exchange struct {
	opts  Options
	menus *ivr.Menus

	mu        sync.Mutex
	directory []Directory
	calls     map[call.ID]*call.Call
	closing   bool
	idle      sync.WaitGroup
}

// New makes an exchange without calls.
func New(o Options) *Exchange {
	x := &Exchange{opts: o, calls: make(map[call.ID]*call.Call)}
	x.menus = ivr.New(ivr.Options{Config: o.Config, On: o.On, Fetch: o.Fetch, Closed: func(n config.Night) bool {
		_, is := dialplan.Closed(o.Config(), x.query(), n)
		return is
	}})
	return x
}

// AddDirectory lets d's phones be rung. Call it before the first arrival.
func (x *Exchange) AddDirectory(d Directory) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.directory = append(x.directory, d)
}

// Endpoints are all phones of an extension, over every directory.
func (x *Exchange) Endpoints(ext string) []call.Endpoint {
	x.mu.Lock()
	dirs := x.directory
	x.mu.Unlock()
	var eps []call.Endpoint
	for _, d := range dirs {
		eps = append(eps, d.Endpoints(ext)...)
	}
	return eps
}

// Arrive makes a call of a new leg and starts it. It does not block.
func (x *Exchange) Arrive(a call.Arrival) {
	if a.Language == "" {
		a.Language = string(x.opts.Config().System.Language)
	}
	c := call.New(a, x.house())
	script, cfg := x.script, x.opts.Config()
	x.mu.Lock()
	switch {
	case x.closing:
		script = refuse(call.Shutdown)
	case cfg.System.MaxCalls > 0 && len(x.calls) >= cfg.System.MaxCalls &&
		dialplan.Decide(cfg, dialplan.Query{Number: a.To, Origin: a.Origin}).Kind != dialplan.Emergency:
		script = refuse(call.Overload)
		if x.opts.Shed != nil {
			x.opts.Shed()
		}
	}
	x.admit(c)
	x.mu.Unlock()
	go x.run(c, script)
}

// house is what every call needs.
func (x *Exchange) house() call.Options {
	return call.Options{Clock: x.opts.Clock, Journal: x.opts.Journal, Log: x.opts.Log, NewRoom: x.opts.NewRoom,
		Recorder: x.opts.Recorder, Help: x.help,
		Changed: func() { x.opts.News.Publish(event.Calls) }}
}

// admit puts a call among the running ones, with x.mu held.
func (x *Exchange) admit(c *call.Call) {
	x.calls[c.ID()] = c
	x.idle.Add(1)
}

// run is the whole life of a call that was admitted.
func (x *Exchange) run(c *call.Call, script call.Script) {
	defer x.idle.Done()
	c.Run(script)
	x.mu.Lock()
	delete(x.calls, c.ID())
	x.mu.Unlock()
	x.opts.News.Publish(event.Calls)
}

func refuse(cause call.Cause) call.Script {
	return func(c *call.Call) call.Cause {
		c.Note(call.Step{Type: call.StepRefused, Cause: cause.String(), Reason: cause.Text("en")})
		return cause
	}
}

// Calls are the running calls, oldest first.
func (x *Exchange) Calls() []call.Snapshot {
	x.mu.Lock()
	list := make([]call.Snapshot, 0, len(x.calls))
	for _, c := range x.calls {
		list = append(list, c.Snapshot())
	}
	x.mu.Unlock()
	slices.SortFunc(list, func(a, b call.Snapshot) int { return a.Started.Compare(b.Started) })
	return list
}

// Release hangs a running call up. It reports false for an unknown call.
func (x *Exchange) Release(id call.ID, cause call.Cause) bool {
	return x.post(id, call.Release{Cause: cause})
}

// Record begins, stops, pauses or resumes the recording of a running call, for by. It
// reports false if there is nothing to record, or not that call.
func (x *Exchange) Record(id call.ID, do call.RecordDo, by string) bool {
	may := slices.ContainsFunc(x.Calls(), func(s call.Snapshot) bool { return s.ID == id && s.Recording != "" })
	return may && x.post(id, call.Record{Do: do, By: by})
}

// Run waits for ctx, then releases every call and waits until they have ended.
func (x *Exchange) Run(ctx context.Context) error {
	<-ctx.Done()
	x.mu.Lock()
	x.closing = true
	for _, c := range x.calls {
		c.Post(call.Release{Cause: call.Shutdown})
	}
	x.mu.Unlock()
	x.idle.Wait()
	return nil
}
