package rtcp

import (
	"time"

	"github.com/pion/rtcp"
)

// Wish is what who sees video asks of who sends it (RFC 4585 6.2.1, 6.3.1; RFC 5104
// 4.3.1).
type Wish struct {
	Whole bool     // a whole picture, to begin with or after loss
	Lost  []uint16 // sequence numbers to be sent again
}

// maxLost is how many packets may be asked for at once.
const maxLost = 256

// legacyIntra is the type of the request for a whole picture of RFC 2032, which some
// phones send in the place of a newer one.
const legacyIntra = 192

// Wishes reads those in a compound packet of the party.
func Wishes(b []byte) (w Wish) {
	for range maxPackets {
		var h rtcp.Header
		if h.Unmarshal(b) != nil {
			return w
		}
		size := 4 * (int(h.Length) + 1)
		if size > len(b) {
			return w
		}
		switch {
		case h.Type == legacyIntra,
			h.Type == rtcp.TypePayloadSpecificFeedback && (h.Count == rtcp.FormatPLI || h.Count == rtcp.FormatFIR):
			w.Whole = true
		case h.Type == rtcp.TypeTransportSpecificFeedback && h.Count == rtcp.FormatTLN:
			var n rtcp.TransportLayerNack
			if n.Unmarshal(b[:size]) != nil {
				break
			}
			for _, pair := range n.Nacks {
				for _, seq := range pair.PacketList() {
					if len(w.Lost) < maxLost {
						w.Lost = append(w.Lost, seq)
					}
				}
			}
		}
		b = b[size:]
	}
	return w
}

// Ask is a report with a wish at its end. intra asks for a whole picture by FIR and not
// by PLI.
func (s *Session) Ask(now time.Time, sent Sent, r *Received, w Wish, intra bool) []byte {
	if r == nil { // there is nobody to ask
		return s.write(now, sent, r)
	}
	var list []rtcp.Packet
	switch {
	case w.Whole && intra:
		s.asked++
		list = append(list, &rtcp.FullIntraRequest{SenderSSRC: sent.SSRC, MediaSSRC: r.SSRC,
			FIR: []rtcp.FIREntry{{SSRC: r.SSRC, SequenceNumber: s.asked}}})
	case w.Whole:
		list = append(list, &rtcp.PictureLossIndication{SenderSSRC: sent.SSRC, MediaSSRC: r.SSRC})
	}
	if len(w.Lost) > 0 {
		list = append(list, &rtcp.TransportLayerNack{SenderSSRC: sent.SSRC, MediaSSRC: r.SSRC, Nacks: rtcp.NackPairsFromSequenceNumbers(w.Lost)})
	}
	return s.write(now, sent, r, list...)
}
