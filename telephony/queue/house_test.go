package queue

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// house is a floor with phones, inside a synctest bubble.
type house struct {
	*testing.T
	floor   *Floor
	journal *calltest.Journal
	news    *event.News
	config  config.Config

	memory *memory
	book   *pages // nil: none
	stop   func()
	begun  []*call.Call // by the floor; of its goroutine while it runs

	mu     sync.Mutex
	phones map[string]*calltest.Phone
	calls  sync.WaitGroup
}

// caller is a call in the house.
type caller struct {
	*calltest.Leg
	call  *call.Call
	next  string // what Serve returned
	cause call.Cause
}

// bubble runs a test in a house with agents 1001 and 1002 and a queue 700.
func bubble(t *testing.T, change func(*config.Queue), test func(*house)) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{T: t, memory: &memory{}, journal: &calltest.Journal{}, news: &event.News{}, phones: map[string]*calltest.Phone{}}
		q := config.Queue{Number: "700", Name: "sales", Language: "en", Strategy: config.Linear, Agents: config.QueueAgents("1001", "1002"),
			Music: "default", RingFor: config.Duration(20 * time.Second), WrapUp: config.Duration(10 * time.Second)}
		change(&q)
		h.config = config.Config{Queues: []config.Queue{q},
			Extensions: []config.Extension{{Number: "1001", Name: "Ali"}, {Number: "1002", Name: "Sara", Language: "fa"}}}
		h.phones["1001"] = calltest.NewPhone("1001", clock.System())
		h.phones["1002"] = calltest.NewPhone("1002", clock.System())
		h.start()
		test(h)
		h.stop()
		for _, c := range h.begun {
			c.Post(call.Release{Cause: call.Shutdown})
		}
		h.calls.Wait()
	})
}

// start lets a new floor work, until stop.
func (h *house) start() {
	cfg := h.config
	o := Options{Clock: clock.System(), Journal: h.journal, News: h.news, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Endpoints: h.endpoints, Originate: h.originate, Reach: h.reach, Memory: h.memory, Config: &cfg}
	if h.book != nil {
		o.Daybook = h.book
	}
	h.floor = New(o)
	if h.book != nil {
		h.book.floor = h.floor
	}
	ctx, cancel := context.WithCancel(h.Context())
	done := make(chan struct{})
	go func() { h.floor.Run(ctx); close(done) }()
	h.stop = func() { cancel(); <-done }
	synctest.Wait()
}

func keep(*config.Queue) {}

func (h *house) endpoints(ext string) []call.Endpoint {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.phones[ext]; p != nil {
		return []call.Endpoint{p}
	}
	return nil
}

// plug gives an extension a phone, or takes it away.
func (h *house) plug(ext string, p *calltest.Phone) {
	h.mu.Lock()
	h.phones[ext] = p
	h.mu.Unlock()
	h.news.Publish(event.Phones)
	synctest.Wait()
}

func (h *house) arrive(number string) *caller { return h.arriveWith(number, nil) }

// arriveWith is a call of which something is known.
func (h *house) arriveWith(number string, values map[string]string) *caller {
	c := &caller{Leg: calltest.NewLeg(number, clock.System())}
	c.call = call.New(call.Arrival{Leg: c.Leg, From: call.Party{Number: number, Name: "caller"}, To: "700"},
		call.Options{Clock: clock.System(), Journal: h.journal, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	h.calls.Go(func() {
		c.call.Run(func(c2 *call.Call) call.Cause {
			for name, value := range values {
				c2.Learn(name, value)
			}
			c.next, c.cause = h.floor.Serve(c2, "700")
			return c.cause
		})
	})
	synctest.Wait()
	return c
}

// rung is the leg on which an agent's phone rings now.
func (h *house) rung(ext string) *calltest.Leg {
	h.Helper()
	synctest.Wait()
	select {
	case l := <-h.phones[ext].Rung:
		l.Post(call.Ringing{Leg: l.ID()})
		synctest.Wait()
		return l
	default:
		h.Fatalf("the phone of %s does not ring", ext)
		return nil
	}
}

func (h *house) quiet(ext string) {
	h.Helper()
	synctest.Wait()
	select {
	case l := <-h.phones[ext].Rung:
		h.Fatalf("the phone of %s rings: %s", ext, l.Name)
	default:
	}
}

func (h *house) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (h *house) answer(l *calltest.Leg) {
	l.Post(call.Answered{Leg: l.ID()})
	synctest.Wait()
}

func (h *house) agent(ext string) AgentView {
	synctest.Wait()
	for _, a := range h.floor.Board().Agents {
		if a.Extension == ext {
			return a
		}
	}
	return AgentView{}
}

func (h *house) states(want string) {
	h.Helper()
	synctest.Wait()
	var got []string
	for _, a := range h.floor.Board().Agents {
		got = append(got, a.Extension+" "+a.State)
	}
	if s := strings.Join(got, ", "); s != want {
		h.Errorf("agents are: %s; want: %s", s, want)
	}
}

// steps are the queue's steps of a call: "queue-missed 1001 no-answer".
func (h *house) steps(c *caller) []string {
	var list []string
	for _, s := range h.journal.Steps() {
		if s.Call != c.call.ID() {
			continue
		}
		switch s.Type {
		case call.StepQueueJoined, call.StepQueueRefused, call.StepQueueAnnounced, call.StepQueueOffered, call.StepQueueMissed,
			call.StepQueueConnected, call.StepQueueLeft, call.StepWrapUp, call.StepReady:
			line := string(s.Type)
			for _, part := range []string{s.Agent, s.Cause, s.Value} {
				if part != "" {
					line += " " + part
				}
			}
			if s.Type == call.StepQueueLeft || s.Type == call.StepQueueRefused || s.Type == call.StepQueueOffered {
				line += ": " + s.Reason
			}
			list = append(list, line)
		}
	}
	return list
}

func (h *house) wantSteps(c *caller, want ...string) {
	h.Helper()
	synctest.Wait()
	if got := h.steps(c); !slices.Equal(got, want) {
		h.Errorf("steps:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
