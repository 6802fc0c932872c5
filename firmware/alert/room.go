package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/firmware/webhook"
)

// Post takes letters; *mail.Room is one.
type Post interface {
	Queue(mail.Letter) error
	Send(context.Context, mail.Letter) error
}

// Memory keeps the book over a restart; *store.Latest is one.
type Memory interface {
	Read() ([]byte, error)
	Keep([]byte)
}

// Options are what the room needs from the house.
type Options struct {
	Clock  clock.Clock
	Log    *slog.Logger
	News   *event.News
	Health *health.Board
	Config func() *config.Config
	Post   Post
	Memory Memory
	Client *http.Client // nil: that of package webhook
}

// What waits for a webhook, and how it is tried again.
const (
	maxHooks   = 100
	hookLife   = 24 * time.Hour
	firstRetry = time.Minute
	lastRetry  = time.Hour
)

// Room tells people of problems.
type Room struct {
	opts  Options
	book  book
	hooks []hook // oldest first; only Run touches it
}

// hook is a message that the webhook has not taken.
type hook struct {
	body  []byte
	until time.Time
	next  time.Time
	tries int
}

// Open makes a room that knows what was told before.
func Open(o Options) (*Room, error) {
	if o.Client == nil {
		o.Client = webhook.NewClient()
	}
	r := &Room{opts: o, book: make(book)}
	text, err := o.Memory.Read()
	if err == nil && text != nil {
		err = json.Unmarshal(text, &r.book)
	}
	if err != nil || r.book == nil {
		r.book = make(book)
	}
	return r, err
}

// Run tells until ctx ends.
func (r *Room) Run(ctx context.Context) error {
	news := r.opts.News.Subscribe(4, event.Health, event.Config)
	defer news.Close()
	for {
		next := r.look()
		if at := r.knock(ctx); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
		wake := make(chan struct{})
		stop := func() bool { return false }
		if !next.IsZero() {
			stop = r.opts.Clock.AfterFunc(max(0, next.Sub(r.opts.Clock.Now())), func() { close(wake) }).Stop
		}
		select {
		case <-ctx.Done():
			stop()
			return nil
		case <-news.C:
		case <-wake:
		}
		stop()
	}
}

// look reads the board and tells what is due.
func (r *Room) look() (next time.Time) {
	cfg := r.opts.Config()
	a := &cfg.Alerts
	if len(a.To) == 0 && a.Webhook == "" {
		return time.Time{} // nobody is told, and nothing counts as told
	}
	n, next := r.book.turn(r.opts.Clock.Now(), r.opts.Health.List(), rules{health.Severity(a.Least), a.After.D(), a.Again.D()})
	if text, err := json.Marshal(r.book); err == nil && !n.empty() {
		r.opts.Memory.Keep(text)
	}
	if !n.empty() {
		r.tell(cfg, n)
	}
	return next
}

// tell hands a notice to every channel.
func (r *Room) tell(cfg *config.Config, n Notice) {
	r.opts.Log.Info("alarm", "new", len(n.New), "still", len(n.Still), "resolved", len(n.Resolved))
	a := &cfg.Alerts
	if m := n.without("mail-failed"); len(a.To) > 0 && !m.empty() {
		if err := r.opts.Post.Queue(r.letter(cfg, m)); err != nil {
			r.opts.Log.Error("alarm not mailed", "err", err)
		}
	}
	if n = n.without("webhook-failed"); a.Webhook == "" || n.empty() {
		return
	}
	now := r.opts.Clock.Now()
	_, body, err := newTold(cfg.System.Name, now, n)
	if err != nil {
		r.opts.Log.Error("alarm not posted", "err", err)
		return
	}
	if len(r.hooks) == maxHooks {
		r.hooks = r.hooks[1:] // what is new matters more
	}
	r.hooks = append(r.hooks, hook{body: body, until: now.Add(hookLife), next: now})
}

func (r *Room) letter(cfg *config.Config, n Notice) mail.Letter {
	lang := cfg.Alerts.Language
	if lang == "" {
		lang = cfg.System.Language
	}
	zone, err := time.LoadLocation(cfg.System.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	subject, text := letter(n, cfg.System.Name, lang, zone)
	return mail.Letter{To: cfg.Alerts.To, Subject: subject, Text: text}
}

// knock posts what is due to the webhook, in order. It returns when to come again.
func (r *Room) knock(ctx context.Context) (next time.Time) {
	for len(r.hooks) > 0 && ctx.Err() == nil {
		h, now := &r.hooks[0], r.opts.Clock.Now()
		if h.next.After(now) {
			return h.next
		}
		a := r.opts.Config().Alerts
		if a.Webhook == "" {
			r.hooks = nil
			break
		}
		err := r.post(ctx, &a, h.body)
		switch {
		case err == nil:
			r.hooks = r.hooks[1:]
			r.opts.Health.Clear("webhook-failed")
			continue
		case ctx.Err() != nil:
			return time.Time{}
		}
		h.tries++
		h.next = r.opts.Clock.Now().Add(min(firstRetry<<min(h.tries-1, 10), lastRetry))
		if errors.Is(err, webhook.ErrRefused) || h.next.After(h.until) {
			r.hooks = r.hooks[1:]
		}
		r.opts.Log.Warn("webhook", "tries", h.tries, "err", err)
		if h.tries > 1 || errors.Is(err, webhook.ErrRefused) {
			r.opts.Health.Raise("webhook-failed", err.Error())
		}
	}
	return time.Time{}
}

// Test tells everybody that this is a test, and how that went: nil if all have it.
func (r *Room) Test(ctx context.Context) error {
	cfg := r.opts.Config()
	n := Notice{Test: true}
	var errs []error
	if len(cfg.Alerts.To) > 0 {
		errs = append(errs, r.opts.Post.Send(ctx, r.letter(cfg, n)))
	}
	if cfg.Alerts.Webhook != "" {
		_, body, err := newTold(cfg.System.Name, r.opts.Clock.Now(), n)
		if err == nil {
			if err = r.post(ctx, &cfg.Alerts, body); err != nil {
				err = fmt.Errorf("webhook: %w", err)
			}
		}
		errs = append(errs, err)
	}
	if len(errs) == 0 {
		return ErrNobody
	}
	return errors.Join(errs...)
}

// ErrNobody: neither an address nor a webhook is set.
var ErrNobody = errors.New("alert: nobody is to be told")
