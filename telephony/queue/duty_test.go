package queue

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// dials lets an agent dial a code and returns what he is told.
func (h *house) dials(ext string, f config.Feature) (told string) {
	h.Helper()
	leg := calltest.NewLeg(ext+"-dials", clock.System())
	c := call.New(call.Arrival{Leg: leg, From: call.Party{Number: ext}, To: "*45", Origin: call.Origin{Extension: ext}},
		call.Options{Clock: clock.System(), Journal: h.journal, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	h.calls.Go(func() {
		c.Run(func(c *call.Call) call.Cause { told = h.floor.Duty(c, ext, f); return call.Normal })
	})
	synctest.Wait()
	return told
}

func (h *house) told(want, ext string, f config.Feature) {
	h.Helper()
	if got := h.dials(ext, f); got != want {
		h.Errorf("%s dials %+v and is told %q, want %q", ext, f, got, want)
	}
}

type memory struct{ text []byte }

func (m *memory) Read() ([]byte, error) { return m.text, nil }
func (m *memory) Keep(b []byte)         { m.text = b }

var (
	login  = config.Feature{Kind: config.Login}
	pause  = config.Feature{Kind: config.Pause}
	login7 = config.Feature{Kind: config.Login, Number: "700"}
)

func TestWhoLogsOutIsNotRung(t *testing.T) {
	bubble(t, keep, func(h *house) {
		h.told("logged-out", "1001", login)
		h.states("1001 logged-out, 1002 free")
		c := h.arrive("0912")
		leg := h.rung("1002")
		h.quiet("1001")
		h.answer(leg)
		second := h.arrive("0913")
		h.quiet("1001")
		h.told("logged-in", "1001", login7)
		h.answer(h.rung("1001"))
		c.End(call.Normal)
		second.End(call.Normal)
		h.told("", "1003", login) // no agent
		h.told("", "1001", config.Feature{Kind: config.Login, Number: "999"})
	})
}

func TestWhoRestsIsNotRung(t *testing.T) {
	bubble(t, keep, func(h *house) {
		h.told("paused", "1001", config.Feature{Kind: config.Pause, Reason: "2"})
		h.told("paused", "1002", pause)
		h.states("1001 paused, 1002 paused")
		if a := h.agent("1001").Absences; len(a) != 1 || a[0].Reason != "2" || a[0].Queue != "700" {
			t.Errorf("1001 is away as %+v", a)
		}
		c := h.arrive("0912") // they come back: he waits
		h.quiet("1001")
		h.quiet("1002")
		h.told("ready", "1002", pause)
		h.answer(h.rung("1002"))
		c.End(call.Normal)
		h.told("logged-out", "1001", login)
		h.told("", "1001", pause) // who is out does not rest
	})
}

func TestAQueueWhoseAgentsHaveLeftIsEmpty(t *testing.T) {
	bubble(t, keep, func(h *house) {
		h.plug("1001", nil)
		h.plug("1002", nil)
		c := h.arrive("0912")
		h.told("logged-out", "1001", login)
		h.told("logged-out", "1002", login)
		h.after(time.Second)
		if cause, over := c.Ended(); !over || cause != call.NoAnswer {
			t.Errorf("the caller's leg ended: %v for %s", over, cause)
		}
	})
}

// TestLogInsAreKept: another floor with the memory of the first begins as it ended.
func TestLogInsAreKept(t *testing.T) {
	bubble(t, keep, func(h *house) {
		m := &memory{}
		cfg := h.config
		run := func(test func(f *Floor)) {
			o := h.floor.opts
			o.Memory, o.Config = m, &cfg
			f := New(o)
			ctx, cancel := context.WithCancel(h.Context())
			done := make(chan struct{})
			go func() { _ = f.Run(ctx); close(done) }()
			synctest.Wait()
			old := h.floor
			h.floor = f
			test(f)
			h.floor = old
			cancel()
			<-done
		}
		run(func(*Floor) {
			h.told("logged-out", "1001", login)
			h.told("paused", "1002", pause)
		})
		run(func(f *Floor) {
			h.states("1001 logged-out, 1002 paused")
			b := f.Board()
			if b.LoggedIn("1001", "700") || b.LoggedIn("1001", "") || !b.LoggedIn("1002", "700") || !b.Resting("1002", "") || b.Resting("1001", "700") || b.LoggedIn("1003", "") {
				t.Errorf("the board says %+v", b.Agents)
			}
			h.told("logged-in", "1001", login)
		})
		m.text = []byte("damaged")
		run(func(*Floor) { h.states("1001 free, 1002 free") })
	})
}

// TestLastTalksAreKept: an agent says what his last call was after a restart, which ends
// the wrap-up that waits for it.
func TestLastTalksAreKept(t *testing.T) {
	bubble(t, disposed, func(h *house) {
		h.stop()
		h.start()
		a := h.arrive("a")
		h.answer(h.rung("1001"))
		a.End(call.Normal)
		h.after(15 * time.Second) // the ten seconds of the queue are over
		h.stop()
		h.start()
		h.states("1001 wrap-up, 1002 free")
		me := call.Party{Number: "1001"}
		if err := h.floor.Dispose("1002", "", "1", me); err != ErrNoContact {
			t.Errorf("who had no call: %v", err)
		}
		if err := h.floor.Dispose("1001", a.call.ID(), "1", me); err != nil {
			t.Error(err)
		}
		h.states("1001 free, 1002 free")
		h.want(h.events(call.StepDisposition), "disposition 1001 1 Sold")
		h.stop()
		h.start()
		if err := h.floor.Dispose("1001", "", "1", me); err != nil {
			t.Errorf("a later word: %v", err)
		}
	})
}
