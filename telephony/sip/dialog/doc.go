// Package dialog holds INVITE dialogs: RFC 3261 12 to 15 with the changes of RFC
// 6026, and in-dialog UPDATE (RFC 3311), INFO, OPTIONS and REFER (RFC
// 3515, 3891), session timers (RFC 4028) and reliable provisional responses (RFC 3262). sipgo gives parser,
// transports and transactions; everything that lives longer than a transaction is
// here.
//
// A Dialog is an actor: requests, responses, timers and its owner's commands are
// run one after another by its own queue, so nothing in it is locked and no
// command blocks its caller. sipgo hands over every message in a goroutine of its
// own, which runs the queue if nobody does; requests that overtook one another are put back in the order of their
// CSeq. The Party is the leg behind the dialog. It is told what happens from that
// same queue and ends with exactly one Over.
//
// What sipgo's own dialog helpers do not do and this does: ACK and CANCEL carry
// the CSeq of their INVITE, a 200 that crosses our CANCEL is acknowledged and
// then hung up, every fork of a 200 too, 2xx are repeated until their ACK, glare
// is answered with 491, an INVITE without an offer is answered with ours.
package dialog
