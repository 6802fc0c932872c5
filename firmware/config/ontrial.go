package config

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A change that could cut its author off from the box is put in force on trial: unless
// somebody confirms it in time, the box goes back by itself, over a restart too.

const (
	trialBucket = "config-trial"
	trialKey    = "now"
)

// Limits of a trial.
const (
	ShortestTrial = 10 * time.Second
	LongestTrial  = 10 * time.Minute
)

// Trial is a change that is not confirmed yet.
type Trial struct {
	Revision int       `json:"revision"`
	Back     int       `json:"back"` // the revision before it
	Author   string    `json:"author"`
	Until    time.Time `json:"until"`
}

// Try is Propose for a change that is taken back unless Confirm comes within a time
// between ShortestTrial and LongestTrial. Run must be running.
func (r *Revisions) Try(cfg *Config, base int, author, note string, within time.Duration) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.onTrial.Load() != nil {
		return 0, ErrOnTrial
	}
	if base == 0 {
		within = 0 // there is nothing to go back to
	}
	return r.propose(cfg, base, author, note, within)
}

// OnTrial is the change on trial, if there is one.
func (r *Revisions) OnTrial() (Trial, bool) {
	if t := r.onTrial.Load(); t != nil {
		return *t, true
	}
	return Trial{}, false
}

// Confirm keeps the change on trial. ErrNoRevision: that revision is not on trial, or
// not any more.
func (r *Revisions) Confirm(revision int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t := r.onTrial.Load(); t == nil || t.Revision != revision {
		return fmt.Errorf("%w on trial: %d", ErrNoRevision, revision)
	}
	return r.endTrial()
}

// TakeBack ends a trial before its time: the configuration before it is in force again,
// as a new revision. ErrNoRevision as of Confirm.
func (r *Revisions) TakeBack(revision int, author string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.onTrial.Load()
	if t == nil || t.Revision != revision {
		return fmt.Errorf("%w on trial: %d", ErrNoRevision, revision)
	}
	before, _, err := r.At(t.Back)
	if err != nil {
		return errors.Join(err, r.endTrial())
	}
	if _, err := r.propose(before, r.current.Load().revision, author, fmt.Sprintf("back to revision %d: %d was not confirmed", t.Back, t.Revision), 0); err != nil {
		return err
	}
	return r.endTrial()
}

// Run takes back what nobody confirms, until ctx ends. When a room refuses to go back, it
// tries again.
func (r *Revisions) Run(ctx context.Context) error {
	const retry = 10 * time.Second
	var rest time.Duration // after a refusal
	for {
		due := make(chan struct{})
		t, trying := r.OnTrial()
		stop := func() bool { return false }
		if trying {
			stop = r.clock.AfterFunc(max(rest, t.Until.Sub(r.clock.Now())), func() { close(due) }).Stop
		}
		select {
		case <-ctx.Done():
			stop()
			return nil
		case <-r.wake:
			stop()
		case <-due:
			rest = 0
			if err := r.TakeBack(t.Revision, "box"); err != nil && !errors.Is(err, ErrNoRevision) { // it was confirmed just now
				rest = retry
			}
		}
	}
}

// beginTrial writes down that a revision is on trial. r.mu is held.
func (r *Revisions) beginTrial(t Trial) error {
	data, err := json.Marshal(t)
	if err == nil {
		err = r.store.Put(trialBucket, trialKey, data)
	}
	if err != nil {
		return fmt.Errorf("write trial: %w", err)
	}
	r.onTrial.Store(&t)
	r.poke()
	return nil
}

// endTrial forgets the trial. r.mu is held.
func (r *Revisions) endTrial() error {
	if r.onTrial.Swap(nil) == nil {
		return nil
	}
	r.poke()
	if err := r.store.Delete(trialBucket, trialKey); err != nil {
		return fmt.Errorf("forget trial: %w", err)
	}
	return nil
}

// openTrial finds a trial that a restart interrupted. One of another revision than that
// in force never came about.
func (r *Revisions) openTrial(current int) error {
	data, err := r.store.Get(trialBucket, trialKey)
	if err != nil || data == nil {
		return err
	}
	var t Trial
	if json.Unmarshal(data, &t) == nil && t.Revision == current {
		r.onTrial.Store(&t)
		r.poke()
		return nil
	}
	return r.store.Delete(trialBucket, trialKey)
}

func (r *Revisions) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}
