package phone

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// session is what the phone reads in a description: where to send, what, and
// which way.
type session struct {
	remote    netip.AddrPort
	payload   uint8
	dtmf      uint8
	direction string
}

var payloads = map[string]uint8{"PCMU": 0, "PCMA": 8}

// describe writes a description with one codec and keys, and packets of so many ms.
func describe(at netip.AddrPort, version int, payload uint8, ptime int, direction string) []byte {
	name := "PCMA"
	if payload == 0 {
		name = "PCMU"
	}
	return fmt.Appendf(nil, "v=0\r\no=phonesim 1 %d IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"+
		"m=audio %d RTP/AVP %d 101\r\na=rtpmap:%d %s/8000\r\na=rtpmap:101 telephone-event/8000\r\n"+
		"a=fmtp:101 0-15\r\na=ptime:%d\r\na=%s\r\n", version, at.Addr(), at.Addr(), at.Port(), payload, payload, name, ptime, direction)
}

// read reads a description of the server.
func read(b []byte) (session, error) {
	s := session{direction: "sendrecv"}
	var addr netip.Addr
	port := -1
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "c=IN IP"):
			_, text, _ := strings.Cut(line[len("c=IN "):], " ")
			addr, _ = netip.ParseAddr(text)
		case strings.HasPrefix(line, "m=audio "):
			f := strings.Fields(line)
			if len(f) < 4 {
				return s, fmt.Errorf("bad line %q", line)
			}
			port, _ = strconv.Atoi(f[1])
			n, _ := strconv.Atoi(f[3])
			s.payload = uint8(n)
		case strings.HasPrefix(line, "a=rtpmap:") && strings.Contains(line, "telephone-event"):
			pt, _, _ := strings.Cut(strings.TrimPrefix(line, "a=rtpmap:"), " ")
			n, _ := strconv.Atoi(pt)
			s.dtmf = uint8(n)
		case line == "a=sendonly", line == "a=recvonly", line == "a=inactive":
			s.direction = line[2:]
		}
	}
	if !addr.IsValid() || port <= 0 || port > 65535 || s.payload != 0 && s.payload != 8 {
		return s, fmt.Errorf("cannot use the description %q", b)
	}
	s.remote = netip.AddrPortFrom(addr, uint16(port))
	return s, nil
}
