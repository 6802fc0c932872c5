package main

import (
	"path/filepath"

	"github.com/pasokh/pasokh/firmware/alert"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/firmware/pulse"
	"github.com/pasokh/pasokh/firmware/storage"
	"github.com/pasokh/pasokh/telephony/bulletin"
	"github.com/pasokh/pasokh/webui/hooks"
)

// openCare makes the rooms by which the box looks after itself. What they fail to
// remember does not keep it from working.
func (b *box) openCare() {
	b.post = mail.New(mail.Options{Clock: b.clock, Log: b.log, Health: b.health, Config: b.config})
	b.told, b.days = b.store.Latest("alerts", "book"), b.store.Latest("storage", "days")
	b.pulse = pulse.New(pulse.Options{Clock: b.clock, Health: b.health, Phones: func() int { return len(b.sip.Phones()) }})
	var err error
	if b.alerts, err = alert.Open(alert.Options{Clock: b.clock, Log: b.log, News: b.news, Health: b.health, Config: b.config, Post: b.post, Memory: b.told}); err != nil {
		b.log.Error("alarms that were told are forgotten", "err", err)
	}
	if b.storage, err = storage.Open(storage.Options{Clock: b.clock, Log: b.log, Health: b.health, Config: b.config, Memory: b.days,
		Dir: filepath.Clean(b.set.data)}); err != nil {
		b.log.Error("the disk's past is forgotten", "err", err)
	}
}

// openHooks makes the room that tells webhooks of calls.
func (b *box) openHooks() {
	b.posted = b.store.Latest("webhooks", "book")
	var err error
	if b.hooks, err = hooks.Open(hooks.Options{Clock: b.clock, Log: b.log, News: b.news, Health: b.health, Config: b.config, Ring: b.events, Memory: b.posted}); err != nil {
		b.log.Error("what waited for webhooks is forgotten", "err", err)
	}
}

// openBulletins makes the room that sends reports.
func (b *box) openBulletins() {
	b.issued = b.store.Latest("bulletins", "sent")
	var err error
	if b.bulletins, err = bulletin.Open(bulletin.Options{Clock: b.clock, Log: b.log, News: b.news, Config: b.config, Post: b.post, Memory: b.issued, Reports: b.figures}); err != nil {
		b.log.Error("bulletins that were sent are forgotten", "err", err)
	}
}
