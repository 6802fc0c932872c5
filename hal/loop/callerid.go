package loop

import (
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/dsp"
)

// idSender sends who calls, one way or another, once.
type idSender struct {
	fsk   *dsp.FSKSender
	dtmf  *dsp.DTMFSender
	pause int // frames of silence before sending
	after int // frames since sending ended
}

func newIDSender(in Incoming) (s idSender) {
	id := dsp.CallerID{Number: in.Number, Name: in.Name}.At(in.At)
	if in.Number == "" {
		id.NoNumber = 'P'
	}
	switch in.CallerID {
	case country.Bell202:
		s.fsk = dsp.NewFSKSender(dsp.Bell202, id.MDMF(), dsp.FSKLevel)
	case country.V23:
		s.fsk = dsp.NewFSKSender(dsp.V23, id.MDMF(), dsp.FSKLevel)
	case country.DTMF:
		s.dtmf = dsp.NewDTMFSender()
		keys := "A" + in.Number + "#"
		if in.Number == "" {
			keys = "D1#"
		}
		if s.dtmf.Queue(keys) != nil {
			s.dtmf = nil // not a number that keys can say
		}
	}
	return s
}

func (s *idSender) done() bool {
	return (s.fsk == nil || !s.fsk.Busy()) && (s.dtmf == nil || !s.dtmf.Busy())
}

// quiet is how long sending has been over.
func (s *idSender) quiet() time.Duration { return time.Duration(s.after) * hal.FrameTime }

func (s *idSender) mix(f *hal.Frame) {
	switch {
	case s.done():
		s.after++
	case s.fsk != nil:
		s.fsk.Mix(f)
	default:
		s.dtmf.Mix(f)
	}
}
