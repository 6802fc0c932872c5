package wire

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"github.com/pasokh/pasokh/firmware/clock"
)

// client is a WebSocket client, and got what the server is given of it.
type client struct {
	net.Conn
	t   *testing.T
	got chan string
	end chan error
}

func socket(t *testing.T, f func(*client, *Socket)) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		c := &client{Conn: theirs, t: t, got: make(chan string, 8), end: make(chan error, 1)}
		s := NewSocket(ours, clock.System(), []byte("GET\r\n\r\n"), ours)
		head := make([]byte, 7)
		if _, err := io.ReadFull(s, head); err != nil || string(head) != "GET\r\n\r\n" {
			t.Fatalf("handshake is %q, %v", head, err)
		}
		go func() { _, _ = s.Write([]byte("HTTP/1.1 101 Switching\r\n\r\n")) }()
		if _, err := io.ReadFull(theirs, make([]byte, 26)); err != nil {
			t.Fatal(err)
		}
		go func() { // as sipgo reads
			for {
				_ = s.SetReadDeadline(time.Now().Add(2 * time.Hour))
				data, err := wsutil.ReadClientText(s)
				if err != nil {
					c.end <- err
					_ = s.Close()
					return
				}
				c.got <- string(data)
			}
		}()
		f(c, s)
		_ = theirs.Close()
		_ = s.Close()
		synctest.Wait()
	})
}

func (c *client) send(fin bool, op ws.OpCode, payload string) {
	c.t.Helper()
	f := ws.MaskFrame(ws.NewFrame(op, fin, []byte(payload)))
	if _, err := c.Write(ws.MustCompileFrame(f)); err != nil {
		c.t.Error(err)
	}
}

func (c *client) frame(op ws.OpCode, payload string) {
	c.t.Helper()
	f, err := ws.ReadFrame(c)
	if err != nil || f.Header.OpCode != op || string(f.Payload) != payload {
		c.t.Fatalf("client got %v %q, %v; want %v %q", f.Header.OpCode, f.Payload, err, op, payload)
	}
}

func (c *client) ends(want error) {
	c.t.Helper()
	synctest.Wait()
	select {
	case err := <-c.end:
		if want != nil && !errors.Is(err, want) {
			c.t.Errorf("ended with %v, want %v", err, want)
		}
	default:
		c.t.Error("it lives on")
	}
}

func TestPingsAndFragmentsOnAWebSocket(t *testing.T) {
	socket(t, func(c *client, s *Socket) {
		go c.send(true, ws.OpPing, "are you there")
		c.frame(ws.OpPong, "are you there")
		c.send(true, ws.OpText, "OPTIONS")
		c.send(true, ws.OpBinary, "binary")
		c.send(false, ws.OpText, "in ")
		go c.send(true, ws.OpPing, "!")
		c.frame(ws.OpPong, "!")
		c.send(true, ws.OpContinuation, "pieces")
		c.send(true, ws.OpText, "\r\n\r\n")
		for _, want := range []string{"OPTIONS", "binary", "in pieces", "\r\n\r\n"} {
			if got := <-c.got; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		// A pong waits while a frame is written in pieces.
		frame := ws.MustCompileFrame(ws.NewTextFrame([]byte("SIP/2.0 200 OK")))
		if _, err := s.Write(frame[:2]); err != nil {
			t.Fatal(err)
		}
		go c.send(true, ws.OpPing, "now")
		c.frame(ws.OpPong, "now")
		go func() { _, _ = s.Write(frame[2:]) }()
		c.frame(ws.OpText, "SIP/2.0 200 OK")
		go c.send(true, ws.OpClose, string(ws.NewCloseFrameBody(1001, "bye")))
		c.frame(ws.OpClose, string(ws.NewCloseFrameBody(1001, "")))
		c.ends(io.EOF)
	})
}

func TestADeadWebSocketIsFound(t *testing.T) {
	socket(t, func(c *client, _ *Socket) {
		for range 10 { // a peer that answers lives on
			c.frame(ws.OpPing, "")
			c.send(true, ws.OpPong, "")
		}
		begun := time.Now()
		_, _ = io.Copy(io.Discard, c) // one that does not
		c.ends(nil)
		if took := time.Since(begun); took > 4*pingEvery {
			t.Errorf("found dead after %v", took)
		}
	})
}

func TestBrokenWebSockets(t *testing.T) {
	for name, bytes := range map[string][]byte{
		"no mask":        ws.MustCompileFrame(ws.NewTextFrame([]byte("x"))),
		"too large":      ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame(make([]byte, maxFrames+1)))),
		"a loose piece":  ws.MustCompileFrame(ws.MaskFrame(ws.NewFrame(ws.OpContinuation, true, []byte("x")))),
		"reserved bits":  {0xf1, 0x80, 0, 0, 0, 0},
		"a ping too big": ws.MustCompileFrame(ws.MaskFrame(ws.NewFrame(ws.OpPing, true, make([]byte, 126)))),
	} {
		t.Run(name, func(t *testing.T) {
			socket(t, func(c *client, _ *Socket) {
				go func() { _, _ = c.Write(bytes) }()
				f, err := ws.ReadFrame(c)
				if err != nil || f.Header.OpCode != ws.OpClose {
					t.Errorf("client got %v, %v", f.Header.OpCode, err)
				}
				c.ends(nil)
			})
		})
	}
}

func TestASlowWebSocket(t *testing.T) {
	socket(t, func(c *client, _ *Socket) {
		go func() { _, _ = io.Copy(io.Discard, c) }()
		f := ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte("OPTIONS"))))
		begun := time.Now()
		for _, b := range f {
			if _, err := c.Write([]byte{b}); err != nil {
				break
			}
			time.Sleep(3 * time.Second)
		}
		if took := time.Since(begun); took > Patience+10*time.Second {
			t.Errorf("a message of a byte now and then was waited for %v", took)
		}
		c.ends(nil)
	})
}

func FuzzSocket(f *testing.F) {
	f.Add(ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte("OPTIONS sip:box.test SIP/2.0\r\n\r\n")))))
	f.Add(ws.MustCompileFrame(ws.MaskFrame(ws.NewFrame(ws.OpPing, true, []byte("x")))))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := NewSocket(discard{}, clock.System(), nil, bytes.NewReader(data))
		for range 100 {
			m, err := s.message()
			if err != nil {
				return
			}
			if len(m) == 0 || len(m) > maxFrames {
				t.Fatalf("a message of %d bytes", len(m))
			}
		}
	})
}

// discard is a connection to nobody.
type discard struct{ net.Conn }

func (discard) Write(b []byte) (int, error)      { return len(b), nil }
func (discard) SetReadDeadline(time.Time) error  { return nil }
func (discard) SetWriteDeadline(time.Time) error { return nil }
func (discard) Close() error                     { return nil }
