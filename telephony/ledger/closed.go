package ledger

import (
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/telephony/call"
)

// closed tells that hours were closed, because of what, until when, and where the call
// went.
func (s *story) closed(at time.Time, cause, hours, day, clock, to string) {
	cause = s.dayName(cause)
	if day == "" {
		s.say(at, "by-hours-never", cause, s.aside(hours), s.name(to))
		return
	}
	if d, err := calendar.ParseDay(day); err == nil && s.lang == "fa" {
		day = s.digits(d.Persian())
	}
	s.say(at, "by-hours", cause, s.aside(hours), s.dayName(day)+" "+s.digits(clock), s.name(to))
}

// booked tells when somebody is to be called back.
func (s *story) booked(step call.Step) {
	day, clock, _ := strings.Cut(step.Reason, " ")
	if d, err := calendar.ParseDay(day); err == nil && s.lang == "fa" {
		day = d.Persian()
	}
	s.say(step.At, "callback-booked", s.name(step.Queue), s.digits(step.Number), s.digits(day+" "+clock))
}

// dayName is a cause or a day of the week in the story's language; names of people's own
// stay as they are.
func (s *story) dayName(text string) string {
	if s.lang != "fa" {
		return text
	}
	if name, ok := closedFor[text]; ok {
		return name
	}
	if name, ok := calendar.InPersian(text); ok {
		return name
	}
	return s.aside(text)
}

// closedFor are the causes of package calendar beside holidays.
var closedFor = map[string]string{
	"out of hours": "بیرون از ساعت کاری", "special day": "روز ویژه",
	time.Saturday.String(): "شنبه", time.Sunday.String(): "یکشنبه", time.Monday.String(): "دوشنبه", time.Tuesday.String(): "سه‌شنبه",
	time.Wednesday.String(): "چهارشنبه", time.Thursday.String(): "پنجشنبه", time.Friday.String(): "جمعه",
}
