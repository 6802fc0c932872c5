package main

import (
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/record"
)

// tapes record conferences.
type tapes struct {
	*record.Room
	media *media.Engine
}

var _ conference.Recorder = tapes{}

// tape is a recording and its ear: a member of the room who only listens.
type tape struct {
	call.Take
	ear *media.Stream
}

func (t tapes) Record(sound call.Room, talk call.Talk) conference.Tape {
	take := t.BeginRoom(talk)
	if take == nil {
		return nil
	}
	ear := t.media.NewLine(call.LegID("tape-"+take.Name()), func(call.Event) {})
	ear.AddTap(take)
	ear.Join(sound)
	return tape{take, ear}
}

func (t tape) End() {
	t.Take.End()
	t.ear.Close()
}
