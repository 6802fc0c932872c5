// Package dsp is the signals of a telephone line: tones, DTMF, caller ID and
// call progress, sent and received.
//
// Everything works on 20 ms frames of 16-bit linear PCM at 8 kHz, keeps its
// own state and belongs to one goroutine; nothing blocks, nothing tells the
// time and, in the steady state, nothing allocates. Levels are in dBm0, where a
// full-scale sine is +3.14 (ITU-T G.711).
//
// DTMF follows ITU-T Q.23 (sending) and Q.24 (receiving), caller ID
// Telcordia GR-30 and ETSI EN 300 659, tones ITU-T E.180.
package dsp
