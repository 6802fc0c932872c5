package queue

import (
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// callbackWord is the core's word for how far a callback is, in the journal's.
func callbackWord(is acd.CallbackStatus) string {
	switch is {
	case acd.CallbackIsAsked:
		return "requested"
	case acd.CallbackDialling:
		return "dialled"
	case acd.CallbackAnswered:
		return "answered"
	case acd.CallbackAgain:
		return "failed"
	case acd.CallbackFailed, acd.CallbackExpired:
		return "expired"
	case acd.CallbackCancelled:
		return "withdrawn"
	case acd.CallbackMerged:
		return "merged"
	}
	return ""
}

// noteCallback journals how far a callback has come, for the call that asked for it.
func (f *Floor) noteCallback(c acd.CallbackIs) {
	f.opts.Log.Info("callback", "call", c.Call, "for", c.For, "queue", c.Queue, "number", c.Number, "is", string(c.Is), "try", c.Try)
	if word := callbackWord(c.Is); word != "" && c.For != "" {
		f.opts.Journal.Note(call.Step{Call: c.For, At: f.opts.Clock.Now(), Type: call.StepCallback, Queue: c.Queue, Number: c.Number, Value: word})
	}
}

// dial has the customer of a callback called. A house without Dial reaches nobody.
func (f *Floor) dial(d acd.Dial) {
	if f.opts.Dial != nil {
		f.opts.Dial(d)
		return
	}
	f.inbox.post(request{event: acd.DialFailed{Call: d.Call, Cause: call.Unreachable}})
}
