package sip

import (
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
)

// TestAPanicCostsOneCall lets the house stumble over one call while another runs.
func TestAPanicCostsOneCall(t *testing.T) {
	health := &board{all: make(map[string]string)}
	var r *rig
	var stumble atomic.Bool
	r = newRig(t, func(o *Options, _ *media.Options) {
		o.Health = health
		o.Arrive = func(a call.Arrival) {
			if stumble.Load() {
				panic("injected")
			}
			r.arrive(a)
		}
	})
	stumble.Store(false) // whoever loads it sees r
	p, _ := r.registered("1001", nil, func(o *phone.Options) { o.Tone = 1000 })
	good := r.call(p, "600")
	within(t, "answer", good.Up())
	stumble.Store(true)
	bad := r.call(p, "600")
	within(t, "end of the call that was stumbled over", bad.Done())
	if status, _ := bad.Ended(); status != 500 {
		t.Errorf("refused with %d, want 500", status)
	}
	stumble.Store(false)
	eventually(t, "one dialog left", func() bool { return r.dialogs.Len() == 1 })
	if n := r.Turned().Faults; n != 1 || health.word("sip-fault") != "× 1" {
		t.Errorf("%d faults, told %q", n, health.word("sip-fault"))
	}
	before := good.Audio().Measure(1000, 0).Packets
	eventually(t, "sound of the other call", func() bool { return good.Audio().Measure(1000, 0).Packets > before+10 })
	next := r.call(p, "600")
	within(t, "answer of the next call", next.Up())
	next.Hangup()
	good.Hangup()
	within(t, "end", good.Done())
}

func TestAPanicInAMessageIsAnswered(t *testing.T) {
	bubble(t, func(m *memory) {
		changed := m.registrar.changed
		var stumble atomic.Bool
		stumble.Store(true)
		m.registrar.changed = func() {
			if stumble.Load() {
				panic("injected")
			}
			changed()
		}
		m.register(1, contactA+"\n", 500)
		stumble.Store(false)
		m.Send(message{"OPTIONS", "1001", "good", 1, ""}.text(""))
		m.Status(200)
		if m.Turned().Faults != 1 {
			t.Errorf("counted: %+v", m.Turned())
		}
	})
}

func TestAnAlarmCountsAndGrowsQuiet(t *testing.T) {
	bubble(t, func(m *memory) {
		health := &board{all: make(map[string]string)}
		m.overload.health = health
		for range 3 {
			m.Shed()
		}
		if w := health.word("overload"); w != "× 1" {
			t.Errorf("at once: %q", w)
		}
		time.Sleep(alarmPace)
		synctest.Wait()
		if w := health.word("overload"); w != "× 3" {
			t.Errorf("soon: %q", w)
		}
		time.Sleep(quietTime + alarmPace)
		synctest.Wait()
		if w := health.word("overload"); w != "" {
			t.Errorf("still: %q", w)
		}
		m.Shed()
		if w := health.word("overload"); w != "× 1" {
			t.Errorf("again: %q", w)
		}
	})
}

// TestUsedNoncesAreBounded fills the memory of nonces and tries an old one again.
func TestUsedNoncesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newGuard(clock.System(), nil)
		use := func(nonce string) bool {
			id, _, ours := m.open(nonce, "192.0.2.9")
			return ours && m.first(id, 1)
		}
		time.Sleep(time.Second)
		old := m.seal("192.0.2.9")
		if !use(old) || use(old) {
			t.Fatal("a nonce is good once")
		}
		for range 3 {
			time.Sleep(time.Second)
			for range maxNonces {
				if !use(m.seal("192.0.2.9")) {
					t.Fatal("a fresh nonce is refused")
				}
			}
		}
		if use(old) {
			t.Error("a nonce that was forgotten is good again")
		}
		if n := len(m.now) + len(m.then); n > 2*maxNonces {
			t.Errorf("%d nonces are remembered", n)
		}
	})
}

func TestALiveTraceOfAPhone(t *testing.T) {
	for _, network := range []string{"UDP", "TCP"} {
		r := newRig(t)
		c, err := r.Watch("1001", "", netip.Prefix{}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		r.registered("1002", nil)
		r.registered("1001", nil, func(o *phone.Options) { o.Network = network })
		var got []string
		eventually(t, "200 to the REGISTER", func() bool {
			got = nil
			list, _, _ := c.Since(0)
			for _, m := range list {
				line, _, _ := strings.Cut(string(m.Text), "\r\n")
				got = append(got, m.Network+" "+strings.ReplaceAll(line, "sip:box.test ", ""))
			}
			return len(got) >= 4
		})
		want := strings.ReplaceAll("N REGISTER SIP/2.0,N SIP/2.0 401 Unauthorized,N REGISTER SIP/2.0,N SIP/2.0 200 OK", "N ", network+" ")
		if strings.Join(got, ",") != want {
			t.Errorf("seen %q, want %q", got, want)
		}
		if _, err := r.Watch("", "nobody", netip.Prefix{}, time.Minute); err != ErrTraced {
			t.Errorf("a trunk that is not there: %v", err)
		}
	}
}
