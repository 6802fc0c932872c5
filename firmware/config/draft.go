package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/store"
)

const draftBucket = "flow-drafts"

// ErrNoFlow: there is no flow of that number, in force or as a draft.
var ErrNoFlow = errors.New("no such flow")

// Draft is a flow that somebody works on. Calls do not see it before it is published.
type Draft struct {
	Flow   Flow      `json:"-"`
	YAML   string    `json:"yaml"`
	Author string    `json:"author"`
	At     time.Time `json:"at"`
	// Base is the flow in force when the draft was begun, empty for a new flow: when
	// it has changed since, publishing would undo what somebody else did.
	Base string `json:"base,omitempty"`
}

// Drafts are the flows being worked on, and the way of a flow through its drafts and
// revisions. One change is made after another.
type Drafts struct {
	store     *store.Store
	clock     clock.Clock
	revisions *Revisions
	mu        sync.Mutex
}

// NewDrafts are the drafts in a store.
func NewDrafts(st *store.Store, clk clock.Clock, r *Revisions) *Drafts {
	return &Drafts{store: st, clock: clk, revisions: r}
}

// ParseFlow reads one flow from YAML. Its error is Problems of form; what it means is
// judged within a configuration, by Check.
func ParseFlow(data []byte) (*Flow, error) {
	var f Flow
	lines, problems := form(data, &f)
	if len(problems) == 0 && !isNumber(f.Number) {
		problems.add("number", msgNumber, f.Number)
		problems[0].Line = lines.of("number")
	}
	return &f, problems.err()
}

// YAML writes a flow as ParseFlow reads it.
func (f *Flow) YAML() (string, error) {
	data, err := yaml.MarshalWithOptions(f, yaml.IndentSequence(true))
	if err != nil {
		return "", fmt.Errorf("write flow %s as YAML: %w", f.Number, err)
	}
	return string(data), nil
}

// WithFlow is the tree with a flow in the place of the one of its number, or after
// all others.
func (c *Config) WithFlow(f *Flow) *Config {
	fresh := *c
	fresh.Flows = slices.Clone(c.Flows)
	if old, ok := fresh.Flow(f.Number); ok {
		*old = *f
	} else {
		fresh.Flows = append(fresh.Flows, *f)
	}
	return &fresh
}

// Check is what is wrong with a flow in a configuration, and what is hardly meant.
// Paths begin at the flow.
func (c *Config) Check(f *Flow) (wrong, advice Problems) {
	fresh := c.WithFlow(f)
	at := slices.IndexFunc(fresh.Flows, func(x Flow) bool { return x.Number == f.Number })
	for _, p := range fresh.problems() {
		if rest, ok := strings.CutPrefix(p.Path, fmt.Sprintf("flows[%d]", at)); ok {
			p.Path = strings.TrimPrefix(rest, ".")
			wrong = append(wrong, p)
		}
	}
	if len(wrong) == 0 {
		advice = fresh.Advice(f)
	}
	return wrong, advice
}

// List is every draft, by number of its flow.
func (d *Drafts) List() (map[string]Draft, error) {
	all := make(map[string]Draft)
	err := d.store.Each(draftBucket, func(number string, data []byte) error {
		draft, err := readDraft(number, data)
		if err == nil {
			all[number] = draft
		}
		return err
	})
	return all, err
}

// Get is the draft of a flow; ErrNoFlow if there is none.
func (d *Drafts) Get(number string) (Draft, error) {
	data, err := d.store.Get(draftBucket, number)
	switch {
	case err != nil:
		return Draft{}, fmt.Errorf("read draft %s: %w", number, err)
	case data == nil:
		return Draft{}, fmt.Errorf("%w: %s has no draft", ErrNoFlow, number)
	}
	return readDraft(number, data)
}

func readDraft(number string, data []byte) (Draft, error) {
	var draft Draft
	err := json.Unmarshal(data, &draft)
	var f *Flow
	if err == nil {
		f, err = ParseFlow([]byte(draft.YAML))
	}
	if err != nil {
		return draft, fmt.Errorf("read draft %s: %w", number, err)
	}
	draft.Flow = *f
	return draft, nil
}

// Save keeps a draft. Of a flow it must have the form; it need not make sense yet.
func (d *Drafts) Save(text, author string) (Draft, error) {
	f, err := ParseFlow([]byte(text))
	if err != nil {
		return Draft{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	draft := Draft{Flow: *f, YAML: text, Author: author, At: d.clock.Now().UTC()}
	switch old, err := d.Get(f.Number); {
	case err == nil:
		draft.Base = old.Base
	case !errors.Is(err, ErrNoFlow):
		return Draft{}, err
	default:
		cfg, _ := d.revisions.Current()
		if draft.Base, err = cfg.written(f.Number); err != nil {
			return Draft{}, err
		}
	}
	data, err := json.Marshal(draft)
	if err != nil {
		return Draft{}, fmt.Errorf("write draft: %w", err)
	}
	return draft, d.store.Put(draftBucket, f.Number, data)
}

// written is the YAML of a flow in force, or "".
func (c *Config) written(number string) (string, error) {
	f, ok := c.Flow(number)
	if !ok {
		return "", nil
	}
	return f.YAML()
}

// Discard forgets a draft.
func (d *Drafts) Discard(number string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.store.Delete(draftBucket, number)
}

// Publish puts a draft in force. Errors: ErrNoFlow, ErrConflict when the flow in force
// is not the one that the draft began with, and those of Propose.
func (d *Drafts) Publish(number, author string) (revision int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	draft, err := d.Get(number)
	if err != nil {
		return 0, err
	}
	cfg, base := d.revisions.Current()
	now, err := cfg.written(number)
	if err != nil {
		return 0, err
	}
	if now != draft.Base {
		return 0, fmt.Errorf("%w: flow %s is not as it was when the draft was begun", ErrConflict, number)
	}
	revision, err = d.revisions.Propose(cfg.WithFlow(&draft.Flow), base, author, "published menu "+number)
	if err != nil {
		return 0, err
	}
	return revision, d.store.Delete(draftBucket, number)
}

// FlowHistory are the revisions in which a flow became another one, newest first.
func (d *Drafts) FlowHistory(number string) ([]Revision, error) {
	all, err := d.revisions.History(keptRevisions)
	if err != nil {
		return nil, err
	}
	var changes []Revision
	last := ""
	for _, r := range slices.Backward(all) {
		cfg, _, err := d.revisions.At(r.Number)
		if err != nil {
			continue // of a program that wrote otherwise
		}
		text, err := cfg.written(number)
		if err != nil {
			return nil, err
		}
		if text != last {
			changes, last = append(changes, r), text
		}
	}
	slices.Reverse(changes)
	return changes, nil
}

// RollBack puts the flow of an earlier revision in force again. Errors: ErrNoRevision,
// ErrNoFlow when it had none, and those of Propose.
func (d *Drafts) RollBack(number string, to int, author string) (revision int, err error) {
	old, _, err := d.revisions.At(to)
	if err != nil {
		return 0, err
	}
	f, ok := old.Flow(number)
	if !ok {
		return 0, fmt.Errorf("%w: revision %d has no flow %s", ErrNoFlow, to, number)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	cfg, base := d.revisions.Current()
	return d.revisions.Propose(cfg.WithFlow(f), base, author, fmt.Sprintf("menu %s as in revision %d", number, to))
}

// Config is the configuration in force with all drafts that make sense in it, to be
// tried without being published.
func (d *Drafts) Config() (*Config, error) {
	all, err := d.List()
	if err != nil {
		return nil, err
	}
	cfg, _ := d.revisions.Current()
	for _, draft := range all {
		cfg = cfg.WithFlow(&draft.Flow)
	}
	fresh := *cfg
	fresh.index()
	return &fresh, fresh.Validate()
}
