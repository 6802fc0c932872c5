package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/firmware/webhook"
)

// desk is a room whose letters and posts are looked at.
type desk struct {
	*Room
	t      *testing.T
	health *health.Board
	cfg    atomic.Pointer[config.Config]

	mu      sync.Mutex
	letters []mail.Letter
	kept    []byte
	posts   []string
	answers []int // of the webhook; then 200
}

func (d *desk) Queue(l mail.Letter) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.letters = append(d.letters, l)
	return nil
}
func (d *desk) Send(_ context.Context, l mail.Letter) error { return d.Queue(l) }
func (d *desk) Read() ([]byte, error)                       { return d.kept, nil }
func (d *desk) Keep(text []byte)                            { d.kept = bytes.Clone(text) }

// RoundTrip is the webhook.
func (d *desk) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.posts = append(d.posts, string(body))
	code := 200
	if len(d.answers) > 0 {
		code, d.answers = d.answers[0], d.answers[1:]
	}
	return &http.Response{StatusCode: code, Status: fmt.Sprint(code), Body: io.NopCloser(strings.NewReader(""))}, nil
}

func newDesk(t *testing.T, kept []byte, edit func(*config.Alerts)) *desk {
	t.Helper()
	var news event.News
	d := &desk{t: t, health: health.NewBoard(clock.System(), &news), kept: kept}
	cfg := config.Default()
	cfg.System.Name, cfg.System.TimeZone = "Shop", "Asia/Tehran"
	cfg.Mail.Server, cfg.Mail.From = "post.example", "box@shop.example"
	cfg.Alerts.To = []string{"sara@shop.example"}
	if edit != nil {
		edit(&cfg.Alerts)
	}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	d.cfg.Store(cfg)
	var err error
	d.Room, err = Open(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: &news, Health: d.health, Config: d.cfg.Load,
		Post: d, Memory: d, Client: &http.Client{Transport: d}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// run runs the room; the returned function ends it.
func (d *desk) run() (stop func()) {
	ctx, cancel := context.WithCancel(d.t.Context())
	ended := make(chan error)
	go func() { ended <- d.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		<-ended
	})
}

// subjects are what was told since the last time it was asked.
func (d *desk) subjects() string {
	synctest.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []string
	for _, l := range d.letters {
		all = append(all, strings.TrimPrefix(l.Subject, "[Shop] "))
	}
	d.letters = nil
	return strings.Join(all, " | ")
}

const down, unplugged = "A telephone provider cannot be reached or refuses this box.", "A telephone line has no power from the exchange."

func TestAProblemIsToldOnceThenDailyThenItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil, nil)
		defer d.run()()
		want := func(when, subjects string) {
			t.Helper()
			if got := d.subjects(); got != subjects {
				t.Errorf("%s: told %q, want %q", when, got, subjects)
			}
		}
		d.health.Raise("trunk-down/telco", "timeout")
		time.Sleep(30 * time.Second)
		d.health.Clear("trunk-down/telco")
		want("gone within the minute", "")
		time.Sleep(time.Hour)
		want("and not come back", "")

		d.health.Raise("trunk-down/telco", "timeout")
		time.Sleep(20 * time.Second)
		d.health.Raise("line-unplugged/fxo1", "")
		d.health.Raise("line-unplugged/fxo2", "")
		time.Sleep(41 * time.Second)
		want("three that began together", "3 problems: "+down)
		for range 20 { // it comes and goes
			d.health.Clear("trunk-down/telco")
			time.Sleep(20 * time.Second)
			d.health.Raise("trunk-down/telco", "timeout")
			time.Sleep(20 * time.Second)
		}
		want("flapping", "")
		time.Sleep(24 * time.Hour)
		want("a day later", "3 problems: "+down)
		d.health.Clear("line-unplugged/fxo1")
		d.health.Clear("line-unplugged/fxo2")
		time.Sleep(2 * time.Minute)
		want("two are over", "Resolved: "+unplugged)
		time.Sleep(23*time.Hour + 50*time.Minute)
		want("one is left, a day later", "Problem: "+down)
		d.health.Clear("trunk-down/telco")
		time.Sleep(2 * time.Minute)
		want("all over", "Resolved: "+down)
		d.health.Raise("sip-attack", "192.0.2.1")
		time.Sleep(time.Hour)
		want("too light", "")
		time.Sleep(100 * 24 * time.Hour)
		want("long after", "")
	})
}

// TestARestartTellsNothingTwice: what was told is known, and what ended meanwhile is told.
func TestARestartTellsNothingTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil, nil)
		stop := d.run()
		d.health.Raise("trunk-down/telco", "timeout")
		d.health.Raise("disk-error", "")
		time.Sleep(2 * time.Minute)
		if d.subjects() == "" {
			t.Fatal("nothing was told")
		}
		stop()
		again := newDesk(t, d.kept, nil)
		again.health.Raise("trunk-down/telco", "timeout")
		defer again.run()()
		time.Sleep(10 * time.Minute)
		if got := again.subjects(); got != "Resolved: The disk cannot be written. Calls go on; their records wait in memory." {
			t.Errorf("after the restart: %q", got)
		}
	})
}

func TestALetterSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	b := health.NewBoard(clock.System(), &event.News{})
	b.Raise("line-unplugged/fxo1", "")
	p := b.List()
	p[0].Since = time.Date(2026, 11, 22, 20, 45, 0, 0, time.UTC)
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	for lang, wants := range map[config.Language][]string{
		config.English: {unplugged, "fxo1", "2026-11-23 00:15", "What to do: Plug the line in.", "Shop"},
		config.Persian: {"خط تلفن از مرکز مخابرات برق ندارد.", "fxo1", "۱۴۰۵/۰۹/۰۲ ۰۰:۱۵", "چه باید کرد: خط را وصل کنید."},
	} {
		subject, text := letter(Notice{New: p}, "Shop", lang, zone)
		for _, want := range wants {
			if !strings.Contains(subject+text, want) {
				t.Errorf("%s: no %q in %s\n%s", lang, want, subject, text)
			}
		}
		if _, text := letter(Notice{Resolved: p}, "Shop", lang, zone); strings.Contains(text, wants[3]) {
			t.Errorf("%s: what is over needs no advice:\n%s", lang, text)
		}
		if subject, _ := letter(Notice{Test: true}, "Shop", lang, zone); len(subject) < 10 {
			t.Errorf("%s: %q", lang, subject)
		}
	}
}

const key = "0123456789abcdef-key"

func hooked(a *config.Alerts) {
	a.To, a.Webhook, a.WebhookKey = nil, "https://watch.example/pasokh", key
}

// TestTheWebhookIsTriedAgain: later and later while the receiver fails, in order, and
// not at all when it refuses.
func TestTheWebhookIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil, hooked)
		d.answers = []int{503, 500, 429, 200, 400}
		defer d.run()()
		d.health.Raise("trunk-down/telco", "timeout")
		time.Sleep(time.Minute + 30*time.Second)
		d.health.Clear("trunk-down/telco")
		time.Sleep(9*time.Minute + 30*time.Second)
		d.mu.Lock()
		posts := d.posts
		d.mu.Unlock()
		if len(posts) != 5 || posts[0] != posts[1] || posts[0] != posts[3] || !strings.Contains(posts[4], `"resolved":[{`) {
			t.Errorf("%d posts: %v", len(posts), posts)
		}
		if list := d.health.List(); len(list) != 1 || list[0].ID != "webhook-failed" {
			t.Errorf("refused: %v", list)
		}
		time.Sleep(48 * time.Hour)
		d.mu.Lock()
		defer d.mu.Unlock()
		if n := len(d.posts); n != 5 { // that it fails is not told to itself
			t.Errorf("%d posts", n)
		}
	})
}

// TestAReceiverCanCheckTheSignature is a real server that knows the key.
func TestAReceiverCanCheckTheSignature(t *testing.T) {
	var got Told
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var at int64
		if _, bad := fmt.Sscanf(r.Header.Get(webhook.Signature), "t=%d,", &at); bad != nil || err != nil {
			t.Errorf("signature %q: %v", r.Header.Get(webhook.Signature), bad)
		}
		if r.Header.Get(webhook.Signature) != webhook.Sign(key, time.Unix(at, 0), body) || webhook.Sign("another key", time.Unix(at, 0), body) == webhook.Sign(key, time.Unix(at, 0), body) {
			t.Error("the signature is not the key's")
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
	}))
	defer srv.Close()
	d := newDesk(t, nil, func(a *config.Alerts) { hooked(a); a.Webhook = srv.URL })
	d.opts.Client = srv.Client()
	if err := d.Test(t.Context()); err != nil || !got.Test || got.Box != "Shop" || got.ID == "" {
		t.Errorf("%+v %v", got, err)
	}
	d.cfg.Store(config.Default())
	if err := d.Test(t.Context()); !errors.Is(err, ErrNobody) {
		t.Errorf("with nobody to tell: %v", err)
	}
}
