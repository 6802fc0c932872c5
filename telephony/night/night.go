// Package night is the box's switches for the night: while one is on, whatever
// names it in the configuration sends its calls elsewhere. Where hours are with it, it
// has three positions: off leaves it to the hours, on closes, day keeps open.
//
// Switches owns their positions; one mutex guards them and every change is one
// Turn through one state machine, whoever makes it: a phone, the page or the
// command line. Positions are kept over a restart, with who turned the switch
// and when. Reading one is cheap and never waits: the dial plan asks for each
// call.
package night

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
)

// Memory keeps the positions over a restart. *store.Latest is one.
type Memory interface {
	Read() ([]byte, error)
	Keep([]byte) // never blocks
}

// Options are what the switches need from the house.
type Options struct {
	Clock  clock.Clock
	Log    *slog.Logger
	News   *event.News
	Config func() *config.Config
	Memory Memory
}

// Switches are all switches of the box. They are safe for concurrent use.
type Switches struct {
	opts Options

	mu        sync.Mutex
	positions map[string]Position // by number; of switches that were ever turned

	hours atomic.Pointer[reckoned] // of the last configuration that was asked for
}

// Position is how a switch stands since it was turned.
type Position struct {
	On  bool      `json:"on"`
	Day bool      `json:"day,omitempty"` // open, whatever the hours
	By  string    `json:"by"`            // extension, or user of the page
	At  time.Time `json:"at"`
}

// Turn is a wish for a switch.
type Turn struct {
	Switch string // its number
	To     To
	By     string
}

// To is how a switch is to stand.
type To string

// The wishes.
const (
	On    To = "on"
	Off   To = "off"
	Day   To = "day"   // keep open, whatever the hours; off for a switch without hours
	Other To = "other" // the next of off, on and, with hours, day
)

// View is a switch on the board.
type View struct {
	Number string    `json:"number"`
	Name   string    `json:"name"`
	On     bool      `json:"on"`
	Day    bool      `json:"day,omitempty"`
	Hours  []string  `json:"hours,omitempty"` // that it overrides
	Closed bool      `json:"closed"`          // by itself, or by hours while it is off
	By     string    `json:"by,omitempty"`    // who turned it last
	At     time.Time `json:"at,omitzero"`
}

// Open reads the positions of before the restart. What cannot be read counts as
// off and is told in the error, with switches that work.
func Open(o Options) (*Switches, error) {
	s := &Switches{opts: o, positions: make(map[string]Position)}
	text, err := o.Memory.Read()
	if err == nil && text != nil {
		err = json.Unmarshal(text, &s.positions)
	}
	if err != nil {
		s.positions = make(map[string]Position)
		return s, fmt.Errorf("positions of the night switches: %w", err)
	}
	return s, nil
}

// On tells whether a switch is on. One that is not configured is off.
func (s *Switches) On(number string) bool {
	if _, ok := s.opts.Config().Switch(number); !ok {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.positions[number].On
}

// Turn turns a switch and tells how it stands then: On, Off or Day. ok is false for a
// switch that is not configured and for a wish that is none.
func (s *Switches) Turn(t Turn) (to To, ok bool) {
	cfg := s.opts.Config()
	if _, known := cfg.Switch(t.Switch); !known {
		return Off, false
	}
	hours := len(cfg.HoursOf(t.Switch)) > 0
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.positions[t.Switch].to()
	switch to = t.To; to {
	case On, Off, Day:
	case Other:
		to = map[To]To{Off: On, On: Day, Day: Off}[was]
	default:
		return was, false
	}
	if to == Day && !hours {
		to = Off
	}
	if to == was {
		return to, true
	}
	s.positions[t.Switch] = Position{On: to == On, Day: to == Day, By: t.By, At: s.opts.Clock.Now()}
	s.opts.Log.Info("switch turned", "switch", t.Switch, "to", to, "by", t.By)
	if text, err := json.Marshal(s.positions); err == nil { // a map of plain values always is written
		s.opts.Memory.Keep(text)
	}
	s.opts.News.Publish(event.Switches)
	return to, true
}

// Board is every switch of the configuration, in its order.
func (s *Switches) Board() []View {
	cfg, now := s.opts.Config(), s.opts.Clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]View, 0, len(cfg.Switches))
	for _, w := range cfg.Switches {
		p := s.positions[w.Number]
		list = append(list, View{Number: w.Number, Name: w.Name, On: p.On, Day: p.Day, By: p.By, At: p.At,
			Hours: cfg.HoursOf(w.Number), Closed: s.closed(cfg, w.Number, p, now)})
	}
	return list
}
