package acd

import (
	"reflect"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

func secs(n int) time.Duration { return time.Duration(n) * time.Second }

// find is the only command of a type among some, which must be there.
func find[C Command](t *testing.T, commands []Command) (found C) {
	t.Helper()
	n := 0
	for _, c := range commands {
		if c, ok := c.(C); ok {
			found = c
			n++
		}
	}
	if n != 1 {
		t.Fatalf("%d %T in %+v", n, found, commands)
	}
	return found
}

func (f *floor) do(second int, e Event) []Command { return f.Apply(e, morning.Add(secs(second))) }

func (f *floor) line(want ...call.ID) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		var got []call.ID
		for _, c := range f.Callers {
			got = append(got, c.Call)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("in line are %v, want %v", got, want)
		}
	}
}

func join(id call.ID, number string) CallerJoined {
	return CallerJoined{Call: id, Queue: "700", Party: call.Party{Number: number}}
}

func TestADroppedCallerKeepsHisPlace(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001"), KeepPlace: time.Minute})
	f.do(0, join("a", "1"))
	f.do(1, join("b", "2"))
	f.do(2, CallerLeft{"a", true})
	f.line("b")(t)
	f.do(50, join("c", "1"))
	f.line("c", "b")(t)
	if c := f.caller("c"); c.Joined != morning || c.Position != 1 || f.caller("b").Position != 2 {
		t.Errorf("back as %+v", c)
	}
	f.do(51, CallerLeft{"c", true})
	f.do(120, join("d", "1")) // too late
	f.line("b", "d")(t)
	f.do(121, CallerLeft{Call: "d"}) // left by himself
	f.do(122, join("e", "3"))
	f.do(123, join("g", "1"))
	f.line("b", "e", "g")(t)
}

func TestCallbackKeepsThePlace(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001", "1002"), Callback: CallbackRules{Gap: secs(60)}}, "1001")
	f.do(0, join("a", "1"))
	f.answer(1, "a", "1001")
	f.do(2, join("b", "2"))
	f.do(3, join("c", "3"))
	if asked := find[CallbackIs](t, f.do(4, CallbackAsked{Call: "b"})); asked.Is != CallbackIsAsked || asked.Call != "callback-1" || asked.Number != "2" {
		t.Fatalf("%+v", asked)
	}
	f.do(5, CallerLeft{Call: "b"}) // hangs up
	f.line("callback-1", "c")(t)
	offer := find[Offer](t, f.do(6, TalkEnded{Call: "a", Agent: "1001"}))
	if offer.Call != "callback-1" || !offer.Callback {
		t.Fatalf("%+v", offer)
	}
	if dial := find[Dial](t, f.do(7, OfferAnswered{offer.Offer, offer.Call, "1001"})); dial.Number != "2" || dial.Agent != "1001" || dial.Try != 1 {
		t.Fatalf("%+v", dial)
	}
	// Nobody answers: the agent has the next in line, and the callback keeps its place.
	failed := f.do(8, DialFailed{"callback-1", call.NoAnswer})
	if find[Withdraw](t, failed).Agent != "1001" || find[CallbackIs](t, failed).Is != CallbackAgain || find[Offer](t, failed).Call != "c" {
		t.Fatalf("%+v", failed)
	}
	f.line("callback-1", "c")(t)
	f.answer(9, "c", "1001")
	f.do(69, AgentOnline{"1002"})
	f.answer(70, "callback-1", "1002")
	connected := f.do(71, DialAnswered{"callback-1", "z"})
	if c := find[Connect](t, connected); c.Call != "z" || c.Agent != "1002" {
		t.Fatalf("%+v", c)
	}
	f.line()(t)
}

func TestCustomerFirst(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001"), Callback: CallbackRules{CustomerFirst: true, Tries: 1}}, "1001")
	asked := f.do(0, CallbackAsked{Call: "nobody", Queue: "700", Number: "1"})
	if dial := find[Dial](t, asked); !dial.Reserved || f.agent("1001").Status != Reserved {
		t.Fatalf("%+v, agent %s", dial, f.agent("1001").Status)
	}
	f.do(1, join("a", "2")) // may not have him
	answered := f.do(2, DialAnswered{"callback-1", "z"})
	if o := find[Offer](t, answered); o.Call != "z" || o.Agents[0] != "1001" {
		t.Fatalf("%+v", o)
	}
	f.line("z", "a")(t)
	// He does not pick up: the customer waits as everybody does, in his place.
	f.fail(3, "z", "1001", call.Rejected)
	f.line("z", "a")(t)
	if o := find[Offer](t, f.do(8, Tick{})); o.Call != "z" {
		t.Fatalf("%+v", o)
	}
}

func TestWhoCallsInHimselfHasHisPlace(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001")})
	f.do(0, join("a", "1"))
	f.do(1, join("b", "2"))
	f.do(2, CallbackAsked{Call: "a"})
	if is := find[CallbackIs](t, f.do(3, join("c", "1"))); is.Is != CallbackMerged || is.By != "c" {
		t.Fatalf("%+v", is)
	}
	f.line("c", "b")(t)
	// Booked for later: his place is the one of now.
	f.do(4, CallbackAsked{Queue: "700", Number: "9", NotBefore: morning.Add(time.Hour)})
	f.do(5, join("d", "3"))
	f.do(6, join("e", "9"))
	f.line("c", "b", "d", "e")(t)
}

func TestBookedTimeIsKept(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001"), Callback: CallbackRules{Expire: time.Minute}}, "1001")
	f.do(0, CallbackAsked{Queue: "700", Number: "9", NotBefore: morning.Add(100 * time.Second)})
	f.do(90, join("a", "1"))
	f.answer(91, "a", "1001")
	f.do(95, join("b", "2")) // before the booked time: before the callback
	f.do(105, join("c", "3"))
	f.line("b", "callback-1", "c")(t)
	// Another time: then he is after who came before it, and is given up later.
	if is := find[CallbackIs](t, f.do(106, CallbackNow{Call: "callback-1", NotBefore: morning.Add(110 * time.Second)})); is.Is != CallbackRebooked {
		t.Fatalf("%+v", is)
	}
	f.line("b", "c", "callback-1")(t)
	f.do(161, Tick{})
	f.do(165, CallbackNow{Call: "callback-1"})
	f.do(166, CallbackNow{Call: "callback-1", NotBefore: morning})
	f.line("b", "c", "callback-1")(t)
	f.do(167, CallbackNow{Call: "callback-1", NotBefore: morning.Add(170 * time.Second)})
	f.do(229, Tick{})
	f.line("b", "c", "callback-1")(t)
	if is := find[CallbackIs](t, f.do(230, Tick{})); is.Is != CallbackExpired {
		t.Fatalf("%+v", is)
	}
	f.line("b", "c")(t)
}

func TestDiversion(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001"), DivertRatio: 2}, "1001")
	f.do(0, join("a", "1"))
	f.answer(1, "a", "1001")
	f.do(2, join("b", "2")) // nobody waits: always
	f.do(3, join("c", "3")) // two for one agent
	if e := find[Evict](t, f.do(4, join("d", "4"))); e.Reason != Crowded {
		t.Errorf("%+v", e)
	}
	f = newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001"), DivertWait: 5 * time.Minute}, "1001")
	for i := range 5 { // the queue learns that a talk takes 4 minutes
		id := call.ID(rune('a' + i))
		f.do(300*i, join(id, "1"))
		f.answer(300*i, id, "1001")
		f.do(300*i+240, TalkEnded{Call: id, Agent: "1001"})
	}
	f.do(2000, join("x", "1"))
	f.answer(2000, "x", "1001")
	f.do(2001, join("y", "2"))
	if e := find[Evict](t, f.do(2002, join("z", "3"))); e.Reason != LongWait {
		t.Errorf("%+v", e)
	}
}

func TestAutoPause(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001"), AutoPause: 2}, "1001")
	f.do(0, join("a", "1"))
	f.fail(1, "a", "1001", call.Rejected) // is no miss
	f.do(6, Tick{})
	f.fail(7, "a", "1001", call.NoAnswer)
	f.do(12, Tick{})
	commands := f.do(13, OfferFailed{f.agent("1001").Offer, "a", "1001", call.NoAnswer})
	if is := find[DutyIs](t, commands); !is.Auto || is.Reason != AutoReason || f.agent("1001").Status != Paused {
		t.Errorf("%+v, %+v", is, f.agent("1001"))
	}
	f.do(14, AgentDuty{Agent: "1001", Wish: Resume})
	if o := find[Offer](t, f.do(18, Tick{})); o.Call != "a" {
		t.Errorf("%+v", o)
	}
}

func TestRestByCause(t *testing.T) {
	for cause, rest := range map[call.Cause]int{call.Rejected: 60, call.Busy: 30, call.NoAnswer: 10, call.Unreachable: 10} {
		f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001"), Rest: Rest{secs(60), secs(30), secs(10)}}, "1001")
		f.do(0, join("a", "1"))
		f.fail(0, "a", "1001", cause)
		if want := morning.Add(secs(rest)); !f.Wake.Equal(want) {
			t.Errorf("after %v at %v, want %v", cause, f.Wake, want)
		}
	}
}

func TestWrapUpIsExtendedAndEnded(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1001"), WrapUp: secs(10)}, "1001")
	f.do(0, join("a", "1"))
	f.answer(0, "a", "1001")
	f.do(10, TalkEnded{Call: "a", Agent: "1001"})
	f.do(15, WrapExtended{"1001", secs(30)})
	f.do(20, join("b", "2"))
	if want := morning.Add(secs(50)); !f.Wake.Equal(want) {
		t.Errorf("wraps up until %v", f.Wake)
	}
	if o := find[Offer](t, f.do(25, WrapEnded{"1001"})); o.Call != "b" {
		t.Errorf("%+v", o)
	}
}

func TestWeightPriorityAndMoving(t *testing.T) {
	f := &floor{now: morning}
	f.Apply(Configure{[]Queue{{Number: "700", Agents: Members("1001")}, {Number: "701", Weight: 1, Agents: Members("1001")}, {Number: "702", Agents: Members("1001")}}}, morning)
	f.do(0, join("a", "1"))
	f.do(1, CallerJoined{Call: "b", Queue: "702"})
	f.do(2, CallerJoined{Call: "c", Queue: "701"})
	f.do(3, CallerJoined{Call: "d", Queue: "702", Priority: 1})
	f.line("c", "d", "a", "b")(t)
	f.do(4, CallerMoved{"b", "700", 2})
	f.line("c", "b", "d", "a")(t)
	if b := f.caller("b"); b.Queue != "700" || b.Position != 1 || b.Joined != morning.Add(time.Second) || f.caller("a").Position != 2 {
		t.Errorf("moved: %+v", b)
	}
	if o := find[Offer](t, f.do(5, AgentOnline{"1001"})); o.Call != "c" {
		t.Errorf("%+v", o)
	}
}

func TestDynamicMembersLogIn(t *testing.T) {
	q := Queue{Number: "700", Agents: []Member{{Agent: "1001", Dynamic: true}}}
	f := newFloor(q, "1001")
	if e := find[Evict](t, f.do(0, join("a", "1"))); e.Reason != Empty {
		t.Errorf("%+v", e)
	}
	f.do(1, AgentDuty{Agent: "1001", Queue: "700", Wish: LogIn})
	if o := find[Offer](t, f.do(2, join("b", "1"))); o.Call != "b" {
		t.Errorf("%+v", o)
	}
	f.do(3, Configure{[]Queue{q}}) // stays logged in
	if f.agent("1001").In("700") != Free {
		t.Error("new settings logged him out")
	}
}

func TestSplitmix64(t *testing.T) {
	s := State{Rand: 1234567}
	for i, want := range []int{317, 973, 423, 431, 821} {
		if got := s.draw(1000); got != want {
			t.Errorf("number %d is %d, want %d", i+1, got, want)
		}
	}
}

func TestCallersLeaveWhenTheLastWhoCountsDoesWhatDoesNot(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: LongestIdle, Agents: Members("1001"), WrapUp: 20 * time.Second, LeaveEmpty: []Status{WrapUp}}, "1001")
	f.at(0, CallerJoined{Call: "a", Queue: "700"})
	f.answer(1, "a", "1001")
	f.at(2, CallerJoined{Call: "b", Queue: "700"})
	if f.caller("b") == nil {
		t.Fatal("b is not in line")
	}
	if f.at(30, TalkEnded{Call: "a", Agent: "1001"}); f.caller("b") != nil {
		t.Error("b waits for an agent who does not count")
	}
}
