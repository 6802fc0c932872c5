package whatif

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// habits are what people did on a day: from them is drawn what was not seen.
type habits struct {
	patience map[string]*survival // by queue; "" of all
	talks    map[string][]*talk   // by queue; "" of all
	agents   map[string][]answer
	house    map[string][]answer // by queue; "" of all
	dials    []answer
	accept   map[string]share // callbacks, by queue where there were any
}

// share is how many took a callback of those who waited long enough to be offered one.
type share struct{ of, all int }

// few is below how many of a queue's own the whole day's are drawn from.
const few = 10

func habitsOf(r *Record) habits {
	h := habits{patience: make(map[string]*survival), talks: make(map[string][]*talk), agents: make(map[string][]answer),
		house: make(map[string][]answer), accept: make(map[string]share)}
	waits, wishes := make(map[string][]lasted), make(map[string]time.Duration)
	for _, v := range r.visits {
		c := r.courses[v.key]
		if c.fresh {
			continue
		}
		if !v.callback && !v.refused {
			w := lasted{c.waited, c.end == hungUp}
			waits[""], waits[c.queue] = append(waits[""], w), append(waits[c.queue], w)
			if soonest, known := wishes[c.queue]; c.end == called && (!known || c.waited < soonest) {
				wishes[c.queue] = c.waited
			}
		}
		if c.talk != nil && c.talk.event != nil {
			h.talks[""], h.talks[c.queue] = append(h.talks[""], c.talk), append(h.talks[c.queue], c.talk)
		}
		for _, agent := range sorted(c.answers) {
			for _, a := range c.answers[agent] {
				if a.event != nil && !a.late {
					h.agents[agent] = append(h.agents[agent], a)
					h.house[""], h.house[c.queue] = append(h.house[""], a), append(h.house[c.queue], a)
				}
			}
		}
		for _, a := range c.dials {
			if _, gone := a.event.(acd.TalkEnded); a.event != nil && !gone {
				h.dials = append(h.dials, a)
			}
		}
	}
	for _, v := range r.visits {
		c := r.courses[v.key]
		soonest, offered := wishes[c.queue]
		if !offered || c.fresh || v.callback || c.waited < soonest {
			continue
		}
		s := h.accept[c.queue]
		if s.all++; c.end == called {
			s.of++
		}
		h.accept[c.queue] = s
	}
	for queue, list := range waits {
		h.patience[queue] = survive(list)
	}
	return h
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// lasted is how long something was seen to last, and whether it ended then by itself.
type lasted struct {
	span time.Duration
	own  bool
}

// survival is the part of callers who have more patience than a time (Kaplan and Meier,
// Nonparametric estimation from incomplete observations, 1958). Beyond the longest wait
// seen callers give up at the mean rate of all.
type survival struct {
	at    []time.Duration // times at which somebody gave up
	left  []float64       // the part that still waits after each
	seen  time.Duration   // the longest wait, whatever it ended by
	rate  float64         // who give up, by second of waiting
	ended int
}

func survive(list []lasted) *survival {
	slices.SortFunc(list, func(a, b lasted) int {
		if c := cmp.Compare(a.span, b.span); c != 0 || a.own == b.own {
			return c
		}
		if a.own { // who was answered at the same moment was still there
			return -1
		}
		return 1
	})
	s, part, sum := &survival{}, 1.0, 0.0
	for i, l := range list {
		sum += l.span.Seconds()
		s.seen = l.span
		if !l.own {
			continue
		}
		s.ended++
		part *= 1 - 1/float64(len(list)-i)
		if n := len(s.at); n > 0 && s.at[n-1] == l.span {
			s.left[n-1] = part
		} else {
			s.at, s.left = append(s.at, l.span), append(s.left, part)
		}
	}
	if sum > 0 {
		s.rate = float64(s.ended) / sum
	}
	return s
}

// never is longer than any day.
const never = 100 * time.Hour

// draw is the patience of somebody who had more than after; u is from 0 to 1.
func (s *survival) draw(after time.Duration, u float64) time.Duration {
	i, _ := slices.BinarySearchFunc(s.at, after+1, cmp.Compare[time.Duration])
	part := 1.0
	if i > 0 {
		part = s.left[i-1]
	}
	for ; i < len(s.at); i++ {
		if s.left[i] <= u*part {
			return s.at[i]
		}
	}
	if s.rate == 0 {
		return never
	}
	rest := u
	if n := len(s.at); n > 0 && s.left[n-1] > 0 {
		rest = u * part / s.left[n-1]
	}
	return min(never, max(after, s.seen)+time.Duration(-math.Log(min(1, max(rest, 1e-12)))/s.rate*float64(time.Second))+1)
}

// luck draws: the same for the same seed, subject and purpose, whatever else happens.
type luck uint64

func (l luck) of(subject, purpose string, n int) float64 {
	h := fnv.New64a()
	h.Write([]byte(subject))
	h.Write([]byte{0})
	h.Write([]byte(purpose))
	z := h.Sum64() ^ uint64(l)*0x9e3779b97f4a7c15 ^ uint64(n)<<48
	z += 0x9e3779b97f4a7c15 // splitmix64, as package acd
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return (float64((z^z>>31)>>11) + 0.5) / (1 << 53)
}

// wait is how long a caller of a queue waits who is known to have waited for so long.
func (h *habits) wait(l luck, v *visit, after time.Duration) time.Duration {
	s := h.patience[v.queue]
	if s == nil || s.ended < few {
		s = h.patience[""]
	}
	if s == nil {
		return never
	}
	return s.draw(after, l.of(v.key, "patience", 0))
}

// talk is one of the day's talks that was longer than after; the usual one is of 3 minutes.
func (h *habits) talk(l luck, v *visit, after time.Duration) *talk {
	list := h.talks[v.queue]
	if len(list) < few {
		list = h.talks[""]
	}
	if after > 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(t *talk) bool { return t.span <= after })
	}
	if len(list) == 0 {
		return &talk{span: after + 3*time.Minute}
	}
	return list[int(l.of(v.key, "talk", 0)*float64(len(list)))]
}

// answer is what an agent does about an offer who has rung for longer than after.
func (h *habits) answer(l luck, v *visit, agent string, n int, after time.Duration) answer {
	list := h.agents[agent]
	if len(list) < few {
		list = h.house[v.queue]
	}
	if len(list) < few {
		list = h.house[""]
	}
	if after > 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(a answer) bool { return a.after <= after })
	}
	if len(list) == 0 {
		return answer{after: after + 5*time.Second, event: acd.OfferAnswered{}}
	}
	return list[int(l.of(v.key, "ring "+agent, n)*float64(len(list)))]
}

// dial is what a customer does who is called back; where nobody was, four in five answer.
func (h *habits) dial(l luck, v *visit, n int) answer {
	u := l.of(v.key, "dial", n)
	switch {
	case len(h.dials) >= few:
		return h.dials[int(u*float64(len(h.dials)))]
	case u < 0.8:
		return answer{after: 12 * time.Second, event: acd.DialAnswered{}}
	}
	return answer{after: 40 * time.Second, event: acd.DialFailed{Cause: call.NoAnswer}}
}
