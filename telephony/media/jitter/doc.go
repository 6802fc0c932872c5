// Package jitter makes even sound of packets that come unevenly, late, twice, out
// of order or not at all.
//
// A Buffer holds the bytes of one party's packets in a ring, placed by RTP
// timestamp, so that order, duplicates and packets of any length need no rules of
// their own. It is for codecs that make one byte per tick of the 8000 Hz
// timestamp clock: both laws of G.711, and G.722, whose samples come at 16 kHz
// (RFC 3551 4.5.2, 4.5.14). Put is called by whoever reads the socket, Get every
// 20 ms by whoever plays; they may run at once, and neither allocates.
//
// The delay is found by listening. When nothing is there to be played, sound is
// made up and time is not moved on: a packet that was only late is played when it
// comes, and the delay has grown by what it needed. When for some seconds there
// was always more waiting than needed, one period of the voice's pitch is taken
// out, and one is put in when the buffer is about to run dry: so delay shrinks
// again, and a sender whose clock is faster or slower than ours is followed without
// a click. Delay stays between 0 and MaxDelay; beyond it the oldest sound is dropped.
//
// What is missing is made up as in ITU-T G.711 Appendix I: the last pitch periods
// are repeated, fade from the second 10 ms on and are silent after 60 ms, and where
// real sound comes back the two are blended.
package jitter
