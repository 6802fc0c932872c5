package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
)

// QueueForms is the answer of GET /api/settings/queues, and of what changes them.
type QueueForms struct {
	Revision int         `json:"revision"` // for If-Match
	Queues   []QueueForm `json:"queues"`
}

// QueueForm is a queue as the configuration has it.
type QueueForm struct {
	Number string `json:"number"`
	// Value is the whole queue, by the names and in the words of the file. It is also
	// the body of POST /api/settings/queues, which makes or changes that queue; what it
	// leaves out is as the file would have it.
	Value json.RawMessage `json:"value"`
	// Uses is all that leads to it. It can be deleted only while nothing does.
	Uses []config.Use `json:"uses"`
}

func (r *Rooms) queueFormRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/settings/queues", Right: identity.Settings, Handle: r.getQueueForms,
			About: "The queues as they are set.", Gives: QueueForms{}},
		{Pattern: "POST /api/settings/queues", Right: identity.Settings, Handle: r.setQueueForm,
			About: "Makes a queue, or changes the one of its number.", Query: []Param{sinceParam}, Takes: map[string]any{}, Gives: QueueForms{}},
		{Pattern: "POST /api/settings/queues/{number}/delete", Right: identity.Settings, Handle: r.deleteQueue,
			About: "Deletes a queue that nothing leads to.", Query: []Param{sinceParam}, Gives: QueueForms{}},
	}
}

func (r *Rooms) getQueueForms(w http.ResponseWriter, _ *http.Request) error {
	c, rev := r.Changes.Current()
	forms := QueueForms{Revision: rev, Queues: []QueueForm{}}
	for i := range c.Queues {
		q := &c.Queues[i]
		plain, err := q.Plain()
		if err != nil {
			return err
		}
		value, err := json.Marshal(plain)
		if err != nil {
			return fmt.Errorf("write queue %s: %w", q.Number, err)
		}
		forms.Queues = append(forms.Queues, QueueForm{Number: q.Number, Value: value, Uses: list(c.QueueUses(q.Number))})
	}
	return Send(w, forms)
}

// setQueueForm makes or changes a queue.
func (r *Rooms) setQueueForm(w http.ResponseWriter, req *http.Request) error {
	var plain map[string]any
	if err := Decode(req, &plain); err != nil {
		return err
	}
	q, err := config.PlainQueue(plain)
	if err != nil {
		return refused(err)
	}
	at := 0 // in the list
	err = r.since(req, queueOf(q.Number), func(c *config.Config) {
		c.Queues = slices.Clone(c.Queues)
		if at = slices.IndexFunc(c.Queues, func(old config.Queue) bool { return old.Number == q.Number }); at < 0 {
			at = len(c.Queues)
			c.Queues = append(c.Queues, *q)
		}
		c.Queues[at] = *q
	}, "queue "+q.Number)
	if err != nil {
		return wrongIn(fmt.Sprintf("queues[%d].", at), err)
	}
	return r.getQueueForms(w, req)
}

// deleteQueue deletes a queue to which nothing leads.
func (r *Rooms) deleteQueue(w http.ResponseWriter, req *http.Request) error {
	number := req.PathValue("number")
	if _, ok := r.Config().Queue(number); !ok {
		return ErrNotFound
	}
	if len(r.Config().QueueUses(number)) > 0 {
		return ErrQueueUsed
	}
	err := r.since(req, queueOf(number), func(c *config.Config) {
		c.Queues = slices.DeleteFunc(slices.Clone(c.Queues), func(q config.Queue) bool { return q.Number == number })
	}, "queue "+number+" deleted")
	if err != nil {
		return refused(err)
	}
	return r.getQueueForms(w, req)
}

// queueOf is the queue of a number, for since.
func queueOf(number string) func(*config.Config) any {
	return func(c *config.Config) any {
		q, _ := c.Queue(number)
		return q
	}
}
