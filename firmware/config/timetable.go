package config

import (
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
)

// Timetable is every schedule of a configuration by name, ready to be asked. It is made
// once per configuration, not per call: that reads zones from the disk. It is never
// changed and may be used from any goroutine.
type Timetable map[string]*calendar.Hours

// Timetable is that of c.
func (c *Config) Timetable() Timetable {
	t := make(Timetable, len(c.Hours))
	for i := range c.Hours {
		t[c.Hours[i].Name] = c.Calendar(&c.Hours[i])
	}
	return t
}

// Open tells whether hours are open at a moment, and why they are not in English words;
// hours that there are not are open.
func (t Timetable) Open(name string, at time.Time) (open bool, why string) {
	h, ok := t[name]
	if !ok {
		return true, ""
	}
	s := h.At(at)
	if s.Open {
		return true, ""
	}
	return false, s.Reason(name)
}
