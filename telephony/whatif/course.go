package whatif

import (
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
)

// course is what was seen of a visit that others than the settings decided. Its times
// are distances from what led to it.
type course struct {
	key   string
	queue string
	fresh bool // from before the record begins
	join  acd.CallerJoined
	at    time.Time // of joining, where nothing led to it
	order int

	// While he waits, from joining on.
	acts   []act
	leaves *act // hung up, or left for another place
	waited time.Duration
	end    ending
	reason acd.Reason

	answers map[string][]answer // by agent, in order
	dials   []answer            // of a callback

	talk *talk
	// After the end of the visit: what is said of it still, and where the caller goes on.
	tail []act
	next *onward

	asked *course // the callback that he left behind
}

// act is an event some time after another.
type act struct {
	after time.Duration
	event acd.Event
	order int
}

// answer is what an agent did about an offer, or a customer about being dialled.
type answer struct {
	after time.Duration
	event acd.Event // nil: nothing, for so long
	late  bool      // the offer was withdrawn by then
	order int
}

// talk is how long they talked and what the agent did afterwards.
type talk struct {
	span  time.Duration
	event acd.Event // TalkEnded mostly; nil: they talked on
	order int
	wraps []act // from the end of the talk on
}

// onward is that a caller came to a queue again, some time after his last visit.
type onward struct {
	after time.Duration
	to    *course
}

// presence is that somebody is there for a queue from a time on, or nobody any more.
type presence struct {
	at    time.Time
	order int
	on    bool
}

// span is a stretch of the record: what happened from a head on.
type span struct {
	began, ends time.Time
	state       acd.State
	started     bool // by the box: whoever was on the phone is gone
	fixed       []act
	starts      []*course      // visits that nothing led to
	ticks       map[int64]tick // by the time asked for, Unix ns
	last        []byte         // the floor at the end
}

// tick is when the core was told the time it had asked to be told.
type tick struct {
	at    time.Time
	order int
	real  bool // it came; else something else happened first
}

// Record is a day as learn understands it. It is not changed by playing it.
type Record struct {
	From, To time.Time
	Gaps     []time.Time
	spans    []span
	courses  map[string]*course
	visits   []*visit
	doing    []doing
	there    map[string][]presence // by queue
	members  map[string]bool       // agents who served a queue on the day
	habits   habits
}
