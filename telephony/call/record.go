package call

import "time"

// Tap listens in on a leg: a recorder, a meter.
type Tap interface {
	// Frame takes 20 ms of what the party said and of what it heard, 160 or 320
	// samples each: 8 or 16 kHz. It is called on the media clock, must not block and
	// must not keep the slices.
	Frame(said, heard []int16)
}

// Recorder keeps what is said in calls. *record.Room is one. Its methods are called
// from calls and do not block.
type Recorder interface {
	// Mode is whether a talk is to be recorded.
	Mode(Talk) RecordMode
	// Begin begins a recording. It is nil while there is no room for one.
	Begin(Talk) Take
	// Key is what a party asks for by the keys it has pressed, "" for nothing.
	Key(t Talk, by Leg, keys string) RecordDo
	// Notice tells the parties in a language that they are recorded; empty: they are not told.
	Notice(lang string) Program
}

// Take is one recording. It is the tap of the leg that is recorded.
type Take interface {
	Tap
	// Name names the recording for ever.
	Name() string
	// With tells with whom the talk goes on.
	With(Talk)
	// Pause leaves out what is said from now on, or goes on.
	Pause(on bool)
	// Turn is told before the leg at the other end becomes the one that is tapped:
	// each party keeps its channel.
	Turn()
	// End ends the recording.
	End()
}

// Talk is a caller and another party who are brought together.
type Talk struct {
	Call   ID
	From   Party
	To     string // dialled
	Origin Origin
	Queue  string // that brought them together
	Agent  string // agent or extension of the other party
	Caller Leg
	Other  Leg // nil in a conference
	// Tell is told by Lost when the recording ends without being asked to.
	Tell Sink
}

// RecordMode is whether a talk is recorded.
type RecordMode string

// The modes. The empty one is said by nobody: only supervisors record.
const (
	RecordNever    RecordMode = "never"
	RecordOnDemand RecordMode = "on-demand"
	RecordAlways   RecordMode = "always"
)

// RecordDo is what somebody asks of a recording.
type RecordDo string

// What can be asked. Keys ask for the opposite of what is: RecordTurn begins or stops,
// RecordHush pauses or resumes.
const (
	RecordStart  RecordDo = "start"
	RecordStop   RecordDo = "stop"
	RecordPause  RecordDo = "pause"
	RecordResume RecordDo = "resume"
	RecordTurn   RecordDo = "turn"
	RecordHush   RecordDo = "hush"
)

// Record is an event: somebody asks for a recording of the talk that goes on, or of
// one that is made. What cannot be done now is not.
type Record struct {
	Do RecordDo
	By string // who, for the story
}

func (Record) event() {}

// Lost is an event: a recording ended by itself, for the disk is full.
type Lost struct{ Name string }

func (Lost) event() {}

// How a call stands to being recorded (Snapshot.Recording).
const (
	RecordingOff    = "off" // and may be on
	RecordingOn     = "on"
	RecordingPaused = "paused"
)

// recording is what a call knows of its recording. One call has one at a time; it goes
// on over transfers, without what is heard between two talks.
type recording struct {
	queue  string // that the next talk comes from
	mode   RecordMode
	talk   Talk // going on, if Caller is set
	take   Take // nil: none
	leg    Leg  // that take's channel 1 was
	paused bool // by somebody: what is pressed is not noted either, it may be card data
	told   map[LegID]bool
	keys   map[LegID]typedKeys
}

// typedKeys are the last keys of a party.
type typedKeys struct {
	keys string
	at   time.Time
}

// keyGap is how long after a key the next one belongs to the same code.
const keyGap = 3 * time.Second

// InQueue tells in which queue the next talk of the call comes about.
func (c *Call) InQueue(number string) { c.rec.queue = number }

// talkBegins records a talk if it is to be.
func (c *Call) talkBegins(other Leg, agent string) {
	r := &c.rec
	if c.opts.Recorder == nil {
		return
	}
	r.talk = Talk{Call: c.id, From: c.arrival.From, To: c.arrival.To, Origin: c.arrival.Origin, Queue: r.queue,
		Agent: agent, Caller: c.caller.leg, Other: other, Tell: c}
	r.mode = c.opts.Recorder.Mode(r.talk)
	switch {
	case r.take != nil && r.mode == RecordNever:
		c.stopRecording("")
	case r.take != nil:
		if r.leg != r.talk.Caller {
			r.take.Turn()
		}
		c.tap()
	case r.mode == RecordAlways:
		c.startRecording("")
	}
}

// talkEnds leaves out what the parties hear until they talk again.
func (c *Call) talkEnds() {
	r := &c.rec
	if r.take != nil && r.talk.Caller != nil {
		r.leg.Audio().RemoveTap(r.take)
		r.take.Pause(true)
	}
	r.talk, r.queue, r.keys = Talk{}, "", nil
	c.changed()
}

func (c *Call) tap() {
	r := &c.rec
	r.leg = r.talk.Caller
	r.take.With(r.talk)
	r.take.Pause(r.paused)
	r.leg.Audio().AddTap(r.take)
	c.tell()
}

// tell lets parties hear that they are recorded, those who have not yet.
func (c *Call) tell() {
	r := &c.rec
	p := c.opts.Recorder.Notice(c.language)
	if len(p.Sounds) == 0 {
		return
	}
	if r.told == nil {
		r.told = make(map[LegID]bool)
	}
	for _, leg := range []Leg{r.talk.Caller, r.talk.Other} {
		if !r.told[leg.ID()] {
			r.told[leg.ID()] = true
			leg.Audio().Announce(p)
		}
	}
}

func (c *Call) startRecording(by string) {
	r := &c.rec
	if r.take != nil || r.talk.Caller == nil || r.mode == RecordNever {
		return
	}
	if r.take = c.opts.Recorder.Begin(r.talk); r.take == nil {
		return
	}
	r.paused = false
	c.noteRecording("began", by)
	c.tap()
}

func (c *Call) stopRecording(by string) {
	r := &c.rec
	if r.take == nil {
		return
	}
	r.leg.Audio().RemoveTap(r.take)
	r.take.End()
	if by != "" {
		c.noteRecording("stopped", by)
	}
	r.take, r.paused = nil, false
	c.changed()
}

func (c *Call) pauseRecording(on bool, by string) {
	r := &c.rec
	if r.take == nil || r.paused == on {
		return
	}
	r.paused = on
	r.take.Pause(on || r.talk.Caller == nil)
	value := "resumed"
	if on {
		value = "paused"
	}
	c.noteRecording(value, by)
}

func (c *Call) noteRecording(value, by string) {
	c.note(Step{Type: StepRecording, Value: value, Number: c.rec.take.Name(), Party: Party{Number: by}})
}

// record does what somebody asks for.
func (c *Call) record(do RecordDo, by string) {
	r := &c.rec
	switch do {
	case RecordTurn:
		if do = RecordStart; r.take != nil {
			do = RecordStop
		}
	case RecordHush:
		if do = RecordPause; r.paused {
			do = RecordResume
		}
	}
	switch do {
	case RecordStart:
		c.startRecording(by)
	case RecordStop:
		c.stopRecording(by)
	case RecordPause, RecordResume:
		c.pauseRecording(do == RecordPause, by)
	}
}

// talkKey looks whether a party asks for something by keys during a talk.
func (c *Call) talkKey(e Pressed) {
	m, r := c.members[e.Leg], &c.rec
	if m == nil || m.given {
		return
	}
	if r.keys == nil {
		r.keys = make(map[LegID]typedKeys)
	}
	k, now := r.keys[e.Leg], c.opts.Clock.Now()
	if now.Sub(k.at) > keyGap {
		k.keys = ""
	}
	k.keys, k.at = k.keys+string(rune(e.Digit)), now
	k.keys = k.keys[max(0, len(k.keys)-maxTyped):]
	if c.opts.Help != nil && c.opts.Help(c, m.leg, k.keys) {
		k.keys = ""
	} else if r.talk.Caller != nil {
		if do := c.opts.Recorder.Key(r.talk, m.leg, k.keys); do != "" {
			k.keys = ""
			c.record(do, m.leg.Peer().Number)
		}
	}
	r.keys[e.Leg] = k
}

// recordingState is the call's Snapshot.Recording.
func (c *Call) recordingState() string {
	switch r := &c.rec; {
	case r.take != nil && r.paused:
		return RecordingPaused
	case r.take != nil:
		return RecordingOn
	case r.talk.Caller != nil && r.mode != RecordNever:
		return RecordingOff
	}
	return ""
}
