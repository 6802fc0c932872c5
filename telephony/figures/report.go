package figures

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// Report is the figures of a period.
type Report struct {
	From      time.Time     `json:"from"`
	To        time.Time     `json:"to"`
	Zone      string        `json:"zone"`
	Now       time.Time     `json:"now"`
	Threshold ledger.Millis `json:"threshold"`
	Short     ledger.Millis `json:"short"`
	Days      int           `json:"days"`
	By        Group         `json:"by"`
	Total     Row           `json:"total"`
	// Shares are what the total's ratios and averages are made of, by id of formula.
	Shares map[string]Share `json:"shares"`
	Rows   []Row            `json:"rows"`
	// Closes tells that the conservation law holds; else Difference is by how much it
	// does not, and Unclosed are calls without an outcome, the first 100 of them.
	Closes     bool       `json:"closes"`
	Difference int64      `json:"difference"`
	Unclosed   []Unclosed `json:"unclosed"`
}

// Unclosed is a contact that the ledger has no outcome for.
type Unclosed struct {
	Call    call.ID   `json:"call"`
	Queue   string    `json:"queue"`
	Offered time.Time `json:"offered"`
}

// Row is the figures of the report, or of one of its groups.
type Row struct {
	Key      string             `json:"key"`         // number or name; of hours and days their beginning, RFC 3339
	At       time.Time          `json:"at,omitzero"` // of hours and days
	Values   map[string]float64 `json:"values"`      // by id of formula
	Overflow map[string]int64   `json:"overflow"`    // by reason
	tally    *Tally
}

const mostUnclosed = 100

// Report counts what a query asks for.
func (r *Room) Report(ctx context.Context, q Query) (*Report, error) {
	q = q.usual()
	zone := r.Zone()
	now := r.opts.Clock.Now()
	q.From, q.To = q.From.In(zone), q.To.In(zone)
	out := &Report{From: q.From, To: q.To, Zone: zone.String(), Now: now.In(zone), Threshold: ledger.Millis(q.Threshold), Short: ledger.Millis(q.Short),
		Days: q.Days, By: q.By, Rows: []Row{}, Unclosed: []Unclosed{}}
	c := newCount(&q, now)
	for _, at := range spans(q.By, q.From, q.To) {
		key, _ := c.key(nil, &ledger.Visit{Offered: at})
		c.row(key)
	}
	if err := r.counted(ctx, c); err != nil {
		return nil, err
	}
	out.Unclosed = append(out.Unclosed, c.unclosed...)
	ofAgents := q.Agent != ""
	out.Total, out.Shares = rowOf("", c.total, ofAgents), c.total.shares(ofAgents)
	for _, key := range c.order() {
		row := rowOf(key, c.rows[key], ofAgents || q.By == ByAgent)
		if at, err := time.Parse(time.RFC3339, key); err == nil && (q.By == ByHour || q.By == ByDay) {
			row.At = at.In(zone)
		}
		out.Rows = append(out.Rows, row)
	}
	out.Difference = c.total.Difference()
	out.Closes = out.Difference == 0
	return out, nil
}

// read counts from the ledger what a count's query asks for.
func (r *Room) read(ctx context.Context, c *count) error {
	plan := r.plan()
	err := r.each(ctx, c.q, func(e *ledger.Entry, v *ledger.Visit, in bool) error {
		if c.again.seen(plan, e, v, in && c.q.counts(e, v), 0); !in {
			return nil
		}
		if !c.q.counts(e, v) {
			c.offers(e, v)
			return nil
		}
		for _, t := range c.of(e, v) {
			t.contact(v, e.Running, c.q)
		}
		c.offers(e, v)
		if v.Outcome == "" && !e.Running && len(c.unclosed) < mostUnclosed {
			c.unclosed = append(c.unclosed, Unclosed{Call: e.Call, Queue: v.Queue, Offered: v.Offered})
		}
		return nil
	}, func(e *ledger.Entry) { c.blocked(e, 1) })
	if err != nil {
		return err
	}
	c.again.count(c)
	return r.time(ctx, c)
}

func rowOf(key string, t *Tally, ofAgents bool) Row {
	return Row{Key: key, Values: t.Figures(ofAgents), Overflow: t.Overflow, tally: t}
}

// each hands the visits of a queue from a period on to f, in tells which ones are of
// the period: those after it are needed to know whether a customer came back. Calls that
// found no line go to blocked.
func (r *Room) each(ctx context.Context, q *Query, f func(e *ledger.Entry, v *ledger.Visit, in bool) error, blocked func(*ledger.Entry)) error {
	now := r.opts.Clock.Now()
	until := q.To.AddDate(0, 0, q.Days)
	if until.After(now) {
		until = now.Add(time.Second)
	}
	if until.Before(q.To) {
		until = q.To
	}
	same := r.same()
	return r.opts.Ledger.Each(ctx, q.From, until, func(e *ledger.Entry) error {
		if blocked != nil && isBlocked(e) && !e.Started.Before(q.From) && e.Started.Before(q.To) {
			blocked(e)
		}
		for i := range e.Visits {
			v := &e.Visits[i]
			same.rename(v)
			if v.Offered.Before(q.From) || !v.Offered.Before(until) || q.Queue != "" && v.Queue != q.Queue {
				continue
			}
			if err := f(e, v, v.Offered.Before(q.To)); err != nil {
				return err
			}
		}
		return nil
	})
}

// counts tells whether a query's other conditions are met.
func (q *Query) counts(e *ledger.Entry, v *ledger.Visit) bool {
	return (q.Number == "" || e.DID == q.Number) && (q.Way == "" || e.Way == q.Way) &&
		(q.Agent == "" || v.Outcome == ledger.VisitAnswered && v.Agent == q.Agent)
}

// count is a report in the making.
type count struct {
	q     *Query
	now   time.Time
	total *Tally
	rows  map[string]*Tally
	again again

	unclosed []Unclosed
}

func newCount(q *Query, now time.Time) *count {
	return &count{q: q, now: now, total: newTally(), rows: make(map[string]*Tally), again: newAgain(q, now)}
}

func (c *count) row(key string) *Tally {
	t := c.rows[key]
	if t == nil {
		t = newTally()
		c.rows[key] = t
	}
	return t
}

// of are the tallies that a contact is counted in.
func (c *count) of(e *ledger.Entry, v *ledger.Visit) []*Tally {
	key, ok := c.key(e, v)
	if !ok {
		return []*Tally{c.total}
	}
	return []*Tally{c.total, c.row(key)}
}

// key is the row that a contact belongs to; false for none.
func (c *count) key(e *ledger.Entry, v *ledger.Visit) (key string, ok bool) {
	switch c.q.By {
	case ByHour:
		return hour(v.Offered.In(c.q.From.Location())).Format(time.RFC3339), true
	case ByDay:
		return Day(v.Offered.In(c.q.From.Location())).Format(time.RFC3339), true
	case ByWeekday:
		return weekday(v.Offered.In(c.q.From.Location())), true
	case ByWeekHour:
		return weekHour(v.Offered.In(c.q.From.Location())), true
	case ByQueue:
		return v.Queue, true
	case ByAgent:
		return v.Agent, v.Outcome == ledger.VisitAnswered
	case ByNumber:
		return e.DID, true
	case ByWay:
		return e.Way, true
	case byCell:
		return cellOf(contactCell, e, v, c.q.From.Location()).key(), true
	}
	return "", false
}

// offers counts the offers of a contact to agents: each agent's are his own, whoever
// answered.
func (c *count) offers(e *ledger.Entry, v *ledger.Visit) {
	if c.q.Number != "" && e.DID != c.q.Number || c.q.Way != "" && e.Way != c.q.Way {
		return
	}
	if agents := rung(v); len(agents) == 0 || c.q.Agent != "" && !slices.Contains(agents, c.q.Agent) {
		return
	}
	c.total.rings(v, c.q.Agent)
	if c.q.By != ByAgent && c.q.By != byCell {
		if key, ok := c.key(e, v); ok {
			c.row(key).rings(v, c.q.Agent)
		}
		return
	}
	for _, agent := range rung(v) {
		if c.q.Agent == "" || agent == c.q.Agent {
			key := agent
			if c.q.By == byCell {
				key = cellOf(ringCell, e, v, c.q.From.Location()).of(agent).key()
			}
			c.row(key).rings(v, agent)
		}
	}
}

// rung are the agents that a contact was offered to.
func rung(v *ledger.Visit) (list []string) {
	for _, g := range v.Rings {
		if !slices.Contains(list, g.Agent) {
			list = append(list, g.Agent)
		}
	}
	return list
}

// blocked counts n calls that found no line, as this one.
func (c *count) blocked(e *ledger.Entry, n int64) {
	if c.q.Queue != "" || c.q.Agent != "" || c.q.Number != "" && e.DID != c.q.Number || c.q.Way != "" && e.Way != c.q.Way {
		return
	}
	c.total.Blocked += n
	switch c.q.By {
	case ByHour, ByDay, ByWeekday, ByWeekHour, ByNumber, ByWay:
		key, _ := c.key(e, &ledger.Visit{Offered: e.Started})
		c.row(key).Blocked += n
	case byCell:
		c.row(cellOf(blockedCell, e, &ledger.Visit{Offered: e.Started}, c.q.From.Location()).key()).Blocked += n
	}
}

// order are the keys of rows: by time, else the busiest first.
func (c *count) order() (keys []string) {
	for key := range c.rows {
		keys = append(keys, key)
	}
	at := func(key string) time.Time { t, _ := time.Parse(time.RFC3339, key); return t }
	slices.SortFunc(keys, func(a, b string) int {
		if c.q.By == ByWeekday || c.q.By == ByWeekHour {
			return byWeek(a, b)
		}
		if c.q.By == ByHour || c.q.By == ByDay {
			return at(a).Compare(at(b))
		}
		return cmp.Or(cmp.Compare(c.rows[b].Offered, c.rows[a].Offered), cmp.Compare(a, b))
	})
	return keys
}
