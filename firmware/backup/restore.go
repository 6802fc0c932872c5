package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/pasokh/pasokh/firmware/config"
)

// Pending is a backup that was read and checked, and waits for somebody to say that it
// takes the place of what the box has.
type Pending struct {
	Header Header  `json:"header"`
	Place  string  `json:"place"`
	Name   string  `json:"name"`
	Holds  Summary `json:"holds"`
	Now    Summary `json:"now"` // what it takes the place of
	// KeepsRecordings: it has none, and those of now stay.
	KeepsRecordings bool `json:"keeps_recordings"`
}

// ErrNothingPending: a backup is prepared before it is restored.
var ErrNothingPending = errors.New("backup: no backup is prepared")

// Prepare begins to read a backup and to check all of it. An empty passphrase is the
// configuration's. Nothing is replaced before Confirm.
func (r *Room) Prepare(place, name string, passphrase config.Secret, revision int) error {
	cfg := r.opts.Config()
	p, ok := cfg.Backup.Place(place)
	if !ok {
		return ErrPlace
	}
	if passphrase == "" {
		passphrase = cfg.Backup.Passphrase
	}
	return r.begin(Preparing, func(ctx context.Context) error {
		dir := filepath.Join(r.opts.Dir, preparedDir)
		r.setPending(nil)
		h, err := r.extract(ctx, p, name, passphrase, dir)
		next := &Pending{Header: h, Place: place, Name: name, KeepsRecordings: !h.Recordings}
		if err == nil {
			next.Holds, err = check(dir, r.opts.Clock)
		}
		if err == nil {
			next.Now.sees(cfg, revision)
			err = next.Now.count(r.opts.Dir)
		}
		if err != nil {
			return errors.Join(err, os.RemoveAll(dir))
		}
		r.setPending(next)
		return nil
	})
}

func (r *Room) setPending(p *Pending) {
	r.mu.Lock()
	r.state.Pending = p
	r.mu.Unlock()
}

// Cancel throws away what was prepared.
func (r *Room) Cancel() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state.Job != nil && !r.state.Job.Over {
		return ErrBusy
	}
	r.state.Pending = nil
	return os.RemoveAll(filepath.Join(r.opts.Dir, preparedDir))
}

// Confirm makes the prepared backup the box's state at the next start, which the caller
// brings about.
func (r *Room) Confirm() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state.Pending == nil || r.state.Job != nil && !r.state.Job.Over {
		return ErrNothingPending
	}
	if err := os.RemoveAll(filepath.Join(r.opts.Dir, asideDir)); err != nil {
		return err
	}
	if err := movable(r.opts.Dir, r.state.Pending.KeepsRecordings); err != nil {
		return err
	}
	if err := syncTree(filepath.Join(r.opts.Dir, preparedDir)); err != nil {
		return err
	}
	return writeSwap(r.opts.Dir, swap{Phase: movingOut, KeepRecordings: r.state.Pending.KeepsRecordings})
}

// ErrMount: what is a disk of its own cannot be moved aside.
var ErrMount = errors.New("backup: a folder of the box is a disk of its own and cannot be replaced")

// movable tells whether all of a state can be renamed.
func movable(dir string, keepRecordings bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	home, err := deviceOf(dir)
	for _, e := range entries {
		if err != nil || e.Name() == recordingsDir && keepRecordings || transient(e.Name()) {
			continue
		}
		var device uint64
		if device, err = deviceOf(filepath.Join(dir, e.Name())); err == nil && device != home {
			return fmt.Errorf("%w: %s", ErrMount, e.Name())
		}
	}
	return err
}

func deviceOf(path string) (uint64, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	return uint64(info.Sys().(*syscall.Stat_t).Dev), nil
}

// syncTree puts the names in a folder on the disk.
func syncTree(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			if err := syncTree(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return syncDir(dir)
}

// sweep removes what a process that was killed has left behind.
func (r *Room) sweep() {
	left := []string{copyName, rehearsalDir}
	if _, err := os.Stat(filepath.Join(r.opts.Dir, stateName)); errors.Is(err, os.ErrNotExist) {
		left = append(left, preparedDir, asideDir)
	}
	for _, name := range left {
		if err := os.RemoveAll(filepath.Join(r.opts.Dir, name)); err != nil {
			r.opts.Log.Warn("left over from a backup", "err", err)
		}
	}
}
