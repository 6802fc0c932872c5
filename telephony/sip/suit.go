package sip

import (
	"slices"

	"github.com/pasokh/pasokh/telephony/call"
)

// sound is what a party agreed to speak.
type sound struct {
	codec string
	noise bool // comfort noise
}

// speaker is a leg on SIP, a phone's or a trunk's.
type speaker interface{ spoken() *sound }

func (l *leg) spoken() *sound { return l.heard.Load() }

// suit prepares the offer to a party that will talk with another: the other's codec
// comes first, so that two wide phones talk wide, and nobody is given a wide codec
// for a narrow voice.
func (l *leg) suit(with call.Leg) {
	s, ok := with.(speaker)
	if !ok {
		return
	}
	other := s.spoken()
	if other == nil {
		return
	}
	l.local.Noise = other.noise
	if at := slices.Index(l.local.Codecs, other.codec); at > 0 {
		l.local.Codecs = slices.Insert(slices.Delete(slices.Clone(l.local.Codecs), at, at+1), 0, other.codec)
	}
}
