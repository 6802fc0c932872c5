package locate

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// mode is how a name server behaves.
type mode int

const (
	well mode = iota
	silent
	garbled   // sends noise
	refusing  // SERVFAIL
	truncated // everything by TCP only
	forging   // a wrong ID and a wrong name before the right answer
)

// nameServer is a DNS server on UDP and TCP of one port.
type nameServer struct {
	t    *testing.T
	addr string

	mu    sync.Mutex
	mode  mode
	ttl   uint32
	zone  map[question][]dnsmessage.ResourceBody
	asked map[question]int // by UDP
	tcp   int
}

func newNameServer(t *testing.T) *nameServer {
	udp, tcp := bothOfAPort(t)
	s := &nameServer{t: t, addr: udp.LocalAddr().String(), ttl: 60, zone: make(map[question][]dnsmessage.ResourceBody), asked: make(map[question]int)}
	var all sync.WaitGroup
	t.Cleanup(func() { _, _ = udp.Close(), tcp.Close(); all.Wait() })
	all.Go(func() {
		b := make([]byte, 512)
		for {
			n, from, err := udp.ReadFrom(b)
			if err != nil {
				return
			}
			for _, answer := range s.answers(b[:n], false) {
				_, _ = udp.WriteTo(answer, from)
			}
		}
	})
	all.Go(func() {
		for {
			c, err := tcp.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.stream(c) })
		}
	})
	return s
}

// bothOfAPort opens a port that is free of both, which one that the system gives for
// UDP need not be.
func bothOfAPort(t *testing.T) (udp net.PacketConn, tcp net.Listener) {
	for range 100 {
		udp, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if tcp, err := net.Listen("tcp", udp.LocalAddr().String()); err == nil {
			return udp, tcp
		}
		udp.Close()
	}
	t.Fatal("no port is free")
	return nil, nil
}

func (s *nameServer) stream(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return
	}
	b := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(c, b); err != nil {
		return
	}
	for _, answer := range s.answers(b, true) {
		_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
	}
}

func (s *nameServer) answers(b []byte, stream bool) [][]byte {
	var m dnsmessage.Message
	if err := m.Unpack(b); err != nil || len(m.Questions) != 1 || !m.RecursionDesired {
		s.t.Errorf("asked %v: %v", m.GoString(), err)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := m.Questions[0]
	q := question{strings.ToLower(asked.Name.String()), asked.Type}
	if stream {
		s.tcp++
	} else {
		s.asked[q]++
	}
	m.Response = true
	bodies, known := s.zone[q]
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	}
	name := asked.Name
	for _, body := range bodies {
		h := dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET, TTL: s.ttl}
		if alias, ok := body.(*dnsmessage.CNAMEResource); ok {
			name = alias.CNAME
		}
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: body})
	}
	pack := func(m dnsmessage.Message) []byte {
		b, err := m.Pack()
		if err != nil {
			s.t.Error(err)
		}
		return b
	}
	switch {
	case s.mode == silent:
		return nil
	case s.mode == garbled:
		return [][]byte{[]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), b[:5], pack(m)[:20]}
	case s.mode == refusing:
		m.Answers, m.RCode = nil, dnsmessage.RCodeServerFailure
	case s.mode == truncated && !stream:
		m.Answers, m.Truncated = nil, true
	case s.mode == forging:
		forged, other := m, m
		forged.ID++
		forged.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: asked.Name, Class: dnsmessage.ClassINET, TTL: 9999}, Body: a("192.0.2.66")}}
		other.Questions = []dnsmessage.Question{{Name: named("evil.example."), Type: asked.Type, Class: asked.Class}}
		return [][]byte{pack(forged), pack(other), pack(m)}
	}
	return [][]byte{pack(m)}
}

func (s *nameServer) be(m mode) { s.mu.Lock(); defer s.mu.Unlock(); s.mode = m }

func (s *nameServer) has(name string, kind recordType, bodies ...dnsmessage.ResourceBody) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.zone[question{name, kind}] = bodies
}

func (s *nameServer) times(name string, kind recordType) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[question{name, kind}]
}

func named(s string) dnsmessage.Name { return dnsmessage.MustNewName(s) }

func a(s string) *dnsmessage.AResource {
	return &dnsmessage.AResource{A: netip.MustParseAddr(s).As4()}
}

func aaaa(s string) *dnsmessage.AAAAResource {
	return &dnsmessage.AAAAResource{AAAA: netip.MustParseAddr(s).As16()}
}

func serves(priority, weight, port uint16, target string) *dnsmessage.SRVResource {
	return &dnsmessage.SRVResource{Priority: priority, Weight: weight, Port: port, Target: named(target)}
}

func pointer(order, preference uint16, flags, services, expression, replacement string) *dnsmessage.UnknownResource {
	b := binary.BigEndian.AppendUint16(nil, order)
	b = binary.BigEndian.AppendUint16(b, preference)
	for _, s := range []string{flags, services, expression} {
		b = append(append(b, byte(len(s))), s...)
	}
	for label := range strings.FieldsFuncSeq(replacement, func(r rune) bool { return r == '.' }) {
		b = append(append(b, byte(len(label))), label...)
	}
	return &dnsmessage.UnknownResource{Type: typeNAPTR, Data: append(b, 0)}
}
