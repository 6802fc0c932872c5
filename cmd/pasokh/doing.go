package main

import (
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/notify"
)

// doing is what a number is doing, for the lamps of phones: an extension, a switch
// that is on or whose hours are closed, a slot with a parked call, and the watcher's own log-in or rest.
func (b *box) doing(watcher, number string) notify.State {
	cfg := b.config()
	if e, ok := cfg.Extension(number); ok {
		n := b.mail.Count(number)
		return notify.State{
			Mailbox:   notify.Mailbox{Has: e.Voicemail.Enabled, New: n.New, Old: n.Old},
			Reachable: len(b.exchange.Endpoints(number)) > 0,
			Calls:     notify.CallsOf(number, b.exchange.Calls()),
		}
	}
	if _, ok := cfg.Switch(number); ok {
		return notify.Lit(b.night.Closed(number), number)
	}
	if f, ok := cfg.Feature(number); ok {
		board := b.floor.Board()
		on := board.LoggedIn(watcher, f.Number)
		if f.Kind == config.Pause {
			on = board.Resting(watcher, f.Number)
		}
		s := notify.Lit(on, number)
		s.Own = true
		return s
	}
	parked, ok := b.lot.Parked(number)
	s := notify.Lit(ok, number)
	if ok {
		s.Calls[0].ID, s.Calls[0].Remote = parked.Call, parked.Party.Shown()
		if s.Calls[0].Remote == (call.Party{}) {
			s.Calls[0].Remote.Number = number
		}
	}
	return s
}

// unheard tells whether an extension has voice messages that it has not heard.
func (b *box) unheard(ext string) bool {
	e, ok := b.config().Extension(ext)
	return ok && e.Voicemail.Enabled && b.mail.Count(ext).New > 0
}
