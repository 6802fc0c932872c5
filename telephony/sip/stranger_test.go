package sip

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/telephony/sip/siptest"
)

// board remembers the last word on each problem.
type board struct {
	mu  sync.Mutex
	all map[string]string
}

func (b *board) word(id string) string { b.mu.Lock(); defer b.mu.Unlock(); return b.all[id] }

func (b *board) Raise(id, detail string) { b.mu.Lock(); defer b.mu.Unlock(); b.all[id] = detail }
func (b *board) Clear(id string)         { b.mu.Lock(); defer b.mu.Unlock(); delete(b.all, id) }

// guess answers a challenge with a wrong password; fresh is a challenge.
func (m *memory) guess(p *siptest.Peer, q message, fresh *sip.Response) {
	p.Send(q.text(credentials(m.t, fresh, q, "SHA-256", "guess", 1)))
}

func TestGuessersAreShutOut(t *testing.T) {
	bubble(t, func(m *memory) {
		health := &board{all: make(map[string]string)}
		m.opts.Health = health
		q := message{"REGISTER", "1001", "guess", 1, ""}
		other := m.peer("192.0.2.10:5060")
		for range 20 { // asking for a challenge is no offence
			m.Send(q.text(""))
			m.Status(401)
			q.seq++
		}
		m.Send(q.text(""))
		challenge := m.Status(401)
		for range 4 {
			q.seq++
			m.guess(m.Peer, q, challenge)
			challenge = m.Status(401)
		}
		for range 20 { // somebody uses the guesser's challenges with another address: no proof of it
			q.seq++
			m.guess(other, q, challenge)
			other.Status(401)
		}
		q.seq++
		m.guess(m.Peer, q, challenge)
		m.Status(401)
		q.seq++
		m.Send(q.text(""))
		m.Send(message{"OPTIONS", "1001", "hello", 1, ""}.text(""))
		m.Quiet(time.Minute)
		if list := m.Bans(); len(list) != 1 || list[0].Source != "192.0.2.9/32" || list[0].Last != "1001" || health.word("sip-attack") == "" {
			t.Errorf("shut out: %+v, told: %q", list, health.word("sip-attack"))
		}
		if m.Turned().Banned != 2 {
			t.Errorf("turned away: %+v", m.Turned())
		}
		other.Send(message{"REGISTER", "1001", "mine", 1, ""}.text("")) // the account is not locked
		r := message{"REGISTER", "1001", "mine", 2, ""}
		other.Send(r.text(credentials(t, other.Status(401), r, "SHA-256", password, 1)))
		other.Status(200)
		time.Sleep(10 * time.Minute)
		m.Send(message{"OPTIONS", "1001", "hello", 2, ""}.text(""))
		m.Status(200)
		if len(m.Bans()) != 0 || health.word("sip-attack") != "" {
			t.Errorf("still shut out: %+v, told: %q", m.Bans(), health.word("sip-attack"))
		}
	})
}

func TestTrustedGuessersWait(t *testing.T) {
	bubble(t, func(m *memory) {
		m.cfg.SIP.Trusted = []string{"192.0.2.0/24"}
		q := message{"REGISTER", "1001", "guess", 1, ""}
		m.Send(q.text(""))
		challenge := m.Status(401)
		for range 5 {
			q.seq++
			m.guess(m.Peer, q, challenge)
			challenge = m.Status(401)
		}
		q.seq++
		m.Send(q.text(""))
		if res := m.Status(503); res.GetHeader("Retry-After").Value() != "10" {
			t.Errorf("told to wait %v", res.GetHeader("Retry-After"))
		}
		other := message{"REGISTER", "1002", "other", 1, ""}
		if res := m.proven(other); res.StatusCode != 200 {
			t.Errorf("another account: %d", res.StatusCode)
		}
		time.Sleep(11 * time.Second)
		m.register(q.seq+1, "", 200)
	})
}

func TestScannersGetNothing(t *testing.T) {
	bubble(t, func(m *memory) {
		m.Send(message{"OPTIONS", "100", "scan", 1, "User-Agent: friendly-scanner\n"}.text(""))
		m.Quiet(time.Minute)
		if m.Turned().Scanners != 1 {
			t.Errorf("turned away: %+v", m.Turned())
		}
	})
}

func TestMergedRequests(t *testing.T) {
	bubble(t, func(m *memory) {
		m.Send(message{"REGISTER", "1001", "two", 1, ""}.text(""))
		q := message{"REGISTER", "1001", "two", 2, contactA + "\n"}
		text := q.text(credentials(t, m.Status(401), q, "SHA-256", password, 1))
		m.Send(text)
		m.Status(200)
		m.Send(strings.Replace(text, "branch=z9hG4bK-", "branch=z9hG4bK-other-", 1))
		m.Status(482)
	})
}

func TestUnreadableAnswerIsNotGiven(t *testing.T) {
	bubble(t, func(m *memory) {
		for i, x := range []struct {
			accept string
			ok     bool
		}{{"Accept: text/plain\n", false}, {"Accept: text/plain, application/*\n", true}, {"Accept: application/SDP;level=1\n", true}, {"", true}} {
			req := sip.NewRequest(sip.INVITE, sip.Uri{})
			if x.accept != "" {
				req.AppendHeader(sip.NewHeader("Accept", strings.TrimSpace(strings.TrimPrefix(x.accept, "Accept:"))))
			}
			if acceptsSDP(req) != x.ok {
				t.Errorf("%q: %v", x.accept, !x.ok)
			}
			if !x.ok {
				if res := m.proven(message{"INVITE", "1001", fmt.Sprint("accept", i), 1, x.accept}); res.StatusCode != 406 {
					t.Errorf("%q: %d", x.accept, res.StatusCode)
				}
			}
		}
	})
}

func TestSlowConnectionsAreCut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits ten seconds")
	}
	encrypted, _ := withTLS(t)
	r := newRig(t, encrypted)
	var slow []net.Conn
	for i := range 40 { // a quarter each: cut short or silent, by TCP and TLS
		network, begin := "TCP", "OPTIONS sip:box.test SIP/2.0\r\nX: "
		if i/2%2 == 0 {
			network, begin = "TLS", "\x16\x03\x01\x02\x00\x01" // of a ClientHello
		}
		c, err := net.Dial("tcp", r.Addr(network).String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if i%2 == 0 {
			if _, err := c.Write([]byte(begin)); err != nil {
				t.Fatal(err)
			}
		}
		slow = append(slow, c)
	}
	eventually(t, "all connected", func() bool { return r.doors.Open() == len(slow) })
	p, _ := r.registered("1001", nil, func(o *phone.Options) { o.Network = "TCP" })
	eventually(t, "slow ones cut, the phone not", func() bool { return r.doors.Open() == 1 })
	if _, err := p.Register(t.Context(), time.Hour); err != nil {
		t.Error(err)
	}
}

func TestFloodIsShed(t *testing.T) {
	r := newRig(t)
	p, _ := r.registered("1001", nil)
	c := r.call(p, "600")
	within(t, "answer", c.Up())
	flood, err := net.Dial("udp", r.Addr("UDP").String())
	if err != nil {
		t.Fatal(err)
	}
	defer flood.Close()
	var answers atomic.Int64
	go func() {
		b := make([]byte, 65536)
		for {
			if _, err := flood.Read(b); err != nil {
				return
			}
			answers.Add(1)
		}
	}()
	const rate, seconds = 4000, 3
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var slowest time.Duration
	for i := range seconds * 100 {
		<-tick.C
		for j := range rate / 100 {
			id := fmt.Sprintf("flood-%d-%d", i, j)
			q := message{"INVITE", "1001", id, 1, "Contact: <sip:x@127.0.0.1>\n"}
			if _, err := flood.Write([]byte(crlf(q.text("")))); err != nil {
				t.Fatal(err)
			}
		}
		if i%50 == 0 {
			begun := time.Now()
			for try := 1; r.ask(t, calm) != 200; try++ { // the flood fills the socket too: a phone would repeat
				if try == 10 {
					t.Fatal("OPTIONS was never answered")
				}
			}
			slowest = max(slowest, time.Since(begun))
		}
	}
	t.Logf("%d INVITEs, %d answered, %+v; the slowest OPTIONS took %v", rate*seconds, answers.Load(), r.Turned(), slowest)
	if r.Turned().Flooding == 0 {
		t.Error("nothing was shed")
	}
	select {
	case <-c.Done():
		t.Error("the flood ended a call")
	default:
	}
	c.Hangup()
	within(t, "end of the call", c.Done())
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}
