package phone

import (
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

func TestDescriptions(t *testing.T) {
	at := netip.MustParseAddrPort("192.0.2.9:4000")
	for _, direction := range []string{"sendrecv", "sendonly"} {
		s, err := read(describe(at, 1, payloads["PCMU"], 20, direction))
		if err != nil || s != (session{remote: at, payload: 0, dtmf: 101, direction: direction}) {
			t.Errorf("%+v, %v", s, err)
		}
	}
	for _, bad := range []string{"", "c=IN IP4", "m=audio 1\nc=IN IP4 1.2.3.4", "c=IN IP4 1.2.3.4\nm=audio 0 RTP/AVP 8", "c=IN IP4 1.2.3.4\nm=audio 9 RTP/AVP 96"} {
		if s, err := read([]byte(bad)); err == nil {
			t.Errorf("%q was read as %+v", bad, s)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(describe(netip.MustParseAddrPort("192.0.2.9:4000"), 1, 8, 20, "sendrecv"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := read(b); err == nil && !s.remote.IsValid() {
			t.Fatalf("%+v", s)
		}
	})
}

// TestAudioHearsWhatTheOtherSends lets two ends of sound talk without SIP.
func TestAudioHearsWhatTheOtherSends(t *testing.T) {
	var mu sync.Mutex
	keys := ""
	open := func(hz int) *Audio {
		a, err := openAudio(clock.System(), netip.MustParseAddr("127.0.0.1"), hz, nil, func(k byte) {
			mu.Lock()
			keys += string(rune(k))
			mu.Unlock()
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(a.close)
		return a
	}
	a, b := open(1000), open(0)
	b.set(session{remote: a.Local(), dtmf: 101}, true)
	a.set(session{remote: b.Local(), payload: 8, dtmf: 101}, true)
	eventually(t, func() bool {
		h := b.Measure(1000, 200*time.Millisecond)
		return h.Share > 0.95 && h.Level > 5000 && h.Level < 6000
	})
	if other := b.Measure(440, 200*time.Millisecond); other.Share > 0.05 {
		t.Errorf("%.2f of the sound at a wrong frequency", other.Share)
	}
	a.Press("4711#")
	eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return keys == "4711#" })
	name := filepath.Join(t.TempDir(), "heard.wav")
	if err := b.Save(name); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Size() < 44+2*1600 {
		t.Errorf("recorded %v, %v", info, err)
	}
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatal("not within 10 s")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
