package sip

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/need"
)

// sipp runs a scenario of testdata against the server, from 127.0.0.1 by UDP unless
// more says otherwise.
func (r *rig) sipp(scenario, calls string, more ...string) {
	t := r.t
	t.Helper()
	bin := need.Program(t, "sipp")
	file, err := filepath.Abs(filepath.Join("testdata", scenario))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	at := r.Addr("UDP")
	if slices.Contains(more, "t1") {
		at = r.Addr("TCP")
	}
	args := append([]string{"-sf", file, "-m", calls, "-l", calls, "-r", "20", "-i", "127.0.0.1", "-mi", "127.0.0.1",
		"-nostdin", "-timeout", "30s", "-timeout_error", "-trace_err"}, more...)
	cmd := exec.CommandContext(ctx, bin, append(args, at.String())...)
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil {
		errors, _ := filepath.Glob(filepath.Join(cmd.Dir, "*errors.log"))
		for _, name := range errors {
			b, _ := os.ReadFile(name)
			t.Logf("%s", b)
		}
		t.Errorf("%s: %v\n%s", scenario, err, out)
	}
}

// network is trunk telco with SIPp behind it, which takes one call as a scenario says.
// The function that it returns waits for its end.
func (r *rig) network(scenario string, transport config.Transport) (ended func()) {
	r.t.Helper()
	need.Program(r.t, "sipp")
	at := freeAddr(r.t)
	_, port, _ := net.SplitHostPort(at)
	r.change(func(c *config.Config) {
		c.Trunks = []config.Trunk{{Name: "telco", Servers: []string{at}, Transport: transport, User: "021", Domain: "box.test"}}
	})
	eventually(r.t, "the trunk is known", func() bool { return len(r.Trunks()) == 1 })
	mode := map[config.Transport]string{config.UDP: "u1", config.TCP: "t1"}[transport]
	done := make(chan struct{})
	go func() { defer close(done); r.sipp(scenario, "1", "-p", port, "-t", mode) }()
	eventually(r.t, "SIPp listens", func() bool { return taken(string(transport), at) })
	return func() { <-done }
}

func TestSIPpTakesACallOver(t *testing.T) {
	r := newRig(t).withSIPpSecret()
	incoming := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c }, toned(1000))
	alice, _ := r.phone("1001", nil, func(o *phone.Options) { o.Password = "secret-of-sipp" })
	c := r.call(alice, "1002")
	within(t, "answer", c.Up())
	b := <-incoming
	r.sipp("replaces.xml", "1", "-key", "replaces", c.Replaces())
	within(t, "BYE to the phone that had the call", c.Done())
	within(t, "end", b.Done())
}

// TestSIPpAnswersTooLate: nobody waits for it any more, and it is told so.
func TestSIPpAnswersTooLate(t *testing.T) {
	t.Parallel()
	for _, transport := range []config.Transport{config.UDP, config.TCP} {
		t.Run(string(transport), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			ended := r.network("late.xml", transport)
			alice, _ := r.registered("1001", nil)
			c := r.call(alice, "9091212")
			within(t, "the caller is told", c.Done())
			if code, _ := c.Ended(); code != 503 {
				t.Errorf("the caller got %d, want 503", code)
			}
			ended()
			eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
		})
	}
}

func TestSIPpSendsTheCallElsewhere(t *testing.T) {
	r := newRig(t)
	ended := r.network("moved.xml", config.UDP)
	incoming := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c })
	carl, _ := r.registered("1003", nil)
	c := r.call(carl, "9091212")
	within(t, "answer", c.Up())
	b := <-incoming
	if h := b.Invite.GetHeader("Diversion"); h == nil || h.Value() != "<sip:091212@box.test>;reason=user-busy;counter=1" {
		t.Errorf("the phone is told %v", h)
	}
	if h := b.Invite.GetHeader("History-Info"); h == nil || h.Value() != "<sip:091212@box.test?Reason=SIP%3Bcause%3D486>;index=1, <sip:1002@box.test>;index=1.1;mp=1" {
		t.Errorf("the phone is told %v", h)
	}
	c.Hangup()
	within(t, "end", b.Done())
	ended()
}

// withSIPpSecret gives 1001 a password that can stand in a scenario, and whatever else.
func (r *rig) withSIPpSecret(more ...func(*config.Extension)) *rig {
	r.change(func(c *config.Config) {
		ext := &c.Extensions[slices.IndexFunc(c.Extensions, func(e config.Extension) bool { return e.Number == "1001" })]
		ext.Secret = "secret-of-sipp"
		for _, f := range more {
			f(ext)
		}
	})
	return r
}

func TestSIPpRegistersAndCalls(t *testing.T) {
	r := newRig(t).withSIPpSecret()
	r.sipp("call.xml", "10")
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
	if n := len(r.Phones()); n != 1 {
		t.Errorf("%d phones registered", n)
	}
}

func TestSIPpCancels(t *testing.T) {
	r := newRig(t).withSIPpSecret()
	r.registered("1002", func(*phone.Call) {})
	r.sipp("cancel.xml", "5")
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

// TestSIPpIsRefusedWithAReason: what cannot be taken is answered 488 with a Warning,
// and during a call leaves it as it was.
func TestSIPpIsRefusedWithAReason(t *testing.T) {
	r := newRig(t).withSIPpSecret()
	r.sipp("fax.xml", "3")
	r.sipp("fax-later.xml", "3")
	r.withSIPpSecret(func(e *config.Extension) { e.SRTP = config.SRTPRequired })
	r.sipp("plain.xml", "3")
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

// TestSIPpAtOddMoments runs calls that do in their middle what phones do, each
// against the echo.
func TestSIPpAtOddMoments(t *testing.T) {
	for _, scenario := range []string{"hold", "noffer", "codec", "update", "info", "crossed"} {
		t.Run(scenario, func(t *testing.T) {
			r := newRig(t).withSIPpSecret()
			r.sipp(scenario+".xml", "5")
			eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
		})
	}
}

func TestSIPpInsistsOnReliableResponses(t *testing.T) {
	r := newRig(t).withSIPpSecret()
	r.registered("1002", func(*phone.Call) {})
	r.sipp("prack.xml", "5")
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

// TestSIPpCrossesOurInvite with an INVITE and an UPDATE of its own: both sides refuse with
// 491, and whoever did not make the call tries again first (RFC 3261 14.1).
func TestSIPpCrossesOurInvite(t *testing.T) {
	t.Run("made by SIPp", func(t *testing.T) {
		r := newRig(t).withSIPpSecret()
		done := make(chan struct{})
		go func() { defer close(done); r.sipp("glare.xml", "1") }()
		eventually(t, "call", func() bool { return r.last.Load() != nil })
		r.last.Load().Caller().(*leg).dialog.Reoffer()
		<-done
		eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
	})
	t.Run("made by the box", func(t *testing.T) {
		r := newRig(t)
		ended := r.network("glared.xml", config.UDP)
		alice, _ := r.registered("1001", nil)
		c := r.call(alice, "9091212")
		within(t, "answer", c.Up())
		(*r.far.Load()).(*trunkLeg).dialog.Reoffer()
		ended()
		within(t, "end", c.Done())
		eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
	})
}
