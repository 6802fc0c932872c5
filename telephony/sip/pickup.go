package sip

import (
	"crypto/rand"
	"sync"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// pickups are the names under which lamps show the phones that ring, for others to
// pick them up by INVITE with Replaces. A name is made up and good for that alone:
// the tags of the real dialog would let whoever has seen the lamp take the call
// over later, while it is talked on.
type pickups struct {
	mu    sync.Mutex
	names map[*leg]call.Dialog
	legs  map[call.Dialog]*leg
}

func newPickups() *pickups {
	return &pickups{names: make(map[*leg]call.Dialog), legs: make(map[call.Dialog]*leg)}
}

// add gives a leg that rings its name.
func (p *pickups) add(l *leg) call.Dialog {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, named := p.names[l]
	if !named {
		n = call.Dialog{CallID: rand.Text(), Ours: rand.Text(), Theirs: rand.Text()}
		p.names[l], p.legs[n] = n, l
	}
	return n
}

// remove takes the name of a leg that rings no longer.
func (p *pickups) remove(l *leg) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.legs, p.names[l])
	delete(p.names, l)
}

// find is the leg that an INVITE names, nil if it rings no longer.
func (p *pickups) find(r *dialog.Replaces) *leg {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.legs[call.Dialog{CallID: r.CallID, Ours: r.Local, Theirs: r.Remote}]
}

// mayPickUp tells whether an extension may take what rings at another.
func mayPickUp(cfg *config.Config, by *config.Extension, at string) bool {
	e, ok := cfg.Extension(at)
	return ok && by.PicksUp(e)
}
