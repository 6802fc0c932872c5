package main

import (
	"path/filepath"

	"github.com/pasokh/pasokh/firmware/setup"
)

// openSetup reads how far the box's set-up is, and which providers of telephone lines
// there are: those of the folder "providers" beside the box's own.
func (b *box) openSetup() (err error) {
	if b.providers, err = setup.Providers(filepath.Join(b.set.data, "providers")); err != nil {
		b.log.Warn("providers left out", "err", err)
	}
	b.setup, err = setup.Open(b.store)
	return err
}

// beginSetup lets the page lead a new owner through the set-up, unless an installer has
// done that.
func (b *box) beginSetup() {
	if len(b.config().Extensions) > 0 {
		return
	}
	if err := b.setup.Begin(); err != nil {
		b.log.Error("the set-up is not shown by itself", "err", err)
	}
}
