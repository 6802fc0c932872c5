package sdp

import (
	"slices"
	"strconv"
	"strings"
)

// Format is a codec that we do not speak, as a description has it.
type Format struct {
	Type   uint8  // payload type
	Name   string // encoding name, clock rate and channels, lower case: "opus/48000/2"
	Params string // of its fmtp, "" if none
	Asks   Asks   // that may be made of who sends it
}

// Ours is Local.Want for nothing but what we speak. No codec has this name.
const Ours = "ours"

// maxOthers is how many formats of a section are looked at, and maxParams how long
// their parameters may be, in bytes.
const (
	maxOthers = 16
	maxParams = 512
)

// Others are the formats of the section for sound that we do not speak.
func (s *Session) Others() []Format {
	if at := s.section("audio"); at >= 0 {
		return s.Media[at].others()
	}
	return nil
}

// apart are names that are no codecs, but go with those that are.
var apart = []string{dtmfName, "cn", "red", "ulpfec", "rtx", "flexfec-03"}

func (m *Media) others() (list []Format) {
	for _, f := range m.Formats {
		pt, err := strconv.ParseUint(f, 10, 7)
		e := m.encoding(f)
		name, _, _ := strings.Cut(e, "/")
		_, ours := staticPayload[strings.ToUpper(name)]
		if err != nil || name == "" || ours || slices.Contains(apart, name) ||
			len(m.params[f]) > maxParams || len(list) == maxOthers {
			continue
		}
		list = append(list, Format{uint8(pt), e, m.params[f], m.asks[f] | m.asks["*"]})
	}
	return list
}

// other is the first format of a section that is one of those that may be relayed.
// To an offer, with passing, that is any.
func (l *Local) other(m *Media, answer bool) (Format, bool) {
	if !l.Pass || l.Want == Ours {
		return Format{}, false
	}
	for _, f := range m.others() {
		if l.video {
			if slices.ContainsFunc(l.Others, f.Like) {
				return f, true
			}
			continue
		}
		if !answer && l.Want == "" || f.Name == l.Want ||
			answer && slices.ContainsFunc(l.Others, func(o Format) bool { return o.Name == f.Name }) {
			return f, true
		}
	}
	return Format{}, false
}

// otherType is the payload type under which we offer a format: its own, if that is
// free.
func (l *Local) otherType(f Format) uint8 {
	if f.Type == l.dtmf() {
		return dtmfPayload + 20
	}
	return f.Type
}

// write puts a format into a section.
func (f Format) write(w writer, pt uint8) {
	number := strconv.Itoa(int(pt))
	w.MediaName.Formats = append(w.MediaName.Formats, number)
	name := f.Name
	if w.MediaName.Media == "video" { // they are all written so, and some phones look at it
		name = strings.ToUpper(name)
	}
	w.WithValueAttribute("rtpmap", number+" "+name)
	if f.Params != "" {
		w.WithValueAttribute("fmtp", number+" "+f.Params)
	}
	f.Asks.write(w, number)
}
