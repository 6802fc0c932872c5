package conference

import (
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// Recorder keeps what is said in a conference.
type Recorder interface {
	// Record begins to record a room, and returns the recording's name and what ends
	// it; stop is nil when there is no place for one. It does not block.
	Record(sound call.Room, t call.Talk) (name string, stop func())
	// Notice tells members in a language that they are recorded; empty: they are not told.
	Notice(lang string) call.Program
}

// record begins a recording as soon as members talk; it goes on until the last one
// leaves. Who comes later is told too. The mutex is held, in c's goroutine.
func (r *Rooms) record(rm *room, c *call.Call) {
	if r.opts.Recorder == nil || rm.cfg.Record != config.RecordAlways {
		return
	}
	notice := r.opts.Recorder.Notice(c.Language())
	switch {
	case rm.stop != nil:
		c.Caller().Audio().Announce(notice)
	case rm.waits() == "":
		name, stop := r.opts.Recorder.Record(rm.sound, call.Talk{Call: c.ID(), From: c.From(), To: rm.cfg.Number})
		if rm.stop = stop; stop != nil {
			c.Note(call.Step{Type: call.StepRecording, Number: name, Value: "began"})
			rm.sound.Announce(notice)
		}
	}
}
