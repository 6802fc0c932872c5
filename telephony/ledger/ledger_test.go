package ledger

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/telephony/call"
)

// memory is a log without a disk.
type memory struct {
	mu        sync.Mutex
	at        []time.Time
	data      [][]byte
	committed int
}

func (m *memory) Append(at time.Time, data []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at, m.data = append(m.at, at), append(m.data, data)
}

func (m *memory) Flush(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.committed = len(m.data)
	return nil
}

func (m *memory) Scan(_ context.Context, from, to time.Time, f func(time.Time, []byte) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var order []int
	for i, at := range m.at[:m.committed] {
		if !at.Before(from) && at.Before(to) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return m.at[a].Compare(m.at[b]) })
	for _, i := range order {
		if err := f(m.at[i], m.data[i]); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Back(ctx context.Context, from, to time.Time, f func(time.Time, []byte) error) error {
	var at []time.Time
	var data [][]byte
	_ = m.Scan(ctx, from, to, func(t time.Time, d []byte) error { at, data = append(at, t), append(data, d); return nil })
	for i := len(at) - 1; i >= 0; i-- {
		if err := f(at[i], data[i]); err != nil {
			return err
		}
	}
	return nil
}

// disk are the logs of a ledger.
type disk struct{ steps, calls, floor memory }

func (d *disk) options() Options {
	return Options{Clock: clock.System(), Log: &d.steps, Calls: &d.calls, Floor: &d.floor, News: &event.News{},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// run runs a ledger over its logs until the returned function is called.
func run(t *testing.T, d *disk, news *event.News) (*Ledger, func()) {
	o := d.options()
	o.News = news
	return start(t, o)
}

func start(t *testing.T, o Options) (*Ledger, func()) {
	l := New(o)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		if err := l.Run(ctx); err != nil {
			t.Error(err)
		}
		close(done)
	}()
	return l, func() { cancel(); <-done }
}

func TestLedgerSurvivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log disk
		var news event.News
		told := news.Subscribe(1)
		start := time.Now()
		l, stop := run(t, &log, &news)
		steps := servedCall(start)
		for _, s := range steps[:20] {
			l.Note(s)
		}
		synctest.Wait()
		if got, err := l.Steps(t.Context(), "call-1"); err != nil || len(got) != 20 || len(l.Records(10, time.Time{})) != 0 {
			t.Errorf("while it runs: %d steps, %v, records %v", len(got), err, l.Records(10, time.Time{}))
		}
		for _, s := range steps[20:] {
			l.Note(s)
		}
		synctest.Wait()
		if topic := <-told.C; topic != event.Ledger {
			t.Errorf("news of %s", topic)
		}
		before := l.Records(10, time.Time{})
		stop()

		l, stop = run(t, &log, &news)
		synctest.Wait()
		if diff := gocmp.Diff(before, l.Records(10, time.Time{})); diff != "" || len(before) != 1 {
			t.Errorf("records before and after:\n%s", diff)
		}
		got, err := l.Steps(t.Context(), "call-1")
		if diff := gocmp.Diff(steps, got); diff != "" || err != nil {
			t.Errorf("steps: %v\n%s", err, diff)
		}
		if _, err := l.Steps(t.Context(), "20260301-080000-00000000"); !errors.Is(err, ErrUnknown) {
			t.Errorf("steps of no call: %v", err)
		}
		stop()
	})
}

func TestCallsCutByARestartAreClosedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log disk
		l, stop := run(t, &log, &event.News{})
		steps := servedCall(time.Now())
		for _, s := range steps[:16] { // they were talking
			l.Note(s)
		}
		synctest.Wait()
		stop()
		for range 2 {
			time.Sleep(time.Hour)
			l, stop = run(t, &log, &event.News{})
			synctest.Wait()
			records := l.Records(10, time.Time{})
			if len(records) != 1 || records[0].Result != Interrupted || !records[0].Ended.Equal(steps[15].At) {
				t.Errorf("records: %+v", records)
			}
			stop()
		}
		if len(log.steps.data) != 17 {
			t.Errorf("%d entries for 16 steps and one end", len(log.steps.data))
		}
		story := Explain(append(steps[:16:16], call.Step{Type: call.StepEnded, Reason: cutByRestart, At: steps[15].At}), "en", nil)
		if last := story[len(story)-1]; !strings.HasSuffix(last, "The box restarted during the call") {
			t.Errorf("the story ends: %s", last)
		}
	})
}

func TestRecordsAreNewestFirstAndBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log disk
		l, stop := run(t, &log, &event.News{})
		base := time.Now().UTC()
		for i := range cached + 200 {
			id := call.ID(fmt.Sprint(i))
			at := base.Add(time.Duration(i) * time.Minute)
			l.Note(call.Step{Call: id, At: at, Type: call.StepArrived})
			l.Note(call.Step{Call: id, At: at.Add(time.Hour), Type: call.StepEnded, Cause: "normal"})
			if i%1000 == 999 {
				synctest.Wait()
			}
		}
		synctest.Wait()
		page := l.Records(50, time.Time{})
		next := l.Records(5000, page[49].Started)
		if page[0].Call != "1199" || next[0].Call != "1149" || len(next) != cached-50 || next[len(next)-1].Call != "200" {
			t.Errorf("first %s, second page from %s to %s, %d records", page[0].Call, next[0].Call, next[len(next)-1].Call, len(next))
		}
		time.Sleep(48 * time.Hour)
		stop()
		again, stop := run(t, &log, &event.News{})
		synctest.Wait()
		if diff := gocmp.Diff(l.Records(5000, time.Time{}), again.Records(5000, time.Time{})); diff != "" {
			t.Errorf("after a restart:\n%s", diff)
		}
		stop()
	})
}

func TestNoteNeverBlocksAndCountsWhatItDrops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		o := new(disk).options()
		o.Logger = slog.New(slog.NewTextHandler(&out, nil))
		l := New(o)
		for range backlog + 7 { // nobody reads yet
			l.Note(call.Step{Call: "x", At: time.Now(), Type: call.StepSaid})
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := l.Run(ctx); err != nil {
			t.Error(err)
		}
		if !strings.Contains(out.String(), "steps=7") {
			t.Errorf("log: %s", out.String())
		}
	})
}

func TestALongCallIsReadBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log disk
		l, stop := run(t, &log, &event.News{})
		l.Note(call.Step{Call: "long", At: time.Now(), Type: call.StepArrived})
		for range liveSteps + 10 {
			time.Sleep(time.Second)
			l.Note(call.Step{Call: "long", At: time.Now(), Type: call.StepPressed, Value: "1"})
		}
		synctest.Wait()
		if steps, err := l.Steps(t.Context(), "long"); err != nil || len(steps) != liveSteps+11 {
			t.Errorf("%d steps, %v", len(steps), err)
		}
		stop()
	})
}

// TestLiveAndRebuiltAgree notes random calls, sense and nonsense, and compares
// what the ledger made of them with a rebuild from its log.
func TestLiveAndRebuiltAgree(t *testing.T) {
	types := []call.StepType{call.StepRouted, call.StepAnswered, call.StepSaid, call.StepPressed, call.StepRinging, call.StepUnringing,
		call.StepBridged, call.StepUnbridged, call.StepHeld, call.StepResumed, call.StepRefused, call.StepQueueJoined, call.StepQueueRefused,
		call.StepQueueAnnounced, call.StepQueueOffered, call.StepQueueMissed, call.StepQueueConnected, call.StepQueueLeft,
		call.StepQueueWithdrawn, call.StepTransferred, call.StepWrapUp, call.StepReady, call.StepWrapOver, call.StepCallback, call.StepSurvey}
	rapid.Check(t, func(rt *rapid.T) {
		var log disk
		l := New(log.options())
		at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
		calls := rapid.IntRange(1, 4).Draw(rt, "calls")
		note := func(id int, typ call.StepType, s call.Step) {
			at = at.Add(time.Duration(rapid.IntRange(0, 90_000_000).Draw(rt, "µs")) * time.Microsecond)
			s.Call, s.Type, s.At = call.ID(fmt.Sprint("call-", id)), typ, at
			l.Note(s)
		}
		for id := range calls {
			note(id, call.StepArrived, call.Step{Leg: "caller", Party: call.Party{Number: "0912"}, Number: "700"})
		}
		for range rapid.IntRange(0, 80).Draw(rt, "steps") {
			note(rapid.IntRange(0, calls-1).Draw(rt, "call"), rapid.SampledFrom(types).Draw(rt, "type"), call.Step{
				Leg:   call.LegID(rapid.SampledFrom([]string{"caller", "a", "b"}).Draw(rt, "leg")),
				Cause: rapid.SampledFrom([]string{"normal", "busy", "cancelled", "unknown-number"}).Draw(rt, "cause"),
				Queue: "700", Agent: "1001", Value: "1", Reason: rapid.SampledFrom([]string{"abandoned", "timeout"}).Draw(rt, "reason"),
			})
		}
		for id := range calls {
			note(id, call.StepEnded, call.Step{Cause: "normal"})
			note(id, call.StepWrapUp, call.Step{Agent: "1001", Value: "10"})
		}
		for len(l.in) > 0 {
			l.take(<-l.in)
		}
		live := l.Records(100, time.Time{})
		if len(live) != calls || len(l.live) != 0 {
			rt.Fatalf("%d records of %d calls, %d still live", len(live), calls, len(l.live))
		}
		for _, r := range live {
			steps, err := l.Steps(t.Context(), r.Call)
			if err != nil {
				rt.Fatal(err)
			}
			if diff := gocmp.Diff(r, Summarise(steps)); diff != "" {
				rt.Fatalf("live and rebuilt:\n%s", diff)
			}
			if lasted := r.Ended.Sub(r.Started); r.Hold > r.Talk || max(r.Wait, r.Ring, r.Talk).D() > lasted {
				rt.Fatalf("durations do not add up in %v: %+v", lasted, r)
			}
			for _, lang := range []string{"fa", "en"} {
				if story := strings.Join(Explain(steps, lang, nil), "\n"); strings.Contains(story, "%!") || strings.Contains(story, "EXTRA") {
					rt.Fatalf("badly told:\n%s", story)
				}
			}
		}
		again := New(l.opts)
		if err := again.load(t.Context()); err != nil {
			rt.Fatal(err)
		}
		sort := func(list []Record) []Record {
			slices.SortFunc(list, func(a, b Record) int { return cmp.Compare(a.Call, b.Call) })
			return list
		}
		if diff := gocmp.Diff(sort(live), sort(again.Records(100, time.Time{}))); diff != "" {
			rt.Fatalf("live and loaded:\n%s", diff)
		}
	})
}

// TestRealStore keeps a call on a real disk.
func TestRealStore(t *testing.T) {
	dir := t.TempDir()
	steps := servedCall(time.Now().Add(-time.Minute).Round(0).UTC())
	ready := func(l *Ledger) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); len(l.Records(1, time.Time{})) == 0; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("no record")
			}
		}
	}
	open := func() (*Ledger, func()) {
		s, err := store.Open(dir, store.Options{Clock: clock.System()})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		l, stop := start(t, Options{Clock: clock.System(), Log: s.Log("ledger"), Calls: s.Log("calls"), Floor: s.Log("floor"),
			News: &event.News{}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
		return l, func() {
			stop()
			cancel()
			if err := errors.Join(<-done, s.Close()); err != nil {
				t.Error(err)
			}
		}
	}
	l, stop := open()
	for _, s := range steps {
		l.Note(s)
	}
	ready(l)
	before := l.Records(1, time.Time{})
	stop()
	l, stop = open()
	defer stop()
	ready(l)
	if diff := gocmp.Diff(before, l.Records(1, time.Time{})); diff != "" {
		t.Errorf("record:\n%s", diff)
	}
	got, err := l.Steps(t.Context(), "call-1")
	if diff := gocmp.Diff(steps, got); diff != "" || err != nil {
		t.Errorf("steps: %v\n%s", err, diff)
	}
}
