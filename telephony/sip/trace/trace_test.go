package trace

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/telephony/call"
)

var (
	ours   = netip.MustParseAddrPort("192.0.2.1:5060")
	theirs = netip.MustParseAddrPort("192.0.2.9:5070")
)

func text(method, id, more string) []byte {
	body := "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 8\r\n" +
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20\r\n" +
		" a= crypto:2 AES_CM_128_HMAC_SHA1_32 INLINE:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj;inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
	return fmt.Appendf(nil, "%s sip:600@box.test SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:1001@box.test>;tag=1\r\n"+
		"To: <sip:600@box.test>\r\ncall-id: %s\r\nCSeq: 1 %s\r\n%sContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", method, id, method, more, len(body), body)
}

func (r *Recorder) in(b []byte)  { r.Record(true, "UDP", ours, theirs, b) }
func (r *Recorder) out(b []byte) { r.Record(false, "UDP", ours, theirs, b) }

func of(legs ...call.LegID) []call.LegID { return legs }

func TestMessagesOfACall(t *testing.T) {
	r := NewRecorder(clock.System())
	r.in(text("REGISTER", "other", ""))
	r.in(text("INVITE", "a", ""))
	r.Belongs("a", "leg-a")
	r.Belongs("b", "leg-b") // before its first message
	r.out(text("INVITE", "b", ""))
	r.in([]byte("SIP/2.0 180 Ringing\r\ni: b\r\n\r\ni: a\r\n"))
	r.in(text("INVITE", "c", ""))
	r.in([]byte("\r\n\r\n"))
	var got []string
	for _, m := range r.Messages(of("leg-a", "leg-b", "leg-x")) {
		line, _, _ := strings.Cut(string(m.Text), "\r\n")
		got = append(got, fmt.Sprint(m.In, " ", line))
	}
	want := []string{"true INVITE sip:600@box.test SIP/2.0", "false INVITE sip:600@box.test SIP/2.0", "true SIP/2.0 180 Ringing"}
	if !slices.Equal(got, want) {
		t.Errorf("kept %q", got)
	}
}

func TestSecretsAreMasked(t *testing.T) {
	r := NewRecorder(clock.System())
	before := text("INVITE", "a", "AUTHORIZATION: Digest username=\"1001\", realm=\"box.test\", nonce=\"abcdefghSECRET\", uri=\"sip:x\", cnonce=\"abcdefghSECRET\", "+
		"Response=\"SECRET\", qop=auth, nc=00000001\r\nproxy-authorization: Digest nonce=abcdefghSECRET,\r\n response=SECRET\r\n"+
		"WWW-Authenticate: Digest realm=\"box.test\", nonce=\"abcdefghSECRET\"\r\n")
	r.in(before)
	r.Belongs("a", "leg")
	for range 2 { // the second time too
		after := r.Messages(of("leg"))[0].Text
		if bytes.Contains(after, []byte("SECRET")) || bytes.Contains(after, []byte("d0Rmdmcm")) {
			t.Errorf("secrets are left:\n%s", after)
		}
		for _, kept := range []string{`username="1001"`, `nonce="abcdefgh******"`, `Response="******"`, "qop=auth", "AES_CM_128_HMAC_SHA1_80 inline:****"} {
			if !bytes.Contains(after, []byte(kept)) {
				t.Errorf("no %s:\n%s", kept, after)
			}
		}
		if len(after) != len(before) {
			t.Errorf("%d bytes became %d", len(before), len(after))
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	r := NewRecorder(clock.System())
	big := strings.Repeat("X-Filler: "+strings.Repeat("x", 90)+"\r\n", 100)
	for range 100 {
		r.in(text("INVITE", "long", big))
	}
	r.Belongs("long", "long")
	if n := len(r.Messages(of("long"))); n < 20 || n > 26 {
		t.Errorf("%d messages of one dialog are kept", n)
	}
	for i := range 2000 {
		id := fmt.Sprint(i)
		r.in(text("INVITE", id, big))
		r.Belongs(id, call.LegID(id))
	}
	for i := range 2000 { // strangers
		r.in(text("INVITE", fmt.Sprint("alien-", i), big))
	}
	for _, s := range []*shelf{&r.ours, &r.aliens} {
		sum := 0
		for _, d := range s.order {
			sum += d.size
		}
		if sum != s.size || sum > s.max || sum < s.max/2 {
			t.Errorf("%d bytes are kept, %d counted, of %d", sum, s.size, s.max)
		}
	}
	if len(r.ours.order)+len(r.aliens.order) != len(r.dialogs) || len(r.legs) != len(r.ours.order) {
		t.Errorf("%d, %d, %d, %d dialogs", len(r.ours.order), len(r.aliens.order), len(r.dialogs), len(r.legs))
	}
	if len(r.Messages(of("long", "0"))) > 0 || len(r.Messages(of("1999"))) != 1 {
		t.Error("not the oldest were forgotten")
	}
}

func TestOtherMessagesCostNothing(t *testing.T) {
	r := NewRecorder(clock.System())
	register := text("REGISTER", "other", "")
	if n := testing.AllocsPerRun(100, func() { r.in(register) }); n > 0 {
		t.Errorf("%v allocations for a message that is not kept", n)
	}
}

// TestPCAP lets tshark read a capture: it must find SIP, and no wrong checksum.
func TestPCAP(t *testing.T) {
	bin := need.Program(t, "tshark")
	for _, carried := range []struct{ network, peer string }{{"UDP", "192.0.2.9:5070"}, {"TCP", "192.0.2.9:5070"}, {"WS", "[2001:db8::9]:5070"}, {"UDP", "[2001:db8::9]:5070"}} {
		peer := carried.peer
		r := NewRecorder(clock.System())
		r.Record(true, carried.network, netip.MustParseAddrPort("[::]:5060"), netip.MustParseAddrPort(peer), text("INVITE", "a", ""))
		r.Record(false, "TLS", netip.MustParseAddrPort("[::]:5060"), netip.MustParseAddrPort(peer), []byte("SIP/2.0 486 Busy Here\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"))
		r.Belongs("a", "leg")
		name := filepath.Join(t.TempDir(), "sip.pcap")
		if err := os.WriteFile(name, PCAP(r.Messages(of("leg"))), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(bin, "-r", name, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields",
			"-e", "udp.srcport", "-e", "sip.Method", "-e", "sip.Status-Code", "-e", "sip.Call-ID", "-e", "udp.checksum.status").Output()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(out), "5070\tINVITE\t\ta\t1\n5060\t\t486\ta\t1\n"; got != want {
			t.Errorf("with %s tshark reads\n%s, want\n%s", peer, got, want)
		}
	}
}

func FuzzRecord(f *testing.F) {
	f.Add(text("INVITE", "a", "Authorization: Digest nonce=\"x\", response=\"y\"\r\n"))
	f.Add([]byte("INVITE i:a\ni:\na=crypto:inline:"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := NewRecorder(clock.System())
		r.in(b)
		for id := range r.dialogs {
			r.Belongs(id, "leg")
		}
		for _, m := range r.Messages(of("leg")) {
			if len(m.Text) != len(b) {
				t.Error("masking changed the length")
			}
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	r := NewRecorder(clock.System())
	invite, register := text("INVITE", "a", ""), text("REGISTER", "b", "")
	b.Run("kept", func(b *testing.B) {
		for b.Loop() {
			r.in(invite)
		}
	})
	b.Run("passed over", func(b *testing.B) {
		for b.Loop() {
			r.in(register)
		}
	})
}
