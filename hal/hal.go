// Package hal is the seam between the box and telephone lines that are not IP.
//
// A Driver finds Ports: FXS ports feed an analog phone, FXO ports plug into a
// line of the telephone company. A port has an electrical side (hook, ring,
// polarity, loop current), told by Events, and an audio side, a stream of
// 20 ms frames of 16-bit linear PCM at 8 kHz paced by the device's own clock.
// Everything made of tones (DTMF, caller ID, busy tone) is software above the
// seam, in hal/dsp, one tested path for every driver.
//
// Each driver is one goroutine that owns its device. On Close, and on any
// fault, a port goes to its safe state: FXO on hook, FXS unpowered.
package hal

import (
	"context"
	"errors"
	"time"
)

// The audio format of every port.
const (
	Rate         = 8000 // samples per second
	FrameSamples = 160  // samples per frame
	FrameTime    = 20 * time.Millisecond
)

// FullScale is the sample value of a full-scale sine's peak. A sine of that
// peak is +3.14 dBm0 (ITU-T G.711, A-law overload).
const FullScale = 32767

// Frame is 20 ms of audio.
type Frame = [FrameSamples]int16

// Errors of the seam.
var (
	ErrClosed   = errors.New("port closed")
	ErrUnable   = errors.New("port cannot do this") // see Caps
	ErrBadState = errors.New("not possible in the port's present state")
)

// Driver finds and runs the ports of one kind of hardware.
type Driver interface {
	// Name is the driver's name in board files: "sim", "dahdi", ...
	Name() string
	// Ports are the ports found when the driver was made, in board order.
	Ports() []Port
	// Run owns the hardware until ctx ends, then leaves every port in its safe
	// state and closes their event channels.
	Run(ctx context.Context) error
}

// Kind is what a port is for.
type Kind string

// The kinds of port.
const (
	KindFXS Kind = "fxs" // feeds a phone
	KindFXO Kind = "fxo" // takes a line
)

// Port is one socket of the box.
type Port interface {
	// ID is stable over restarts: "fxo1".
	ID() string
	Kind() Kind
	// State is what the port measures now.
	State() State
	// Events tells what happened on the line, in order. It is bounded: while
	// nobody reads, repeated state events coalesce and hook events are kept.
	Events() <-chan Event
	AudioIO
}

// AudioIO is the sound of a port, both ways at the pace of the device's clock.
// Its methods allocate nothing; after the driver has ended they return ErrClosed.
type AudioIO interface {
	// ReadFrame waits for the next frame from the line, at most two frame times.
	ReadFrame(*Frame) error
	// WriteFrame queues a frame towards the line and never blocks.
	WriteFrame(*Frame) error
}

// FXS is a port that feeds an analog phone.
type FXS interface {
	Port
	// Ring starts ringing with a cadence; RingOn and RingOff events mark its
	// bursts so that caller ID can be sent in between. The phone's answer (ring
	// trip) stops it and is a Hook event.
	Ring(Cadence) error
	StopRing() error
	// SetReversed swaps the polarity of the feed.
	SetReversed(bool) error
	// OpenLoop takes the feed away for d: the disconnect signal (CPC).
	OpenLoop(d time.Duration) error
}

// FXO is a port that takes a line from the telephone company.
type FXO interface {
	Port
	OffHook() error
	OnHook() error
	// Flash opens the loop for d while off hook.
	Flash(d time.Duration) error
}

// Cadence is a repeating pattern of on and off times, starting with on.
type Cadence []time.Duration

// State is a port's electrical state.
type State struct {
	OffHook  bool    // FXO: we hold the line. FXS: the phone is off hook
	Ringing  bool    // ring voltage is on the line now or was within the cadence
	Volts    float64 // DC across tip and ring; sign is polarity
	Amps     float64 // DC loop current, never negative
	Reversed bool
	Battery  bool   // FXO: the line has feed voltage
	Fault    string // empty when well
}

// EventKind is what happened on a port.
type EventKind string

// The events of a port.
const (
	Hook        EventKind = "hook"         // FXS: phone went off (Off) or on hook
	RingOn      EventKind = "ring-on"      // FXO: ring voltage began. FXS: burst began
	RingOff     EventKind = "ring-off"     // ring voltage ended
	Polarity    EventKind = "polarity"     // FXO: Off is "reversed"
	LoopDrop    EventKind = "loop-drop"    // FXO, off hook: loop current gone for Duration
	LoopBack    EventKind = "loop-back"    // FXO: loop current returned after a drop
	BatteryLost EventKind = "battery-lost" // FXO: no feed: line cut
	BatteryBack EventKind = "battery-back"
	FlashHook   EventKind = "flash"       // FXS: hook flash of Duration
	PulseDigit  EventKind = "pulse-digit" // FXS: Digit dialled with the hook switch
	Fault       EventKind = "fault"       // Detail says what; the port is unusable until Recovered
	Recovered   EventKind = "recovered"
)

// Event is one thing that happened on a port.
type Event struct {
	Kind     EventKind
	At       time.Time
	Off      bool // Hook: off hook; Polarity: reversed
	Digit    byte
	Duration time.Duration
	Detail   string
}
