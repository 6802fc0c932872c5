package acd

import (
	"time"

	"github.com/pasokh/pasokh/telephony/acd/wait"
	"github.com/pasokh/pasokh/telephony/call"
)

// MissPause is how long an agent is left alone after an offer that he did not
// take where the queue does not say. It keeps a phone that refuses at once from
// being rung in a circle.
const MissPause = 5 * time.Second

// State is the floor: all queues, agents and callers in line. The zero State has
// none. Its exported fields are all that it is: they are there to be read and
// stored; only Apply changes them.
type State struct {
	Queues  []Queue   `json:"queues"`
	Agents  []*Agent  `json:"agents"`  // by extension
	Callers []*Caller `json:"callers"` // in line in any queue, in the order of service
	Places  []Place   `json:"places,omitempty"`
	Seen    []Seen    `json:"seen,omitempty"` // the last maxSeen talks, newest last

	Offers    uint64 `json:"offers"`    // number of the last offer made
	Joins     uint64 `json:"joins"`     // of the last caller who joined
	Callbacks uint64 `json:"callbacks"` // of the last callback asked for
	// Rand is the state of the random strategies. Its owner may set it before the
	// first event; the same value gives the same choices.
	Rand uint64 `json:"rand"`
	// Saves grows whenever something changes that is to survive a restart, see Restore.
	Saves uint64    `json:"saves"`
	Now   time.Time `json:"now,omitzero"` // of the last event
	Wake  time.Time `json:"wake,omitzero"`

	x *index // made from the above when it is nil
}

// Queue is a line of callers and the agents who serve it. Its settings come with
// Configure; the State adds Last and Recent.
type Queue struct {
	Number   string   `json:"number"`
	Strategy Strategy `json:"strategy"`
	Agents   []Member `json:"agents"` // in the order of the list

	Weight   int           `json:"weight,omitempty"`    // whose callers get a shared agent first: the higher
	TierWait time.Duration `json:"tier_wait,omitempty"` // tier n opens after n times this; 0: all are open
	// Skills are what an agent must be able to do, by the caller's wait; in order of
	// After. See SkillRule.
	Skills []SkillRule `json:"skills,omitempty"` // at most maxRules
	// StickyFor is how long a caller is kept for the agent whom he knows. 0: not at all.
	StickyFor time.Duration `json:"sticky_for,omitempty"`

	WrapUp time.Duration `json:"wrap_up,omitempty"`
	Rest   Rest          `json:"rest,omitzero"`
	// AutoPause rests an agent in all his queues after so many offers in a row that
	// rang out. 0: never.
	AutoPause int `json:"auto_pause,omitempty"`

	MaxCallers int           `json:"max_callers,omitempty"` // who wait on the phone; 0: no limit
	MaxWait    time.Duration `json:"max_wait,omitempty"`    // 0: no limit
	// JoinEmpty and LeaveEmpty are what an agent must not be doing to count as there.
	// Nobody joins, or stays in, a queue where nobody counts. Empty: LoggedOut; None
	// alone: all members count.
	JoinEmpty  []Status `json:"join_empty,omitempty"`
	LeaveEmpty []Status `json:"leave_empty,omitempty"`
	// DivertWait and DivertRatio send a caller on before he joins: when he would
	// wait longer, or when there would be more callers for each agent on duty, this
	// one included. Who finds nobody waiting always joins. 0: not at all.
	DivertWait  time.Duration `json:"divert_wait,omitempty"`
	DivertRatio int           `json:"divert_ratio,omitempty"`
	// KeepPlace is how long the place of a caller whose line dropped is kept for his
	// number. 0: not at all.
	KeepPlace time.Duration `json:"keep_place,omitempty"`
	Callback  CallbackRules `json:"callback,omitzero"`

	// Last is whom round robin offered last, by tier.
	Last   map[int]string `json:"last,omitempty"`
	Recent wait.Recent    `json:"recent,omitzero"`
}

// Member is an agent's place in a queue.
type Member struct {
	Agent string `json:"agent"`
	Tier  int    `json:"tier,omitempty"` // lower first
	// Weight is how often WeightedRandom takes him, against the others. 0 is 1.
	Weight int            `json:"weight,omitempty"`
	Skills map[string]int `json:"skills,omitempty"` // 0 to 100
	// Dynamic members are logged out until they log in.
	Dynamic bool `json:"dynamic,omitempty"`
}

// Members are plain members of a queue, in order.
func Members(agents ...string) []Member {
	list := make([]Member, len(agents))
	for i, agent := range agents {
		list[i].Agent = agent
	}
	return list
}

// SkillRule is what an agent needs for callers who have waited for After or longer,
// until the next rule: each skill at this level at least. A skill that an agent
// does not have is never enough, not even for level 0. A rule that no agent on duty
// meets is passed over at once, unless it is the last.
type SkillRule struct {
	After time.Duration  `json:"after,omitempty"`
	Needs map[string]int `json:"needs,omitempty"`
}

// Rest is how long an agent is left alone after he did not take an offer. 0 is MissPause.
type Rest struct {
	Rejected time.Duration `json:"rejected,omitempty"`
	Busy     time.Duration `json:"busy,omitempty"`
	NoAnswer time.Duration `json:"no_answer,omitempty"` // and all other causes
}

// Agent is a person who serves queues, known by extension.
type Agent struct {
	Extension string    `json:"extension"`
	Member    bool      `json:"member"` // serves at least one queue
	Online    bool      `json:"online"` // has a phone that can be rung
	Elsewhere int       `json:"elsewhere,omitempty"`
	Status    Status    `json:"status"`
	Since     time.Time `json:"since"` // of Status
	Idle      time.Time `json:"idle"`  // end of the last call, or coming online
	// Absences are the queues that he is a member of and does not work for now.
	Absences []Absence `json:"absences,omitempty"`
	// Off is LoggedOut or Paused when he works for none of his queues.
	Off     Status   `json:"off,omitempty"`
	Tallies []*Tally `json:"tallies,omitempty"` // of the queues where he took calls

	Offer    uint64    `json:"offer,omitempty"`    // that rings him, 0 for none
	Reserved bool      `json:"reserved,omitempty"` // not rung yet: the customer of the offer is being dialled
	Talking  bool      `json:"talking,omitempty"`
	Call     call.ID   `json:"call,omitempty"`  // rung for, talking to, or wrapping up
	Queue    string    `json:"queue,omitempty"` // of Call
	Began    time.Time `json:"began,omitzero"`  // the talk

	WrapUntil time.Time `json:"wrap_until,omitzero"`
	RestUntil time.Time `json:"rest_until,omitzero"`
	Misses    int       `json:"misses,omitempty"` // offers in a row that rang out

	slot    int // in index.doing; -1: has no seat
	is      code
	seats   []*seat
	lanes   set // of seats
	due     due
	touched bool
	passed  uint64 // the last gather for a caller whom he missed
}

// Tally is what an agent did for a queue since DayBegan, as strategies count it:
// who begins to work for a queue is lifted to the least that anybody on duty there
// has, so that he takes his share from then on and not all that he was not there for.
type Tally struct {
	Queue string        `json:"queue"`
	Calls int           `json:"calls"`
	Talk  time.Duration `json:"talk"`
}

// Caller is somebody in line: on the phone, or, with a Callback, by a place-holder.
type Caller struct {
	Call     call.ID    `json:"call"` // of a place-holder: a name of the State's own, "callback-7"
	Party    call.Party `json:"party"`
	Queue    string     `json:"queue"`
	Priority int        `json:"priority,omitempty"` // higher first
	// Joined is what the place in line goes by: joining the first line, or the
	// beginning of the time for which a callback is booked.
	Joined   time.Time `json:"joined"`
	Seq      uint64    `json:"seq"`              // among those who joined at the same time
	Position int       `json:"position"`         // in the queue, 1 is next
	Owner    string    `json:"owner,omitempty"`  // the agent whom he knows
	Rung     []string  `json:"rung,omitempty"`   // agents whose phones ring for the caller
	Misses   []Miss    `json:"misses,omitempty"` // the last of each agent
	Callback *Callback `json:"callback,omitempty"`
	Expect   Expect    `json:"expect,omitzero"` // said last
	Kept     bool      `json:"kept,omitempty"`  // has the place that was kept for his number

	lane *lane
	due  due
	gone bool
}

// Miss is an offer that an agent did not take.
type Miss struct {
	Agent string     `json:"agent"`
	At    time.Time  `json:"at"`
	Cause call.Cause `json:"cause"`
}

// Place is kept for a caller whose line dropped.
type Place struct {
	Queue    string    `json:"queue"`
	Number   string    `json:"number"` // whose it is
	Priority int       `json:"priority,omitempty"`
	Joined   time.Time `json:"joined"`
	Seq      uint64    `json:"seq"`
	Owner    string    `json:"owner,omitempty"`
	Misses   []Miss    `json:"misses,omitempty"`
	Until    time.Time `json:"until"`
}

// Seen is who talked to a caller last.
type Seen struct {
	Number string `json:"number"`
	Agent  string `json:"agent"`
}

// maxSeen bounds how many callers are known again by sticky queues, maxPlaces how
// many places are kept.
const maxSeen, maxPlaces = 1000, 200

// missed is when the caller was last missed by an agent; zero for never.
func (c *Caller) missed(agent string) time.Time {
	for i := range c.Misses {
		if c.Misses[i].Agent == agent {
			return c.Misses[i].At
		}
	}
	return time.Time{}
}

// dialling tells whether the customer of a callback is being called.
func (c *Caller) dialling() bool { return c.Callback != nil && c.Callback.Dialling }
