package trunk

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/locate"
	"github.com/pasokh/pasokh/telephony/sip/siptest"
)

const (
	boxAddr    = "192.0.2.1:5060"
	firstAddr  = "192.0.2.7:5060"
	secondAddr = "192.0.2.8:5060"
)

// rig is a set of trunks on a network in memory, in a synctest bubble.
type rig struct {
	*Set
	t     *testing.T
	begun time.Time
	leave func() // ends Run
	net   *siptest.Net
	news  event.News

	mu       sync.Mutex
	config   *config.Config
	problems map[string]string
}

func bubble(t *testing.T, f func(*rig), trunks ...config.Trunk) {
	tweaked(t, func(*Options) {}, f, trunks...)
}

func tweaked(t *testing.T, tweak func(*Options), f func(*rig), trunks ...config.Trunk) {
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, begun: time.Now(), net: siptest.NewNet(), config: config.Default(), problems: make(map[string]string)}
		r.config.Trunks = trunks
		silent := slog.New(slog.DiscardHandler)
		transport := sip.NewTransportLayer(net.DefaultResolver, sip.NewParser(), nil, sip.WithTransportLayerLogger(silent))
		tx := sip.NewTransactionLayer(transport, sip.WithTransactionLayerLogger(silent),
			sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {}))
		socket := r.net.Listen(boxAddr)
		dialog.Pool(transport, socket)
		served := make(chan struct{})
		go func() { defer close(served); _ = transport.ServeUDP(socket) }()
		at := netip.MustParseAddrPort(boxAddr)
		o := Options{Clock: clock.System(), Log: silent, News: &r.news, Transactions: tx,
			Config: func() *config.Config { r.mu.Lock(); defer r.mu.Unlock(); return r.config },
			Local: func(dialog.Flow) dialog.Local {
				return dialog.Local{Host: at.Addr().String(), Port: int(at.Port()), Bind: sip.Addr{IP: at.Addr().AsSlice(), Port: int(at.Port())}}
			},
			Find:    locate.New(locate.Options{Clock: clock.System(), Log: silent}).Find,
			Connect: func(context.Context, dialog.Flow, Proof) (bool, error) { return false, nil },
			Raise:   func(id, detail string) { r.mu.Lock(); defer r.mu.Unlock(); r.problems[id] = detail },
			Clear:   func(id string) { r.mu.Lock(); defer r.mu.Unlock(); delete(r.problems, id) },
		}
		tweak(&o)
		r.Set = NewSet(o)
		ctx, cancel := context.WithCancel(context.Background())
		ran := make(chan struct{})
		r.leave = func() { cancel(); <-ran }
		t.Cleanup(func() {
			r.leave()
			time.Sleep(time.Minute) // longer than any transaction lives
			tx.Close()
			_ = socket.Close()
			<-served
			synctest.Wait()
		})
		go func() {
			defer close(ran)
			time.Sleep(time.Millisecond) // until f has opened its providers
			r.Run(ctx)
		}()
		f(r)
	})
}

func telco(servers ...string) config.Trunk {
	return config.Trunk{Name: "telco", Servers: servers, Transport: config.UDP, User: "0218877", Secret: "rightly", Register: true, Domain: "telco.example"}
}

// settle waits until nothing goes on.
func settle() {
	time.Sleep(2 * time.Millisecond)
	synctest.Wait()
}

// is checks the state of the first trunk and what the box's health says of it.
func (r *rig) is(want State, server, trouble string) {
	r.t.Helper()
	settle()
	st := r.Status()[0]
	if st.State != want || st.Server != server {
		r.t.Errorf("trunk is %+v, want %s at %q", st, want, server)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if got := r.problems["trunk-down/telco"]; got != trouble {
		r.t.Errorf("health says %q, want %q (%v)", got, trouble, slices.Collect(maps.Keys(r.problems)))
	}
}

// provider is a server that answers as the test says.
type provider struct {
	t     *testing.T
	conn  *siptest.Socket
	begun time.Time

	mu     sync.Mutex
	log    []string // of REGISTERs: seconds since the start, what was answered
	at     []time.Time
	asked  int // OPTIONS
	silent bool
	answer func(*sip.Request) *sip.Response // to REGISTER
}

func (r *rig) provider(addr string, answer func(*sip.Request) *sip.Response) *provider {
	p := &provider{t: r.t, conn: r.net.Listen(addr), begun: time.Now(), answer: answer}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 65536)
		for {
			n, from, err := p.conn.ReadFrom(b)
			if err != nil {
				return
			}
			m, err := sip.ParseMessage(slices.Clone(b[:n]))
			if err != nil {
				r.t.Errorf("provider got garbage: %v", err)
				continue
			}
			if req, ok := m.(*sip.Request); ok {
				p.take(req, from)
			}
		}
	}()
	r.t.Cleanup(func() { _ = p.conn.Close(); <-done })
	return p
}

func (p *provider) take(req *sip.Request, from net.Addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent {
		return
	}
	res := reply(req, 404) // to OPTIONS: there, if not helpful
	if req.Method == sip.REGISTER {
		if res = p.answer(req); res == nil {
			return
		}
		line := fmt.Sprintf("%d: %d", int(time.Since(p.begun).Seconds()), res.StatusCode)
		if h := req.GetHeader("Expires"); h != nil && h.Value() == "0" && res.StatusCode == 200 {
			line += " gone"
		}
		p.log = append(p.log, line)
		p.at = append(p.at, time.Now())
	} else {
		p.asked++
	}
	_, _ = p.conn.WriteTo([]byte(res.String()), from)
}

// does changes what the provider does.
func (p *provider) does(f func()) { p.mu.Lock(); defer p.mu.Unlock(); f() }

func (p *provider) silence(on bool) { p.mu.Lock(); defer p.mu.Unlock(); p.silent = on }

func (p *provider) took(want ...string) {
	p.t.Helper()
	settle()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Equal(p.log, want) {
		p.t.Errorf("provider took REGISTERs %q, want %q", p.log, want)
	}
}

func reply(req *sip.Request, code int, lines ...string) *sip.Response {
	res := sip.NewResponseFromRequest(req, code, "Whatever", nil)
	for _, l := range lines {
		name, value, _ := strings.Cut(l, ": ")
		res.AppendHeader(sip.NewHeader(name, value))
	}
	return res
}

const challenge = `WWW-Authenticate: Digest realm="some realm", nonce="n1", algorithm=MD5, qop="auth"`

// registrar challenges, and grants so many seconds to who knows the password.
func registrar(t *testing.T, life int) func(*sip.Request) *sip.Response {
	return func(req *sip.Request) *sip.Response {
		h := req.GetHeader("Authorization")
		if h == nil {
			return reply(req, 401, challenge)
		}
		c, err := digest.ParseCredentials(h.Value())
		if err != nil {
			t.Errorf("credentials %q: %v", h.Value(), err)
			return reply(req, 400)
		}
		want, err := digest.Digest(&digest.Challenge{Realm: "some realm", Nonce: "n1", Algorithm: "MD5", QOP: []string{"auth"}},
			digest.Options{Method: "REGISTER", URI: "sip:telco.example", Username: "0218877", Password: "rightly", Cnonce: c.Cnonce, Count: c.Nc})
		if err != nil || want.Response != c.Response {
			return reply(req, 403)
		}
		contact := req.Contact().Address
		return reply(req, 200, fmt.Sprintf("Contact: <%s>;expires=%d", contact.String(), life), "Expires: 3600")
	}
}

func TestARegistrationIsRefreshedInTime(t *testing.T) {
	bubble(t, func(r *rig) {
		p := r.provider(firstAddr, registrar(t, 100))
		r.is(Up, firstAddr, "")
		p.took("0: 401", "0: 200")
		time.Sleep(81 * time.Second)
		p.took("0: 401", "0: 200", "80: 401", "80: 200")
		if left := time.Until(r.Status()[0].Expires); left < 90*time.Second || left > 100*time.Second {
			t.Errorf("%v left", left)
		}
		if _, ok := r.Sender("UDP", firstAddr, "02100"); !ok {
			t.Error("calls of the registered flow are not let in")
		}
		if !r.Has(netip.MustParseAddr("192.0.2.7")) || r.Has(netip.MustParseAddr("192.0.2.8")) {
			t.Error("the trunk's addresses are others")
		}
		for _, other := range []string{"192.0.2.7:5061", secondAddr, "garbage"} {
			if _, ok := r.Sender("UDP", other, "0218877"); ok {
				t.Errorf("calls from %s are let in", other)
			}
		}
	}, telco(firstAddr))
}

func TestAWrongPasswordIsNotTriedAgainAndAgain(t *testing.T) {
	bubble(t, func(r *rig) {
		p := r.provider(firstAddr, func(req *sip.Request) *sip.Response { return reply(req, 401, challenge) })
		r.is(Down, firstAddr, "telco: "+firstAddr+": 401 Whatever")
		p.took("0: 401", "0: 401")
		time.Sleep(24 * time.Hour)
		p.mu.Lock()
		defer p.mu.Unlock()
		most := 30 * time.Second
		for i := 2; i < len(p.at); i += 2 {
			if gap := p.at[i].Sub(p.at[i-1]); gap < most/2 || gap > most {
				t.Errorf("attempt %d after %v, want %v to %v", i/2, gap, most/2, most)
			}
			if both := p.at[i+1].Sub(p.at[i]); both > time.Second {
				t.Errorf("credentials followed after %v", both)
			}
			most = min(2*most, 30*time.Minute)
		}
		if n := len(p.at) / 2; n < 48 || n > 110 {
			t.Errorf("%d attempts in a day", n)
		}
	}, telco(firstAddr))
}

func TestWhatTheRegistrarSaysIsObeyed(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(req *sip.Request) *sip.Response
		state  State
		want   []string // in half an hour
	}{
		{"423", func(req *sip.Request) *sip.Response {
			if req.GetHeader("Expires").Value() != "1800" {
				return reply(req, 423, "Min-Expires: 1800")
			}
			return reply(req, 200)
		}, Up, []string{"0: 423", "0: 200", "1440: 423", "1440: 200"}},
		{"423 again and again", func(req *sip.Request) *sip.Response { return reply(req, 423, "Min-Expires: 99999999") }, Down, nil},
		{"503 with Retry-After", func(req *sip.Request) *sip.Response { return reply(req, 503, "Retry-After: 1700 (soon)") },
			Down, []string{"0: 503", "1700: 503"}},
		{"403", func(req *sip.Request) *sip.Response { return reply(req, 403) }, Down, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(r *rig) {
				p := r.provider(firstAddr, c.answer)
				time.Sleep(30 * time.Minute)
				synctest.Wait()
				if st := r.Status()[0]; st.State != c.state {
					t.Errorf("state %+v, want %s", st, c.state)
				}
				if c.want != nil {
					p.took(c.want...)
				} else if n := len(p.log); n > 12 {
					t.Errorf("%d attempts in half an hour", n)
				}
			}, telco(firstAddr))
		})
	}
}

func TestAChallengeFromElsewhereIsNotAnswered(t *testing.T) {
	bubble(t, func(r *rig) {
		thief := r.net.Listen("192.0.2.66:5060")
		defer thief.Close()
		p := r.provider(firstAddr, func(req *sip.Request) *sip.Response {
			if req.GetHeader("Authorization") != nil {
				t.Error("the box answered a challenge from elsewhere")
			}
			_, _ = thief.WriteTo([]byte(reply(req, 401, challenge).String()), siptest.Addr(boxAddr))
			return nil
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		p.took()
		if st := r.Status()[0]; st.State != Down {
			t.Errorf("trunk is %+v", st)
		}
	}, telco(firstAddr))
}

func TestTheNextServerTakesOver(t *testing.T) {
	bubble(t, func(r *rig) {
		first, second := r.provider(firstAddr, registrar(t, 3600)), r.provider(secondAddr, registrar(t, 3600))
		r.is(Up, firstAddr, "")
		first.silence(true)
		time.Sleep(15*time.Second + time.Second)
		r.is(Up, firstAddr, "") // one miss is none
		time.Sleep(15*time.Second + 4*time.Second)
		r.is(Up, secondAddr, "")
		second.took("34: 401", "34: 200")
		if hops := r.trunk().Hops(); hops[0].Name != secondAddr || hops[1].Name != firstAddr {
			t.Errorf("calls go to %v", hops)
		}
		first.silence(false)
		time.Sleep(15 * time.Second)
		r.is(Up, firstAddr, "") // it is there again
		first.silence(true)
		second.silence(true)
		time.Sleep(2 * time.Minute)
		r.is(Down, "", "telco: "+secondAddr+": no answer to REGISTER")
		first.silence(false)
		time.Sleep(time.Minute)
		r.is(Up, firstAddr, "")
	}, telco(firstAddr, secondAddr))
}

func (r *rig) trunk() *Trunk { t, _ := r.Named("telco"); return t }

func TestAPeerIsThereWhileItAnswers(t *testing.T) {
	peer := config.Trunk{Name: "telco", Servers: []string{firstAddr}, Transport: config.UDP,
		Sources: []string{"198.51.100.0/24"}, DIDs: map[string]string{"02100": "1001"}}
	bubble(t, func(r *rig) {
		p := r.provider(firstAddr, nil)
		r.is(Up, firstAddr, "")
		time.Sleep(61 * time.Second)
		synctest.Wait()
		if p.asked != 5 {
			t.Errorf("asked %d times in a minute", p.asked)
		}
		p.silence(true)
		time.Sleep(34 * time.Second) // two questions and the wait for an answer
		r.is(Down, "", "telco: no server answers")
		p.silence(false)
		time.Sleep(15 * time.Second)
		r.is(Up, firstAddr, "")
		for source, want := range map[string]bool{"198.51.100.9:1234": true, "[::ffff:198.51.100.9]:5060": true, firstAddr: false, "198.51.101.1:5060": false} {
			if _, ok := r.Sender("UDP", source, ""); ok != want {
				t.Errorf("%s let in: %v", source, ok)
			}
		}
	}, peer)
}

func TestTrunksFollowTheConfiguration(t *testing.T) {
	bubble(t, func(r *rig) {
		p := r.provider(firstAddr, registrar(t, 100))
		r.is(Up, firstAddr, "")
		done, _ := r.Take(r.trunk(), false)
		kept := r.trunk()
		change := func(trunks ...config.Trunk) {
			next := config.Default()
			next.Trunks = trunks
			r.mu.Lock()
			r.config = next
			r.mu.Unlock()
			r.news.Publish(event.Config)
			synctest.Wait()
		}
		change(telco(firstAddr), config.Trunk{Name: "other", Servers: []string{"192.0.2.99"}, Transport: config.UDP})
		if len(r.Status()) != 2 || r.trunk() != kept {
			t.Errorf("a trunk that did not change was replaced: %+v", r.Status())
		}
		narrow := telco(firstAddr)
		narrow.MaxCalls = 1
		change(narrow)
		if _, ok := r.Take(r.trunk(), false); ok || r.Status()[0].Calls != 1 {
			t.Errorf("calls were forgotten: %+v", r.Status())
		}
		if help, ok := r.Take(r.trunk(), true); !ok || r.Status()[0].Calls != 2 {
			t.Errorf("a call for help found no channel: %+v", r.Status())
		} else {
			help()
		}
		done()
		done()
		again, ok := r.Take(r.trunk(), false)
		if !ok || r.Status()[0].Calls != 1 {
			t.Errorf("a channel was not given back once: %+v", r.Status())
		}
		again()
		if p.took("0: 401", "0: 200", "0: 401", "0: 200 gone", "0: 401", "0: 200"); t.Failed() {
			return
		}
		change()
		if p.took("0: 401", "0: 200", "0: 401", "0: 200 gone", "0: 401", "0: 200", "0: 401", "0: 200 gone"); t.Failed() {
			return
		}
		took := len(p.log)
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(p.log) != took || len(r.Status()) != 0 {
			t.Errorf("a trunk goes on after its end: %q", p.log[took:])
		}
	}, telco(firstAddr))
}
