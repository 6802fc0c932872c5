package sip

import (
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// maxDialogs bounds the dialogs of the server, those included that are being
// wound up. The exchange's limit of calls comes long before.
const maxDialogs = 8192

// quietTime is how long nothing must have been shed or dropped before the board of
// problems forgets it.
const quietTime = 30 * time.Second

// overloadPause is how long those wait who are told that there is no room now.
const overloadPause = 5 * time.Second

// overloaded refuses a call beyond the number of new calls per second.
func (s *Server) overloaded(req *sip.Request, tx *sip.ServerTx) bool {
	most := s.opts.Config().SIP.MaxCallsPerSecond
	if s.dialogs.Len() < maxDialogs && s.calls.Take(most, most) {
		return false
	}
	s.Shed()
	s.respondOnce(tx, dialog.Reply(req, 503, retryAfter(overloadPause), dialog.Reason(call.Overload)))
	return true
}

// Shed counts a call that was refused because there were too many, here or by
// whoever runs the calls.
func (s *Server) Shed() {
	s.turned.shed.Add(1)
	s.overload.ring()
}

func retryAfter(d time.Duration) sip.Header {
	return sip.NewHeader("Retry-After", strconv.Itoa(int((d+time.Second-1)/time.Second)))
}
