package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/staffing"
)

// Staffing is the answer of GET /api/staffing: how many agents each half hour of a day
// needs, as recorded days tell.
type Staffing struct {
	Queue string        `json:"queue"`
	Days  []StaffingDay `json:"days"`  // latest first, those left out among them
	Calls int           `json:"calls"` // of all days that count
	Few   bool          `json:"few"`   // too few to tell anything
	// The target: the part that is answered within Wait, the most that gives up; 0 and 1
	// ask for nothing.
	Within    float64       `json:"within"`
	Wait      ledger.Millis `json:"wait"`
	Abandoned float64       `json:"abandoned"`
	// Halves are the half hours in which anybody called or was on duty, and those between.
	Halves []StaffingHalf `json:"halves"`
}

// StaffingDay is a recorded day.
type StaffingDay struct {
	Day     string          `json:"day"` // 2026-11-21
	Calls   int             `json:"calls"`
	Empty   bool            `json:"empty,omitempty"`   // nothing was recorded: left out
	Holiday *calendar.Names `json:"holiday,omitempty"` // left out
}

// StaffingHalf is half an hour.
type StaffingHalf struct {
	From  int     `json:"from"`  // minutes since midnight by the wall clock
	Calls int     `json:"calls"` // seen, on all days together
	Rate  float64 `json:"rate"`  // calls an hour
	Low   float64 `json:"low"`   // it is between these with 95 %, if calls come at random
	High  float64 `json:"high"`
	// Handle is talk, hold and wrap-up, Patience how long callers are willing to wait.
	Handle   StaffingMean `json:"handle"`
	Patience StaffingMean `json:"patience"`
	Need     int          `json:"need"`  // agents, for Rate
	Least    int          `json:"least"` // for Low
	Most     int          `json:"most"`  // for High
	// What Erlang A foresees with Need.
	Within    float64 `json:"within"`
	Abandoned float64 `json:"abandoned"`
	Busy      float64 `json:"busy"` // part of the agents' time
	// What really was: agents on duty in the mean, and what they reached of all calls.
	OnDuty  float64 `json:"on_duty"`
	Reached float64 `json:"reached"`
	Lost    float64 `json:"lost"`
	Few     bool    `json:"few,omitempty"` // too few calls: hardly more than a guess
}

// StaffingMean is a mean and what it was learnt from.
type StaffingMean struct {
	Mean ledger.Millis   `json:"mean"`
	Of   int             `json:"of"` // contacts
	From staffing.Source `json:"from"`
}

func (r *Rooms) staffingRoutes() []Route {
	return []Route{{Pattern: "GET /api/staffing", Right: identity.Reports, Handle: r.getStaffing,
		About: "How many agents each half hour of a day needs, as recorded days tell.", Gives: Staffing{},
		Query: []Param{
			needed("queue", "Its number."), needed("day", "2026-11-20, 1405/8/29, today, yesterday, or a weekday in English."),
			whole("weeks", 1, mostWeeks, "How many of a weekday; 4 when it is not said."),
			text("target", "Percent answered within seconds, as 80/20."), text("abandoned", "Percent of callers who may give up; with neither, 80/20 and 5.")}}}
}

// The usual target, and days of a weekday.
const (
	usualTarget    = "80/20"
	usualAbandoned = 5
	usualWeeks     = 4
	mostWeeks      = 26
)

// ParseTarget reads "80/20", percent answered within seconds, and a percentage of those
// who may give up. What is empty is not asked for; with both empty it is the usual.
func ParseTarget(level, abandoned string) (staffing.Target, error) {
	if level == "" && abandoned == "" {
		level, abandoned = usualTarget, strconv.Itoa(usualAbandoned)
	}
	t := staffing.Target{Wait: 20 * time.Second, Abandoned: 1}
	if level != "" {
		percent, seconds, ok := strings.Cut(level, "/")
		p, perr := strconv.ParseFloat(percent, 64)
		s, serr := strconv.Atoi(seconds)
		if !ok || perr != nil || serr != nil || !(p >= 0 && p < 100) || s < 0 || s > 3600 {
			return t, fmt.Errorf("target %q: percent/seconds, as 80/20", level)
		}
		t.Within, t.Wait = p/100, time.Duration(s)*time.Second
	}
	if abandoned != "" {
		p, err := strconv.ParseFloat(abandoned, 64)
		if err != nil || !(p > 0 && p <= 100) {
			return t, fmt.Errorf("abandoned %q: percent above 0, to 100", abandoned)
		}
		t.Abandoned = p / 100
	}
	return t, nil
}

// staffingDays are the days that ?day means: a date of either calendar, today, yesterday,
// or a weekday (the last ?weeks of them, without holidays).
func (r *Rooms) staffingDays(v url.Values, queue string) (days []time.Time, skipped []figures.Skipped, err error) {
	text := strings.ToLower(v.Get("day"))
	if weekday, ok := figures.Weekday(text); ok {
		weeks, err := numberOf(v, "weeks", mostWeeks)
		if err != nil {
			return nil, nil, err
		}
		if weeks == 0 {
			weeks = usualWeeks
		}
		days, skipped = r.Reports.Usual(queue, weekday, weeks)
		return days, skipped, nil
	}
	if text == figures.Today || text == figures.Yesterday {
		from, _, _ := r.Reports.Period(text)
		return []time.Time{from}, nil, nil
	}
	d, err := calendar.ParseDay(text)
	if err != nil {
		return nil, nil, ErrValue.Of("day")
	}
	return []time.Time{r.Reports.DayOf(d)}, nil, nil
}

// getStaffing reads ?queue, ?day and ?weeks, ?target (80/20) and ?abandoned (5).
func (r *Rooms) getStaffing(w http.ResponseWriter, req *http.Request) error {
	v := req.URL.Query()
	target, err := ParseTarget(v.Get("target"), v.Get("abandoned"))
	if err != nil {
		return ErrValue.Of("target")
	}
	queue := v.Get("queue")
	if _, ok := r.Config().Queue(queue); !ok || !Viewer(req.Context()).Sees(queue) {
		return ErrValue.Of("queue")
	}
	days, skipped, err := r.staffingDays(v, queue)
	if err != nil {
		return err
	}
	demand, err := r.Reports.Demand(req.Context(), queue, days, target.Wait)
	if err != nil {
		return err
	}
	plan, err := staffing.Plan(demand.Halves[:], target)
	if err != nil {
		return err
	}
	return Send(w, staffingOf(queue, target, demand, skipped, plan))
}

func staffingOf(queue string, target staffing.Target, demand figures.Demand, skipped []figures.Skipped, plan []staffing.Half) Staffing {
	out := Staffing{Queue: queue, Within: target.Within, Wait: ledger.Millis(target.Wait), Abandoned: target.Abandoned, Days: []StaffingDay{}, Halves: []StaffingHalf{}}
	for _, d := range demand.Days {
		out.Days = append(out.Days, StaffingDay{Day: d.Day.Format(time.DateOnly), Calls: d.Calls, Empty: d.Empty})
		out.Calls += d.Calls
	}
	for _, s := range skipped {
		out.Days = append(out.Days, StaffingDay{Day: s.Day.Format(time.DateOnly), Holiday: &s.Names})
	}
	out.Few = out.Calls < staffing.Enough
	first, last := len(plan), -1
	for i := range plan {
		if plan[i].Calls > 0 || plan[i].Duty > 0 {
			first, last = min(first, i), i
		}
	}
	for i := first; i <= last; i++ {
		out.Halves = append(out.Halves, halfOf(i, &plan[i]))
	}
	return out
}

func halfOf(i int, h *staffing.Half) StaffingHalf {
	mean := func(m staffing.Mean) StaffingMean {
		return StaffingMean{ledger.Millis(m.Mean.Truncate(time.Millisecond)), m.Of, m.From}
	}
	part := func(n int) float64 { return float64(n) / float64(max(1, h.Calls)) }
	return StaffingHalf{
		From: i * int(staffing.HalfHour/time.Minute), Calls: h.Calls, Rate: h.Rate, Low: h.Low, High: h.High, Handle: mean(h.Handle), Patience: mean(h.Patience),
		Need: h.Need.Agents, Least: h.Least, Most: h.Most, Within: h.Need.Within, Abandoned: h.Need.Abandoned, Busy: h.Need.Busy,
		OnDuty: h.OnDuty, Reached: part(h.InTime), Lost: part(h.Abandoned), Few: h.Few,
	}
}
