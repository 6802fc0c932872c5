// Package acd is automatic call distribution: which waiting caller is offered
// to which agent, and when.
//
// It is a pure core. A State takes one Event at a time together with the time
// and gives back the Commands that follow from it; it has no goroutine, no
// clock and no randomness, so the same events give the same commands on a live
// floor, in a test and in a replay of yesterday. A State is plain data that can
// be written as JSON and read back between any two events.
//
// All queues and agents are one State, because an agent sits in many queues.
// Its rules:
//
//   - Callers are served in the order in which they joined, over all queues
//     that share an agent.
//   - No agent is free while a caller waits whom he can serve.
//   - An agent who logged out of a queue, or rests in it, is offered none of its
//     callers. A queue whose agents have all logged out has nobody: its callers leave.
//   - An agent has one caller at a time, and wraps up for all his queues.
//   - An agent who did not take a caller rests for MissPause, and is offered the
//     same caller again only when no other agent is free.
//   - A caller is sent away for having waited too long only while no phone rings
//     for him.
//
// Every offer carries its reason in words: why this agent, why not each other.
package acd
