package figures

import (
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/ledger"
)

// byCell groups a report by the finest rows that any report can be added up from: a cell
// is one hour of one queue, agent, number and way.
const byCell Group = "cell"

// cellKind is what a cell counts.
type cellKind byte

// The kinds.
const (
	contactCell  cellKind = 'c' // contacts that nobody answered
	answeredCell cellKind = 'a' // contacts, by who answered
	ringCell     cellKind = 'r' // offers, by whom they rang
	timeCell     cellKind = 't' // what an agent did
	blockedCell  cellKind = 'b' // calls that found no line
)

type cell struct {
	kind                   cellKind
	hour                   int64 // its beginning, Unix seconds
	queue, agent, did, way string
}

func cellOf(kind cellKind, e *ledger.Entry, v *ledger.Visit, zone *time.Location) cell {
	k := cell{kind: kind, hour: hour(v.Offered.In(zone)).Unix(), queue: v.Queue, did: e.DID, way: e.Way}
	if kind == contactCell && v.Outcome == ledger.VisitAnswered {
		k.kind, k.agent = answeredCell, v.Agent
	}
	return k
}

func (k cell) of(agent string) cell { k.agent = agent; return k }

// apart keeps a key's texts apart; numbers and names do not have it.
const apart = "\x00"

func (k cell) key() string {
	return strings.Join([]string{string(rune(k.kind)), strconv.FormatInt(k.hour, 10), k.queue, k.agent, k.did, k.way}, apart)
}

// cellFrom reads a key.
func cellFrom(key string) (k cell, ok bool) {
	part := strings.Split(key, apart)
	if len(part) != 6 || len(part[0]) != 1 {
		return k, false
	}
	at, err := strconv.ParseInt(part[1], 10, 64)
	return cell{cellKind(part[0][0]), at, part[2], part[3], part[4], part[5]}, err == nil
}

// fold adds a cell to a count, as the contacts that it was made from would have been.
func (c *count) fold(k cell, t *Tally) {
	at := time.Unix(k.hour, 0).In(c.q.From.Location())
	e := &ledger.Entry{Started: at, DID: k.did, Way: k.way}
	v := &ledger.Visit{Offered: at, Queue: k.queue}
	if c.q.Queue != "" && k.queue != c.q.Queue {
		return
	}
	switch k.kind {
	case contactCell, answeredCell:
		if k.kind == answeredCell {
			v.Outcome, v.Agent = ledger.VisitAnswered, k.agent
		}
		if !c.q.counts(e, v) {
			return
		}
		for _, to := range c.of(e, v) {
			to.Add(t)
		}
	case blockedCell:
		c.blocked(e, t.Blocked)
	case ringCell:
		if c.q.Agent != "" && k.agent != c.q.Agent || c.q.Number != "" && k.did != c.q.Number || c.q.Way != "" && k.way != c.q.Way {
			return
		}
		c.total.Add(t)
		if c.q.By == ByAgent {
			c.row(k.agent).Add(t)
		} else if key, ok := c.key(e, v); ok {
			c.row(key).Add(t)
		}
	case timeCell:
		if c.q.everything() {
			c.did(k.agent, at, func(to *Tally) { to.Add(t) })
		}
	}
}
