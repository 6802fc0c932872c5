package sdp

import (
	"slices"
	"strconv"
	"strings"

	pion "github.com/pion/sdp/v3"
)

// Video is our side of the negotiation of video. It is not ours to show: what
// one party sends is passed on to the other as it is, so there is one section of it at
// most, with one format that both have.
type Video struct {
	Port    int      // RTP port, 1..65535
	Formats []Format // that may be agreed on, by preference
	Crypto  []Crypto // our keys of this stream (RFC 4568 6.1: each has its own)
	Kbps    int      // most that the peer is asked to send, kbit/s; 0 says nothing
}

// pictures negotiates the video of l, nil if there is to be none.
func (l *Local) pictures() *Local {
	if l.Video == nil {
		return nil
	}
	return &Local{Address: l.Address, Port: l.Video.Port, Direction: l.Direction, Pass: true, Others: l.Video.Formats,
		Crypto: l.Video.Crypto, Secure: l.Secure, Last: l.Last, Video: l.Video, video: true}
}

func (l *Local) kind() string {
	if l.video {
		return "video"
	}
	return "audio"
}

// Pictures are the formats of the section for video, and the most that its writer
// wishes to be sent, kbit/s.
func (s *Session) Pictures() (list []Format, kbps int) {
	at := s.section("video")
	if at < 0 {
		return nil, 0
	}
	return s.Media[at].others(), s.Media[at].Kbps
}

// Like tells formats that can be passed on to each other's receivers: of one name, and
// of H.264 cut into packets in one way. Its profiles are for the phones to compare, who
// are told each other's (RFC 6184 8.1, 8.2.2).
func (f Format) Like(o Format) bool {
	return f.Name == o.Name && (!strings.HasPrefix(f.Name, "h264/") || f.mode() == o.mode())
}

// mode is packetization-mode of H.264.
func (f Format) mode() string {
	for p := range strings.SplitSeq(f.Params, ";") {
		if name, v, ok := strings.Cut(strings.TrimSpace(p), "="); ok && strings.EqualFold(name, "packetization-mode") {
			return strings.TrimSpace(v)
		}
	}
	return "0"
}

// Asks are what may be asked of who sends video, by RTCP (RFC 4585 4.2, RFC 5104 7.1).
type Asks uint8

// What we can pass on.
const (
	AskLost  Asks = 1 << iota // packets again
	AskWhole                  // a whole picture, by PLI
	AskIntra                  // the same, by FIR
)

var askNames = []string{"nack", "nack pli", "ccm fir"}

func askOf(name string) Asks {
	if at := slices.Index(askNames, strings.TrimSpace(name)); at >= 0 {
		return 1 << at
	}
	return 0
}

func (a Asks) write(w writer, format string) {
	for i, name := range askNames {
		if a&(1<<i) != 0 {
			w.WithValueAttribute("rtcp-fb", format+" "+name)
		}
	}
}

// maxKbps bounds what is taken for a bandwidth.
const maxKbps = 1 << 20

// bandwidth reads "AS:512", kbit/s, or "TIAS:512000" (RFC 3890).
func (m *Media) bandwidth(value string) {
	kind, text, _ := strings.Cut(value, ":")
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31)
	switch {
	case err != nil:
		return
	case kind == "TIAS":
		n /= 1000
	case kind != "AS":
		return
	}
	m.Kbps = int(min(n, maxKbps))
}

// limit asks the peer not to send more.
func (v *Video) limit(w writer) {
	if v.Kbps > 0 {
		w.Bandwidth = []pion.Bandwidth{{Type: "AS", Bandwidth: uint64(v.Kbps)}}
	}
}
