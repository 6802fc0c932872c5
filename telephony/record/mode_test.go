package record

import (
	"testing"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// line is a leg with the name of a device.
type line struct {
	*calltest.Leg
	kind   call.Kind
	device string
}

func (l line) Kind() call.Kind { return l.kind }
func (l line) Device() string  { return l.device }

func TestWhoDecidesAndWhoseKeysCount(t *testing.T) {
	g := newRig(t)
	g.cfg.Extensions = []config.Extension{{Number: "1001"}, {Number: "1002", Record: config.RecordOnDemand}, {Number: "1003", Record: config.RecordNever}}
	g.cfg.Queues = []config.Queue{{Number: "700", Record: config.RecordAlways}}
	g.cfg.Trunks = []config.Trunk{{Name: "telco", Record: config.RecordAlways}}
	g.cfg.Lines = []config.Line{{Port: "fxo1", Record: config.RecordAlways}}
	leg := func(n string) call.Leg { return calltest.NewLeg(n, clock.System()) }
	from := func(kind call.Kind, device, number string) call.Leg {
		return line{calltest.NewLeg(number, clock.System()), kind, device}
	}
	for _, c := range []struct {
		name  string
		talk  call.Talk
		want  call.RecordMode
		codes string // keys of the other party, and what they do
		does  call.RecordDo
	}{
		{"nobody says anything", call.Talk{Caller: leg("1001"), Other: leg("1001")}, "", "*1", ""},
		{"by key", call.Talk{Caller: leg("1001"), Other: leg("1002")}, call.RecordOnDemand, "12*1", call.RecordTurn},
		{"of a queue", call.Talk{Queue: "700", Caller: leg("0912"), Other: leg("1002")}, call.RecordAlways, "*1", ""},
		{"paused in a queue", call.Talk{Queue: "700", Caller: leg("0912"), Other: leg("1002")}, call.RecordAlways, "*2", call.RecordHush},
		{"never wins", call.Talk{Queue: "700", Caller: leg("0912"), Other: leg("1003")}, call.RecordNever, "*2", ""},
		{"in on a trunk", call.Talk{Origin: call.Origin{Trunk: "telco"}, Caller: leg("0912"), Other: leg("1001")}, call.RecordAlways, "", ""},
		{"out over a trunk, whose keys are not ours", call.Talk{Caller: leg("1001"), Other: from(call.SIP, "trunk:telco@sip.example", "1002")}, call.RecordAlways, "*2", ""},
		{"on a line", call.Talk{Caller: from(call.FXO, "fxo1", "0912"), Other: leg("1001")}, call.RecordAlways, "", ""},
	} {
		if got := g.Mode(c.talk); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := g.Key(c.talk, c.talk.Other, c.codes); got != c.does {
			t.Errorf("%s: %s does %q, want %q", c.name, c.codes, got, c.does)
		}
	}
	if p := g.Notice("fa"); len(p.Sounds) != 1 || p.Sounds[0].Prompt != "fa/recorded" {
		t.Errorf("told %+v", p)
	}
	g.cfg.Recording.Announce = false
	if p := g.Notice("fa"); len(p.Sounds) != 0 {
		t.Errorf("told %+v", p)
	}
}
