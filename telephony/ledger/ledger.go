// Package ledger remembers every step of every call and computes from the steps
// what people ask for: call records, and the story of a call in words.
//
// Steps are noted by calls and by the floor without waiting: Note hands them to
// the one goroutine of Run, which appends them to the store's log (committed in
// groups) and keeps the running calls and the latest records in memory. A
// record is a pure function of a call's steps, so a ledger can be rebuilt from
// its log and comes out the same. Calls that a restart cut off are closed, at
// the time of their last step, when the ledger is loaded.
//
// Three logs: the steps of calls; the records, each written when nothing more is to
// come for its call, and again if something does, so that history can be listed and counted without
// reading steps; and the floor, what agents do between and in calls. Records that a
// crash kept from their log are made again from the steps.
//
// Numbers are what agents and queues are known by. They are facts of the day: a
// renamed extension keeps its history, a new number begins one. package figures
// joins those of a number with what it was before (config, Formerly).
package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
)

// Log is where steps are kept. *store.Log is one.
type Log interface {
	// Append adds an entry of a time; it is committed soon. It never blocks.
	Append(at time.Time, data []byte)
	// Flush returns when everything appended so far is committed.
	Flush(ctx context.Context) error
	// Scan gives the committed entries of [from, to) to f, in order; Back the last one first.
	Scan(ctx context.Context, from, to time.Time, f func(at time.Time, data []byte) error) error
	Back(ctx context.Context, from, to time.Time, f func(at time.Time, data []byte) error) error
}

// Options are what the ledger needs from the house.
type Options struct {
	Clock  clock.Clock
	Log    Log // steps of calls
	Calls  Log // records
	Floor  Log // steps of no call
	News   *event.News
	Logger *slog.Logger
}

const (
	backlog   = 8192           // steps waiting for Run; more are dropped and counted
	cached    = 1000           // finished records in memory
	liveSteps = 1000           // steps of a running call in memory; more are read back
	aftermath = time.Hour      // how long after its end a call may still get steps (wrap-up)
	longest   = 48 * time.Hour // how long a call may last
	promised  = 15 * day       // how long after a call somebody may be called back: a booked time, its expire, and its last tries
	followed  = longest + promised
	lastWords = 5 * time.Second // for the last commit when Run ends
	slack     = 2 * time.Second // around a call's times when its steps are looked for
)

// ErrUnknown: there is no such call in the ledger.
var ErrUnknown = errors.New("no such call")

// Ledger is the box's memory of calls. Its methods are safe for concurrent use.
type Ledger struct {
	opts    Options
	in      chan call.Step
	dropped atomic.Int64

	mu      sync.RWMutex
	live    map[call.ID]*contact
	open    []*summary // ended and not settled, by time of end
	records []Record   // finished, by time of start
	agents  map[string]call.Step
}

// contact is a running call.
type contact struct {
	summary *summary
	steps   []call.Step
	more    bool // not all steps are in memory
}

// New makes an empty ledger. Run loads it.
func New(o Options) *Ledger {
	return &Ledger{opts: o, in: make(chan call.Step, backlog), live: make(map[call.ID]*contact), agents: make(map[string]call.Step)}
}

// Note keeps a step. It never blocks: if storing falls far behind, steps are
// dropped and counted in the box's log.
func (l *Ledger) Note(s call.Step) {
	s.At = s.At.Round(0).UTC() // as it will be read back
	select {
	case l.in <- s:
	default:
		l.dropped.Add(1)
	}
}

// Run loads the latest records and then stores steps until ctx ends, and those
// noted up to then. End it after everything that notes steps.
func (l *Ledger) Run(ctx context.Context) error {
	if err := l.load(ctx); err != nil {
		l.opts.Logger.Error("ledger not loaded", "err", err)
	}
	l.take(l.box("started"))
	hourly := make(chan struct{}, 1)
	timer := l.nextHour(hourly)
	defer func() { timer.Stop() }()
	for {
		select {
		case s := <-l.in:
			l.take(s)
		case <-hourly:
			l.lookRound()
			timer = l.nextHour(hourly)
		case <-ctx.Done():
			for len(l.in) > 0 {
				l.take(<-l.in)
			}
			l.take(l.box("stopped"))
			return l.flush(ctx)
		}
	}
}

func (l *Ledger) flush(ctx context.Context) error {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer l.opts.Clock.AfterFunc(lastWords, cancel).Stop()
	if err := l.commit(ctx); err != nil {
		return fmt.Errorf("commit the ledger: %w", err)
	}
	return nil
}

// commit waits until everything noted so far is on the disk.
func (l *Ledger) commit(ctx context.Context) error {
	return errors.Join(l.opts.Log.Flush(ctx), l.opts.Calls.Flush(ctx), l.opts.Floor.Flush(ctx))
}

// take stores a step and brings the memory up to date.
func (l *Ledger) take(s call.Step) {
	if n := l.dropped.Swap(0); n > 0 {
		l.opts.Logger.Error("ledger fell behind, steps are lost", "steps", n)
	}
	if s.Type == call.StepAgent {
		l.opts.Floor.Append(s.At, packAgent(s))
		l.mu.Lock()
		l.agents[s.Agent] = s
		l.mu.Unlock()
		return
	}
	data, err := json.Marshal(s)
	if err != nil {
		l.opts.Logger.Error("step not stored", "call", s.Call, "type", string(s.Type), "err", err)
		return
	}
	if s.Call == "" {
		l.opts.Floor.Append(s.At, data)
		return
	}
	l.opts.Log.Append(s.At, data)

	l.mu.Lock()
	done := l.follow(s)
	l.mu.Unlock()
	if done {
		l.opts.News.Publish(event.Ledger)
	}
}

// follow adds a step to its call; it reports whether that ended.
func (l *Ledger) follow(s call.Step) bool {
	c := l.live[s.Call]
	switch {
	case c == nil && s.Type == call.StepArrived:
		c = &contact{summary: newSummary()}
		l.live[s.Call] = c
	case c == nil:
		l.afterEnd(s)
		return false
	}
	c.summary.add(s)
	if len(c.steps) < liveSteps {
		c.steps = append(c.steps, s)
	} else {
		c.more = true
	}
	if !c.summary.ended {
		return false
	}
	delete(l.live, s.Call)
	l.keep(c.summary.record())
	l.open = append(l.open, c.summary)
	l.settle(s.At)
	return true
}

// afterEnd adds a step to a call that is over.
func (l *Ledger) afterEnd(s call.Step) {
	for _, c := range l.open {
		if c.r.Call == s.Call {
			c.add(s)
			l.settle(s.At)
			return
		}
	}
	l.amend(s)
}

// settle files the records of calls for which nothing more is to come.
func (l *Ledger) settle(now time.Time) {
	l.open = slices.DeleteFunc(l.open, func(s *summary) bool {
		if !s.settled() && now.Before(s.r.Ended.Add(patience(s.visits()))) {
			return false
		}
		r := s.record()
		l.opts.Calls.Append(r.Started, pack(&r))
		if i := slices.IndexFunc(l.records, func(k Record) bool { return k.Call == r.Call }); i >= 0 {
			l.records[i] = r
		}
		return true
	})
}

// keep files a finished record.
func (l *Ledger) keep(r Record) {
	i, _ := slices.BinarySearchFunc(l.records, r.Started, func(r Record, t time.Time) int { return r.Started.Compare(t) })
	for i < len(l.records) && l.records[i].Started.Equal(r.Started) {
		i++
	}
	l.records = slices.Insert(l.records, i, r)
	if len(l.records) > cached {
		l.records = slices.Delete(l.records, 0, len(l.records)-cached)
	}
}

// Records are finished calls that started before a time (zero: any), newest
// first, at most limit of them, of the latest 1000: those that memory has. List finds
// all.
func (l *Ledger) Records(limit int, before time.Time) []Record {
	l.mu.RLock()
	defer l.mu.RUnlock()
	list := []Record{}
	for i := len(l.records) - 1; i >= 0 && len(list) < limit; i-- {
		if before.IsZero() || l.records[i].Started.Before(before) {
			list = append(list, l.records[i])
		}
	}
	return list
}

// Steps are all steps of a call so far, running or finished; ErrUnknown if there
// are none.
func (l *Ledger) Steps(ctx context.Context, id call.ID) ([]call.Step, error) {
	steps, from, to := l.find(id)
	if steps != nil {
		return steps, nil
	}
	if from.IsZero() {
		return nil, ErrUnknown
	}
	if err := l.opts.Log.Flush(ctx); err != nil {
		return nil, fmt.Errorf("commit before reading call %s: %w", id, err)
	}
	name := []byte(`"` + id + `"`)
	err := l.opts.Log.Scan(ctx, from.Add(-slack), to.Add(slack), func(_ time.Time, data []byte) error {
		var s call.Step
		if bytes.Contains(data, name) && json.Unmarshal(data, &s) == nil && s.Call == id {
			steps = append(steps, s)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("read call %s: %w", id, err)
	case steps == nil:
		return nil, ErrUnknown
	}
	return steps, nil
}

// find is the running call's steps, or the span of time in which to look for them.
func (l *Ledger) find(id call.ID) (steps []call.Step, from, to time.Time) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if c := l.live[id]; c != nil {
		if !c.more {
			return slices.Clone(c.steps), from, to
		}
		return nil, c.summary.r.Started, l.opts.Clock.Now()
	}
	for i := range l.records {
		if r := &l.records[i]; r.Call == id {
			return nil, r.Started, r.Ended.Add(patience(r.Visits))
		}
	}
	const stamp = "20060102-150405" // how call.NewID begins
	if len(id) > len(stamp) {
		if t, err := time.Parse(stamp, string(id[:len(stamp)])); err == nil {
			return nil, t, t.Add(followed)
		}
	}
	return nil, from, to
}
