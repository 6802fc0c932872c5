package calltest

import (
	"slices"
	"strings"
	"sync"

	"github.com/pasokh/pasokh/telephony/call"
)

// Room is a mix that notes what is announced in it and who hears whom how loud. The
// zero Room is ready.
type Room struct {
	mu    sync.Mutex
	said  []string
	gains map[[2]string]float64
}

// Members is always 0.
func (r *Room) Members() int { return 0 }

// Announce notes the prompts.
func (r *Room) Announce(p call.Program) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range p.Sounds {
		r.said = append(r.said, s.Prompt)
	}
}

// Said are the prompts announced so far.
func (r *Room) Said() []string { r.mu.Lock(); defer r.mu.Unlock(); return slices.Clone(r.said) }

// Bridge puts two parties into it.
func (r *Room) Bridge(a, b call.Audio) {
	a.(*Audio).set("room with " + name(b))
	b.(*Audio).set("room with " + name(a))
}

func name(a call.Audio) string {
	if a, ok := a.(*Audio); ok {
		return a.leg.Name
	}
	return ""
}

// Gain notes an exception.
func (r *Room) Gain(listener, speaker call.Audio, gain float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gains == nil {
		r.gains = make(map[[2]string]float64)
	}
	r.gains[[2]string{name(listener), name(speaker)}] = gain
}

// Hears is how loud one leg hears another.
func (r *Room) Hears(listener, speaker string) float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, who := range []string{listener, ""} {
		if g, ok := r.gains[[2]string{who, speaker}]; ok {
			return g
		}
	}
	return 1
}

// Volume is how loud a leg hears everything.
func (r *Room) Volume(listener string) float64 { return r.Hears(listener, "") }

// Loud is 1000 for a leg whose name begins with "loud".
func (r *Room) Loud(member call.Audio) int {
	if strings.HasPrefix(name(member), "loud") {
		return 1000
	}
	return 0
}
