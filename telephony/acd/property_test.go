package acd

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pasokh/pasokh/telephony/call"
)

// world is a second, naive book-keeping of the floor made from events and
// commands alone. It knows what may be done and complains about anything else.
type world struct {
	*rapid.T
	state, twin State // twin goes through JSON before every event
	now         time.Time
	queues      map[string]Queue
	order       []call.ID // in line, by time of joining
	joined      map[call.ID]CallerJoined
	since       map[call.ID]time.Time
	position    map[call.ID]int
	missed      map[call.ID]map[string]bool
	rung        map[string]OfferAnswered // agent -> the offer that rings
	past        []OfferAnswered          // every offer made
	talking     map[string]TalkEnded
	talkQueue   map[string]string
	online      map[string]bool
	elsewhere   map[string]int
	wrapUntil   map[string]time.Time
	restUntil   map[string]time.Time
	away        map[[2]string]Status // agent and queue -> LoggedOut or Paused
	wake        time.Time
	calls       int
	answer      Status // to the last AgentDuty
}

var someAgents = []string{"1001", "1002", "1003", "1004", "1005"}
var someQueues = []string{"700", "701", "702"}

func (w *world) free(agent string) bool {
	_, rung := w.rung[agent]
	_, talking := w.talking[agent]
	return !rung && !talking && w.online[agent] && w.elsewhere[agent] == 0 &&
		!w.now.Before(w.wrapUntil[agent]) && !w.now.Before(w.restUntil[agent])
}

// works tells whether an agent is free for a queue.
func (w *world) works(agent, queue string) bool {
	return w.free(agent) && w.away[[2]string{agent, queue}] == ""
}

// off tells whether an agent works for none of his queues.
func (w *world) off(agent string) bool {
	serves := 0
	for _, q := range w.queues {
		if q.has(agent) {
			serves++
			if w.away[[2]string{agent, q.Number}] == "" {
				return false
			}
		}
	}
	return serves > 0
}

func (w *world) ringsFor(id call.ID) bool {
	for _, o := range w.rung {
		if o.Call == id {
			return true
		}
	}
	return false
}

func (w *world) drop(id call.ID) {
	w.order = slices.DeleteFunc(w.order, func(o call.ID) bool { return o == id })
	for agent, o := range w.rung {
		if o.Call == id {
			delete(w.rung, agent)
		}
	}
}

func (w *world) hangUp(agent string) {
	w.wrapUntil[agent] = w.now.Add(w.queues[w.talkQueue[agent]].WrapUp)
	delete(w.talking, agent)
}

// apply tells an event to the floor and its twin and checks what they answer.
func (w *world) apply(e Event) {
	data, err := json.Marshal(w.twin)
	if err != nil {
		w.Fatal(err)
	}
	w.twin = State{}
	if err := json.Unmarshal(data, &w.twin); err != nil {
		w.Fatal(err)
	}
	commands := w.state.Apply(e, w.now)
	if again := w.twin.Apply(e, w.now); !reflect.DeepEqual(commands, again) {
		w.Fatalf("%#v after a JSON round trip:\n%#v\nwithout:\n%#v", e, again, commands)
	}
	for _, c := range commands {
		w.check(c)
	}
	for _, agent := range someAgents {
		if w.state.agent(agent) == nil { // without a queue: the floor may forget
			w.online[agent] = false
			delete(w.wrapUntil, agent)
			delete(w.restUntil, agent)
		}
	}
	w.invariants()
}

func (w *world) check(c Command) {
	switch c := c.(type) {
	case Offer:
		q := w.queues[c.Queue]
		if !slices.Contains(w.order, c.Call) || w.joined[c.Call].Queue != c.Queue {
			w.Fatalf("offer for a caller who is not in line: %+v", c)
		}
		if len(c.Agents) == 0 || q.Strategy != RingAll && (len(c.Agents) != 1 || w.ringsFor(c.Call)) {
			w.Fatalf("malformed offer for %s: %+v", q.Strategy, c)
		}
		for _, agent := range c.Agents {
			if !w.works(agent, c.Queue) || !q.has(agent) {
				w.Fatalf("agent %s cannot be offered a caller of queue %s: %+v", agent, c.Queue, c)
			}
			for _, earlier := range w.order {
				if earlier == c.Call {
					break
				}
				if q := w.queues[w.joined[earlier].Queue]; !w.ringsFor(earlier) && q.has(agent) && w.away[[2]string{agent, q.Number}] == "" {
					w.Fatalf("agent %s is offered %s although %s came first", agent, c.Call, earlier)
				}
			}
			if w.missed[c.Call][agent] {
				for _, other := range names(q) {
					if w.works(other, c.Queue) && !w.missed[c.Call][other] {
						w.Fatalf("agent %s is asked again although %s has not been asked", agent, other)
					}
				}
			}
		}
		for _, agent := range c.Agents {
			w.rung[agent] = OfferAnswered{c.Offer, c.Call, agent}
			w.past = append(w.past, w.rung[agent])
		}
	case Withdraw:
		if w.rung[c.Agent] == OfferAnswered(c) {
			delete(w.rung, c.Agent)
		}
	case Connect:
		if w.rung[c.Agent] != OfferAnswered(c) {
			w.Fatalf("connected without an offer: %+v, rung %+v", c, w.rung)
		}
		for agent, t := range w.talking {
			if t.Call == c.Call {
				w.Fatalf("%s gets a second agent %s beside %s", c.Call, c.Agent, agent)
			}
		}
		w.drop(c.Call)
		w.talking[c.Agent] = TalkEnded{Call: c.Call, Agent: c.Agent}
		w.talkQueue[c.Agent] = w.joined[c.Call].Queue
	case Evict:
		if w.ringsFor(c.Call) {
			w.Fatalf("%s is evicted while a phone rings", c.Call)
		}
		q, ok := w.queues[w.joined[c.Call].Queue]
		if c.Reason == Empty && slices.ContainsFunc(names(q), func(a string) bool { return w.away[[2]string{a, q.Number}] != LoggedOut }) {
			w.Fatalf("%+v although somebody is logged in", c)
		}
		if c.Reason == Timeout && w.now.Sub(w.since[c.Call]) < q.MaxWait || c.Reason == Closed && ok {
			w.Fatalf("%+v without cause", c)
		}
		w.drop(c.Call)
	case Position:
		q := w.queues[w.joined[c.Call].Queue]
		if wait := w.position[c.Call] == 0 && !slices.ContainsFunc(names(q), func(a string) bool { return w.works(a, q.Number) }); c.Wait != wait {
			w.Fatalf("%+v although agents %v are free %v", c, names(q), !wait)
		}
		w.position[c.Call] = c.N
	case Renumbered:
		for i, id := range c.Calls {
			if was := w.position[id]; was == 0 || was == c.From+i {
				w.Fatalf("%+v although %s was told %d", c, id, was)
			}
			w.position[id] = c.From + i
		}
	case WakeAt:
		w.wake = c.At
	case DutyIs:
		w.answer = c.Is
	case AgentStatus:
		if c.Was == c.Is {
			w.Fatalf("no change: %+v", c)
		}
	}
}

func (w *world) invariants() {
	var line []call.ID
	count := map[string]int{}
	for _, c := range w.state.Callers {
		line = append(line, c.Call)
		count[c.Queue]++
		if w.position[c.Call] != count[c.Queue] {
			w.Fatalf("%s was told position %d and is number %d", c.Call, w.position[c.Call], count[c.Queue])
		}
		q := w.queues[c.Queue]
		if w.ringsFor(c.Call) {
			continue
		}
		if end := c.Joined.Add(q.MaxWait); q.MaxWait > 0 && (!w.now.Before(end) || w.wake.IsZero() || w.wake.After(end)) {
			w.Fatalf("%s waits longer than %v, next tick at %v", c.Call, q.MaxWait, w.wake)
		}
		for _, agent := range names(q) {
			if w.works(agent, c.Queue) {
				w.Fatalf("agent %s is free while %s waits", agent, c.Call)
			}
		}
	}
	if !slices.Equal(line, w.order) {
		w.Fatalf("in line are %v, should be %v", line, w.order)
	}
	for _, a := range w.state.Agents {
		_, talking := w.talking[a.Extension]
		_, rung := w.rung[a.Extension]
		if talking != (a.Status == Talking) || rung != (a.Status == Ringing) || a.Member && (w.free(a.Extension) && !w.off(a.Extension)) != (a.Status == Free) {
			w.Fatalf("agent %+v: talking %v rung %v free %v", a, talking, rung, w.free(a.Extension))
		}
		if until := a.Until(); !until.IsZero() && (w.wake.IsZero() || w.wake.After(until)) {
			w.Fatalf("agent %s needs a tick at %v, asked for %v", a.Extension, until, w.wake)
		}
	}
}

func (w *world) configure() {
	w.queues = map[string]Queue{}
	var list []Queue
	for _, number := range someQueues {
		if rapid.IntRange(0, 9).Draw(w.T, "exists") == 0 {
			continue
		}
		q := Queue{
			Number:     number,
			Strategy:   rapid.SampledFrom([]Strategy{LongestIdle, Linear, RingAll}).Draw(w.T, "strategy"),
			Agents:     Members(rapid.SliceOfNDistinct(rapid.SampledFrom(someAgents), rapid.SampledFrom([]int{0, 2, 3}).Draw(w.T, "at least"), 4, rapid.ID[string]).Draw(w.T, "agents")...),
			WrapUp:     time.Duration(rapid.IntRange(0, 20).Draw(w.T, "wrap-up")) * time.Second,
			MaxCallers: rapid.SampledFrom([]int{0, 3}).Draw(w.T, "max callers"),
			MaxWait:    time.Duration(rapid.SampledFrom([]int{0, 30}).Draw(w.T, "max wait")) * time.Second,
		}
		w.queues[number] = q
		list = append(list, q)
	}
	maps.DeleteFunc(w.away, func(k [2]string, _ Status) bool { return !has(w.queues[k[1]], k[0]) })
	w.apply(Configure{list})
}

// TestFloorKeepsItsRules drives the floor with random events, right and wrong.
func TestFloorKeepsItsRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{T: rt, now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), joined: map[call.ID]CallerJoined{},
			since: map[call.ID]time.Time{}, position: map[call.ID]int{}, missed: map[call.ID]map[string]bool{},
			rung: map[string]OfferAnswered{}, talking: map[string]TalkEnded{}, talkQueue: map[string]string{},
			online: map[string]bool{}, elsewhere: map[string]int{}, wrapUntil: map[string]time.Time{}, restUntil: map[string]time.Time{}, away: map[[2]string]Status{}}
		w.configure()
		for _, agent := range someAgents {
			w.goOnline(agent, rapid.IntRange(0, 3).Draw(rt, "online") > 0)
		}
		for range rapid.IntRange(1, 150).Draw(rt, "events") {
			w.pass(rapid.SampledFrom([]int{0, 0, 100, 1000, 5000, 9000}).Draw(rt, "ms"))
			w.event(rapid.SampledFrom(someAgents).Draw(rt, "agent"))
		}
	})
}

// pass lets time go by; as its owner would, the floor is woken when it asked for it.
func (w *world) pass(ms int) {
	until := w.now.Add(time.Duration(ms) * time.Millisecond)
	for !w.wake.IsZero() && !until.Before(w.wake) {
		w.now = w.wake
		w.apply(Tick{})
	}
	w.now = until
}

// event draws what happens next, most of it right, some of it nonsense.
func (w *world) event(a string) {
	switch rapid.IntRange(0, 15).Draw(w.T, "event") {
	case 0, 1, 2, 3:
		w.calls++
		e := CallerJoined{Call: call.ID(fmt.Sprint("c", w.calls)), Queue: rapid.SampledFrom(someQueues).Draw(w.T, "queue")}
		w.joined[e.Call], w.since[e.Call], w.missed[e.Call] = e, w.now, map[string]bool{}
		w.order = append(w.order, e.Call)
		w.apply(e)
	case 4:
		id := call.ID(fmt.Sprint("c", rapid.IntRange(0, w.calls).Draw(w.T, "call")))
		w.drop(id)
		for agent, t := range w.talking {
			if t.Call == id {
				w.hangUp(agent)
			}
		}
		w.apply(CallerLeft{Call: id})
	case 5:
		w.goOnline(a, !w.online[a])
	case 6:
		on := rapid.Bool().Draw(w.T, "on")
		if on {
			w.elsewhere[a]++
		} else if w.elsewhere[a] > 0 {
			w.elsewhere[a]--
		}
		w.apply(AgentBusy{a, on})
	case 7, 8:
		if o, ok := w.rung[w.one(w.rung)]; ok {
			w.apply(o)
		}
	case 9, 10, 11:
		if o, ok := w.rung[w.one(w.rung)]; ok {
			delete(w.rung, o.Agent)
			w.missed[o.Call][o.Agent], w.restUntil[o.Agent] = true, w.now.Add(MissPause)
			w.apply(OfferFailed{o.Offer, o.Call, o.Agent, call.NoAnswer})
		}
	case 12:
		if len(w.past) == 0 {
			return
		}
		if o := rapid.SampledFrom(w.past).Draw(w.T, "stale"); w.rung[o.Agent] != o {
			w.apply(o)
			w.apply(OfferFailed{o.Offer, o.Call, o.Agent, call.Busy})
		}
	case 13:
		for _, t := range w.talking {
			a = max(a, t.Agent)
		}
		if t, ok := w.talking[a]; ok {
			w.hangUp(a)
			w.apply(t)
		}
		w.apply(TalkEnded{Call: "nobody", Agent: a})
	case 14:
		if rapid.IntRange(0, 5).Draw(w.T, "configure") == 0 {
			w.configure()
		}
	case 15:
		w.duty(a)
	}
}

// duty lets an agent log in or out, or rest, in one queue or all, and checks the answer.
func (w *world) duty(agent string) {
	e := AgentDuty{Agent: agent, Call: "duty", Queue: rapid.SampledFrom([]string{"", "700", "701", "none"}).Draw(w.T, "duty in"),
		Wish: rapid.SampledFrom([]Wish{ToggleLogin, TogglePause}).Draw(w.T, "toggle")}
	count := map[Status]int{}
	var keys [][2]string
	for _, number := range someQueues {
		if k := [2]string{agent, number}; has(w.queues[number], agent) && (e.Queue == "" || e.Queue == number) {
			keys = append(keys, k)
			count[w.away[k]]++
		}
	}
	want := Status("")
	for _, k := range keys {
		switch in := w.away[k]; {
		case e.Wish == ToggleLogin && len(keys) > count[LoggedOut]:
			w.away[k], want = LoggedOut, LoggedOut
		case e.Wish == ToggleLogin:
			want = Free
			delete(w.away, k)
		case count[""] > 0:
			want = Paused
			if in == "" {
				w.away[k] = Paused
			}
		case count[Paused] > 0:
			want = Free
			if in == Paused {
				delete(w.away, k)
			}
		}
	}
	w.answer = ""
	w.apply(e)
	if w.answer != want {
		w.Fatalf("%+v is answered %q, want %q", e, w.answer, want)
	}
}

// one draws one of the agents who are rung; "" if there is none.
func (w *world) one(rung map[string]OfferAnswered) string {
	if len(rung) == 0 {
		return ""
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(rung))).Draw(w.T, "rung")
}

func (w *world) goOnline(agent string, on bool) {
	w.online[agent] = on
	if on {
		w.apply(AgentOnline{agent})
	} else {
		w.apply(AgentOffline{agent})
	}
}

func names(q Queue) (list []string) {
	for _, m := range q.Agents {
		list = append(list, m.Agent)
	}
	return list
}

func has(q Queue, agent string) bool { return q.has(agent) }
