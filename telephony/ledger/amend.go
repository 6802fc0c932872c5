package ledger

import (
	"maps"
	"slices"

	"github.com/pasokh/pasokh/telephony/call"
)

// amend adds what comes late, an agent's word on a call or its caller's, to a record that
// is in its log already, and files it once more at the same time: of two records of a
// call the later one counts. It knows those that memory has.
func (l *Ledger) amend(step call.Step) {
	switch step.Type {
	case call.StepDisposition, call.StepSurvey, call.StepCallback:
	default:
		return
	}
	i := slices.IndexFunc(l.records, func(r Record) bool { return r.Call == step.Call })
	if i < 0 {
		return
	}
	r := l.records[i]
	s := newSummary()
	for _, v := range r.Visits {
		v.Survey = maps.Clone(v.Survey)
		s.stays = append(s.stays, &stay{Visit: v, done: true})
	}
	s.after(step)
	r.Visits = s.visits()
	l.records[i] = r
	l.opts.Calls.Append(r.Started, pack(&r))
}
