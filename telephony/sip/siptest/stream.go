package siptest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// Stream is a connection whose messages are read one by one, as a Peer wants them.
func Stream(c net.Conn) net.PacketConn { return &stream{c, bufio.NewReader(c)} }

type stream struct {
	net.Conn
	r *bufio.Reader
}

// ReadFrom reads a message (RFC 3261 18.3).
func (s *stream) ReadFrom(b []byte) (n int, _ net.Addr, err error) {
	length := 0
	for head := true; head; {
		line, err := s.r.ReadString('\n')
		if err != nil {
			return 0, nil, err
		}
		if n+len(line) > len(b) {
			return 0, nil, fmt.Errorf("a message of more than %d bytes", len(b))
		}
		if line == "\r\n" && n == 0 {
			continue // a keep-alive
		}
		n += copy(b[n:], line)
		head = line != "\r\n"
		if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return 0, nil, err
			}
		}
	}
	if length < 0 || n+length > len(b) {
		return 0, nil, fmt.Errorf("a body of %d bytes", length)
	}
	body, err := io.ReadFull(s.r, b[n:n+length])
	return n + body, s.RemoteAddr(), err
}

func (s *stream) WriteTo(b []byte, _ net.Addr) (int, error) { return s.Write(b) }
