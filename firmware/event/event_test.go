package event

import "testing"

func TestSlowSubscriberIsToldAndDoesNotBlockOthers(t *testing.T) {
	var f Feed[int]
	slow, quick := f.Subscribe(1), f.Subscribe(8)
	for i := range 5 {
		f.Publish(i)
	}
	if len(quick.C) != 5 || quick.Lost() {
		t.Errorf("quick subscriber got %d of 5 events", len(quick.C))
	}
	if !slow.Lost() {
		t.Error("slow subscriber was not told that it lost events")
	}
	if slow.Lost() {
		t.Error("Lost must report a loss once")
	}
	if v := <-slow.C; v != 0 {
		t.Errorf("slow subscriber's first event is %d, want 0", v)
	}
}

func TestClosedSubscriberGetsNothing(t *testing.T) {
	var f Feed[string]
	s := f.Subscribe(1)
	s.Close()
	f.Publish("x")
	if len(s.C) != 0 {
		t.Error("an event reached a closed subscription")
	}
}

func TestSubscriberIsSparedWhatItDidNotName(t *testing.T) {
	var f Feed[int]
	s := f.Subscribe(1, 2, 3)
	for i := range 3 {
		f.Publish(i)
	}
	if len(s.C) != 1 || <-s.C != 2 || s.Lost() {
		t.Error("wanted 2 and nothing else")
	}
}
