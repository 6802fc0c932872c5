package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/queue"
)

// Wall is the answer of GET /api/wall: what a board on a wall shows of now. It has no
// caller's number.
type Wall struct {
	Now    time.Time   `json:"now"`
	Box    string      `json:"box"`
	Queues []WallQueue `json:"queues"`
}

// WallQueue is one queue now.
type WallQueue struct {
	Number  string    `json:"number"`
	Name    string    `json:"name"`
	Waiting int       `json:"waiting"`
	Since   time.Time `json:"since,omitzero"` // the first in line waits
	Free    int       `json:"free"`           // agents
	Talking int       `json:"talking"`
	Paused  int       `json:"paused"`
	Busy    int       `json:"busy"` // ringing, working after a call, or on a call of another kind
	Away    int       `json:"away"` // logged out or without a phone
}

func (r *Rooms) wallRoutes() []Route {
	return []Route{{Pattern: "GET /api/wall", Right: identity.Reports, Handle: r.getWall,
		About: "The figures of today for a board on the wall.", Query: []Param{text("queues", "Their numbers, with commas between them; all that the viewer sees when it is not said.")}, Gives: Wall{}}}
}

// getWall shows the ?queues that are seen, apart by commas, or all of them.
func (r *Rooms) getWall(w http.ResponseWriter, req *http.Request) error {
	text := req.URL.Query().Get("queues")
	if !oneLine(text, 500) {
		return ErrValue.Of("queues")
	}
	wanted := strings.FieldsFunc(text, func(c rune) bool { return c == ',' })
	board := floorOf(Viewer(req.Context()), r.Floor())
	out := Wall{Now: r.Clock.Now(), Box: r.Config().System.Name, Queues: []WallQueue{}}
	for i := range board.Queues {
		if q := &board.Queues[i]; len(wanted) == 0 || slices.Contains(wanted, q.Number) {
			out.Queues = append(out.Queues, wallQueue(q, board.Agents))
		}
	}
	return Send(w, out)
}

func wallQueue(q *queue.QueueView, agents []queue.AgentView) WallQueue {
	out := WallQueue{Number: q.Number, Name: q.Name}
	for _, c := range q.Waiting {
		if c.Callback { // nobody is on the phone
			continue
		}
		out.Waiting++
		if out.Since.IsZero() || c.Joined.Before(out.Since) {
			out.Since = c.Joined
		}
	}
	for _, a := range agents {
		if !slices.Contains(q.Agents, a.Extension) {
			continue
		}
		switch a.State {
		case "free":
			out.Free++
		case "talking":
			out.Talking++
		case "paused":
			out.Paused++
		case "logged-out", "offline":
			out.Away++
		default:
			out.Busy++
		}
	}
	return out
}
