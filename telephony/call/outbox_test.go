package call_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/telephony/call"
)

type heap struct{ events []call.Event }

func (h *heap) Post(e call.Event) { h.events = append(h.events, e) }

func TestOutboxKeepsOrderAndEndsOnce(t *testing.T) {
	var o call.Outbox
	first, second := &heap{}, &heap{}
	o.Post(call.Ringing{Leg: "a"})
	if o.Sink() != nil {
		t.Error("an outbox is attached to something from the start")
	}
	o.Attach(first)
	o.Post(call.Answered{Leg: "a"})
	o.Attach(second)
	if !o.Post(call.Ended{Leg: "a", Cause: call.Busy}) {
		t.Error("the end was not sent")
	}
	if o.Post(call.Ended{Leg: "a", Cause: call.Normal}) || o.Post(call.Pressed{Leg: "a"}) {
		t.Error("something followed the end")
	}
	if diff := cmp.Diff([]call.Event{call.Ringing{Leg: "a"}, call.Answered{Leg: "a"}}, first.events); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]call.Event{call.Ended{Leg: "a", Cause: call.Busy}}, second.events); diff != "" {
		t.Error(diff)
	}
}

func TestOutboxOfALegThatNobodyTakesIsBounded(t *testing.T) {
	var o call.Outbox
	for range 1000 {
		o.Post(call.Pressed{Leg: "a"})
	}
	h := &heap{}
	o.Attach(h)
	if len(h.events) != 32 {
		t.Errorf("%d events were kept", len(h.events))
	}
}
