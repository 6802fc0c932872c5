package record

import (
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Mode is what everything that takes part in a talk says together: never comes first,
// then always.
func (r *Room) Mode(t call.Talk) call.RecordMode {
	cfg := r.opts.Config()
	mode := call.RecordMode("")
	say := func(m config.Record) {
		rank := map[call.RecordMode]int{"": 0, call.RecordOnDemand: 1, call.RecordAlways: 2, call.RecordNever: 3}
		if m := call.RecordMode(m); rank[m] > rank[mode] {
			mode = m
		}
	}
	if q, ok := cfg.Queue(t.Queue); ok {
		say(q.Record)
	}
	if l, ok := cfg.Line(t.Origin.Line); ok {
		say(l.Record)
	}
	if k, ok := cfg.Trunk(t.Origin.Trunk); ok {
		say(k.Record)
	}
	for _, leg := range []call.Leg{t.Caller, t.Other} {
		if leg == nil {
			continue
		}
		if k, ok := cfg.Trunk(trunkOf(leg.Device())); ok {
			say(k.Record)
		}
		if l, ok := cfg.Line(leg.Device()); ok {
			say(l.Record)
		}
		if e, ok := r.own(leg); ok {
			say(e.Record)
		}
	}
	return mode
}

// own is the extension at a leg; false for a party outside, whatever number it shows.
func (r *Room) own(leg call.Leg) (*config.Extension, bool) {
	if leg.Kind() == call.FXO || trunkOf(leg.Device()) != "" {
		return nil, false
	}
	return r.opts.Config().Extension(leg.Peer().Number)
}

func trunkOf(device string) string {
	rest, ok := strings.CutPrefix(device, "trunk:")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "@")
	return name
}

// Key is what our own phones ask for during a talk.
func (r *Room) Key(t call.Talk, by call.Leg, keys string) call.RecordDo {
	do := r.Code(keys)
	if do == "" || !r.Ours(by) {
		return ""
	}
	switch mode := r.Mode(t); {
	case mode == call.RecordNever, do == call.RecordTurn && mode != call.RecordOnDemand:
		return ""
	}
	return do
}

// Code is what keys ask for, "" for nothing.
func (r *Room) Code(keys string) call.RecordDo {
	f := r.opts.Config().Features
	ends := func(code string) bool { return code != "" && strings.HasSuffix(keys, code) }
	switch {
	case ends(f.RecordPause):
		return call.RecordHush
	case ends(f.Record):
		return call.RecordTurn
	}
	return ""
}

// Ours tells whether a leg is a phone of the box.
func (r *Room) Ours(leg call.Leg) bool { _, ours := r.own(leg); return ours }

// Notice tells parties that they are recorded, if they are to be told.
func (r *Room) Notice(lang string) call.Program {
	if !r.opts.Config().Recording.Announce {
		return call.Program{}
	}
	return speech.Phrase(lang, "recorded")
}
