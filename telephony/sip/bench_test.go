package sip

import (
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/shield"
	"github.com/pasokh/pasokh/telephony/sip/siptest"
	"github.com/pasokh/pasokh/telephony/sip/wire"
)

// desk is a server that is shown messages without a network.
type desk struct {
	*Server
	from net.Addr
	sent []byte
}

func newDesk() *desk {
	cfg := testConfig()
	cfg.SIP.Trusted = []string{"192.0.2.0/24"}
	return &desk{from: siptest.Addr(peerAddr), Server: New(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: &event.News{},
		Config: func() *config.Config { return cfg }, Arrive: func(call.Arrival) {}})}
}

// show gives a message to the screen and returns the status of the answer.
func (d *desk) show(text string) string {
	d.sent = nil
	d.screen("UDP", d.from, []byte(strings.ReplaceAll(text, "\n", "\r\n")), func(_ *wire.Message, b []byte) { d.sent = b })
	_, status, _ := strings.Cut(string(d.sent), " ")
	return status[:min(3, len(status))]
}

// BenchmarkRegister is a registration with its challenge, without the network.
func BenchmarkRegister(b *testing.B) {
	d := newDesk()
	b.ReportAllocs()
	for i := range b.N {
		b.StopTimer()
		d.rates = shield.NewRates(d.opts.Clock) // they would end it soon
		q := message{"REGISTER", "1001", fmt.Sprint("reg", i), 1, contactA + "\nContent-Length: 0\n"}
		b.StartTimer()
		if got := d.show(q.text("")); got != "401" {
			b.Fatalf("challenge: %s", got)
		}
		b.StopTimer()
		res, err := sip.ParseMessage(d.sent)
		if err != nil {
			b.Fatal(err)
		}
		q.seq++
		text := q.text(credentials(b, res.(*sip.Response), q, "MD5", password, 1))
		b.StartTimer()
		if got := d.show(text); got != "200" {
			b.Fatalf("registration: %s", got)
		}
	}
}
