package daybook

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

var morning = time.Date(2026, 11, 20, 4, 30, 0, 0, time.UTC)

// sheets is a log in memory.
type sheets []struct {
	at   time.Time
	data []byte
}

func (l *sheets) Append(at time.Time, data []byte) {
	*l = append(*l, struct {
		at   time.Time
		data []byte
	}{at, data})
}

func (l *sheets) Flush(context.Context) error { return nil }

func (l *sheets) Scan(_ context.Context, from, to time.Time, f func(time.Time, []byte) error) error {
	for _, s := range *l {
		if s.at.Before(from) || !s.at.Before(to) {
			continue
		}
		if err := f(s.at, s.data); err != nil {
			return err
		}
	}
	return nil
}

// events has every kind of event once.
func events() []acd.Event {
	return []acd.Event{
		acd.Configure{Queues: []acd.Queue{{Number: "700", Strategy: acd.Linear, Agents: acd.Members("1001")}}},
		acd.DayBegan{}, acd.Tick{},
		acd.CallerJoined{Call: "c1", Queue: "700", Party: call.Party{Number: "0912", Name: "نام"}, Priority: 3, Owner: "1001"},
		acd.CallerLeft{Call: "c1", Dropped: true}, acd.CallerMoved{Call: "c1", Queue: "700", Priority: -1}, acd.WaitAsked{Call: "c1"},
		acd.CallbackAsked{Call: "c1", Queue: "700", Number: "0912", Name: "x", NotBefore: morning}, acd.CallbackNow{Call: "callback-1"},
		acd.DialAnswered{Call: "callback-1", As: "c2"}, acd.DialFailed{Call: "callback-1", Cause: call.Busy},
		acd.AgentOnline{Agent: "1001"}, acd.AgentOffline{Agent: "1001"}, acd.AgentBusy{Agent: "1001", On: true},
		acd.AgentDuty{Agent: "1001", Queue: "700", Wish: acd.Pause, Reason: "2", Call: "c3"},
		acd.OfferAnswered{Offer: 7, Call: "c1", Agent: "1001"}, acd.OfferFailed{Offer: 8, Call: "c1", Agent: "1001", Cause: call.NoAnswer},
		acd.TalkEnded{Call: "c1", Agent: "1001", More: time.Second}, acd.WrapExtended{Agent: "1001", By: -time.Minute}, acd.WrapEnded{Agent: "1001"},
	}
}

func TestEveryEventIsReadAsItWasWritten(t *testing.T) {
	book := &sheets{}
	w := NewWriter(book)
	w.Event(morning, acd.Tick{}) // not begun
	w.Start(&acd.State{Now: morning, Rand: 5})
	for i, e := range events() {
		w.Event(morning.Add(time.Duration(i)), e)
	}
	w.Event(morning, acd.Restore{})
	w.Stop(morning.Add(time.Minute))
	if len(letters) != len(events()) {
		t.Errorf("%d letters for %d events", len(letters), len(events()))
	}
	day, err := Read(t.Context(), book, morning, morning.Add(time.Hour))
	if err != nil || len(day.Runs) != 1 || len(day.Gaps) != 0 {
		t.Fatalf("%+v %v", day, err)
	}
	run := day.Runs[0]
	if !run.Started || run.State.Rand != 5 || !run.Stopped.Equal(morning.Add(time.Minute)) {
		t.Errorf("%+v", run)
	}
	var got []acd.Event
	for _, e := range run.Events {
		got = append(got, e.Event)
	}
	if !reflect.DeepEqual(got, events()) {
		t.Errorf("read\n%+v\nwritten\n%+v", got, events())
	}
	bytes := 0
	for _, s := range *book {
		bytes += len(s.data)
	}
	if bytes > 1500 {
		t.Errorf("%d events take %d bytes", len(got), bytes)
	}
}

// What follows missing pages is left out until the next head.
func TestMissingPagesAreNoticed(t *testing.T) {
	book := &sheets{}
	w := NewWriter(book)
	s := &acd.State{Now: morning}
	w.Start(s)
	tick := func() { s.Now = s.Now.Add(time.Second); w.Event(s.Now, acd.Tick{}) }
	for range 10 {
		tick()
	}
	*book = append((*book)[:4], (*book)[6:]...)
	w.Head(s)
	tick()
	w.Head(s) // changes nothing
	tick()
	*book = append(*book, struct {
		at   time.Time
		data []byte
	}{s.Now, []byte{0xff}})
	tick()
	w.Start(s) // cut off, and on again
	tick()
	day, err := Read(t.Context(), book, time.Time{}, morning.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var lengths []int
	for i := range day.Runs {
		lengths = append(lengths, len(day.Runs[i].Events))
	}
	if !reflect.DeepEqual(lengths, []int{3, 2, 1}) || len(day.Gaps) != 2 || day.Runs[1].Started || !day.Runs[2].Started {
		t.Errorf("runs of %v events, gaps at %v", lengths, day.Gaps)
	}
}

func FuzzParse(f *testing.F) {
	book := &sheets{}
	w := NewWriter(book)
	w.Start(&acd.State{Now: morning})
	for _, e := range events() {
		w.Event(morning, e)
	}
	for _, s := range *book {
		f.Add(s.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parse(data)
		if err == nil && p.event == nil && p.state == nil && p.letter != stopped {
			t.Errorf("%q is nothing", data)
		}
	})
}
