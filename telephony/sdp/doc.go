// Package sdp negotiates the sound of a call: the offer/answer model of RFC 3264
// on session descriptions of RFC 8866, for one G.711 audio stream with RFC 4733
// keys. It is pure: bytes in, bytes and an Agreed out; it keeps no state and may
// be used from any goroutine.
//
// Reading is lenient, because phones write odd lines: only m=, c=, o= and a few
// attributes are looked at, anything else is passed over. Writing is strict. An
// answer names exactly one codec, the first of the offer that we speak, so that
// both directions carry the same one and a call between two phones can be
// relayed without decoding. Streams other than that audio are refused with port
// 0, in their place.
package sdp
