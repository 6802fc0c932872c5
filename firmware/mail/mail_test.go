package mail

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"log/slog"
	"math/big"
	"mime"
	"net"
	"net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
)

const password = "s3cret-of-the-box"

// post is a mail server of another make (go-smtp) behind pipes, so that its time is the
// test's.
type post struct {
	t     *testing.T
	roots *x509.CertPool
	conns chan net.Conn
	gone  atomic.Bool

	mu      sync.Mutex
	talks   int     // each begins twice: before STARTTLS and after
	answers []error // to the next letters; none: taken
	taken   []taken
}

type taken struct {
	to, from string
	body     string
	at       time.Time
}

func newPost(t *testing.T, security config.MailSecurity, with func(*smtp.Server)) *post {
	p := &post{t: t, conns: make(chan net.Conn), roots: x509.NewCertPool()}
	s := smtp.NewServer(p)
	s.TLSConfig = p.certificate()
	s.ErrorLog = log.New(io.Discard, "", 0) // clients hang up
	s.Domain, s.ReadTimeout, s.WriteTimeout = "post.example", time.Minute, time.Minute
	if with != nil {
		with(s)
	}
	var l net.Listener = p
	if security == config.MailTLS {
		l = tls.NewListener(p, s.TLSConfig)
	}
	served := make(chan error)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Close()
		<-served
	})
	return p
}

func (p *post) certificate() *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	card := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "post.example"}, DNSNames: []string{"post.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(1000 * time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, card, card, key.Public(), key)
	if err != nil {
		p.t.Fatal(err)
	}
	if card, err = x509.ParseCertificate(der); err != nil {
		p.t.Fatal(err)
	}
	p.roots.AddCert(card)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// A post is its own listener.
func (p *post) Accept() (net.Conn, error) {
	c, ok := <-p.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p *post) Close() error   { close(p.conns); return nil }
func (p *post) Addr() net.Addr { return &net.TCPAddr{} }

func (p *post) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if p.gone.Load() {
		return nil, errors.New("no network")
	}
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.talks++
	return &session{post: p}, nil
}

type session struct {
	post   *post
	signed bool
	now    taken
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if s.signed = user == "box" && pass == password; !s.signed {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.signed {
		return smtp.ErrAuthRequired
	}
	s.now = taken{from: from}
	return nil
}
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.now.to = to; strings.HasPrefix(to, "nobody") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}
	return nil
}
func (s *session) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if len(s.post.answers) > 0 {
		err, s.post.answers = s.post.answers[0], s.post.answers[1:]
		return err
	}
	s.now.body, s.now.at = string(body), time.Now()
	s.post.taken = append(s.post.taken, s.now)
	return nil
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (p *post) all() []taken {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken
}

// office is a room that writes to a post.
type office struct {
	*Room
	cfg    atomic.Pointer[config.Config]
	health *health.Board
	log    bytes.Buffer
}

func newOffice(t *testing.T, p *post, security config.MailSecurity) *office {
	o := &office{health: health.NewBoard(clock.System(), &event.News{})}
	cfg := config.Default()
	cfg.System.Name = "فروشگاه"
	cfg.Mail = config.Mail{Server: "post.example", Security: security, User: "box", Password: password, From: "box@shop.example"}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	o.cfg.Store(cfg)
	o.Room = New(Options{Clock: clock.System(), Log: slog.New(slog.NewTextHandler(&o.log, nil)), Health: o.health,
		Config: o.cfg.Load, Dial: p.dial, Roots: p.roots})
	return o
}

func (o *office) set(edit func(*config.Mail)) {
	cfg := *o.cfg.Load()
	edit(&cfg.Mail)
	o.cfg.Store(&cfg)
}

// run runs a room until the test is over.
func (o *office) run(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- o.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestALetterArrives(t *testing.T) {
	for _, security := range []config.MailSecurity{config.MailStartTLS, config.MailTLS} {
		t.Run(string(security), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPost(t, security, nil)
				o := newOffice(t, p, security)
				err := o.Send(t.Context(), Letter{To: []string{"sara@shop.example"}, Subject: "خط قطع است", Text: "خط ۱ برق ندارد.\r\n.\r\nend",
					Attach: []Attachment{{"report.csv", "text/csv", []byte("a,b\n1,2\n")}}})
				if err != nil {
					t.Fatal(err)
				}
				got := p.all()
				if len(got) != 1 || got[0].to != "sara@shop.example" || got[0].from != "box@shop.example" {
					t.Fatalf("taken: %+v", got)
				}
				m, err := mail.ReadMessage(strings.NewReader(got[0].body))
				if err != nil {
					t.Fatal(err)
				}
				for field, want := range map[string]string{"Subject": "خط قطع است", "Auto-Submitted": "auto-generated", "From": "فروشگاه"} {
					value := m.Header.Get(field)
					words, err := new(mime.WordDecoder).DecodeHeader(value)
					if err != nil || !strings.Contains(words, want) {
						t.Errorf("%s is %q (%q) %v, want %q", field, words, value, err, want)
					}
				}
				if !strings.Contains(got[0].body, "report.csv") || m.Header.Get("Date") == "" || m.Header.Get("Message-ID") == "" {
					t.Errorf("the letter is\n%s", got[0].body)
				}
				if v := o.View(); v.Fault != "" || v.Sent.IsZero() {
					t.Errorf("%+v", v)
				}
			})
		})
	}
}

func TestPasswordsGoToTheRightServerOnly(t *testing.T) {
	for name, c := range map[string]struct {
		with func(*smtp.Server)
		edit func(*office)
		want string
	}{
		"no STARTTLS":       {with: func(s *smtp.Server) { s.TLSConfig = nil }, want: "STARTTLS"},
		"a stranger's card": {edit: func(o *office) { o.opts.Roots = x509.NewCertPool() }, want: "unknown authority"},
		"another name":      {edit: func(o *office) { o.set(func(m *config.Mail) { m.Server = "other.example" }) }, want: "other.example"},
		"a wrong password":  {edit: func(o *office) { o.set(func(m *config.Mail) { m.Password = "not-the-password" }) }, want: "535"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPost(t, config.MailStartTLS, c.with)
				o := newOffice(t, p, config.MailStartTLS)
				if c.edit != nil {
					c.edit(o)
				}
				err := o.Send(t.Context(), Letter{To: []string{"sara@shop.example"}, Subject: "x", Text: "x"})
				if err == nil || !strings.Contains(err.Error(), c.want) || len(p.all()) > 0 {
					t.Errorf("%v, taken %v; want %q", err, p.all(), c.want)
				}
				if strings.Contains(err.Error()+o.log.String(), password) {
					t.Error("the password is told")
				}
			})
		})
	}
}

// TestALetterIsTriedAgain: refused for now, it comes later and later; a wrong password
// is asked of the admin, and the letter waits for him.
func TestALetterIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost(t, config.MailStartTLS, nil)
		o := newOffice(t, p, config.MailStartTLS)
		busy := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "try later"}
		p.answers = []error{busy, busy, busy}
		o.run(t)
		start := time.Now()
		if err := o.Queue(Letter{To: []string{"sara@shop.example"}, Subject: "x", Text: "x"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		if len(o.health.List()) > 0 {
			t.Errorf("one refusal raises an alarm: %v", o.health.List())
		}
		time.Sleep(2 * time.Minute)
		if list := o.health.List(); len(list) != 1 || list[0].ID != "mail-failed" || !strings.Contains(list[0].Detail, "try later") {
			t.Errorf("after two: %v", list)
		}
		time.Sleep(time.Hour)
		got := p.all()
		if len(got) != 1 {
			t.Fatalf("taken: %v", got)
		}
		if took := got[0].at.Sub(start); took < 7*time.Minute || took > 8*time.Minute {
			t.Errorf("it took %v, want 1 + 2 + 4 minutes", took)
		}
		if len(o.health.List()) > 0 || o.View().Waiting > 0 {
			t.Errorf("left: %v %+v", o.health.List(), o.View())
		}

		o.set(func(m *config.Mail) { m.Password = "not-the-password" })
		if err := o.Queue(Letter{To: []string{"sara@shop.example"}, Subject: "y", Text: "y"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if v := o.View(); v.Waiting != 1 || !strings.Contains(v.Fault, "535") {
			t.Errorf("with a wrong password: %+v", v)
		}
		o.set(func(m *config.Mail) { m.Password = password })
		time.Sleep(time.Hour)
		if len(p.all()) != 2 {
			t.Error("the letter did not wait for the right password")
		}
	})
}

func TestWhatIsRefusedForGoodIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost(t, config.MailStartTLS, nil)
		o := newOffice(t, p, config.MailStartTLS)
		o.run(t)
		if err := o.Queue(Letter{To: []string{"nobody@shop.example", "sara@shop.example"}, Subject: "x", Text: "x"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(48 * time.Hour)
		if got := p.all(); len(got) != 1 || p.talks != 4 || o.View().Waiting != 0 || o.bytes != 0 {
			t.Errorf("%d taken in %d talks, %+v, %d bytes", len(got), p.talks, o.View(), o.bytes)
		}
		p.gone.Store(true)
		if err := o.Queue(Letter{To: []string{"sara@shop.example"}, Subject: "x", Text: "x", Until: time.Now().Add(3 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		if o.View().Waiting != 1 {
			t.Error("given up before its time")
		}
		time.Sleep(2 * time.Hour)
		if o.View().Waiting != 0 {
			t.Error("kept after its time")
		}
	})
}

// TestADeadServerEndsNothing: a server that takes the call and says nothing holds one
// try for a bounded time.
func TestADeadServerEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, &post{}, config.MailStartTLS)
		o.opts.Dial = func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() {
				_, _ = io.Copy(io.Discard, theirs)
				theirs.Close()
			}()
			return ours, nil
		}
		start := time.Now()
		if err := o.Send(t.Context(), Letter{To: []string{"sara@shop.example"}, Subject: "x", Text: "x"}); err == nil || time.Since(start) > talkTime {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestTheQueueIsBounded(t *testing.T) {
	o := newOffice(t, &post{}, config.MailStartTLS)
	one := Letter{To: []string{"sara@shop.example"}, Subject: "x", Text: "x"}
	for name, c := range map[string]struct {
		edit func(*Letter)
		want error
	}{
		"nobody":             {func(l *Letter) { l.To = nil }, ErrLetter},
		"no address":         {func(l *Letter) { l.To = []string{"sara"} }, ErrLetter},
		"a line in its name": {func(l *Letter) { l.To = []string{"a@b.example\r\nBcc: x@y.example"} }, ErrLetter},
		"a book":             {func(l *Letter) { l.Text = strings.Repeat("x", maxText+1) }, ErrLetter},
		"a film":             {func(l *Letter) { l.Attach = []Attachment{{Data: make([]byte, maxText+maxAttachments)}} }, ErrLetter},
	} {
		l := one
		c.edit(&l)
		if err := o.Queue(l); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for range maxQueued {
		if err := o.Queue(one); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Queue(one); !errors.Is(err, ErrFull) {
		t.Errorf("one too many: %v", err)
	}
	o.set(func(m *config.Mail) { m.Server = "" })
	if err := o.Queue(one); !errors.Is(err, ErrOff) || o.View().On {
		t.Errorf("without a server: %v", err)
	}
}
