package call

import "time"

// Journal keeps every step of every call. Note never blocks and never fails to
// its caller; the ledger implements it.
type Journal interface{ Note(Step) }

// Step is one thing that happened to a contact, with its reason. Fields that do
// not apply are empty.
type Step struct {
	Call   ID        `json:"call"`
	At     time.Time `json:"at"`
	Type   StepType  `json:"type"`
	Leg    LegID     `json:"leg,omitempty"`
	Device string    `json:"device,omitempty"`
	Party  Party     `json:"party,omitzero"`
	Number string    `json:"number,omitempty"` // dialled or chosen
	Queue  string    `json:"queue,omitempty"`
	Agent  string    `json:"agent,omitempty"`
	Cause  string    `json:"cause,omitempty"`  // Cause.String
	Reason string    `json:"reason,omitempty"` // why, in English, one line
	Value  string    `json:"value,omitempty"`  // digit, prompt names, position
	Origin Origin    `json:"origin,omitzero"`
	// Minutes is what a caller in line was told: he waits less than so many. Expected is
	// his wait as it was expected then, in ms.
	Minutes  int   `json:"minutes,omitempty"`
	Expected int64 `json:"expected_ms,omitempty"`
	// Quality is never changed once noted.
	Quality *Quality `json:"quality,omitempty"`
}

// StepType is the type of a step. The list is closed and names are stable:
// old ledgers are read by new programs.
type StepType string

// The steps of a call.
const (
	// StepArrived: Party, Number, Origin, Device; Value: begun when the box itself calls Party.
	StepArrived StepType = "arrived"
	StepRouted  StepType = "routed" // Number, Reason
	// StepDiverted: Party, who was called, sends the call to Number; Reason: a word of
	// RFC 5806. Without Number it happened before the call came here.
	StepDiverted  StepType = "diverted"
	StepAnswered  StepType = "answered"  // leg answered (by the box for an incoming one)
	StepSaid      StepType = "said"      // Value: prompts
	StepMenu      StepType = "menu"      // the flow Number goes on with its step Value, Reason
	StepPressed   StepType = "pressed"   // Value: digit
	StepLearnt    StepType = "learnt"    // Value of what Number names: keyed, looked up or set; without Value it is secret
	StepRinging   StepType = "ringing"   // leg rings: Device, Agent or Number
	StepUnringing StepType = "unringing" // a rung leg ended without answer: Cause
	StepBridged   StepType = "bridged"   // Leg and the caller talk; Agent in a queue
	StepUnbridged StepType = "unbridged" // talk ended; Cause
	StepHeld      StepType = "held"
	StepResumed   StepType = "resumed"
	// StepPickedUp: Party, at Leg, takes the call that rings at Agent's leg Value.
	StepPickedUp StepType = "picked-up"
	StepSecured  StepType = "secured" // the sound of the leg is encrypted, Value: on or off
	StepQuality  StepType = "quality" // how the sound of the leg was: Quality
	// StepTransferred: the party of Leg sends the other to Number; Value: blind,
	// attended, taken when Number took its place, or joined when this call gives its
	// other party to another call.
	StepTransferred StepType = "transferred"
	StepReturned    StepType = "returned" // a transfer by Leg to Number came to nothing: Cause
	StepParked      StepType = "parked"   // by Party in the slot Number
	// StepUnparked: Party, at Leg, took the caller out of the slot Number, or has him back
	// because nobody did (Cause no-answer); or the caller left it (cancelled).
	StepUnparked StepType = "unparked"
	// StepOverheard: Party, a supervisor at Leg, listens in on the talk of Agent, Value:
	// how (a Manner), or over.
	StepOverheard StepType = "overheard"
	// StepConference: the caller entered the conference Number, or Party did something to
	// it, Value: entered, moderates, muted, unmuted, locked, unlocked, removed or ended.
	StepConference StepType = "conference"
	StepSwitched   StepType = "switched" // Party turned the switch Number to Value: on or off
	// StepDuty: Agent's place at Queue, or at all his queues, is now Value: logged-in,
	// logged-out, paused (Reason: its digits) or ready.
	StepDuty StepType = "duty"
	// StepRecording: Value is what became of the recording Number: began, paused, resumed,
	// stopped by Party; kept (Reason: length and bytes) or lost (Reason: why).
	StepRecording StepType = "recording"
	// StepVoicemail: Value is what became of a message in the box Number: left (Reason:
	// length, ID), none (Reason), refused (Reason); or what its owner did: heard, deleted
	// (Reason: ID), passed (Reason: box), called-back (Reason: number), greeting.
	StepVoicemail StepType = "voicemail"
	// StepPrompt: Party recorded the prompt Number ("fa/welcome") anew, Value: prompt-kept
	// or prompt-failed.
	StepPrompt  StepType = "prompt"
	StepRefused StepType = "refused" // could not be served: Cause, Reason
	StepEnded   StepType = "ended"   // the whole call ended: Cause

	// A caller's stay in a queue is one StepQueueRefused, or begins with StepQueueJoined
	// and ends with StepQueueConnected or StepQueueLeft. Each StepQueueOffered ends with
	// one of StepQueueMissed, StepQueueWithdrawn and StepQueueConnected of its Agent.
	StepQueueJoined    StepType = "queue-joined"    // Queue, Value: position, Expected; Reason: kept, if the place was kept for the number
	StepQueueRefused   StepType = "queue-refused"   // Queue, Reason: full, empty, closed, long-wait, crowded
	StepQueueAnnounced StepType = "queue-announced" // Queue, Value: position said, Minutes, Expected; other messages in line are StepSaid
	StepQueueOffered   StepType = "queue-offered"   // Queue, Agent, Reason: why this agent, why not others
	StepQueueMissed    StepType = "queue-missed"    // the agent did not take the offer: Queue, Agent, Cause
	// StepQueueWithdrawn: the offer ended and not by its Agent: the caller left
	// (Cause cancelled), or another agent was faster (answered-elsewhere).
	StepQueueWithdrawn StepType = "queue-withdrawn"
	StepQueueConnected StepType = "queue-connected" // Queue, Agent
	// StepWhispered: Agent, who picked up at Leg, is told of the caller before he has him.
	StepWhispered StepType = "whispered" // Queue, Agent
	// StepSupervised: Party did Value to Agent or to the caller: moved (to Queue), first (put
	// first there), took (the caller out of the line, at Leg), took-over (Agent's place), more
	// (wrap-up), enough (of it). Or Agent pressed for a supervisor: help.
	StepSupervised StepType = "supervised"
	// StepQueueLeft: Queue, Reason: abandoned, timeout, key, full, empty, closed, callback,
	// interrupted (the box stopped) or another way out of the line.
	StepQueueLeft StepType = "queue-left"

	// After a talk comes StepWrapUp or not, and then one of StepReady and StepWrapOver,
	// which are the end of the work on this call.
	StepWrapUp   StepType = "wrap-up"   // Agent, Queue, Value: seconds given
	StepReady    StepType = "ready"     // Agent free again
	StepWrapOver StepType = "wrap-over" // Agent done with this call and not free: Value: what he does now

	// StepCallback: the life of a place kept in Queue for a caller who hung up, noted for
	// the call that he hung up. Number: where he is called, Agent, Cause; Value: requested,
	// booked (for a time, in Expected; Reason: the box's clock then, 2006-01-02 15:04), dialled, answered (by the customer), connected (to Agent), failed (one try: Cause),
	// expired (no try left, or too late), withdrawn, or merged when he called again.
	StepCallback StepType = "callback"
	// StepSurvey: the caller answered question Number about Agent and Queue: Value, 1 to 5.
	StepSurvey StepType = "survey"
	// StepDisposition: what Agent says that the call in Queue was: Value: code, Reason: its name.
	StepDisposition StepType = "disposition"
)

// Steps that are of no call: Step.Call is empty. StepDuty may be one too, when Party
// changes an agent's duty from the page.
const (
	// StepAgent: Agent does Value (acd.Status) from now on, for Queue while that matters;
	// Reason: of a pause, "auto-pause" after offers missed. Noted again every hour.
	StepAgent StepType = "agent"
	// StepBox: the box is Value: started or stopped.
	StepBox StepType = "box"
	// StepConfigured: revision Number of the configuration is in force.
	StepConfigured StepType = "configured"
)
