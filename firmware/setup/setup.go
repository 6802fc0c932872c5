// Package setup leads a new box to its first call: what a person answers step by step,
// and the settings that come of it.
//
// An answer is applied to a copy of the configuration, which package config judges as any
// other change: nothing is checked twice. What callers meet is made anew after each step
// (see front.go), so that the box works as far as it has been set up.
//
// A Room keeps how far somebody has come, on the disk, so that another browser or another
// day goes on there. It is safe for concurrent use; its steps are taken one at a time.
package setup

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// The steps, in their order. Network and Call change no settings of the telephone.
const (
	StepBox      = "box"
	StepNetwork  = "network"
	StepPeople   = "people"
	StepWay      = "way"
	StepHours    = "hours"
	StepGreeting = "greeting"
	StepTo       = "to"
	StepCall     = "call"
)

// Steps are all steps, in their order.
func Steps() []string {
	return []string{StepBox, StepNetwork, StepPeople, StepWay, StepHours, StepGreeting, StepTo, StepCall}
}

// Standing is how a step stands.
type Standing string

// The standings; a step that nobody has come to has none.
const (
	Done    Standing = "done"
	Skipped Standing = "skipped"
)

// State is how far the set-up is, and what it has made. Numbers and names that are empty
// have not been made.
type State struct {
	Begun bool                `json:"begun"` // by a claim; somebody may take the steps without
	Ended bool                `json:"ended"`
	At    string              `json:"at"` // the step to go on with
	Stood map[string]Standing `json:"stood"`

	Entry  string   `json:"entry,omitempty"`  // number where callers from outside begin
	Team   string   `json:"team,omitempty"`   // of the queue of all extensions
	Closed string   `json:"closed,omitempty"` // of what is said outside the hours
	Trunk  string   `json:"trunk,omitempty"`
	Lines  []string `json:"lines,omitempty"` // ports
	Hours  string   `json:"hours,omitempty"`

	Greeting []string          `json:"greeting,omitempty"` // prompts; empty: welcome
	To       string            `json:"to,omitempty"`       // a kind of To; empty: all
	Keys     map[string]string `json:"keys,omitempty"`     // of the menu
}

// Memory keeps the state; *store.Store is one.
type Memory interface {
	Get(bucket, key string) ([]byte, error)
	Put(bucket, key string, value []byte) error
}

const bucket, key = "setup", "state"

// Room is the set-up of a box.
type Room struct {
	memory Memory

	mu    sync.Mutex
	state State
}

// Open reads how far the set-up is.
func Open(m Memory) (*Room, error) {
	r := &Room{memory: m, state: State{At: StepBox, Stood: make(map[string]Standing)}}
	text, err := m.Get(bucket, key)
	if err != nil {
		return nil, fmt.Errorf("set-up: %w", err)
	}
	if text != nil {
		if err := json.Unmarshal(text, &r.state); err != nil {
			return nil, fmt.Errorf("set-up: %w", err)
		}
	}
	return r, nil
}

// State is how far it is.
func (r *Room) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.clone()
}

// Open tells whether a new box waits for somebody to go on.
func (s *State) Open() bool { return s.Begun && !s.Ended }

// Change does something to the state and keeps it, if do has no error. It waits for the
// disk; other changes wait for it.
func (r *Room) Change(do func(*State) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := r.state.clone()
	if err := do(&next); err != nil {
		return err
	}
	text, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("set-up: %w", err)
	}
	if err := r.memory.Put(bucket, key, text); err != nil {
		return fmt.Errorf("set-up: %w", err)
	}
	r.state = next
	return nil
}

// Begin shows the set-up to whoever comes to a new box.
func (r *Room) Begin() error {
	return r.Change(func(s *State) error { s.Begun = true; return nil })
}

// Stand notes how a step stands, and goes on with the next one. What is done stays done.
func (s *State) Stand(step string, as Standing) {
	if s.Stood[step] != Done {
		s.Stood[step] = as
	}
	steps := Steps()
	if i := slices.Index(steps, step) + 1; i < len(steps) {
		s.At = steps[i]
	}
}

// clone is a copy that shares nothing.
func (s *State) clone() State {
	c := *s
	c.Stood = make(map[string]Standing, len(s.Stood))
	for step, as := range s.Stood {
		c.Stood[step] = as
	}
	c.Lines, c.Greeting = slices.Clone(s.Lines), slices.Clone(s.Greeting)
	c.Keys = make(map[string]string, len(s.Keys))
	for k, to := range s.Keys {
		c.Keys[k] = to
	}
	return c
}
