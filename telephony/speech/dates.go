package speech

import (
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/telephony/call"
)

// Weekday is a day of the week.
func Weekday(lang string, d time.Weekday) []string {
	return []string{name(lang, weekday+strconv.Itoa(int(d)))}
}

// Day is the day that t has in its zone, with its weekday, in the calendar of those who
// speak the language.
func Day(lang string, t time.Time) call.Program { return day(lang, calendar.DayOf(t)) }

func day(lang string, d calendar.Day) call.Program {
	written := Gregorian
	y, m, dd := d.Gregorian()
	if spoken(lang) == persian {
		written = Jalali
		y, m, dd = d.Jalali()
	}
	return call.Say(Weekday(lang, d.Weekday())...).Then(call.Sound{Pause: comma}).Then(call.Say(written(lang, y, m, dd)...).Sounds...)
}

// Jalali is a date of the Iranian calendar, months and days from 1; a year of 0 is
// left out: "avval-e azar-e hezar-o chaharsad-o panj".
func Jalali(lang string, year, month, day int) []string { return date(lang, jalali, year, month, day) }

// Gregorian is a date of the Gregorian calendar, as Jalali: "November twenty second,
// twenty twenty six".
func Gregorian(lang string, year, month, day int) []string {
	return date(lang, gregorian, year, month, day)
}

func date(lang, calendar string, y, month, day int) []string {
	m := name(lang, calendar+strconv.Itoa(month))
	said := Ordinal(lang, day)
	if spoken(lang) == english {
		said = append([]string{m}, said...)
		if y > 0 {
			said = append(said, year(y)...)
		}
		return said
	}
	said[len(said)-1] += ezafe
	if y == 0 {
		return append(said, m)
	}
	return append(append(said, m+ezafe), Number(lang, y)...)
}

// year is a year in English: nineteen oh five, two thousand five, twenty twenty six.
func year(y int) []string {
	century, rest := y/100, y%100
	if century < 10 || century > 99 || century%10 == 0 && rest < 10 {
		return Number(english, y)
	}
	said := Number(english, century)
	switch {
	case rest == 0:
		return append(said, name(english, "hundred"))
	case rest < 10:
		said = append(said, name(english, "oh"))
	}
	return append(said, Number(english, rest)...)
}
