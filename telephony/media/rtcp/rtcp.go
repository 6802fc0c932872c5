// Package rtcp speaks RTCP for one RTP session between the box and one party (RFC
// 3550 6): it writes the reports of the box and reads those of the party. It is
// pure: bytes and times in, bytes and figures out. A Session is not safe for
// concurrent use; its owner has a lock.
//
// Writing is strict: a report is one compound packet, SR or RR and then SDES with
// nothing but CNAME, and BYE at the end. Reading is lenient: whatever stands in a
// compound packet is taken as far as it makes sense and passed over where it does
// not, because phones send reports with wrong lengths, without SDES, and alone.
// Extended reports (RFC 3611) and feedback (RFC 4585) are passed over.
package rtcp

import (
	"time"

	"github.com/pion/rtcp"
)

// Interval is the mean time between two reports; each is 0.5 to 1.5 times as long,
// so that those of many calls spread out (RFC 3550 6.2).
const Interval = 5 * time.Second

// maxPackets is how many packets of a compound one are looked at: a party of a
// telephone call has no use for more.
const maxPackets = 8

// Sent is what the box has sent to the party.
type Sent struct {
	SSRC    uint32
	First   uint16 // sequence number of the first packet
	Packets uint64
	Octets  uint64 // of payload
	// Timestamp is that of the sound which leaves at the time of the report.
	Timestamp uint32
}

// Received is what came from the party, of its present source.
type Received struct {
	SSRC     uint32
	Highest  uint32 // sequence number, with its cycles above
	Expected uint64 // packets up to that one
	Packets  uint64 // of them that came
	Jitter   uint32 // in ticks of the RTP clock
}

// Told is what the party last told of how it hears the box.
type Told struct {
	Packets   uint64 // came there
	Lost      uint64
	Jitter    uint32        // in ticks of the RTP clock
	RoundTrip time.Duration // 0 while it is not known
}

// Session is the RTCP side of one RTP session.
type Session struct {
	cname string
	told  Told
	heard bool // it has told something

	peer    uint32    // sender of the last SR
	lsr     uint32    // middle of that one's time
	arrived time.Time // when it came

	before   Received // of the last report
	reported uint64   // packets sent up to that
	active   int      // reports since packets were sent
	asked    uint8    // whole pictures, by FIR
}

// New makes a session. cname names the box among the party's sources (RFC 7022).
func New(cname string) *Session { return &Session{cname: cname, active: 2} }

// Told is what the party last told, false while it has told nothing.
func (s *Session) Told() (Told, bool) { return s.told, s.heard }

// Report is the next report, at now: that of a sender if something was sent since
// the last two. r is nil while nothing has come.
func (s *Session) Report(now time.Time, sent Sent, r *Received) []byte {
	return s.write(now, sent, r)
}

// Bye is the last report, which tells that the box leaves (RFC 3550 6.6).
func (s *Session) Bye(now time.Time, sent Sent, r *Received) []byte {
	return s.write(now, sent, r, &rtcp.Goodbye{Sources: []uint32{sent.SSRC}})
}

func (s *Session) write(now time.Time, sent Sent, r *Received, last ...rtcp.Packet) []byte {
	if s.active++; sent.Packets != s.reported {
		s.active = 0
	}
	s.reported = sent.Packets
	blocks := s.blocks(now, r)
	var first rtcp.Packet = &rtcp.ReceiverReport{SSRC: sent.SSRC, Reports: blocks}
	if s.active < 2 { // RFC 3550 6.4
		first = &rtcp.SenderReport{SSRC: sent.SSRC, NTPTime: ntp(now), RTPTime: sent.Timestamp,
			PacketCount: uint32(sent.Packets), OctetCount: uint32(sent.Octets), Reports: blocks}
	}
	b, err := rtcp.Marshal(append([]rtcp.Packet{first, rtcp.NewCNAMESourceDescription(sent.SSRC, s.cname)}, last...))
	if err != nil {
		return nil // it writes to memory, and every field is in range
	}
	return b
}

// blocks is the report on the party's source (RFC 3550 6.4.1, A.3).
func (s *Session) blocks(now time.Time, r *Received) []rtcp.ReceptionReport {
	if r == nil {
		return nil
	}
	if r.SSRC != s.before.SSRC || r.Expected < s.before.Expected { // it began anew
		s.before = Received{SSRC: r.SSRC}
	}
	expected := r.Expected - s.before.Expected
	lost := int64(expected) - int64(r.Packets-s.before.Packets)
	b := rtcp.ReceptionReport{SSRC: r.SSRC, LastSequenceNumber: r.Highest, Jitter: r.Jitter,
		TotalLost: uint32(min(max(int64(r.Expected)-int64(r.Packets), 0), 1<<23-1))}
	if expected > 0 && lost > 0 {
		b.FractionLost = uint8(min(lost*256/int64(expected), 255))
	}
	if s.lsr != 0 && s.peer == r.SSRC {
		b.LastSenderReport = s.lsr
		b.Delay = ticks(now.Sub(s.arrived))
	}
	s.before = *r
	return []rtcp.ReceptionReport{b}
}

// Take reads a compound packet that came at now from the party. It reports false
// if nothing in it was RTCP.
func (s *Session) Take(b []byte, now time.Time, sent Sent) (ok bool) {
	for range maxPackets {
		var h rtcp.Header
		size := 0
		if h.Unmarshal(b) != nil {
			return ok
		}
		if size = 4 * (int(h.Length) + 1); size > len(b) {
			return ok
		}
		switch h.Type {
		case rtcp.TypeSenderReport:
			var r rtcp.SenderReport
			if r.Unmarshal(b[:size]) == nil {
				s.peer, s.lsr, s.arrived = r.SSRC, uint32(r.NTPTime>>16), now
				s.listen(r.Reports, now, sent)
			}
		case rtcp.TypeReceiverReport:
			var r rtcp.ReceiverReport
			if r.Unmarshal(b[:size]) == nil {
				s.listen(r.Reports, now, sent)
			}
		}
		ok = ok || known(h.Type)
		b = b[size:]
	}
	return ok
}

// known are the types that a party may have reason to send.
func known(t rtcp.PacketType) bool {
	return t >= rtcp.TypeSenderReport && t <= rtcp.TypeExtendedReport
}

// Bounds of what is believed.
const (
	longestTrip = 10 * time.Second
	strangest   = 1 << 16 // packets that a party may tell of beyond those it was sent: gaps of a relay
)

// listen takes what the party tells of the box's packets.
func (s *Session) listen(reports []rtcp.ReceptionReport, now time.Time, sent Sent) {
	for _, r := range reports {
		if r.SSRC != sent.SSRC {
			continue
		}
		s.told.Jitter, s.heard = r.Jitter, true
		// The cycles of the highest number begin with the first packet that came.
		expected := uint64(r.LastSequenceNumber-uint32(sent.First)) + 1
		if expected > sent.Packets+strangest { // it counts cycles in some way of its own
			expected = sent.Packets
		}
		lost := uint64(0)
		if total := int32(r.TotalLost<<8) >> 8; total > 0 { // duplicates make it negative
			lost = min(uint64(total), expected)
		}
		s.told.Packets, s.told.Lost = expected-lost, lost
		if r.LastSenderReport != 0 {
			middle := uint32(ntp(now) >> 16)
			trip := time.Duration(int32(middle-r.LastSenderReport-r.Delay)) * time.Second >> 16
			if trip > -time.Second && trip < longestTrip { // clocks that were set, and reports that lie
				s.told.RoundTrip = max(trip, time.Millisecond)
			}
		}
		return
	}
}

// ntp is a time in seconds since 1900, with 32 bits of fraction (RFC 3550 4).
func ntp(t time.Time) uint64 {
	const since1900 = 2208988800
	return uint64(t.Unix()+since1900)<<32 | uint64(t.Nanosecond())<<32/1e9
}

// ticks is a duration in 1/65536 seconds, as LSR and DLSR have it.
func ticks(d time.Duration) uint32 { return uint32(min(max(int64(d), 0), 1<<47) << 16 / 1e9) }
