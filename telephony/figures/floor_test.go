package figures_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/queue"
)

// TestTheRealFloorAddsUp lets random callers and agents loose on the real queues, with
// the real ledger on a real disk, stops the box in the middle of it, and looks whether
// the figures close: while they wait, after the stop, and after a restart.
func TestTheRealFloorAddsUp(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { synctest.Test(t, func(t *testing.T) { floorDay(t, seed) }) })
	}
}

func floorDay(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 7))
	someOf := func(r *rand.Rand, most time.Duration) time.Duration { return time.Duration(r.Int64N(int64(most))) }
	some := func(most time.Duration) time.Duration { return someOf(r, most) }
	cfg := config.Default()
	cfg.System.TimeZone = "UTC"
	agents := []string{"1001", "1002", "1003"}
	phones := make(map[string]*calltest.Phone)
	for _, ext := range agents {
		cfg.Extensions = append(cfg.Extensions, config.Extension{Number: ext})
		phones[ext] = calltest.NewPhone(ext, clock.System())
	}
	sec := func(n int) config.Duration { return config.Duration(time.Duration(n) * time.Second) }
	for i, strategy := range []config.QueueStrategy{config.LongestIdle, config.RingAll} {
		cfg.Queues = append(cfg.Queues, config.Queue{Number: fmt.Sprint(700 + i), Strategy: strategy, Agents: []config.QueueAgent{{Extension: agents[i]}, {Extension: agents[i+1]}}, Music: "default",
			RingFor: sec(15), WrapUp: sec(10), MaxWait: sec(90), MaxCallers: 5, Operator: "1009"})
	}
	log := slog.New(slog.DiscardHandler)
	dir := t.TempDir()
	open := func() (l *ledger.Ledger, closed func()) {
		s, err := store.Open(dir, store.Options{Clock: clock.System()})
		if err != nil {
			t.Fatal(err)
		}
		l = ledger.New(ledger.Options{Clock: clock.System(), Log: s.Log("ledger"), Calls: s.Log("calls"), Floor: s.Log("floor"), News: &event.News{}, Logger: log})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.Run(ctx) }()
		synctest.Wait()
		return l, func() {
			cancel()
			if err := errors.Join(<-done, s.Close()); err != nil {
				t.Error(err)
			}
		}
	}
	l, closeLedger := open()
	journal := &calltest.Journal{}
	floor := queue.New(queue.Options{Clock: clock.System(), Journal: both{l, journal}, News: &event.News{}, Log: log, Config: cfg,
		Endpoints: func(ext string) []call.Endpoint { return []call.Endpoint{phones[ext]} }})
	ctx, stop := context.WithCancel(t.Context())
	floorEnds := make(chan error, 1)
	go func() { floorEnds <- floor.Run(ctx) }()
	synctest.Wait()
	for i, ext := range agents {
		p, r := phones[ext], rand.New(rand.NewPCG(seed, uint64(i)))
		go func() {
			for leg := range p.Rung {
				leg.Post(call.Ringing{Leg: leg.ID()})
				after, talk := someOf(r, 20*time.Second), someOf(r, 2*time.Minute)
				switch r.IntN(5) {
				case 0:
					time.AfterFunc(after, func() { leg.End(call.Rejected) })
				case 1: // rings on
				default:
					time.AfterFunc(after, func() { leg.Post(call.Answered{Leg: leg.ID()}) })
					time.AfterFunc(after+talk, func() { leg.End(call.Normal) })
				}
			}
		}()
	}
	begin := time.Now()
	report := func(l *ledger.Ledger, when string) map[string]float64 {
		room := figures.New(figures.Options{Clock: clock.System(), Ledger: l, Config: func() *config.Config { return cfg }})
		got, err := room.Report(t.Context(), figures.Query{From: begin, To: time.Now().Add(time.Hour), By: figures.ByQueue})
		if err != nil || !got.Closes {
			t.Fatalf("%s: %v, off by %d: %v", when, err, got.Difference, got.Unclosed)
		}
		return got.Total.Values
	}
	var running []*call.Call
	done := make(chan struct{}, 200)
	for i := range 80 {
		leg := calltest.NewLeg(fmt.Sprintf("0912000%04d", r.IntN(30)), clock.System())
		c := call.New(call.Arrival{Leg: leg, From: call.Party{Number: leg.Name}, To: "700"}, call.Options{Clock: clock.System(), Journal: both{l, journal}, Log: log})
		running = append(running, c)
		go func() {
			c.Run(func(c *call.Call) call.Cause { _, cause := floor.Serve(c, fmt.Sprint(700+i%2)); return cause })
			done <- struct{}{}
		}()
		switch r.IntN(4) {
		case 0:
			time.AfterFunc(some(time.Minute), func() { leg.End(call.Normal) })
		case 1:
			time.AfterFunc(some(2*time.Minute), func() { leg.Press('0') })
		}
		time.Sleep(some(20 * time.Second))
		synctest.Wait()
		if i%20 == 10 {
			report(l, "while it runs")
		}
	}
	for _, c := range running { // the box stops
		c.Post(call.Release{Cause: call.Shutdown})
	}
	for range running {
		<-done
	}
	stop()
	<-floorEnds
	synctest.Wait()
	before := report(l, "stopped")
	if before["offered"] != 80 || before["waiting"] != 0 || before["answered"] < 5 || before["abandoned"] < 2 || before["overflow"] < 2 || before["interrupted"] < 1 {
		t.Errorf("a poor day: %v", before)
	}
	joined, left := 0, 0
	for _, s := range journal.Steps() { // an independent count
		switch s.Type {
		case call.StepQueueJoined, call.StepQueueRefused:
			joined++
		case call.StepQueueLeft:
			if s.Reason == "abandoned" {
				left++
			}
		}
	}
	if float64(left) != before["abandoned"] || joined < 80 {
		t.Errorf("%d gave up, the figures have %v; %d came", left, before["abandoned"], joined)
	}
	for _, p := range phones {
		close(p.Rung)
	}
	closeLedger()
	l, closeLedger = open()
	after := report(l, "after a restart")
	for _, id := range []string{"offered", "answered", "abandoned", "overflow", "interrupted", "asa", "talk", "offers"} {
		if before[id] != after[id] {
			t.Errorf("%s was %v, after a restart it is %v", id, before[id], after[id])
		}
	}
	closeLedger()
}

// both are two journals.
type both struct{ a, b call.Journal }

func (x both) Note(s call.Step) { x.a.Note(s); x.b.Note(s) }
