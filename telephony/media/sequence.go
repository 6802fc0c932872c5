package media

// The bounds of RFC 3550 A.1, in packets.
const (
	maxDropout  = 3000 // further ahead is a new start
	maxMisorder = 100  // further behind too
)

// sequence follows the sequence numbers of one sender (RFC 3550 A.1) and knows a
// duplicate among the last 64.
type sequence struct {
	started  bool
	ssrc     uint32
	first    uint16
	highest  uint16
	cycles   uint32
	seen     uint64 // bit n: highest-n was received
	received uint64 // without duplicates, since first
	lost     uint64 // of senders before this one
	gaps     uint64 // bursts of loss, and packets out of order, since ever
}

type verdict uint8

const (
	fresh     verdict = iota
	restart           // a new sender, or the old one began anew
	duplicate         // or too old to know
)

// take judges the next packet.
func (q *sequence) take(ssrc uint32, seq uint16) verdict {
	ahead := int16(seq - q.highest)
	switch {
	case !q.started || ssrc != q.ssrc || ahead > maxDropout || ahead < -maxMisorder:
		q.lost = q.missing()
		*q = sequence{started: true, ssrc: ssrc, first: seq, highest: seq, seen: 1, received: 1, lost: q.lost, gaps: q.gaps}
		return restart
	case ahead > 0:
		if seq < q.highest {
			q.cycles++
		}
		q.highest = seq
		if ahead > 1 {
			q.gaps++
		}
		q.seen = q.seen<<uint(ahead) | 1
	case ahead > -64:
		bit := uint64(1) << uint(-ahead)
		if q.seen&bit != 0 {
			return duplicate
		}
		q.seen |= bit
	default: // too old to tell, and too late to be heard
		return duplicate
	}
	q.received++
	return fresh
}

// expected is how many packets the present sender has sent up to the highest.
func (q *sequence) expected() uint64 {
	return uint64(q.cycles)<<16 + uint64(q.highest) - uint64(q.first) + 1
}

// missing is how many packets never came.
func (q *sequence) missing() uint64 {
	if !q.started || q.expected() < q.received { // late strays from before the first
		return q.lost
	}
	return q.lost + q.expected() - q.received
}
