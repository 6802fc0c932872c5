package sip

import (
	"runtime/debug"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// faultTime is how long a panic stays on the board of problems.
const faultTime = time.Hour

// faulted notes what a message or a dialog panicked with. It costs that message
// or that call and nothing else.
func (s *Server) faulted(where, callID string, p any) {
	s.turned.faults.Add(1)
	s.log.Error("SIP panicked", "where", where, "sip_call", callID, "panic", p, "stack", string(debug.Stack()))
	s.fault.ring()
}

// arrive hands a leg to the house. Should the house stumble over it, the caller is
// refused and nobody else notices.
func (s *Server) arrive(callID string, a call.Arrival) {
	defer func() {
		if p := recover(); p != nil {
			s.faulted("arrival", callID, p)
			a.Leg.Hangup(call.InternalError)
		}
	}()
	s.opts.Arrive(a)
}
