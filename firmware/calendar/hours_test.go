package calendar

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// anyHours are hours as somebody may have them.
func anyHours(r *rand.Rand, z *time.Location, around Day) *Hours {
	spans := func() (list []Span) {
		for range r.IntN(4) {
			list = append(list, Span{r.IntN(48) * 30, 30 + r.IntN(48)*30})
		}
		return list
	}
	h := &Hours{Zone: z, Holidays: make(map[Day]Names)}
	for i := range h.Week {
		h.Week[i] = spans()
	}
	for range r.IntN(3) {
		first := around + Day(r.IntN(9)-4)
		h.Exceptions = append(h.Exceptions, Exception{First: first, Last: first + Day(r.IntN(3)), Name: "x", Spans: spans()})
	}
	if r.IntN(2) == 0 {
		h.Holidays[around+Day(r.IntN(5)-2)] = Names{"holiday", "تعطیل"}
	}
	return h
}

// changes are days on which clocks change, and one on which they do not.
var changes = []struct {
	zone string
	day  Day
}{
	{"Europe/Berlin", Gregorian(2026, 3, 29)}, {"Europe/Berlin", Gregorian(2026, 10, 25)}, // a gap, an overlap
	{"Asia/Tehran", Gregorian(2021, 3, 22)}, {"Asia/Tehran", Gregorian(2021, 9, 22)}, // at midnight
	{"America/Havana", Gregorian(2026, 11, 1)}, {"Australia/Lord_Howe", Gregorian(2026, 10, 4)}, // midnight twice, half an hour
	{"Asia/Tehran", Gregorian(2026, 11, 27)},
}

// TestNextChangeIsTheFirst moment at which the answer differs, whatever the hours; and
// no block is lost, over a change of clocks either.
func TestNextChangeIsTheFirst(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		c := changes[seed%uint64(len(changes))]
		h := anyHours(r, zone(t, c.zone), c.day)
		for d := c.day - 2; d <= c.day+2; d++ {
			spans, _, _ := h.day(d)
			if got := h.openings(d); len(got) != len(spans) || slices.ContainsFunc(got, func(o opening) bool { return !o.to.After(o.from) }) {
				t.Fatalf("%d: on %v %v opens %v", seed, d, spans, got)
			}
			for _, o := range h.openings(d) {
				if !h.At(o.from).Open || !h.At(o.to.Add(-time.Second)).Open {
					t.Fatalf("%d: shut within %v", seed, o)
				}
			}
		}
		at := h.moment(c.day, 0).Add(-36 * time.Hour)
		for end := at.Add(96 * time.Hour); at.Before(end); {
			s := h.At(at)
			for next := at; next.Before(end) && (s.Until.IsZero() || next.Before(s.Until)); next = next.Add(10 * time.Minute) {
				if h.At(next).Open != s.Open {
					t.Fatalf("%d: at %v open is %v until %v, but not at %v", seed, at, s.Open, s.Until, next)
				}
			}
			if s.Until.IsZero() {
				break
			}
			if !s.Until.After(at) || h.At(s.Until).Open == s.Open || h.At(s.Until.Add(-time.Second)).Open != s.Open {
				t.Fatalf("%d: at %v open is %v until %v, where nothing changes", seed, at, s.Open, s.Until)
			}
			at = s.Until
		}
	}
}

func TestHours(t *testing.T) {
	day := []Span{{8 * 60, 13 * 60}, {14 * 60, 17 * 60}}
	h := &Hours{Zone: zone(t, "Asia/Tehran"), Holidays: map[Day]Names{Gregorian(2026, 11, 24): {"Feast", "جشن"}},
		Exceptions: []Exception{{First: Gregorian(2026, 11, 30), Last: Gregorian(2026, 12, 1), Name: "Stocktaking"}, {First: Gregorian(2026, 12, 2), Last: Gregorian(2026, 12, 2), Spans: []Span{{600, 660}}}}}
	for _, d := range []time.Weekday{6, 0, 1, 2, 3} {
		h.Week[d] = day
	}
	h.Week[4] = []Span{{22 * 60, 2 * 60}} // Thursday's night
	for at, want := range map[string]struct {
		open  bool
		until string
		cause Cause
	}{
		"2026-11-22 07:59": {false, "2026-11-22 08:00", ByWeek}, "2026-11-22 08:00": {true, "2026-11-22 13:00", ByWeek},
		"2026-11-22 13:30": {false, "2026-11-22 14:00", ByWeek}, "2026-11-23 17:00": {false, "2026-11-25 08:00", ByWeek},
		"2026-11-24 10:00": {false, "2026-11-25 08:00", ByHoliday}, "2026-11-27 01:59": {true, "2026-11-27 02:00", ByWeekday},
		"2026-11-27 18:40": {false, "2026-11-28 08:00", ByWeekday}, "2026-11-30 10:00": {false, "2026-12-02 10:00", ByException},
		"2026-12-02 10:30": {true, "2026-12-02 11:00", ByException},
	} {
		when, err := time.ParseInLocation("2006-01-02 15:04", at, h.Zone)
		if err != nil {
			t.Fatal(err)
		}
		s := h.At(when)
		if s.Open != want.open || s.Until.Format("2006-01-02 15:04") != want.until || s.Cause != want.cause {
			t.Errorf("%s: %+v, want %+v", at, s, want)
		}
	}
	always := &Hours{Zone: time.UTC}
	for i := range always.Week {
		always.Week[i] = []Span{{0, 1440}}
	}
	if s := always.At(time.Unix(0, 0)); !s.Open || !s.Until.IsZero() {
		t.Errorf("always open: %+v", s)
	}
	if s := (&Hours{Zone: time.UTC}).At(time.Unix(0, 0)); s.Open || !s.Until.IsZero() {
		t.Errorf("never open: %+v", s)
	}
}

// TestClocksAreChanged: what is skipped is open after the change, what comes twice once.
func TestClocksAreChanged(t *testing.T) {
	h := &Hours{Zone: zone(t, "Europe/Berlin")}
	h.Week[time.Sunday] = []Span{{2*60 + 30, 3 * 60}}
	gap := h.openings(Gregorian(2026, 3, 29))[0]
	if gap.from.UTC().Format("15:04") != "01:30" || gap.to.Sub(gap.from) != 30*time.Minute {
		t.Errorf("in the gap: %v", gap)
	}
	twice := h.openings(Gregorian(2026, 10, 25))[0] // until the second 3:00
	if twice.from.UTC().Format("15:04") != "00:30" || twice.to.Sub(twice.from) != 90*time.Minute {
		t.Errorf("in the overlap: %v", twice)
	}
}

func BenchmarkAt(b *testing.B) {
	h := anyHours(rand.New(rand.NewPCG(1, 1)), time.UTC, Gregorian(2026, 11, 22))
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		h.At(at)
	}
}
