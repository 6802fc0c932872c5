package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/figures"
)

// Formulas is the answer of GET /api/reports/formulas: what every figure means.
type Formulas struct {
	Formulas []figures.Formula `json:"formulas"`
	Zone     string            `json:"zone"` // of the box, whose days reports count
}

// Contacts is the answer of GET /api/reports/contacts: what a figure counts.
type Contacts struct {
	Contacts []figures.Contact `json:"contacts"` // newest first
	All      int               `json:"all"`      // how many there are
}

// Timeline is the answer of GET /api/agents/{number}/timeline.
type Timeline struct {
	Doings []figures.Doing `json:"doings"`
}

func (r *Rooms) reportRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/reports", Right: identity.Reports, Handle: r.getReport,
			About: "The figures of a period.", Query: reported, Gives: figures.Report{}},
		{Pattern: "GET /api/reports.csv", Right: identity.Reports, Handle: r.reportAs(asCSV),
			About: "The figures of a period, as a file.", Query: reported, Gives: csvFile},
		{Pattern: "GET /api/reports.xlsx", Right: identity.Reports, Handle: r.reportAs(asXLSX),
			About: "The figures of a period, as a workbook.", Query: reported, Gives: xlsxFile},
		{Pattern: "GET /api/reports/formulas", Right: identity.Reports,
			About: "The figures of reports, with what each of them means.", Gives: Formulas{}, Handle: func(w http.ResponseWriter, _ *http.Request) error {
				return Send(w, Formulas{figures.Formulas(), r.Reports.Zone().String()})
			}},
		{Pattern: "GET /api/reports/contacts", Right: identity.Reports, Handle: r.getContacts,
			About: "The contacts behind a figure of a report.", Gives: Contacts{},
			Query: slices.Concat([]Param{needed("figure", "Its name, of GET /api/reports/formulas."),
				whole("offset", 0, 1<<30, "How many to leave out."), whole("limit", 1, maxRecords, "How many at most; 50 when it is not said.")}, reported)},
		{Pattern: "GET /api/reports/contacts.csv", Right: identity.Reports, Handle: r.contactsAs(asCSV),
			About: "The contacts behind a figure, as a file.", Query: slices.Concat([]Param{needed("figure", "Its name, of GET /api/reports/formulas.")}, reported), Gives: csvFile},
		{Pattern: "GET /api/reports/contacts.xlsx", Right: identity.Reports, Handle: r.contactsAs(asXLSX),
			About: "The contacts behind a figure, as a workbook.", Query: slices.Concat([]Param{needed("figure", "Its name, of GET /api/reports/formulas.")}, reported), Gives: xlsxFile},
		{Pattern: "GET /api/agents/{number}/timeline", Right: identity.Reports, Handle: r.getTimeline,
			About: "What an agent did in a period.", Query: reported, Gives: Timeline{}},
	}
}

// longestPeriod is the most that one report may span.
const longestPeriod = 370 * 24 * time.Hour

// dateOf is a parameter as RFC 3339 or as a day of either calendar in the box's zone, its beginning or end.
func (r *Rooms) dateOf(v url.Values, name string, end bool) (time.Time, error) {
	text := v.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t, nil
	}
	day, err := calendar.ParseDay(text)
	if err != nil {
		return time.Time{}, ErrValue.Of(name)
	}
	if end {
		day++
	}
	return r.Reports.DayOf(day), nil
}

// queryOf reads ?period (today, yesterday, week, month), ?month (1405-08, 2026-11) or ?from and ?to (RFC 3339, or
// days of which the last one belongs to it), of which ?elapsed counts so many seconds, ?queue,
// ?agent, ?number, ?way, ?by with the ?row whose contacts are wanted, and the thresholds ?t
// and ?short in seconds and ?days.
func (r *Rooms) queryOf(req *http.Request) (q figures.Query, err error) {
	v := req.URL.Query()
	if month := v.Get("month"); month != "" {
		if q.From, q.To, err = r.Reports.MonthOf(month); err != nil {
			return q, ErrValue.Of("month")
		}
	} else if name := v.Get("period"); name != "" {
		var ok bool
		if q.From, q.To, ok = r.Reports.Period(name); !ok {
			return q, ErrValue.Of("period")
		}
	} else {
		if q.From, err = r.dateOf(v, "from", false); err != nil {
			return q, err
		}
		if q.To, err = r.dateOf(v, "to", true); err != nil {
			return q, err
		}
	}
	if q.From.IsZero() {
		return q, ErrValue.Of("from")
	}
	elapsed, err := numberOf(v, "elapsed", int(longestPeriod.Seconds()))
	if err != nil {
		return q, err
	}
	if end := q.From.Add(time.Duration(elapsed) * time.Second); elapsed > 0 && end.Before(q.To) {
		q.To = end
	}
	if d := q.To.Sub(q.From); d <= 0 || d > longestPeriod {
		return q, ErrValue.Of("to")
	}
	q.Row, q.OfRow = v.Get("row"), v.Has("row")
	q.Queue, q.Agent, q.Number, q.Way, q.By = v.Get("queue"), v.Get("agent"), v.Get("number"), v.Get("way"), figures.Group(v.Get("by"))
	switch q.By {
	case figures.ByNothing, figures.ByHour, figures.ByDay, figures.ByWeekday, figures.ByWeekHour, figures.ByQueue, figures.ByAgent, figures.ByNumber, figures.ByWay:
	default:
		return q, ErrValue.Of("by")
	}
	for name, into := range map[string]*time.Duration{"t": &q.Threshold, "short": &q.Short} {
		n, err := numberOf(v, name, 3600)
		if err != nil {
			return q, err
		}
		*into = time.Duration(n) * time.Second
	}
	q.Days, err = numberOf(v, "days", figures.MostDays)
	return q, err
}

// numberOf is a parameter up to most; 0 when it is not given.
func numberOf(v url.Values, name string, most int) (int, error) {
	text := v.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		return 0, ErrValue.Of(name)
	}
	return n, nil
}

func (r *Rooms) report(req *http.Request) (*figures.Report, error) {
	q, err := r.queryOf(req)
	if err == nil {
		err = narrow(Viewer(req.Context()), &q)
	}
	if err != nil {
		return nil, err
	}
	return r.Reports.Report(req.Context(), q)
}

func (r *Rooms) getReport(w http.ResponseWriter, req *http.Request) error {
	report, err := r.report(req)
	if err != nil {
		return err
	}
	return Send(w, report)
}

// mostContacts is the most that one CSV has.
const mostContacts = 100_000

func (r *Rooms) contacts(req *http.Request, offset, limit int) (Contacts, error) {
	q, err := r.queryOf(req)
	if err == nil {
		err = narrow(Viewer(req.Context()), &q)
	}
	if err != nil {
		return Contacts{}, err
	}
	found, all, err := r.Reports.Contacts(req.Context(), q, req.URL.Query().Get("figure"), offset, limit)
	if errors.Is(err, figures.ErrFigure) {
		err = ErrValue.Of("figure")
	}
	return Contacts{found, all}, err
}

func (r *Rooms) getContacts(w http.ResponseWriter, req *http.Request) error {
	limit, err := limitOf(req, Recent, maxRecords)
	if err != nil {
		return err
	}
	offset, err := numberOf(req.URL.Query(), "offset", 1<<30)
	if err != nil {
		return err
	}
	found, err := r.contacts(req, offset, limit)
	if err != nil {
		return err
	}
	return Send(w, found)
}

// getTimeline tells what an agent did in a period.
func (r *Rooms) getTimeline(w http.ResponseWriter, req *http.Request) error {
	q, err := r.queryOf(req)
	if err != nil {
		return err
	}
	board := r.Floor()
	if who := Viewer(req.Context()); !who.All() && !watches(who, &board, req.PathValue("number")) {
		return ErrNoAgent
	}
	doings, err := r.Reports.Timeline(req.Context(), req.PathValue("number"), q.From, q.To)
	if err != nil {
		return err
	}
	return Send(w, Timeline{doings})
}
