package calendar

import (
	"slices"
	"time"
)

// Span is a part of a day, in minutes from its midnight: From 0 to 1439, To 1 to 1440.
// One that does not end after its beginning goes on into the next day.
type Span struct{ From, To int }

// Exception are days with hours of their own; without any, a day is closed.
type Exception struct {
	First, Last Day
	Name        string
	Spans       []Span
}

// Hours are when a shop is open. A Span that goes on over midnight is part of the day
// on which it begins, and goes on whatever the next day is.
type Hours struct {
	Zone *time.Location
	Week [7][]Span // by time.Weekday
	// Exceptions go before Holidays, and those before Week; of several the first that
	// has the day.
	Exceptions []Exception
	Holidays   map[Day]Names // on which it is closed
}

// Names are what a day is called.
type Names struct {
	English string `json:"en"`
	Persian string `json:"fa"`
}

// Cause is why hours are as they are.
type Cause string

// The causes.
const (
	ByWeek      Cause = "week"      // the time of a usual day
	ByWeekday   Cause = "weekday"   // a day of the week on which it never is open
	ByHoliday   Cause = "holiday"   // Names tell of which
	ByException Cause = "exception" // as ByHoliday
)

// State is how hours stand at a moment.
type State struct {
	At    time.Time // the moment, in Hours.Zone
	Open  bool
	Until time.Time // when that changes, in Hours.Zone; zero: not within a year
	Cause Cause
	Names Names // of a holiday or an exception; may be empty
}

// horizon is how many days ahead a change is looked for.
const horizon = 400

// At is how the hours stand at a moment.
func (h *Hours) At(t time.Time) State {
	t = t.In(h.Zone)
	today := DayOf(t)
	s := State{At: t}
	_, s.Cause, s.Names = h.day(today)
	until, last := t, today+horizon
	for d := today - 2; d <= min(DayOf(until)+1, last); d++ {
		for _, o := range h.openings(d) {
			if !o.from.After(until) && o.to.After(until) {
				until, s.Open = o.to, true
			}
		}
	}
	if s.Open {
		if DayOf(until) < last {
			s.Until = until
		}
		return s
	}
	for d := today; d <= last; d++ {
		for _, o := range h.openings(d) {
			if o.from.After(t) && (s.Until.IsZero() || o.from.Before(s.Until)) {
				s.Until = o.from
			}
		}
		if !s.Until.IsZero() && d > DayOf(s.Until) {
			return s
		}
	}
	return s
}

// opening is when it is open, without To.
type opening struct{ from, to time.Time }

// openings are those that begin on a day, by the hours of that day.
func (h *Hours) openings(d Day) []opening {
	spans, _, _ := h.day(d)
	list := make([]opening, 0, len(spans))
	for _, s := range spans {
		length := s.To - s.From
		if length <= 0 {
			length += 24 * 60
		}
		o := opening{h.moment(d, s.From), h.moment(d, s.From+length)}
		if !o.to.After(o.from) { // clocks skip the end, and not the beginning
			o.to = o.from.Add(time.Duration(length) * time.Minute)
		}
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b opening) int { return a.from.Compare(b.from) })
	return list
}

// day are the hours of a day, and why they are so.
func (h *Hours) day(d Day) ([]Span, Cause, Names) {
	for _, e := range h.Exceptions {
		if d >= e.First && d <= e.Last {
			return e.Spans, ByException, Names{e.Name, e.Name}
		}
	}
	if n, ok := h.Holidays[d]; ok {
		return nil, ByHoliday, n
	}
	spans := h.Week[d.Weekday()]
	if len(spans) == 0 {
		return nil, ByWeekday, Names{}
	}
	return spans, ByWeek, Names{}
}

// moment is when the wall clock shows a minute of a day (see the package's comment).
func (h *Hours) moment(d Day, minute int) time.Time {
	wall := int64(d)*86400 + int64(minute)*60
	at := func(offset int) time.Time { return time.Unix(wall-int64(offset), 0).In(h.Zone) }
	offset := func(t time.Time) int { _, o := t.Zone(); return o }
	before, after := offset(at(0).Add(-24*time.Hour)), offset(at(0).Add(24*time.Hour))
	if t := at(before); offset(t) == before {
		return t
	}
	if t := at(after); offset(t) == after {
		return t
	}
	return at(before)
}
