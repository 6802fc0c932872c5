package voicemail

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// TestListen goes through a box by keys.
func TestListen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		defer func() { g.stop() }()
		first := g.message("1002")
		time.Sleep(time.Minute)
		second := g.message("1002")
		v := g.listens("1002")
		v.hears("en/you-have en/number-2")
		v.hears("en/vm-message en/number-1  en/vm-from")
		v.hears(" voicemail/")
		v.key('1')
		v.hears("program en/vm-message en/number-1")
		v.key('2')
		v.hears("vm-message en/number-2")
		v.key('3')
		v.hears("vm-deleted")
		v.key('3')
		v.hears("vm-restored")
		v.key('3')
		v.key('2')
		v.hears("vm-end")
		v.key('#')
		<-v.done
		v.wants("1002 heard "+first.ID, "1002 heard "+second.ID, "1002 deleted "+second.ID)
		g.wants("1002", 0, 1)
		if n := g.files(); n != 2 {
			t.Errorf("%d files are left", n)
		}
		if synctest.Wait(); len(g.lib.sounds) != 0 || g.lib.most != 1 {
			t.Errorf("%d sounds stay in the library, %d at once", len(g.lib.sounds), g.lib.most)
		}
		g.stop()
		g.open()
		g.wants("1002", 0, 1) // heard over a restart
	})
}

func TestHangingUpInAMessageLeavesItNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		defer func() { g.stop() }()
		g.message("1002")
		v := g.listens("1002")
		v.hears("vm-message")
		v.hangsUp()
		g.wants("1002", 1, 0)
	})
}

func TestCallBackAndPassOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		defer func() { g.stop() }()
		m := g.message("1002")
		v := g.listens("1002")
		v.hears("vm-message")
		v.key('5')
		v.hears("vm-pass")
		for _, k := range []byte("1003#") {
			v.key(k)
		}
		v.hears("vm-no-box")
		v.key('5')
		for _, k := range []byte("1001#") {
			v.key(k)
		}
		v.hears("vm-passed")
		g.wants("1001", 1, 0)
		if got := g.List("1001")[0]; got.By != "1002" || got.From != m.From || got.Length != m.Length || got.ID == m.ID {
			t.Errorf("passed on as %+v", got)
		}
		v.key('4')
		<-v.done
		if v.next != "0912" {
			t.Errorf("goes on to %q", v.next)
		}
		g.stop()
		g.open()
		g.wants("1001", 1, 0)
	})
}

// TestPIN: five wrong ones shut a box for those who call from elsewhere, its owner not.
func TestPIN(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		defer func() { g.stop() }()
		g.message("1001")
		try := func(box, keys, hears string) *caller {
			t.Helper()
			v := g.listens(box)
			for _, k := range []byte(keys) {
				v.key(k)
			}
			v.hears(hears)
			return v
		}
		try("", "1001#1234#", "vm-message").hangsUp()
		try("", "1002##", "conference-pin-wrong").hangsUp() // it has none: its own phone only
		try("", "1003#1#", "conference-pin-wrong").hangsUp()
		v := try("", "1001#1#1001#2#1001#3#", "conference-pin-wrong")
		<-v.done
		v.wants("1001 refused wrong PIN")
		v = try("", "1001#1#1001#2#1001#", "vm-shut")
		<-v.done
		v.wants("1001 refused too many wrong PINs")
		try("1001", "1234#", "vm-message").hangsUp()
		time.Sleep(shutFor)
		try("", "1001#1234#", "vm-message").hangsUp()
		for _, s := range v.journal.Steps() {
			if s.Type == call.StepPressed {
				t.Fatalf("key %s is written down", s.Value)
			}
		}
	})
}

// TestGreetings are recorded and heard by those who could not be served for that cause.
func TestGreetings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		defer func() { g.stop() }()
		greets := func(why call.Cause, want string) {
			t.Helper()
			v := g.leaves("1002", why)
			v.hears(want)
			v.hangsUp()
		}
		greets(call.Busy, "vm-extension en/number-1 en/number-0 en/number-0 en/number-2 en/vm-away")
		v := g.listens("1002")
		for _, k := range []byte("92") { // when busy
			v.key(k)
		}
		v.key('1')
		v.hears("vm-speak")
		says(v.recorded(), 2*time.Second, 5000)
		v.key('#')
		v.hears("vm-review")
		v.key('1')
		v.hears("voicemail/")
		v.key('3')
		v.hears("vm-done")
		v.hangsUp()
		v.wants("1002 greeting busy")
		greets(call.Busy, "program voicemail/")
		greets(call.NoAnswer, "vm-extension")
		g.stop()
		g.open()
		greets(call.Rejected, "program voicemail/")
		v = g.listens("1002")
		for _, k := range []byte("923") {
			v.key(k)
		}
		v.hears("vm-done")
		v.hangsUp()
		greets(call.Busy, "vm-extension")
	})
}
