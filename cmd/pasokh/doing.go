package main

import "github.com/pasokh/pasokh/telephony/sip/notify"

// doing is what an extension is doing, for the lamps of other phones.
func (b *box) doing(extension string) notify.State {
	return notify.State{
		Reachable: len(b.exchange.Endpoints(extension)) > 0,
		Calls:     notify.CallsOf(extension, b.exchange.Calls()),
	}
}
