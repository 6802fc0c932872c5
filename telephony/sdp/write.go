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
// without a description (RFC 3261 13.2.1). One that may be encrypted and need not
// be is plain RTP with keys beside it (RFC 8643), which phones without SRTP pass
// over; two sections, one of each kind, make many of them give up.
func Offer(l Local) []byte {
	proto := "RTP/AVP"
	if l.Secure {
		proto = "RTP/SAVP"
	}
	at := l.Last.audio()
	if at >= 0 {
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
	m.finish(l.Direction, orDefault(l.Ptime))
	if at < 0 {
		return l.write([]*pion.MediaDescription{m.MediaDescription})
	}
	return l.write(l.Last.around(at, m))
}

// answer writes what was agreed in the section taken.
func (l *Local) answer(offer *Session, taken int, a Agreed) []byte {
	m := l.section(offer.Media[taken].Proto)
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
	m.finish(a.Direction, a.Ptime)
	return l.write(offer.around(taken, m))
}

// dtmf is our payload type of telephone-event: numbers keep their meaning for the
// life of a session (RFC 3264 8.3.2).
func (l *Local) dtmf() uint8 {
	if at := l.Last.audio(); at >= 0 {
		if n := l.Last.Media[at].events(clockRate); n != 0 {
			return n
		}
	}
	return dtmfPayload
}

// audio is the section that was in use, -1 if none.
func (s *Session) audio() int {
	if s == nil {
		return -1
	}
	return slices.IndexFunc(s.Media, func(m Media) bool { return m.Type == "audio" && m.Port != 0 })
}

// around is all sections of s in order: m at its place, the others refused with
// port 0 and their formats as they were.
func (s *Session) around(at int, m writer) []*pion.MediaDescription {
	list := make([]*pion.MediaDescription, len(s.Media))
	for i, o := range s.Media {
		list[i] = &pion.MediaDescription{MediaName: pion.MediaName{
			Media: o.Type, Protos: []string{o.Proto}, Formats: o.Formats}}
	}
	list[at] = m.MediaDescription
	return list
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
	w.WithValueAttribute("rtpmap", number+" "+name+"/"+clockRate)
	if name == dtmfName {
		w.WithValueAttribute("fmtp", number+" "+dtmfEvents)
	}
}

func (w writer) finish(d Direction, ptime int) {
	w.WithValueAttribute("ptime", strconv.Itoa(ptime))
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
