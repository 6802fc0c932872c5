package calendar

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// clocked tells by the clock on the wall alone whether hours are open: at a minute of a
// day, by the blocks of that day and by those that come over from the day before. It is
// right where clocks are never changed.
func clocked(h *Hours, t time.Time) bool {
	t = t.In(h.Zone)
	today, now := DayOf(t), t.Hour()*60+t.Minute()
	blocks := func(d Day) []Span {
		for _, e := range h.Exceptions {
			if e.First <= d && d <= e.Last {
				return e.Spans
			}
		}
		if _, off := h.Holidays[d]; off {
			return nil
		}
		return h.Week[d.Weekday()]
	}
	return slices.ContainsFunc(blocks(today), func(s Span) bool { return s.From <= now && (now < s.To || s.To <= s.From) }) ||
		slices.ContainsFunc(blocks(today-1), func(s Span) bool { return s.To <= s.From && now < s.To })
}

// TestHoursAreThoseOnTheWall: every minute of a week, whatever the hours, and the change
// that each tells of.
func TestHoursAreThoseOnTheWall(t *testing.T) {
	day := Gregorian(2026, 11, 27)
	for seed := range uint64(20) {
		h := anyHours(rand.New(rand.NewPCG(seed, 2)), zone(t, []string{"Asia/Tehran", "Asia/Kathmandu", "UTC"}[seed%3]), day)
		start := h.moment(day-3, 0)
		var last State
		for m := range 7 * 24 * 60 {
			at := start.Add(time.Duration(m) * time.Minute)
			open := clocked(h, at)
			if m == 0 || !last.Until.IsZero() && !at.Before(last.Until) {
				last = h.At(at)
			}
			if last.Open != open {
				t.Fatalf("%d: at %v open is %v until %v, the wall says %v", seed, at, last.Open, last.Until, open)
			}
			if m%7 == 0 {
				if s := h.At(at); s.Open != open || !s.Until.Equal(last.Until) {
					t.Fatalf("%d: at %v %+v, since the last change %+v", seed, at, s, last)
				}
			}
		}
	}
}
