package conference

import (
	"errors"
	"slices"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
)

// ErrNobody: there is no such conference now, or no such member in it.
var ErrNobody = errors.New("nobody is there")

// ErrVerb: conferences know nothing of the kind.
var ErrVerb = errors.New("no such action")

// Verb is something that is done to a conference.
type Verb string

// The verbs. Without a member Mute is for all who are no moderators, Unmute for all.
const (
	Lock   Verb = "lock" // only moderators come in
	Unlock Verb = "unlock"
	Mute   Verb = "mute"
	Unmute Verb = "unmute"
	Remove Verb = "remove" // a member
	End    Verb = "end"    // for all
)

var done = map[Verb]string{Lock: "locked", Unlock: "unlocked", Mute: "muted", Unmute: "unmuted", Remove: "removed", End: "ended"}

// Action is a verb with who does it to whom.
type Action struct {
	Conference string
	Do         Verb
	Member     call.LegID // "": see the verb
	By         call.Party // for the ledger
}

// Do does it: ErrNobody, ErrVerb.
func (r *Rooms) Do(a Action) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	rm := r.open[a.Conference]
	if rm == nil {
		return ErrNobody
	}
	whom := rm.members
	if a.Member != "" {
		i := slices.IndexFunc(whom, func(m *member) bool { return m.leg.ID() == a.Member })
		if i < 0 {
			return ErrNobody
		}
		whom = whom[i : i+1]
	}
	switch a.Do {
	case Lock, Unlock:
		rm.locked = a.Do == Lock
		whom = rm.members
	case Mute, Unmute:
		whom = slices.DeleteFunc(slices.Clone(whom), func(m *member) bool { return a.Member == "" && a.Do == Mute && m.moderator })
		for _, m := range whom {
			m.muted = a.Do == Mute
			m.voice()
		}
	case Remove:
		if a.Member == "" {
			return ErrNobody
		}
	case End:
		whom = rm.members
	default:
		return ErrVerb
	}
	step := call.Step{Type: call.StepConference, Number: a.Conference, Party: a.By, Value: done[a.Do]}
	for _, m := range whom {
		if a.Do == Remove || a.Do == End {
			m.out = &step
			m.call.Post(call.Message{Body: changed{}})
			continue
		}
		m.call.Post(call.Message{Body: step})
	}
	r.opts.News.Publish(event.Conferences)
	return nil
}

// last is the leg of who came last, beside m and moderators; "" if there is nobody.
func (rm *room) last(m *member) call.LegID {
	m.rooms.mu.Lock()
	defer m.rooms.mu.Unlock()
	for _, x := range slices.Backward(rm.members) {
		if x != m && !x.moderator {
			return x.leg.ID()
		}
	}
	return ""
}

// quiet tells whether all who are no moderators are muted. The mutex is held.
func (rm *room) quiet() bool {
	return !slices.ContainsFunc(rm.members, func(m *member) bool { return !m.moderator && !m.muted })
}
