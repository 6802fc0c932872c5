package dialog

import (
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
)

// maxPresses bounds the keys that wait for the peer to take the one before.
const maxPresses = 32

// Press sends the peer a key by INFO, with how long it was held, while the call is up.
// Keys go one by one, so that they cannot overtake each other.
func (d *Dialog) Press(digit byte, held time.Duration) {
	d.do(func() {
		if d.state != up || len(d.presses) == maxPresses {
			return
		}
		d.presses = append(d.presses, fmt.Sprintf("Signal=%c\r\nDuration=%d\r\n", digit, held.Milliseconds()))
		if len(d.presses) == 1 {
			d.sendPress()
		}
	})
}

func (d *Dialog) sendPress() {
	if d.state != up || d.told {
		d.presses = nil
		return
	}
	req := d.request(sip.INFO, d.nextSeq(), sip.NewHeader("Content-Type", "application/dtmf-relay"))
	req.SetBody([]byte(d.presses[0]))
	next := func() {
		if d.presses = d.presses[min(1, len(d.presses)):]; len(d.presses) > 0 {
			d.sendPress()
		}
	}
	each := func(res *sip.Response) {
		if res.StatusCode < 200 {
			return
		}
		if res.StatusCode >= 300 {
			d.log.Info("key by INFO refused", "code", res.StatusCode)
		}
		next()
	}
	if err := d.send(req, each, next); err != nil {
		d.log.Info("INFO not sent", "error", err)
		next()
	}
}
