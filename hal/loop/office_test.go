package loop

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
)

// exchange is an office with a phone straight on its line, as at home.
type exchange struct {
	*CentralOffice
	phone *Phone
	line  *Line
}

func newExchange(code string) *exchange {
	c, _ := country.ByCode(code)
	e := &exchange{CentralOffice: NewCentralOffice(c), phone: NewPhone()}
	e.line = NewLine(Typical(), e.CentralOffice, e.phone, 1)
	return e
}

// run steps the line and returns the states it came through.
func (e *exchange) run(d time.Duration) string {
	states := []string{string(e.State())}
	for range int(d / hal.FrameTime) {
		e.line.Step()
		if s := string(e.State()); s != states[len(states)-1] {
			states = append(states, s)
		}
	}
	return strings.Join(states, " ")
}

func (e *exchange) expect(t *testing.T, what string, d time.Duration, want string) {
	t.Helper()
	if got := e.run(d); got != want {
		t.Errorf("%s: line was %q, want %q", what, got, want)
	}
}

func TestHomePhoneShowsCallerInEveryStandard(t *testing.T) {
	for _, standard := range []country.CallerID{country.Bell202, country.V23, country.DTMF} {
		for _, code := range []string{"IR", "GB", "US"} {
			e := newExchange(code)
			if err := e.Call(Incoming{Number: "02188776655", CallerID: standard}); err != nil {
				t.Fatal(err)
			}
			e.run(8 * time.Second)
			if got := e.phone.CallerID().Number; got != "02188776655" || !e.phone.Ringing() {
				t.Errorf("%s in %s: display %q, rings %v", standard, code, got, e.phone.Ringing())
			}
			e.Hangup()
			e.run(10 * time.Second)
			if err := e.Call(Incoming{CallerID: country.None}); err != nil {
				t.Fatal(err)
			}
			e.run(8 * time.Second)
			if got := e.phone.CallerID(); got.Number != "" {
				t.Errorf("%s in %s: an anonymous call is shown as the one before: %+v", standard, code, got)
			}
		}
	}
}

func TestCallsThroughTheExchange(t *testing.T) {
	e := newExchange("DE")
	e.run(time.Second)
	if err := e.Press("1"); err == nil {
		t.Error("keys were pressed into an idle line")
	}
	e.phone.Lift()
	e.expect(t, "lift", time.Second, "idle dialling")
	if err := e.Call(Incoming{}); !errors.Is(err, ErrBusyLine) {
		t.Errorf("calling a lifted phone: %v", err)
	}
	if err := e.phone.Dial("0301"); err != nil {
		t.Fatal(err)
	}
	e.expect(t, "dial", 7*time.Second, "dialling calling answered")
	if e.Dialled() != "0301" {
		t.Errorf("dialled %q", e.Dialled())
	}
	e.Hangup()
	e.expect(t, "far end hangs up", time.Second, "releasing")
	e.phone.Hang()
	e.expect(t, "hang up", time.Second, "releasing idle")

	e.Outgoing = Outgoing{Busy: true}
	e.phone.Lift()
	e.run(time.Second)
	if err := e.phone.DialPulses("12"); err != nil {
		t.Fatal(err)
	}
	e.expect(t, "dial a busy number with pulses", 8*time.Second, "dialling refused")
	if e.Dialled() != "12" {
		t.Errorf("pulses gave %q", e.Dialled())
	}
	e.phone.Hang()
	e.expect(t, "hang up", time.Second, "refused idle")
	e.phone.Lift()
	e.expect(t, "never dial", 25*time.Second, "idle dialling refused")
}

func TestCallerGivesUpWhileCallerIDIsSent(t *testing.T) {
	e := newExchange("GB")
	if err := e.Call(Incoming{Number: "1", CallerID: country.V23}); err != nil {
		t.Fatal(err)
	}
	e.expect(t, "announce", 700*time.Millisecond, "announcing")
	e.Hangup()
	e.expect(t, "give up", 5*time.Second, "idle")
	if e.phone.Ringing() {
		t.Error("the phone rings")
	}
	if err := e.Call(Incoming{Number: "2", CallerID: country.V23}); err != nil {
		t.Fatal(err)
	}
	e.run(600 * time.Millisecond)
	e.phone.Lift()
	e.expect(t, "lift before the first ring", time.Second, "announcing answered")
}
