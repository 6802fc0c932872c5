package line

import (
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// idSender puts caller ID on a phone's line, between its rings.
type idSender interface{ Mix(*hal.Frame) }

// newIDSender makes the sender that the country's phones understand; nil where
// they have no display.
func newIDSender(kind country.CallerID, now time.Time, from call.Party) idSender {
	id := dsp.CallerID{Number: from.Number, Name: from.Name}.At(now)
	if from.Number == "" {
		id.NoNumber = 'O'
	}
	switch kind {
	case country.Bell202:
		return dsp.NewFSKSender(dsp.Bell202, id.MDMF(), dsp.FSKLevel)
	case country.V23:
		return dsp.NewFSKSender(dsp.V23, id.MDMF(), dsp.FSKLevel)
	case country.DTMF:
		keys := dsp.NewDTMFSender()
		if from.Number == "" || keys.Queue("D"+from.Number+"C") != nil {
			return nil // a number with other characters cannot be sent as keys
		}
		return keys
	}
	return nil
}
