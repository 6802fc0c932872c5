package locate

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestANameThatIsDeniedServesForADay: somebody's mistake with a zone does not take the
// provider along, and a name that has really gone is let go.
func TestANameThatIsDeniedServesForADay(t *testing.T) {
	q := Query{Host: "telco.example", Transport: UDP}
	for name, deny := range map[string]func(*nameServer, question){
		"no such name": func(s *nameServer, q question) { s.mu.Lock(); delete(s.zone, q); s.mu.Unlock() },
		"no records":   func(s *nameServer, q question) { s.has(q.name, q.kind) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newNameServer(t)
			l, c := locator(s.addr)
			there := func(addr string) {
				s.has("_sip._udp.telco.example.", typeSRV, serves(10, 0, 5070, "first.example."))
				s.has("first.example.", typeA, a(addr))
			}
			gone := func() {
				deny(s, question{"_sip._udp.telco.example.", typeSRV})
				deny(s, question{"first.example.", typeA})
			}
			is := func(stale bool, want ...string) Result {
				t.Helper()
				r := finds(t, l, q, want...)
				if (r.Stale != nil) != stale || stale && !strings.Contains(r.Stale.Error(), "does not exist any more") {
					t.Errorf("stale: %v", r.Stale)
				}
				return r
			}
			there("192.0.2.1")
			is(false, "udp 192.0.2.1:5070")
			gone()
			c.pass(2 * time.Minute)
			for range 10 {
				if r := is(true, "udp 192.0.2.1:5070"); r.Until.Sub(c.Now()) > retry {
					t.Errorf("asks again only at %v", r.Until)
				}
				c.pass(2 * time.Hour)
			}
			there("192.0.2.2")
			c.pass(retry)
			is(false, "udp 192.0.2.2:5070")
			gone()
			c.pass(2 * time.Minute)
			is(true, "udp 192.0.2.2:5070") // a day again
			c.pass(23 * time.Hour)
			s.be(silent) // which says nothing of it, and changes nothing
			finds(t, l, q, "udp 192.0.2.2:5070")
			s.be(well)
			c.pass(2 * time.Hour)
			is(false)
			if n := len(l.cache.entries); n == 0 {
				t.Error("that there is nothing is not remembered")
			}
		})
	}
}

// TestWhatWasFoundOutlivesARestart with name servers that are dead after it.
func TestWhatWasFoundOutlivesARestart(t *testing.T) {
	s := newNameServer(t)
	before, c := locator(s.addr)
	s.has("telco.example.", typeNAPTR, pointer(10, 20, "s", "SIP+D2T", "", "tcp.example."))
	s.has("tcp.example.", typeSRV, serves(10, 5, 5070, "first.example."), serves(20, 5, 5080, "six.example."))
	s.has("first.example.", typeA, a("192.0.2.1"))
	s.has("six.example.", typeA)
	s.has("six.example.", typeAAAA, aaaa("2001:db8::1"))
	want := []string{"tcp 192.0.2.1:5070", "tcp [2001:db8::1]:5080"}
	finds(t, before, Query{Host: "telco.example"}, want...)
	if !before.Take() || before.Take() {
		t.Error("whether something was found elsewhere is told once")
	}
	c.pass(2 * time.Minute)
	finds(t, before, Query{Host: "telco.example"}, want...)
	if before.Take() {
		t.Error("an answer that says the same is something new")
	}
	text, err := before.Export()
	if err != nil {
		t.Fatal(err)
	}
	restart := func(later time.Duration) *Locator {
		t.Helper()
		l, c := locator(s.addr)
		c.pass(later)
		var list []json.RawMessage
		if err := json.Unmarshal(text, &list); err != nil || len(list) != 4 {
			t.Fatalf("%d names: %v", len(list), err)
		}
		for _, each := range list {
			if err := l.Restore(each); err != nil {
				t.Error(err)
			}
		}
		return l
	}
	s.be(refusing)
	r := finds(t, restart(24*time.Hour), Query{Host: "telco.example"}, want...)
	if r.Stale == nil {
		t.Error("nobody is told that it is old")
	}
	if again, err := restart(24 * time.Hour).Export(); err != nil || string(again) != string(text) {
		t.Errorf("kept again: %s, want %s (%v)", again, text, err)
	}
	finds(t, restart(8*24*time.Hour), Query{Host: "telco.example"})
	s.be(well)
	s.has("first.example.", typeA, a("192.0.2.7"))
	finds(t, restart(0), Query{Host: "telco.example"}, "tcp 192.0.2.7:5070", want[1]) // what is restored is asked for first
}

func FuzzRestore(f *testing.F) {
	f.Add(`{"name":"a.","type":1,"expires":"2100-01-01T00:00:00Z","records":[{"addr":"192.0.2.1"}]}`)
	f.Add(`{"name":"a.","type":35,"denied":"2100-01-01T00:00:00Z","records":[{"first":1,"target":"b.","flags":"s","services":"SIP+D2T"}]}`)
	f.Add(`{"name":"a.","type":28,"records":[{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		l, _ := locator()
		if err := l.Restore([]byte(text)); err != nil && len(l.cache.entries) > 0 {
			t.Errorf("%v, and it is in use", err)
		}
		for q, e := range l.cache.entries {
			if e.expires.After(l.opts.Clock.Now().Add(longest)) || len(q.name) > 255 || len(e.records) > maxRecords {
				t.Errorf("%v: %+v", q, e)
			}
		}
	})
}
