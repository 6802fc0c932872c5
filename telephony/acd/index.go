package acd

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// index is what Apply needs to find things without looking for them. All of it
// follows from the State's exported fields, so it is never stored.
type index struct {
	lanes   []*lane // of State.Queues
	queues  map[string]*lane
	agents  map[string]*Agent
	callers map[call.ID]*Caller // in line
	talks   map[call.ID]*Agent  // who talk to an agent
	seen    map[string]string   // number -> agent
	dues    dues

	fresh, again []*seat // room for choose
	turn         turn    // room for Apply
}

// lane is a queue at work.
type lane struct {
	*Queue
	at     int // in State.Queues
	seats  []*seat
	line   []*Caller // in the order of service
	held   int       // how many of them are place-holders
	free   []uint64  // a bit for each seat whose agent is free for this queue
	count  [codes]int
	shares []share
	tiers  []int // that agents have, lowest first
	duty   []int // how many agents of each tier are on duty
	able   [maxRules]int
	join   uint16 // the codes of JoinEmpty
	leave  uint16

	dirty  bool // its line or its agents changed in this turn
	from   int  // the first of the line whose position may have changed
	cursor int  // of dispatch
}

// maxRules bounds the skill rules of a queue.
const maxRules = 16

// seat is a member at work.
type seat struct {
	*Member
	lane  *lane
	agent *Agent
	tally *Tally
	pos   int
	level int  // of lane.tiers
	away  code // isLoggedOut, isPaused or isFree for neither
	is    code
	meets uint16 // the skill rules that he meets
}

// unwrap is the index, made if there is none.
func (s *State) unwrap() *index {
	if s.x != nil {
		return s.x
	}
	x := &index{agents: make(map[string]*Agent, len(s.Agents)), callers: make(map[call.ID]*Caller), talks: make(map[call.ID]*Agent), seen: make(map[string]string)}
	s.x = x
	for _, a := range s.Agents {
		a.due.agent = a
		x.agents[a.Extension] = a
	}
	for _, seen := range s.Seen {
		x.seen[seen.Number] = seen.Agent
	}
	x.seatAll(s)
	for _, a := range s.Agents {
		x.dues.set(&a.due, a.next(s.Now))
	}
	for _, c := range s.Callers {
		x.callers[c.Call] = c
		c.due.caller = c
		if c.lane = x.queues[c.Queue]; c.lane != nil {
			c.lane.line = append(c.lane.line, c)
			if c.Callback != nil {
				c.lane.held++
			}
			x.dues.set(&c.due, c.next(s.Now))
		}
	}
	for _, a := range s.Agents {
		if a.Talking && x.callers[a.Call] == nil {
			x.talks[a.Call] = a
		}
	}
	x.shareAll()
	for _, l := range x.lanes {
		l.from = len(l.line)
	}
	return x
}

// seatAll makes the lanes and seats of all queues. Every member must have an Agent.
func (x *index) seatAll(s *State) {
	for _, a := range s.Agents {
		a.seats = nil
	}
	x.lanes, x.queues = nil, make(map[string]*lane, len(s.Queues))
	for i := range s.Queues {
		q := &s.Queues[i]
		l := &lane{Queue: q, at: i, free: make([]uint64, (len(q.Agents)+63)/64), join: mask(q.JoinEmpty), leave: mask(q.LeaveEmpty)}
		x.lanes = append(x.lanes, l)
		x.queues[q.Number] = l
		for _, m := range q.Agents {
			l.tiers = append(l.tiers, m.Tier)
		}
		slices.Sort(l.tiers)
		l.tiers = slices.Compact(l.tiers)
		l.duty = make([]int, len(l.tiers))
		for pos := range q.Agents {
			l.seat(pos, x.agents[q.Agents[pos].Agent], s.Now)
		}
	}
}

func mask(not []Status) (m uint16) {
	for _, s := range not {
		if i := slices.Index(statuses[:], s); i >= 0 {
			m |= 1 << i
		}
	}
	if len(not) == 0 {
		m = 1 << isLoggedOut
	}
	return m
}

func (l *lane) seat(pos int, a *Agent, now time.Time) {
	s := &seat{Member: &l.Agents[pos], lane: l, agent: a, pos: pos, tally: a.tally(l.Number)}
	s.level, _ = slices.BinarySearch(l.tiers, s.Tier)
	s.away = s.stands()
	for r := range l.Skills {
		if s.Member.meets(&l.Skills[r]) {
			s.meets |= 1 << r
		}
	}
	l.seats = append(l.seats, s)
	a.seats = append(a.seats, s)
	s.is = s.does(a.does(now))
	l.enter(s, 1)
}

// stands is how the agent stands to the queue.
func (s *seat) stands() code {
	switch s.agent.In(s.lane.Number) {
	case LoggedOut:
		return isLoggedOut
	case Paused:
		return isPaused
	}
	return isFree
}

// does is what an agent who does so is doing as this queue sees it.
func (s *seat) does(is code) code {
	if s.away != isFree {
		return s.away
	}
	return is
}

// enter counts a seat by what its agent is doing, or with -1 takes it out.
func (l *lane) enter(s *seat, n int) {
	l.count[s.is] += n
	if s.is == isFree {
		l.free[s.pos>>6] ^= 1 << (s.pos & 63)
	}
	if s.is.duty() {
		l.duty[s.level] += n
		for m := s.meets; m != 0; m &= m - 1 {
			l.able[bits.TrailingZeros16(m)] += n
		}
	}
}

// empty tells whether all agents are doing what does not count.
func (l *lane) empty(not uint16) bool {
	for is, n := range l.count {
		if n > 0 && not>>is&1 == 0 {
			return false
		}
	}
	return true
}

// onDuty is how many agents take callers, now or soon.
func (l *lane) onDuty() (n int) {
	for _, d := range l.duty {
		n += d
	}
	return n
}

// tally is the agent's record for a queue.
func (a *Agent) tally(queue string) *Tally {
	for _, t := range a.Tallies {
		if t.Queue == queue {
			return t
		}
	}
	t := &Tally{Queue: queue}
	a.Tallies = append(a.Tallies, t)
	return t
}

// before is the order of service: of all callers whom an agent could take he gets
// the first.
func before(a, b *Caller) int {
	return cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(b.Priority, a.Priority), a.Joined.Compare(b.Joined), cmp.Compare(a.Seq, b.Seq))
}

func (c *Caller) weight() int {
	if c.lane == nil {
		return 0
	}
	return c.lane.Weight
}

func (s *State) search(ext string) (int, bool) {
	return slices.BinarySearchFunc(s.Agents, ext, func(a *Agent, ext string) int { return cmp.Compare(a.Extension, ext) })
}

// agent is nil if there is none.
func (s *State) agent(ext string) *Agent { return s.unwrap().agents[ext] }

// caller is nil if there is none.
func (s *State) caller(id call.ID) *Caller { return s.unwrap().callers[id] }
