package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/trial"
)

// HoursState is how a schedule stands at a moment.
type HoursState struct {
	Name  string         `json:"name"`
	Open  bool           `json:"open"`
	Until time.Time      `json:"until,omitzero"` // none: not within a year
	Zone  string         `json:"zone"`           // where its clock stands: Asia/Tehran
	Cause calendar.Cause `json:"cause"`
	Names calendar.Names `json:"names"` // of a holiday or an exception
}

// HoursView is the answer of GET /api/hours, and of what changes them: the schedules, how
// they stand at At, and the official holidays of the years that are known.
type HoursView struct {
	Revision int            `json:"revision"` // for If-Match
	At       time.Time      `json:"at"`
	States   []HoursState   `json:"states"`
	Hours    []config.Hours `json:"hours"`
	Holidays []HolidayView  `json:"holidays"`
}

// HolidayView is an official holiday of a year.
type HolidayView struct {
	Key      string         `json:"key"`
	Names    calendar.Names `json:"names"`
	Date     string         `json:"date"`     // Gregorian, 2026-11-27
	Jalali   string         `json:"jalali"`   // the same day, 1405/9/6
	Year     int            `json:"year"`     // Jalali
	Moon     bool           `json:"moon"`     // it may be proclaimed a day earlier or later
	Reckoned bool           `json:"reckoned"` // the year's calendar was not published yet
}

func (r *Rooms) hourRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/hours", Right: identity.Settings, Handle: r.getHours,
			About: "The opening hours and holidays.", Query: []Param{text("at", "How it is then: 18:40, Friday 18:40 or 2026-11-27 18:40; now when it is not said.")}, Gives: HoursView{}},
		{Pattern: "POST /api/hours", Right: identity.Settings, Handle: r.setHours,
			About: "Makes a schedule of opening hours, or changes the one of its name.", Query: []Param{sinceParam}, Takes: config.Hours{}, Gives: HoursView{}},
		{Pattern: "POST /api/hours/{name}/delete", Right: identity.Settings, Handle: r.removeHours,
			About: "Deletes a schedule that nothing uses.", Query: []Param{sinceParam}, Gives: HoursView{}},
	}
}

// hours are all schedules as they stand at a moment.
func (r *Rooms) hours(at time.Time) []HoursState {
	cfg := r.Config()
	states := make([]HoursState, 0, len(cfg.Hours))
	for i := range cfg.Hours {
		h := &cfg.Hours[i]
		s := cfg.Calendar(h).At(at)
		states = append(states, HoursState{Name: h.Name, Open: s.Open, Until: s.Until, Zone: s.At.Location().String(), Cause: s.Cause, Names: s.Names})
	}
	return states
}

// getHours tells of now, or of ?at=, a time as for GET /api/try.
func (r *Rooms) getHours(w http.ResponseWriter, req *http.Request) error {
	at, err := trial.When(req.URL.Query().Get("at"), r.Clock.Now().In(r.zone()))
	if err != nil {
		return ErrWhen
	}
	c, rev := r.Changes.Current()
	v := HoursView{Revision: rev, At: at, States: r.hours(at), Hours: list(c.Hours), Holidays: []HolidayView{}}
	for _, h := range calendar.Iran() {
		year, _, _ := h.Day.Jalali()
		v.Holidays = append(v.Holidays, HolidayView{Key: h.Key, Names: h.Names, Date: h.Day.String(), Jalali: h.Day.Persian(), Year: year, Moon: h.Moon, Reckoned: h.Reckoned})
	}
	return Send(w, v)
}

// setHours makes a schedule, or takes the place of the one of its name.
func (r *Rooms) setHours(w http.ResponseWriter, req *http.Request) error {
	var h config.Hours
	if err := Decode(req, &h); err != nil {
		return err
	}
	at := 0 // in the list
	err := r.since(req, scheduleOf(h.Name), func(c *config.Config) {
		c.Hours = slices.Clone(c.Hours)
		if at = slices.IndexFunc(c.Hours, func(x config.Hours) bool { return x.Name == h.Name }); at < 0 {
			at = len(c.Hours)
			c.Hours = append(c.Hours, h)
		}
		c.Hours[at] = h
	}, "hours "+h.Name)
	if err != nil {
		return wrongIn("hours["+strconv.Itoa(at)+"].", err)
	}
	return r.getHours(w, req)
}

// removeHours removes a schedule that nothing names.
func (r *Rooms) removeHours(w http.ResponseWriter, req *http.Request) error {
	name := req.PathValue("name")
	err := r.since(req, scheduleOf(name), func(c *config.Config) {
		c.Hours = slices.DeleteFunc(slices.Clone(c.Hours), func(x config.Hours) bool { return x.Name == name })
	}, "no hours "+name)
	if err != nil {
		return wrongIn("", err)
	}
	return r.getHours(w, req)
}

// scheduleOf is the schedule of a name, for since.
func scheduleOf(name string) func(*config.Config) any {
	return func(c *config.Config) any {
		h, _ := c.Schedule(name)
		return h
	}
}
