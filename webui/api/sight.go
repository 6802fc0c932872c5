package api

import (
	"errors"
	"net/http"
	"slices"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/record"
)

// A right opens a route; what somebody sees through it is decided here, object by
// object. What he may not see is not found: the answer does not tell that it exists.

// watches tells whether an agent is himself, or is in a queue that somebody sees.
func watches(who *identity.Identity, b *queue.Board, agent string) bool {
	return who.Owns(agent) || slices.ContainsFunc(b.Queues, func(q queue.QueueView) bool {
		return who.Sees(q.Number) && slices.Contains(q.Agents, agent)
	})
}

// commands tells whether all queues of an agent are seen, so that he may be told what to
// do in all of them.
func commands(who *identity.Identity, b *queue.Board, agent string) bool {
	return watches(who, b, agent) && (who.Owns(agent) || !slices.ContainsFunc(b.Queues, func(q queue.QueueView) bool {
		return !who.Sees(q.Number) && slices.Contains(q.Agents, agent)
	}))
}

// floorOf is the part of the floor that somebody sees.
func floorOf(who *identity.Identity, b queue.Board) queue.Board {
	if who.All() {
		return b
	}
	seen := queue.Board{Queues: []queue.QueueView{}, Agents: []queue.AgentView{}}
	for _, q := range b.Queues {
		if who.Sees(q.Number) {
			seen.Queues = append(seen.Queues, q)
		}
	}
	for _, a := range b.Agents {
		if !watches(who, &b, a.Extension) {
			continue
		}
		if !who.Sees(a.Queue) && !who.Owns(a.Extension) {
			a.Queue, a.Call = "", "" // he talks for somebody else
		}
		seen.Agents = append(seen.Agents, a)
	}
	return seen
}

// waiting are the calls, kept places too, that wait in queues that somebody sees, or that
// their agents have from them.
func waiting(who *identity.Identity, b *queue.Board) map[call.ID]bool {
	mine := map[call.ID]bool{}
	for _, q := range b.Queues {
		for _, c := range q.Waiting {
			mine[c.Call] = mine[c.Call] || who.Sees(q.Number)
		}
	}
	for _, a := range b.Agents {
		if a.Call != "" && (who.Sees(a.Queue) || who.Owns(a.Extension)) {
			mine[a.Call] = true
		}
	}
	return mine
}

// callsOf are the running calls that somebody sees: those that wait in his queues, that
// agents have from them, or that are his own.
func callsOf(who *identity.Identity, b queue.Board, calls []call.Snapshot) []call.Snapshot {
	if who.All() {
		return calls
	}
	mine := waiting(who, &b)
	return slices.DeleteFunc(slices.Clone(calls), func(c call.Snapshot) bool {
		return !mine[c.ID] && !who.Owns(c.Origin.Extension) && !who.Owns(c.To) &&
			!slices.ContainsFunc(c.Legs, func(l call.LegView) bool { return who.Owns(l.Agent) })
	})
}

// seesRecord tells whether a finished call came to a queue that somebody sees, or is his own.
func seesRecord(who *identity.Identity, r *ledger.Record) bool {
	return who.All() || who.Sees(r.Queue) || who.Owns(r.Origin.Extension) || who.Owns(r.To) || who.Owns(r.Agent) ||
		slices.ContainsFunc(r.Visits, func(v ledger.Visit) bool { return who.Sees(v.Queue) || who.Owns(v.Agent) })
}

// seesSteps tells the same of a call's story.
func seesSteps(who *identity.Identity, steps []call.Step) bool {
	return who.All() || slices.ContainsFunc(steps, func(s call.Step) bool {
		switch s.Type {
		case call.StepArrived:
			return who.Owns(s.Origin.Extension) || who.Owns(s.Number)
		case call.StepQueueConnected:
			return who.Sees(s.Queue) || who.Owns(s.Agent)
		}
		return who.Sees(s.Queue)
	})
}

// seesCall refuses a call that the asker does not see, as one that does not exist.
func (r *Rooms) seesCall(req *http.Request, id call.ID) error {
	who := Viewer(req.Context())
	if who.All() {
		return nil
	}
	board := r.Floor()
	if waiting(who, &board)[id] || slices.ContainsFunc(callsOf(who, board, r.Calls()), func(c call.Snapshot) bool { return c.ID == id }) {
		return nil
	}
	steps, err := r.Steps(req.Context(), id)
	if err != nil && !errors.Is(err, ledger.ErrUnknown) {
		return err
	}
	if err != nil || !seesSteps(who, steps) {
		return ErrNoCall
	}
	return nil
}

// seesRecording refuses a recording that is of no queue that the asker sees.
func (r *Rooms) seesRecording(req *http.Request, id string) error {
	who := Viewer(req.Context())
	if who.All() {
		return nil
	}
	e, err := r.Recordings.Find(req.Context(), id)
	if err != nil && !errors.Is(err, record.ErrUnknown) {
		return err
	}
	if err != nil || !who.Sees(e.Queue) {
		return ErrNoRecording
	}
	return nil
}

// seesBox tells whether somebody may open a mailbox: of his queue, or his own.
func seesBox(who *identity.Identity, box string) bool { return who.Sees(box) || who.Owns(box) }

// wholeOnly refuses what is nobody's in particular to those who see a part.
func wholeOnly(req *http.Request) error {
	if who := Viewer(req.Context()); !who.All() {
		return ErrForbidden
	}
	return nil
}

// narrow lets a report be about what the asker sees: he who has one queue need not say which.
func narrow(who *identity.Identity, q *figures.Query) error {
	if who.All() {
		return nil
	}
	if q.Queue == "" && len(who.Queues) == 1 {
		q.Queue = who.Queues[0]
	}
	if !who.Sees(q.Queue) {
		return ErrForbidden.Of("queue")
	}
	return nil
}

// sift reads a list, newest first, until limit of it are kept. read reads what is older
// than the last that it gave, from the newest on.
func sift[T any](limit int, read func(last *T) (list []T, more bool, err error), keep func(*T) bool) (kept []T, more bool, err error) {
	var last *T
	for {
		found, more, err := read(last)
		if err != nil {
			return nil, false, err
		}
		for i := range found {
			if !keep(&found[i]) {
				continue
			}
			if len(kept) == limit {
				return kept, true, nil
			}
			kept = append(kept, found[i])
		}
		if !more || len(found) == 0 {
			return kept, false, nil
		}
		last = &found[len(found)-1]
	}
}
