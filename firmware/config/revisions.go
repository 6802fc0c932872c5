package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/store"
)

const (
	revisionBucket = "config"
	keptRevisions  = 200 // older ones are forgotten
)

// Errors of revisions.
var (
	// ErrConflict: somebody else changed the configuration in between.
	ErrConflict = errors.New("configuration has changed meanwhile")
	// ErrOnTrial: a change is on trial; nothing else changes before it is confirmed or
	// taken back.
	ErrOnTrial = errors.New("a change is on trial")
	// ErrNoRevision: there is no revision of that number, or not any more.
	ErrNoRevision = errors.New("no such revision")
)

// Revision is one state of the configuration in its history.
type Revision struct {
	Number int       `json:"number"` // 1 is the first
	At     time.Time `json:"at"`
	Author string    `json:"author"`
	Note   string    `json:"note,omitempty"`
}

// stored is how a revision is kept.
type stored struct {
	Revision
	YAML string `json:"yaml"`
}

// Revisions is the configuration in force and its history. Current may be called
// from anywhere at any time; changes are made one after another.
type Revisions struct {
	store   *store.Store
	clock   clock.Clock
	news    *event.News
	current atomic.Pointer[inForce]
	warning string

	onTrial atomic.Pointer[Trial] // nil: nothing is
	wake    chan struct{}         // for Run: a trial has begun

	mu       sync.Mutex // held for the whole of a change
	appliers []applier
}

type inForce struct {
	cfg      *Config
	revision int
}

// applier is a room that a change concerns.
type applier struct {
	name   string
	verify func(*Config) error
	apply  func(*Config) error
}

// OpenRevisions reads the newest revision that can be read. In a store without
// any, Current is Default and revision 0.
func OpenRevisions(st *store.Store, clk clock.Clock, news *event.News) (*Revisions, error) {
	r := &Revisions{store: st, clock: clk, news: news, wake: make(chan struct{}, 1)}
	r.current.Store(&inForce{Default(), 0})
	all, err := r.all()
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Backward(all) {
		s, err := r.read(key)
		var cfg *Config
		if err == nil {
			cfg, err = Parse("revision "+key, []byte(s.YAML))
		}
		if err == nil {
			r.current.Store(&inForce{cfg, s.Number})
			return r, r.openTrial(s.Number)
		}
		if r.warning == "" {
			r.warning = fmt.Sprintf("revision %s: %v", key, err)
		}
	}
	return r, nil
}

// Current is the configuration in force and its revision. Do not change it.
func (r *Revisions) Current() (*Config, int) {
	c := r.current.Load()
	return c.cfg, c.revision
}

// Warning says why the newest revision is not in force; empty when it is.
func (r *Revisions) Warning() string { return r.warning }

// OnApply makes a room part of every later change: verify, which may be nil, can
// refuse it before anything is changed; apply puts it in force. Rooms are asked in
// the order they were registered.
func (r *Revisions) OnApply(name string, verify, apply func(*Config) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.appliers = append(r.appliers, applier{name, verify, apply})
}

// Seed puts a first configuration in force when there is no history.
func (r *Revisions) Seed(cfg *Config) error {
	if last, err := r.last(); err != nil || last > 0 {
		return err
	}
	_, err := r.Propose(cfg, 0, "box", "first start")
	return err
}

// Propose makes cfg, a change of revision base, the next revision and puts it in
// force. Passwords that are masked in it stay what they were. It is on the disk
// before any room sees it. When a room cannot apply it, all go back to the revision
// before. Errors: ErrConflict, Problems, or a room's own.
func (r *Revisions) Propose(cfg *Config, base int, author, note string) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.onTrial.Load() != nil {
		return 0, ErrOnTrial
	}
	return r.propose(cfg, base, author, note, 0)
}

// propose is Propose, on trial for a while if that is not 0. r.mu is held.
func (r *Revisions) propose(cfg *Config, base int, author, note string, trial time.Duration) (int, error) {
	before := r.current.Load()
	if base != before.revision {
		return 0, fmt.Errorf("%w: revision %d is in force, not %d", ErrConflict, before.revision, base)
	}
	fresh, text, err := settle(cfg, before.cfg)
	if err != nil {
		return 0, err
	}
	for _, a := range r.appliers {
		if a.verify == nil {
			continue
		}
		if err := a.verify(fresh); err != nil {
			return 0, fmt.Errorf("%s: %w", a.name, err)
		}
	}
	last, err := r.last() // newer than base when the newest could not be read
	if err != nil {
		return 0, err
	}
	s := stored{Revision{last + 1, r.clock.Now().UTC(), author, note}, text}
	if trial > 0 { // before the change: a box that dies of it must know
		if err := r.beginTrial(Trial{s.Number, before.revision, author, s.At.Add(trial)}); err != nil {
			return 0, err
		}
	}
	if err := r.write(s); err != nil {
		return 0, errors.Join(err, r.endTrial())
	}
	if err := r.apply(fresh, before.cfg); err != nil {
		return 0, errors.Join(err, r.store.Delete(revisionBucket, keyOf(s.Number)), r.endTrial())
	}
	r.current.Store(&inForce{fresh, s.Number})
	r.news.Publish(event.Config)
	return s.Number, nil
}

// settle checks a proposed tree and returns it as it will be read from the store
// one day: a copy that its author cannot change any more.
func settle(cfg, before *Config) (fresh *Config, text string, err error) {
	own := *cfg
	own.KeepSecrets(before)
	if err := own.Validate(); err != nil {
		return nil, "", err
	}
	data, err := own.YAML()
	if err != nil {
		return nil, "", err
	}
	if fresh, err = Parse("configuration", data); err != nil {
		return nil, "", err
	}
	return fresh, string(data), nil
}

// apply hands a tree to every room. When one fails, those that have seen it get
// the old one back.
func (r *Revisions) apply(fresh, before *Config) error {
	for i, a := range r.appliers {
		err := a.apply(fresh)
		if err == nil {
			continue
		}
		errs := []error{fmt.Errorf("apply to %s: %w", a.name, err)}
		for _, b := range slices.Backward(r.appliers[:i+1]) {
			if err := b.apply(before); err != nil {
				errs = append(errs, fmt.Errorf("restore %s: %w", b.name, err))
			}
		}
		return errors.Join(errs...)
	}
	return nil
}

// write keeps a revision and forgets the one that is too old.
func (r *Revisions) write(s stored) error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write revision: %w", err)
	}
	if err := r.store.Put(revisionBucket, keyOf(s.Number), data); err != nil {
		return fmt.Errorf("write revision: %w", err)
	}
	if old := s.Number - keptRevisions; old > 0 {
		// What fails to be forgotten does no harm.
		_ = r.store.Delete(revisionBucket, keyOf(old))
	}
	return nil
}
