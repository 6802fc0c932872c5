// Package record keeps what is said in calls.
//
// A recording is a stereo WAV file, the caller left and the other side as he hears it
// right, of 8 kHz samples, or 16 kHz when the talk begins in wide band. They are
// companded (A-law, ITU-T G.711): half the space and half the wear of a memory card,
// and a call that came as A-law loses nothing by it. A conference is one channel.
//
// The media clock hands over 20 ms at a time (take.Frame), which copies them into
// memory and never waits; what does not fit is dropped and counted. One goroutine (Run)
// writes all recordings, a few times a second in large pieces, and the sizes in the
// file's header every second: what a killed process leaves can be played. Nothing is
// synced: a power cut takes what the kernel had not written yet, half a minute.
//
// Files are data/recordings/2026/11/22/20261122-181456-1a2b3c4d.wav by the time (UTC)
// of their beginning, readable by the box's user only. Room owns them, and their index:
// a log of entries of which the last one for a name counts, so that a deleted recording
// is still known, and who listened. Recording stops before the disk is full, and old
// recordings are deleted by age and by total size (sweep.go). Trouble with a recording
// never ends a call.
package record
