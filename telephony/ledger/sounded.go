package ledger

import (
	"strconv"

	"github.com/pasokh/pasokh/telephony/call"
)

// sounded tells how the sound of a leg was, with the figures that it came from.
func (s *story) sounded(step call.Step) {
	q := step.Quality
	if q == nil || q.MOS() == 0 {
		return
	}
	who := s.side(step.Leg)
	if step.Leg != s.caller && step.Agent != "" {
		who = s.name(step.Agent)
	}
	figure := func(x float64) string { return s.digits(strconv.FormatFloat(x, 'f', 1, 64)) }
	args := []any{who, s.words["sound-"+call.Grade(q.MOS())], figure(q.MOS()), figure(100 * q.From.Share()), figure(q.From.Jitter)}
	if q.To.Packets+q.To.Lost == 0 { // it told nothing of how it heard us
		s.say(step.At, "sounded", args...)
		return
	}
	s.say(step.At, "sounded-both", append(args, figure(100*q.To.Share()), figure(q.To.Jitter), figure(q.RoundTrip))...)
}
