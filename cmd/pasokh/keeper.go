package main

import (
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/server"
)

// door is the identity keeper at the page's door: a claim there lets the waiting
// box begin to carry calls.
type door struct {
	*identity.Keeper
	claimed chan struct{}
	first   func() // a new owner's next step
}

var _ server.Keeper = door{}

func (d door) Claim(token, user, password string) error {
	if err := d.Keeper.Claim(token, user, password); err != nil {
		return err
	}
	d.first()
	close(d.claimed) // a box is claimed once
	return nil
}
