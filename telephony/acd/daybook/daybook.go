// Package daybook writes down what happened on the floor, so that a day can be replayed
// through the core: the same events at the same times give the same commands.
//
// A page is one record of an append-only log: a number that counts up, a letter for what
// it is, and that as JSON. Most pages are events of package acd. A head holds the whole
// State: one is written when the box starts, when a day begins and when the configuration
// changes, and reading begins with one. The numbers tell when pages are missing (the log
// drops what the disk does not take in time): the events up to the next head are left out
// then. Times are those that the core went by, so they never run backwards within a run.
//
// A Writer belongs to one goroutine, the floor's, and never waits for the disk. Read may
// be called from any goroutine.
package daybook

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
)

// The letters of pages that are no events.
const (
	started = 'S' // a head: the box started, whoever was on the phone is gone
	goesOn  = 'G' // a head in the middle of work
	stopped = 'Z' // the box stopped in order
)

// letters are those of events. They are on disks: none may ever mean something else.
var letters = map[byte]func([]byte) (acd.Event, error){
	'c': read[acd.Configure], 'm': read[acd.DayBegan], 't': read[acd.Tick],
	'j': read[acd.CallerJoined], 'l': read[acd.CallerLeft], 'v': read[acd.CallerMoved], 'w': read[acd.WaitAsked],
	'k': read[acd.CallbackAsked], 'n': read[acd.CallbackNow], 'd': read[acd.DialAnswered], 'e': read[acd.DialFailed],
	'o': read[acd.AgentOnline], 'x': read[acd.AgentOffline], 'b': read[acd.AgentBusy], 'u': read[acd.AgentDuty],
	'a': read[acd.OfferAnswered], 'f': read[acd.OfferFailed], 'h': read[acd.TalkEnded], 'p': read[acd.WrapExtended], 'q': read[acd.WrapEnded],
}

func read[E acd.Event](data []byte) (acd.Event, error) {
	var e E
	if len(data) == 0 {
		return e, nil
	}
	err := json.Unmarshal(data, &e)
	return e, err
}

// letter is how an event is written; 0 for one that is not. Restore is not: the head that
// follows it has what it brought.
func letter(e acd.Event) byte {
	switch e.(type) {
	case acd.Configure:
		return 'c'
	case acd.DayBegan:
		return 'm'
	case acd.Tick:
		return 't'
	case acd.CallerJoined:
		return 'j'
	case acd.CallerLeft:
		return 'l'
	case acd.CallerMoved:
		return 'v'
	case acd.WaitAsked:
		return 'w'
	case acd.CallbackAsked:
		return 'k'
	case acd.CallbackNow:
		return 'n'
	case acd.DialAnswered:
		return 'd'
	case acd.DialFailed:
		return 'e'
	case acd.AgentOnline:
		return 'o'
	case acd.AgentOffline:
		return 'x'
	case acd.AgentBusy:
		return 'b'
	case acd.AgentDuty:
		return 'u'
	case acd.OfferAnswered:
		return 'a'
	case acd.OfferFailed:
		return 'f'
	case acd.TalkEnded:
		return 'h'
	case acd.WrapExtended:
		return 'p'
	case acd.WrapEnded:
		return 'q'
	}
	return 0
}

// Log is where pages are kept. *store.Log is one.
type Log interface {
	Append(at time.Time, data []byte) // never blocks
}

// mostPages bounds what a day's events may take; a head begins the count again.
const mostPages = 400_000

// Writer writes the pages of a floor. A nil Writer writes nothing.
type Writer struct {
	log     Log
	open    bool
	number  uint64
	written int // since the last head
}

// NewWriter writes into a log, from the first Start on.
func NewWriter(log Log) *Writer { return &Writer{log: log} }

// Start begins a run of the box with the State that it took up.
func (w *Writer) Start(s *acd.State) {
	if w == nil {
		return
	}
	w.open, w.number = true, 0
	w.head(started, s)
}

// Head writes the whole State down in the middle of a run.
func (w *Writer) Head(s *acd.State) {
	if w != nil && w.open {
		w.head(goesOn, s)
	}
}

func (w *Writer) head(letter byte, s *acd.State) {
	text, err := json.Marshal(s)
	if err != nil {
		return // a State always can be written
	}
	w.written = 0
	w.page(s.Now, letter, text)
}

// Event writes what the core has just taken in, at the time that it went by (State.Now).
func (w *Writer) Event(at time.Time, e acd.Event) {
	if w == nil || !w.open || w.written >= mostPages {
		return
	}
	l := letter(e)
	if l == 0 {
		return
	}
	text, err := json.Marshal(e)
	if err != nil {
		return // an event always can be written
	}
	if len(text) == 2 { // {}
		text = nil
	}
	w.page(at, l, text)
}

// Stop ends a run in order.
func (w *Writer) Stop(at time.Time) {
	if w != nil && w.open {
		w.page(at, stopped, nil)
		w.open = false
	}
}

func (w *Writer) page(at time.Time, letter byte, text []byte) {
	data := binary.AppendUvarint(make([]byte, 0, binary.MaxVarintLen64+1+len(text)), w.number)
	w.log.Append(at, append(append(data, letter), text...))
	w.number++
	w.written++
}

// errPage: a page is not what was once written.
var errPage = errors.New("damaged page")

// page is one record, read.
type page struct {
	number uint64
	letter byte
	event  acd.Event  // of an event
	state  *acd.State // of a head
}

func parse(data []byte) (p page, err error) {
	number, n := binary.Uvarint(data)
	if n <= 0 || len(data) == n {
		return p, errPage
	}
	p.number, p.letter = number, data[n]
	text := data[n+1:]
	switch p.letter {
	case started, goesOn:
		p.state = &acd.State{}
		if json.Unmarshal(text, p.state) != nil {
			return p, errPage
		}
	case stopped:
	default:
		of := letters[p.letter]
		if of == nil {
			return p, errPage
		}
		if p.event, err = of(text); err != nil {
			return p, errPage
		}
	}
	return p, nil
}
