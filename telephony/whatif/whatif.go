// Package whatif replays a recorded day of the contact centre with other settings and
// says what would have changed.
//
// The daybook (package acd/daybook) has every event of the floor. learn takes from it
// what the settings did not make: when callers came, for which queue and with what
// priority; how long they were willing to wait, talked and were worked on afterwards;
// when agents came, rested and went, how fast each picked up and what he missed. A house
// made of that runs the same core (package acd) on virtual time. What was seen is done
// again, at the same distance from what led to it; so with the settings of the day the
// day comes out again, event by event. What was not seen (how long a caller would have
// waited whom an agent answered, how an agent answers a call that he was never offered)
// is drawn from the day, with a seed: Kaplan-Meier for patience, because most callers
// are answered before they lose it. The same seed draws the same for every setting, so
// that two settings differ by themselves and not by luck.
//
// The figures are those of package figures. A contact that came out as on the day is the
// ledger's own; one that did not is made of what the house did.
//
// Everything here is pure: it owns no goroutine, reads no clock and no file.
package whatif

import (
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
)

// Change is what is to be different. The zero Change changes nothing.
type Change struct {
	// Queues are the settings instead of those in force from a time on; nil: as they were.
	Queues func(at time.Time, was []acd.Queue) []acd.Queue
	// Doors are what the floor does round the core, by queue; as on the day where there
	// is none.
	Doors map[string]Door
	// Hours are when an agent works on that day instead of when he did.
	Hours map[string]Shift
	// Accept is the part of callers who take a callback that they were not offered on the
	// day, where the day does not tell; 0: UsualAccept.
	Accept float64
}

// UsualAccept is how many callers take a callback where nothing is known.
const UsualAccept = 0.4

// Door is what a queue does that the core does not know of.
type Door struct {
	RingFor time.Duration // how long an agent's phone rings; 0: as long as it took
	// Callback tells that callers can ask to be called back; it is offered to them after
	// OfferAfter, or with 0 never: they must press a key by themselves.
	Callback   bool
	OfferAfter time.Duration
	// Leads is the queue in which an evicted caller goes on, by reason.
	Leads map[acd.Reason]string
}

// LeftEmpty is why somebody who was in line goes on when nobody is there any more, where
// acd.Empty is that he could not join.
const LeftEmpty acd.Reason = "left-empty"

// Shift is from when to when an agent works.
type Shift struct{ From, To time.Time }

// changes tells whether anything is different.
func (c *Change) changes() bool {
	return c.Queues != nil || len(c.Doors) > 0 || len(c.Hours) > 0
}
