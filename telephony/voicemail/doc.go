// Package voicemail takes messages for those who could not be reached, and lets them
// hear them.
//
// A message is data/voicemail/BOX/ID.wav, mono A-law of 8000 samples a second, and a
// note beside it, ID.json, that says who left it and whether it was heard. The note is
// written first and removed first: a sound without one is nobody's. Lengths are not
// noted, the size of the file tells them, so that nothing is to be written when a
// message is over, and what a killed process leaves is a message like any other.
// Greetings are greeting-KIND.wav there.
//
// Room owns the files and a table of all messages in memory, from which everything is
// answered. Calls run through Leave and Listen in their own goroutines. What somebody
// says goes into memory on the media clock (take.Frame); one goroutine (Run) does all
// that waits for the disk, in order: it writes what is being said, a few times a
// second, and loads what is to be heard, which the call awaits as an event.
package voicemail
