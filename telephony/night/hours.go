package night

import (
	"context"
	"maps"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
)

// to is the position as a wish for it.
func (p Position) to() To {
	switch {
	case p.On:
		return On
	case p.Day:
		return Day
	}
	return Off
}

// Day tells whether a switch keeps what has hours open.
func (s *Switches) Day(number string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.positions[number].Day
}

// Open tells whether hours are open now, and why they are not.
func (s *Switches) Open(hours string) (open bool, why string) {
	return s.table(s.opts.Config()).Open(hours, s.opts.Clock.Now())
}

// reckoned is the timetable of a configuration.
type reckoned struct {
	of    *config.Config // which is never changed
	table config.Timetable
}

// table is the timetable of a configuration, made when that is a new one.
func (s *Switches) table(cfg *config.Config) config.Timetable {
	r := s.hours.Load()
	if r == nil || r.of != cfg {
		r = &reckoned{cfg, cfg.Timetable()}
		s.hours.Store(r)
	}
	return r.table
}

// Closed tells whether a switch is on or, while it is off, any of its hours are closed:
// what its lamp shows.
func (s *Switches) Closed(number string) bool {
	cfg := s.opts.Config()
	if _, ok := cfg.Switch(number); !ok {
		return false
	}
	s.mu.Lock()
	p := s.positions[number]
	s.mu.Unlock()
	return s.closed(cfg, number, p, s.opts.Clock.Now())
}

func (s *Switches) closed(cfg *config.Config, number string, p Position, now time.Time) bool {
	if p.On || p.Day {
		return p.On
	}
	table := s.table(cfg)
	for _, hours := range cfg.HoursOf(number) {
		if open, _ := table.Open(hours, now); !open {
			return true
		}
	}
	return false
}

// Run tells the news when hours open or close, within a second of the minute, so that
// lamps and pages follow.
func (s *Switches) Run(ctx context.Context) error {
	var was map[string]bool
	for {
		is := make(map[string]bool)
		cfg, now := s.opts.Config(), s.opts.Clock.Now()
		for _, w := range cfg.Switches {
			is["switch "+w.Number] = s.Closed(w.Number)
		}
		for name, hours := range s.table(cfg) {
			is["hours "+name] = hours.At(now).Open
		}
		if was != nil && !maps.Equal(is, was) {
			s.opts.News.Publish(event.Switches)
		}
		was = is
		if !s.opts.Clock.Sleep(ctx, now.Truncate(time.Minute).Add(time.Minute)) {
			return nil
		}
	}
}
