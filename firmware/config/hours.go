package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
)

// Hours is a schedule: when a business is open. Queues, menus, flows, lines and trunks
// name it in their Night.
type Hours struct {
	Name string `yaml:"name" json:"name"` // for people, and by which it is named
	// TimeZone is where its clock stands; empty: that of the box.
	TimeZone string `yaml:"time_zone,omitempty" json:"time_zone,omitempty"`
	// Week is when it opens by weekday, "saturday" to "friday": at most 12 blocks a day
	// ("8:00-13:00"), one that ends before it begins on the next day ("22:00-2:00").
	Week map[string][]string `yaml:"week,omitempty" json:"week,omitempty"`
	// Exceptions go before Week and holidays; at most 400.
	Exceptions []HoursException `yaml:"exceptions,omitempty" json:"exceptions,omitempty"`
	// Holidays are the official ones on which it is closed: ir (Iran), or none. Those that
	// go by the moon are known of the years calendar.FirstIran to LastIran.
	Holidays HolidaySet `yaml:"holidays,omitempty" json:"holidays,omitempty"`
	// Changes are what is different with the official ones here; at most 400.
	Changes []HolidayChange `yaml:"changes,omitempty" json:"changes,omitempty"`
	Own     []OwnHoliday    `yaml:"own,omitempty" json:"own,omitempty"` // at most 400
}

// HoursException are days with other hours. Dates are Jalali (1405/9/6) or Gregorian
// (2026-11-27).
type HoursException struct {
	On    string   `yaml:"on" json:"on"`
	Until string   `yaml:"until,omitempty" json:"until,omitempty"` // the last day; empty: On
	Name  string   `yaml:"name,omitempty" json:"name,omitempty"`
	Open  []string `yaml:"open,omitempty" json:"open,omitempty"` // blocks as in Week; empty: closed
}

// HolidaySet is whose official holidays there are.
type HolidaySet string

// The choices.
const (
	NoHolidays   HolidaySet = "none" // so is empty
	IranHolidays HolidaySet = "ir"
)

// HolidayChange moves or removes an official holiday.
type HolidayChange struct {
	Holiday string `yaml:"holiday" json:"holiday"` // its key: ashura, see calendar.Iran
	// Day is the one day that is meant, as it was foreseen: some come twice in a year.
	// Empty: every one.
	Day  string `yaml:"day,omitempty" json:"day,omitempty"`
	Move int    `yaml:"move,omitempty" json:"move,omitempty"` // days, -3 to 3
	Off  bool   `yaml:"off,omitempty" json:"off,omitempty"`   // no holiday
}

// OwnHoliday is a day on which this business is closed: once (1405/9/7, 2026-11-28) or
// each year (9/7 Jalali, 11-28 Gregorian).
type OwnHoliday struct {
	On   string `yaml:"on" json:"on"`
	Name string `yaml:"name" json:"name"`
}

// Schedule finds hours by their name.
func (c *Config) Schedule(name string) (*Hours, bool) {
	return find(c.Hours, func(h *Hours) bool { return h.Name == name })
}

// Calendar is h as package calendar reckons with it.
func (c *Config) Calendar(h *Hours) *calendar.Hours {
	zone, err := time.LoadLocation(h.zone(c))
	if err != nil {
		zone = time.UTC // validation lets no other be
	}
	out := &calendar.Hours{Zone: zone, Holidays: h.holidays()}
	for i, day := range Weekdays() {
		out.Week[(i+6)%7] = spans(h.Week[day])
	}
	for _, e := range h.Exceptions {
		first, last, ok := e.days()
		if !ok {
			continue
		}
		out.Exceptions = append(out.Exceptions, calendar.Exception{First: first, Last: last, Name: e.Name, Spans: spans(e.Open)})
	}
	return out
}

func (h *Hours) zone(c *Config) string {
	if h.TimeZone != "" {
		return h.TimeZone
	}
	return c.System.TimeZone
}

// Weekdays are the days of a week as Week names them, from Saturday.
func Weekdays() []string {
	return []string{"saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday"}
}

// holidays are the days on which it is closed, official and own.
func (h *Hours) holidays() map[calendar.Day]calendar.Names {
	days := make(map[calendar.Day]calendar.Names)
	if h.Holidays == IranHolidays {
		official := calendar.Iran()
		for year := calendar.LastIran + 1; year <= lastJalali; year++ {
			official = append(official, calendar.Solar(year)...)
		}
		for _, day := range official {
			if at, on := h.change(day); on {
				days[at] = day.Names
			}
		}
	}
	for _, own := range h.Own {
		for _, day := range own.days() {
			days[day] = calendar.Names{English: own.Name, Persian: own.Name}
		}
	}
	return days
}

// change is when an official holiday is here, if it is one.
func (h *Hours) change(day calendar.Holiday) (at calendar.Day, on bool) {
	at = day.Day
	for _, c := range h.Changes {
		if meant, err := calendar.ParseDay(c.Day); c.Holiday == day.Key && (c.Day == "" || err == nil && meant == day.Day) {
			if c.Off {
				return at, false
			}
			at += calendar.Day(c.Move)
		}
	}
	return at, true
}

// days are an exception's first and last day.
func (e HoursException) days() (first, last calendar.Day, ok bool) {
	first, err := calendar.ParseDay(e.On)
	if err != nil {
		return 0, 0, false
	}
	last = first
	if e.Until != "" {
		last, err = calendar.ParseDay(e.Until)
	}
	return first, last, err == nil && last >= first && last-first <= 366
}

// Years in which own yearly holidays are reckoned, Jalali and Gregorian.
const (
	firstJalali, lastJalali       = 1400, 1480
	firstGregorian, lastGregorian = 2021, 2101
)

// days are all the days of an own holiday; none if it is not understood.
func (o OwnHoliday) days() (list []calendar.Day) {
	if d, err := calendar.ParseDay(o.On); err == nil {
		return []calendar.Day{d}
	}
	first, last, mark := firstJalali, lastJalali, "/"
	if strings.Contains(o.On, "-") {
		first, last, mark = firstGregorian, lastGregorian, "-"
	}
	for y := first; y <= last; y++ { // 30 Esfand and 29 February are not in every one
		if d, err := calendar.ParseDay(strconv.Itoa(y) + mark + strings.TrimSpace(o.On)); err == nil {
			list = append(list, d)
		}
	}
	return list
}

// spans are the blocks of a day.
func spans(blocks []string) (list []calendar.Span) {
	for _, b := range blocks {
		if s, ok := span(b); ok {
			list = append(list, s)
		}
	}
	return list
}

// span reads a block: 8:00-13:00.
func span(block string) (calendar.Span, bool) {
	from, to, ok := strings.Cut(calendar.Digits(block), "-")
	a, okFrom := minute(from)
	b, okTo := minute(to)
	return calendar.Span{From: a, To: b}, ok && okFrom && okTo && a < 24*60 && b > 0 && a != b
}

// minute reads a time of day, to 24:00.
func minute(text string) (int, bool) {
	h, m, ok := strings.Cut(strings.TrimSpace(text), ":")
	hour, errH := strconv.ParseUint(h, 10, 8)
	mins, errM := strconv.ParseUint(m, 10, 8)
	n := int(hour)*60 + int(mins)
	return n, ok && errH == nil && errM == nil && len(m) == 2 && mins < 60 && n <= 24*60
}

// nights are all the other destinations that there are.
func (c *Config) nights() (list []Night) {
	for i := range c.Lines {
		list = append(list, c.Lines[i].Night)
	}
	for i := range c.Trunks {
		list = append(list, c.Trunks[i].Night)
	}
	for i := range c.Menus {
		list = append(list, c.Menus[i].Night)
	}
	for i := range c.Flows {
		list = append(list, c.Flows[i].Night)
	}
	for i := range c.Queues {
		list = append(list, c.Queues[i].Night)
	}
	return list
}

// HoursOf are the hours that a switch overrides.
func (c *Config) HoursOf(number string) (names []string) {
	for _, n := range c.nights() {
		if n.Switch == number && n.Hours != "" && !slices.Contains(names, n.Hours) {
			names = append(names, n.Hours)
		}
	}
	return names
}

// NightOf is what decides in a flow whether hours are open: the switch that overrides them
// goes before them. That is the one of the flow's own night if it has these hours, else
// the only one there is; where others have several, none speaks for the flow.
func (c *Config) NightOf(f *Flow, hours string) Night {
	n := Night{Hours: hours}
	if f.Night.Hours == hours && f.Night.Switch != "" {
		n.Switch = f.Night.Switch
		return n
	}
	for _, other := range c.nights() {
		switch {
		case other.Hours != hours || other.Switch == "" || other.Switch == n.Switch:
		case n.Switch != "":
			return Night{Hours: hours}
		default:
			n.Switch = other.Switch
		}
	}
	return n
}

// maxDays is how many exceptions, changes and own holidays hours may have, and
// maxBlocks how many blocks a day.
const (
	maxDays   = 400
	maxBlocks = 12
)

func (v *validator) hours() {
	seen := make(map[string]bool)
	v.count("hours", len(v.cfg.Hours), 0, 100)
	for i := range v.cfg.Hours {
		h, path := &v.cfg.Hours[i], fmt.Sprintf("hours[%d]", i)
		v.needs(path+".name", true, h.Name)
		v.name(path+".name", h.Name)
		if seen[h.Name] {
			v.add(path+".name", msgDuplicate)
		}
		seen[h.Name] = true
		if _, err := time.LoadLocation(h.TimeZone); err != nil {
			v.add(path+".time_zone", msgTimeZone, h.TimeZone)
		}
		if h.Holidays != "" && h.Holidays != NoHolidays && h.Holidays != IranHolidays {
			v.add(path+".holidays", msgHolidays, h.Holidays)
		}
		for _, day := range slices.Sorted(maps.Keys(h.Week)) {
			if !slices.Contains(Weekdays(), day) {
				v.add(path+".week."+day, msgWeekday, day)
			}
			v.blocks(path+".week."+day, h.Week[day])
		}
		v.hoursDays(path, h)
	}
}

// hoursDays checks the single days of hours.
func (v *validator) hoursDays(path string, h *Hours) {
	v.count(path+".exceptions", len(h.Exceptions), 0, maxDays)
	v.count(path+".changes", len(h.Changes), 0, maxDays)
	v.count(path+".own", len(h.Own), 0, maxDays)
	for i, e := range h.Exceptions {
		at := fmt.Sprintf("%s.exceptions[%d]", path, i)
		v.name(at+".name", e.Name)
		v.blocks(at+".open", e.Open)
		if _, err := calendar.ParseDay(e.On); err != nil {
			v.add(at+".on", msgDate, e.On)
		} else if _, err := calendar.ParseDay(e.Until); e.Until != "" && err != nil {
			v.add(at+".until", msgDate, e.Until)
		} else if _, _, ok := e.days(); !ok {
			v.add(at+".until", msgDays, e.Until)
		}
	}
	for i, c := range h.Changes {
		at := fmt.Sprintf("%s.changes[%d]", path, i)
		if _, ok := calendar.IranNames(c.Holiday); !ok {
			v.add(at+".holiday", msgHoliday, c.Holiday)
		}
		if _, err := calendar.ParseDay(c.Day); c.Day != "" && err != nil {
			v.add(at+".day", msgDate, c.Day)
		}
		v.count(at+".move", c.Move, -3, 3)
	}
	for i, o := range h.Own {
		at := fmt.Sprintf("%s.own[%d]", path, i)
		v.needs(at+".name", true, o.Name)
		v.name(at+".name", o.Name)
		if o.days() == nil {
			v.add(at+".on", msgDate, o.On)
		}
	}
}

func (v *validator) blocks(path string, blocks []string) {
	v.count(path, len(blocks), 0, maxBlocks)
	for i, b := range blocks {
		if _, ok := span(b); !ok {
			v.add(fmt.Sprintf("%s[%d]", path, i), msgBlock, b)
		}
	}
}

// schedules checks names of hours.
func (v *validator) schedules(path string, list []string) {
	v.needs(path, len(list) == 0, "")
	for i, name := range list {
		if _, ok := v.cfg.Schedule(name); !ok {
			v.add(fmt.Sprintf("%s[%d]", path, i), msgNoHours, name)
		}
	}
}
