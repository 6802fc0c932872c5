package locate

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/pasokh/pasokh/firmware/clock"
)

// ahead is the system's clock, put forward.
type ahead struct {
	clock.Clock
	mu sync.Mutex
	by time.Duration
}

func (c *ahead) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.Clock.Now().Add(c.by) }

func (c *ahead) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.by += d }

func locator(servers ...string) (*Locator, *ahead) {
	c := &ahead{Clock: clock.System()}
	return New(Options{Clock: c, Log: slog.New(slog.DiscardHandler), Timeout: 300 * time.Millisecond,
		Servers: func() []string { return servers }}), c
}

// finds checks where a server is said to be, "udp 192.0.2.1:5060" each.
func finds(t *testing.T, l *Locator, q Query, want ...string) Result {
	t.Helper()
	r, err := l.Find(t.Context(), q)
	var got []string
	for _, each := range r.Targets {
		got = append(got, each.Transport+" "+each.Addr.String())
	}
	if !slices.Equal(got, want) || (err == nil) != (want != nil) {
		t.Errorf("%+v is at %q, want %q (%v)", q, got, want, err)
	}
	return r
}

func TestFindTakesTheStepsOfRFC3263(t *testing.T) {
	s := newNameServer(t)
	l, _ := locator(s.addr)
	s.has("telco.example.", typeNAPTR,
		pointer(50, 50, "s", "SIP+D2U", "", "_sip._udp.telco.example."), pointer(10, 20, "S", "sip+d2t", "", "tcp.pool.example."),
		pointer(10, 10, "s", "SIPS+D2T", "", "nowhere.example."), pointer(1, 1, "u", "E2U+sip", "!^.*$!sip:x@y!", "."))
	s.has("tcp.pool.example.", typeSRV, serves(20, 0, 5080, "second.example."), serves(10, 0, 5070, "First.example."), serves(30, 0, 1, "gone.example."))
	s.has("_sip._udp.telco.example.", typeSRV, serves(10, 0, 5060, "second.example."))
	s.has("first.example.", typeA, a("192.0.2.1"), a("192.0.2.2"))
	s.has("second.example.", typeA, a("192.0.2.3"))
	s.has("six.example.", typeA)
	s.has("six.example.", typeAAAA, aaaa("2001:db8::1"))
	s.has("plain.example.", typeA, &dnsmessage.CNAMEResource{CNAME: named("far.example.")}, a("192.0.2.9"))
	s.has("closed.example.", typeA, a("192.0.2.9"))
	s.has("_sips._tcp.closed.example.", typeSRV, serves(0, 0, 0, "."))
	s.has("_sip._tcp.guess.example.", typeSRV, serves(0, 0, 5099, "second.example."))

	finds(t, l, Query{Host: "telco.example"}, "tcp 192.0.2.1:5070", "tcp 192.0.2.2:5070", "tcp 192.0.2.3:5080")
	if n := s.times("telco.example.", typeNAPTR); n != 1 {
		t.Errorf("NAPTR asked for %d times", n)
	}
	finds(t, l, Query{Host: "TELCO.example", Transport: UDP}, "udp 192.0.2.3:5060")
	finds(t, l, Query{Host: "telco.example", Transport: TLS}) // offered by nobody, and without an address of its own
	finds(t, l, Query{Host: "first.example", Port: 5099}, "udp 192.0.2.1:5099", "udp 192.0.2.2:5099")
	finds(t, l, Query{Host: "first.example", Transport: TLS}, "tls 192.0.2.1:5061", "tls 192.0.2.2:5061")
	finds(t, l, Query{Host: "six.example.", Transport: TCP}, "tcp [2001:db8::1]:5060")
	finds(t, l, Query{Host: "plain.example"}, "udp 192.0.2.9:5060")
	finds(t, l, Query{Host: "closed.example", Transport: TLS})
	finds(t, l, Query{Host: "guess.example"}, "tcp 192.0.2.3:5099")
	finds(t, l, Query{Host: "192.0.2.50", Transport: TLS}, "tls 192.0.2.50:5061")
	finds(t, l, Query{Host: "2001:db8::9", Port: 5070}, "udp [2001:db8::9]:5070")
	finds(t, l, Query{Host: "nobody.example"})
	finds(t, l, Query{Host: strings.Repeat("x", 300)})
	if n := s.times("telco.example.", typeNAPTR); n != 1 {
		t.Errorf("NAPTR asked for again although the transport is configured: %d", n)
	}
	if n := s.times("_sip._udp.first.example.", typeSRV); n != 0 {
		t.Error("SRV asked for although there is a port")
	}
}

func TestALongAnswerComesByTCP(t *testing.T) {
	s := newNameServer(t)
	l, _ := locator(s.addr)
	s.be(truncated)
	var list []dnsmessage.ResourceBody
	for i := range 60 {
		list = append(list, a(fmt.Sprintf("192.0.2.%d", i)))
	}
	s.has("big.example.", typeA, list...)
	if r, err := l.Find(t.Context(), Query{Host: "big.example", Port: 5060}); err != nil || len(r.Targets) != maxTargets || s.tcp != 1 {
		t.Errorf("%d targets after %d connections: %v", len(r.Targets), s.tcp, err)
	}
}

func TestForgedAnswersPassBy(t *testing.T) {
	s := newNameServer(t)
	l, _ := locator(s.addr)
	s.be(forging)
	s.has("telco.example.", typeA, a("192.0.2.1"))
	finds(t, l, Query{Host: "telco.example", Port: 5060}, "udp 192.0.2.1:5060")
}

// TestAnAnswerOutlivesItsNameServer: as long as nothing newer is known, a provider
// that was found stays found.
func TestAnAnswerOutlivesItsNameServer(t *testing.T) {
	q := Query{Host: "telco.example", Port: 5060}
	for name, m := range map[string]mode{"dead": silent, "garbage": garbled, "failing": refusing} {
		t.Run(name, func(t *testing.T) {
			s := newNameServer(t)
			l, c := locator(s.addr)
			s.has("telco.example.", typeA, a("192.0.2.1"))
			r := finds(t, l, q, "udp 192.0.2.1:5060")
			if left := r.Until.Sub(c.Now()); left < 50*time.Second || left > 60*time.Second {
				t.Errorf("to be used for %v, want the TTL", left)
			}
			s.has("telco.example.", typeA, a("192.0.2.2"))
			c.pass(50 * time.Second)
			finds(t, l, q, "udp 192.0.2.1:5060") // still in its time
			s.be(m)
			c.pass(time.Hour)
			begun := time.Now()
			r = finds(t, l, q, "udp 192.0.2.1:5060")
			if took := time.Since(begun); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
			if left := r.Until.Sub(c.Now()); left > retry {
				t.Errorf("asks again only in %v", left)
			}
			n := s.times("telco.example.", typeA)
			finds(t, l, q, "udp 192.0.2.1:5060")
			if again := s.times("telco.example.", typeA); again != n {
				t.Error("a name server that fails is asked again at once")
			}
			s.be(well)
			c.pass(retry)
			finds(t, l, q, "udp 192.0.2.2:5060")
			s.be(m)
			c.pass(8 * 24 * time.Hour)
			finds(t, l, q) // too old to be true
		})
	}
}

func TestTheNextNameServerIsAsked(t *testing.T) {
	first, second := newNameServer(t), newNameServer(t)
	first.be(silent)
	for _, s := range []*nameServer{first, second} {
		s.has("telco.example.", typeA, a("192.0.2.1"))
	}
	l, _ := locator("127.0.0.1:1", first.addr, second.addr)
	finds(t, l, Query{Host: "telco.example", Port: 5060}, "udp 192.0.2.1:5060")
}

func TestTheCacheIsBounded(t *testing.T) {
	s := newNameServer(t)
	l, c := locator(s.addr)
	s.has("kept.example.", typeA, a("192.0.2.1"))
	for i := range 3 * maxEntries {
		_, _ = l.Find(t.Context(), Query{Host: fmt.Sprintf("x%d.example", i), Port: 5060})
		c.pass(time.Millisecond)
		finds(t, l, Query{Host: "kept.example", Port: 5060}, "udp 192.0.2.1:5060")
	}
	if n := len(l.cache.entries); n > maxEntries {
		t.Errorf("%d entries", n)
	}
	if n := s.times("kept.example.", typeA); n != 1 {
		t.Errorf("what is in use was dropped: asked for %d times", n)
	}
}

func TestWeightsDecideWhoIsFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	list := []record{{srv: srv{1, 1, 0, "light"}}, {srv: srv{1, 9, 0, "heavy"}}, {srv: srv{1, 0, 0, "none"}}, {srv: srv{2, 50, 0, "later"}}}
	first := make(map[string]int)
	for range 10000 {
		got := shuffled(list, r.IntN)
		first[got[0].srv.target]++
		if len(got) != 4 || got[3].srv.target != "later" {
			t.Fatalf("%+v", got)
		}
	}
	if h := first["heavy"]; h < 7600 || h > 8700 || first["none"] == 0 || first["light"] == 0 {
		t.Errorf("first were %v", first)
	}
}

func TestFilesOfTheSystem(t *testing.T) {
	got := parseResolvConf("# a comment\nsearch x\nnameserver 192.0.2.1\nnameserver nonsense\nnameserver 2001:db8::1\nnameserver\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n")
	if want := []string{"192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.2:53"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := parseResolvConf(""); !slices.Equal(got, []string{"127.0.0.1:53"}) {
		t.Errorf("%q", got)
	}
	if got := parseHosts("127.0.0.1 localhost # PBX.lan\n192.0.2.7\tother pbx.lan\n", "PBX.lan."); len(got) != 1 || got[0].String() != "192.0.2.7" {
		t.Errorf("%v", got)
	}
}

func FuzzRead(f *testing.F) {
	name := named("telco.example.")
	for _, body := range []dnsmessage.ResourceBody{a("192.0.2.1"), aaaa("::1"), serves(1, 2, 3, "a.b."), pointer(1, 2, "s", "SIP+D2U", "", "a.b."), &dnsmessage.CNAMEResource{CNAME: name}} {
		kind := typeA
		switch b := body.(type) {
		case *dnsmessage.SRVResource:
			kind = typeSRV
		case *dnsmessage.AAAAResource:
			kind = typeAAAA
		case *dnsmessage.UnknownResource:
			kind = b.Type
		}
		b, err := (&dnsmessage.Message{Header: dnsmessage.Header{ID: 7, Response: true},
			Questions: []dnsmessage.Question{{Name: name, Type: kind, Class: dnsmessage.ClassINET}},
			Answers:   []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET, TTL: 1}, Body: body}}}).Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, uint16(kind))
	}
	f.Fuzz(func(t *testing.T, b []byte, kind uint16) {
		rr, life, err := read(b, 7, question{"telco.example.", recordType(kind)})
		if err != nil && rr != nil || len(rr) > maxRecords || life < 0 {
			t.Errorf("%d records for %v: %v", len(rr), life, err)
		}
		for _, r := range rr {
			if len(r.srv.target) > 255 || len(r.naptr.replacement) > 256 {
				t.Errorf("%+v", r)
			}
		}
		shuffled(rr, func(int) int { return 0 })
		sortNAPTR(rr)
	})
}
