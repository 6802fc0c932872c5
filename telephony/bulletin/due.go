package bulletin

import (
	"fmt"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/config"
)

// issue is one bulletin of a period, both ends of which belong to it.
type issue struct {
	at       time.Time // due
	from, to calendar.Day
}

// begins tells whether a period of a bulletin begins on a day.
func begins(b *config.Bulletin, d calendar.Day) bool {
	switch b.Every {
	case config.EveryWeek:
		if b.Calendar == config.InJalali {
			return d.Weekday() == time.Saturday
		}
		return d.Weekday() == time.Monday
	case config.EveryMonth:
		_, _, day := d.Jalali()
		if b.Calendar == config.InGregorian {
			_, _, day = d.Gregorian()
		}
		return day == 1
	}
	return true
}

// issueOn is the bulletin that is due on a day, on which a period begins.
func issueOn(b *config.Bulletin, d calendar.Day, zone *time.Location) issue {
	first := d - 1
	for !begins(b, first) {
		first--
	}
	var hour, minute int
	_, _ = fmt.Sscanf(b.At, "%d:%d", &hour, &minute) // the configuration was checked
	y, m, day := d.Gregorian()
	return issue{at: time.Date(y, time.Month(m), day, hour, minute, 0, 0, zone), from: first, to: d - 1}
}

// next is the first bulletin that is due after a time, last the latest not after it.
func next(b *config.Bulletin, after time.Time, zone *time.Location) issue {
	for d := calendar.DayOf(after.In(zone)) - 1; ; d++ {
		if begins(b, d) {
			if i := issueOn(b, d, zone); i.at.After(after) {
				return i
			}
		}
	}
}

func last(b *config.Bulletin, until time.Time, zone *time.Location) issue {
	for d := calendar.DayOf(until.In(zone)) + 1; ; d-- {
		if begins(b, d) {
			if i := issueOn(b, d, zone); !i.at.After(until) {
				return i
			}
		}
	}
}
