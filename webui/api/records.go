package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/fold"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/numbering"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/record"
)

// Legs is the answer of GET /api/calls/{id}/legs.
type Legs struct {
	Legs       []ledger.LegRecord `json:"legs"`       // in the order of their beginning
	Recordings []record.Entry     `json:"recordings"` // oldest first, deleted ones too
}

// Causes is the answer of GET /api/causes: why calls end.
type Causes struct {
	Causes []CauseName `json:"causes"`
}

// CauseName is a cause in words.
type CauseName struct {
	ID   string        `json:"id"`
	Name figures.Words `json:"name"`
}

func (r *Rooms) recordRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/records", Right: identity.Calls, Handle: r.getRecords,
			About: "Calls that are over, newest first.", Query: listed, Gives: Records{}},
		{Pattern: "GET /api/records.csv", Right: identity.Calls, Handle: r.recordsAs(asCSV),
			About: "Calls that are over, as a file.", Query: listed, Gives: csvFile},
		{Pattern: "GET /api/records.xlsx", Right: identity.Calls, Handle: r.recordsAs(asXLSX),
			About: "Calls that are over, as a workbook.", Query: listed, Gives: xlsxFile},
		{Pattern: "GET /api/calls/{id}/legs", Right: identity.Calls, Handle: r.getLegs,
			About: "The legs of a call, with their times and their sound.", Gives: Legs{}},
		{Pattern: "GET /api/causes", Right: identity.Own, Handle: getCauses,
			About: "The names of why calls end.", Gives: Causes{}},
		{Pattern: "GET /api/recordings/{id}/peaks", Right: identity.Hear, Handle: r.getPeaks,
			About: "The outline of a recording's sound, to draw it.", Gives: record.Peaks{}},
	}
}

// listOf reads which calls to list: ?from, ?to (days, the last one belongs to it, or RFC
// 3339) and ?before, the start of the last one of the page before; ?number in any form,
// ?q a part of a number or name, ?direction, ?queue, ?agent, ?result, ?cause, the seconds
// of talk ?least and ?most, ?recorded yes or no, and ?limit.
func (r *Rooms) listOf(req *http.Request) (q ledger.Query, err error) {
	v := req.URL.Query()
	if q.Limit, err = limitOf(req, Recent, maxRecords); err != nil {
		return q, err
	}
	if q.From, err = r.dateOf(v, "from", false); err != nil {
		return q, err
	}
	if q.To, err = r.dateOf(v, "to", true); err != nil {
		return q, err
	}
	before, err := beforeOf(req)
	if err != nil {
		return q, err
	}
	if !before.IsZero() && (q.To.IsZero() || before.Before(q.To)) {
		q.To = before
	}
	for name, into := range map[string]*string{"number": &q.Number, "queue": &q.Queue, "agent": &q.Agent, "cause": &q.Cause, "q": &q.Words.Text} {
		if *into = v.Get(name); !oneLine(*into, maxName) {
			return q, ErrValue.Of(name)
		}
	}
	for name, into := range map[string]*ledger.Millis{"least": &q.Least, "most": &q.Most} {
		n, err := numberOf(v, name, 1<<24)
		if err != nil {
			return q, err
		}
		*into = ledger.Millis(time.Duration(n) * time.Second)
	}
	q.Plan, q.Result, q.Direction = numbering.For(r.Config().System.Country), ledger.Result(v.Get("result")), ledger.Direction(v.Get("direction"))
	if !slices.Contains([]ledger.Direction{"", ledger.In, ledger.Out, ledger.Inside}, q.Direction) {
		return q, ErrValue.Of("direction")
	}
	if !slices.Contains([]ledger.Result{"", ledger.Answered, ledger.Abandoned, ledger.Missed, ledger.Served, ledger.Refused, ledger.Interrupted}, q.Result) {
		return q, ErrValue.Of("result")
	}
	q.Words.Numbers = r.called(q.Words.Text)
	return q, r.recorded(req.Context(), &q, v)
}

// called are our numbers whose names have a text.
func (r *Rooms) called(text string) (numbers []string) {
	part := fold.Append(nil, []byte(text))
	if len(part) == 0 {
		return nil
	}
	has := func(number, name string) {
		if fold.Contains([]byte(name), part) {
			numbers = append(numbers, number)
		}
	}
	c := r.Config()
	for _, e := range c.Extensions {
		has(e.Number, e.Name)
	}
	for _, q := range c.Queues {
		has(q.Number, q.Name)
	}
	for _, m := range c.Menus {
		has(m.Number, m.Name)
	}
	for _, f := range c.Flows {
		has(f.Number, f.Name)
	}
	return numbers
}

// recorded reads ?recorded.
func (r *Rooms) recorded(ctx context.Context, q *ledger.Query, v url.Values) error {
	switch v.Get("recorded") {
	case "":
		return nil
	case "no":
		q.Without = true
	case "yes":
	default:
		return ErrValue.Of("recorded")
	}
	found, _, err := r.Recordings.List(ctx, record.Query{From: q.From, To: recordedUntil(q.To)})
	if err != nil {
		return err
	}
	q.Calls = make(map[call.ID]bool)
	for _, e := range found {
		if e.State == record.Kept || e.State == record.Going {
			q.Calls[e.Call] = true
		}
	}
	return nil
}

// recordedUntil is until when calls that began before to may have begun to be recorded.
func recordedUntil(to time.Time) time.Time {
	if to.IsZero() {
		return to
	}
	return to.Add(24 * time.Hour)
}

func (r *Rooms) getRecords(w http.ResponseWriter, req *http.Request) error {
	q, err := r.listOf(req)
	if err != nil {
		return err
	}
	found, more, err := r.recordsSeen(req.Context(), q)
	if err != nil {
		return err
	}
	out := Records{Records: list(found), More: more, Recorded: []call.ID{}}
	if len(found) == 0 {
		return Send(w, out)
	}
	sounds, _, err := r.Recordings.List(req.Context(), record.Query{From: found[len(found)-1].Started, To: recordedUntil(found[0].Started)})
	if err != nil {
		return err
	}
	for i := range found {
		id := found[i].Call
		if slices.ContainsFunc(sounds, func(e record.Entry) bool {
			return e.Call == id && (e.State == record.Kept || e.State == record.Going)
		}) {
			out.Recorded = append(out.Recorded, id)
		}
	}
	return Send(w, out)
}

// recordsSeen lists those that the asker sees.
func (r *Rooms) recordsSeen(ctx context.Context, q ledger.Query) ([]ledger.Record, bool, error) {
	who := Viewer(ctx)
	if who.All() {
		return r.List(ctx, q)
	}
	limit := q.Limit
	q.Limit = maxRecords
	return sift(limit, func(last *ledger.Record) ([]ledger.Record, bool, error) {
		if last != nil {
			q.To = last.Started
		}
		return r.List(ctx, q)
	}, func(k *ledger.Record) bool { return seesRecord(who, k) })
}

func (r *Rooms) getLegs(w http.ResponseWriter, req *http.Request) error {
	steps, err := r.story(req)
	if err != nil {
		return err
	}
	recordings, err := r.recordingsOf(req.Context(), call.ID(req.PathValue("id")), steps)
	if err != nil {
		return err
	}
	return Send(w, Legs{list(ledger.Legs(steps)), list(recordings)})
}

func getCauses(w http.ResponseWriter, _ *http.Request) error {
	out := Causes{Causes: []CauseName{}}
	for _, c := range call.Causes() {
		out.Causes = append(out.Causes, CauseName{c.String(), figures.Words{EN: c.Text("en"), FA: c.Text("fa")}})
	}
	return Send(w, out)
}

func (r *Rooms) getPeaks(w http.ResponseWriter, req *http.Request) error {
	if err := r.seesRecording(req, req.PathValue("id")); err != nil {
		return err
	}
	p, err := r.Recordings.Peaks(req.Context(), req.PathValue("id"))
	if errors.Is(err, record.ErrUnknown) {
		return ErrNoRecording
	}
	if err != nil {
		return err
	}
	return Send(w, p)
}
