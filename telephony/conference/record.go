package conference

import (
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// Recorder keeps what is said in a conference. Its methods do not block.
type Recorder interface {
	// Record begins to record a room. It is nil when there is no place for one.
	Record(sound call.Room, t call.Talk) Tape
	// Notice tells members in a language that they are recorded; empty: they are not told.
	Notice(lang string) call.Program
	// Code is what keys pressed ask for, as in calls; "" for nothing.
	Code(keys string) call.RecordDo
	// Ours tells whether a leg is a phone of the box.
	Ours(leg call.Leg) bool
}

// Tape is one recording of a conference.
type Tape interface {
	Name() string
	// With tells who takes part.
	With(call.Talk)
	// Pause leaves out what is said from now on, or goes on.
	Pause(on bool)
	End()
}

// recording is what a conference knows of its recording. It is guarded by the mutex of
// Rooms, and goes on until somebody stops it or the last member leaves.
type recording struct {
	tape    Tape // nil: none
	paused  bool
	stopped bool // by somebody: it does not begin by itself again
}

// Record does something about the recording of a conference that goes on, for the page;
// false means that there is none to be made.
func (r *Rooms) Record(number string, do call.RecordDo, by call.Party) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rm := r.open[number]
	if rm == nil || r.recording(rm) == "" {
		return false
	}
	r.record(rm, rm.members[0], do, by)
	return true
}

// keyed does what a member asks for by the keys of recording. Where there is a PIN for
// moderators only they may, else the phones of the box.
func (r *Rooms) keyed(m *member, keys string) bool {
	rec, cfg := r.opts.Recorder, m.room.cfg
	if rec == nil {
		return false
	}
	do := rec.Code(keys)
	if do == "" {
		return false
	}
	may := m.moderator || cfg.ModeratorPIN == "" && rec.Ours(m.leg)
	if do == call.RecordTurn {
		may = may && cfg.Record == config.RecordOnDemand
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if may && r.recording(m.room) != "" {
		r.record(m.room, m, do, m.party)
	}
	return true
}

// record begins, stops, pauses or resumes. The recording is kept with the call of m. The
// mutex is held.
func (r *Rooms) record(rm *room, m *member, do call.RecordDo, by call.Party) {
	rec := &rm.rec
	switch going := rec.tape != nil; {
	case !going && (do == call.RecordStart || do == call.RecordTurn):
		r.begin(rm, m, by)
	case going && (do == call.RecordStop || do == call.RecordTurn):
		rec.tape.End()
		rm.note("stopped", by)
		*rec = recording{stopped: true}
	case going && (do == call.RecordHush || do == call.RecordPause && !rec.paused || do == call.RecordResume && rec.paused):
		rec.paused = !rec.paused
		rec.tape.Pause(rec.paused)
		value := "resumed"
		if rec.paused {
			value = "paused"
		}
		rm.note(value, by)
	}
	r.changed(rm)
}

func (r *Rooms) begin(rm *room, m *member, by call.Party) {
	t := r.opts.Recorder.Record(rm.sound, call.Talk{Call: m.call.ID(), From: m.party, To: rm.cfg.Number, Tell: lost{r, rm}})
	if t == nil {
		return
	}
	rm.rec = recording{tape: t}
	for _, x := range rm.members {
		t.With(x.talk())
	}
	rm.note("began", by)
	rm.sound.Announce(r.opts.Recorder.Notice(m.language))
}

// comes records a conference that is always recorded as soon as members talk, and tells
// who comes later that it is recorded. The mutex is held, in the goroutine of m's call.
func (r *Rooms) comes(rm *room, m *member) {
	rec := &rm.rec
	switch {
	case r.opts.Recorder == nil:
	case rec.tape != nil:
		rec.tape.With(m.talk())
		m.call.Post(call.Message{Body: rm.step("began", call.Party{})})
		m.leg.Audio().Announce(r.opts.Recorder.Notice(m.language))
	case rm.cfg.Record == config.RecordAlways && !rec.stopped && rm.waits() == "":
		r.begin(rm, m, call.Party{})
	}
}

func (m *member) talk() call.Talk { return call.Talk{Agent: m.party.Number} }

// note writes into the journal of every member's call.
func (rm *room) note(value string, by call.Party) {
	for _, m := range rm.members {
		m.call.Post(call.Message{Body: rm.step(value, by)})
	}
}

func (rm *room) step(value string, by call.Party) call.Step {
	if by.Number == "" {
		by.Number = by.Name // a user of the page
	}
	return call.Step{Type: call.StepRecording, Number: rm.rec.tape.Name(), Value: value, Party: by}
}

// recording is how the conference stands to being recorded, in the words of
// call.Snapshot. The mutex is held.
func (r *Rooms) recording(rm *room) string {
	switch {
	case rm.rec.tape != nil && rm.rec.paused:
		return call.RecordingPaused
	case rm.rec.tape != nil:
		return call.RecordingOn
	case r.opts.Recorder != nil && rm.cfg.Record != config.RecordNever && rm.waits() == "":
		return call.RecordingOff
	}
	return ""
}

// lost is told that a recording ended by itself.
type lost struct {
	rooms *Rooms
	room  *room
}

// Post takes call.Lost.
func (l lost) Post(e call.Event) {
	is, ok := e.(call.Lost)
	if !ok {
		return
	}
	l.rooms.mu.Lock()
	defer l.rooms.mu.Unlock()
	if t := l.room.rec.tape; t != nil && t.Name() == is.Name {
		t.End()
		l.room.rec = recording{}
		l.rooms.changed(l.room)
	}
}
