package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// with is the same box under a subtest.
func (d *demo) with(t *testing.T) *demo {
	sub := *d
	sub.t = t
	return &sub
}

// configure changes the configuration as a person at the console does: export,
// edit, import.
func (d *demo) configure(change func(*config.Config)) {
	d.t.Helper()
	cfg, err := config.Parse("export", []byte(d.cli("config", "export")))
	if err != nil {
		d.t.Fatal(err)
	}
	change(cfg)
	text, err := cfg.YAML()
	if err != nil {
		d.t.Fatal(err)
	}
	name := filepath.Join(d.t.TempDir(), "new.yaml")
	write(d.t, name, string(text))
	d.cli("config", "import", name)
}

// fails runs a command that must be refused and returns what it says.
func (d *demo) fails(args ...string) string {
	d.t.Helper()
	out, err := exec.Command(program(d.t, "pasokh"), append(args, "--data", d.dir)...).CombinedOutput()
	if err == nil {
		d.t.Fatalf("pasokh %v succeeded:\n%s", args, out)
	}
	return string(out)
}

// record waits for the record of the latest call from number to to.
func (d *demo) record(from, to string) ledger.Record {
	d.t.Helper()
	var found ledger.Record
	eventually(d.t, 10*time.Second, "record of "+from+" to "+to, func() bool {
		s := d.state()
		for _, c := range s.Calls {
			if c.From.Number == from && c.To == to {
				return false
			}
		}
		for _, r := range s.Records {
			if r.From.Number == from && r.To == to {
				found = r
				return true
			}
		}
		return false
	})
	return found
}

func (d *demo) wantRecord(from, to string, result ledger.Result, cause call.Cause) ledger.Record {
	d.t.Helper()
	r := d.record(from, to)
	if r.Result != result || r.Cause != cause.String() {
		d.t.Errorf("the record says %s (%s), want %s (%s)", r.Result, r.Cause, result, cause)
	}
	return r
}

// handset is a SIP phone in the test's own process.
type handset struct {
	*phone.Phone
	t     *testing.T
	rings chan *phone.Call
	gone  bool
}

// unplug pulls the plug of the phone: it says nothing any more, to anybody.
func (h *handset) unplug() {
	if !h.gone {
		h.gone = true
		h.Close()
	}
}

// newHandset is a phone that is not registered. It sends a sine of toneHz.
func newHandset(d *demo, number string, toneHz int) *handset {
	d.t.Helper()
	return newHandsetWith(d, number, toneHz, func(*phone.Options) {})
}

// newHandsetWith is a phone with further options.
func newHandsetWith(d *demo, number string, toneHz int, more func(*phone.Options)) *handset {
	d.t.Helper()
	h := &handset{t: d.t, rings: make(chan *phone.Call, 100)}
	var pass string
	for _, letter := range []string{"A", "B", "C"} {
		if d.env["USER_"+letter] == number {
			pass = d.env["PASS_"+letter]
		}
	}
	o := phone.Options{Server: d.env["SIP_HOST"] + ":" + d.env["SIP_PORT"], Domain: d.env["SIP_DOMAIN"],
		User: number, Password: pass, Tone: toneHz, Incoming: func(c *phone.Call) { h.rings <- c }}
	more(&o)
	var err error
	h.Phone, err = phone.Open(o)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(h.unplug)
	return h
}

// register makes the phone reachable until the end of the test.
func (h *handset) register() *handset {
	h.t.Helper()
	set := func(life time.Duration) error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_, err := h.Register(ctx, life)
		return err
	}
	if err := set(time.Hour); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if h.gone {
			return
		}
		if err := set(0); err != nil {
			h.t.Errorf("unregister: %v", err)
		}
	})
	return h
}

func (h *handset) call(number string) *phone.Call {
	h.t.Helper()
	c, err := h.Call(number)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(c.Hangup)
	return c
}

// takes calls with Replaces: the phone takes a dialog over.
func (h *handset) takes(dialog string, headers ...sip.Header) *phone.Call {
	h.t.Helper()
	c, err := h.Call("1002", append(headers, sip.NewHeader("Replaces", dialog))...)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(c.Hangup)
	return c
}

// ringing is the next call that rings here.
func (h *handset) ringing() *phone.Call {
	h.t.Helper()
	select {
	case c := <-h.rings:
		h.t.Cleanup(c.Hangup)
		return c
	case <-time.After(20 * time.Second):
		h.t.Fatal("the phone does not ring")
		return nil
	}
}

// answers takes the next call that rings here.
func (h *handset) answers() *phone.Call {
	h.t.Helper()
	c := h.ringing()
	if err := c.Answer(); err != nil {
		h.t.Fatal(err)
	}
	return c
}

// happens waits for one of a call's channels.
func happens(t *testing.T, what string, limit time.Duration, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(limit):
		t.Fatalf("no %s within %v", what, limit)
	}
}

func up(t *testing.T, c *phone.Call) {
	t.Helper()
	select {
	case <-c.Up():
	case <-c.Done():
		status, reason := c.Ended()
		t.Fatalf("call was refused: %d %s", status, reason)
	case <-time.After(10 * time.Second):
		t.Fatal("call is not answered")
	}
}

// ends waits for the end of a call and checks how it came: a SIP status, or 0 for
// a BYE.
func ends(t *testing.T, c *phone.Call, limit time.Duration, status int) {
	t.Helper()
	happens(t, "end of the call", limit, c.Done())
	if got, reason := c.Ended(); got != status {
		t.Errorf("call ended with %d %q, want %d", got, reason, status)
	}
}

// hears waits until half a second of a call's sound is nothing but the tone.
func hears(t *testing.T, who string, c *phone.Call, hz int) {
	t.Helper()
	const level = 8000 / 1.414 // RMS of the tone as sent
	var h phone.Heard
	ok := func() bool {
		h = c.Audio().Measure(hz, 500*time.Millisecond)
		return h.Seconds >= 0.5 && h.Share > 0.95 && h.Level > 0.7*level && h.Level < 1.3*level
	}
	for end := time.Now().Add(8 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: %d Hz has %.2f of the power, level %.0f, want a pure tone of about %.0f", who, hz, h.Share, h.Level, level)
		}
	}
}

// hearsMusic waits until a call hears hold music and none of the tone.
func hearsMusic(t *testing.T, who string, c *phone.Call, hz int) {
	t.Helper()
	eventually(t, 15*time.Second, who+" hearing hold music", func() bool {
		return c.Audio().Measure(hz, time.Second).Share < 0.05 && isMusic(c.Audio().Heard())
	})
}
