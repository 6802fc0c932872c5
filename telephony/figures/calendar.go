package figures

import "time"

// Day is the beginning of t's day in its zone: mostly midnight, in some zones an hour
// later once a year.
func Day(t time.Time) time.Time {
	y, m, d := t.Date()
	// The zone's offset may change in the day: the first moment that bears its date is
	// midnight of one of the offsets, or the change itself.
	from, _ := time.Date(y, m, d, 12, 0, 0, 0, t.Location()).ZoneBounds()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, t.Location())
	for _, at := range []time.Time{midnight.Add(-time.Hour), midnight.Add(-30 * time.Minute), midnight, from} {
		if ay, am, ad := at.Date(); ay == y && am == m && ad == d && before(at, d) {
			return at
		}
	}
	return midnight
}

// before tells whether the moment before t has another date.
func before(t time.Time, d int) bool { return t.Add(-time.Nanosecond).Day() != d }

// NextDay is the beginning of the day after t's.
func NextDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d+1, 12, 0, 0, 0, t.Location()))
}

// hour is the beginning of t's hour in its zone. The hour that clocks repeat is one of
// its own.
func hour(t time.Time) time.Time {
	_, min, sec := t.Clock()
	at := t.Add(-time.Duration(min)*time.Minute - time.Duration(sec)*time.Second - time.Duration(t.Nanosecond()))
	if from, _ := t.ZoneBounds(); !from.IsZero() && at.Before(from) {
		return from
	}
	return at
}

// nextHour is the beginning of the hour after t's.
func nextHour(t time.Time) time.Time {
	next := hour(t).Add(time.Hour)
	if _, to := t.ZoneBounds(); !to.IsZero() && next.After(to) {
		return to
	}
	return hour(next)
}

// spans are the hours or days of [from, to), by their beginnings; none for a group that
// is not of time.
func spans(by Group, from, to time.Time) (list []time.Time) {
	first, next := walk(by)
	if first == nil {
		return nil
	}
	for at := first(from); at.Before(to); at = next(at) {
		list = append(list, at)
	}
	return list
}

// walk is the functions that walk over the hours or days that a group is made of.
func walk(by Group) (first, next func(time.Time) time.Time) {
	switch by {
	case ByHour, ByWeekHour:
		return hour, nextHour
	case ByDay, ByWeekday:
		return Day, NextDay
	}
	return nil, nil
}
