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
// A phone is always reached where its own packets came from: the source address
// on UDP (RFC 3581), the same connection on TCP, TLS and WebSocket (RFC 5626,
// RFC 7118). No name from a message is ever looked up.
package sip
