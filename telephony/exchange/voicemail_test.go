package exchange

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// boxes notes who is led to them.
type boxes struct{ left, heard []string }

func (b *boxes) Leave(c *call.Call, box string, why call.Cause) call.Cause {
	c.Transferred()
	c.Answer()
	b.left = append(b.left, box+" "+why.String())
	return call.Normal
}

func (b *boxes) Listen(_ *call.Call, box string) (string, call.Cause) {
	b.heard = append(b.heard, box)
	return "", call.Normal
}

// boxed is a call to a box whose extension 1002 has a mailbox, and flow 500 leads there.
func boxed(number string, origin call.Origin, b *boxes, exts ...string) people {
	p := make(people)
	for _, e := range exts {
		p[e] = calltest.NewPhone(e, clock.System())
	}
	o := newTown(p)
	o.opts.Voicemail = b
	o.cfg.Extensions[1].Voicemail.Enabled = true
	o.cfg.Flows = []config.Flow{{Number: "500", Steps: []config.FlowStep{{Name: "a", Do: config.FlowVoicemail, Number: "1002"}}}}
	o.arrives(number, origin)
	return p
}

func TestWhoIsNotReachedHasAMailbox(t *testing.T) {
	trunk := call.Origin{Trunk: "a"}
	for _, c := range []struct {
		name, number string
		origin       call.Origin
		does         func(p people)
		want         []string
		heard        []string
	}{
		{name: "busy", number: "1002", origin: trunk, does: func(p people) { (<-p["1002"].Rung).End(call.Busy) }, want: []string{"1002 busy"}},
		{name: "no answer", number: "1002", origin: trunk, does: func(people) { time.Sleep(21 * time.Second) }, want: []string{"1002 no-answer"}},
		{name: "without a mailbox", number: "1003", origin: trunk, does: func(p people) { (<-p["1003"].Rung).End(call.Busy) }},
		{name: "by code", number: "*1002", origin: trunk, want: []string{"1002 none"}},
		{name: "by code, no box", number: "*1003", origin: trunk},
		{name: "by a flow", number: "500", origin: trunk, want: []string{"1002 none"}},
		{name: "his own", number: "*97", origin: call.Origin{Extension: "1002"}, heard: []string{"1002"}},
		{name: "he has none", number: "*97", origin: call.Origin{Extension: "1003"}},
		{name: "any", number: "*98", origin: call.Origin{Extension: "1003"}, heard: []string{""}},
		{name: "any from outside", number: "*98", origin: trunk},
		{name: "own from outside", number: "*97", origin: trunk},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &boxes{}
				p := boxed(c.number, c.origin, b, "1002", "1003")
				if c.does != nil {
					c.does(p)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if !slices.Equal(b.left, c.want) || !slices.Equal(b.heard, c.heard) {
					t.Errorf("left %v, heard %v; want %v and %v", b.left, b.heard, c.want, c.heard)
				}
			})
		})
	}
}
