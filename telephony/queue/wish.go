package queue

import (
	"cmp"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// wish is a caller in line who wishes to be called back: he confirms the number that he
// calls from, or keys in another, chooses a time if there are any, and goes. It is no step of its own: an agent who
// answers meanwhile ends it.
type wish struct {
	offered bool // he was told which key it is
	long    bool // he will wait so long that he is to be told

	stage  wishStage
	number string // to be confirmed
	keyed  string
	tries  int
	until  time.Time // a key is awaited; zero: while something is said
	choice
}

type wishStage uint8

const (
	noWish wishStage = iota
	confirms
	keysIn
	seeks // asks the floor what times are free
	when  // is asked whether he is called in his turn or at a time
	picks // a time
	asked // the floor for a place
)

// wishTries is how often a caller may key in a number, or be asked whether it is right.
const wishTries = 3

// offerAt is when the caller is told that he can be called back; zero for never.
func (v *visit) offerAt() time.Time {
	cb := &v.queue.Callback
	switch {
	case cb.Key == "" || v.wish.offered:
	case v.wish.long:
		return v.after(v.joined)
	case cb.OfferAfter > 0:
		return v.after(v.joined.Add(cb.OfferAfter.D()))
	}
	return time.Time{}
}

// expects takes in how long the caller will wait.
func (v *visit) expects(x acd.Expect) {
	long := v.queue.Callback.OfferWait.D()
	v.wish.long = v.wish.long || long > 0 && x.Known && !x.Silent && x.High > long
}

// offerCallback tells the caller that he can be called back, and by which key.
func (v *visit) offerCallback() {
	v.wish.offered = true
	v.voice.began = v.call.Clock().Now()
	p := speech.CallbackOffer(v.call.Language(), v.queue.Callback.Key[0])
	v.noteSaid(p)
	v.say(aMessage, p)
}

// wishes begins to ask for the number.
func (v *visit) wishes() {
	if v.position == 0 || v.wish.stage != noWish {
		return
	}
	v.wish.tries = 0
	if n, ok := v.floor.config.Load().MayCallBack(&v.queue.Callback, v.call.Arrival().From.Number); ok {
		v.readBack(n)
		return
	}
	v.keyIn(call.Program{})
}

// readBack asks whether a number is right.
func (v *visit) readBack(number string) {
	v.wish.stage, v.wish.number = confirms, number
	v.asks(speech.CallbackNumber(v.call.Language(), number))
}

// keyIn asks for another number, after what comes first.
func (v *visit) keyIn(first call.Program) {
	v.wish.stage, v.wish.keyed = keysIn, ""
	v.asks(speech.Sentences(first, speech.Phrase(v.call.Language(), "callback-key-in")))
}

func (v *visit) asks(p call.Program) {
	if v.wish.tries++; v.wish.tries > 2*wishTries {
		v.noMore("callback-not-there")
		return
	}
	v.puts(p)
}

// puts a question.
func (v *visit) puts(p call.Program) {
	v.wish.until = time.Time{}
	v.voice.began = v.call.Clock().Now()
	v.noteSaid(p)
	v.say(theWish, p)
}

// noMore lets the caller wait on, after a sentence.
func (v *visit) noMore(key string) {
	v.wish.stage, v.wish.until = noWish, time.Time{}
	p := call.Program{}
	if key != "" {
		p = speech.Phrase(v.call.Language(), key)
		v.noteSaid(p)
	}
	v.say(aMessage, p)
}

// wished takes a key of a caller who is asked for his number. * lets him wait on.
func (v *visit) wished(key byte) {
	w := &v.wish
	if w.stage == asked || w.stage == seeks {
		return
	}
	if v.voice.saying == theWish {
		v.say(nothing, call.Program{}) // he need not hear it out
	}
	wait := thinks
	switch {
	case key == '*':
		v.noMore("")
		return
	case w.stage == confirms && key == '1':
		v.confirmed()
		return
	case v.chooses(key):
		return
	case w.stage == confirms && key == '2':
		v.keyIn(call.Program{})
		return
	case w.stage == keysIn && key == '#':
		v.wishKeyed()
		return
	case w.stage == keysIn:
		if w.keyed += string(key); len(w.keyed) >= cmp.Or(v.queue.Callback.MaxDigits, 15) {
			v.wishKeyed()
			return
		}
		wait = between
	}
	w.until = v.call.Clock().Now().Add(wait)
}

// wishKeyed looks at the number that was keyed.
func (v *visit) wishKeyed() {
	n, ok := v.floor.config.Load().MayCallBack(&v.queue.Callback, v.wish.keyed)
	if !ok {
		v.keyIn(speech.Phrase(v.call.Language(), "callback-not-there"))
		return
	}
	v.readBack(n)
}

// wishLate goes on when no key came.
func (v *visit) wishLate() {
	switch {
	case v.wish.stage == keysIn && v.wish.keyed != "":
		v.wishKeyed()
	case v.wish.stage == confirms && v.wish.tries < wishTries:
		v.readBack(v.wish.number)
	case v.wish.stage == when && v.wish.tries < wishTries:
		v.wish.tries++
		v.puts(speech.Phrase(v.call.Language(), "callback-when"))
	case v.wish.stage == when: // he has said that he wants to be called
		v.askFloor()
	case v.wish.stage == picks && v.wish.tries < wishTries:
		v.readTimes(call.Program{})
	default:
		v.noMore("")
	}
}

func (v *visit) askFloor() {
	v.wish.stage, v.wish.until = asked, time.Time{}
	v.tell(acd.CallbackAsked{Call: v.id, Queue: v.queue.Number, Number: v.wish.number})
}

// answersWish takes the floor's answer. It reports whether the place is kept and the
// caller may go, who was told so.
func (v *visit) answersWish(is acd.CallbackIs) (goes bool) {
	if is.Is != acd.CallbackIsAsked {
		v.noMore("callback-not-there")
		return false
	}
	v.leave(call.Cancelled, "callback")
	_ = v.call.Play(v.parting()) // kept whether or not he hears it out
	return true
}
