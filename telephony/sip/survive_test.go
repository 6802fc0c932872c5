package sip

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// drawer is a Vault in memory for one value that counts its writes.
type drawer struct {
	mu     sync.Mutex
	key    string
	value  []byte
	writes int
}

func (d *drawer) Get(_, key string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if key != d.key {
		return nil, nil
	}
	return d.value, nil
}

func (d *drawer) Put(_, key string, value []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.key, d.value = key, value
	d.writes++
	return nil
}

func (d *drawer) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes
}

// remembered lets the server keep its registrations in d until forget.
func (m *memory) remembered(d *drawer) (forget func()) {
	m.opts.Vault = d
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); m.remember(ctx, everyPhone, m.registrar.take, m.registrar.export) }()
	return func() { cancel(); <-done }
}

func TestRegistrationsSurviveARestart(t *testing.T) {
	var d drawer
	bubble(t, func(m *memory) {
		forget := m.remembered(&d)
		m.register(1, contactA+";expires=60, <sip:1001@192.0.2.9:5070>;expires=3600\n", 200)
		forget()
	})
	bubble(t, func(m *memory) { // two hours of virtual time begin anew
		m.opts.Vault = &d
		time.Sleep(90 * time.Second) // the box was down, one phone is forgotten
		m.restore()
		phones := m.Phones()
		if len(phones) != 1 || phones[0].Contact != "sip:1001@192.0.2.9:5070" || phones[0].Source != peerAddr {
			t.Fatalf("restored %+v", phones)
		}
		if n := len(m.Endpoints("1001")); n != 1 {
			t.Errorf("%d endpoints", n)
		}
		// The phone goes on counting where it was.
		expect(t, m.register(5, "Contact: <sip:1001@192.0.2.9:5070>;expires=120\n", 200), "5070;120")
	})
}

func TestRefreshesDoNotWearTheDisk(t *testing.T) {
	bubble(t, func(m *memory) {
		var d drawer
		forget := m.remembered(&d)
		seq := 1
		for range 60 { // half an hour
			m.register(seq, contactA+"\nExpires: 60\n", 200)
			time.Sleep(30 * time.Second)
			seq += 2
		}
		if n := d.count(); n < 2 || n > 3 {
			t.Errorf("%d writes in half an hour of refreshes, want the first and one every 15 minutes", n)
		}
		time.Sleep(10 * time.Second) // off the minute at which the disk is written
		n := d.count()
		m.register(seq, contactB+"\n", 200)
		if d.count() != n {
			t.Error("a REGISTER waits for the disk")
		}
		time.Sleep(movedEvery + time.Second)
		if d.count() != n+1 {
			t.Errorf("%d writes after a new phone, want 1", d.count()-n)
		}
		forget()
	})
}

func TestDamagedRegistrationsAreLeftOut(t *testing.T) {
	good := `{"extension":"1001","key":"a","contact":"sip:1001@192.0.2.9:5060","addr":"192.0.2.9:5060","call_id":"x","seq":1,"expires":"2100-01-01T00:00:00Z"}`
	for text, want := range map[string]int{
		"[" + good + "]": 1,
		`[{"extension":7},` + good + `,{"extension":"1002","addr":"nowhere","contact":"sip:a@b","expires":"2100-01-01T00:00:00Z"}]`: 1,
		"[" + strings.Replace(good, "1001\",", "4444\",", 1) + "]":                                                                  0, // no such extension
		"rust": 0,
		"":     0,
	} {
		bubble(t, func(m *memory) {
			m.opts.Vault = &drawer{key: everyPhone, value: []byte(text)}
			m.restore()
			if got := m.Phones(); len(got) != want {
				t.Errorf("of %s came %+v", text, got)
			} else if want == 1 && time.Until(got[0].Expires) > time.Hour {
				t.Errorf("it lives until %v", got[0].Expires)
			}
			synctest.Wait()
		})
	}
}

func TestSubscriptionsSurviveARestart(t *testing.T) {
	var d drawer
	var tag string
	watching(t, func(l *lamps) {
		tag = tagOf(l.subscribe("1002", "", watchDialog+"Expires: 600\n", 200))
		l.told("active", "terminated")
		l.opts.Vault = &d
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		l.remember(ctx, everyWatcher, l.watchers.Take, l.watchers.Export)
	})
	watching(t, func(l *lamps) {
		l.seq = 10
		time.Sleep(time.Minute)
		l.does("1002", ringing)
		l.opts.Vault = &d
		l.restore()
		req := l.told("active;expires=540", "early")
		if req.CSeq().SeqNo <= 1 || req.From().Params.GetOr("tag", "") != tag {
			t.Errorf("restored\n%s", req)
		}
		l.subscribe("1002", tag, watchDialog+"Expires: 0\n", 200)
		l.told("terminated;reason=timeout")
	})
	for _, text := range []string{"rust", `[7,{},{"package":"dialog"}]`, strings.Replace(string(d.value), peerAddr, "nowhere", -1)} {
		watching(t, func(l *lamps) {
			l.opts.Vault = &drawer{key: everyWatcher, value: []byte(text)}
			l.restore()
			if n := l.watchers.Len(); n != 0 {
				t.Errorf("%d subscriptions came of %s", n, text)
			}
		})
	}
}

type broken struct{ Vault }

func (broken) Get(string, string) ([]byte, error) { return nil, errors.New("no disk") }

func TestServerStartsWithoutItsDisk(t *testing.T) {
	bubble(t, func(m *memory) {
		m.opts.Vault = broken{}
		m.restore()
		m.register(1, contactA+"\n", 200)
	})
}

func TestBansSurviveARestart(t *testing.T) {
	var d drawer
	attacker := netip.MustParseAddr("192.0.2.66")
	bubble(t, func(m *memory) {
		m.opts.Vault = &d
		for range 5 {
			m.wrong(attacker, "1001")
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // a restart in good order
		m.remember(ctx, everyBan, m.bans.Take, m.exportBans)
	})
	health := &board{all: make(map[string]string)}
	bubble(t, func(m *memory) {
		m.opts.Vault, m.opts.Health = &d, health
		m.restore()
		if list := m.Protection().Bans; len(list) != 1 || list[0].Wrong != 5 || !m.bans.Banned(attacker) || health.word("sip-attack") == "" {
			t.Fatalf("after the restart: %+v, told %q", list, health.word("sip-attack"))
		}
		if m.Lift("192.0.2.67", "admin") || !m.Lift("192.0.2.66", "admin") || m.bans.Banned(attacker) || health.word("sip-attack") != "" {
			t.Errorf("after the lift: %+v, told %q", m.Bans(), health.word("sip-attack"))
		}
	})
}

// TestWhereTrunksWereFoundIsRemembered over a restart, next to what is damaged.
func TestWhereTrunksWereFoundIsRemembered(t *testing.T) {
	bubble(t, func(m *memory) {
		found := `{"name":"telco.example.","type":1,"expires":"` + time.Now().Add(time.Minute).UTC().Format(time.RFC3339Nano) + `","records":[{"addr":"192.0.2.7"}]}`
		d := &drawer{key: everyName, value: []byte(`[{"name":"broken.","records":[]}, ` + found + `]`)}
		m.opts.Vault = d
		m.restore()
		if text, err := m.finder.Export(); err != nil || string(text) != "["+found+"]" {
			t.Errorf("restored %s, want %s (%v)", text, found, err)
		}
	})
}
