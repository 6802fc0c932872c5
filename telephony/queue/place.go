package queue

import (
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// told is what a caller was told of his place and his wait.
type told struct {
	at       time.Time // last; zero: never
	position int
	minutes  int // 0: nothing yet
	staff    int // agents on duty then
	asking   bool
	wanted   bool // by key: he is told whatever the rules are
}

// begin tells who has joined his place after what comes first, or only that.
func (v *visit) begin(first call.Program, x acd.Expect) {
	v.noteSaid(first)
	v.voice.began = v.call.Clock().Now()
	if v.queue.Announce.First == 0 {
		first = speech.Sentences(first, v.inLine(v.position, x))
	}
	v.say(thePlace, first)
}

// placeAt is when the place is to be said; zero for never.
func (v *visit) placeAt() time.Time {
	a, every := v.queue.Announce, v.queue.AnnounceEvery.D()
	switch {
	case v.told.at.IsZero():
		return v.after(v.joined.Add(a.First.D()))
	case v.position < v.told.position:
		return v.after(v.told.at)
	case every > 0 && !a.Improved:
		return v.after(v.told.at.Add(every))
	}
	return time.Time{}
}

// askPlace asks the core how long the caller will wait; announce follows.
func (v *visit) askPlace() {
	v.told.asking = true
	v.tell(acd.WaitAsked{Call: v.call.ID()})
}

// announce tells the caller his place and his wait, as far as the rules let it.
func (v *visit) announce(n int, x acd.Expect) {
	v.told.asking = false
	if v.position == 0 || v.digits.on || v.wish.stage != noWish || v.voice.quiet && !v.told.wanted {
		return
	}
	if p := v.inLine(n, x); len(p.Sounds) > 0 {
		v.voice.began = v.told.at
		v.say(thePlace, p)
	}
}

// inLine is what a caller is told now, and takes it down as told.
func (v *visit) inLine(n int, x acd.Expect) call.Program {
	v.expects(x)
	lang, rule, place := v.call.Language(), v.queue.Announce, call.Program{}
	v.told.at, v.told.position = v.call.Clock().Now(), n
	s := call.Step{Type: call.StepQueueAnnounced, Expected: expected(x)}
	switch {
	case rule.Position == config.PositionNever && !v.told.wanted:
	case n == 1:
		place = v.phrase("queue-next")
	case rule.Position == config.PositionUpTo && n > rule.Limit && !v.told.wanted:
	case rule.Position == config.PositionMoreThan && n > rule.Limit && !v.told.wanted:
		place = speech.Ahead(lang, rule.Limit)
	default:
		place = speech.Position(lang, n)
	}
	if len(place.Sounds) > 0 {
		s.Value = strconv.Itoa(n)
	}
	var wait call.Program
	if s.Minutes = v.minutes(n, x); s.Minutes > 0 {
		wait = speech.Wait(lang, s.Minutes)
	}
	v.told.wanted = false
	if s.Value == "" && s.Minutes == 0 {
		return call.Program{}
	}
	v.note(s)
	return speech.Sentences(place, wait, v.phrase("thanks"))
}

// minutes is the wait that a caller is told: less than so many minutes, or 0 for
// nothing. It is never longer than what he was told before, unless agents have left.
func (v *visit) minutes(n int, x acd.Expect) int {
	rule, m := v.queue.Announce.Wait, x.Minutes()
	switch {
	case n == 1, m == 0, rule == config.WaitNever && !v.told.wanted:
		return 0
	case rule == config.WaitOnce && v.told.minutes > 0 && !v.told.wanted:
		return 0
	case v.told.minutes > 0 && x.Staff >= v.told.staff:
		m = min(m, v.told.minutes)
	}
	v.told.minutes, v.told.staff = m, x.Staff
	return m
}

// expected is a wait for the ledger, in ms; 0 for an unknown one.
func expected(x acd.Expect) int64 {
	if !x.Known {
		return 0
	}
	return x.Span.Milliseconds()
}
