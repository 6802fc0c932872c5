package figures

import (
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/config"
)

// Skipped is a day that does not count as a usual one.
type Skipped struct {
	Day   time.Time
	Names calendar.Names // of the holiday
}

// Weekday is the day of the week of a name or its first three letters.
func Weekday(name string) (time.Weekday, bool) {
	name = strings.ToLower(name)
	for d := time.Sunday; d <= time.Saturday; d++ {
		if full := strings.ToLower(d.String()); name == full || name == full[:3] {
			return d, true
		}
	}
	return 0, false
}

// Usual are the last n days of a weekday before today, the latest first, without the
// holidays of a queue; those are told instead. Holidays and days with hours of their own
// are those of the hours that the queue's night has, or of the country.
func (r *Room) Usual(queue string, weekday time.Weekday, n int) (days []time.Time, skipped []Skipped) {
	special := r.special(queue)
	at := Day(r.opts.Clock.Now().In(r.Zone()))
	for looked := 0; len(days) < n && looked < 3*n; {
		at = Day(at.Add(-time.Hour))
		if at.Weekday() != weekday {
			continue
		}
		looked++
		if names, ok := special(calendar.DayOf(at)); ok {
			skipped = append(skipped, Skipped{at, names})
			continue
		}
		days = append(days, at)
	}
	return days, skipped
}

// special tells which days are no usual ones for a queue.
func (r *Room) special(queue string) func(calendar.Day) (calendar.Names, bool) {
	cfg := r.opts.Config()
	var hours *config.Hours
	if q, ok := cfg.Queue(queue); ok {
		hours, _ = cfg.Schedule(q.Night.Hours)
	}
	if hours == nil {
		hours = &config.Hours{}
		if cfg.System.Country == "IR" {
			hours.Holidays = config.IranHolidays
		}
	}
	table := cfg.Calendar(hours)
	return func(d calendar.Day) (calendar.Names, bool) {
		for _, e := range table.Exceptions {
			if d >= e.First && d <= e.Last {
				return calendar.Names{English: e.Name, Persian: e.Name}, true
			}
		}
		names, ok := table.Holidays[d]
		return names, ok
	}
}
