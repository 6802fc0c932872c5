package webtest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/backup"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/firmware/storage"
)

// Post takes letters, but not to anybody@nowhere.example. It keeps their receivers.
type Post struct {
	mu   sync.Mutex
	sent []string
}

// Send takes a letter.
func (p *Post) Send(_ context.Context, l mail.Letter) error {
	if strings.HasSuffix(l.To[0], "@nowhere.example") {
		return errors.New("550 no such mailbox")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, l.To...)
	return nil
}

// Queue takes a letter for later.
func (p *Post) Queue(l mail.Letter) error { return p.Send(context.Background(), l) }

// View is how it stands.
func (p *Post) View() mail.View { return mail.View{On: true} }

// Sent are who got a letter.
func (p *Post) Sent() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.sent...)
}

// Backups has one place, "here", with one backup. It does what it is told at once.
type Backups struct {
	mu    sync.Mutex
	state backup.State
}

// State is how they stand.
func (b *Backups) State() backup.State {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.state
	s.Last = append([]backup.Result{}, s.Last...)
	return s
}

func (b *Backups) did(kind backup.JobKind, change func(*backup.State)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state.Job = &backup.Job{Kind: kind, Began: time.Now(), Over: true, Bytes: 1_000_000}
	change(&b.state)
	return nil
}

const theBackup = "pasokh-test-20261122T033000Z.backup"

// Make makes one.
func (b *Backups) Make() error {
	return b.did(backup.Making, func(s *backup.State) {
		s.Last = []backup.Result{{Place: "here", At: time.Now(), Name: theBackup, Size: 1_000_000}}
	})
}

// Rehearse proves it.
func (b *Backups) Rehearse() error {
	return b.did(backup.Rehearsing, func(s *backup.State) {
		s.Proof = &backup.Proof{At: time.Now(), Place: "here", Name: theBackup, Holds: backup.Summary{Files: 12, Extensions: 3}}
	})
}

// List is the one.
func (b *Backups) List(_ context.Context, place string) ([]backup.Stored, error) {
	if place != "here" {
		return nil, backup.ErrPlace
	}
	return []backup.Stored{{Name: theBackup, Made: time.Date(2026, 11, 22, 3, 30, 0, 0, time.UTC), Size: 1_000_000, Own: true}}, nil
}

// Prepare reads it; its passphrase is the right one.
func (b *Backups) Prepare(place, name string, _ config.Secret, _ int) error {
	if place != "here" {
		return backup.ErrPlace
	}
	return b.did(backup.Preparing, func(s *backup.State) {
		s.Pending = &backup.Pending{Place: place, Name: name, Header: backup.Header{Box: "Demo shop", Made: time.Now()}, Holds: backup.Summary{Extensions: 3, Queues: 1}}
	})
}

// Confirm refuses what was not prepared.
func (b *Backups) Confirm() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state.Pending == nil {
		return backup.ErrNothingPending
	}
	return nil
}

// Cancel forgets what was prepared.
func (b *Backups) Cancel() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state.Pending = nil
	return nil
}

// alerter reaches everybody.
type alerter struct{}

func (alerter) Test(context.Context) error { return nil }

// theDisk is a small one that fills.
func theDisk() storage.State {
	return storage.State{Size: 32_000_000_000, Free: 12_000_000_000, Left: 40, Slow: 12,
		Days:   []storage.Day{{Day: "2026-11-21", Free: 12_300_000_000, Written: 410_000_000}, {Day: "2026-11-22", Free: 12_000_000_000, Written: 300_000_000}},
		Writes: []storage.Write{{At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), MS: 12}},
		Chip:   storage.Chip{Device: "mmcblk0", Kind: "MMC", Name: "BJTD4R", Worn: 10, Reserve: 1}}
}
