package sdp

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// MaxSize is the longest description read, in bytes, and maxMedia the most sections.
const (
	MaxSize  = 64 << 10
	maxMedia = 32
)

// Session is what a peer's description says, as far as it matters here.
type Session struct {
	// ID and Version are those of the o= line, 0 when it was unreadable. An
	// unchanged Version means an unchanged description (RFC 3264 8).
	ID, Version uint64
	// Media are the m= sections in order.
	Media []Media
}

// Media is one m= section.
type Media struct {
	Type      string   // "audio", "video", "image", ...
	Port      int      // 0 means refused or switched off
	Proto     string   // "RTP/AVP"
	Formats   []string // payload types, by preference
	Address   netip.Addr
	Direction Direction // of the peer who wrote it
	Ptime     int       // ms of sound per packet asked for; 0 when not said
	MaxPtime  int       // ms; 0 when not said
	// Mux: RTCP may come on the port of RTP (RFC 5761). Else it goes to RTCP, which
	// is the next port unless the peer says otherwise (RFC 3605).
	Mux  bool
	RTCP netip.AddrPort
	// Crypto are the keys for SRTP that can be used, by preference.
	Crypto []Crypto

	// Kbps is the most that its writer wishes to be sent, kbit/s; 0 when not said.
	Kbps int

	maps   map[string]string // payload type -> encoding name and rate, lower case
	params map[string]string // payload type -> its fmtp
	asks   map[string]Asks   // payload type or * -> its rtcp-fb
	inside bool              // not what stands before the first section
	keyed  bool              // has keys for SRTP, of use or not
}

// Direction is which way sound may go, seen from whoever writes it (RFC 8866
// 6.7). The zero Direction is both ways.
type Direction uint8

// The directions.
const (
	SendRecv Direction = iota
	SendOnly
	RecvOnly
	Inactive
)

var directionNames = [...]string{"sendrecv", "sendonly", "recvonly", "inactive"}

// String is the attribute's name.
func (d Direction) String() string { return directionNames[d&3] }

// Sends tells whether sound may be sent.
func (d Direction) Sends() bool { return d == SendRecv || d == SendOnly }

// Receives tells whether sound may be received.
func (d Direction) Receives() bool { return d == SendRecv || d == RecvOnly }

// Mirror is the same direction seen from the other side.
func (d Direction) Mirror() Direction { return direction(d.Receives(), d.Sends()) }

// and is what both d and other allow.
func (d Direction) and(other Direction) Direction {
	return direction(d.Sends() && other.Sends(), d.Receives() && other.Receives())
}

func direction(sends, receives bool) Direction {
	switch {
	case sends && receives:
		return SendRecv
	case sends:
		return SendOnly
	case receives:
		return RecvOnly
	}
	return Inactive
}

// Parse reads a description. Only what would make an answer impossible is an
// error: too long, no text, or an m= line that cannot be read.
func Parse(b []byte) (*Session, error) {
	if len(b) > MaxSize {
		return nil, fmt.Errorf("session description of %d bytes is longer than %d", len(b), MaxSize)
	}
	var (
		s     Session
		whole Media // what stands before the first m= line holds for all sections
		at    = &whole
	)
	for line := range strings.FieldsFuncSeq(string(b), func(r rune) bool { return r == '\r' || r == '\n' }) {
		if strings.ContainsRune(line, 0) {
			return nil, errors.New("session description is not text")
		}
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch key {
		case "o":
			s.origin(value)
		case "c":
			at.connection(value)
		case "b":
			at.bandwidth(value)
		case "a":
			at.attribute(value)
		case "m":
			m, err := section(value, whole)
			if err != nil {
				return nil, err
			}
			if len(s.Media) == maxMedia {
				return nil, fmt.Errorf("session description with more than %d media lines", maxMedia)
			}
			s.Media = append(s.Media, m)
			at = &s.Media[len(s.Media)-1]
		}
	}
	return &s, nil
}

// origin reads "user id version net type address".
func (s *Session) origin(value string) {
	if f := strings.Fields(value); len(f) >= 3 {
		s.ID, _ = strconv.ParseUint(f[1], 10, 64)
		s.Version, _ = strconv.ParseUint(f[2], 10, 64)
	}
}

// section reads "audio 4000[/2] RTP/AVP 8 0 101".
func section(value string, whole Media) (Media, error) {
	f := strings.Fields(value)
	if len(f) < 4 {
		return Media{}, fmt.Errorf("media line %.80q has no format", value)
	}
	first, _, _ := strings.Cut(f[1], "/")
	port, err := strconv.ParseUint(first, 10, 16)
	if err != nil {
		return Media{}, fmt.Errorf("media line %.80q: bad port", value)
	}
	m := whole
	m.inside = true
	m.Type, m.Port, m.Proto, m.Formats = strings.ToLower(f[0]), int(port), f[2], slices.Clone(f[3:])
	m.maps, m.params, m.asks = make(map[string]string), make(map[string]string), make(map[string]Asks)
	return m, nil
}

// connection reads "IN IP4 192.0.2.1[/ttl]". A host name leaves the section
// without an address, which refuses it: looking it up could take seconds.
func (m *Media) connection(value string) {
	m.Address = netip.Addr{}
	if f := strings.Fields(value); len(f) >= 3 {
		host, _, _ := strings.Cut(f[2], "/")
		m.Address, _ = netip.ParseAddr(host)
	}
}

func (m *Media) attribute(value string) {
	name, value, _ := strings.Cut(value, ":")
	switch name {
	case "sendrecv":
		m.Direction = SendRecv
	case "sendonly":
		m.Direction = SendOnly
	case "recvonly":
		m.Direction = RecvOnly
	case "inactive":
		m.Direction = Inactive
	case "ptime":
		m.Ptime = milliseconds(value)
	case "maxptime":
		m.MaxPtime = milliseconds(value)
	}
	if !m.inside {
		return
	}
	switch name { // these hold for one section only
	case "rtpmap":
		if f := strings.Fields(value); len(f) >= 2 {
			m.maps[f[0]] = strings.ToLower(strings.TrimSuffix(f[1], "/1"))
			if m.maps[f[0]] == "g722/16000" { // its true rate, which is not that of its clock
				m.maps[f[0]] = "g722/8000"
			}
		}
	case "fmtp":
		if format, params, ok := strings.Cut(value, " "); ok {
			m.params[format] = strings.TrimSpace(params)
		}
	case "rtcp-fb":
		format, kind, _ := strings.Cut(value, " ")
		m.asks[format] |= askOf(kind)
	case "rtcp-mux":
		m.Mux = true
	case "rtcp":
		m.rtcp(value)
	case "crypto":
		m.keyed = true
		if c, ok := parseCrypto(value); ok && len(m.Crypto) < maxCrypto {
			m.Crypto = append(m.Crypto, c)
		}
	}
}

// rtcp reads "4001 [IN IP4 192.0.2.1]" (RFC 3605).
func (m *Media) rtcp(value string) {
	f := strings.Fields(value)
	if len(f) == 0 {
		return
	}
	port, err := strconv.ParseUint(f[0], 10, 16)
	if err != nil {
		return
	}
	var at netip.Addr
	if len(f) >= 4 {
		at, _ = netip.ParseAddr(f[3])
	}
	m.RTCP = netip.AddrPortFrom(at, uint16(port))
}

// milliseconds reads "20"; some phones write "20.0".
func milliseconds(value string) int {
	whole, _, _ := strings.Cut(strings.TrimSpace(value), ".")
	n, err := strconv.ParseUint(whole, 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

// encoding is the name and rate of a format: its rtpmap, or for the static
// payload types what RFC 3551 6 gives them.
func (m *Media) encoding(format string) string {
	if e, ok := m.maps[format]; ok {
		return e
	}
	switch format {
	case "0":
		return "pcmu/8000"
	case "8":
		return "pcma/8000"
	case "9":
		return "g722/8000"
	case "3":
		return "gsm/8000"
	case "18":
		return "g729/8000"
	}
	return ""
}
