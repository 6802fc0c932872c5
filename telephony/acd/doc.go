// Package acd is automatic call distribution: which waiting caller is offered
// to which agent, and when.
//
// It is a pure core. A State takes one Event at a time together with the time
// and gives back the Commands that follow from it; it has no goroutine, no
// clock and no randomness but its own seed, so the same events give the same
// commands on a live floor, in a test and in a replay of yesterday. A State is
// plain data that can be written as JSON and read back between any two events.
//
// All queues and agents are one State, because an agent sits in many queues.
// Its rules:
//
//   - Callers are served in one order over all queues that share an agent: first
//     those of queues of a higher weight, then of a higher priority, then in the
//     order in which they joined.
//   - No agent is free while a caller waits whom he may serve: his tier is open,
//     he has the skills that the caller's wait asks for, and the caller is not
//     being kept for another agent.
//   - An agent who logged out of a queue, or rests in it, is offered none of its
//     callers. A queue in which nobody counts as there (Queue.JoinEmpty and
//     LeaveEmpty) takes no callers, and those in it leave.
//   - An agent has one caller at a time, and wraps up for all his queues.
//   - An agent who did not take a caller rests (Queue.Rest), and is offered the
//     same caller again only when no other agent is free.
//   - A caller is sent away for having waited too long only while no phone rings
//     for him.
//   - Whoever is to be called back keeps his place in the same order. He is dialled
//     only with an agent kept for him: there are never more dials than agents.
//
// Every offer carries its reason: why this agent, why not each other. Strategy says how
// each strategy chooses, expect.go what is known of a caller's wait (package wait).
package acd
