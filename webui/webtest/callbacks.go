package webtest

import (
	"fmt"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/queue"
)

// held are the callbacks of a scene.
type held struct{ *Box }

func (h held) CallBack(number, customer, name string, at time.Time) (id call.ID, err error) {
	err = queue.ErrNoQueue
	h.Change(func(s *Scene) {
		for i := range s.Floor.Queues {
			q := &s.Floor.Queues[i]
			if q.Number != number {
				continue
			}
			if err = queue.ErrBarred; customer == "110" {
				continue
			}
			if slices.ContainsFunc(q.Waiting, func(w queue.CallerView) bool { return w.Callback && w.Party.Number == customer }) {
				err = queue.ErrRefused
				continue
			}
			id, err = call.ID(fmt.Sprintf("callback-%d", len(q.Waiting)+1)), nil
			q.Waiting = append(q.Waiting, queue.CallerView{Call: id, Party: call.Party{Number: customer, Name: name}, Position: len(q.Waiting) + 1,
				Joined: h.Clock.Now(), Callback: true, Held: &queue.HeldView{State: "waiting", Asked: h.Clock.Now(), Due: h.Clock.Now()}})
			if at.After(h.Clock.Now()) {
				h := q.Waiting[len(q.Waiting)-1].Held
				h.State, h.Due, h.Booked = "later", at, true
			}
		}
	}, event.Queues)
	return id, err
}

func (h held) CallBackNow(id call.ID) error {
	return h.to(id, func(q *queue.QueueView, i int) { q.Waiting[i].Held.State = "ringing" })
}

func (h held) RebookCallback(id call.ID, at time.Time) error {
	return h.to(id, func(q *queue.QueueView, i int) {
		q.Waiting[i].Held.State, q.Waiting[i].Held.Due, q.Waiting[i].Held.Booked = "later", at, true
	})
}

// Slots are the two hours after the next, of which the first is full.
func (h held) Slots(number string) (list []queue.Slot, err error) {
	err = queue.ErrNoQueue
	h.Change(func(s *Scene) {
		if slices.ContainsFunc(s.Floor.Queues, func(q queue.QueueView) bool { return q.Number == number }) {
			err = nil
		}
	})
	for i := range 2 {
		from := h.Clock.Now().Truncate(time.Hour).Add(time.Duration(i+2) * time.Hour)
		list = append(list, queue.Slot{From: from, Until: from.Add(time.Hour), Free: 3 * i})
	}
	return list, err
}

func (h held) Withdraw(id call.ID) error {
	return h.to(id, func(q *queue.QueueView, i int) { q.Waiting = slices.Delete(slices.Clone(q.Waiting), i, i+1) })
}

func (h held) to(id call.ID, do func(q *queue.QueueView, i int)) error {
	err := queue.ErrGone
	h.Change(func(s *Scene) {
		for n := range s.Floor.Queues {
			q := &s.Floor.Queues[n]
			if i := slices.IndexFunc(q.Waiting, func(w queue.CallerView) bool { return w.Call == id && w.Callback }); i >= 0 {
				do(q, i)
				err = nil
			}
		}
	}, event.Queues)
	return err
}
