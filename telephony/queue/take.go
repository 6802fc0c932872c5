package queue

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// A supervisor takes a waiting caller out of the line himself: from the page, which rings
// his phones for it, or by dialling, when his call joins the caller's. Who is up first has
// the caller; for the queue he has left without an agent.

// takeRing is how long a supervisor's phones ring.
const takeRing = 30 * time.Second

// taking is the body of the message that a supervisor wants the caller of a visit.
type taking struct {
	visit *visit
	ext   string
}

// taker is a supervisor whose phones ring.
type taker struct {
	hunt  *call.Hunt
	until time.Time
}

// Take rings the phones of an extension, to have it talk with a waiting caller. It does
// not wait for the answer.
func (f *Floor) Take(id call.ID, ext string) error {
	return f.ask(func() error {
		v := f.visits[id]
		switch {
		case v == nil || f.waiting(id) == nil:
			return ErrGone
		case len(f.opts.Endpoints(ext)) == 0:
			return ErrNoPhone
		}
		v.call.Post(call.Message{Body: taking{v, ext}})
		return nil
	})
}

// First is the call that waits first in a queue, nil if none does.
func (f *Floor) First(queue string) (first *call.Call) {
	_ = f.ask(func() error {
		for _, c := range f.state.Callers {
			if v := f.visits[c.Call]; c.Queue == queue && v != nil {
				first = v.call
				return nil
			}
		}
		return ErrGone
	})
	return first
}

// taken is the leg of a supervisor who has the caller with an event, or nil.
func (v *visit) taken(e call.Event) call.Leg {
	if m, ok := e.(call.Message); ok {
		if t, ok := m.Body.(taking); ok && t.visit == v {
			v.ringTaker(t.ext)
		}
		return nil
	}
	if leg := v.call.Joined(e); leg != nil {
		return leg
	}
	for _, k := range slices.Clone(v.takers) {
		switch out := k.hunt.Handle(e); {
		case out.Answered != nil:
			return out.Answered
		case out.Failed != call.CauseNone:
			v.takers = slices.DeleteFunc(v.takers, func(x *taker) bool { return x == k })
		}
	}
	return nil
}

func (v *visit) ringTaker(ext string) {
	k := &taker{hunt: v.call.NewHunt(), until: v.call.Clock().Now().Add(takeRing)}
	told := call.Offer{Caller: v.call.Arrival().From, Called: v.queue.Number, Via: []string{v.queue.Name}}
	if e, ok := v.floor.config.Load().Extension(ext); ok {
		told.Language = string(e.Language)
	}
	if k.hunt.Ring(ext, v.floor.opts.Endpoints(ext), told) {
		v.takers = append(v.takers, k)
	}
}

// dismiss stops ringing supervisors.
func (v *visit) dismiss(cause call.Cause) {
	for _, k := range v.takers {
		k.hunt.Stop("", cause)
	}
	v.takers = nil
}

// hand lets the caller talk with the supervisor who has him.
func (v *visit) hand(leg call.Leg) (next string, cause call.Cause) {
	v.call.Welcome(false)
	by := leg.Peer()
	v.note(call.Step{Type: call.StepSupervised, Party: by, Leg: leg.ID(), Value: "took"})
	v.leave(call.Elsewhere, "taken")
	v.tell(acd.CallerLeft{Call: v.id})
	v.tell(acd.AgentBusy{Agent: by.Number, On: true})
	defer v.tell(acd.AgentBusy{Agent: by.Number})
	v.call.Enter("extension " + by.Number)
	cause, err := v.call.Talk(leg, v.queue.Music)
	if err != nil {
		return "", call.Normal
	}
	return "", cause
}

// tire stops ringing supervisors who do not answer.
func (v *visit) tire(now time.Time) {
	v.takers = slices.DeleteFunc(v.takers, func(k *taker) bool {
		late := !now.Before(k.until)
		if late {
			k.hunt.Stop("", call.NoAnswer)
		}
		return late
	})
}
