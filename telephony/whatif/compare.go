package whatif

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd/daybook"
	"github.com/pasokh/pasokh/telephony/figures"
)

// Question is a day and what is to be different.
type Question struct {
	Day    *daybook.Day
	Change Change
	// Figures are which contacts of the day are counted; one of its days, or a part of one.
	Figures figures.Query
	Runs    int // with other luck each, at most MostRuns; 0: UsualRuns
}

// How often a day is played.
const (
	UsualRuns = 20
	MostRuns  = 200
)

// Box is what a comparison needs of the box.
type Box struct {
	Clock  clock.Clock
	Ledger figures.Source
	Config func() *config.Config
}

// Comparison is a day beside what it would have been.
type Comparison struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Zone string    `json:"zone"`
	Runs int       `json:"runs"`
	// Exact tells that the day comes out again, event by event, when it is played without
	// a change; else Differs is when it is another day for the first time.
	Exact   bool      `json:"exact"`
	Differs time.Time `json:"differs,omitzero"`
	Figures []Figure  `json:"figures"`
	// Closes tells that the conservation law holds for all runs.
	Closes bool `json:"closes"`
	// Rests are the assumptions that the figures rest on.
	Rests []figures.Words `json:"rests"`
}

// Figure is one figure of the day and of what it would have been. What is not defined is
// nil.
type Figure struct {
	ID   string   `json:"id"` // of its formula
	Real *float64 `json:"real,omitempty"`
	Mean *float64 `json:"mean,omitempty"` // of all runs
	Low  *float64 `json:"low,omitempty"`  // the lowest and highest of them
	High *float64 `json:"high,omitempty"`
}

// ErrNothing: nothing is written down of that day.
var ErrNothing = errors.New("nothing is recorded of that day")

// Compare plays a day with a change, as often as asked for, and sets its figures beside
// the real ones. It takes some milliseconds for each run and ends when ctx does.
func Compare(ctx context.Context, box Box, q Question) (*Comparison, error) {
	if len(q.Day.Runs) == 0 {
		return nil, ErrNothing
	}
	rec, err := Learn(q.Day)
	if err != nil {
		return nil, err
	}
	differs, err := Check(ctx, q.Day, rec)
	if err != nil {
		return nil, err
	}
	days := cmp.Or(q.Figures.Days, figures.UsualDays)
	b, err := readBook(ctx, box.Ledger, q.Figures.From, q.Figures.To.AddDate(0, 0, days))
	if err != nil {
		return nil, err
	}
	real, err := figures.New(figures.Options{Clock: box.Clock, Ledger: box.Ledger, Config: box.Config}).Report(ctx, q.Figures)
	if err != nil {
		return nil, err
	}
	out := &Comparison{From: real.From, To: real.To, Zone: real.Zone, Exact: differs == nil, Closes: real.Closes, Runs: min(cmp.Or(q.Runs, UsualRuns), MostRuns)}
	if differs != nil {
		out.Differs = differs.At
	}
	if !q.Change.changes() {
		out.Runs = 1 // nothing is drawn
	}
	var spread spread
	for run := range out.Runs {
		played, err := play(ctx, rec, &q.Change, uint64(run+1), nil)
		if err != nil {
			return nil, err
		}
		report, err := figures.New(figures.Options{Clock: box.Clock, Ledger: newStage(b, rec, played), Config: box.Config}).Report(ctx, q.Figures)
		if err != nil {
			return nil, err
		}
		out.Closes = out.Closes && report.Closes
		spread.add(report.Total.Values)
	}
	for _, f := range figures.Formulas() {
		out.Figures = append(out.Figures, spread.figure(f.ID, real.Total.Values))
	}
	out.Rests = rec.rests(&q.Change, q.Figures.Queue)
	return out, nil
}

// spread is how the figures of the runs lie.
type spread map[string]*sample

type sample struct {
	n              int
	sum, low, high float64
}

func (s *spread) add(values map[string]float64) {
	if *s == nil {
		*s = make(spread)
	}
	for id, v := range values {
		x := (*s)[id]
		if x == nil {
			x = &sample{low: v, high: v}
			(*s)[id] = x
		}
		x.n++
		x.sum += v
		x.low, x.high = min(x.low, v), max(x.high, v)
	}
}

func (s spread) figure(id string, real map[string]float64) Figure {
	f := Figure{ID: id}
	if v, ok := real[id]; ok {
		f.Real = &v
	}
	if x := s[id]; x != nil {
		mean := x.sum / float64(x.n)
		f.Mean, f.Low, f.High = &mean, &x.low, &x.high
	}
	return f
}
