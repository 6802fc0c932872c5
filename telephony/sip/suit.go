package sip

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sdp"
)

// sound is what a party agreed to speak.
type sound struct {
	codec  string       // "" if it is none of ours
	others []sdp.Format // that it can speak and we cannot
	noise  bool         // comfort noise
	video  sight
}

// speaker is a leg on SIP, a phone's or a trunk's.
type speaker interface {
	spoken() *sound
	self() *leg
}

func (l *leg) spoken() *sound { return l.heard.Load() }
func (l *leg) self() *leg     { return l }

// suit prepares the offer to a party that will talk with another: the other's codec
// comes first, so that two wide phones talk wide, and nobody is given a wide codec
// for a narrow voice. What the other speaks and we do not may be chosen too.
func (l *leg) suit(with call.Leg) {
	s, ok := with.(speaker)
	if !ok {
		return
	}
	other := s.spoken()
	if other == nil {
		return
	}
	l.local.Noise, l.local.Others = other.noise, other.others
	l.facing.Store(s.self())
	if at := slices.Index(l.local.Codecs, other.codec); at > 0 {
		l.local.Codecs = slices.Insert(slices.Delete(slices.Clone(l.local.Codecs), at, at+1), 0, other.codec)
	}
}

// names are the codecs' names with a space between them.
func names(list []sdp.Format) string {
	var b strings.Builder
	for _, f := range list {
		b.WriteString(f.Name + " ")
	}
	return b.String()
}

// Tune offers the party another codec than it has: one that we do not speak, or for ""
// ours again.
func (l *leg) Tune(other string) { l.dialog.Tune(other) }

// Tuned prepares that offer.
func (l *leg) Tuned(other string) { l.local.Want = cmp.Or(other, sdp.Ours) }

// Refused: the party does not want what was offered last, and goes on as it was. It
// is not to be asked again for what it refused.
func (l *leg) Refused() {
	l.blind()
	refused := l.local.Want
	l.local.Want = cmp.Or(l.media.Other, sdp.Ours)
	if refused == sdp.Ours && l.media.Other != "" {
		l.only = true
		_ = l.tune()
		if l.stream.Stranded() {
			l.log.Info("no codec in common with whom it is connected", "speaks", l.media.Other)
			l.Hangup(call.NoCodec)
		}
	}
	if refused != sdp.Ours && refused != l.media.Other {
		l.local.Others = slices.DeleteFunc(slices.Clone(l.local.Others), func(f sdp.Format) bool { return f.Name == refused })
		l.media.Others = names(l.local.Others)
		_ = l.tune() // with keys that were good before
	}
}
