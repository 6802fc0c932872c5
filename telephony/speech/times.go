package speech

import "time"

// Duration is how long something lasts, in days, hours, minutes and seconds: "two
// minutes and five seconds". Parts of a second count as nothing.
func Duration(lang string, d time.Duration) []string {
	type part struct {
		n   int64
		key string
	}
	s := int64(max(d, 0) / time.Second)
	var parts []part
	for _, p := range []part{{s / 86400, "day"}, {s / 3600 % 24, "hour"}, {s / 60 % 60, "minute"}, {s % 60, "second"}} {
		if p.n > 0 {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		parts = []part{{0, "second"}}
	}
	var said []string
	for i, p := range parts {
		last := i == len(parts)-1
		if last && i > 0 && spoken(lang) == english {
			said = append(said, name(lang, "and"))
		}
		said = append(append(said, cardinal(lang, p.n)...), counted(lang, p.key, p.n))
		if !last && spoken(lang) == persian {
			said[len(said)-1] += linked
		}
	}
	return said
}

// Clock is a time of day, hours 0 to 23 and minutes 0 to 59. Both languages count to
// twelve: "six forty p.m.", "saat-e shesh-o chehel daqiqe-ye ba'd az zohr".
func Clock(lang string, hour, minute int) []string {
	twelve := (hour+11)%12 + 1
	if spoken(lang) == persian {
		return persianClock(hour, twelve, minute)
	}
	half := "am"
	switch {
	case hour == 0 && minute == 0:
		return []string{name(lang, "midnight")}
	case hour == 12 && minute == 0:
		return []string{name(lang, "noon")}
	case hour >= 12:
		half = "pm"
	}
	said := Number(lang, twelve)
	if minute > 0 {
		if minute < 10 {
			said = append(said, name(lang, "oh"))
		}
		said = append(said, Number(lang, minute)...)
	}
	return append(said, name(lang, half))
}

func persianClock(hour, twelve, minute int) []string {
	part := "night"
	switch {
	case hour < 4:
		part = "early"
	case hour < 12:
		part = "morning"
	case hour == 12:
		part = "noon"
	case hour < 19:
		part = "afternoon"
	}
	said := []string{name(persian, "hour"+ezafe)}
	if minute == 0 {
		return append(said, name(persian, numeral(twelve)+ezafe), name(persian, part))
	}
	said = append(said, name(persian, numeral(twelve)+linked))
	return append(append(said, Number(persian, minute)...), name(persian, "minute"+ezafe), name(persian, part))
}
