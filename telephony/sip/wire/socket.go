package wire

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"

	"github.com/pasokh/pasokh/firmware/clock"
)

// A peer is pinged so often; one that sends nothing at all, not even a pong, for
// maxQuiet pings is gone.
const (
	pingEvery = 30 * time.Second
	maxQuiet  = 2
	pingTime  = 5 * time.Second // for a ping to leave
)

// maxFrames bounds a message that came as a WebSocket message, in bytes.
const maxFrames = maxHead

// Socket is the server's end of a WebSocket connection (RFC 6455) for sipgo, which
// knows text frames only and takes whatever else comes for them. It answers pings
// and Close, sends pings of its own, joins fragments, takes binary messages too
// (RFC 7118 4.2), and gives each message as one frame. What is written is sent
// frame by frame, so that a pong is never inside another.
type Socket struct {
	net.Conn
	clock clock.Clock
	from  io.Reader // the handshake's bytes come as they are
	shake int       // how many of them are left
	out   []byte
	idle  time.Time // the deadline that the reader has asked for
	quiet atomic.Int32

	mu       sync.Mutex // guards what is written
	upgraded bool
	part     []byte // of a frame
	pings    clock.Timer
	closed   bool
}

// NewSocket makes a socket of a connection whose handshake is still to be read, and
// what came after it.
func NewSocket(c net.Conn, k clock.Clock, handshake []byte, rest io.Reader) *Socket {
	return &Socket{Conn: c, clock: k, from: io.MultiReader(bytes.NewReader(handshake), rest), shake: len(handshake)}
}

// SetReadDeadline is for whole messages.
func (s *Socket) SetReadDeadline(t time.Time) error {
	s.idle = t
	return s.Conn.SetReadDeadline(t)
}

// Read gives the handshake and then messages, each in a frame.
func (s *Socket) Read(b []byte) (int, error) {
	if s.shake > 0 {
		n, err := s.from.Read(b[:min(len(b), s.shake)])
		s.shake -= n
		return n, err
	}
	if len(s.out) == 0 {
		m, err := s.message()
		if err != nil {
			return 0, err
		}
		// The mask of nothing: a client's frame must have one.
		s.out = ws.MustCompileFrame(ws.Frame{Header: ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Length: int64(len(m))}, Payload: m})
	}
	n := copy(b, s.out)
	s.out = s.out[n:]
	return n, nil
}

var errFrame = errors.New("not a WebSocket message")

// message reads the next whole message and serves what comes before it.
func (s *Socket) message() (m []byte, err error) {
	state := ws.StateServerSide
	for {
		var first [1]byte
		if _, err := io.ReadFull(s.from, first[:]); err != nil {
			return nil, err
		}
		s.quiet.Store(0)
		if state == ws.StateServerSide { // the rest of the message must follow soon
			if err := s.Conn.SetReadDeadline(earlier(s.clock.Now().Add(Patience), s.idle)); err != nil {
				return nil, err
			}
		}
		h, err := ws.ReadHeader(io.MultiReader(bytes.NewReader(first[:]), s.from))
		if err != nil {
			return nil, err
		}
		code := ws.StatusProtocolError
		if err = ws.CheckHeader(h, state); err == nil && !h.Masked {
			err = errFrame
		}
		if err == nil && int64(len(m))+h.Length > maxFrames {
			code, err = ws.StatusMessageTooBig, errTooLarge
		}
		if err != nil {
			s.bye(ws.NewCloseFrameBody(code, ""))
			return nil, err
		}
		data := make([]byte, h.Length)
		if _, err := io.ReadFull(s.from, data); err != nil {
			return nil, err
		}
		ws.Cipher(data, h.Mask, 0)
		switch {
		case h.OpCode == ws.OpClose:
			s.bye(data[:min(len(data), 2)])
			return nil, io.EOF
		case h.OpCode == ws.OpPing:
			if err := s.send(ws.NewPongFrame(data)); err != nil {
				return nil, err
			}
		case h.OpCode.IsControl(): // a pong
		default:
			m = append(m, data...)
			state = state.Set(ws.StateFragmented)
			if h.Fin && len(m) > 0 {
				return m, nil
			}
			if h.Fin {
				state = ws.StateServerSide
			}
		}
		if state == ws.StateServerSide {
			if err := s.Conn.SetReadDeadline(s.idle); err != nil {
				return nil, err
			}
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Write takes the answer to the handshake and then frames, in pieces.
func (s *Socket) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.upgraded {
		s.upgraded = bytes.HasSuffix(b, ping) // the end of its header
		if s.upgraded && !s.closed {
			s.pings = s.clock.AfterFunc(pingEvery, s.ping)
		}
		return s.Conn.Write(b)
	}
	s.part = append(s.part, b...)
	h, err := ws.ReadHeader(bytes.NewReader(s.part))
	if err != nil || len(s.part) < ws.HeaderSize(h)+int(h.Length) {
		return len(b), nil
	}
	_, err = s.Conn.Write(s.part)
	s.part = s.part[:0]
	return len(b), err
}

func (s *Socket) send(f ws.Frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.SetWriteDeadline(s.clock.Now().Add(pingTime)); err != nil {
		return err
	}
	_, err := s.Conn.Write(ws.MustCompileFrame(f))
	return err
}

// bye sends Close. Nobody hears of it if that fails: the connection ends anyway.
func (s *Socket) bye(body []byte) { _ = s.send(ws.NewCloseFrame(body)) }

// ping asks whether the peer still lives.
func (s *Socket) ping() {
	if s.quiet.Add(1) > maxQuiet || s.send(ws.NewPingFrame(nil)) != nil {
		_ = s.Close()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.pings = s.clock.AfterFunc(pingEvery, s.ping)
	}
}

// Close ends the connection and its pings.
func (s *Socket) Close() error {
	s.mu.Lock()
	s.closed = true
	if s.pings != nil {
		s.pings.Stop()
	}
	s.mu.Unlock()
	return s.Conn.Close()
}
