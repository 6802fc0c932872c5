package whatif

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/acd/daybook"
	"github.com/pasokh/pasokh/telephony/call"
)

// Learn takes from a day what its settings did not make.
func Learn(day *daybook.Day) (*Record, error) {
	l := &learner{rec: &Record{From: day.From, To: day.To, Gaps: day.Gaps, courses: make(map[string]*course),
		there: make(map[string][]presence), members: make(map[string]bool)}}
	for i := range day.Runs {
		run := &day.Runs[i]
		ends := run.Stopped.Add(1) // what happened at that moment belongs to it
		switch {
		case !run.Stopped.IsZero():
		case i+1 == len(day.Runs):
			ends = day.To
		case day.Runs[i+1].Started && len(run.Events) > 0: // cut off
			ends = run.Events[len(run.Events)-1].At.Add(1)
		default:
			ends = day.Runs[i+1].Began
		}
		if err := l.run(run, ends); err != nil {
			return nil, err
		}
	}
	if l.scene != nil {
		l.rec.visits, l.rec.doing = l.scene.list, l.scene.doing
	}
	l.rec.habits = habitsOf(l.rec)
	return l.rec, nil
}

// learner goes through a day.
type learner struct {
	rec   *Record
	scene *scene
	span  *span
	order int
	asked []time.Time // to be told, and not yet told
	wraps map[string]*visit
}

// course is what is known of a visit.
func (l *learner) course(v *visit) *course {
	c := l.rec.courses[v.key]
	if c == nil {
		c = &course{key: v.key, queue: v.queue, at: v.joined, fresh: v.fresh, answers: make(map[string][]answer)}
		l.rec.courses[v.key] = c
	}
	return c
}

func (l *learner) run(run *daybook.Run, ends time.Time) error {
	work, err := daybook.Copy(&run.State)
	if err != nil {
		return err
	}
	switch {
	case l.scene == nil:
		l.scene = newScene(work)
	default:
		if run.Started {
			l.scene.stop(l.span.ends)
		}
		l.scene.begin(work)
	}
	l.rec.spans = append(l.rec.spans, span{began: run.Began, ends: ends, state: run.State, started: run.Started, ticks: make(map[int64]tick)})
	l.span = &l.rec.spans[len(l.rec.spans)-1]
	l.asked, l.wraps = nil, make(map[string]*visit)
	for _, v := range l.scene.visits {
		if v.phase != over {
			l.course(v)
		} else if v.fresh {
			l.wraps[v.agent] = v
			l.course(v)
		}
	}
	if w := run.State.Wake; !w.IsZero() {
		l.asked = append(l.asked, w)
	}
	l.presence(run.Began)
	for _, e := range run.Events {
		l.order++
		l.event(e)
	}
	l.open(ends)
	l.span.last, err = json.Marshal(&l.scene.state)
	return err
}

// event files an event under what led to it, and lets the core take it in.
func (l *learner) event(e daybook.Entry) {
	filed := l.before(e)
	_, isTick := e.Event.(acd.Tick)
	did := l.scene.apply(e.Event, e.At)
	switch {
	case isTick:
		filed = l.tick(e)
	default:
		l.overtaken(e.At)
	}
	l.after(e, did)
	if !filed {
		l.span.fixed = append(l.span.fixed, act{e.At.Sub(l.span.began), settled(e.Event, did), l.order})
	}
	looked := false
	for _, c := range did {
		switch c := c.(type) {
		case acd.WakeAt:
			if !c.At.IsZero() {
				l.asked = append(l.asked, c.At)
			}
		case acd.AgentStatus:
			looked = true
		}
	}
	if _, again := e.Event.(acd.Configure); looked || again {
		l.presence(e.At)
	}
}

// tick finds out for which of the times that the core asked for it was sent: the last one
// that has come.
func (l *learner) tick(e daybook.Entry) bool {
	for i := len(l.asked) - 1; i >= 0; i-- {
		if at := l.asked[i]; !at.After(e.At) {
			if l.span.ticks[at.UnixNano()].real {
				return false
			}
			l.span.ticks[at.UnixNano()] = tick{e.At, l.order, true}
			l.asked = append(l.asked[:i], l.asked[i+1:]...)
			return true
		}
	}
	return false
}

// tardy is how long after its time a Tick may still come that was sent in time.
const tardy = 10 * time.Second

// overtaken notes the times before which another event came than the Tick asked for.
func (l *learner) overtaken(now time.Time) {
	l.asked = slices.DeleteFunc(l.asked, func(at time.Time) bool {
		if at.After(now) {
			return false
		}
		if _, known := l.span.ticks[at.UnixNano()]; !known {
			l.span.ticks[at.UnixNano()] = tick{at: now, order: l.order}
		}
		return now.Sub(at) > tardy
	})
}

// settled is a wish to change sides as what it came to.
func settled(e acd.Event, did []acd.Command) acd.Event {
	d, ok := e.(acd.AgentDuty)
	if !ok || d.Wish != acd.ToggleLogin && d.Wish != acd.TogglePause {
		return e
	}
	for _, c := range did {
		is, ok := c.(acd.DutyIs)
		switch {
		case !ok || is.Auto:
		case is.Is == acd.LoggedOut:
			d.Wish = acd.LogOut
		case is.Is == acd.Paused:
			d.Wish = acd.Pause
		case is.Is == acd.Free && d.Wish == acd.ToggleLogin:
			d.Wish = acd.LogIn
		case is.Is == acd.Free:
			d.Wish = acd.Resume
		}
	}
	return d
}

// before files what can be told before the core has taken it in. It reports false for what
// nothing led to.
func (l *learner) before(e daybook.Entry) bool {
	switch ev := e.Event.(type) {
	case acd.CallerJoined:
		return true // see joined
	case acd.CallerLeft:
		return l.left(e, ev)
	case acd.CallerMoved:
		return l.act(ev.Call, e)
	case acd.WaitAsked:
		return l.act(ev.Call, e)
	case acd.CallbackAsked:
		return l.act(ev.Call, e)
	case acd.CallbackNow:
		return l.act(ev.Call, e)
	case acd.OfferAnswered:
		return l.answered(ev.Call, ev.Agent, ev.Offer, e)
	case acd.OfferFailed:
		return l.answered(ev.Call, ev.Agent, ev.Offer, e)
	case acd.DialAnswered:
		return l.dialled(ev.Call, e)
	case acd.DialFailed:
		return l.dialled(ev.Call, e)
	case acd.TalkEnded:
		return l.talked(e, ev)
	case acd.WrapExtended:
		return l.wrap(ev.Agent, e)
	case acd.WrapEnded:
		return l.wrap(ev.Agent, e)
	}
	return false
}

// act files what somebody in line did, or was done to him.
func (l *learner) act(id call.ID, e daybook.Entry) bool {
	v := l.scene.visits[id]
	switch {
	case v == nil:
		return false
	case v.phase != waiting:
		return l.late(v, e)
	}
	c := l.course(v)
	c.acts = append(c.acts, act{e.At.Sub(v.joined), e.Event, l.order})
	return true
}

// late files what came when the visit was over.
func (l *learner) late(v *visit, e daybook.Entry) bool {
	if v.phase != over {
		return false
	}
	c := l.course(v)
	c.tail = append(c.tail, act{e.At.Sub(v.ended), e.Event, l.order})
	return true
}

func (l *learner) left(e daybook.Entry, ev acd.CallerLeft) bool {
	v := l.scene.visits[ev.Call]
	switch {
	case v == nil:
		return false
	case v.phase == talking:
		return l.talkEnds(v, e)
	case v.phase == over:
		return l.late(v, e)
	case v.callback && v.state != acd.CallbackAnswered: // withdrawn
		return l.act(ev.Call, e)
	}
	l.course(v).leaves = &act{e.At.Sub(v.joined), ev, l.order}
	return true
}

// answered files what an agent did about an offer.
func (l *learner) answered(id call.ID, agent string, offer uint64, e daybook.Entry) bool {
	v := l.scene.visits[id]
	if v == nil {
		return false
	}
	for i := range v.rings {
		r := &v.rings[i]
		if r.agent != agent || r.offer != offer {
			continue
		}
		c := l.course(v)
		if had := len(c.answers[agent]); had > r.n { // once more
			return l.late(v, e)
		}
		c.put(agent, r.n, answer{after: e.At.Sub(r.from), event: e.Event, late: r.end != "", order: l.order})
		return true
	}
	return l.late(v, e)
}

// put keeps the n-th answer of an agent. Those before it that are not known were none.
func (c *course) put(agent string, n int, a answer) {
	for len(c.answers[agent]) < n {
		c.answers[agent] = append(c.answers[agent], answer{})
	}
	c.answers[agent] = append(c.answers[agent], a)
}

func (l *learner) dialled(id call.ID, e daybook.Entry) bool {
	v := l.scene.visits[id]
	if v == nil || !v.callback || v.dials == 0 {
		return false
	}
	c := l.course(v)
	if len(c.dials) >= v.dials {
		return false
	}
	for len(c.dials) < v.dials-1 {
		c.dials = append(c.dials, answer{})
	}
	c.dials = append(c.dials, answer{after: e.At.Sub(v.dialled), event: e.Event, order: l.order,
		late: l.scene.caller(id) == nil || l.scene.caller(id).Callback == nil || !l.scene.caller(id).Callback.Dialling})
	return true
}

func (l *learner) talked(e daybook.Entry, ev acd.TalkEnded) bool {
	v := l.scene.visits[ev.Call]
	switch {
	case v == nil:
		return false
	case v.phase == waiting && v.callback:
		return l.dialled(ev.Call, e) // the agent did not wait for the customer
	case v.phase == talking && v.agent == ev.Agent:
		return l.talkEnds(v, e)
	}
	return l.late(v, e)
}

func (l *learner) talkEnds(v *visit, e daybook.Entry) bool {
	l.course(v).talk = &talk{span: e.At.Sub(v.began), event: e.Event, order: l.order}
	l.wraps[v.agent] = v
	return true
}

// wrap files what ends or lengthens an agent's wrap-up of his last visit.
func (l *learner) wrap(agent string, e daybook.Entry) bool {
	v := l.wraps[agent]
	if v == nil || v.phase != over {
		return false
	}
	c := l.course(v)
	if c.talk == nil {
		c.talk = &talk{}
	}
	c.talk.wraps = append(c.talk.wraps, act{e.At.Sub(v.ended), e.Event, l.order})
	return true
}

// after files what the core's answer tells.
func (l *learner) after(e daybook.Entry, did []acd.Command) {
	switch ev := e.Event.(type) {
	case acd.CallerJoined:
		l.joined(e, ev)
	case acd.CallbackAsked:
		for _, c := range did {
			if is, ok := c.(acd.CallbackIs); ok && is.Is == acd.CallbackIsAsked {
				h := l.course(l.scene.visits[is.Call])
				if v := l.scene.visits[ev.Call]; v != nil && v.asked == l.scene.visits[is.Call] {
					l.course(v).asked = h
				}
			}
		}
	}
}

// joined files a new visit under the one before, or under nothing.
func (l *learner) joined(e daybook.Entry, ev acd.CallerJoined) {
	v := l.scene.visits[ev.Call]
	if v == nil || l.rec.courses[v.key] != nil {
		l.span.fixed = append(l.span.fixed, act{e.At.Sub(l.span.began), ev, l.order})
		return
	}
	c := l.course(v)
	c.join, c.at, c.order = ev, e.At, l.order
	if before := l.previous(v); before != nil {
		l.course(before).next = &onward{e.At.Sub(before.ended), c}
		return
	}
	l.span.starts = append(l.span.starts, c)
}

// previous is the visit of the same call before one.
func (l *learner) previous(v *visit) *visit {
	for i := len(l.scene.list) - 1; i >= 0; i-- {
		if b := l.scene.list[i]; b != v && b.call == v.call {
			return b
		}
	}
	return nil
}

// open notes for how long was seen what has not come to an end.
func (l *learner) open(ends time.Time) {
	for _, v := range l.scene.list {
		c := l.course(v)
		for _, r := range v.rings {
			to := r.to
			if r.end == "" {
				to = ends
			}
			if seen := c.answers[r.agent]; len(seen) <= r.n {
				c.put(r.agent, r.n, answer{after: to.Sub(r.from)})
			} else if seen[r.n].event == nil {
				seen[r.n].after = to.Sub(r.from)
			}
		}
		if v.end == answered && c.talk == nil && v.phase == talking {
			c.talk = &talk{span: ends.Sub(v.began)}
		}
		if c.end != open {
			continue
		}
		switch c.end, c.reason = v.end, v.reason; {
		case v.end == answered:
			c.waited = v.began.Sub(v.joined)
		case v.phase == over:
			c.waited = v.ended.Sub(v.joined)
		default:
			c.waited = ends.Sub(v.joined)
		}
	}
}

// presence notes for which queues somebody is there.
func (l *learner) presence(at time.Time) {
	s := &l.scene.state
	for i := range s.Queues {
		q, on := &s.Queues[i], false
		for _, m := range q.Agents {
			l.rec.members[m.Agent] = true
			if a := l.scene.agent(m.Agent); a != nil && a.Online && a.In(q.Number) != acd.LoggedOut {
				on = true
			}
		}
		if list := l.rec.there[q.Number]; len(list) == 0 && on || len(list) > 0 && list[len(list)-1].on != on {
			l.rec.there[q.Number] = append(list, presence{at, l.order, on})
		}
	}
}
