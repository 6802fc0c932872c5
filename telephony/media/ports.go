package media

import "sync"

// portRange hands out even ports, each with the odd one after it, in turn, so that one just given back rests as
// long as possible: late packets of an old call must not reach a new one.
type portRange struct {
	mu    sync.Mutex
	first int
	used  []bool // by (port-first)/2
	turn  int
}

func newPortRange(low, high int) *portRange {
	first := max(2, low+low%2)
	return &portRange{first: first, used: make([]bool, max(0, (high-first+1)/2))}
}

func (r *portRange) size() int { return len(r.used) }

func (r *portRange) take() (int, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for range r.used {
		i := r.turn
		r.turn = (r.turn + 1) % len(r.used)
		if !r.used[i] {
			r.used[i] = true
			return r.first + 2*i, true
		}
	}
	return 0, false
}

func (r *portRange) release(port int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used[(port-r.first)/2] = false
}
