package sdp

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Local is our side of a negotiation.
type Local struct {
	Address   netip.Addr // where we receive
	Port      int        // RTP port, 1..65535
	Codecs    []string   // "PCMA", "PCMU", "G722", by preference
	Direction Direction  // what we want to do
	// SessionID stays the same for the life of a dialog; Version goes up by one
	// with every description that differs from the last (RFC 3264 8).
	SessionID, Version uint64
	// Pass: formats that we do not speak may be agreed on, to be relayed as they are:
	// any that is offered where none of ours is, and Others in our offers, which come
	// after ours. Want is the name of the only one wanted now, or Ours.
	Pass   bool
	Others []Format
	Want   string
	Video  *Video // nil: none is taken and none is offered
	DTMF   bool   // speak RFC 4733 telephone-event
	Noise  bool   // offer comfort noise (RFC 3389); an answer takes what is offered
	Ptime  int    // ms per packet offered; 0 means 20
	// Crypto are our keys for SRTP, one for each suite, by preference; none: no
	// encryption. Secure: nothing but encryption.
	Crypto []Crypto
	Secure bool
	// Last is our last description in this dialog, nil before the first. A new
	// offer keeps its sections and their order (RFC 3264 8).
	Last *Session

	video bool // this is the part of it that negotiates Video
}

// Agreed is what a negotiation came to.
type Agreed struct {
	Remote      netip.AddrPort // where we send
	RTCP        netip.AddrPort // where we send RTCP
	Mux         bool           // that is the port of RTP, on our side too (RFC 5761)
	Codec       string         // "PCMA", "PCMU" or "G722"
	PayloadType uint8          // of Codec in what we send
	Other       Format         // in the place of Codec, which is "" then
	OwnType     uint8          // of Other in what we receive
	DTMF        uint8          // payload type of telephone-event in what we send; 0 means none
	OwnDTMF     uint8          // the same in what we receive
	Noise       bool           // both sides take comfort noise, as payload type 13
	Ptime       int            // ms per packet we send, 10..60
	Direction   Direction      // what we may do
	Held        bool           // the peer put us on hold: it does not want to hear us
	// Send and Receive are the keys that packets are encrypted with; nil is plain
	// RTP. Both are set or none.
	Send, Receive *Crypto
	// Video is what was agreed on for video: Other with all that concerns its packets.
	// nil is none.
	Video *Agreed
}

// The bounds of packet time, ms.
const (
	defaultPtime = 20
	minPtime     = 10
	maxPtime     = 60
)

// Answer answers an offer. The audio section that suits best is taken, all others
// are refused with port 0 (RFC 3264 6). The error is a *Refusal when there is none
// to take.
func Answer(l Local, offer *Session) ([]byte, Agreed, error) {
	taken, a, err := l.choose(offer, false)
	if err != nil {
		return nil, Agreed{}, fmt.Errorf("answer offer: %w", err)
	}
	peer := effective(&offer.Media[taken])
	a.Direction = l.Direction.and(peer.Mirror())
	a.Held = !peer.Receives()
	a.OwnDTMF = a.DTMF // an answer keeps the offer's numbers
	sections := offer.refused()
	sections[taken] = l.answer(&offer.Media[taken], a)
	if v := l.pictures(); v != nil {
		if at, shown, err := v.choose(offer, false); err == nil {
			shown.Direction = l.Direction.and(effective(&offer.Media[at]).Mirror())
			a.Video, sections[at] = &shown, v.answer(&offer.Media[at], shown)
		}
	}
	return l.write(sections), a, nil
}

// Accept reads the answer to the offer that l made. The error is a *Refusal when
// the peer refused the audio, or answered what was not offered.
func Accept(l Local, answer *Session) (Agreed, error) {
	taken, a, err := l.choose(answer, true)
	if err != nil {
		return Agreed{}, fmt.Errorf("accept answer: %w", err)
	}
	peer := effective(&answer.Media[taken])
	a.Direction = l.Direction.and(peer.Mirror())
	a.Held = l.Direction.Sends() && !peer.Receives()
	if a.DTMF != 0 {
		a.OwnDTMF = l.dtmf()
	}
	if v := l.pictures(); v != nil {
		if at, shown, err := v.choose(answer, true); err == nil {
			shown.Direction = l.Direction.and(effective(&answer.Media[at]).Mirror())
			a.Video = &shown
		}
	}
	return a, nil
}

// choose finds the audio section to use and what it agrees on, but for the
// direction: one that is encrypted rather than one that is not, and else the first.
func (l *Local) choose(peer *Session, answer bool) (taken int, best Agreed, err error) {
	taken, why := -1, ErrNoAudio
	for i := range peer.Media {
		a, no := l.fits(&peer.Media[i], answer)
		switch {
		case no != nil:
			if slices.Index(nearness, no) > slices.Index(nearness, why) {
				why = no
			}
		case taken < 0, best.Send == nil && a.Send != nil:
			taken, best = i, a
		}
	}
	if taken < 0 {
		return 0, Agreed{}, why
	}
	return taken, best, nil
}

// nearness orders the refusals by how much of a section was right.
var nearness = []*Refusal{ErrNoAudio, ErrAddress, ErrNoCodec, ErrEncrypted, ErrPlain}

// fits tells what would be agreed on with one section, or why nothing.
func (l *Local) fits(m *Media, answer bool) (Agreed, *Refusal) {
	secure, known := profile(m.Proto)
	switch {
	case m.Type != l.kind() || m.Port == 0 || !known:
		return Agreed{}, ErrNoAudio
	case !l.reaches(m.Address):
		return Agreed{}, ErrAddress
	}
	a := Agreed{Remote: netip.AddrPortFrom(m.Address, uint16(m.Port)), Ptime: m.ptime(orDefault(l.Ptime)), Mux: m.Mux}
	if a.RTCP = a.Remote; !m.Mux {
		a.RTCP = m.rtcpAt()
	}
	if other, ok := l.other(m, answer); ok && (l.video || l.Want != "" || !m.has(l.Codecs)) {
		a.Other, a.PayloadType, a.OwnType = other, other.Type, other.Type
		if i := slices.IndexFunc(l.Others, other.Like); answer && i >= 0 {
			a.OwnType = l.otherType(l.Others[i])
		}
	} else if a.Codec, a.PayloadType = m.codec(l.Codecs); a.Codec == "" {
		return Agreed{}, ErrNoCodec
	}
	if l.DTMF { // with sound of another clock too: that is how phones do it
		a.DTMF = m.events(clockRate)
	}
	a.Noise = slices.Contains(m.Formats, strconv.Itoa(noisePayload)) && (l.Noise || !answer)
	a.Send, a.Receive = l.keys(m, answer)
	switch {
	case a.Send != nil:
	case secure, answer && m.keyed && l.Crypto != nil: // it will encrypt with what we did not offer
		return Agreed{}, ErrEncrypted
	case l.Secure:
		return Agreed{}, ErrPlain
	}
	return a, nil
}

// profile tells the RTP profiles that we speak, and which of them must be encrypted
// (RFC 3551, 4585, 3711, 5124). In the others a=crypto is a wish (RFC 8643).
func profile(proto string) (secure, known bool) {
	switch proto {
	case "RTP/AVP", "RTP/AVPF":
		return false, true
	case "RTP/SAVP", "RTP/SAVPF":
		return true, true
	}
	return false, false
}

// reaches tells whether our socket can send to an address. All zeros are the old
// way to hold.
func (l *Local) reaches(a netip.Addr) bool {
	return a.IsValid() && !a.IsMulticast() && (a.IsUnspecified() || a.Unmap().Is4() == l.Address.Unmap().Is4())
}

// codec is the first of the formats that is one of ours: the peer's order counts,
// who knows what its microphone likes.
func (m *Media) codec(ours []string) (name string, payloadType uint8) {
	for _, f := range m.Formats {
		pt, err := strconv.ParseUint(f, 10, 7)
		if err != nil {
			continue
		}
		name, rate, _ := strings.Cut(m.encoding(f), "/")
		if name = strings.ToUpper(name); rate == clockRate && slices.Contains(ours, name) {
			return name, uint8(pt)
		}
	}
	return "", 0
}

// has tells whether one of the formats is one of ours.
func (m *Media) has(ours []string) bool {
	name, _ := m.codec(ours)
	return name != ""
}

// events is the payload type of telephone-event at a clock rate: keys must run on
// the clock of the sound they are sent between (RFC 4733 2.1). 0 is none.
func (m *Media) events(rate string) uint8 {
	for _, f := range m.Formats {
		if pt, err := strconv.ParseUint(f, 10, 7); err == nil && m.encoding(f) == dtmfName+"/"+rate {
			return uint8(pt)
		}
	}
	return 0
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

// rtcpAt is where the peer wants its RTCP if not on the port of RTP: the next one,
// or what it says (RFC 3605).
func (m *Media) rtcpAt() netip.AddrPort {
	at, port := m.Address, cmp.Or(m.RTCP.Port(), uint16(m.Port+1))
	if m.RTCP.Addr().IsValid() {
		at = m.RTCP.Addr()
	}
	return netip.AddrPortFrom(at, port)
}

func orDefault(ptime int) int {
	if ptime < minPtime || ptime > maxPtime {
		return defaultPtime
	}
	return ptime
}
