package figures

import (
	stdcmp "cmp"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// archive is a book whose calls are filed one after another, late ones among them.
type archive struct {
	book
	unfiled map[call.ID]bool
	read    atomic.Int64 // calls that were counted
}

func (a *archive) Each(ctx context.Context, from, to time.Time, f func(*ledger.Entry) error) error {
	return a.book.Each(ctx, from, to, func(e *ledger.Entry) error {
		a.read.Add(1)
		return f(e)
	})
}

func (a *archive) Unfiled(to time.Time) (list []ledger.Entry) {
	for _, e := range a.entries {
		if a.unfiled[e.Call] && e.Started.Before(to) {
			list = append(list, e)
		}
	}
	return list
}

func digestsOf(times []time.Time, of func(yield func(time.Time, string))) []uint64 {
	list := make([]uint64, len(times)-1)
	of(func(at time.Time, what string) {
		for i := range list {
			if !at.Before(times[i]) && at.Before(times[i+1]) {
				h := fnv.New64a()
				h.Write(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64([]byte(what), list[i]), uint64(at.UnixNano())))
				list[i] = h.Sum64()
			}
		}
	})
	return list
}

func (a *archive) CallDigests(_ context.Context, times []time.Time) ([]uint64, error) {
	return digestsOf(times, func(yield func(time.Time, string)) {
		for _, e := range a.entries {
			if !a.unfiled[e.Call] {
				yield(e.Started, fmt.Sprint(e))
			}
		}
	}), nil
}

func (a *archive) FloorDigests(_ context.Context, times []time.Time) ([]uint64, error) {
	return digestsOf(times, func(yield func(time.Time, string)) {
		for _, s := range a.floor {
			yield(s.At, s.Agent+s.Value)
		}
	}), nil
}

// shelf is a log in memory.
type shelf struct {
	mu   sync.Mutex
	days []shelved
}

type shelved struct {
	at   time.Time
	data []byte
}

func (s *shelf) Append(at time.Time, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.days = append(s.days, shelved{at, data})
	slices.SortStableFunc(s.days, func(x, y shelved) int { return x.at.Compare(y.at) })
}

func (s *shelf) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.days)
}

func (s *shelf) Flush(context.Context) error { return nil }

func (s *shelf) Scan(_ context.Context, from, to time.Time, f func(time.Time, []byte) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.days {
		if r.at.Before(from) || !r.at.Before(to) {
			continue
		}
		if err := f(r.at.UTC(), r.data); err != nil {
			return err
		}
	}
	return nil
}

// quick is a clock that stands and does not let anybody wait.
type quick struct{ stopped }

func (quick) Sleep(ctx context.Context, _ time.Time) bool { return ctx.Err() == nil }

// TestKeptFiguresAreThoseOfTheCalls makes weeks of random calls over a change of the
// clock, keeps their figures, and lets things happen afterwards: calls that are filed
// late, steps of agents that come late, numbers that are others now, restarts, damage.
// Every report is the same as without anything kept, and those of settled days read few
// calls.
func TestKeptFiguresAreThoseOfTheCalls(t *testing.T) {
	zone := zoneOf(t, "Europe/Berlin")
	groups := []Group{ByNothing, ByHour, ByDay, ByWeekday, ByWeekHour, ByQueue, ByAgent, ByNumber, ByWay}
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		begin := time.Date(2026, 10, 20, 0, 0, 0, 0, zone)
		end := begin.AddDate(0, 0, 12)
		a := &archive{unfiled: make(map[call.ID]bool)}
		add := func(at time.Time) *ledger.Entry {
			steps, running := life(r, call.ID(fmt.Sprint("c", len(a.entries))), at)
			e := entry(steps, running)
			if r.IntN(9) == 0 {
				e.DID, e.Way = "0218866", "fxo1"
			}
			if len(e.Visits) == 0 && r.IntN(2) == 0 {
				e.Result, e.Cause = ledger.Refused, "no-channel"
			}
			a.entries = append(a.entries, e)
			slices.SortStableFunc(a.entries, func(x, y ledger.Entry) int { return x.Started.Compare(y.Started) })
			a.unfiled[e.Call] = running
			return &e
		}
		moment := func() time.Time { return begin.Add(time.Duration(r.Int64N(int64(end.Sub(begin))))).Round(0) }
		for range rapid.IntRange(1, 60).Draw(rt, "calls") {
			add(moment())
		}
		does := make(map[string]string)
		step := func(at time.Time) {
			agent := fmt.Sprint(1001 + r.IntN(4))
			does[agent] = []string{"free", "talking", "wrap-up", "paused", "logged-out"}[r.IntN(5)]
			a.floor = append(a.floor, call.Step{At: at, Type: call.StepAgent, Agent: agent, Value: does[agent]})
			slices.SortStableFunc(a.floor, func(x, y call.Step) int { return x.At.Compare(y.At) })
		}
		for at := begin; at.Before(end); at = at.Add(time.Hour) { // every hour tells of all, as the ledger does
			for agent := range 4 {
				name := fmt.Sprint(1001 + agent)
				a.floor = append(a.floor, call.Step{At: at, Type: call.StepAgent, Agent: name, Value: stdcmp.Or(does[name], "free")})
			}
			for range r.IntN(2) {
				step(at.Add(time.Duration(r.Int64N(int64(time.Hour)))))
			}
		}
		for range r.IntN(3) { // the box is off
			from, to := moment(), moment()
			if r.IntN(2) == 0 {
				to = from.Add(time.Duration(r.Int64N(int64(3 * time.Hour))))
			}
			a.floor = slices.DeleteFunc(a.floor, func(s call.Step) bool { return s.At.After(from) && s.At.Before(to) })
			if to.After(from) {
				a.floor = append(a.floor, call.Step{At: to, Type: call.StepBox, Value: "started"})
				slices.SortStableFunc(a.floor, func(x, y call.Step) int { return x.At.Compare(y.At) })
			}
		}
		cfg := config.Default()
		cfg.System.TimeZone, cfg.System.Country = "Europe/Berlin", "DE"
		opts := Options{Clock: quick{stopped{clock.System(), end.AddDate(0, 0, 5)}}, Ledger: a, Config: func() *config.Config { return cfg }}
		plain := New(opts)
		kept := &shelf{}
		opts.Archive, opts.Kept = a, kept
		room := New(opts)
		keep := func() {
			days, err := room.missing(t.Context(), 20)
			if err != nil {
				rt.Fatal(err)
			}
			select {
			case more := <-room.wanted:
				days = append(days, more...)
			default:
			}
			if err := room.Keep(t.Context(), days); err != nil {
				rt.Fatal(err)
			}
		}
		same := func() {
			q := Query{From: begin.AddDate(0, 0, r.IntN(5)).Add(time.Duration(r.IntN(3)) * 5 * time.Hour), By: groups[r.IntN(len(groups))]}
			q.To = q.From.AddDate(0, 0, 1+r.IntN(11))
			if r.IntN(3) == 0 {
				q.Queue = []string{"700", "710"}[r.IntN(2)]
			}
			if r.IntN(3) == 0 {
				q.Agent = []string{"1001", "1009"}[r.IntN(2)]
			}
			if r.IntN(4) == 0 {
				q.Number = "0218866"
			}
			if r.IntN(4) == 0 {
				q.Way = "telco"
			}
			if r.IntN(6) == 0 {
				q.Days = 3
			}
			want, err := plain.Report(t.Context(), q)
			if err != nil {
				rt.Fatal(err)
			}
			got, err := room.Report(t.Context(), q)
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(Row{}), cmpopts.EquateEmpty()); diff != "" {
				rt.Fatalf("%+v:\n%s", q, diff)
			}
		}
		keep()
		for range 6 {
			switch r.IntN(9) {
			case 0: // filed late
				for id := range a.unfiled {
					a.unfiled[id] = false
				}
				for i := range a.entries {
					a.entries[i].Running = false
				}
			case 1:
				e := add(moment())
				a.unfiled[e.Call] = a.unfiled[e.Call] || r.IntN(2) == 0 // over, and something is still to come
			case 2:
				step(moment())
			case 3:
				cfg.Extensions = []config.Extension{{Number: "1009", Formerly: []string{"1001"}}}
			case 4:
				room = New(opts)
			case 5:
				if n := len(kept.days); n > 0 {
					d := &kept.days[r.IntN(n)].data
					*d = slices.Clone(*d)
					(*d)[r.IntN(len(*d))] ^= byte(1 + r.IntN(255))
				}
			case 6:
				keep()
			}
			same()
		}
		// All is filed and kept: a report of settled days counts no call again.
		for i := range a.entries {
			a.unfiled[a.entries[i].Call], a.entries[i].Running = false, false
		}
		q := Query{From: begin, To: begin.AddDate(0, 0, 8)}
		keep() // what was asked for before
		if _, err := room.Report(t.Context(), q); err != nil {
			rt.Fatal(err)
		}
		keep()
		whole, err := room.Report(t.Context(), q)
		if err != nil {
			rt.Fatal(err)
		}
		digests, err := room.digests(t.Context(), room.wholeDays(q.From, q.To))
		if err != nil || slices.Contains(digests, 0) { // of a day on which nothing was there is nothing to keep
			return
		}
		a.read.Store(0)
		if _, err := room.Report(t.Context(), q); err != nil || a.read.Load() > 0 && whole.Closes {
			rt.Fatalf("%d calls were counted again: %v", a.read.Load(), err)
		}
	})
}

func FuzzKeptDay(f *testing.F) {
	t := newTally()
	t.Offered, t.Wait, t.WaitMax, t.LoggedIn, t.Overflow["full"] = 3, 12_345, 9_999, -1, 2
	t.Waits.add(700)
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	good, _ := packDay(7, day, map[string]*Tally{cell{answeredCell, day.Unix() + 3600, "700", "1001", "021", "telco"}.key(): t})
	f.Add(good[keptHead:])
	f.Fuzz(func(t *testing.T, cellsOf []byte) {
		data := append(make([]byte, keptHead), cellsOf...)
		data[0], data[1] = keptForm, 7
		binary.BigEndian.PutUint32(data[9:], crc32.ChecksumIEEE(cellsOf))
		cells := make(map[string]*Tally)
		again := true
		if unpackDay(data, day, func(k cell, t *Tally) {
			_, ok := cellFrom(k.key())
			again = again && ok && t.Lost == 0 && t.Waiting == 0
			cells[k.key()] = t
		}) != nil || !again {
			return
		}
		packed, ok := packDay(digestOf(data), day, cells)
		if !ok {
			t.Fatal("what was read cannot be written")
		}
		back := make(map[string]*Tally)
		if err := unpackDay(packed, day, func(k cell, t *Tally) { back[k.key()] = t }); err != nil || !cmp.Equal(cells, back, cmpopts.EquateEmpty()) {
			t.Fatalf("%v\n%s", err, cmp.Diff(cells, back))
		}
	})
}

// TestSumsAreAllCounts sets every number of a Tally: all but the longest wait are added.
func TestSumsAreAllCounts(t *testing.T) {
	one, sum := newTally(), newTally()
	v := reflect.ValueOf(one).Elem()
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.Int64 {
			v.Field(i).SetInt(int64(i + 1))
		}
	}
	sum.Add(one)
	if diff := cmp.Diff(one, sum); diff != "" {
		t.Error(diff)
	}
}
