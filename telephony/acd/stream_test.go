package acd

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// stream turns any bytes into events, most of them sensible, and plays them to a
// floor. After each it looks at the whole floor with rules that are written down
// here a second time, slowly and without the index.
type stream struct {
	testing.TB
	State
	now    time.Time
	bytes  []byte
	calls  int
	joined map[call.ID]bool // and neither answered, evicted nor left
	busy   map[string]call.ID
	dials  map[call.ID]bool
	offers []Offer
	held   map[call.ID]bool // callbacks asked for and not over
	twin   bool             // compare with a State that goes through JSON before every event
}

func (s *stream) b(n int) int {
	if len(s.bytes) == 0 {
		return 0
	}
	b := s.bytes[0]
	s.bytes = s.bytes[1:]
	return int(b) % n
}

func (s *stream) agent() string  { return fmt.Sprint(1001 + s.b(6)) }
func (s *stream) number() string { return fmt.Sprint("09", s.b(8)) }
func (s *stream) queue() string  { return fmt.Sprint(700 + s.b(3)) }
func (s *stream) some() call.ID  { return call.ID(fmt.Sprint("c", max(0, s.calls-s.b(6)))) }
func (s *stream) seconds(n int) time.Duration {
	return time.Duration(s.b(n)) * time.Second
}

func (s *stream) configure() Configure {
	var c Configure
	for i := range 3 {
		if s.b(12) == 11 {
			continue
		}
		q := Queue{Number: fmt.Sprint(700 + i), Strategy: Strategies()[s.b(9)], Weight: s.b(2), WrapUp: s.seconds(8), TierWait: s.seconds(10)}
		q.MaxCallers, q.MaxWait = 4*s.b(2), 20*s.seconds(2)
		q.AutoPause, q.KeepPlace, q.StickyFor = 2*s.b(2), 15*s.seconds(2), 5*s.seconds(2)
		q.DivertRatio = 3 * s.b(2)
		if s.b(3) == 0 {
			q.LeaveEmpty = []Status{LoggedOut, Paused, Offline}
			q.JoinEmpty = []Status{None}
		}
		if s.b(3) == 0 {
			q.Skills = []SkillRule{{Needs: map[string]int{"en": 50}}, {After: 8 * time.Second, Needs: map[string]int{"en": 0}}, {After: 15 * time.Second}}
		}
		q.Callback = CallbackRules{CustomerFirst: s.b(2) == 0, Gap: s.seconds(9) + time.Second, Expire: 40 * time.Second}
		if s.b(4) == 0 {
			q.Callback.Opens, q.Callback.Closes = s.now.Add(10*s.seconds(3)), s.now.Add(30*time.Second+10*s.seconds(3))
		}
		for range 5 {
			m := Member{Agent: s.agent(), Tier: s.b(3), Weight: s.b(4), Dynamic: s.b(5) == 4}
			if s.b(2) == 0 {
				m.Skills = map[string]int{"en": s.b(101)}
			}
			q.Agents = append(q.Agents, m)
		}
		c.Queues = append(c.Queues, q)
	}
	return c
}

// event is what happens next.
func (s *stream) event() Event {
	switch s.b(32) {
	case 0, 1, 2, 3, 4, 5:
		s.calls++
		e := CallerJoined{Call: call.ID(fmt.Sprint("c", s.calls)), Queue: s.queue(), Party: call.Party{Number: s.number()}, Priority: s.b(5) / 4}
		return e
	case 6:
		return CallerLeft{s.some(), true}
	case 7:
		return CallerLeft{Call: s.some()}
	case 8:
		return AgentOffline{s.agent()}
	case 9:
		return AgentOnline{s.agent()}
	case 10:
		return AgentBusy{s.agent(), s.b(2) == 0}
	case 11, 12, 13, 14, 15:
		if o, ok := s.ringing(); ok {
			return OfferAnswered{o.Offer, o.Call, o.Extension}
		}
	case 16, 17, 18:
		if o, ok := s.ringing(); ok {
			return OfferFailed{o.Offer, o.Call, o.Extension, []call.Cause{call.NoAnswer, call.Rejected, call.Busy}[s.b(3)]}
		}
	case 19, 20:
		for _, a := range s.Agents {
			if a.Talking && s.b(3) > 0 {
				return TalkEnded{Call: a.Call, Agent: a.Extension}
			}
		}
	case 21:
		return AgentDuty{Agent: s.agent(), Queue: []string{"", "700", "701"}[s.b(3)], Wish: []Wish{ToggleLogin, TogglePause, LogIn, LogIn, Resume, Pause, LogOut}[s.b(7)]}
	case 22:
		return CallbackAsked{Call: s.some(), Queue: s.queue(), Number: s.number(), NotBefore: s.now.Add(s.seconds(3) * 10)}
	case 23, 24, 25:
		for _, c := range s.Callers {
			if c.dialling() && s.b(3) > 0 {
				if s.b(2) == 0 {
					return DialFailed{Call: c.Call}
				}
				s.calls++
				return DialAnswered{c.Call, call.ID(fmt.Sprint("c", s.calls))}
			}
		}
	case 26:
		return CallerMoved{s.some(), s.queue(), s.b(3)}
	case 27:
		return []Event{WrapExtended{s.agent(), s.seconds(9)}, WrapEnded{s.agent()}, DayBegan{}, CallerLeft{Call: call.ID(fmt.Sprint("callback-", s.Callbacks))}, DialAnswered{Call: "none"},
			CallbackNow{call.ID(fmt.Sprint("callback-", s.Callbacks)), s.now.Add(s.seconds(3) * 10)}}[s.b(6)]
	case 28:
		if s.b(8) == 0 {
			return s.configure()
		}
	case 29:
		return WaitAsked{s.some()}
	case 30: // late or foolish
		if len(s.offers) > 0 {
			o := s.offers[s.b(len(s.offers))]
			if s.b(2) == 0 {
				return OfferAnswered{o.Offer, o.Call, o.Agents[0]}
			}
			return OfferFailed{o.Offer, o.Call, o.Agents[0], call.NoAnswer}
		}
	case 31:
		if s.b(10) == 0 {
			s.restart()
		}
	}
	return Tick{}
}

func (s *stream) ringing() (Agent, bool) {
	for _, a := range s.Agents {
		if a.Offer != 0 && !a.Reserved && s.b(3) > 0 {
			return *a, true
		}
	}
	return Agent{}, false
}

// restart is a crash between two events: another State begins with what was stored.
func (s *stream) restart() {
	text, err := json.Marshal(&s.State)
	if err != nil {
		s.Fatal(err)
	}
	var stored State
	if err := json.Unmarshal(text, &stored); err != nil {
		s.Fatal(err)
	}
	absences := make(map[string][]Absence)
	for _, a := range stored.Agents {
		if a.Member {
			absences[a.Extension] = a.Absences
		}
	}
	s.State, s.joined, s.busy, s.dials, s.offers = State{}, map[call.ID]bool{}, map[string]call.ID{}, map[call.ID]bool{}, nil
	held := s.held
	s.held = nil
	s.apply(Configure{stored.Queues})
	s.held = held // they come back
	s.apply(Restore{stored})
	for _, a := range s.Agents {
		was := absences[a.Extension]
		for _, away := range a.Absences {
			if !slices.ContainsFunc(was, func(x Absence) bool { return x.Queue == away.Queue && x.Is == away.Is }) {
				s.Fatalf("%s was %+v and is %+v after a restart", a.Extension, was, a.Absences)
			}
		}
		if len(was) != len(a.Absences) || a.Talking || a.Offer != 0 {
			s.Fatalf("%s was %+v and is %+v after a restart", a.Extension, was, a)
		}
	}
	for i := range 6 {
		s.apply(AgentOnline{fmt.Sprint(1001 + i)})
	}
}

// apply plays an event and checks what comes of it.
func (s *stream) apply(e Event) {
	var commands []Command
	failed := false
	if e, ok := e.(OfferFailed); ok {
		a := s.State.agent(e.Agent)
		failed = a != nil && a.Offer == e.Offer && a.Call == e.Call
	}
	if s.twin {
		var twin State
		text, err := json.Marshal(&s.State)
		if err != nil {
			s.Fatal(err)
		}
		if err := json.Unmarshal(text, &twin); err != nil {
			s.Fatal(err)
		}
		commands = s.Apply(e, s.now)
		if again := twin.Apply(e, s.now); !reflect.DeepEqual(commands, again) {
			s.Fatalf("%#v\ncommands        %#v\nafter JSON      %#v", e, commands, again)
		}
	} else {
		commands = s.Apply(e, s.now)
	}
	switch e := e.(type) {
	case CallerJoined:
		s.joined[e.Call] = true
	case CallerLeft:
		delete(s.joined, e.Call)
		s.free(e.Call)
	case TalkEnded:
		if s.busy[e.Agent] == e.Call {
			delete(s.busy, e.Agent)
		}
	case DialAnswered:
		delete(s.dials, e.Call)
	case DialFailed:
		delete(s.dials, e.Call)
	case OfferFailed:
		if failed {
			delete(s.busy, e.Agent)
		}
	}
	for _, c := range commands {
		s.obey(c, e)
	}
	s.look(e)
}

func (s *stream) free(id call.ID) {
	for agent, c := range s.busy {
		if c == id {
			delete(s.busy, agent)
		}
	}
}

func (s *stream) obey(c Command, e Event) {
	switch c := c.(type) {
	case Offer:
		s.offers = append(s.offers, c)
		for _, a := range c.Agents {
			if on := s.busy[a]; on != "" && !(c.Why.Rule == whyReserved) {
				s.Fatalf("%T: %s has %s and is offered %s", e, a, on, c.Call)
			}
			s.busy[a] = c.Call
			if in := s.caller(c.Call); c.Why.Rule != whyReserved && !s.fits(s.State.agent(a), in) {
				s.Fatalf("%T: %s is offered %s and is not for him", e, a, c.Call)
			}
		}
		if c.Why.String() == "" {
			s.Fatalf("no reason: %+v", c)
		}
	case Withdraw:
		if s.busy[c.Agent] == c.Call && s.Callers != nil {
			if a := s.State.agent(c.Agent); a == nil || a.Call != c.Call || !a.Talking {
				delete(s.busy, c.Agent)
			}
		}
	case Connect:
		if s.busy[c.Agent] != c.Call && s.State.agent(c.Agent).Call != c.Call {
			s.Fatalf("%T: %s has %q and is connected to %s", e, c.Agent, s.busy[c.Agent], c.Call)
		}
		for agent, other := range s.busy {
			if other == c.Call && agent != c.Agent {
				delete(s.busy, agent) // withdrawn with the next command
			}
		}
		s.busy[c.Agent] = c.Call
		delete(s.joined, c.Call)
	case Evict:
		if !s.joined[c.Call] {
			s.Fatalf("%T: %s is evicted (%s) and was not in line", e, c.Call, c.Reason)
		}
		delete(s.joined, c.Call)
	case Dial:
		if s.dials[c.Call] {
			s.Fatalf("%T: %s is dialled twice at once", e, c.Call)
		}
		s.dials[c.Call] = true
	case StopDial:
		delete(s.dials, c.Call)
	case CallbackIs:
		switch c.Is {
		case CallbackIsAsked:
			s.held[c.Call] = true
			delete(s.joined, c.For)
		case CallbackAnswered:
			delete(s.held, c.Call)
			if c.By != "" {
				s.joined[c.By] = true
			}
		case CallbackFailed, CallbackExpired, CallbackCancelled, CallbackMerged:
			if !s.held[c.Call] {
				s.Fatalf("%T: %+v ends again", e, c)
			}
			delete(s.held, c.Call)
		}
	}
}

// status is what an agent is doing, by his own fields alone.
func status(a *Agent, now time.Time) Status {
	is := statuses[a.does(now)]
	if a.Off != "" && !slices.Contains([]Status{Talking, Reserved, Ringing}, is) {
		return a.Off
	}
	return is
}

// may tells, by the definitions, whether an agent may take a caller now.
func (s *stream) may(a *Agent, c *Caller) bool { return status(a, s.now) == Free && s.fits(a, c) }

// fits is may for an agent who may be rung already.
func (s *stream) fits(a *Agent, c *Caller) bool {
	i := slices.IndexFunc(s.Queues, func(q Queue) bool { return q.Number == c.Queue })
	q := &s.Queues[i]
	m := slices.IndexFunc(q.Agents, func(m Member) bool { return m.Agent == a.Extension })
	duty := func(ext string) bool {
		a := s.State.agent(ext)
		return a.In(q.Number) == Free && (a.Online || a.Talking || a.Offer != 0)
	}
	if m < 0 || a.In(q.Number) != Free {
		return false
	}
	waited := s.now.Sub(c.Joined)
	if c.Owner != "" && waited < q.StickyFor && q.has(c.Owner) && duty(c.Owner) && c.missed(c.Owner).IsZero() {
		return a.Extension == c.Owner
	}
	tier := q.Agents[m].Tier
	if waited < time.Duration(tier)*q.TierWait && slices.ContainsFunc(q.Agents, func(m Member) bool { return m.Tier < tier && duty(m.Agent) }) {
		return false
	}
	rule := -1
	for i, r := range q.Skills {
		if waited >= r.After {
			rule = i
		}
	}
	for ; rule >= 0 && rule < len(q.Skills)-1; rule++ {
		if slices.ContainsFunc(q.Agents, func(m Member) bool { return duty(m.Agent) && m.meets(&q.Skills[rule]) }) {
			break
		}
	}
	return rule < 0 || q.Agents[m].meets(&q.Skills[rule])
}

// look checks the floor between two events.
func (s *stream) look(e Event) {
	count := map[string]int{}
	dialling := 0
	for i, c := range s.Callers {
		if i > 0 && before(s.Callers[i-1], c) >= 0 {
			s.Fatalf("%T: %s is before %s", e, s.Callers[i-1].Call, c.Call)
		}
		count[c.Queue]++
		if c.Position != count[c.Queue] {
			s.Fatalf("%T: %s is number %d, says %d", e, c.Call, count[c.Queue], c.Position)
		}
		if c.Callback == nil && !s.joined[c.Call] || c.Callback != nil && !s.held[c.Call] {
			s.Fatalf("%T: %s is in line and nobody knows him", e, c.Call)
		}
		for _, ext := range c.Rung {
			if a := s.State.agent(ext); a == nil || a.Offer == 0 || a.Call != c.Call {
				s.Fatalf("%T: %s rings %s, who has %+v", e, c.Call, ext, a)
			}
		}
		if c.dialling() {
			dialling++
			if a := s.State.agent(c.Callback.Agent); a == nil || a.Call != c.Call || !(a.Reserved || a.Talking) {
				s.Fatalf("%T: %s is dialled and nobody is there for him: %+v", e, c.Call, a)
			}
		}
		if c.dialling() != s.dials[c.Call] {
			s.Fatalf("%T: %s is dialled: %v, commanded: %v", e, c.Call, c.dialling(), s.dials[c.Call])
		}
		if len(c.Rung) > 0 || c.dialling() || c.Callback != nil && (s.now.Before(c.Callback.NotBefore) || !c.lane.Callback.open(s.now)) {
			continue
		}
		if c.late(s.now) {
			s.Fatalf("%T: %s has waited too long", e, c.Call)
		}
		for _, a := range s.Agents {
			if s.may(a, c) {
				s.Fatalf("%T: %s waits although %s is free for him", e, c.Call, a.Extension)
			}
		}
	}
	waiting := 0
	for _, c := range s.Callers {
		if c.Callback == nil {
			waiting++
		}
	}
	if waiting != len(s.joined) || len(s.Callers)-waiting != len(s.held) {
		s.Fatalf("%T: %d callers in line, %d known; %d callbacks, %d known", e, waiting, len(s.joined), len(s.Callers)-waiting, len(s.held))
	}
	if dialling != len(s.dials) {
		s.Fatalf("%T: %d are dialled, %v were commanded", e, dialling, s.dials)
	}
	talks := map[call.ID]string{}
	for _, a := range s.Agents {
		if a.touched || a.Status != status(a, s.now) {
			s.Fatalf("%T: %s is %s, says %s", e, a.Extension, status(a, s.now), a.Status)
		}
		if a.Talking {
			if other := talks[a.Call]; other != "" {
				s.Fatalf("%T: %s and %s both talk to %s", e, other, a.Extension, a.Call)
			}
			talks[a.Call] = a.Extension
		}
		if a.Offer != 0 {
			if c := s.caller(a.Call); c == nil || !slices.Contains(c.Rung, a.Extension) {
				s.Fatalf("%T: %s is rung for nobody: %+v", e, a.Extension, a)
			}
		}
	}
}

// play plays all bytes.
func (s *stream) play() {
	s.now, s.joined, s.busy, s.dials, s.held = morning, map[call.ID]bool{}, map[string]call.ID{}, map[call.ID]bool{}, map[call.ID]bool{}
	s.Rand = uint64(s.b(256))
	s.apply(s.configure())
	for i := range 6 {
		s.apply(AgentOnline{fmt.Sprint(1001 + i)})
	}
	for len(s.bytes) > 0 {
		until := s.now.Add([]time.Duration{0, 0, 100 * time.Millisecond, time.Second, 3 * time.Second}[s.b(5)])
		for !s.Wake.IsZero() && !s.Wake.After(until) {
			s.now = s.Wake
			s.apply(Tick{})
		}
		s.now = until
		s.apply(s.event())
	}
}

func randomBytes(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// TestRandomFloors plays long random days.
func TestRandomFloors(t *testing.T) {
	seeds := 150
	if testing.Short() {
		seeds = 30
	}
	for seed := range seeds {
		s := &stream{TB: t, bytes: randomBytes(uint64(seed), 2500), twin: seed%5 == 0}
		s.play()
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzApply(f *testing.F) {
	for seed := range 5 {
		f.Add(randomBytes(uint64(1000+seed), 400))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4000 {
			return
		}
		s := &stream{TB: t, bytes: data, twin: true}
		s.play()
	})
}
