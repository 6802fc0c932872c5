// Package sdp negotiates the sound of a call: the offer/answer model of RFC 3264
// on session descriptions of RFC 8866, for one audio stream of G.711 or G.722 with RFC 4733
// keys, plain or encrypted with keys of RFC 4568 (SRTP), and beside it one stream of video
// that is only passed on. It is pure: bytes in,
// bytes and an Agreed out; it keeps no state and may be used from any goroutine.
//
// Reading is lenient, because phones write odd lines: only m=, c=, o= and a few
// attributes are looked at, anything else is passed over, groups and BUNDLE too.
// Writing is strict. An answer names exactly one codec, the first of the offer that
// we speak, or with Local.Pass one that can only be relayed, so that both directions carry the same one and a call between two
// phones can be relayed without decoding. All other streams are refused
// with port 0, in their place, and keep it in every later offer and answer.
//
// An offer that fits nowhere is refused with a *Refusal, which says why.
package sdp
