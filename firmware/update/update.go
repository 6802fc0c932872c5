// Package update brings new versions into the free slot of the box and finds out whether
// they work.
//
// Apply reads a signed bundle from wherever it comes, writes it to the partition of the
// slot that does not run, reads it back from the disk, and only then asks for it to be
// tried at the next start. A loss of power at any moment leaves the running version to
// start again: the slot's state changes last, in one write.
//
// Watch is the other half, in the version that is being tried: it confirms the slot once
// the box has been healthy for a minute without a break, and gives up at the deadline, so
// that the box starts again and the boot loader goes back.
//
// An Updater is safe for concurrent use; one Apply runs at a time.
package update

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/bundle"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/slot"
)

// Refusals beside those of package bundle.
var (
	// ErrBoard: made for another board.
	ErrBoard = errors.New("the update is for another board")
	// ErrOld: older than what runs.
	ErrOld = errors.New("the update is older than the version that runs; an older version can only be flashed")
	// ErrBusy: another update is being written.
	ErrBusy = errors.New("an update is being written already")
	// ErrTrial: the running version has not confirmed itself, so the other slot is what
	// the box would go back to.
	ErrTrial = errors.New("this version is still being tried; wait a minute")
	// ErrDisk: the disk did not keep what was written.
	ErrDisk = errors.New("the disk did not keep the update; it may be worn out")
)

// Options are what an Updater works with.
type Options struct {
	Clock    clock.Clock
	Selector slot.Selector
	Key      ed25519.PublicKey
	Board    string
	Version  string
	Serial   int64
	Running  slot.Name
	// Open opens the partition of a slot, for writing or for reading from the disk
	// itself and not from memory.
	Open func(n slot.Name, write bool) (*os.File, error)
}

// Updater updates the box.
type Updater struct {
	opts Options
	busy sync.Mutex

	mu       sync.Mutex
	progress Progress
}

// Progress is how far an update is.
type Progress struct {
	Version string `json:"version,omitempty"` // that is being written, or waits for a restart
	Written int64  `json:"written"`           // bytes
	Size    int64  `json:"size"`
	Waiting bool   `json:"waiting"` // written and checked: it starts at the next restart
}

// New returns an updater. It touches nothing.
func New(o Options) *Updater { return &Updater{opts: o} }

// Progress is how far the present or last update is.
func (u *Updater) Progress() Progress {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.progress
}

func (u *Updater) show(change func(*Progress)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	change(&u.progress)
}

// Trial tells whether the running version has yet to prove itself.
func (u *Updater) Trial() (bool, error) {
	s, err := u.opts.Selector.Read()
	if errors.Is(err, slot.ErrLost) {
		return false, nil
	}
	return s.Active != u.opts.Running, err
}

// Apply writes a bundle to the free slot and asks for it to be tried. Errors: those
// above, those of package bundle, or what the disk says. Whatever happens the running
// version stays what starts, unless Apply returns nil.
func (u *Updater) Apply(ctx context.Context, from io.Reader) (err error) {
	if !u.busy.TryLock() {
		return ErrBusy
	}
	defer u.busy.Unlock()
	trial, err := u.Trial()
	if err != nil {
		return err
	}
	if trial {
		return ErrTrial
	}
	r, err := bundle.Read(from, u.opts.Key)
	if err != nil {
		return err
	}
	m := r.Manifest
	switch {
	case m.Board != u.opts.Board:
		return fmt.Errorf("%w: %s, and this is %s", ErrBoard, m.Board, u.opts.Board)
	case m.Serial < u.opts.Serial:
		return fmt.Errorf("%w: %s, and %s runs", ErrOld, m.Version, u.opts.Version)
	}
	u.show(func(p *Progress) { *p = Progress{Version: m.Version, Size: m.Size} })
	defer func() {
		if err != nil {
			u.show(func(p *Progress) { *p = Progress{} })
		}
	}()
	free := u.opts.Running.Other()
	// What the free slot holds is over with the first byte: nobody may try it any more.
	if err := slot.Confirm(u.opts.Selector, u.opts.Running); err != nil {
		return err
	}
	if err := u.write(ctx, free, r); err != nil {
		return err
	}
	if err := u.check(ctx, free, m); err != nil {
		return err
	}
	if err := slot.Try(u.opts.Selector, free); err != nil {
		return err
	}
	u.show(func(p *Progress) { p.Waiting = true })
	return nil
}

// write fills the slot. Its first block, without which no boot loader takes it for a
// file system, is written last.
func (u *Updater) write(ctx context.Context, n slot.Name, from io.Reader) error {
	part, err := u.opts.Open(n, true)
	if err != nil {
		return err
	}
	defer part.Close()
	block := make([]byte, 1<<20)
	var first []byte
	for at := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		k, err := io.ReadFull(from, block)
		if k > 0 {
			data := block[:k]
			if at == 0 {
				first = bytes.Clone(data)
				data = make([]byte, k)
			}
			if _, err := part.WriteAt(data, at); err != nil {
				return fmt.Errorf("writing the update: %w", err)
			}
			at += int64(k)
			u.show(func(p *Progress) { p.Written = at })
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := part.Sync(); err != nil {
		return err
	}
	if _, err := part.WriteAt(first, 0); err != nil {
		return err
	}
	return part.Sync()
}

// check reads the slot again, from the disk.
func (u *Updater) check(ctx context.Context, n slot.Name, m bundle.Manifest) error {
	part, err := u.opts.Open(n, false)
	if err != nil {
		return err
	}
	defer part.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(reader{ctx, part}, m.Size)); err != nil {
		return fmt.Errorf("reading the update back: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != m.SHA256 {
		return ErrDisk
	}
	return nil
}

// reader ends with its context.
type reader struct {
	ctx  context.Context
	from io.Reader
}

func (r reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(b)
}

// How a new version proves itself.
const (
	// HealthyFor is how long the box must be healthy without a break.
	HealthyFor = time.Minute
	// Patience is when a version that was not healthy for so long is given up, counted
	// from its start.
	Patience = 2 * time.Minute
	// Every is how often it is asked.
	Every = time.Second
)

// ErrUnwell: the version that was tried did not become healthy in time.
var ErrUnwell = errors.New("the new version did not work; the box goes back to the one before")

// Watch confirms the running version once healthy has said nil for HealthyFor. It
// returns at once where nothing is being tried. After Patience, or as soon as healthy
// says ErrUnwell, the version is given up and Watch returns ErrUnwell with the last thing
// that healthy said: the box is to restart.
func (u *Updater) Watch(ctx context.Context, healthy func(context.Context) error) error {
	trial, err := u.Trial()
	if err != nil || !trial {
		return err
	}
	began := u.opts.Clock.Now()
	since := began
	var last error
	for next := began; ; next = next.Add(Every) {
		if !u.opts.Clock.Sleep(ctx, next) {
			return ctx.Err()
		}
		asked, done := context.WithTimeout(ctx, 5*time.Second)
		err := healthy(asked)
		done()
		now := u.opts.Clock.Now()
		if err != nil {
			last, since = err, now
		}
		if now.Sub(since) >= HealthyFor {
			return slot.Confirm(u.opts.Selector, u.opts.Running)
		}
		if now.Sub(began) >= Patience || errors.Is(err, ErrUnwell) {
			return errors.Join(fmt.Errorf("%w: %w", ErrUnwell, last), slot.GiveUp(u.opts.Selector))
		}
	}
}
