package cert

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/store"
)

// Health takes problems of the box. *health.Board is one.
type Health interface {
	Raise(id, detail string)
	Clear(id string)
}

// The problems that a Holder tells.
const (
	expiring = "certificate-expiring"
	unusable = "certificate-unusable"
)

// Options are what a Holder needs.
type Options struct {
	Dir    string // data directory of the box
	Clock  clock.Clock
	Log    *slog.Logger
	Health Health
	// Names are the box's host names and IP addresses now.
	Names func() []string
}

// Holder has the certificate that the box shows now: the installed one while it
// is good, else the box's own. New connections get what it has at the moment they
// begin; those that are open never notice a change. It is safe for concurrent use.
type Holder struct {
	opts  Options
	shown atomic.Pointer[tls.Certificate]

	mu  sync.Mutex // held while looking at the files
	own *tls.Certificate
}

// checkEvery is how often a change of files and names is noticed, wholeEvery how
// often everything is read again.
const (
	checkEvery = 5 * time.Minute
	wholeEvery = 6 * time.Hour
)

// warnBefore is how long before its end a certificate is a problem, or a fifth of
// its life if that is less.
const warnBefore = 21 * 24 * time.Hour

// maxInstalled bounds an installed certificate with its chain and key, in bytes.
const maxInstalled = 1 << 16

const installedFile = "installed.pem" // certificate, chain and key

// Open reads or makes the certificate. It fails only when there is none at all to
// show.
func Open(o Options) (*Holder, error) {
	h := &Holder{opts: o}
	if err := h.check(); h.shown.Load() == nil {
		return nil, err
	}
	return h, nil
}

// Run renews the certificate and looks for an installed one until ctx ends.
func (h *Holder) Run(ctx context.Context) error {
	seen, whole := "", h.opts.Clock.Now()
	for h.opts.Clock.Sleep(ctx, h.opts.Clock.Now().Add(checkEvery)) {
		now, mark := h.opts.Clock.Now(), h.mark()
		if mark == seen && now.Sub(whole) < wholeEvery {
			continue
		}
		seen, whole = mark, now
		_ = h.check() // told already
	}
	return nil
}

// mark changes when names or files do.
func (h *Holder) mark() string {
	mark := strings.Join(h.opts.Names(), " ")
	for _, name := range []string{rootFile, serverFile, installedFile} {
		if info, err := os.Stat(filepath.Join(h.opts.Dir, folder, name)); err == nil {
			mark += fmt.Sprint(" ", name, info.ModTime().UnixNano(), info.Size())
		}
	}
	return mark
}

// GetCertificate is for tls.Config.
func (h *Holder) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return h.shown.Load(), nil
}

// Install takes a certificate from elsewhere as PEM: the certificate, its chain
// and its unencrypted key. It is shown from now on and kept over restarts.
func (h *Holder) Install(text []byte) error {
	c, err := parse(text, h.opts.Clock.Now())
	if err != nil {
		return err
	}
	path := filepath.Join(h.opts.Dir, folder, installedFile)
	if err := store.WriteFile(path, text); err != nil {
		return err
	}
	h.opts.Log.Info("certificate installed", "names", c.Leaf.DNSNames, "until", c.Leaf.NotAfter)
	return h.check()
}

// Uninstall goes back to the box's own certificate.
func (h *Holder) Uninstall() error {
	err := os.Remove(filepath.Join(h.opts.Dir, folder, installedFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return h.check()
}

// check finds the certificate to show and tells what is wrong with it.
func (h *Holder) check() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.opts.Clock.Now()
	own, err := Load(h.opts.Dir, h.opts.Clock, h.opts.Names())
	if own.Leaf != nil && (err == nil || h.own == nil || now.After(h.own.Leaf.NotAfter)) {
		h.own = &own // good even if it could not be saved; then it is kept
	}
	show, theirs := h.own, error(nil)
	text, missing := os.ReadFile(filepath.Join(h.opts.Dir, folder, installedFile))
	if !errors.Is(missing, fs.ErrNotExist) {
		var c *tls.Certificate
		if theirs = missing; theirs == nil {
			c, theirs = parse(text, now)
		}
		if theirs == nil {
			show = c
		}
	}
	err = errors.Join(err, theirs)
	h.tell(unusable, err)
	if show == nil {
		return err
	}
	h.tell(expiring, ending(show.Leaf, now))
	if old := h.shown.Load(); old == nil || !old.Leaf.Equal(show.Leaf) {
		h.shown.Store(show)
		h.opts.Log.Info("certificate shown", "subject", show.Leaf.Subject.CommonName, "serial", fmt.Sprintf("%x", show.Leaf.SerialNumber), "until", show.Leaf.NotAfter)
	}
	return err
}

func (h *Holder) tell(problem string, err error) {
	if err == nil {
		h.opts.Health.Clear(problem)
		return
	}
	h.opts.Health.Raise(problem, err.Error())
}

// ending says when a certificate ends, if that is soon.
func ending(c *x509.Certificate, now time.Time) error {
	if left := c.NotAfter.Sub(now); left < min(warnBefore, c.NotAfter.Sub(c.NotBefore)/5) {
		return errors.New(c.NotAfter.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return nil
}

// parse reads an installed certificate, which must be valid now.
func parse(text []byte, now time.Time) (*tls.Certificate, error) {
	if len(text) > maxInstalled {
		return nil, fmt.Errorf("installed certificate: more than %d bytes", maxInstalled)
	}
	c, err := tls.X509KeyPair(text, text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("installed certificate: %w", err)
	case now.Before(c.Leaf.NotBefore) || now.After(c.Leaf.NotAfter):
		return nil, fmt.Errorf("installed certificate: valid from %s to %s", c.Leaf.NotBefore.Format(time.DateOnly), c.Leaf.NotAfter.Format(time.DateOnly))
	}
	return &c, nil
}
