package whatif

import (
	"fmt"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// scene follows the floor, that of the day or a simulated one, by its events and
// commands: who waits, talks, and what came of each visit.
type scene struct {
	state  acd.State
	visits map[call.ID]*visit // the last of each call, and of callbacks by their place-holders
	count  map[string]int     // visits by call
	list   []*visit           // all, in the order in which they came
	talks  map[string]*visit  // the last of each agent
	doing  []doing
	ended  []*visit // by the last event
}

// doing is that an agent began to do something.
type doing struct {
	at     time.Time
	agent  string
	status acd.Status
	queue  string
}

// phase is how far a visit is.
type phase uint8

const (
	waiting phase = iota
	talking
	over
)

// ending is what came of a visit.
type ending string

const (
	open     ending = ""
	answered ending = "answered"
	hungUp   ending = "hung-up" // the line is gone
	left     ending = "left"    // by a key, or taken by a supervisor
	evicted  ending = "evicted"
	called   ending = "callback" // he wished to be called back
	moved    ending = "moved"    // by a supervisor
	cut      ending = "cut"      // the box stopped
)

// visit is a caller's stay in a queue, or a callback's.
type visit struct {
	key      string
	call     call.ID
	queue    string
	party    call.Party
	callback bool
	priority int
	joined   time.Time // of a callback: asked for
	refused  bool      // never in line
	phase    phase
	end      ending
	reason   acd.Reason
	agent    string
	began    time.Time // the talk
	ended    time.Time // waiting without a talk, or the talk
	wrap     time.Time // the agent began to wrap up, and still does
	wrapped  time.Duration
	expected time.Duration // the wait as it was expected; 0: not known
	rings    []ring
	offers   map[string]int // how often it was offered, by agent
	dials    int
	dialled  time.Time
	asked    *visit // the callback that he left behind
	state    acd.CallbackStatus
	fresh    bool // not seen to join: from before the record begins
}

// ring is an agent being rung.
type ring struct {
	agent    string
	offer    uint64
	n        int // of this agent for this visit
	from, to time.Time
	end      string
}

func newScene(s acd.State) *scene {
	x := &scene{visits: make(map[call.ID]*visit), count: make(map[string]int), talks: make(map[string]*visit)}
	x.begin(s)
	return x
}

// begin takes a floor up as it is.
func (x *scene) begin(s acd.State) {
	x.state = s
	x.lose()
	for _, c := range s.Callers {
		if v := x.visits[c.Call]; v != nil && v.phase != over {
			continue
		}
		v := x.enter(c.Call, c.Queue, c.Party, c.Callback, c.Joined)
		v.fresh = true
	}
	for _, a := range s.Agents {
		x.doing = append(x.doing, doing{s.Now, a.Extension, a.Status, ""})
		if a.Call == "" {
			continue
		}
		v := x.visits[a.Call]
		if v == nil || a.Talking && v.phase == waiting && x.caller(a.Call) == nil {
			v = x.enter(a.Call, a.Queue, call.Party{}, nil, a.Began)
			v.fresh, v.phase, v.end, v.agent, v.began = true, talking, answered, a.Extension, a.Began
			if x.talks[a.Extension] = v; !a.Talking {
				v.phase, v.ended = over, s.Now
			}
		}
		if a.Offer != 0 && !a.Reserved {
			v.ring(a.Extension, a.Offer, s.Now)
		}
	}
	for _, c := range s.Callers {
		if c.Callback != nil && c.Callback.Dialling {
			v := x.visits[c.Call]
			v.dials, v.dialled, v.agent = v.dials+1, s.Now, c.Callback.Agent
		}
	}
}

// lose ends what a floor that is taken up does not know of.
func (x *scene) lose() {
	known := make(map[call.ID]bool)
	for _, c := range x.state.Callers {
		known[c.Call] = true
	}
	for _, a := range x.state.Agents {
		known[a.Call] = known[a.Call] || a.Talking
	}
	for id, v := range x.visits {
		if v.phase != over && v.call == id && !known[id] {
			v.over(cut, x.state.Now)
		}
	}
}

// enter makes a visit.
func (x *scene) enter(id call.ID, queue string, p call.Party, cb *acd.Callback, at time.Time) *visit {
	base := string(id)
	if cb != nil {
		if base = "callback of " + string(cb.For); cb.For == "" {
			base = "callback to " + queue + " " + cb.Number
		}
	}
	v := &visit{key: fmt.Sprint(base, "/", x.count[base]), call: id, queue: queue, party: p, callback: cb != nil, joined: at, offers: make(map[string]int)}
	x.count[base]++
	x.visits[id] = v
	x.list = append(x.list, v)
	return v
}

// waits is the visit of a call in line, or of a callback; nil if there is none.
func (x *scene) waits(id call.ID) *visit {
	if v := x.visits[id]; v != nil && v.phase == waiting {
		return v
	}
	return nil
}

// agent is nil if there is none.
func (x *scene) agent(ext string) *acd.Agent {
	i, ok := slices.BinarySearchFunc(x.state.Agents, ext, func(a *acd.Agent, ext string) int {
		switch {
		case a.Extension < ext:
			return -1
		case a.Extension > ext:
			return 1
		}
		return 0
	})
	if !ok {
		return nil
	}
	return x.state.Agents[i]
}

// caller is nil if he is not in line.
func (x *scene) caller(id call.ID) *acd.Caller {
	for _, c := range x.state.Callers {
		if c.Call == id {
			return c
		}
	}
	return nil
}

// apply lets the core decide and follows what it commands.
func (x *scene) apply(e acd.Event, at time.Time) []acd.Command {
	x.ended = x.ended[:0]
	x.before(e, at)
	did := x.state.Apply(e, at)
	for _, c := range did {
		x.follow(c, at)
	}
	if e, ok := e.(acd.CallerLeft); ok {
		x.gone(e, at)
	}
	return did
}

// before follows what an event says by itself.
func (x *scene) before(e acd.Event, at time.Time) {
	switch e := e.(type) {
	case acd.CallerJoined:
		if v := x.visits[e.Call]; v == nil || v.phase == over {
			v = x.enter(e.Call, e.Queue, e.Party, nil, at)
			v.refused, v.priority = true, e.Priority
		}
	case acd.OfferFailed:
		if v := x.visits[e.Call]; v != nil {
			v.ringEnds(e.Agent, e.Offer, at, e.Cause.String())
		}
	case acd.TalkEnded:
		x.talkEnds(e.Call, e.Agent, at)
	case acd.CallerLeft:
		if v := x.visits[e.Call]; v != nil && v.phase == talking {
			x.talkEnds(e.Call, v.agent, at)
		}
	}
}

func (x *scene) talkEnds(id call.ID, agent string, at time.Time) {
	if v := x.visits[id]; v != nil && v.phase == talking && v.agent == agent {
		v.phase, v.ended = over, at
		x.ended = append(x.ended, v)
	}
}

// gone ends the visit of a caller who left the line.
func (x *scene) gone(e acd.CallerLeft, at time.Time) {
	v := x.waits(e.Call)
	if v == nil || v.callback && v.state != acd.CallbackAnswered {
		return
	}
	if e.Dropped {
		x.over(v, hungUp, at)
	} else {
		x.over(v, left, at)
	}
}

func (x *scene) over(v *visit, end ending, at time.Time) {
	v.over(end, at)
	x.ended = append(x.ended, v)
}

func (v *visit) over(end ending, at time.Time) {
	v.phase, v.end, v.ended = over, end, at
	for i := range v.rings {
		if r := &v.rings[i]; r.end == "" {
			r.to, r.end = at, call.Cancelled.String()
		}
	}
}

func (v *visit) ring(agent string, offer uint64, at time.Time) {
	v.rings = append(v.rings, ring{agent: agent, offer: offer, n: v.offers[agent], from: at})
	v.offers[agent]++
}

func (v *visit) ringEnds(agent string, offer uint64, at time.Time, end string) {
	for i := range v.rings {
		if r := &v.rings[i]; r.end == "" && r.agent == agent && r.offer == offer {
			r.to, r.end = at, end
		}
	}
}

// follow takes a command in.
func (x *scene) follow(c acd.Command, at time.Time) {
	switch c := c.(type) {
	case acd.Position:
		v := x.waits(c.Call)
		if v != nil && v.refused {
			if v.refused = false; c.Expect.Known {
				v.expected = c.Expect.Span
			}
		}
	case acd.Offer:
		for _, agent := range c.Agents {
			x.visits[c.Call].ring(agent, c.Offer, at)
		}
	case acd.Withdraw:
		if v := x.visits[c.Call]; v != nil {
			v.ringEnds(c.Agent, c.Offer, at, call.Cancelled.String())
		}
	case acd.Connect:
		x.connected(c, at)
	case acd.Moved:
		if v := x.visits[c.Call]; v.queue != c.Queue {
			x.over(v, moved, at)
			next := x.enter(c.Call, c.Queue, v.party, nil, at)
			next.refused = true // until its position comes
		}
	case acd.Evict:
		if v := x.waits(c.Call); v != nil {
			v.reason = c.Reason
			x.over(v, evicted, at)
		}
	case acd.Dial:
		v := x.visits[c.Call]
		v.dials, v.dialled, v.agent = v.dials+1, at, c.Agent
		if !c.Reserved {
			v.ringEnds(c.Agent, v.offerOf(c.Agent), at, "answered")
		}
	case acd.CallbackIs:
		x.callback(c, at)
	case acd.AgentStatus:
		x.agentIs(c, at)
	}
}

// offerOf is the offer that rings an agent last.
func (v *visit) offerOf(agent string) (offer uint64) {
	for _, r := range v.rings {
		if r.agent == agent {
			offer = r.offer
		}
	}
	return offer
}

func (x *scene) connected(c acd.Connect, at time.Time) {
	v := x.visits[c.Call]
	v.ringEnds(c.Agent, c.Offer, at, "answered")
	for i := range v.rings {
		if r := &v.rings[i]; r.end == "" {
			r.to, r.end = at, call.Elsewhere.String()
		}
	}
	v.phase, v.end, v.agent, v.began = talking, answered, c.Agent, at
	x.talks[c.Agent] = v
}

func (x *scene) callback(c acd.CallbackIs, at time.Time) {
	switch v := x.visits[c.Call]; c.Is {
	case acd.CallbackIsAsked:
		h := x.enter(c.Call, c.Queue, call.Party{Number: c.Number}, &acd.Callback{For: c.For, Number: c.Number}, at)
		h.state = c.Is
		if asks := x.waits(c.For); asks != nil {
			x.over(asks, called, at)
			asks.asked = h
		}
	case acd.CallbackAnswered:
		if v.state = c.Is; c.By != "" {
			v.call = c.By
			x.visits[c.By] = v
		}
	case acd.CallbackFailed, acd.CallbackExpired, acd.CallbackCancelled, acd.CallbackMerged:
		if v != nil {
			v.state = c.Is
			x.over(v, left, at)
		}
	}
}

// agentIs follows an agent, and his wrap-up of a visit as the ledger does.
func (x *scene) agentIs(c acd.AgentStatus, at time.Time) {
	x.doing = append(x.doing, doing{at, c.Agent, c.Is, c.Queue})
	v := x.talks[c.Agent]
	if v == nil || v.phase != over {
		return
	}
	switch {
	case c.Is == acd.WrapUp && c.Was == acd.Talking:
		v.wrap = at
	case v.wrap.IsZero():
	case c.Is == acd.Free, c.Is == acd.Paused, c.Is == acd.LoggedOut, c.Was == acd.WrapUp && (c.Is == acd.Ringing || c.Is == acd.Reserved):
		v.wrapped, v.wrap = at.Sub(v.wrap), time.Time{}
	}
}

// stop ends what the box cuts off. Callbacks are kept.
func (x *scene) stop(at time.Time) {
	for _, v := range x.list {
		switch {
		case v.phase == talking:
			v.phase, v.ended = over, at
		case v.phase == waiting && !(v.callback && v.state != acd.CallbackAnswered):
			v.over(cut, at)
		}
	}
	clear(x.talks)
}
