// Package trial tries a call out without a phone: who calls, what he dials, when,
// and which keys he presses, through the real exchange, dial plan, menus, speech and
// queues, on a virtual clock. It tells every step with its reason, and has the
// sound that the caller would have heard.
//
// Nothing of it touches the running box. Phones are played: each rings, and does what
// Phones says of it. Numbers outside are never dialled, and a callback that the caller
// asks for is told and not made: it would be another call. A trial takes milliseconds for
// minutes, and the same question always gives the same answer.
package trial

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/exchange"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/night"
	"github.com/pasokh/pasokh/telephony/park"
	"github.com/pasokh/pasokh/telephony/queue"
)

// Bounds of a trial, in its own time.
const (
	longest = 30 * time.Minute
	talks   = 10 * time.Second // how long somebody who answered is talked with
	slice   = time.Second      // how often Run looks whether it is over
)

// Errors of a question.
var (
	ErrNumber = errors.New("to is no number of this box, its trunks or lines")
	ErrPhone  = errors.New("a phone answers after a time such as 4s, or is busy or never")
	ErrSwitch = errors.New("a switch can be on, and one with hours can keep open")
)

// Question is what is to be tried.
type Question struct {
	From string    // the caller's number; empty: he hides it
	To   string    // number of ours on a trunk, port of a line, or a number of the plan
	At   time.Time // when
	// Keys are pressed in groups, one each time something was said to its end: "2 1001#".
	Keys string
	// Phones are what the phones of extensions do: busy, never, or the time after which
	// they are answered. Others are answered after 6 s.
	Phones map[string]string
	// On are the switches that are on, Day those that keep open what has hours.
	On, Day []string
	// Patience is how long the caller stays, 0: until he has talked.
	Patience time.Duration
	// Found is what a menu's look-ups over the network find, JSON; empty: they get no answer.
	Found string
}

// House is what a trial needs of the box.
type House struct {
	Config  *config.Config
	Library *media.Library
	// Floor is what agents do now, as queue.Memory keeps it; nil: all work.
	Floor []byte
}

// Answer is what became of a trial.
type Answer struct {
	Steps []call.Step
	Sound []int16 // 8000 samples a second, from the call's arrival
	// Cut: the trial was ended because it took too long.
	Cut bool
}

// Run tries a question out.
func Run(h House, q Question) (Answer, error) {
	arrival, err := arrive(h.Config, q)
	if err != nil {
		return Answer{}, err
	}
	t := &trial{house: h, question: q, clock: clock.NewVirtual(q.At), log: slog.New(slog.DiscardHandler)}
	phones, err := t.phones()
	if err != nil {
		return Answer{}, err
	}
	caller := newLeg(t, "caller", call.Party{Number: q.From})
	caller.keys = strings.Fields(q.Keys)
	caller.tape = new(tape)
	arrival.Leg = caller

	news := &event.News{}
	current := func() *config.Config { return h.Config }
	switches, err := t.switches(current, news)
	if err != nil {
		return Answer{}, err
	}
	var x *exchange.Exchange
	floor := queue.New(queue.Options{Clock: t.clock, Journal: t, News: news, Log: t.log, Config: h.Config, Memory: frozen(h.Floor),
		Endpoints: func(ext string) []call.Endpoint { return x.Endpoints(ext) }})
	rooms := func() call.Room { return new(room) }
	x = exchange.New(exchange.Options{Clock: t.clock, Log: t.log, News: news, Journal: t, Config: current, Floor: floor,
		Conferences: conference.New(conference.Options{Clock: t.clock, News: news, NewRoom: rooms}), Parking: park.New(current), Voicemail: mailbox{},
		NewRoom: rooms, On: switches.On, Day: switches.Day, Open: switches.Open,
		Turn: func(number, by string) (string, bool) {
			to, ok := switches.Turn(night.Turn{Switch: number, To: night.Other, By: by})
			return string(to), ok
		},
		Ways: t.outside, Fetch: t.fetch})
	x.AddDirectory(phones)

	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { defer close(over); _ = floor.Run(ctx) }()
	t.clock.Run(q.At)
	x.Arrive(arrival)
	answer := t.play(caller)
	cancel()
	t.clock.Drain(over)
	return answer, nil
}

// play lets time go by until the call has ended.
func (t *trial) play(caller *leg) Answer {
	end := t.question.At.Add(longest)
	if p := t.question.Patience; p > 0 {
		t.clock.AfterFunc(p, func() { caller.end(call.Normal) })
	}
	for t.clock.Run(t.clock.Now().Add(slice)) && !t.ended() && t.clock.Now().Before(end) {
	}
	cut := !t.ended()
	caller.end(call.Normal)
	t.clock.Run(t.clock.Now().Add(slice))
	caller.catchUp()
	t.mu.Lock()
	defer t.mu.Unlock()
	return Answer{Steps: t.steps, Sound: caller.tape.samples, Cut: cut}
}

// trial is one question being tried. It is the journal of its rooms.
type trial struct {
	house    House
	question Question
	clock    *clock.Virtual
	log      *slog.Logger

	mu    sync.Mutex
	steps []call.Step
	over  bool
	legs  int
}

// Note keeps a step.
func (t *trial) Note(s call.Step) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.steps = append(t.steps, s)
	t.over = t.over || s.Type == call.StepEnded
}

func (t *trial) ended() bool { t.mu.Lock(); defer t.mu.Unlock(); return t.over }

// fetch answers look-ups without asking anybody.
func (t *trial) fetch(context.Context, string) ([]byte, error) {
	if t.question.Found == "" {
		return nil, errors.New("no answer: a trial asks nobody")
	}
	return []byte(t.question.Found), nil
}

// frozen is the memory of the floor, which the trial does not change.
type frozen []byte

func (f frozen) Read() ([]byte, error) { return f, nil }
func (frozen) Keep([]byte)             {}

// arrive finds out how a call to a number comes in.
func arrive(cfg *config.Config, q Question) (call.Arrival, error) {
	a := call.Arrival{From: call.Party{Number: q.From}, To: q.To}
	if e, ok := cfg.Extension(q.From); ok {
		a.From.Name, a.Origin.Extension, a.Language = e.Name, e.Number, string(e.Language)
		return a, nil
	}
	if l, ok := cfg.Line(q.To); ok {
		a.To, a.Origin.Line, a.Language = l.Destination, l.Port, string(l.Language)
		return a, nil
	}
	plan := cfg.Plan()
	for i := range cfg.Trunks {
		if did, number, ok := cfg.Trunks[i].DID(q.To, plan); ok {
			a.To, a.Origin.Trunk, a.Origin.DID, a.Language = number, cfg.Trunks[i].Name, did, string(cfg.Trunks[i].Language)
			return a, nil
		}
	}
	for number := range cfg.Numbers() {
		if number == q.To {
			return a, nil
		}
	}
	return a, fmt.Errorf("%w: %s", ErrNumber, q.To)
}

// phones are the phones of all extensions that have one.
func (t *trial) phones() (directory, error) {
	d := make(directory)
	for i := range t.house.Config.Extensions {
		ext := t.house.Config.Extensions[i].Number
		p := phone{trial: t, number: ext, answers: 6 * time.Second}
		switch does := t.question.Phones[ext]; does {
		case "":
		case "busy":
			p.busy = true
		case "never":
			p.answers = 0
		default:
			after, err := time.ParseDuration(does)
			if err != nil || after <= 0 || after > longest {
				return nil, fmt.Errorf("%w: %s=%s", ErrPhone, ext, does)
			}
			p.answers = after
		}
		d[ext] = p
	}
	return d, nil
}

// switches are the night switches as the question has them.
func (t *trial) switches(current func() *config.Config, news *event.News) (*night.Switches, error) {
	s, err := night.Open(night.Options{Clock: t.clock, Log: t.log, News: news, Config: current, Memory: frozen(nil)})
	if err != nil {
		return nil, err
	}
	turn := func(numbers []string, to night.To) {
		for _, number := range numbers {
			if is, ok := s.Turn(night.Turn{Switch: number, To: to}); err == nil && (!ok || is != to) {
				err = fmt.Errorf("%w: %s", ErrSwitch, number)
			}
		}
	}
	turn(t.question.On, night.On)
	turn(t.question.Day, night.Day)
	return s, err
}

// outside is a number behind trunks, which answers.
func (t *trial) outside(trunks []string, number string) []call.Endpoint {
	if len(trunks) == 0 {
		return nil
	}
	return []call.Endpoint{phone{trial: t, number: number, trunk: trunks[0], answers: 8 * time.Second}}
}

// legID is a name that no other leg of the trial has.
func (t *trial) legID(name string) call.LegID {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.legs++
	return call.LegID(name + "-" + strconv.Itoa(t.legs))
}
