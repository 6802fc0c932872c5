package wire

import (
	"bytes"
	"errors"
	"net"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Patience is how long a message may take from its first byte to its last, so
// that a sender of a byte now and then does not keep a connection.
const Patience = 10 * time.Second

// Conn is a stream of messages. Each message is shown to the screen, whole, and
// Read gives what the screen lets through. It ends at the first byte that cannot
// be told to belong to a message.
type Conn struct {
	net.Conn
	clock   clock.Clock
	idle    time.Duration
	screen  func([]byte) []byte
	in, out []byte
	scanned int // of in, no end of a header in it
	begun   time.Time
	err     error // for once in is used up
}

// NewConn makes a stream of c, on which nothing may come for idle between
// messages. screen returns what of a message goes on, nil for nothing.
func NewConn(c net.Conn, k clock.Clock, idle time.Duration, screen func([]byte) []byte) *Conn {
	return &Conn{Conn: c, clock: k, idle: idle, screen: screen}
}

var errTooLarge = errors.New("SIP message is too large")

// ping is what a peer sends to see that we live (RFC 5626 3.5.1).
var ping = []byte("\r\n\r\n")

// Read gives bytes of messages, and pings one by one.
func (c *Conn) Read(b []byte) (int, error) {
	for {
		if len(c.out) > 0 {
			n := copy(b, c.out)
			c.out = c.out[n:]
			return n, nil
		}
		switch {
		case c.err != nil:
			return 0, c.err
		case bytes.HasPrefix(c.in, ping):
			c.out, c.in = ping, c.in[len(ping):]
		case bytes.HasPrefix(c.in, ping[:2]) && !bytes.HasPrefix(ping, c.in): // RFC 3261 7.5
			c.in = c.in[2:]
		default:
			n, ok := c.end()
			if ok {
				c.pass(n)
			} else {
				c.fill()
			}
		}
	}
}

// pass shows the first n bytes to the screen.
func (c *Conn) pass(n int) {
	m := c.in[:n:n]
	c.in, c.scanned, c.begun = c.in[n:], 0, time.Time{}
	c.out = c.screen(m)
}

// end is the length of the message at the start of in; ok is false while it is
// not all there. A message whose end cannot be told is the last one.
func (c *Conn) end() (n int, ok bool) {
	i := bytes.Index(c.in[c.scanned:], ping)
	if i < 0 {
		c.scanned = max(0, len(c.in)-len(ping)+1)
		if len(c.in) > maxHead {
			c.err = errTooLarge
			return len(c.in), true
		}
		return 0, false
	}
	head := c.scanned + i + len(ping)
	c.scanned += i
	m := Read(c.in[:head])
	length, _, sane := m.length()
	if !sane || head > maxHead || head+length > MaxMessage {
		c.err = errTooLarge
		return head, true
	}
	return head + length, len(c.in) >= head+length
}

// fill reads more. When no more comes the screen is shown what there is: its
// sender is to hear that the message is not whole (RFC 3261 18.3).
func (c *Conn) fill() {
	now := c.clock.Now()
	deadline := now.Add(c.idle)
	if len(c.in) > 2 {
		if c.begun.IsZero() {
			c.begun = now
		}
		deadline = c.begun.Add(Patience)
	}
	if c.err = c.SetReadDeadline(deadline); c.err != nil {
		return
	}
	var chunk [4096]byte
	n, err := c.Conn.Read(chunk[:])
	c.in = append(c.in, chunk[:n]...)
	if err == nil {
		return
	}
	if n > 0 {
		return // the next read fails again
	}
	if c.err = err; len(c.in) > 2 {
		c.pass(len(c.in))
		c.out = nil
	}
}
