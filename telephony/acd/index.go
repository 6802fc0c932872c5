package acd

import (
	"cmp"
	"slices"

	"github.com/pasokh/pasokh/telephony/acd/wait"
	"github.com/pasokh/pasokh/telephony/call"
)

// index is what Apply needs to find things without looking for them. All of it
// follows from the State's exported fields, so it is never stored.
type index struct {
	lanes   []*lane    // of State.Queues
	doing   [codes]set // the agents who do so
	ready   set        // the agents who take callers, now or soon
	heeded  uint16     // the codes that any lane's leave has
	changed set        // lanes whose line or agents changed in this turn
	queues  map[string]*lane
	agents  map[string]*Agent
	callers map[call.ID]*Caller // in line
	talks   map[call.ID]*Agent  // who talk to an agent
	seen    map[string]string   // number -> agent
	dues    dues

	gathers      uint64  // how often gather looked
	fresh, again []*seat // room for choose
	line         wait.Line
	turn         turn // room for Apply
}

// lane is a queue at work.
type lane struct {
	*Queue
	at     int // in State.Queues
	seats  []*seat
	line   []*Caller // in the order of service
	held   int       // how many of them are place-holders
	works  set       // the agents who are neither logged out nor paused here
	out    int       // how many are logged out
	paused int
	shares []share
	tiers  []int  // that agents have, lowest first
	tier   []set  // the agents of each
	meet   []set  // the agents who have what each of Skills needs
	join   uint16 // the codes of JoinEmpty
	leave  uint16

	ripe   bool // somebody in line may have waited for as long as he may
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
	away  code // isLoggedOut, isPaused or isFree for neither
	// points are what the agent has of the skills that each rule asks for, added up.
	points []int
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
		x.dues.set(&a.due, a.next())
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
	n := len(s.Agents)
	for is := range x.doing {
		x.doing[is] = newSet(n)
	}
	x.ready, x.changed, x.heeded = newSet(n), newSet(len(s.Queues)), 0
	for slot, a := range s.Agents {
		a.slot, a.is, a.seats, a.lanes = slot, a.does(s.Now), nil, newSet(len(s.Queues))
		x.doing[a.is].add(slot)
		if a.is.duty() {
			x.ready.add(slot)
		}
	}
	x.lanes, x.queues = nil, make(map[string]*lane, len(s.Queues))
	for i := range s.Queues {
		q := &s.Queues[i]
		l := &lane{Queue: q, at: i, works: newSet(n), join: mask(q.JoinEmpty), leave: mask(q.LeaveEmpty)}
		x.lanes = append(x.lanes, l)
		x.queues[q.Number] = l
		x.heeded |= l.leave
		for _, m := range q.Agents {
			l.tiers = append(l.tiers, m.Tier)
		}
		slices.Sort(l.tiers)
		l.tiers = slices.Compact(l.tiers)
		for range l.tiers {
			l.tier = append(l.tier, newSet(n))
		}
		for range l.Skills {
			l.meet = append(l.meet, newSet(n))
		}
		for pos := range q.Agents {
			l.seat(pos, x.agents[q.Agents[pos].Agent])
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

func (l *lane) seat(pos int, a *Agent) {
	s := &seat{Member: &l.Agents[pos], lane: l, agent: a, pos: pos, tally: a.tally(l.Number)}
	level, _ := slices.BinarySearch(l.tiers, s.Tier)
	l.tier[level].add(a.slot)
	for r := range l.Skills {
		rule := &l.Skills[r]
		if s.meets(rule) {
			l.meet[r].add(a.slot)
		}
		s.points = append(s.points, s.skilled(rule))
	}
	l.seats = append(l.seats, s)
	a.seats = append(a.seats, s)
	a.lanes.add(l.at)
	s.away = s.stands()
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

// is what the agent is doing as this queue sees it.
func (s *seat) is() code {
	if s.away != isFree {
		return s.away
	}
	return s.agent.is
}

// enter counts a seat by how its agent stands to the queue, or with -1 takes it out.
func (l *lane) enter(s *seat, n int) {
	switch {
	case s.away == isLoggedOut:
		l.out += n
	case s.away == isPaused:
		l.paused += n
	case n > 0:
		l.works.add(s.agent.slot)
	default:
		l.works.drop(s.agent.slot)
	}
}

// empty tells whether all agents of a queue are doing what does not count.
func (x *index) empty(l *lane, not uint16) bool {
	if l.out > 0 && not>>isLoggedOut&1 == 0 || l.paused > 0 && not>>isPaused&1 == 0 {
		return false
	}
	for is := range codes {
		if not>>is&1 == 0 && !l.works.empty(x.doing[is]) {
			return false
		}
	}
	return true
}

// anyFree tells whether an agent is free for a queue.
func (x *index) anyFree(l *lane) bool { return !l.works.empty(x.doing[isFree]) }

// onDuty is how many agents of a queue take callers, now or soon.
func (x *index) onDuty(l *lane) int { return l.works.count(x.ready) }

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
	switch at := a.Joined.Compare(b.Joined); {
	case a.weight() != b.weight():
		return cmp.Compare(b.weight(), a.weight())
	case a.Priority != b.Priority:
		return cmp.Compare(b.Priority, a.Priority)
	case at != 0:
		return at
	}
	return cmp.Compare(a.Seq, b.Seq)
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
