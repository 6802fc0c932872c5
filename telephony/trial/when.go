package trial

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
)

// ErrWhen: a time cannot be understood.
var ErrWhen = errors.New("a time is such as 18:40, Friday 18:40, 2026-11-27 18:40, 1405/9/6 18:40 or now")

// When reads a time as people write it, in now's zone. A weekday is the next one with
// that time ahead, or now's own day.
func When(text string, now time.Time) (time.Time, error) {
	text = strings.Join(strings.Fields(calendar.Digits(text)), " ")
	if text == "" || text == "now" {
		return now, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	day, clock, found := text, "", false
	if i := strings.LastIndexByte(text, ' '); i >= 0 {
		day, clock, found = text[:i], text[i+1:], true
	}
	if !found {
		day, clock = "", text
	}
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w, not %q", ErrWhen, text)
	}
	y, m, d := now.Date()
	if on, err := calendar.ParseDay(day); err == nil {
		y, month, d := on.Gregorian()
		return time.Date(y, time.Month(month), d, at.Hour(), at.Minute(), 0, 0, now.Location()), nil
	}
	if day != "" {
		weekday, ok := weekdays[strings.ToLower(strings.ReplaceAll(day, "\u200c", ""))]
		if !ok {
			return time.Time{}, fmt.Errorf("%w, not %q", ErrWhen, text)
		}
		d += (int(weekday) - int(now.Weekday()) + 7) % 7
	}
	return time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, now.Location()), nil
}

var weekdays = map[string]time.Weekday{
	"saturday": time.Saturday, "sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday,
	"thursday": time.Thursday, "friday": time.Friday, "sat": time.Saturday, "sun": time.Sunday, "mon": time.Monday, "tue": time.Tuesday,
	"wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday,
	"شنبه": time.Saturday, "یکشنبه": time.Sunday, "دوشنبه": time.Monday, "سهشنبه": time.Tuesday, "چهارشنبه": time.Wednesday,
	"پنجشنبه": time.Thursday, "پنج شنبه": time.Thursday, "جمعه": time.Friday,
}
