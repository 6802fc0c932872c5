package live_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/live"
)

// bench is a hub over two sections whose values a test sets.
type bench struct {
	news         event.News
	hub          *live.Hub
	lines, calls atomic.Int64
	reads        atomic.Int64
	signedOut    atomic.Bool
}

func newBench(t *testing.T) *bench {
	b := &bench{}
	read := func(v *atomic.Int64) func(*identity.Identity) any {
		return func(*identity.Identity) any { b.reads.Add(1); return []int64{v.Load()} }
	}
	b.hub = live.New(live.Options{Clock: clock.System(), News: &b.news, Log: slog.New(slog.DiscardHandler), Sections: []api.Section{
		{Name: "lines", Topic: event.Lines, Right: identity.Plant, Read: read(&b.lines)},
		{Name: "calls", Topic: event.Calls, Right: identity.Calls, Read: read(&b.calls)},
	}})
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() { _ = b.hub.Run(ctx) }()
	synctest.Wait()
	return b
}

// page is a watching browser: what it was sent since it was last asked.
type page struct {
	mu     sync.Mutex
	header http.Header
	got    bytes.Buffer
	block  chan struct{} // non-nil: writes wait
	leave  func()
	left   chan struct{}
}

func (p *page) Header() http.Header { return p.header }
func (p *page) WriteHeader(int)     {}
func (p *page) Flush()              {}
func (p *page) Write(b []byte) (int, error) {
	if p.block != nil {
		<-p.block
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.got.Write(b)
}

func (p *page) since() string {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.got.String()
	p.got.Reset()
	return s
}

func (b *bench) watch(t *testing.T, block chan struct{}) *page {
	return b.watchAs(t, identity.Identity{User: "sara", Role: identity.Owner}, block)
}

func (b *bench) watchAs(t *testing.T, who identity.Identity, block chan struct{}) *page {
	ctx, cancel := context.WithCancel(api.WithViewer(t.Context(), who))
	p := &page{header: make(http.Header), block: block, leave: cancel, left: make(chan struct{})}
	t.Cleanup(cancel)
	go func() {
		defer close(p.left)
		route := b.hub.Route(func(*http.Request) bool { return !b.signedOut.Load() })
		if err := route.Handle(p, httptest.NewRequestWithContext(ctx, "GET", "/api/live", nil)); err != nil {
			t.Errorf("watching: %v", err)
		}
	}()
	return p
}

func TestAPageGetsEverythingAtOnceAndThenWhatChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		p := b.watch(t, nil)
		time.Sleep(live.Pause)
		first := p.since()
		for _, want := range []string{"event: clock\n", "event: lines\ndata: [0]\n\n", "event: calls\ndata: [0]\n\n"} {
			if !strings.Contains(first, want) {
				t.Errorf("at connect the page got %q, want %q in it", first, want)
			}
		}
		time.Sleep(time.Second)
		b.lines.Store(1)
		b.news.Publish(event.Lines)
		if got := p.since(); got != "event: lines\ndata: [1]\n\n" {
			t.Errorf("after the lines changed the page got %q", got)
		}
		b.news.Publish(event.Lines)
		time.Sleep(time.Second)
		if got := p.since(); got != "" {
			t.Errorf("nothing changed, but the page got %q", got)
		}
	})
}

func TestAStormIsOneFrameAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		a, c := b.watch(t, nil), b.watch(t, nil)
		time.Sleep(time.Second)
		a.since()
		c.since()
		before := b.reads.Load()
		for i := range 1000 {
			b.lines.Store(int64(i) + 1)
			b.news.Publish(event.Lines)
			time.Sleep(time.Millisecond)
		}
		time.Sleep(live.Pause)
		got := a.since()
		if n := strings.Count(got, "event: lines"); n < 9 || n > 11 {
			t.Errorf("a storm of one second was %d frames, want 10 or so", n)
		}
		if !strings.HasSuffix(got, "data: [1000]\n\n") {
			t.Errorf("the last frame is %q, want the last state", got[max(0, len(got)-40):])
		}
		if c.since() != got {
			t.Error("two pages were told different things")
		}
		if n := b.reads.Load() - before; n > 11 {
			t.Errorf("two pages cost %d readings, want one a frame", n)
		}
	})
}

func TestNobodyWatchingCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for range 10 {
			b.news.Publish(event.Lines)
			time.Sleep(live.Pause)
		}
		if n := b.reads.Load(); n != 0 {
			t.Errorf("%d sections read for nobody", n)
		}
	})
}

func TestASlowPageSkipsToTheLastState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		gate := make(chan struct{})
		p := b.watch(t, gate)
		for i := range 100 {
			b.lines.Store(int64(i) + 1)
			b.news.Publish(event.Lines)
			time.Sleep(live.Pause)
		}
		close(gate)
		if got := p.since(); strings.Count(got, "event: lines") != 1 || !strings.Contains(got, "data: [100]\n") {
			t.Errorf("a page that took nothing for 10 s then got %q, want one frame of the last state", got)
		}
	})
}

func TestClockBeatsAndForgottenNewsIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		p := b.watch(t, nil)
		time.Sleep(time.Second)
		p.since()
		b.calls.Store(7) // and nobody publishes
		time.Sleep(live.Beat)
		got := p.since()
		if strings.Count(got, "event: clock\ndata: {\"now\":\"") != 1 || !strings.Contains(got, "data: [7]") {
			t.Errorf("within a beat the page got %q, want a clock and the change", got)
		}
	})
}

func TestAPageIsLetGoWithItsSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		p := b.watch(t, nil)
		time.Sleep(time.Second)
		b.signedOut.Store(true)
		time.Sleep(live.Beat)
		synctest.Wait()
		select {
		case <-p.left:
		default:
			t.Error("the stream goes on after its session ended")
		}
	})
}

func TestNobodyIsSentWhatHeMayNotSee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		owner, installer := b.watch(t, nil), b.watchAs(t, identity.Identity{User: "omid", Role: identity.Installer}, nil)
		time.Sleep(time.Second)
		b.calls.Store(1)
		b.news.Publish(event.Calls)
		time.Sleep(time.Second)
		if got := owner.since(); !strings.Contains(got, "event: calls") || !strings.Contains(got, "event: lines") {
			t.Errorf("the owner got %q", got)
		}
		if got := installer.since(); strings.Contains(got, "event: calls") || !strings.Contains(got, "event: lines") {
			t.Errorf("the installer got %q, want lines and no calls", got)
		}
	})
}

func TestTooManyPagesAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		pages := make([]*page, live.MaxPages)
		for i := range pages {
			pages[i] = b.watch(t, nil)
		}
		synctest.Wait()
		route := b.hub.Route(func(*http.Request) bool { return true })
		r := httptest.NewRequest("GET", "/api/live", nil)
		if err := route.Handle(httptest.NewRecorder(), r); err != api.ErrBusy {
			t.Fatalf("page %d: %v, want ErrBusy", live.MaxPages+1, err)
		}
		pages[0].leave()
		synctest.Wait()
		p := b.watch(t, nil)
		if p.since() == "" {
			t.Error("a page that came when one had left got nothing")
		}
	})
}
