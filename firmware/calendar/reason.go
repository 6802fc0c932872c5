package calendar

import (
	"fmt"
	"time"
)

// Reason is why hours of a name are closed at now, in English: "closed: Friday; hours
// Office open again Saturday 8:00".
func (s State) Reason(name string, now time.Time) string {
	return "closed: " + s.cause(now) + "; hours " + name + " " + s.again(now)
}

func (s State) cause(now time.Time) string {
	switch {
	case s.Names.English != "":
		return s.Names.English
	case s.Cause == ByException || s.Cause == ByHoliday:
		return "special day"
	case s.Cause == ByWeekday:
		return now.In(s.zone(now)).Weekday().String()
	}
	return "out of hours"
}

// again is when it opens: by weekday within the next days, else by date.
func (s State) again(now time.Time) string {
	if s.Until.IsZero() {
		return "do not open for a year"
	}
	day := s.Until.Weekday().String()
	if ahead := DayOf(s.Until) - DayOf(now.In(s.zone(now))); ahead > 6 {
		day = DayOf(s.Until).String()
	}
	return fmt.Sprintf("open again %s %d:%02d", day, s.Until.Hour(), s.Until.Minute())
}

func (s State) zone(now time.Time) *time.Location {
	if s.Until.IsZero() {
		return now.Location()
	}
	return s.Until.Location()
}
