package queue

import (
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// A caller whose number is right is called in his turn, or at a time that he chooses.

// choice is what he chooses from.
type choice struct {
	slots []Slot
	page  int
	slot  Slot // that he chose; zero: his turn
}

// pageSize is how many times are read before he has to press a key for more.
const pageSize = 3

// confirmed goes on with a number that is right.
func (v *visit) confirmed() {
	if v.queue.Callback.Slot == 0 {
		v.askFloor()
		return
	}
	v.wish.stage, v.wish.until = seeks, time.Time{}
	v.floor.inbox.post(request{do: func() { v.floor.tellTimes(v, false) }})
}

// seesTimes takes in what is free.
func (v *visit) seesTimes(n freeTimes) {
	w := &v.wish
	switch {
	case w.stage != seeks && w.stage != asked:
	case len(n.slots) == 0:
		w.choice = choice{}
		v.askFloor()
	case n.gone:
		w.choice = choice{slots: n.slots}
		v.readTimes(speech.Phrase(v.call.Language(), "slot-gone"))
	default:
		w.choice = choice{slots: n.slots}
		w.stage, w.tries = when, 1
		v.puts(speech.Phrase(v.call.Language(), "callback-when"))
	}
}

// page are the times that are read now.
func (v *visit) page() []Slot {
	c := &v.wish.choice
	return c.slots[c.page*pageSize : min(len(c.slots), (c.page+1)*pageSize)]
}

// readTimes reads a page of times, after what comes first.
func (v *visit) readTimes(first call.Program) {
	v.wish.stage, v.wish.tries = picks, v.wish.tries+1
	var said []speech.Slot
	for _, s := range v.page() {
		said = append(said, v.said(s))
	}
	v.puts(speech.Sentences(first, speech.CallbackSlots(v.call.Language(), said, len(v.wish.choice.slots) > pageSize)))
}

func (v *visit) said(s Slot) speech.Slot {
	return speech.Slot{From: s.From, Until: s.Until, Today: v.call.Clock().Now().In(s.From.Location())}
}

// chooses takes a key of a caller who is asked when he wants to be called. It reports
// false for one that means nothing.
func (v *visit) chooses(key byte) bool {
	w := &v.wish
	n := int(key - '1')
	switch {
	case w.stage == when && key == '1':
		v.askFloor()
	case w.stage == when && key == '2':
		w.tries = 0
		v.readTimes(call.Program{})
	case w.stage == picks && key == '9' && len(w.slots) > pageSize:
		if w.tries, w.page = 0, w.page+1; w.page*pageSize >= len(w.slots) {
			w.page = 0
		}
		v.readTimes(call.Program{})
	case w.stage == picks && n >= 0 && n < len(v.page()):
		w.slot = v.page()[n]
		w.stage, w.until = asked, time.Time{}
		number, from := w.number, w.slot.From
		v.floor.inbox.post(request{do: func() { v.floor.book(v, number, from) }})
	default:
		return false
	}
	return true
}

// parting is what a caller is told whose place is kept, or whose time is booked.
func (v *visit) parting() call.Program {
	lang := v.call.Language()
	kept := speech.Sentences(speech.Position(lang, v.position), speech.Phrase(lang, "callback-kept"))
	if s := v.wish.slot; !s.From.IsZero() {
		kept = speech.CallbackBooked(lang, v.said(s))
	}
	return speech.Sentences(kept, speech.Phrase(lang, "goodbye"))
}

// RebookCallback has a callback wait for another time; one that is past is now.
func (f *Floor) RebookCallback(id call.ID, at time.Time) error {
	return f.toHeld(acd.CallbackNow{Call: id, NotBefore: at.UTC()}, id)
}
