package calendar

import "fmt"

// Reason is why hours of a name are closed, in English: "closed: Friday; hours Office
// open again Saturday 8:00".
func (s State) Reason(name string) string {
	return "closed: " + s.cause() + "; hours " + name + " " + s.again()
}

func (s State) cause() string {
	switch {
	case s.Names.English != "":
		return s.Names.English
	case s.Cause == ByException || s.Cause == ByHoliday:
		return "special day"
	case s.Cause == ByWeekday:
		return s.At.Weekday().String()
	}
	return "out of hours"
}

// again is when it opens: by weekday within the next days, else by date.
func (s State) again() string {
	if s.Until.IsZero() {
		return "do not open for a year"
	}
	day := s.Until.Weekday().String()
	if DayOf(s.Until)-DayOf(s.At) > 6 {
		day = DayOf(s.Until).String()
	}
	return fmt.Sprintf("open again %s %d:%02d", day, s.Until.Hour(), s.Until.Minute())
}
