package acd

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Command is something to be done. It is one of the types below.
type Command interface{ command() }

// The commands.
type (
	// Offer: ring these agents for the caller. The same caller's ring-all may
	// grow by another Offer when an agent becomes free.
	Offer struct {
		Offer    uint64
		Call     call.ID
		Queue    string
		Agents   []string
		Callback bool // Call is a place-holder: the agent who answers calls its customer back
		Why      Why
	}
	// Withdraw: stop ringing the agent for the caller; if he has just picked up,
	// hang him up. Of a callback whose customer is being dialled it is the agent who
	// waits for that.
	Withdraw struct {
		Offer uint64
		Call  call.ID
		Agent string
	}
	// Connect: caller and agent may talk.
	Connect struct {
		Offer uint64
		Call  call.ID
		Agent string
	}
	// Position follows CallerJoined: the caller is number N in line. Wait says that no
	// agent is free for him, Kept that he has the place that was kept for his number,
	// and Expect how long he will wait.
	Position struct {
		Call   call.ID
		N      int
		Wait   bool
		Kept   bool
		Expect Expect
	}
	// Renumbered: these callers are now number From in line, From+1, and so on.
	Renumbered struct {
		From  int
		Calls []call.ID
	}
	// WaitIs answers WaitAsked.
	WaitIs struct {
		Call   call.ID
		N      int
		Expect Expect
	}
	// Moved: the caller waits in this queue now.
	Moved struct {
		Call     call.ID
		Queue    string
		Priority int
	}
	// Evict: the caller cannot join, or is out of the line.
	Evict struct {
		Call   call.ID
		Reason Reason
	}
	// Dial: call the customer of a callback. DialAnswered or DialFailed follows.
	// Agent waits for it, on the phone or (Reserved) not rung yet.
	Dial struct {
		Call     call.ID
		Queue    string
		Number   string
		Agent    string
		Reserved bool
		Try      int // 1 is the first
		Why      Why // of a reserved agent
	}
	// StopDial: do not call the customer any more.
	StopDial struct{ Call call.ID }
	// CallbackIs: a callback came so far.
	CallbackIs struct {
		Call   call.ID // of the place-holder
		For    call.ID // that asked for it
		Queue  string
		Number string
		Is     CallbackStatus
		By     call.ID // CallbackMerged: that takes the place; CallbackAnswered: the call to the customer
		Try    int
		At     time.Time // CallbackAsked and CallbackAgain: not before this
	}
	// DutyIs answers AgentDuty: Is is Free (logged in and working), LoggedOut or Paused,
	// or empty if the agent does not serve there or is logged out there and cannot rest.
	// An agent who was paused because he missed too many offers has Auto.
	DutyIs struct {
		Call   call.ID
		Agent  string
		Queue  string
		Is     Status
		Reason string
		Auto   bool
	}
	// AgentStatus: an agent's status changed. Call and Queue are those of the
	// last call while they matter.
	AgentStatus struct {
		Agent   string
		Was, Is Status
		Until   time.Time // when it ends by itself
		Call    call.ID
		Queue   string
	}
	// WakeAt: send Tick at that time; zero: not needed. It replaces the last one.
	WakeAt struct{ At time.Time }
)

func (Offer) command()       {}
func (Withdraw) command()    {}
func (Connect) command()     {}
func (Position) command()    {}
func (Renumbered) command()  {}
func (WaitIs) command()      {}
func (Moved) command()       {}
func (Evict) command()       {}
func (Dial) command()        {}
func (StopDial) command()    {}
func (CallbackIs) command()  {}
func (DutyIs) command()      {}
func (AgentStatus) command() {}
func (WakeAt) command()      {}

// Reason is why a caller is evicted.
type Reason string

// The reasons.
const (
	Timeout  Reason = "timeout"   // waited longer than the queue's MaxWait
	Full     Reason = "full"      // MaxCallers are in line
	Empty    Reason = "empty"     // nobody is there, see Queue.JoinEmpty and LeaveEmpty
	Closed   Reason = "closed"    // there is no such queue, or no longer
	LongWait Reason = "long-wait" // would wait longer than DivertWait
	Crowded  Reason = "crowded"   // there would be more than DivertRatio callers for each agent
)
