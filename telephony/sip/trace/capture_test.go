package trace

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

func capture(t *testing.T, r *Recorder, f Filter) *Capture {
	t.Helper()
	c, err := r.Capture(f, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// asked is the first lines of a message of one user to another.
func asked(first, from, to string) []byte {
	return fmt.Appendf(nil, "%s\r\nTo: \"T\" <sip:%s@box.test>\r\nf: <sip:%s@box.test;x=y>;tag=1\r\nCall-ID: z\r\n"+
		"Authorization: Digest nonce=\"12345678SECRET\", response=\"SECRET\"\r\n\r\na=crypto:1 X inline:SECRET\r\n", first, to, from)
}

func TestACaptureTakesOnePeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRecorder(clock.System())
		phone := capture(t, r, Filter{User: "1002"})
		place := capture(t, r, Filter{Peer: netip.MustParsePrefix("192.0.2.0/24").Contains})
		const request, response = "INVITE sip:x@box.test SIP/2.0", "SIP/2.0 200 OK"
		r.in(asked(request, "1002", "600")) // it calls
		r.out(asked(response, "1002", "600"))
		r.out(asked(request, "1001", "1002")) // it is called
		r.in(asked(response, "1001", "1002"))
		r.in(asked(request, "1001", "1002")) // somebody else calls it: that phone's message
		r.out(asked(response, "1001", "1002"))
		r.in([]byte("\r\n\r\n"))
		r.Record(true, "WS", ours, netip.MustParseAddrPort("[2001:db8::9]:5060"), asked("REGISTER sip:box.test SIP/2.0", "1002", "1002"))
		list, lost, more := phone.Since(0)
		if len(list) != 5 || lost != 0 || more == nil {
			t.Errorf("%d messages of the phone, %d lost", len(list), lost)
		}
		for _, m := range list {
			if bytes.Contains(m.Text, []byte("SECRET")) {
				t.Errorf("a secret is left:\n%s", m.Text)
			}
		}
		if list, _, _ := place.Since(1); len(list) != 5 {
			t.Errorf("%d messages of the network after the first, want 5", len(list))
		}
		list, _, more = phone.Since(5)
		r.in(asked(request, "1002", "600"))
		if <-more; len(list) != 0 {
			t.Error("a message came before its time")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		r.in(asked(request, "1002", "600"))
		if list, _, more := phone.Since(5); len(list) != 1 || more != nil {
			t.Errorf("after its time: %d messages, still running: %v", len(list), more != nil)
		}
	})
}

func TestCapturesAreBounded(t *testing.T) {
	r := NewRecorder(clock.System())
	first := capture(t, r, Filter{User: "1002"})
	for range maxCaptures - 1 {
		capture(t, r, Filter{User: "1"})
	}
	if _, err := r.Capture(Filter{}, time.Minute); err != ErrCaptures {
		t.Errorf("one too many: %v", err)
	}
	filler := strings.Repeat("x", 60000)
	for range 100 {
		r.in(append(asked("INVITE sip:x SIP/2.0", "1002", "600"), filler...))
	}
	list, lost, _ := first.Since(0)
	if first.size > maxCapture || len(list) < 15 || lost+len(list) != 100 {
		t.Errorf("%d bytes, %d messages and %d lost of 100", first.size, len(list), lost)
	}
	first.Stop()
	first.Stop()
	if _, ok := r.Captured(first.ID); !ok {
		t.Error("a stopped capture is gone at once")
	}
	capture(t, r, Filter{})
	if _, ok := r.Captured(first.ID); ok || len(r.captures) != maxCaptures {
		t.Errorf("%d captures, the oldest one still there: %v", len(r.captures), ok)
	}
}
