package record

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
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

// memory is an index without a disk.
type memory struct {
	mu   sync.Mutex
	list []kept
}

type kept struct {
	at   time.Time
	data []byte
}

func (m *memory) Append(at time.Time, data []byte) {
	m.mu.Lock()
	m.list = append(m.list, kept{at, data})
	m.mu.Unlock()
}

func (m *memory) Flush(context.Context) error { return nil }

func (m *memory) Scan(_ context.Context, from, to time.Time, f func(time.Time, []byte) error) error {
	m.mu.Lock()
	list := m.list
	m.mu.Unlock()
	for _, k := range list {
		if k.at.Before(from) || !k.at.Before(to) {
			continue
		}
		if err := f(k.at, k.data); err != nil {
			return err
		}
	}
	return nil
}

// rig is a room on a directory of the test, and a disk that is as full as it says.
type rig struct {
	*Room
	t       *testing.T
	dir     string
	journal calltest.Journal
	cfg     *config.Config
	index   memory
	mu      sync.Mutex
	free    int64
	stop    func()
}

func newRig(t *testing.T) *rig {
	g := &rig{t: t, dir: filepath.Join(t.TempDir(), "recordings"), cfg: config.Default(), free: 10_000 * megabyte}
	g.open()
	return g
}

// open is a room of a process that has just started.
func (g *rig) open() {
	g.Room = New(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), Journal: &g.journal,
		Health: health.NewBoard(clock.System(), &event.News{}), Config: func() *config.Config { return g.cfg }, Index: &g.index, Dir: g.dir,
		Disk: func(string) (free, size int64, err error) {
			g.mu.Lock()
			defer g.mu.Unlock()
			return g.free, 100_000 * megabyte, nil
		}})
}

func (g *rig) setFree(n int64) { g.mu.Lock(); g.free = n; g.mu.Unlock() }

// run lets the room work until the test is over, or stop.
func (g *rig) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); g.Room.Run(ctx) }()
	g.stop = func() { cancel(); <-done }
	synctest.Wait()
}

// talks lets a take hear d of two parties, each at one level.
func talks(t call.Take, d time.Duration, said, heard int16) {
	a, b := make([]int16, 160), make([]int16, 160)
	for i := range a {
		a[i], b[i] = said, heard
	}
	for range d / (20 * time.Millisecond) {
		t.Frame(a, b)
		time.Sleep(20 * time.Millisecond)
	}
}

var someTalk = call.Talk{Call: "20260101-000000-aabbccdd", From: call.Party{Number: "0912"}, To: "700", Queue: "700", Agent: "1002"}

func (g *rig) list(q Query) []Entry {
	g.t.Helper()
	list, _, err := g.List(context.Background(), q)
	if err != nil {
		g.t.Fatal(err)
	}
	return list
}

func (g *rig) only() Entry {
	g.t.Helper()
	list := g.list(Query{})
	if len(list) != 1 {
		g.t.Fatalf("%d recordings, want one: %+v", len(list), list)
	}
	return list[0]
}

func (g *rig) file(id string) []byte {
	g.t.Helper()
	data, err := os.ReadFile(path(g.dir, id))
	if err != nil {
		g.t.Fatal(err)
	}
	return data
}

func (g *rig) ill(kind string) bool {
	for _, p := range g.opts.Health.List() {
		if p.ID == kind {
			return true
		}
	}
	return false
}
