package line_test

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/driver/sim"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/hal/loop"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/telephony/media"
)

// shop is a simulated board with the line room and the media engine on it, in a
// synctest bubble. Arrived calls run the test's script.
type shop struct {
	t       *testing.T
	board   *sim.Driver
	room    *line.Room
	journal *calltest.Journal
	trouble sync.Map    // health kinds raised
	unheard atomic.Bool // the workshop has voice messages
	arrived chan *call.Call
	ended   chan *call.Call
}

// Raise and Clear are the health board.
func (s *shop) Raise(kind, _ string) { s.trouble.Store(kind, true) }
func (s *shop) Clear(kind string)    { s.trouble.Delete(kind) }

// open runs test inside a bubble with everything going.
func open(t *testing.T, script call.Script, test func(*shop)) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.NewTextHandler(io.Discard, nil))
		clk := clock.System()
		cfg := config.Default()
		cfg.Lines = []config.Line{{Port: "fxo1", Name: "Line 1", Language: config.Persian, Destination: "500", AnswerAfter: 2}}
		cfg.Extensions = []config.Extension{{Number: "1011", Name: "Workshop", Port: "fxs1"}, {Number: "10112", Name: "Longer"}, {Number: "1012", Name: "Stock"}}
		s := &shop{t: t, journal: &calltest.Journal{}, arrived: make(chan *call.Call, 10), ended: make(chan *call.Call, 10)}
		s.board = sim.New(sim.Options{Clock: clk, FXO: 1, FXS: 1, Country: "IR"})
		land, _ := country.ByCode("IR")
		engine := media.New(media.Options{Clock: clk, Log: log, Address: netip.MustParseAddr("127.0.0.1"), PortMin: 40000, PortMax: 40010,
			Library: media.NewLibrary(), Country: "IR"})
		var calls sync.WaitGroup
		s.room = line.New(line.Options{Clock: clk, Log: log, News: &event.News{}, Health: s, Media: engine, Country: land, Ports: s.board.Ports(),
			Config: func() *config.Config { return cfg }, Messages: func(ext string) bool { return ext == "1011" && s.unheard.Load() },
			Arrive: func(a call.Arrival) {
				c := call.New(a, call.Options{Clock: clk, Journal: s.journal, Log: log})
				s.arrived <- c
				calls.Go(func() { c.Run(script); s.ended <- c })
			}})
		var rooms sync.WaitGroup
		for _, run := range []func() error{
			func() error { return s.board.Run(t.Context()) },
			func() error { return engine.Run(t.Context()) },
			func() error { return s.room.Run(t.Context()) },
		} {
			rooms.Go(func() { run() })
		}
		test(s)
		calls.Wait()
	})
}

func (s *shop) status(port string) line.Status {
	for _, l := range s.room.Lines() {
		if l.Port == port {
			return l
		}
	}
	s.t.Fatalf("no port %s", port)
	return line.Status{}
}

// within waits until ok, in virtual time.
func (s *shop) within(limit time.Duration, what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	s.t.Fatalf("no %s within %v", what, limit)
}

func sine(hz float64) func(*hal.Frame) {
	return dsp.NewTone(dsp.ToneSpec{Sines: []dsp.Sine{{Hz: hz, Level: -12}}}).Fill
}

// TestLineRingsIsAnsweredAndReleased is the walk's first half, for every sign a
// central office has for "the far end has hung up".
func TestLineRingsIsAnsweredAndReleased(t *testing.T) {
	for _, release := range []loop.Release{loop.LoopDrop, loop.BusyRelease, loop.Reversal} {
		t.Run(string(release), func(t *testing.T) {
			script := func(c *call.Call) call.Cause {
				if c.Answer() != nil {
					return call.Cancelled
				}
				c.Caller().Audio().Echo()
				for {
					e, err := c.Next(time.Time{})
					if err != nil {
						return call.Normal
					}
					if _, ok := e.(call.Pressed); ok { // without an echo canceller an echoed busy tone has no pauses
						c.Caller().Audio().Silence()
					}
				}
			}
			open(t, script, func(s *shop) {
				office := s.board.Office("fxo1")
				time.Sleep(time.Second)
				if st := s.status("fxo1"); st.State != "idle" || st.Volts < 40 && st.Volts > -40 {
					t.Errorf("idle line is %+v, want idle with battery", st)
				}
				if err := office.Call(sim.CallIn{Number: "02188776655", Name: "Ali", Release: release}); err != nil {
					t.Fatal(err)
				}
				c := <-s.arrived
				if from := c.Arrival().From; from.Number != "02188776655" || from.Name != "Ali" {
					t.Errorf("caller ID is %v", from)
				}
				if a := c.Arrival(); a.To != "500" || a.Origin.Line != "fxo1" || a.Language != "fa" {
					t.Errorf("arrival is %+v", a)
				}
				if st := s.status("fxo1"); st.State != "ringing" {
					t.Errorf("ringing line is %q", st.State)
				}
				s.within(10*time.Second, "answer", func() bool { return office.State() == loop.Answered })
				s.within(time.Second, "call on the board", func() bool {
					st := s.status("fxo1")
					return st.State == "in-call" && st.Call == c.ID() && st.Milliamps > 15
				})
				office.Talk(sine(1000))
				time.Sleep(3 * time.Second)
				heard := office.Heard()
				if level := dsp.ToneLevel(heard[len(heard)-8000:], 1000); level < -40 {
					t.Errorf("the caller hears his echo at %.0f dBm0", level)
				}
				if err := office.Press("5"); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
				office.Talk(nil)
				pressed := false
				for _, step := range s.journal.Steps() {
					pressed = pressed || step.Type == call.StepPressed && step.Value == "5"
				}
				if !pressed {
					t.Error("the caller's key was not heard")
				}
				hung := time.Now()
				office.Hangup()
				select {
				case <-s.ended:
				case <-time.After(20 * time.Second):
					t.Fatal("the box did not notice the hang-up")
				}
				t.Logf("hang-up by %s noticed after %v", release, time.Since(hung))
				if release != loop.BusyRelease && time.Since(hung) > time.Second {
					t.Errorf("hang-up noticed after %v", time.Since(hung))
				}
				steps := s.journal.Steps()
				if last := steps[len(steps)-1]; last.Cause != "normal" {
					t.Errorf("call ended with %+v", last)
				}
				s.within(15*time.Second, "free line", func() bool { return s.status("fxo1").State == "idle" && office.State() == loop.Idle })
				if err := office.Call(sim.CallIn{}); err != nil { // withheld, and given up
					t.Fatal(err)
				}
				c = <-s.arrived
				if from := c.Arrival().From; from.Number != "" {
					t.Errorf("a withheld caller has number %q from the call before", from.Number)
				}
				office.Hangup()
				select {
				case <-s.ended:
				case <-time.After(20 * time.Second):
					t.Fatal("a caller who gave up while ringing was not noticed")
				}
			})
		})
	}
}

func TestBoxHangsUpTheLine(t *testing.T) {
	open(t, func(c *call.Call) call.Cause { c.Answer(); return call.Normal }, func(s *shop) {
		office := s.board.Office("fxo1")
		office.Call(sim.CallIn{Number: "1"})
		<-s.ended
		s.within(5*time.Second, "released line", func() bool { return s.status("fxo1").Milliamps == 0 && s.status("fxo1").State == "idle" })
	})
}

func TestCutLineEndsItsCallAndRaisesHealth(t *testing.T) {
	open(t, func(c *call.Call) call.Cause { c.Answer(); c.Stay(); return call.Normal }, func(s *shop) {
		office := s.board.Office("fxo1")
		office.Call(sim.CallIn{Number: "1"})
		c := <-s.arrived
		s.within(10*time.Second, "answer", func() bool { return office.State() == loop.Answered })
		time.Sleep(time.Second)
		office.Cut(true)
		select {
		case <-s.ended:
		case <-time.After(5 * time.Second):
			t.Fatalf("call %s lives on a cut line", c.ID())
		}
		s.within(5*time.Second, "unplugged on the board", func() bool { return s.status("fxo1").State == "unplugged" })
		if _, ok := s.trouble.Load("line-unplugged/fxo1"); !ok {
			t.Error("health does not know of the cut line")
		}
		office.Cut(false)
		s.within(5*time.Second, "healthy line", func() bool {
			_, ok := s.trouble.Load("line-unplugged/fxo1")
			return !ok && s.status("fxo1").State == "idle"
		})
	})
}

func TestAnalogPhoneDialsAndTalks(t *testing.T) {
	for _, tt := range []struct {
		name, keys, want string
		pulses           bool
	}{
		{"complete number goes at once", "1012", "1012", false},
		{"hash ends a number that could go on", "1011#", "1011", false},
		{"pause ends an unknown number", "79", "79", false},
		{"old phone with a dial", "1012", "1012", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			open(t, func(c *call.Call) call.Cause {
				c.Caller().Alert(false)
				c.Answer()
				c.Caller().Audio().Echo()
				c.Stay()
				return call.Normal
			}, func(s *shop) {
				phone := s.board.Phone("fxs1")
				phone.Lift()
				time.Sleep(2 * time.Second)
				if level := dsp.ToneLevel(phone.Heard()[8000:], 425); level < -30 {
					t.Errorf("dial tone is heard at %.0f dBm0", level)
				}
				dial := phone.Dial
				if tt.pulses {
					dial = phone.DialPulses
				}
				if err := dial(tt.keys); err != nil {
					t.Fatal(err)
				}
				c := <-s.arrived
				if a := c.Arrival(); a.To != tt.want || a.Origin.Extension != "1011" || a.From.Name != "Workshop" {
					t.Errorf("arrival is %+v", a)
				}
				phone.Talk(sine(800))
				time.Sleep(3 * time.Second)
				heard := phone.Heard()
				if level := dsp.ToneLevel(heard[len(heard)-8000:], 800); level < -45 {
					t.Errorf("echo is heard at %.0f dBm0", level)
				}
				phone.Hang()
				<-s.ended
				s.within(2*time.Second, "idle phone", func() bool { return s.status("fxs1").State == "idle" })
			})
		})
	}
}

// TestDialToneStuttersWhileMessagesWait: the steady tone has no pause, the other one
// pauses in its first second and a half, and both end with the first digit.
func TestDialToneStuttersWhileMessagesWait(t *testing.T) {
	open(t, func(c *call.Call) call.Cause { return call.Busy }, func(s *shop) {
		phone := s.board.Phone("fxs1")
		for _, waiting := range []bool{false, true, false} {
			s.unheard.Store(waiting)
			phone.Lift()
			time.Sleep(4 * time.Second)
			heard := phone.Heard()
			marks, sounds := 0, false
			for ; len(heard) >= 400; heard = heard[400:] { // 50 ms
				was := sounds
				if sounds = dsp.ToneLevel(heard[:400], 425) > -30; sounds && !was {
					marks++
				}
			}
			if want := map[bool]int{false: 1, true: 8}[waiting]; marks != want {
				t.Errorf("messages wait %v: the dial tone begins %d times, want %d", waiting, marks, want)
			}
			if err := phone.Dial("1012"); err != nil {
				t.Fatal(err)
			}
			<-s.arrived
			<-s.ended
			phone.Hang()
			s.within(2*time.Second, "idle phone", func() bool { return s.status("fxs1").State == "idle" })
		}
	})
}

func TestAnalogPhoneRingsWithCallerID(t *testing.T) {
	open(t, nil, func(s *shop) {
		phone := s.board.Phone("fxs1")
		caller := calltest.NewLeg("caller", clock.System())
		journal := &calltest.Journal{}
		c := call.New(call.Arrival{Leg: caller, From: call.Party{Number: "1002", Name: "Sara"}, To: "1011"},
			call.Options{Clock: clock.System(), Journal: journal, Log: slog.New(slog.DiscardHandler)})
		answered := make(chan call.Leg, 1)
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.Run(func(c *call.Call) call.Cause {
				leg, cause, _ := c.Ring("1011", s.room.Endpoints("1011"), call.Offer{Caller: c.Arrival().From, Called: "1011"}, 30*time.Second)
				if leg == nil {
					return cause
				}
				answered <- leg
				c.Stay()
				return call.Normal
			})
		}()
		s.within(5*time.Second, "ringing", phone.Ringing)
		s.within(10*time.Second, "caller ID on the phone's display", func() bool { n, name := phone.CallerID(); return n == "1002" && name == "Sara" })
		if eps := s.room.Endpoints("1011"); len(eps) == 1 { // a second caller meanwhile
			second := eps[0].Dial(call.Offer{}, nopSink{})
			time.Sleep(100 * time.Millisecond)
			_ = second
		}
		phone.Lift()
		select {
		case <-answered:
		case <-time.After(5 * time.Second):
			t.Fatal("lifting the phone did not answer")
		}
		if phone.Ringing() {
			time.Sleep(200 * time.Millisecond)
			if s.status("fxs1").State != "in-call" {
				t.Errorf("phone is %q after the answer", s.status("fxs1").State)
			}
		}
		caller.End(call.Normal)
		<-done
		s.within(3*time.Second, "busy tone in the phone", func() bool {
			h := phone.Heard()
			return len(h) > 4000 && dsp.ToneLevel(h[len(h)-4000:], 425) > -30
		})
		phone.Hang()
		s.within(3*time.Second, "idle phone", func() bool { return s.status("fxs1").State == "idle" })
	})
}

// TestABoxWithoutPortsHasARoomAllTheSame: the room ends when it is told to.
func TestABoxWithoutPortsHasARoomAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		room, ended := line.New(line.Options{Log: slog.New(slog.DiscardHandler)}), false
		go func() { room.Run(ctx); ended = true }()
		synctest.Wait()
		if ended {
			t.Error("the room ended by itself")
		}
		cancel()
		synctest.Wait()
		if !ended {
			t.Error("the room goes on after its end")
		}
	})
}

type nopSink struct{}

func (nopSink) Post(call.Event) {}
