package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Day is a day of no zone and no calendar: days since 1 January 1970.
type Day int

// Years of the Jalali calendar for which the rule of 33 years is that of the
// official one.
const (
	FirstYear = 1210
	LastYear  = 1500
)

// ErrDate: a date cannot be understood.
var ErrDate = errors.New("a date is such as 1405/9/6 (Jalali) or 2026-11-27")

// DayOf is the day that t has in its zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Gregorian(y, int(m), d)
}

// Gregorian is a day of the Gregorian calendar; a day 31 of a month of 30 is the
// first of the next.
func Gregorian(year, month, day int) Day {
	return Day(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// nowruz is the first day of a Jalali year. The official calendar begins the year at
// the equinox (law of 11 Farvardin 1304). From 1210 to 1634 that makes 8 leap years in
// each 33, without an exception (Borkowski, The Persian calendar for 3000 years, 1996).
func nowruz(year int) Day {
	const since1404 = (8*1404 + 21) / 33
	return Gregorian(2025, 3, 21) + Day(365*(year-1404)+(8*year+21)/33-since1404)
}

// Jalali is a day of the Jalali calendar. It reports false for one that there is not,
// or not from FirstYear to LastYear.
func Jalali(year, month, day int) (Day, bool) {
	if year < FirstYear || year > LastYear || month < 1 || month > 12 || day < 1 {
		return 0, false
	}
	d := nowruz(year) + Day(monthStart(month)+day-1)
	_, m, _ := d.Jalali()
	return d, m == month
}

// monthStart is how many days of a year are before a month, from 1.
func monthStart(month int) int { return 31*(month-1) - max(0, month-7) }

// Jalali is the date in the Jalali calendar.
func (d Day) Jalali() (year, month, day int) {
	g, _, _ := d.Gregorian()
	year = g - 621
	if d < nowruz(year) {
		year--
	}
	n := int(d - nowruz(year))
	for month = 12; monthStart(month) > n; month-- {
	}
	if n-monthStart(month) >= 31 { // of what is no day of the month
		return year + 1, 1, 1
	}
	return year, month, n - monthStart(month) + 1
}

// Gregorian is the date in the Gregorian calendar.
func (d Day) Gregorian() (year, month, day int) {
	y, m, dd := time.Unix(int64(d)*86400, 0).UTC().Date()
	return y, int(m), dd
}

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) }

// String is the Gregorian date as ISO 8601 writes it.
func (d Day) String() string { return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly) }

// Persian is the Jalali date as people write it: 1405/9/6.
func (d Day) Persian() string {
	y, m, dd := d.Jalali()
	return fmt.Sprintf("%d/%d/%d", y, m, dd)
}

// ParseDay reads a date of either calendar, in digits of any kind: years before 1700
// are Jalali ones.
func ParseDay(text string) (Day, error) {
	parts := strings.FieldsFunc(Digits(strings.TrimSpace(text)), func(r rune) bool { return r == '/' || r == '-' })
	if len(parts) != 3 {
		return 0, fmt.Errorf("%w, not %q", ErrDate, text)
	}
	var n [3]int
	for i, p := range parts {
		var err error
		if n[i], err = strconv.Atoi(p); err != nil || len(p) > 4 {
			return 0, fmt.Errorf("%w, not %q", ErrDate, text)
		}
	}
	if n[0] < 1700 {
		if d, ok := Jalali(n[0], n[1], n[2]); ok {
			return d, nil
		}
		return 0, fmt.Errorf("%w, not %q", ErrDate, text)
	}
	d := Gregorian(n[0], n[1], n[2])
	if y, m, dd := d.Gregorian(); y != n[0] || m != n[1] || dd != n[2] {
		return 0, fmt.Errorf("%w, not %q", ErrDate, text)
	}
	return d, nil
}

// Digits writes Persian and Arabic digits in ASCII.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		}
		return r
	}, s)
}
