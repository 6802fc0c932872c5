package figures

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
)

// The periods that have a name.
const (
	Today     = "today"
	Yesterday = "yesterday"
	Week      = "week"  // from Saturday or Monday on, as the country has it
	Month     = "month" // of the Gregorian calendar
)

// fromSaturday are countries in which the week begins with Saturday.
var fromSaturday = []string{"IR", "AF", "IQ", "EG", "JO", "KW", "QA", "BH", "OM", "SY", "LB"}

// Period is a named period in the box's zone, up to the end of today; false for a name
// that is none.
func (r *Room) Period(name string) (from, to time.Time, ok bool) {
	today := Day(r.opts.Clock.Now().In(r.Zone()))
	back := func(days int) time.Time { return Day(today.Add(12*time.Hour).AddDate(0, 0, -days)) }
	switch name {
	case Today:
		return today, NextDay(today), true
	case Yesterday:
		return back(1), today, true
	case Week:
		first := time.Monday
		if slices.Contains(fromSaturday, r.opts.Config().System.Country) {
			first = time.Saturday
		}
		return back(int(today.Weekday()-first+7) % 7), NextDay(today), true
	case Month:
		return back(today.Day() - 1), NextDay(today), true
	}
	return from, to, false
}

// MonthOf is a month of either calendar, 1405-08 or 2026-11, in the box's zone.
func (r *Room) MonthOf(text string) (from, to time.Time, err error) {
	first, next, err := calendar.ParseMonth(text)
	return r.DayOf(first), r.DayOf(next), err
}

// DayOf is the beginning of a day in the box's zone.
func (r *Room) DayOf(d calendar.Day) time.Time {
	year, month, day := d.Gregorian()
	return Day(time.Date(year, time.Month(month), day, 12, 0, 0, 0, r.Zone()))
}
