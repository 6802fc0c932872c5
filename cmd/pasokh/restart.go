package main

import (
	"errors"
	"time"

	"github.com/pasokh/pasokh/firmware/backup"
	"github.com/pasokh/pasokh/firmware/config"
)

// errAgain ends a box that is to start anew, with all its calls.
var errAgain = errors.New("the box starts anew")

// trialTime is how long a box must run with a restored state before the old one goes.
const trialTime = 2 * time.Minute

// restart lets the box start anew. It returns at once, so that who asked has an answer.
func (b *box) restart() {
	b.clock.AfterFunc(time.Second, func() {
		select {
		case <-b.again:
		default:
			b.log.Warn("starting anew")
			close(b.again)
		}
	})
}

// well ends the trial of a restored state.
func (b *box) well() {
	if err := backup.Healthy(b.set.data); err != nil {
		b.log.Error("the state from before the restore is not deleted", "err", err)
	}
}

// openBackup makes the room of backups, and tells how a restore went.
func (b *box) openBackup(settled backup.Settled) (err error) {
	switch settled {
	case backup.Restored:
		b.log.Warn("running with a restored state")
	case backup.Undone:
		b.log.Error("the restored state did not get well: the old one is back")
		b.health.Raise("restore-undone", "")
	}
	b.backup, err = backup.Open(backup.Options{Clock: b.clock, Log: b.log, Health: b.health, Config: b.config, Store: b.store,
		Dir: b.set.data, Version: version, Pin: b.pin})
	return err
}

// pin keeps the key of a server that backups go to.
func (b *box) pin(place, fingerprint string) error {
	cfg, base := b.revisions.Current()
	fresh := *cfg
	fresh.Backup.Places = append([]config.BackupPlace{}, cfg.Backup.Places...)
	for i := range fresh.Backup.Places {
		if p := &fresh.Backup.Places[i]; p.Name == place && p.HostKey == "" {
			p.HostKey = fingerprint
		}
	}
	_, err := b.revisions.Propose(&fresh, base, "box", "key of "+place)
	return err
}
