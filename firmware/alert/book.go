package alert

import (
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/health"
)

// rules say what is told and when; see config.Alerts.
type rules struct {
	least health.Severity
	after time.Duration
	again time.Duration
}

// known is a problem that the book knows of.
type known struct {
	Problem health.Problem `json:"problem"` // as it was last seen
	Told    time.Time      `json:"told,omitzero"`
	Gone    time.Time      `json:"gone,omitzero"` // not there since; zero: it is
}

// Notice is what is told at one time.
type Notice struct {
	New      []health.Problem `json:"new,omitempty"`
	Still    []health.Problem `json:"still,omitempty"`
	Resolved []health.Problem `json:"resolved,omitempty"`
	Test     bool             `json:"test,omitempty"` // somebody tries whether it arrives
}

func (n *Notice) empty() bool { return len(n.New)+len(n.Still)+len(n.Resolved) == 0 && !n.Test }

// without is a notice for a channel that need not hear of its own failure.
func (n Notice) without(id string) Notice {
	own := func(p health.Problem) bool { return p.ID == id }
	for _, list := range []*[]health.Problem{&n.New, &n.Still, &n.Resolved} {
		*list = slices.DeleteFunc(slices.Clone(*list), own)
	}
	return n
}

// book decides what is to be told. It is pure: time and board come as arguments.
type book map[string]*known

// weights are the severities, the heaviest last.
var weights = [...]health.Severity{health.Info, health.Warning, health.Error}

func weight(s health.Severity) int { return slices.Index(weights[:], s) }

// turn looks at the board as it is now. next is when to look again although the board
// has not changed; zero: not before it does.
func (b book) turn(now time.Time, board []health.Problem, r rules) (n Notice, next time.Time) {
	there := make(map[string]bool)
	for _, p := range board {
		if weight(p.Severity) < weight(r.least) {
			continue
		}
		there[p.ID] = true
		k := b[p.ID]
		if k == nil {
			k = &known{}
			b[p.ID] = k
		} else {
			p.Since = k.Problem.Since // since it was first seen, however often it came and went
		}
		k.Problem, k.Gone = p, time.Time{}
	}
	soon := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	due := func(k *known) time.Time { return k.Problem.Since.Add(r.after) }
	anyDue := false
	for _, k := range b {
		if k.Gone.IsZero() && k.Told.IsZero() && there[k.Problem.ID] && !due(k).After(now) {
			anyDue = true
		}
	}
	for id, k := range b {
		switch {
		case !there[id]:
			if k.Gone.IsZero() {
				k.Gone = now
			}
			if over := k.Gone.Add(r.after); over.After(now) {
				soon(over)
				continue
			}
			if delete(b, id); !k.Told.IsZero() {
				n.Resolved = append(n.Resolved, k.Problem)
			}
		case k.Told.IsZero():
			// What began shortly after one that is due goes with it.
			if !due(k).After(now) || anyDue && !due(k).After(now.Add(r.after/2)) {
				k.Told = now
				n.New = append(n.New, k.Problem)
				soon(now.Add(r.again))
			} else {
				soon(due(k))
			}
		case !k.Told.Add(r.again).After(now):
			k.Told = now
			n.Still = append(n.Still, k.Problem)
			soon(now.Add(r.again))
		default:
			soon(k.Told.Add(r.again))
		}
	}
	for _, list := range [][]health.Problem{n.New, n.Still, n.Resolved} {
		slices.SortFunc(list, func(x, y health.Problem) int {
			if d := weight(y.Severity) - weight(x.Severity); d != 0 {
				return d
			}
			return strings.Compare(x.ID, y.ID)
		})
	}
	return n, next
}
