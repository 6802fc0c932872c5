// Package media carries the sound of calls: RTP sockets, the 20 ms clock, relay
// and mixing, prompts, music, tones and keys.
//
// An Engine owns the clock and the port range. A Stream is the audio side of one
// leg and implements call.Audio; it is either an RTP stream (NewRTP) or a line
// stream (NewLine) whose frames a port's goroutine pushes and pulls at the pace
// of its device. What a party hears is its plan: silence, a program, the other
// party, a room. Control swaps an immutable plan by atomic pointer and takes one
// mutex that the packet path never takes.
//
// Two goroutines touch a stream's sound. The reader of its socket checks where a
// packet comes from, follows its numbers, and either forwards it to the peer at
// once, renumbered, or puts it into the jitter buffer. The tick, on an absolute
// 20 ms grid, takes a frame from everybody who must be decoded, mixes, and speaks
// to everybody whose plan is not a relay. Both allocate nothing. They meet in the
// jitter buffer and in the sender's numbers, each behind a mutex of its own that
// is never held while sending. The clock stands still while there are no streams.
//
// Streams that in a tick need nobody else's sound, those that hear music and those that
// are relayed and listened to for keys, are split among the processors; rooms, mixed
// pairs and what is tapped are the clock's own goroutine's. It sleeps on a timer of the
// kernel: Go's are late by most of a millisecond (clock.Punctual).
//
// On Linux sockets are read by a few pollers, each with an epoll of its own that the Go
// runtime's poller watches, and not by a goroutine each; elsewhere the Go runtime does
// it. `make bench-box` measures a packet's processor time against a bare forwarder with
// a goroutine for each socket: 0.6 to 0.95 of it, on machines busy with other things.
// A thread of our own in epoll_wait, and the same with a nap to gather packets, were
// tried and took more. sendmmsg and recvmmsg find nothing to gather: a leg has a socket
// of its own and a packet in 20 ms. io_uring gathers across sockets: 300 sends of 172
// bytes took 1.5 to 1.9 us each and not 3.1. It is not used: it would save a fifth of
// what music takes, for a second path beside this one wherever a kernel forbids it.
//
// Sound has one of two bands: 8 kHz, and 16 kHz for parties whose codec is G.722. A
// room sums each band apart and takes the sums across, so that its cost hardly
// depends on how its members are mixed. Who hears whom how loud in it is one rule
// with exceptions (Room.Gain): listening in, whispering and muting are those.
//
// Parties on RTP with the same packet time and codec, or with two laws of G.711, are
// relayed while no Tap listens in. Sounds of the Library are encoded once per law and
// shared by all listeners. Keys arrive by signalling, as RFC 4733 events, or as tones where those
// were not negotiated and on lines; they are told once, when released, and reach the
// peer as events if it takes them and as tones if not.
//
// Events go to the leg's post function: call.Pressed, call.Played; the media
// time-out is told by the onSilence function. Standards: RFC 3550 and 3551, RFC 3711
// (SRTP), RFC 4733, RFC 3389 (its level), RFC 3605 and 5761 (where RTCP goes), ITU-T
// G.711 and G.722.
//
// A picture (OpenVideo) is a second stream beside a party's, with a port of its own,
// that follows whom the party is connected with and is only ever relayed. What its
// viewer asks for by RTCP (RFC 4585, 5104) is asked of whoever sends it.
//
// Every party with whom a port for it was agreed is sent reports by RTCP, on the tick,
// and its own are read. From both, and from what comes, the Quality of a leg is computed.
package media
