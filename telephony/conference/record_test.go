package conference

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
)

// deck is a recorder that notes what it is told. Phones whose names begin with "our" are
// the box's.
type deck struct {
	mu   sync.Mutex
	log  []string
	talk call.Talk
}

func (d *deck) note(s string) { d.mu.Lock(); d.log = append(d.log, s); d.mu.Unlock() }

func (d *deck) told() []string { d.mu.Lock(); defer d.mu.Unlock(); return slices.Clone(d.log) }

func (d *deck) Record(_ call.Room, t call.Talk) Tape {
	d.note("begin " + t.From.Number)
	d.talk = t
	return reel{d}
}

func (d *deck) Notice(string) call.Program { return call.Say("recorded") }

func (d *deck) Code(keys string) call.RecordDo {
	switch {
	case strings.HasSuffix(keys, "*1"):
		return call.RecordTurn
	case strings.HasSuffix(keys, "*2"):
		return call.RecordHush
	}
	return ""
}

func (d *deck) Ours(leg call.Leg) bool { return strings.HasPrefix(leg.Peer().Number, "our") }

type reel struct{ *deck }

func (r reel) Name() string     { return "reel" }
func (r reel) With(t call.Talk) { r.note("with " + t.Agent) }
func (r reel) Pause(on bool)    { r.note(map[bool]string{true: "pause", false: "go on"}[on]) }
func (r reel) End()             { r.note("end") }

// meets makes a conference whose members come with a PIN.
func meets(cfg *config.Conference) (d *deck, rooms *Rooms, house *studio, come func(name, pin string) *guest) {
	d, house = &deck{}, &studio{}
	rooms = New(Options{Clock: clock.System(), News: &event.News{}, NewRoom: house.NewRoom, Recorder: d})
	return d, rooms, house, func(name, pin string) *guest {
		g := dial(rooms, name, cfg)
		synctest.Wait()
		if cfg.ModeratorPIN != "" {
			g.keys(pin + "#")
		}
		return g
	}
}

func (g *guest) values() (list []string) {
	for _, s := range g.journal.Steps() {
		if s.Type == call.StepRecording {
			list = append(list, s.Value+" by "+s.Party.Number)
		}
	}
	return list
}

func TestRecordingByKeys(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  config.Conference
		keys map[string]string // by whom
		want []string
	}{
		{"any phone of ours", config.Conference{Record: config.RecordOnDemand}, map[string]string{"our2": "*1"}, []string{"begin our2", "with our1", "with our2", "with their3", "end"}},
		{"nobody outside", config.Conference{Record: config.RecordOnDemand}, map[string]string{"their3": "*1"}, nil},
		{"the moderator", config.Conference{Record: config.RecordOnDemand, ModeratorPIN: "987654"}, map[string]string{"our1": "*1*2*2*1"}, []string{"begin our1", "with our1", "with our2", "with their3", "pause", "go on", "end"}},
		{"no other member", config.Conference{Record: config.RecordOnDemand, ModeratorPIN: "987654"}, map[string]string{"our2": "*1"}, nil},
		{"not by key if always", config.Conference{Record: config.RecordAlways}, map[string]string{"our2": "*1"}, []string{"begin our2", "with our1", "with our2", "with their3", "end"}},
		{"pause if always", config.Conference{Record: config.RecordAlways}, map[string]string{"our2": "*2"}, []string{"begin our2", "with our1", "with our2", "with their3", "pause", "end"}},
		{"never", config.Conference{Record: config.RecordNever}, map[string]string{"our2": "*1*2"}, nil},
		{"nobody said so", config.Conference{}, map[string]string{"our2": "*1*2"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.cfg.Number = "800"
				d, _, _, come := meets(&c.cfg)
				guests := map[string]*guest{}
				pin := "987654"
				for _, name := range []string{"our1", "our2", "their3"} {
					guests[name] = come(name, pin)
					synctest.Wait()
					pin = ""
				}
				for name, keys := range c.keys {
					guests[name].keys(keys)
				}
				for _, g := range guests {
					g.leaves()
				}
				if !cmp.Equal(d.told(), c.want) {
					t.Errorf("%q, want %q", d.told(), c.want)
				}
			})
		})
	}
}

// TestRecordingFromThePage: everybody is told, also who comes later; what is keyed in a
// pause is not in the journal, and who stops it stops an always recorded one for good.
func TestRecordingFromThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, rooms, house, come := meets(&config.Conference{Number: "800", Record: config.RecordAlways})
		user := call.Party{Name: "admin"}
		ask := func(do call.RecordDo, ok bool, want string) {
			t.Helper()
			if got := rooms.Record("800", do, user); got != ok {
				t.Errorf("%s: %v", do, got)
			}
			synctest.Wait()
			if b := rooms.Board(); len(b) == 1 && b[0].Recording != want {
				t.Errorf("after %s the board shows %q, want %q", do, b[0].Recording, want)
			}
		}
		ask(call.RecordStart, false, "")
		ann := come("ann", "")
		ask(call.RecordStart, false, "") // alone
		ben := come("ben", "")
		ask(call.RecordPause, true, call.RecordingPaused)
		ann.keys("4711")
		ask(call.RecordResume, true, call.RecordingOn)
		ann.keys("9")
		if got := ann.noted(call.StepPressed); got != "9" {
			t.Errorf("the journal has the key %q", got)
		}
		cid := come("cid", "")
		if cid.told() != "recorded" || !slices.Contains(house.made()[0].Said(), "recorded") {
			t.Errorf("told: %q, %q", cid.told(), house.made()[0].Said())
		}
		ask(call.RecordStop, true, call.RecordingOff)
		come("dan", "").leaves()
		if want := []string{"begin ben", "with ann", "with ben", "pause", "go on", "with cid", "end"}; !cmp.Equal(d.told(), want) {
			t.Errorf("%q, want %q", d.told(), want)
		}
		ask(call.RecordStart, true, call.RecordingOn)
		d.talk.Tell.Post(call.Lost{Name: "reel"})
		synctest.Wait()
		if got := rooms.Board()[0].Recording; got != call.RecordingOff {
			t.Errorf("after the disk was full the board shows %q", got)
		}
		want := []string{"began by ", "stopped by admin", "began by admin"}
		if got := cid.values(); !cmp.Equal(got, want) {
			t.Errorf("the journal of who came later: %q, want %q", got, want)
		}
		for _, g := range []*guest{ann, ben, cid} {
			g.leaves()
		}
	})
}
