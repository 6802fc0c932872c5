package figures

import "github.com/pasokh/pasokh/telephony/ledger"

// same joins the history of numbers that agents and queues had before with that of the
// number they have now.
type same map[string]string

func (r *Room) same() same {
	s := make(same)
	cfg := r.opts.Config()
	for _, e := range cfg.Extensions {
		for _, was := range e.Formerly {
			s[was] = e.Number
		}
	}
	for _, q := range cfg.Queues {
		for _, was := range q.Formerly {
			s[was] = q.Number
		}
	}
	return s
}

// of is the number that is counted for one.
func (s same) of(number string) string {
	if now, ok := s[number]; ok {
		return now
	}
	return number
}

func (s same) rename(v *ledger.Visit) {
	if len(s) == 0 {
		return
	}
	v.Queue, v.Agent = s.of(v.Queue), s.of(v.Agent)
	for i := range v.Rings {
		v.Rings[i].Agent = s.of(v.Rings[i].Agent)
	}
}
