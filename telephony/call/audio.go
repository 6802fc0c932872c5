package call

import "time"

// Audio is the sound side of a leg: what its party hears, and where what it
// says goes. Methods may be called from the leg's call only; they never block.
// Each replaces what was there before.
type Audio interface {
	// Play lets the party hear a program. Played with the returned ID follows once, when
	// its sounds end or are cut; a looping program ends only when it is cut.
	Play(Program) PlayID
	// Connect lets this party and other hear each other.
	Connect(other Audio)
	// Join puts the party into a room with whoever else is in it.
	Join(Room)
	// Echo lets the party hear itself.
	Echo()
	// Silence disconnects the party from everything.
	Silence()
	// Announce plays a program over whatever the party hears, which goes on lower
	// meanwhile. It replaces the announcement before it; nothing tells of its end.
	Announce(Program)
	// AddTap lets a tap listen in on the leg until RemoveTap, or its end. It replaces
	// nothing.
	AddTap(Tap)
	RemoveTap(Tap)
}

// PlayID names one Play on one leg.
type PlayID uint64

// Room is a conference mix; it is made by the media engine.
type Room interface {
	// Members is how many parties are in it.
	Members() int
	// Announce plays a program to everybody in it.
	Announce(Program)
	// Bridge puts two parties who talk with each other into it, both at once.
	Bridge(a, b Audio)
	// Gain sets how loud listener hears speaker, 0 to 4; it is 1 where nothing is said.
	// A nil listener is all others, a nil speaker everything that the listener hears.
	// It may be set before they come, and holds until one of them leaves.
	Gain(listener, speaker Audio, gain float64)
	// Loud is how loud a member speaks, 0 to 32767; more than 300 is speech.
	Loud(member Audio) int
}

// Program is what to play: sounds one after another without a gap.
type Program struct {
	Sounds []Sound
	Loop   bool // start again after the last
	// Under names a class of music to play beneath the sounds, lower while they last.
	// It goes on after them until it is cut.
	Under string
}

// Sound is one part of a program. Exactly one of Prompt, Music, Tone and Pause is set.
type Sound struct {
	// Prompt names a recorded unit with its language: "fa/number-1".
	Prompt string
	// Music names a music class ("default"). It plays until cut, and goes on where it
	// was when the party hears it again.
	Music string
	// Tone names a progress tone of the box's country: "ringback", "busy",
	// "dial", "congestion". It plays until cut.
	Tone string
	// Pause is silence.
	Pause time.Duration
}

// Say is a program of prompts.
func Say(prompts ...string) Program {
	var p Program
	for _, name := range prompts {
		p.Sounds = append(p.Sounds, Sound{Prompt: name})
	}
	return p
}

// Then is p followed by more sounds.
func (p Program) Then(more ...Sound) Program {
	p.Sounds = append(p.Sounds[:len(p.Sounds):len(p.Sounds)], more...)
	return p
}
