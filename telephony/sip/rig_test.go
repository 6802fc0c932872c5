package sip

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
	"github.com/pasokh/pasokh/telephony/media"
)

// rig is a server on real sockets with media and an exchange that fits in one
// function: extensions are rung, 600 echoes, 9 leads out over trunk telco,
// everything else is unknown.
type rig struct {
	*Server
	t       *testing.T
	news    event.News
	journal calltest.Journal
	ringFor atomic.Int64 // a time.Duration; calls run while a test sets it
	calls   sync.WaitGroup
	last    atomic.Pointer[call.Call] // that arrived
	far     atomic.Pointer[call.Leg]  // that answered the last call

	mu     sync.Mutex
	config *config.Config
}

const password = "correct horse battery staple"

func testConfig() *config.Config {
	cfg := config.Default()
	cfg.SIP.Domain = "box.test"
	for number, name := range map[string]string{"1001": "آرش", "1002": `Babak "Bob" \o/`, "1003": "Cyrus"} {
		cfg.Extensions = append(cfg.Extensions, config.Extension{Number: number, Name: name, Secret: password})
	}
	cfg.Extensions = append(cfg.Extensions, config.Extension{Number: "1009", Name: "no phone"})
	return cfg
}

func testLog(t *testing.T) *slog.Logger {
	if os.Getenv("SIP_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

type tweak func(*Options, *media.Options)

func newRig(t *testing.T, tweaks ...tweak) *rig {
	t.Helper()
	r := &rig{t: t, config: testConfig()}
	r.ringFor.Store(int64(10 * time.Second))
	loopback := netip.MustParseAddr("127.0.0.1")
	mo := media.Options{Clock: clock.System(), Log: testLog(t), Address: loopback, PortMin: 30000, PortMax: 31999, Timeout: func() time.Duration { return time.Minute }, Country: "IR"}
	o := Options{Clock: clock.System(), Log: testLog(t), News: &r.news, Config: r.cfg, Arrive: r.arrive,
		UDP: "127.0.0.1:0", TCP: "127.0.0.1:0"}
	for _, f := range tweaks {
		f(&o, &mo)
	}
	engine := media.New(mo)
	o.Media = engine
	r.Server = New(o)
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = engine.Run(ctx) })
	failed := make(chan error, 1)
	served, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := r.Run(served); err != nil {
			failed <- err
		}
	}()
	select {
	case <-r.Ready():
	case err := <-failed:
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		<-done
		r.calls.Wait()
		cancel()
		all.Wait()
	})
	return r
}

func (r *rig) cfg() *config.Config {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.config
}

func (r *rig) arrive(a call.Arrival) {
	c := call.New(a, call.Options{Clock: clock.System(), Journal: &r.journal, Log: r.log})
	r.last.Store(c)
	r.calls.Go(func() { c.Run(r.script) })
}

func (r *rig) script(c *call.Call) call.Cause {
	to := c.Arrival().To
	if to == "600" {
		if c.Answer() != nil {
			return call.Normal
		}
		c.Caller().Audio().Echo()
		_ = c.Stay()
		return call.Normal
	}
	tries := [][]call.Endpoint{r.Endpoints(to)}
	if number, out := strings.CutPrefix(to, "9"); out {
		tries = nil // one after another, as the exchange does
		for _, way := range r.Ways([]string{"telco"}, number) {
			tries = append(tries, []call.Endpoint{way})
		}
	} else if _, ok := r.cfg().Extension(to); !ok {
		return call.UnknownNumber
	}
	_, _, urgent := r.cfg().Emergency(to)
	var other call.Leg
	cause, err := call.NetworkFailure, error(nil)
	for _, phones := range tries {
		other, cause, err = c.Ring(to, phones, call.Offer{Caller: c.Arrival().From, Called: to, Via: []string{"Sales"}, Urgent: urgent}, time.Duration(r.ringFor.Load()))
		if other != nil || err != nil || cause != call.NetworkFailure && cause != call.NoChannel {
			break
		}
	}
	if cause == call.Moved {
		moved := c.MovedTo()
		c.Divert(call.Party{Number: strings.TrimPrefix(to, "9")}, c.Origin(), moved.To, moved.Reason)
		d, _ := c.Diverted()
		other, cause, err = c.Ring(d.To, r.Endpoints(d.To), call.Offer{Caller: c.Arrival().From, Called: d.To, Diversions: c.Diversions()}, time.Duration(r.ringFor.Load()))
	}
	switch {
	case err != nil:
		return call.Cancelled
	case other == nil:
		return cause
	}
	r.far.Store(&other)
	if c.Answer() != nil {
		return call.Normal
	}
	cause, _ = c.Talk(other, "default")
	if _, heir, ok := c.Transferring(); ok && heir != nil { // a replaced dialog
		cause, _ = c.Talk(heir, "default")
	}
	return cause
}

// events collects what a phone tells.
type events struct {
	mu  sync.Mutex
	all []phone.Event
	new chan struct{}
}

func (e *events) add(v phone.Event) {
	e.mu.Lock()
	e.all = append(e.all, v)
	e.mu.Unlock()
	select {
	case e.new <- struct{}{}:
	default:
	}
}

// wait returns the first event with that name, which may have happened already.
func (e *events) wait(t *testing.T, name string) phone.Event {
	t.Helper()
	deadline := time.After(waitTime)
	for {
		e.mu.Lock()
		for _, v := range e.all {
			if v.Event == name {
				e.mu.Unlock()
				return v
			}
		}
		e.mu.Unlock()
		select {
		case <-e.new:
		case <-deadline:
			t.Fatalf("no %q within %v; saw %+v", name, waitTime, e.all)
		}
	}
}

const waitTime = 15 * time.Second

// phone opens a phone of an extension.
func (r *rig) phone(user string, incoming func(*phone.Call), tweaks ...func(*phone.Options)) (*phone.Phone, *events) {
	r.t.Helper()
	seen := &events{new: make(chan struct{}, 1)}
	o := phone.Options{Server: r.Addr("UDP").String(), Domain: "box.test", User: user, Password: password,
		Incoming: incoming, Event: seen.add}
	for _, f := range tweaks {
		f(&o)
	}
	if o.Network == "TCP" && !o.Address.IsValid() {
		o.Server = r.Addr("TCP").String()
	}
	p, err := phone.Open(o)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(p.Close)
	return p, seen
}

// registered opens a phone and registers it.
func (r *rig) registered(user string, incoming func(*phone.Call), tweaks ...func(*phone.Options)) (*phone.Phone, *events) {
	r.t.Helper()
	p, seen := r.phone(user, incoming, tweaks...)
	if _, err := p.Register(r.t.Context(), time.Hour); err != nil {
		r.t.Fatal(err)
	}
	return p, seen
}

func (r *rig) call(p *phone.Phone, to string) *phone.Call {
	r.t.Helper()
	c, err := p.Call(to)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// within fails the test unless c is closed soon.
func within(t *testing.T, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(waitTime):
		t.Fatalf("%s: not within %v", what, waitTime)
	}
}

// eventually polls a condition of real sockets.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(waitTime)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, waitTime)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func status(err error) int {
	var s *phone.StatusError
	if errors.As(err, &s) {
		return s.Status
	}
	return 0
}
