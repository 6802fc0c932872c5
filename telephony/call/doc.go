// Package call is the model of a telephone call: Call, Leg, Cause and the
// events between them. It knows no SIP, no RTP and no hardware.
//
// A Leg is one party's connection to the box, made by a protocol room (sip,
// line). A Call brings legs together and is one goroutine: it runs a script
// (play this, collect digits, ring that, let them talk) that reads the call's
// mailbox. Legs, bridge and variables are touched only there; everybody else
// posts events. Commands to legs never block; what comes of them arrives as
// events. A leg ends exactly once, with one Cause.
//
// Whoever listens in on a talk (Listen) is no party of it: his leg is beside the
// members, and the two parties are in a room with him while he does.
//
// Every step is noted in the Journal with its reason; records, figures and
// explanations are views of the journal.
package call
