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
	if _, ours := r.own(by); !ours {
		return ""
	}
	f := r.opts.Config().Features
	ends := func(code string) bool { return code != "" && strings.HasSuffix(keys, code) }
	switch mode := r.Mode(t); {
	case ends(f.RecordPause) && mode != call.RecordNever:
		return call.RecordHush
	case ends(f.Record) && mode == call.RecordOnDemand:
		return call.RecordTurn
	}
	return ""
}

// Notice tells parties that they are recorded, if they are to be told.
func (r *Room) Notice(lang string) call.Program {
	if !r.opts.Config().Recording.Announce {
		return call.Program{}
	}
	return speech.Phrase(lang, "recorded")
}
