package event

// Topic names a part of the box's live state. Rooms publish the topic that
// changed; watchers read that room's snapshot again.
type Topic string

// The topics of the live board.
const (
	Lines  Topic = "lines"  // analog ports: hook, ring, battery
	Phones Topic = "phones" // registrations
	Trunks Topic = "trunks" // their servers, registrations and numbers of calls
	Queues Topic = "queues" // waiting callers and agents' states
	Calls  Topic = "calls"  // calls in progress
	Ledger Topic = "ledger" // a contact was finished and recorded
	Health Topic = "health" // a problem began or ended
	Config Topic = "config" // a revision was applied

	Protection  Topic = "protection"  // a source was shut out or let in again
	Switches    Topic = "switches"    // one was turned
	Messages    Topic = "messages"    // one was left in a mailbox, heard or deleted
	Conferences Topic = "conferences" // who is in one, and who talks
)

// News is the box's one feed of changed topics.
type News = Feed[Topic]
