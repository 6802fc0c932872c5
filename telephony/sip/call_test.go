package sip

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
)

func answer(c *phone.Call) { _ = c.Answer() }

func hears(t *testing.T, who string, c *phone.Call, hz int) {
	t.Helper()
	var h phone.Heard
	defer func() {
		if t.Failed() {
			t.Logf("%s hears %+v", who, h)
		}
	}()
	eventually(t, who+" hears the tone", func() bool {
		h = c.Audio().Measure(hz, 400*time.Millisecond)
		return h.Share > 0.9 && h.Level > 3000
	})
}

func hearsNothingOf(t *testing.T, who string, c *phone.Call, hz int) {
	t.Helper()
	eventually(t, who+" hears no tone", func() bool {
		h := c.Audio().Measure(hz, 200*time.Millisecond)
		return h.Share < 0.1 || h.Level < 100
	})
}

func toned(hz int) func(*phone.Options) { return func(o *phone.Options) { o.Tone = hz } }

func TestPhonesTalkBothWays(t *testing.T) {
	for _, network := range []string{"UDP", "TCP"} {
		t.Run(network, func(t *testing.T) {
			r := newRig(t)
			over := func(o *phone.Options) { o.Network = network }
			incoming := make(chan *phone.Call, 1)
			_, bob := r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c }, toned(1000), over)
			alice, _ := r.registered("1001", nil, toned(440), over)
			a := r.call(alice, "1002")
			within(t, "answer", a.Up())
			b := <-incoming
			if b.From != "1001" || b.Name != "آرش" {
				t.Errorf("the phone shows %q <%s>", b.Name, b.From)
			}
			if rung := bob.wait(t, "ringing"); rung.To != "<sip:1002@box.test>" || rung.Subject != "Sales" {
				t.Errorf("the phone was told %+v", rung)
			}
			hears(t, "caller", a, 1000)
			hears(t, "called", b, 440)
			a.Hangup()
			within(t, "BYE to the called phone", b.Done())
			if code, why := b.Ended(); code != 0 || why != `Q.850;cause=16;text="hung up"` {
				t.Errorf("called phone was told %d %q", code, why)
			}
			eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
		})
	}
}

func TestNameWithQuotes(t *testing.T) {
	r := newRig(t)
	r.registered("1003", func(c *phone.Call) {
		if c.From != "1002" || c.Name != `Babak "Bob" \o/` {
			t.Errorf("the phone shows %q <%s>", c.Name, c.From)
		}
		c.Reject(603, "Decline")
	})
	bob, _ := r.registered("1002", nil)
	c := r.call(bob, "1003")
	within(t, "refusal", c.Done())
}

func TestCallerID(t *testing.T) {
	for want, p := range map[string]call.Party{
		`"Anonymous" <sip:anonymous@anonymous.invalid>`:       {},
		`"Shop" <sip:anonymous@anonymous.invalid>`:            {Name: "Shop"},
		`<sip:+982112345678@box.test>`:                        {Number: "+982112345678"},
		`"علی" <sip:*%2399%20%3B@box.test>`:                   {Number: "*#99 ;", Name: "علی"},
		`"ab" <sip:1@box.test>`:                               {Number: "1\r\n", Name: "a\r\nb"},
		`"` + strings.Repeat("x", 128) + `" <sip:1@box.test>`: {Number: "1", Name: strings.Repeat("x", 500)},
	} {
		from := callerFrom(p, "box.test")
		if got := from.Value(); got != want {
			t.Errorf("%+v is %s, want %s", p, got, want)
		}
	}
}

func TestCalledPartyHangsUp(t *testing.T) {
	r := newRig(t)
	incoming := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c })
	alice, _ := r.registered("1001", nil)
	a := r.call(alice, "1002")
	within(t, "answer", a.Up())
	(<-incoming).Hangup()
	within(t, "BYE to the caller", a.Done())
}

func TestHoldAndResume(t *testing.T) {
	r := newRig(t)
	incoming := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c }, toned(1000))
	alice, _ := r.registered("1001", nil, toned(440))
	a := r.call(alice, "1002")
	within(t, "answer", a.Up())
	b := <-incoming
	hears(t, "called", b, 440)
	for range 2 {
		if err := a.Hold(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		hearsNothingOf(t, "called", b, 440)
		if err := a.Hold(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		hears(t, "called", b, 440)
		hears(t, "caller", a, 1000)
	}
	types := r.journal.Types()
	for _, want := range []call.StepType{call.StepHeld, call.StepResumed} {
		if n := len(slices.DeleteFunc(slices.Clone(types), func(s call.StepType) bool { return s != want })); n != 2 {
			t.Errorf("%d steps %q, want 2", n, want)
		}
	}
	a.Hangup()
	within(t, "end", b.Done())
}

func TestRefusals(t *testing.T) {
	r := newRig(t)
	r.ringFor.Store(int64(300 * time.Millisecond))
	r.registered("1002", func(c *phone.Call) { c.Reject(486, "Busy Here") })
	r.registered("1003", func(*phone.Call) {}) // lets it ring
	alice, _ := r.registered("1001", nil)
	for number, want := range map[string]int{"1002": 486, "1003": 480, "1009": 480, "7999": 404} {
		c := r.call(alice, number)
		within(t, "refusal of "+number, c.Done())
		if code, why := c.Ended(); code != want {
			t.Errorf("%s: %d %s, want %d", number, code, why, want)
		}
	}
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

func TestCallerCancels(t *testing.T) {
	r := newRig(t)
	rung := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { rung <- c })
	alice, _ := r.registered("1001", nil)
	a := r.call(alice, "1002")
	within(t, "ringing", a.Rang())
	a.Hangup()
	within(t, "487 to the caller", a.Done())
	if code, _ := a.Ended(); code != 487 {
		t.Errorf("caller got %d", code)
	}
	b := <-rung
	within(t, "CANCEL to the phone", b.Done())
	if code, _ := b.Ended(); code != 487 {
		t.Errorf("called phone ended with %d", code)
	}
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

func TestFirstOfTwoPhonesWins(t *testing.T) {
	r := newRig(t)
	rung := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { rung <- c })
	r.registered("1002", func(c *phone.Call) { b := <-rung; answer(c); rung <- b })
	alice, _ := r.registered("1001", nil)
	a := r.call(alice, "1002")
	within(t, "answer", a.Up())
	b := <-rung
	within(t, "CANCEL to the other phone", b.Done())
	if _, why := b.Ended(); why != `SIP;cause=200;text="Call completed elsewhere"` {
		t.Errorf("the other phone was told %q", why)
	}
	a.Hangup()
}

func TestEchoAndKeys(t *testing.T) {
	r := newRig(t)
	alice, _ := r.registered("1001", nil, toned(1000))
	a := r.call(alice, "600")
	within(t, "answer", a.Up())
	hears(t, "caller", a, 1000)
	a.Audio().Press("1#")
	eventually(t, "keys", func() bool {
		var keys string
		for _, s := range r.journal.Steps() {
			if s.Type == call.StepPressed {
				keys += s.Value
			}
		}
		return keys == "1#"
	})
	a.Hangup()
}

func TestVanishedPhoneIsHungUp(t *testing.T) {
	r := newRig(t, func(_ *Options, m *media.Options) { m.Timeout = func() time.Duration { return 500 * time.Millisecond } })
	incoming := make(chan *phone.Call, 1)
	bob, _ := r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c })
	alice, _ := r.registered("1001", nil)
	a := r.call(alice, "1002")
	within(t, "answer", a.Up())
	<-incoming
	bob.Close()
	within(t, "end of the caller's leg", a.Done())
	if _, why := a.Ended(); why != `Q.850;cause=41;text="connection lost"` {
		t.Errorf("caller was told %q", why)
	}
}

func TestNoPortIsRefused(t *testing.T) {
	r := newRig(t, func(_ *Options, m *media.Options) { m.PortMin, m.PortMax = 32000, 32001 })
	r.registered("1002", func(c *phone.Call) { answer(c) })
	alice, _ := r.registered("1001", nil)
	one := r.call(alice, "1002") // gets the only port: none is left to ring 1002
	within(t, "refusal", one.Done())
	if code, _ := one.Ended(); code != 503 {
		t.Errorf("called without a port: %d, want 503", code)
	}
	echo := r.call(alice, "600")
	within(t, "answer", echo.Up())
	two := r.call(alice, "600")
	within(t, "refusal", two.Done())
	if code, _ := two.Ended(); code != 503 {
		t.Errorf("calling without a port: %d, want 503", code)
	}
	echo.Hangup()
}

func TestShutdownEndsCalls(t *testing.T) {
	r := newRig(t)
	incoming := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c })
	alice, _ := r.registered("1001", nil)
	a := r.call(alice, "1002")
	within(t, "answer", a.Up())
	ctx, cancel := context.WithTimeout(t.Context(), waitTime)
	defer cancel()
	r.dialogs.Shutdown(ctx, call.Shutdown)
	within(t, "BYE to the caller", a.Done())
	within(t, "BYE to the called", (<-incoming).Done())
	if r.dialogs.Len() != 0 {
		t.Errorf("%d dialogs left", r.dialogs.Len())
	}
}
