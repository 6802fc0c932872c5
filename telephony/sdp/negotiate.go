package sdp

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	pion "github.com/pion/sdp/v3"
)

// ErrNoCodec: the peer's description has no audio stream that we can speak. The
// SIP answer is 488 Not Acceptable Here.
var ErrNoCodec = errors.New("no common codec")

// Local is our side of a negotiation.
type Local struct {
	Address   netip.Addr // where we receive
	Port      int        // RTP port, 1..65535
	Codecs    []string   // "PCMA", "PCMU", by preference
	Direction Direction  // what we want to do
	// SessionID stays the same for the life of a dialog; Version goes up by one
	// with every description that differs from the last (RFC 3264 8).
	SessionID, Version uint64
	DTMF               bool // speak RFC 4733 telephone-event
	Ptime              int  // ms per packet offered; 0 means 20
}

// Agreed is what a negotiation came to.
type Agreed struct {
	Remote      netip.AddrPort // where we send
	Codec       string         // "PCMA" or "PCMU"
	PayloadType uint8          // of Codec, in both directions
	DTMF        uint8          // payload type of telephone-event; 0 means none
	Ptime       int            // ms per packet we send, 10..60
	Direction   Direction      // what we may do
	Held        bool           // the peer put us on hold: it does not want to hear us
}

// The bounds of packet time, ms.
const (
	defaultPtime = 20
	minPtime     = 10
	maxPtime     = 60
)

// The payload types that we offer.
const (
	dtmfPayload = 101
	dtmfName    = "telephone-event"
	dtmfEvents  = "0-15" // the sixteen keys (RFC 4733 3.2)
)

var staticPayload = map[string]uint8{"PCMU": 0, "PCMA": 8} // RFC 3551 6

// Offer writes an offer. It also serves as the offer in the answer to an INVITE
// without a description (RFC 3261 13.2.1).
func Offer(l Local) []byte {
	m := l.section("RTP/AVP")
	for _, name := range l.Codecs {
		if pt, ok := staticPayload[name]; ok {
			m.format(pt, name)
		}
	}
	if l.DTMF {
		m.format(dtmfPayload, dtmfName)
	}
	m.finish(l.Direction, orDefault(l.Ptime))
	return l.write([]*pion.MediaDescription{m.MediaDescription})
}

// Answer answers an offer. The first audio section with a codec of ours is
// taken, all others are refused with port 0 (RFC 3264 6). The error is
// ErrNoCodec when there is none to take.
func Answer(l Local, offer *Session) ([]byte, Agreed, error) {
	taken, a, err := l.choose(offer)
	if err != nil {
		return nil, Agreed{}, fmt.Errorf("answer offer: %w", err)
	}
	peer := effective(&offer.Media[taken])
	a.Direction = l.Direction.and(peer.Mirror())
	a.Held = !peer.Receives()

	sections := make([]*pion.MediaDescription, len(offer.Media))
	for i := range offer.Media {
		o := &offer.Media[i]
		if i != taken {
			sections[i] = refusal(o)
			continue
		}
		m := l.section(o.Proto)
		m.format(a.PayloadType, a.Codec)
		if a.DTMF != 0 {
			m.format(a.DTMF, dtmfName)
		}
		m.finish(a.Direction, a.Ptime)
		sections[i] = m.MediaDescription
	}
	return l.write(sections), a, nil
}

// Accept reads the answer to the offer that l made. The error is ErrNoCodec when
// the peer refused the audio.
func Accept(l Local, answer *Session) (Agreed, error) {
	taken, a, err := l.choose(answer)
	if err != nil {
		return Agreed{}, fmt.Errorf("accept answer: %w", err)
	}
	peer := effective(&answer.Media[taken])
	a.Direction = l.Direction.and(peer.Mirror())
	a.Held = l.Direction.Sends() && !peer.Receives()
	return a, nil
}

// choose finds the audio section to use and what it agrees on, but for the
// direction.
func (l *Local) choose(peer *Session) (int, Agreed, error) {
	for i := range peer.Media {
		m := &peer.Media[i]
		plain := m.Proto == "RTP/AVP" || m.Proto == "RTP/AVPF"
		if m.Type != "audio" || m.Port == 0 || !plain || !m.Address.IsValid() {
			continue
		}
		a := Agreed{Remote: netip.AddrPortFrom(m.Address, uint16(m.Port)), Ptime: m.ptime(orDefault(l.Ptime))}
		found := false
		for _, f := range m.Formats {
			pt, err := strconv.ParseUint(f, 10, 7)
			if err != nil {
				continue
			}
			name, rate, _ := strings.Cut(m.encoding(f), "/")
			if rate != "8000" {
				continue
			}
			switch {
			case name == dtmfName && l.DTMF && a.DTMF == 0:
				a.DTMF = uint8(pt)
			case !found && slices.Contains(l.Codecs, strings.ToUpper(name)):
				a.Codec, a.PayloadType, found = strings.ToUpper(name), uint8(pt), true
			}
		}
		if found {
			return i, a, nil
		}
	}
	return 0, Agreed{}, ErrNoCodec
}

// effective is the peer's direction with the old way to hold, an address of
// zeros, taken as what it means: do not send to me (RFC 3264 8.4).
func effective(m *Media) Direction {
	if m.Address.IsUnspecified() {
		return m.Direction.and(SendOnly)
	}
	return m.Direction
}

// ptime is the packet time to send to the peer: what it asks for, within bounds.
func (m *Media) ptime(ours int) int {
	p := ours
	if m.Ptime >= minPtime && m.Ptime <= maxPtime {
		p = m.Ptime
	}
	if m.MaxPtime >= minPtime {
		p = min(p, m.MaxPtime)
	}
	return p
}

func orDefault(ptime int) int {
	if ptime < minPtime || ptime > maxPtime {
		return defaultPtime
	}
	return ptime
}

// writer is an audio section being written.
type writer struct{ *pion.MediaDescription }

func (l *Local) section(proto string) writer {
	return writer{&pion.MediaDescription{MediaName: pion.MediaName{
		Media: "audio", Port: pion.RangedPort{Value: l.Port}, Protos: []string{proto}}}}
}

func (w writer) format(pt uint8, name string) {
	number := strconv.Itoa(int(pt))
	w.MediaName.Formats = append(w.MediaName.Formats, number)
	w.WithValueAttribute("rtpmap", number+" "+name+"/8000")
	if name == dtmfName {
		w.WithValueAttribute("fmtp", number+" "+dtmfEvents)
	}
}

func (w writer) finish(d Direction, ptime int) {
	w.WithValueAttribute("ptime", strconv.Itoa(ptime))
	w.WithPropertyAttribute(d.String())
}

// refusal is a section with port 0 and at least one of the offered formats.
func refusal(o *Media) *pion.MediaDescription {
	return &pion.MediaDescription{MediaName: pion.MediaName{
		Media: o.Type, Protos: []string{o.Proto}, Formats: o.Formats}}
}

func (l *Local) write(sections []*pion.MediaDescription) []byte {
	family := "IP4"
	if l.Address.Is6() && !l.Address.Is4In6() {
		family = "IP6"
	}
	address := l.Address.Unmap().WithZone("").String()
	s := pion.SessionDescription{
		Origin: pion.Origin{Username: "-", SessionID: l.SessionID, SessionVersion: l.Version,
			NetworkType: "IN", AddressType: family, UnicastAddress: address},
		SessionName: "pasokh",
		ConnectionInformation: &pion.ConnectionInformation{NetworkType: "IN", AddressType: family,
			Address: &pion.Address{Address: address}},
		TimeDescriptions:  []pion.TimeDescription{{}},
		MediaDescriptions: sections,
	}
	b, _ := s.Marshal() // it writes to memory and has no failing path
	return b
}
