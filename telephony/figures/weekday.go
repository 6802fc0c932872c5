package figures

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rows of weekdays have keys such as "saturday", those of the hours of a week
// "saturday 09". They come in the order of a week that begins on Saturday.

type dayName struct {
	key  string
	name Words
}

// weekdays are the days in that order, in words.
var weekdays = []dayName{
	{"saturday", Words{"Saturday", "شنبه"}}, {"sunday", Words{"Sunday", "یکشنبه"}}, {"monday", Words{"Monday", "دوشنبه"}}, {"tuesday", Words{"Tuesday", "سه‌شنبه"}},
	{"wednesday", Words{"Wednesday", "چهارشنبه"}}, {"thursday", Words{"Thursday", "پنجشنبه"}}, {"friday", Words{"Friday", "جمعه"}},
}

func weekday(t time.Time) string { return strings.ToLower(t.Weekday().String()) }

func weekHour(t time.Time) string { return fmt.Sprintf("%s %02d", weekday(t), t.Hour()) }

// byWeek orders keys of weekdays and of their hours.
func byWeek(a, b string) int {
	at := func(key string) int {
		day, _, _ := strings.Cut(key, " ")
		return slices.IndexFunc(weekdays, func(d dayName) bool { return d.key == day })
	}
	if d := at(a) - at(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

// keyIn is a row's key as people read it in a table.
func keyIn(by Group, key, lang string) string {
	if by != ByWeekday && by != ByWeekHour {
		return key
	}
	day, hour, _ := strings.Cut(key, " ")
	for _, w := range weekdays {
		if w.key == day {
			return strings.TrimSpace(w.name.In(lang) + " " + hour)
		}
	}
	return key
}
