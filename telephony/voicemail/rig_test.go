package voicemail

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// library is what was put into it.
type library struct {
	mu     sync.Mutex
	sounds map[string][]int16
	most   int
}

func (l *library) Add(name string, pcm []int16) {
	l.mu.Lock()
	l.sounds[name] = pcm
	l.most = max(l.most, len(l.sounds))
	l.mu.Unlock()
}

func (l *library) Remove(name string) { l.mu.Lock(); delete(l.sounds, name); l.mu.Unlock() }

// rig is a room on a directory of the test, with boxes 1001 (PIN 1234) and 1002 (none).
type rig struct {
	*Room
	t    *testing.T
	dir  string
	cfg  *config.Config
	lib  library
	news *event.Sub[event.Topic]
	mu   sync.Mutex
	free int64
	stop func()
}

func newRig(t *testing.T) *rig {
	g := &rig{t: t, dir: t.TempDir(), cfg: config.Default(), lib: library{sounds: make(map[string][]int16)}, free: 10_000 * megabyte}
	g.cfg.Extensions = []config.Extension{{Number: "1001", Voicemail: config.Mailbox{Enabled: true, PIN: "1234"}},
		{Number: "1002", Voicemail: config.Mailbox{Enabled: true}}, {Number: "1003"}}
	g.open()
	return g
}

// open is a room of a process that has just started.
func (g *rig) open() {
	news := &event.News{}
	g.news = news.Subscribe(64, event.Messages)
	var err error
	g.Room, err = Open(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: news, Health: health.NewBoard(clock.System(), news),
		Config: func() *config.Config { return g.cfg }, Library: &g.lib, Dir: g.dir,
		Disk: func(string) (free, size int64, err error) {
			g.mu.Lock()
			defer g.mu.Unlock()
			return g.free, 100_000 * megabyte, nil
		}})
	if err != nil {
		g.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); g.Room.Run(ctx) }()
	g.stop = func() { cancel(); <-done }
	synctest.Wait()
}

func (g *rig) setFree(n int64) { g.mu.Lock(); g.free = n; g.mu.Unlock() }

// caller is somebody in a mailbox.
type caller struct {
	g       *rig
	leg     *calltest.Leg
	journal calltest.Journal
	done    chan struct{}
	next    string
}

func (g *rig) comes(from string, script func(c *call.Call) string) *caller {
	v := &caller{g: g, leg: calltest.NewLeg(from, clock.System()), done: make(chan struct{})}
	c := call.New(call.Arrival{Leg: v.leg, From: call.Party{Number: from}, To: "1001", Language: "en"},
		call.Options{Clock: clock.System(), Journal: &v.journal, Log: slog.New(slog.DiscardHandler)})
	go func() {
		defer close(v.done)
		c.Run(func(c *call.Call) call.Cause { v.next = script(c); return call.Normal })
	}()
	synctest.Wait()
	return v
}

func (g *rig) leaves(box string, why call.Cause) *caller {
	return g.comes("0912", func(c *call.Call) string { g.Leave(c, box, why); return "" })
}

func (g *rig) listens(box string) *caller {
	return g.comes("1001", func(c *call.Call) string { next, _ := g.Listen(c, box); return next })
}

// hears waits until the caller hears something.
func (v *caller) hears(what string) {
	v.g.t.Helper()
	for range 2000 {
		if strings.Contains(v.leg.Sound.Now(), what) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	v.g.t.Fatalf("the caller hears %q, want %q; steps %v", v.leg.Sound.Now(), what, v.steps())
}

// recorded waits for the beep to be over.
func (v *caller) recorded() call.Tap {
	v.g.t.Helper()
	for range 2000 {
		if taps := v.leg.Sound.Taps(); len(taps) > 0 {
			return taps[0]
		}
		time.Sleep(5 * time.Millisecond)
	}
	v.g.t.Fatalf("nothing is recorded; he hears %q", v.leg.Sound.Now())
	return nil
}

// says lets the caller say a square wave of a level for a time.
func says(tap call.Tap, d time.Duration, level int16) {
	frame := make([]int16, 160)
	for i := range frame {
		frame[i] = level
		if i/8%2 == 0 {
			frame[i] = -level
		}
	}
	for range d / (20 * time.Millisecond) {
		tap.Frame(frame, nil)
		time.Sleep(20 * time.Millisecond)
	}
	synctest.Wait()
}

func (v *caller) key(k byte) { v.leg.Press(k); synctest.Wait() }

func (v *caller) hangsUp() { v.leg.End(call.Normal); <-v.done; synctest.Wait() }

// steps are what the journal says of the mailbox.
func (v *caller) steps() (list []string) {
	for _, s := range v.journal.Steps() {
		if s.Type == call.StepVoicemail {
			reason, _, _ := strings.Cut(s.Reason, ", 2")
			list = append(list, strings.TrimSpace(s.Number+" "+s.Value+" "+reason))
		}
	}
	return list
}

func (v *caller) wants(steps ...string) {
	v.g.t.Helper()
	if got := strings.Join(v.steps(), "; "); got != strings.Join(steps, "; ") {
		v.g.t.Errorf("the journal has %q, want %q", got, steps)
	}
}

// message leaves one of 3 s.
func (g *rig) message(box string) Message {
	g.t.Helper()
	v := g.leaves(box, call.NoAnswer)
	says(v.recorded(), 3*time.Second, 5000)
	v.hangsUp()
	return g.List(box)[0]
}

func (g *rig) wants(box string, fresh, old int) {
	g.t.Helper()
	synctest.Wait()
	if got := g.Count(box); got != (Counts{fresh, old}) {
		g.t.Errorf("box %s has %+v, want %d new and %d old", box, got, fresh, old)
	}
}

// files are how many are kept.
func (g *rig) files() (n int) {
	g.t.Helper()
	synctest.Wait()
	boxes, err := os.ReadDir(g.dir)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, b := range boxes {
		list, err := os.ReadDir(g.dir + "/" + b.Name())
		if err != nil {
			g.t.Fatal(err)
		}
		n += len(list)
	}
	return n
}
