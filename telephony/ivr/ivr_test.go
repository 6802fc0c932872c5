package ivr

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

func mainMenu() *config.Menu {
	return &config.Menu{Number: "500", Greeting: []string{"welcome", "menu-main"}, Keys: map[string]string{"1": "700", "*": "501"},
		Timeout: config.Duration(5 * time.Second), Tries: 3, Otherwise: "1001"}
}

// visit is a caller in a menu.
type visit struct {
	caller  *calltest.Leg
	journal *calltest.Journal
	call    *call.Call
	begun   time.Time
	done    chan struct{}
	exit    Exit
	next    string
	cause   call.Cause
	took    time.Duration
}

func enter(m *config.Menu) *visit { return enterFlow(m.Flow(), Options{}) }

func enterFlow(f *config.Flow, o Options) *visit {
	v := &visit{caller: calltest.NewLeg("caller", clock.System()), journal: &calltest.Journal{}, begun: time.Now(), done: make(chan struct{})}
	v.call = call.New(call.Arrival{Leg: v.caller, To: f.Number, From: call.Party{Number: "09121234567"}, Language: "fa"},
		call.Options{Clock: clock.System(), Journal: v.journal, Log: slog.New(slog.DiscardHandler)})
	go func() {
		defer close(v.done)
		v.call.Run(func(c *call.Call) call.Cause {
			v.exit = New(o).Run(c, f)
			v.next, v.cause = v.exit.Number, v.exit.Cause
			v.took = time.Since(v.begun)
			return v.cause
		})
	}()
	synctest.Wait()
	return v
}

// heard are the prompts that the caller heard, a program per line.
func (v *visit) heard() (said []string) {
	for _, s := range v.journal.Steps() {
		if s.Type == call.StepSaid {
			said = append(said, s.Value)
		}
	}
	return said
}

// reasons are why the call was routed.
func (v *visit) reasons() (why []string) {
	for _, s := range v.journal.Steps() {
		if s.Type == call.StepRouted {
			why = append(why, s.Number+": "+s.Reason)
		}
	}
	return why
}

// breath is what a pause between two sentences takes here.
const breath = 250*time.Millisecond + calltest.PromptTime

const (
	greets  = "fa/welcome fa/menu-main"
	invalid = "fa/menu-invalid " + greets
	silent  = "fa/menu-timeout " + greets
)

func TestMenu(t *testing.T) {
	dead := mainMenu()
	dead.Otherwise = ""
	own := mainMenu()
	own.Keys["0"] = "502"
	once := mainMenu()
	once.Tries = 1
	for _, c := range []struct {
		name   string
		menu   *config.Menu
		keys   string // one every second; a space is a second without a key
		next   string
		cause  call.Cause
		heard  []string
		routed []string
		took   time.Duration
	}{
		{"a key", mainMenu(), "1", "700", call.CauseNone, []string{greets}, []string{"700: key 1"}, time.Second},
		{"star is a key", mainMenu(), "*", "501", call.CauseNone, []string{greets}, []string{"501: key *"}, time.Second},
		{"a key after a wrong one", mainMenu(), "91", "700", call.CauseNone, []string{greets, invalid}, []string{"700: key 1"}, 2 * time.Second},
		{"zero is a person", mainMenu(), "0", "1001", call.CauseNone, []string{greets}, []string{"1001: key 0, which always reaches a person"}, time.Second},
		{"zero of the menu's own", own, "0", "502", call.CauseNone, []string{greets}, []string{"502: key 0"}, time.Second},
		{"silence", mainMenu(), "", "1001", call.CauseNone, []string{greets, silent, silent},
			[]string{"1001: no choice after 3 greetings"}, 15*time.Second + 8*calltest.PromptTime + 5*breath},
		{"a key at the second time", mainMenu(), "       1", "700", call.CauseNone, []string{greets, silent}, []string{"700: key 1"}, 8 * time.Second},
		{"wrong keys", mainMenu(), "789", "1001", call.CauseNone, []string{greets, invalid, invalid},
			[]string{"1001: no choice after 3 greetings"}, 3 * time.Second},
		{"one try", once, "9", "1001", call.CauseNone, []string{greets}, []string{"1001: no choice after one greeting"}, time.Second},
		{"nobody behind it", dead, "0", "", call.Normal, []string{greets, invalid, silent, "fa/goodbye"}, nil,
			11*time.Second + 7*calltest.PromptTime + 4*breath},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := enter(c.menu)
				if got := v.call.Snapshot().Stage; got != "menu 500" {
					t.Errorf("stage is %q", got)
				}
				for _, key := range c.keys {
					time.Sleep(time.Second)
					if key != ' ' {
						v.caller.Press(byte(key))
					}
					synctest.Wait()
				}
				<-v.done
				if v.next != c.next || v.cause != c.cause {
					t.Errorf("went to %q with %v, want %q with %v", v.next, v.cause, c.next, c.cause)
				}
				if d := cmp.Diff(c.heard, v.heard()); d != "" {
					t.Errorf("heard:\n%s", d)
				}
				if d := cmp.Diff(c.routed, v.reasons()); d != "" {
					t.Errorf("routed:\n%s", d)
				}
				if v.took != c.took {
					t.Errorf("took %v, want %v", v.took, c.took)
				}
			})
		})
	}
}

func TestKeysBeforeTheGreetingCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := mainMenu()
		caller := calltest.NewLeg("caller", clock.System())
		caller.AutoAnswer = false
		c := call.New(call.Arrival{Leg: caller, To: "500", Language: "fa"},
			call.Options{Clock: clock.System(), Journal: &calltest.Journal{}, Log: slog.New(slog.DiscardHandler)})
		caller.Press('1')
		caller.Post(call.Answered{Leg: caller.ID()})
		var next string
		c.Run(func(c *call.Call) call.Cause { next = New(Options{}).Run(c, m.Flow()).Number; return call.Normal })
		if next != "700" || strings.Contains(strings.Join(caller.Log(), " "), "fa/welcome") {
			t.Errorf("went to %q after %v", next, caller.Log())
		}
	})
}

func TestCallerLeavesTheMenu(t *testing.T) {
	for _, after := range []time.Duration{0, 5 * time.Millisecond, 3 * time.Second, 12 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			v := enter(mainMenu())
			time.Sleep(after)
			v.caller.End(call.Normal)
			<-v.done
			if v.next != "" || v.cause != call.Normal || len(v.reasons()) != 0 {
				t.Errorf("left after %v: went to %q with %v because %v", after, v.next, v.cause, v.reasons())
			}
		})
	}
}
