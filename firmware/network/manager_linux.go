package network

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Options are what a Manager works with.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger
	// File keeps the confirmed settings.
	File string
	// Resolv is where name servers are written, as resolv.conf(5).
	Resolv string
}

// Manager owns the box's network interface.
type Manager struct {
	opts   Options
	change chan Settings

	mu        sync.Mutex
	confirmed Settings
	trying    *Settings
	until     time.Time // when what is tried is taken back
	state     State
}

// State is how the box is in the network now.
type State struct {
	Interface string     `json:"interface"` // "" while there is none
	Address   string     `json:"address"`   // with the length of the prefix
	How       string     `json:"how"`       // "dhcp", "fixed", "fallback", or "none"
	Settings  Settings   `json:"settings"`  // in force
	Trying    bool       `json:"trying"`    // not confirmed
	Until     *time.Time `json:"until,omitempty"`
}

// ErrNothing: there is nothing to confirm, or not any more.
var ErrNothing = errors.New("no change of the network is being tried")

// New returns a manager with the settings that are kept in its file. Unreadable ones
// count as none: a box that asks for an address can be found.
func New(o Options) *Manager {
	m := &Manager{opts: o, change: make(chan Settings, 1)}
	text, err := os.ReadFile(o.File)
	if err == nil {
		err = json.Unmarshal(text, &m.confirmed)
	}
	if err == nil {
		err = m.confirmed.Check()
	}
	if err != nil {
		m.confirmed = Settings{}
		if !errors.Is(err, fs.ErrNotExist) {
			o.Log.Error("the network's settings cannot be read; asking for an address", "error", err)
		}
	}
	return m
}

// State is how the box is in the network now.
func (m *Manager) State() State {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.state
	s.Settings, s.Trying = m.confirmed, m.trying != nil
	if s.Trying {
		s.Settings = *m.trying
		until := m.until
		s.Until = &until
	}
	return s
}

// Try puts settings in force until they are confirmed, or back after so long.
func (m *Manager) Try(s Settings, within time.Duration) error {
	if err := s.Check(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trying, m.until = &s, m.opts.Clock.Now().Add(within)
	m.opts.Clock.AfterFunc(within, func() { m.back(&s) })
	m.put(s)
	return nil
}

// back takes settings back that nobody has confirmed.
func (m *Manager) back(tried *Settings) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.trying == nil || m.trying.key() != tried.key() || m.opts.Clock.Now().Before(m.until) {
		return
	}
	m.opts.Log.Warn("nobody has confirmed the change of the network: back to what it was")
	m.trying = nil
	m.put(m.confirmed)
}

// Confirm keeps what is being tried.
func (m *Manager) Confirm() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.trying == nil {
		return ErrNothing
	}
	if err := m.keep(*m.trying); err != nil {
		return err
	}
	m.confirmed, m.trying = *m.trying, nil
	return nil
}

// Reset forgets the settings, as a reset by hand does, and asks for an address.
func (m *Manager) Reset() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.keep(Settings{}); err != nil {
		return err
	}
	m.confirmed, m.trying = Settings{}, nil
	m.put(Settings{})
	return nil
}

// put hands settings to Run; those that it has not taken yet are replaced.
func (m *Manager) put(s Settings) {
	select {
	case <-m.change:
	default:
	}
	m.change <- s
}

// key compares settings.
func (s Settings) key() string {
	text, _ := json.Marshal(s) // cannot fail
	return string(text)
}

func (m *Manager) keep(s Settings) error {
	text, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	f, err := os.Create(m.opts.File + ".new")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(m.opts.File+".new", m.opts.File); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(m.opts.File))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Run keeps the interface as the settings say until ctx ends.
func (m *Manager) Run(ctx context.Context) error {
	m.mu.Lock()
	s := m.confirmed
	m.mu.Unlock()
	for {
		serving, stop := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			m.serve(serving, s)
		}()
		select {
		case <-ctx.Done():
		case s = <-m.change:
		}
		stop()
		<-done
		if ctx.Err() != nil {
			return nil
		}
	}
}

func (m *Manager) show(change func(*State)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(&m.state)
}

// resolve writes name servers for whoever looks names up.
func (m *Manager) resolve(servers []string) error {
	var text strings.Builder
	for _, s := range servers {
		fmt.Fprintf(&text, "nameserver %s\n", s)
	}
	return os.WriteFile(m.opts.Resolv, []byte(text.String()), 0o644)
}
