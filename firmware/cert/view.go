package cert

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// View is the certificate that the box shows now, for people.
type View struct {
	Subject string    `json:"subject"`
	Issuer  string    `json:"issuer"`
	Names   []string  `json:"names"` // host names and addresses that it is for
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until"`
	Own     bool      `json:"own"`   // of the box's own authority, which renews it by itself
	State   string    `json:"state"` // good, ending or over
}

// View is what the box shows now.
func (h *Holder) View() View {
	h.mu.Lock()
	own := h.own
	h.mu.Unlock()
	c, now := h.shown.Load().Leaf, h.opts.Clock.Now()
	v := View{Subject: c.Subject.String(), Issuer: c.Issuer.String(), Names: []string{}, Since: c.NotBefore, Until: c.NotAfter,
		Own: own != nil && own.Leaf.Equal(c), State: "good"}
	v.Names = append(v.Names, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		v.Names = append(v.Names, ip.String())
	}
	switch {
	case now.After(c.NotAfter):
		v.State = "over"
	case ending(c, now) != nil:
		v.State = "ending"
	}
	return v
}

// Root is the certificate of the box's authority as PEM, which computers and phones
// are to trust.
func (h *Holder) Root() ([]byte, error) { return Root(h.opts.Dir) }

// Renew makes the box's own certificate anew, with another key. Its authority stays, so
// that whoever trusts the box goes on doing so.
func (h *Holder) Renew() error {
	h.mu.Lock()
	err := os.Remove(filepath.Join(h.opts.Dir, folder, serverFile))
	h.mu.Unlock()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return h.check()
}
