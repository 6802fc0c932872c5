package locate

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// maxPacket bounds an answer by UDP; nothing longer was asked for (RFC 1035 4.2.1).
const maxPacket = 4096

// query asks the name servers in order until one has an answer.
func (l *Locator) query(ctx context.Context, q question) ([]record, time.Duration, error) {
	var servers []string
	if l.opts.Servers != nil {
		servers = l.opts.Servers()
	}
	if len(servers) == 0 {
		servers = nameServers()
	}
	name, err := dnsmessage.NewName(q.name)
	if err != nil {
		return nil, 0, fmt.Errorf("name %s: %w", q.name, err)
	}
	var failed error
	for _, at := range servers {
		rr, life, err := l.exchange(ctx, at, name, q)
		if err == nil {
			return rr, life, nil
		}
		failed = errors.Join(failed, fmt.Errorf("%s: %w", at, err))
		if ctx.Err() != nil {
			break
		}
	}
	return nil, 0, failed
}

// exchange asks one name server: by UDP, and again by TCP when the answer does not
// fit into a packet (RFC 7766 5).
func (l *Locator) exchange(ctx context.Context, at string, name dnsmessage.Name, q question) ([]record, time.Duration, error) {
	id := uint16(rand.Uint32()) // the runtime's generator, which cannot be guessed
	b, err := (&dnsmessage.Message{Header: dnsmessage.Header{ID: id, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: name, Type: q.kind, Class: dnsmessage.ClassINET}}}).Pack()
	if err != nil {
		return nil, 0, err
	}
	rr, life, err := l.once(ctx, "udp", at, func(c net.Conn) ([]record, time.Duration, error) { return overPackets(c, b, id, q) })
	if errors.Is(err, errTruncated) {
		rr, life, err = l.once(ctx, "tcp", at, func(c net.Conn) ([]record, time.Duration, error) { return overStream(c, b, id, q) })
	}
	return rr, life, err
}

func (l *Locator) once(ctx context.Context, network, at string, talk func(net.Conn) ([]record, time.Duration, error)) ([]record, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, l.opts.Timeout)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, network, at)
	if err != nil {
		return nil, 0, err
	}
	defer c.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = c.SetDeadline(deadline)
	}
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	return talk(c)
}

// overPackets waits for the answer and lets everything else pass: anybody may
// send to us.
func overPackets(c net.Conn, b []byte, id uint16, q question) ([]record, time.Duration, error) {
	if _, err := c.Write(b); err != nil {
		return nil, 0, err
	}
	in := make([]byte, maxPacket)
	for {
		n, err := c.Read(in)
		if err != nil {
			return nil, 0, err
		}
		if rr, life, err := read(in[:n], id, q); !errors.Is(err, errGarbage) {
			return rr, life, err
		}
	}
}

func overStream(c net.Conn, b []byte, id uint16, q question) ([]record, time.Duration, error) {
	if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)); err != nil {
		return nil, 0, err
	}
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return nil, 0, err
	}
	in := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(c, in); err != nil {
		return nil, 0, err
	}
	return read(in, id, q)
}
