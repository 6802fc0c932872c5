package sip

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/telephony/sip/siptest"
)

// FuzzMessage sends whole packets through parser, transactions and handlers: the
// server must live, and say something to a good request afterwards.
func FuzzMessage(f *testing.F) {
	for _, q := range []message{
		{"REGISTER", "1001", "a", 1, contactA + "\n"}, {"INVITE", "1001", "b", 1, contactA + "\n"},
		{"OPTIONS", "1001", "c", 1, "Require: x, y\n"}, {"CANCEL", "1001", "d", 1, ""}, {"ACK", "1001", "e", 1, ""},
		{"SUBSCRIBE", "1001", "f", 1, "Event: x\n"}, {"DANCE", "1001", "g", 1, ""},
	} {
		f.Add([]byte(crlf(q.text("Digest x=y"))))
	}
	f.Add([]byte("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nCSeq: 1 INVITE\r\n\r\n"))
	f.Add([]byte("INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP :0;branch=z9hG4bK\r\nCSeq: 1 INVITE\r\nTo: *\r\n\r\n"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		bubble(t, func(m *memory) {
			stranger := m.net.Listen("192.0.2.66:5060")
			if _, err := stranger.WriteTo(packet, siptest.Addr(boxAddr)); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			m.Send(message{"OPTIONS", "1001", "alive", 1, ""}.text(""))
			m.Status(200)
			time.Sleep(time.Minute)
		})
	})
}
