package voicemail

import "time"

// After wrongMost wrong PINs in a row a box is shut for shutFor. Calls of its own phones
// and others are counted apart: whoever guesses from elsewhere does not shut the owner out.
const (
	wrongMost = 5
	shutFor   = 15 * time.Minute
)

type guesses struct {
	wrong int
	until time.Time // shut
}

func guessKey(box string, own bool) string {
	if own {
		return box + " own"
	}
	return box
}

// shut tells whether no PIN of a box is listened to now.
func (r *Room) shut(box string, own bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.guesses[guessKey(box, own)]
	return g != nil && r.opts.Clock.Now().Before(g.until)
}

// guessed counts a PIN.
func (r *Room) guessed(box string, own, right bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := guessKey(box, own)
	if right {
		delete(r.guesses, key)
		return
	}
	g := r.guesses[key]
	if g == nil {
		g = &guesses{}
		r.guesses[key] = g
	}
	if g.wrong++; g.wrong >= wrongMost {
		g.wrong, g.until = 0, r.opts.Clock.Now().Add(shutFor)
		r.opts.Log.Warn("mailbox shut after wrong PINs", "box", box)
	}
}
