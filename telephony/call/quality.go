package call

// Quality is how the sound of a leg was, in both directions.
type Quality struct {
	Codec string `json:"codec"` // name in SDP
	From  Way    `json:"from"`  // what the party sent, as it came here
	To    Way    `json:"to"`    // what it was sent, as it tells; without packets while it tells nothing
	// RoundTrip is the way to the party and back in milliseconds; 0 is not known.
	RoundTrip float64 `json:"roundTrip"`
}

// Way is what came of the packets of one direction.
type Way struct {
	Packets uint64  `json:"packets"` // that came
	Lost    uint64  `json:"lost"`    // that never came
	Burst   float64 `json:"burst"`   // packets lost one after another, on average; 0 is not known
	Jitter  float64 `json:"jitter"`  // milliseconds (RFC 3550 6.4.1)
	// Discarded are packets that came too late to be heard, Concealed how much sound
	// was made up, in frames of 20 ms. Both are known of what comes here, where it is
	// not only relayed.
	Discarded uint64 `json:"discarded"`
	Concealed uint64 `json:"concealed"`
	// MOS is the mean opinion score, 1 to 4.5 (ITU-T G.107); 0 is not known.
	MOS float64 `json:"mos"`
}

// Share is the share of packets that never came, 0..1.
func (s Way) Share() float64 {
	if s.Lost == 0 {
		return 0
	}
	return float64(s.Lost) / float64(s.Packets+s.Lost)
}

// MOS is that of the worse direction, 0 if none is known.
func (q Quality) MOS() float64 {
	if q.To.MOS == 0 || q.From.MOS != 0 && q.From.MOS < q.To.MOS {
		return q.From.MOS
	}
	return q.To.MOS
}

// Grade is a score in a word: good, fair or poor; "" while none is known. Good is
// what satisfies most listeners, poor what dissatisfies many (G.107 annex B, ratings
// of 80 and 60).
func Grade(mos float64) string {
	switch {
	case mos == 0:
		return ""
	case mos >= 4.0:
		return "good"
	case mos >= 3.1:
		return "fair"
	}
	return "poor"
}
