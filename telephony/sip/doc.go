// Package sip is the box's SIP service: it registers phones, takes their calls
// and rings them. It is the only room, with its sub-packages, that knows sipgo.
//
// A Server owns the sockets, the registrar and the dialogs (package dialog). Each
// message arrives in a goroutine of sipgo's, is checked (RFC 3261 8.2), where it
// starts something is authenticated (digest, RFC 8760, no shared lock while
// hashing), and is handed to the registrar, to its dialog, or becomes a leg. A
// leg joins one dialog with one media stream; its state is touched by the
// dialog's queue only. Registrations live in memory; they end by the clock,
// and a copy on disk brings them back after a restart.
//
// Before sipgo sees a message the screen does: packages wire and shield say what is
// broken (RFC 4475) and who is shut out or sends too much. Refusals and challenges
// are given without state (RFC 3261 8.2.7), so that a flood fills no memory.
//
// Everything that a peer can make grow has a bound: 5000 registrations and as many
// subscriptions; 8192 dialogs, each with 64 waiting messages and 8 out of turn; new
// calls by sip.max_calls_per_second and running ones by system.max_calls, beyond
// which the answer is 503 with Retry-After; used nonces and merged requests 2×16384
// each, the oldest going first; transactions only for who has proven who it is, the
// rate of which package shield limits. A challenge is kept nowhere: its nonce says
// all. What was turned away is counted (Turned), and the board of problems tells of
// it while it lasts: overload, sip-flood, sip-attack.
//
// A panic costs its message or its call and is told as sip-fault.
//
// A phone is always reached where its own packets came from, whatever its Contact
// says: the source address on UDP (RFC 3581), the same connection on TCP, TLS and
// WebSocket (RFC 5626, RFC 7118), the first proxy of its Path (RFC 3327), by IPv4 or
// IPv6. No name from a message is ever looked up. Pings of streams are answered;
// WebSockets are pinged too, dead TCP connections are found by the system's own
// keep-alive.
package sip
