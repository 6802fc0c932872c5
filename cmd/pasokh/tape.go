package main

import (
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/record"
)

// tape records conferences: a member of the room who only listens.
type tape struct {
	*record.Room
	media *media.Engine
}

var _ conference.Recorder = tape{}

func (t tape) Record(sound call.Room, talk call.Talk) (name string, stop func()) {
	take := t.BeginRoom(talk)
	if take == nil {
		return "", nil
	}
	ear := t.media.NewLine(call.LegID("tape-"+take.Name()), func(call.Event) {})
	ear.AddTap(take)
	ear.Join(sound)
	return take.Name(), func() {
		take.End()
		ear.Close()
	}
}
