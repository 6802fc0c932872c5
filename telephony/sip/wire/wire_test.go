package wire

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

const good = "OPTIONS sip:box.test SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1;rport, SIP/2.0/UDP x\r\n" +
	"f: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\ni: one\r\nCSeq: 1\r\n OPTIONS\r\nl: 3\r\n\r\nabc"

var from = netip.MustParseAddrPort("192.0.2.9:1234")

func TestReply(t *testing.T) {
	m := Read([]byte(good))
	res := Read(m.Reply(400, "Pasokh", from))
	if res.Start != "SIP/2.0 400 Bad Request" || res.Get("call-id") != "one" || res.Get("cseq") != "1 OPTIONS" ||
		res.Get("from") != "<sip:a@x>;tag=1" || res.Tag() == "" || res.Get("content-length") != "0" || !res.Whole {
		t.Errorf("replied %+v", res)
	}
	if want := "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1;rport=1234;received=192.0.2.9, SIP/2.0/UDP x"; res.Get("via") != want {
		t.Errorf("Via: %s\nwant %s", res.Get("via"), want)
	}
	if again := m.Reply(400, "Pasokh", from); Read(again).Get("to") != res.Get("to") {
		t.Error("a copy of the request gets another tag")
	}
	for _, silent := range []string{strings.ReplaceAll(good, "OPTIONS", "ACK"), strings.Replace(good, "Via", "X", 1)} {
		if m := Read([]byte(silent)); m.Reply(400, "Pasokh", from) != nil {
			t.Errorf("answered\n%s", silent)
		}
	}
}

func TestReturn(t *testing.T) {
	for via, want := range map[string]string{
		"SIP/2.0/UDP x":                             "192.0.2.9:5060",
		"SIP/2.0/UDP x:5070;branch=1":               "192.0.2.9:5070",
		"SIP/2.0/UDP [2001:db8::1]:5071;branch=1":   "192.0.2.9:5071",
		"SIP/2.0/UDP [2001:db8::1]":                 "192.0.2.9:5060",
		"SIP/2.0/UDP x:5070;rport":                  "192.0.2.9:1234",
		"SIP/2.0/UDP x:5070;branch=1, y:9;rport":    "192.0.2.9:5070",
		"SIP/2.0/UDP x:99999":                       "192.0.2.9:1234",
		"SIP/2.0/UDP x:0":                           "192.0.2.9:1234",
		"SIP  /  2.0 /UDP   192.0.2.2:5072;branch=": "192.0.2.9:5072",
	} {
		m := Message{Fields: []Field{{Name: "via", Value: via}}}
		if got := m.Return(from).String(); got != want {
			t.Errorf("%s: answered at %s, want %s", via, got, want)
		}
	}
}

func TestRepair(t *testing.T) {
	m := Read([]byte(good))
	if data := []byte(good); !bytes.Equal(m.Repair(data), data) {
		t.Error("a good message was changed")
	}
	odd := strings.NewReplacer(">;tag=1", "> ; tag = 1", "l: 3\r\n", "", ";branch=z9hG4bK1", "").Replace(good)
	m = Read([]byte(odd))
	m = Read(m.Repair([]byte(odd)))
	if m.Get("from") != "<sip:a@x>;tag=1" || m.Get("content-length") != "3" || string(m.Body) != "abc" || m.Fault() != 0 {
		t.Errorf("repaired to %+v", m)
	}
	old := strings.Replace(odd, "; tag = 1", "", 1)
	m = Read([]byte(old))
	m = Read(m.Repair([]byte(old)))
	if !strings.HasPrefix(m.Get("via"), "SIP/2.0/UDP 192.0.2.9:5070;rport;branch=z9hG4bK") {
		t.Errorf("Via is %s", m.Get("via"))
	}
}

// stream is a Conn on a pipe, its other end, and what the screen was shown.
func stream(f func(c *Conn, peer net.Conn, seen *[]string)) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	var seen []string
	f(NewConn(a, clock.System(), time.Hour, func(m []byte) []byte { seen = append(seen, string(m)); return m }), b, &seen)
}

func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream(func(c *Conn, peer net.Conn, seen *[]string) {
			go func() {
				text := "\r\n" + good + "\r\n\r\n" + good + good
				for i := range len(text) { // a byte at a time, but not slowly
					_, _ = peer.Write([]byte{text[i]})
				}
				_ = peer.Close()
			}()
			got, err := io.ReadAll(c)
			if err != nil && !errors.Is(err, io.ErrClosedPipe) || string(got) != good+"\r\n\r\n"+good+good || len(*seen) != 3 {
				t.Errorf("read %q, %v, in %d messages", got, err, len(*seen))
			}
		})
	})
}

func TestSlowSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream(func(c *Conn, peer net.Conn, seen *[]string) {
			var sender sync.WaitGroup
			defer sender.Wait()
			defer c.Close()
			sender.Go(func() {
				for i := range good[:40] {
					if _, err := peer.Write([]byte{good[i]}); err != nil {
						return
					}
					time.Sleep(time.Second)
				}
			})
			begun := time.Now()
			_, err := c.Read(make([]byte, 100))
			var late net.Error
			if !errors.As(err, &late) || !late.Timeout() || time.Since(begun) > Patience+3*time.Second {
				t.Errorf("%v after %v", err, time.Since(begun))
			}
			if len(*seen) != 1 || Read([]byte((*seen)[0])).Whole {
				t.Errorf("the screen saw %q", *seen)
			}
		})
	})
}

func TestStreamWithoutEnd(t *testing.T) {
	for name, text := range map[string]string{
		"header too large":   "OPTIONS sip:x SIP/2.0\r\nX: " + strings.Repeat("x", 2*maxHead),
		"body too large":     strings.Replace(good, "l: 3", "l: 65536", 1),
		"two lengths":        strings.Replace(good, "l: 3", "l: 3\r\nContent-Length: 4", 1),
		"length is nonsense": strings.Replace(good, "l: 3", "l: -3", 1),
	} {
		stream(func(c *Conn, peer net.Conn, seen *[]string) {
			go func() { _, _ = peer.Write([]byte(text)) }()
			_, err := io.ReadAll(c)
			if !errors.Is(err, errTooLarge) || len(*seen) != 1 {
				t.Errorf("%s: %v after %d messages", name, err, len(*seen))
			}
		})
	}
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("SIP/2.0 200 OK\r\n\r\n"))
	f.Add([]byte(" \r\nVia:,\r\nTo:;\r\nl:-\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := Read(data)
		fault := m.Fault()
		if b := m.Reply(400, "Pasokh", from); len(b) > 2*len(data)+300 {
			t.Errorf("%d bytes answered with %d", len(data), len(b))
		}
		m.Return(from)
		if fixed := Read(m.Repair(data)); fault == 0 && fixed.Fault() != 0 {
			t.Errorf("repaired %q to %q", data, m.Repair(data))
		}
	})
}
