package sdp

import (
	"slices"
	"strconv"

	pion "github.com/pion/sdp/v3"
)

// The payload types that we offer.
const (
	dtmfPayload  = 101
	dtmfName     = "telephone-event"
	dtmfEvents   = "0-15" // the sixteen keys (RFC 4733 3.2)
	noisePayload = 13     // static (RFC 3551 6)
	noiseName    = "CN"
	clockRate    = "8000" // of RTP, for every codec here
)

var staticPayload = map[string]uint8{"PCMU": 0, "PCMA": 8, "G722": 9} // RFC 3551 6

// Offer writes an offer. It also serves as the offer in the answer to an INVITE
// without a description (RFC 3261 13.2.1).
func Offer(l Local) []byte {
	sections := l.Last.refused()
	sections = l.place(sections, l.offer())
	if v := l.pictures(); v != nil {
		sections = v.place(sections, v.offer())
	}
	return l.write(sections)
}

// place puts a section where the last description had one of its kind, else behind
// the others; a refused one's place may be taken again (RFC 3264 8.1).
func (l *Local) place(sections []*pion.MediaDescription, w writer) []*pion.MediaDescription {
	at := l.Last.section(l.kind())
	if at < 0 {
		at = slices.IndexFunc(sections, func(m *pion.MediaDescription) bool { return m.MediaName.Media == l.kind() })
	}
	if at < 0 {
		return append(sections, w.MediaDescription)
	}
	sections[at] = w.MediaDescription
	return sections
}

// offer is the section offered. One that may be encrypted and need not
// be is plain RTP with keys beside it (RFC 8643), which phones without SRTP pass
// over; two sections, one of each kind, make many of them give up.
func (l *Local) offer() writer {
	proto := "RTP/AVP"
	if l.Secure {
		proto = "RTP/SAVP"
	}
	if at := l.Last.section(l.kind()); at >= 0 {
		proto = l.Last.Media[at].Proto
	}
	m := l.section(proto)
	for _, name := range l.Codecs {
		if pt, ok := staticPayload[name]; ok && (l.Want == "" || l.Want == Ours) {
			m.format(pt, name)
		}
	}
	for _, f := range l.Others {
		if l.Pass && (l.Want == "" || f.Name == l.Want) {
			f.write(m, l.otherType(f))
		}
	}
	if l.DTMF {
		m.format(l.dtmf(), dtmfName)
	}
	if l.Noise {
		m.format(noisePayload, noiseName)
	}
	for _, c := range l.Crypto {
		m.WithValueAttribute("crypto", c.text())
	}
	l.finish(m, l.Direction, orDefault(l.Ptime))
	return m
}

// answer is the section in which the peer's m is answered with what was agreed.
func (l *Local) answer(peer *Media, a Agreed) *pion.MediaDescription {
	m := l.section(peer.Proto)
	if a.Codec != "" {
		m.format(a.PayloadType, a.Codec)
	} else {
		a.Other.write(m, a.OwnType)
	}
	if a.DTMF != 0 {
		m.format(a.DTMF, dtmfName)
	}
	if a.Noise {
		m.format(noisePayload, noiseName)
	}
	if a.Send != nil {
		m.WithValueAttribute("crypto", a.Send.text())
	}
	if a.Mux {
		m.WithPropertyAttribute("rtcp-mux")
	}
	l.finish(m, a.Direction, a.Ptime)
	return m.MediaDescription
}

// dtmf is our payload type of telephone-event: numbers keep their meaning for the
// life of a session (RFC 3264 8.3.2).
func (l *Local) dtmf() uint8 {
	if at := l.Last.section("audio"); at >= 0 {
		if n := l.Last.Media[at].events(clockRate); n != 0 {
			return n
		}
	}
	return dtmfPayload
}

// section is the first of a kind that is in use, -1 if none.
func (s *Session) section(kind string) int {
	if s == nil {
		return -1
	}
	return slices.IndexFunc(s.Media, func(m Media) bool { return m.Type == kind && m.Port != 0 })
}

// refused is all sections of s in order, refused with port 0 and their formats as
// they were.
func (s *Session) refused() (list []*pion.MediaDescription) {
	if s == nil {
		return nil
	}
	for _, o := range s.Media {
		list = append(list, &pion.MediaDescription{MediaName: pion.MediaName{
			Media: o.Type, Protos: []string{o.Proto}, Formats: o.Formats}})
	}
	return list
}

// writer is a section being written.
type writer struct{ *pion.MediaDescription }

func (l *Local) section(proto string) writer {
	return writer{&pion.MediaDescription{MediaName: pion.MediaName{
		Media: l.kind(), Port: pion.RangedPort{Value: l.Port}, Protos: []string{proto}}}}
}

func (w writer) format(pt uint8, name string) {
	number := strconv.Itoa(int(pt))
	w.MediaName.Formats = append(w.MediaName.Formats, number)
	w.WithValueAttribute("rtpmap", number+" "+name+"/"+clockRate)
	if name == dtmfName {
		w.WithValueAttribute("fmtp", number+" "+dtmfEvents)
	}
}

func (l *Local) finish(w writer, d Direction, ptime int) {
	if l.video {
		l.Video.limit(w)
	} else {
		w.WithValueAttribute("ptime", strconv.Itoa(ptime))
	}
	w.WithPropertyAttribute(d.String())
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
