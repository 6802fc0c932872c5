package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/whatif"
	"github.com/pasokh/pasokh/webui/api"
)

// TestSoak lets a town of people with whims use the box: they talk, hold, pass
// calls on, give up at any moment, are busy, decline, and their phones die without
// a word. Afterwards nothing of it is left in the process, and the ledger knows
// one end of every call. SOAK=10000 (`make soak`) is the number of calls; SEED
// repeats a run's whims.
func TestSoak(t *testing.T) {
	t.Parallel()
	n, seed := 100, rand.Uint64()
	for name, set := range map[string]func(int){"SOAK": func(v int) { n = v }, "SEED": func(v int) { seed = uint64(v) }} {
		if text := os.Getenv(name); text != "" {
			v, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			set(v)
		}
	}
	t.Logf("%d calls, seed %d", n, seed)
	d := startDemo(t)
	s := newSoak(d, seed)
	atRest := d.process()
	atRest.Files += 5  // this month's files of steps, calls, the floor and its daybook, and the timer of sound
	s.move(n/10 + 100) // what a process grows to at first is not a leak
	before := d.process()

	began := time.Now()
	s.move(n)
	took := time.Since(began)
	peak := d.process()
	s.settle(atRest)
	after := d.process()
	t.Logf("%d calls in %v, %d refused to the caller; at rest %+v, then %+v, at the end of the calls %+v, drained %+v",
		n, took.Round(time.Second), s.refused.Load(), atRest, before, peak, after)
	if after.Heap > before.Heap+8<<20 {
		t.Errorf("the box has grown by %d KiB", (after.Heap-before.Heap)>>10)
	}
	var day whatif.Comparison
	d.call("GET", "/api/whatif?day=today", nil, &day)
	if len(day.Figures) == 0 || !day.Exact || !day.Closes {
		t.Errorf("played again the day is another one from %v on", day.Differs)
	} else {
		t.Logf("%.0f contacts played again, one by one", *day.Figures[0].Real)
	}
	s.leave()
	d.stop()
	wantOneEnd(t, d.dir, n+n/10+100)
}

// soak is the town: people who answer, and workers who call them.
type soak struct {
	d       *demo
	seed    uint64
	people  []*phone.Phone
	numbers []string
	moved   uint64
	refused atomic.Int64
}

const (
	soakSecret  = "a secret of the soak test"
	soakPeople  = 20
	soakWorkers = 30
)

func newSoak(d *demo, seed uint64) *soak {
	d.t.Helper()
	s := &soak{d: d, seed: seed}
	add := func(c *config.Config, number string) {
		c.Extensions = append(c.Extensions, config.Extension{Number: number, Name: "Soak " + number, Secret: soakSecret,
			RingFor: config.Duration(5 * time.Second)})
	}
	d.configure(func(c *config.Config) {
		c.SIP.MaxCallsPerSecond, c.SIP.MinExpires = 1000, 60
		c.Media.Timeout = config.Duration(5 * time.Second)
		c.Queues[0].WrapUp, c.Queues[0].RingFor = 0, config.Duration(5*time.Second)
		for i := range soakPeople {
			s.numbers = append(s.numbers, strconv.Itoa(30000+i))
			add(c, s.numbers[i])
			c.Queues[0].Agents = append(c.Queues[0].Agents, config.QueueAgent{Extension: s.numbers[i]})
		}
		for i := range soakWorkers {
			add(c, strconv.Itoa(31000+i)) // who calls
			add(c, strconv.Itoa(32000+i)) // whose phone dies
		}
	})
	for i, number := range s.numbers {
		whim := rand.New(rand.NewPCG(seed, uint64(i)))
		var mu sync.Mutex
		p := s.open(number, func(c *phone.Call) {
			mu.Lock()
			m := mood{whim.IntN(100), ms(whim.IntN(300)), ms(whim.IntN(1500))}
			mu.Unlock()
			m.meet(c)
		})
		s.people = append(s.people, p)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		if _, err := p.Register(ctx, time.Hour); err != nil {
			d.t.Fatal(err)
		}
		cancel()
	}
	return s
}

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// open opens a phone of the town. They have an address of their own: the box goes on
// to ring phones that have died, and their ports may be another test's by then.
func (s *soak) open(number string, incoming func(*phone.Call)) *phone.Phone {
	p, err := phone.Open(phone.Options{Address: netip.MustParseAddr("127.0.0.9"), Server: s.d.env["SIP_HOST"] + ":" + s.d.env["SIP_PORT"], Domain: s.d.env["SIP_DOMAIN"],
		User: number, Password: soakSecret, Tone: toneB, Incoming: incoming})
	if err != nil {
		s.d.t.Error(err)
		panic(err)
	}
	return p
}

func (s *soak) leave() {
	for _, p := range s.people {
		p.Close()
	}
}

// mood is what somebody does with a call that rings: by chance, after a while,
// for so long.
type mood struct {
	chance      int
	after, talk time.Duration
}

func (m mood) meet(c *phone.Call) {
	if !lasts(c, m.after) {
		return
	}
	switch {
	case m.chance < 70:
		if m.chance > 30 {
			m.talk = 10 * time.Second // but two people who were joined do not talk for ever
		}
		if c.Answer() == nil && lasts(c, m.talk) {
			c.Hangup()
		}
	case m.chance < 80:
		c.Reject(486, "Busy Here")
	case m.chance < 90:
		c.Reject(603, "Decline")
	} // and some let it ring
}

// lasts waits; false means that the call ended first.
func lasts(c *phone.Call, d time.Duration) bool {
	select {
	case <-c.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// move makes n calls, as many at a time as there are workers.
func (s *soak) move(n int) {
	s.d.t.Helper()
	s.moved++
	jobs := make(chan int, n)
	for i := range n {
		jobs <- i
	}
	close(jobs)
	var workers sync.WaitGroup
	for w := range soakWorkers {
		workers.Go(func() {
			p := s.open(strconv.Itoa(31000+w), nil)
			defer p.Close()
			for i := range jobs {
				s.call(p, w, rand.New(rand.NewPCG(s.seed+s.moved, uint64(1000+i))))
			}
		})
	}
	workers.Wait()
}

// call makes one call, and ends it however the whim has it.
func (s *soak) call(p *phone.Phone, worker int, whim *rand.Rand) {
	someone := func() string { return s.numbers[whim.IntN(len(s.numbers))] }
	goals := []string{s.d.env["EXT_ECHO"], s.d.env["EXT_MUSIC"], s.d.env["EXT_IVR"], s.d.env["EXT_QUEUE"], s.d.env["EXT_CONFERENCE"], s.d.env["EXT_UNKNOWN"]}
	to := someone()
	if whim.IntN(100) < 30 {
		to = goals[whim.IntN(len(goals))]
	}
	chance, wait, talk := whim.IntN(100), ms(whim.IntN(600)), ms(whim.IntN(1500))
	if chance < 3 { // the phone that is called dies
		number := strconv.Itoa(32000 + worker)
		mortal := s.open(number, func(c *phone.Call) { _ = c.Answer() })
		defer mortal.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if _, err := mortal.Register(ctx, time.Minute); err != nil {
			s.d.t.Error(err)
			return
		}
		to, talk = number, 30*time.Second
		time.AfterFunc(wait+time.Second, mortal.Close)
	}
	c, err := p.Call(to)
	if err != nil {
		s.d.t.Error(err)
		return
	}
	switch {
	case chance >= 90: // gives up, before or after the answer
		lasts(c, wait)
	case !answered(c):
	case chance >= 80: // its own phone dies
		lasts(c, wait)
		c.Vanish()
	case chance >= 60:
		if err := s.hold(c, wait); err != nil {
			s.d.t.Error(err)
		}
	case chance >= 45:
		s.passOn(c, someone())
	default:
		lasts(c, talk)
	}
	c.Hangup()
	if err := within(c, "end of a call to "+to, c.Done()); err != nil {
		s.d.t.Error(err)
	}
	if status, _ := c.Ended(); status >= 300 {
		s.refused.Add(1)
	}
}

// answered waits until a call is answered; false means that it ended.
func answered(c *phone.Call) bool {
	select {
	case <-c.Up():
		return true
	case <-c.Done():
	case <-time.After(20 * time.Second):
	}
	return false
}

func (s *soak) hold(c *phone.Call, pause time.Duration) error {
	for _, on := range []bool{true, false} {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		err := c.Hold(ctx, on)
		cancel()
		var refused *phone.StatusError
		switch {
		case errors.As(err, &refused) && (refused.Status == 481 || refused.Status == 491 || refused.Status == 487):
			return nil // it ended just then, or both spoke at once
		case err != nil && lasts(c, 0):
			return err
		}
		if !lasts(c, pause) {
			return nil
		}
	}
	return nil
}

// passOn transfers the other party. Whoever is asked may refuse: then the call
// goes on here.
func (s *soak) passOn(c *phone.Call, to string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, _ = c.Transfer(ctx, to)
}

// settle waits until the calls are over and nothing of them is left: SIP keeps
// what was said for 32 s (RFC 3261 17, 64*T1).
func (s *soak) settle(atRest process) {
	s.d.t.Helper()
	s.d.becomes(40*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
	var now process
	for end := time.Now().Add(45 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if now = s.d.process(); now.Goroutines <= atRest.Goroutines && now.Files <= atRest.Files {
			return
		}
		if time.Now().After(end) {
			s.d.t.Fatalf("the box holds %+v, at rest %+v", now, atRest)
		}
	}
}

func (d *demo) process() (p process) {
	d.t.Helper()
	d.call("GET", "/local/process", nil, &p)
	return p
}

// wantOneEnd reads the ledger's log of a box that has stopped.
func wantOneEnd(t *testing.T, dir string, most int) {
	t.Helper()
	db, err := store.Open(dir, store.Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ends, causes := map[call.ID]int{}, map[string]int{}
	err = db.Log("ledger").Scan(context.Background(), time.Now().Add(-24*time.Hour), time.Now().Add(time.Hour), func(_ time.Time, data []byte) error {
		var s call.Step
		if err := json.Unmarshal(data, &s); err != nil {
			return fmt.Errorf("step %q: %w", data, err)
		}
		switch s.Type {
		case call.StepArrived:
			ends[s.Call] += 0
		case call.StepEnded:
			ends[s.Call]++
			causes[s.Cause]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range ends {
		if n != 1 {
			t.Errorf("call %s has %d ends", id, n)
		}
	}
	if len(ends) > most || len(ends) < most*8/10 { // those given up at once never became one
		t.Errorf("the ledger has %d calls, %d were made", len(ends), most)
	}
	for _, cause := range slices.Sorted(maps.Keys(causes)) {
		t.Logf("%6d %s", causes[cause], cause)
	}
	if n := causes[call.InternalError.String()] + causes[call.ProtocolError.String()]; n > 0 {
		t.Errorf("%d calls ended by a fault", n)
	}
}
