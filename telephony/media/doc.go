// Package media carries the sound of calls: RTP sockets, the 20 ms clock, relay
// and mixing, prompts, music, tones and keys.
//
// An Engine owns the clock and the port range. A Stream is the audio side of
// one leg and implements call.Audio; it is either an RTP stream (NewRTP) or a
// line stream (NewLine) whose frames a port's goroutine pushes and pulls at the
// pace of its device. Control swaps an immutable plan by atomic pointer; the
// packet path takes no lock that control holds while it works, allocates
// nothing and reports back through the leg's sink: call.Pressed, call.Played
// and, after the media time-out, the OnSilence function.
package media
