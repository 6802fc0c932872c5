package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pasokh/pasokh/firmware/store"
)

// swap is how far a restore has come, on the disk. Each phase can be cut off anywhere
// and is taken up by the next start.
type swap struct {
	Phase          phase `json:"phase"`
	Starts         int   `json:"starts"` // since the new state is in place
	KeepRecordings bool  `json:"keep_recordings"`
}

type phase string

const (
	movingOut phase = "out"   // the old state goes to asideDir
	movingIn  phase = "in"    // the prepared one comes
	onTrial   phase = "trial" // until Healthy
	undoing   phase = "undo"  // the new state goes to undoneDir
	undone    phase = "back"  // the old one comes back
)

// trialStarts is how often the box may start with a restored state and not get well.
const trialStarts = 2

func writeSwap(dir string, s swap) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return store.WriteFile(filepath.Join(dir, stateName), text)
}

func readSwap(dir string) (s swap, ok bool, err error) {
	text, err := os.ReadFile(filepath.Join(dir, stateName))
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err == nil, err
}

// Settled is what Settle has done.
type Settled string

// What it may have done.
const (
	Nothing  Settled = ""
	Restored Settled = "restored" // the box starts with a restored state
	Undone   Settled = "undone"   // it did not get well with it: the old state is back
)

// Settle puts a confirmed restore in place, before anything of the data directory is
// open. When the box has started with it and not got well, it puts the old state back.
func Settle(dir string) (Settled, error) {
	s, ok, err := readSwap(dir)
	if err != nil || !ok {
		return Nothing, err
	}
	if err := store.Check(filepath.Join(dir, "pasokh.db")); errors.Is(err, store.ErrRunning) {
		return Nothing, err
	}
	did, err := settle(dir, s)
	if err == nil {
		return did, nil
	}
	// A box without its state is worse than one without its restore.
	if s, ok, again := readSwap(dir); again == nil && ok && (s.Phase == movingOut || s.Phase == movingIn) {
		s.Phase = map[phase]phase{movingOut: undone, movingIn: undoing}[s.Phase]
		if did, back := settle(dir, s); back == nil {
			return did, nil
		}
	}
	return Nothing, fmt.Errorf("restore: %w", err)
}

func settle(dir string, s swap) (Settled, error) {
	prepared, aside, bad := filepath.Join(dir, preparedDir), filepath.Join(dir, asideDir), filepath.Join(dir, undoneDir)
	then := func(err error, next phase) error {
		if err != nil {
			return err
		}
		s.Phase = next
		return writeSwap(dir, s)
	}
	for {
		switch s.Phase {
		case movingOut:
			if err := then(moveState(dir, aside, s.KeepRecordings), movingIn); err != nil {
				return Nothing, err
			}
		case movingIn:
			if err := then(moveAll(prepared, dir), onTrial); err != nil {
				return Nothing, err
			}
		case onTrial:
			if s.Starts++; s.Starts <= trialStarts {
				return Restored, writeSwap(dir, s)
			}
			if err := then(os.RemoveAll(bad), undoing); err != nil {
				return Nothing, err
			}
		case undoing:
			if err := then(moveState(dir, bad, s.KeepRecordings), undone); err != nil {
				return Nothing, err
			}
		case undone:
			if err := moveAll(aside, dir); err != nil {
				return Nothing, err
			}
			return Undone, errors.Join(os.Remove(filepath.Join(dir, stateName)), syncDir(dir))
		default:
			return Nothing, fmt.Errorf("%w: phase %q", ErrFormat, s.Phase)
		}
	}
}

// OnTrial tells whether the box runs with a restored state that has not proved itself.
func OnTrial(dir string) bool {
	s, ok, err := readSwap(dir)
	return err == nil && ok && s.Phase == onTrial
}

// Healthy ends the trial of a restored state: the old one is deleted.
func Healthy(dir string) error {
	if !OnTrial(dir) {
		return nil
	}
	if err := os.Remove(filepath.Join(dir, stateName)); err != nil {
		return err
	}
	return errors.Join(syncDir(dir), os.RemoveAll(filepath.Join(dir, asideDir)))
}

// moveState moves the state of a data directory away. It can be done twice.
func moveState(dir, to string, keepRecordings bool) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if transient(name) && name != "pasokh.db.snapshot" || name == recordingsDir && keepRecordings {
			continue
		}
		if err := os.Rename(filepath.Join(dir, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return errors.Join(syncDir(to), syncDir(dir))
}

// moveAll moves everything of a folder, which may be gone already. It can be done twice.
func moveAll(from, dir string) error {
	entries, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.Rename(filepath.Join(from, e.Name()), filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return errors.Join(syncDir(from), syncDir(dir), os.Remove(from))
}
