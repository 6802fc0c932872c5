package exchange

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// desks is an exchange with four extensions, of which 1004 is of another group, a
// queue, a switch and a phone at 1002.
type desks struct {
	*Exchange
	t       *testing.T
	journal calltest.Journal
	phone   *calltest.Phone
	on      map[string]bool
	duties  []string // who asked for what
}

func (d *desks) Endpoints(ext string) []call.Endpoint {
	if ext == "1002" {
		return []call.Endpoint{d.phone}
	}
	return nil
}

func (d *desks) Serve(c *call.Call, number string) (string, call.Cause) {
	c.Enter("queue " + number)
	_ = c.Answer()
	_ = c.Stay()
	return "", call.Normal
}
func (d *desks) Busy(string, bool) {}
func (d *desks) Duty(_ *call.Call, agent string, f config.Feature) string {
	d.duties = append(d.duties, agent+" "+string(f.Kind)+" "+f.Number)
	if agent == "1004" {
		return ""
	}
	return "logged-out"
}

func (d *desks) Dispose(agent string, _ call.ID, code string, _ call.Party) error {
	d.duties = append(d.duties, agent+" disposition "+code)
	if agent == "1004" {
		return errors.New("no call")
	}
	return nil
}
func (d *desks) WrapUp(agent string, more time.Duration, _ call.Party) error {
	d.duties = append(d.duties, agent+" wrap-up "+more.String())
	return nil
}
func (d *desks) First(string) *call.Call { return nil }

func newDesks(t *testing.T) *desks {
	cfg := config.Default()
	cfg.Extensions = []config.Extension{{Number: "1001"}, {Number: "1002", RingFor: config.Duration(time.Minute)}, {Number: "1003"}, {Number: "1004", Group: "shop"}}
	cfg.Queues = []config.Queue{{Number: "700", Dispositions: map[string]string{"1": "Sold"}, Night: config.Night{Switch: "*28", Destination: "1002"}}}
	cfg.Switches = []config.Switch{{Number: "*28", Name: "Night"}}
	d := &desks{t: t, phone: calltest.NewPhone("1002", clock.System()), on: make(map[string]bool)}
	d.Exchange = New(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: &event.News{}, Journal: &d.journal,
		Config: func() *config.Config { return cfg }, Floor: d,
		On: func(number string) bool { return d.on[number] },
		Turn: func(number, by string) (string, bool) {
			d.on[number] = !d.on[number]
			return map[bool]string{true: "on", false: "off"}[d.on[number]], true
		}})
	d.AddDirectory(d)
	return d
}

// dial lets a call arrive.
func (d *desks) dial(from, number string, o call.Origin) *calltest.Leg {
	leg := calltest.NewLeg(from+" to "+number, clock.System())
	leg.Party = call.Party{Number: from}
	d.Arrive(call.Arrival{Leg: leg, From: call.Party{Number: from}, To: number, Origin: o, Language: "en"})
	synctest.Wait()
	return leg
}

// does dials from an extension's own phone and tells what he was told before the
// box hung up.
func (d *desks) does(ext, number string) string {
	d.t.Helper()
	leg := d.dial(ext, number, call.Origin{Extension: ext})
	time.Sleep(time.Second)
	synctest.Wait()
	cause, over := leg.Ended()
	if !over {
		d.t.Fatalf("%s still dials %s", ext, number)
	}
	for _, line := range slices.Backward(leg.Log()) {
		if said, ok := strings.CutPrefix(line, "hears program "); ok {
			return said + " " + cause.String()
		}
	}
	return cause.String()
}

func TestNightSendsCallsElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesks(t)
		day := d.dial("0912", "700", call.Origin{Line: "fxo1"})
		if told := d.does("1001", "*28"); told != "en/switch-on normal" || !d.on["*28"] {
			t.Errorf("1001 is told %q", told)
		}
		if len(d.phone.Rung) != 0 {
			t.Error("1002 rings by day")
		}
		night := d.dial("0913", "700", call.Origin{Line: "fxo1"})
		rung := <-d.phone.Rung
		if told := d.does("1003", "*28"); told != "en/switch-off normal" || d.on["*28"] {
			t.Errorf("1003 is told %q", told)
		}
		i := slices.IndexFunc(d.journal.Steps(), func(s call.Step) bool { return s.Type == call.StepSwitched })
		if s := d.journal.Steps()[max(i, 0)]; s.Value != "on" || s.Party.Number != "1001" || s.Number != "*28" {
			t.Errorf("the journal says %+v", s)
		}
		day.End(call.Normal)
		night.End(call.Normal)
		synctest.Wait()
		if _, over := rung.Ended(); !over {
			t.Error("1002 still rings")
		}
	})
}

// TestKeysAreForOurOwnPhones: nobody outside, and nobody who was sent there, turns
// a switch, logs an agent out or picks calls up.
func TestKeysAreForOurOwnPhones(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesks(t)
		for _, number := range []string{"*28", "*45", "*81002"} {
			leg := d.dial("0912", number, call.Origin{Trunk: "telco"})
			time.Sleep(time.Second)
			synctest.Wait()
			if cause, over := leg.Ended(); !over || cause != call.NotAllowed {
				t.Errorf("%s from outside: %v %s", number, over, cause)
			}
		}
		// 1002 sends 1001, who called him, to the codes: it is not 1001 who dials.
		for _, number := range []string{"*28", "*45"} {
			caller := d.dial("1001", "1002", call.Origin{Extension: "1001"})
			rung := <-d.phone.Rung
			rung.Party = call.Party{Number: "1002"}
			rung.Post(call.Answered{Leg: rung.ID()})
			synctest.Wait()
			for _, s := range d.Calls() {
				d.calls[s.ID].Post(call.Transfer{Leg: rung.ID(), To: number})
			}
			synctest.Wait()
			rung.End(call.Normal)
			caller.End(call.Normal)
			synctest.Wait()
		}
		// Nor when the phone of 1002, which he calls, sends him there.
		for _, number := range []string{"*28", "*45"} {
			caller := d.dial("1001", "1002", call.Origin{Extension: "1001"})
			rung := <-d.phone.Rung
			rung.Post(call.Redirected{Leg: rung.ID(), To: []string{number}, Reason: "unconditional"})
			rung.End(call.Moved)
			time.Sleep(time.Second)
			synctest.Wait()
			if cause, over := caller.Ended(); !over || cause != call.NotAllowed {
				t.Errorf("sent to %s: %v %s", number, over, cause)
			}
		}
		if d.on["*28"] || len(d.duties) > 0 {
			t.Errorf("the switch is on: %v; duties %v", d.on["*28"], d.duties)
		}
	})
}

func TestDutyByCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesks(t)
		for _, test := range [][3]string{
			{"1001", "*471", "sound/beep normal"}, {"1001", "*481", "sound/beep normal"}, {"1004", "*481", "en/unknown-number not-allowed"},
			{"1001", "*45", "en/logged-out normal"}, {"1001", "*46700*2", "en/logged-out normal"}, {"1004", "*45700", "en/unknown-number not-allowed"},
		} {
			if told := d.does(test[0], test[1]); told != test[2] {
				t.Errorf("%s dials %s and is told %q, want %q", test[0], test[1], told, test[2])
			}
		}
		if want := []string{"1001 wrap-up 1m0s", "1001 disposition 1", "1004 disposition 1", "1001 login ", "1001 pause 700", "1004 login 700"}; !slices.Equal(d.duties, want) {
			t.Errorf("asked: %q, want %q", d.duties, want)
		}
	})
}

func TestPickUp(t *testing.T) {
	for _, code := range []string{"*81002", "*8"} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesks(t)
			if told := d.does("1003", code); told != "en/nobody-there no-answer" {
				t.Errorf("before it rings 1003 is told %q", told)
			}
			caller := d.dial("1001", "1002", call.Origin{Extension: "1001"})
			rung := <-d.phone.Rung
			rung.Post(call.Ringing{Leg: rung.ID()})
			if told := d.does("1004", code); told != "en/unknown-number not-allowed" {
				t.Errorf("1004, of another group, is told %q", told)
			}
			by := d.dial("1003", code, call.Origin{Extension: "1003"})
			if caller.Sound.Now() != "with "+by.Name || by.Sound.Now() != "with "+caller.Name {
				t.Errorf("they hear %s and %s", caller.Sound.Now(), by.Sound.Now())
			}
			if cause, over := rung.Ended(); !over || cause != call.Elsewhere {
				t.Errorf("1002 rings on: %v %s", !over, cause)
			}
			by.End(call.Normal)
			time.Sleep(time.Second)
			synctest.Wait()
			if _, over := caller.Ended(); !over || len(d.Calls()) > 0 {
				t.Error("the call goes on")
			}
		})
	}
}

// TestASwitchTellsHowItStands: one that has hours is closed, open, or left to them.
func TestASwitchTellsHowItStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesks(t)
		cfg := d.opts.Config()
		cfg.Hours = []config.Hours{{Name: "Office"}}
		cfg.Switches = append(cfg.Switches, config.Switch{Number: "*29"})
		cfg.Menus = []config.Menu{{Number: "500", Night: config.Night{Switch: "*29", Hours: "Office", Destination: "1002"}}}
		for _, c := range []struct{ number, to, told string }{
			{"*28", "off", "switch-off"}, {"*29", "on", "switch-on"}, {"*29", "day", "switch-day"}, {"*29", "off", "switch-hours"},
		} {
			d.opts.Turn = func(string, string) (string, bool) { return c.to, true }
			if told := d.does("1001", c.number); told != "en/"+c.told+" normal" {
				t.Errorf("%s to %s: %q", c.number, c.to, told)
			}
		}
	})
}
