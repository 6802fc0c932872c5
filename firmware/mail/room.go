package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
)

// What may wait, and how often it is tried.
const (
	maxQueued  = 500      // letters to one receiver each
	maxBytes   = 32 << 20 // of all of them
	firstRetry = time.Minute
	lastRetry  = time.Hour
)

// The refusals of Queue and Send.
var (
	ErrOff  = errors.New("mail: no server is set")
	ErrFull = errors.New("mail: too many letters wait")
)

// Options are what the room needs from the house.
type Options struct {
	Clock  clock.Clock
	Log    *slog.Logger
	Health *health.Board
	Config func() *config.Config
	// Dial reaches the mail server; nil: over the network.
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
	Roots *x509.CertPool // that mail servers are trusted by; nil: the machine's
}

// Room sends letters.
type Room struct {
	opts Options
	due  chan struct{}

	mu    sync.Mutex
	queue []*delivery // in the order in which they came
	bytes int
	sent  time.Time
	fault string
}

// delivery is a letter to one receiver.
type delivery struct {
	letter *Letter
	to     string
	until  time.Time
	next   time.Time // not before
	tries  int
}

// View is how the room stands, for people.
type View struct {
	On      bool      `json:"on"`
	Waiting int       `json:"waiting"`
	Sent    time.Time `json:"sent,omitzero"`   // when the last letter went out
	Fault   string    `json:"fault,omitempty"` // what went wrong last, if nothing went well since
}

// New makes a room without letters.
func New(o Options) *Room {
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	return &Room{opts: o, due: make(chan struct{}, 1)}
}

// View is how the room stands.
func (r *Room) View() View {
	r.mu.Lock()
	defer r.mu.Unlock()
	return View{On: r.opts.Config().Mail.Server != "", Waiting: len(r.queue), Sent: r.sent, Fault: r.fault}
}

// Queue keeps a letter until it is sent. It never waits. Errors: ErrOff, ErrFull, ErrLetter.
func (r *Room) Queue(l Letter) error {
	if r.opts.Config().Mail.Server == "" {
		return ErrOff
	}
	if err := l.check(); err != nil {
		return err
	}
	now := r.opts.Clock.Now()
	if l.Until.IsZero() {
		l.Until = now.Add(usualLife)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue)+len(l.To) > maxQueued || r.bytes+len(l.To)*l.size() > maxBytes+maxText+maxAttachments {
		return ErrFull
	}
	for _, to := range l.To {
		r.queue = append(r.queue, &delivery{letter: &l, to: to, until: l.Until, next: now})
		r.bytes += l.size()
	}
	r.wake()
	return nil
}

// wake lets Run look at the queue.
func (r *Room) wake() {
	select {
	case r.due <- struct{}{}:
	default:
	}
}

// Send sends a letter now, and tells in the server's words why it could not.
func (r *Room) Send(ctx context.Context, l Letter) error {
	cfg := r.opts.Config()
	if cfg.Mail.Server == "" {
		return ErrOff
	}
	if err := l.check(); err != nil {
		return err
	}
	for _, to := range l.To {
		if err := r.deliver(ctx, cfg, &l, to); err != nil {
			r.note(err, false)
			return fmt.Errorf("to %s: %w", to, err)
		}
	}
	r.note(nil, false)
	return nil
}

// Run sends what is queued until ctx ends.
func (r *Room) Run(ctx context.Context) error {
	for {
		d, wait := r.first()
		if d != nil {
			r.try(ctx, d)
			continue
		}
		stop := func() bool { return false }
		if wait > 0 {
			stop = r.opts.Clock.AfterFunc(wait, r.wake).Stop
		}
		select {
		case <-r.due:
			stop()
		case <-ctx.Done():
			stop()
			return nil
		}
	}
}

// first is a delivery that is due, else how long it is until one is; 0: none waits.
func (r *Room) first() (*delivery, time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, wait := r.opts.Clock.Now(), time.Duration(0)
	for _, d := range r.queue {
		left := d.next.Sub(now)
		if left <= 0 {
			return d, 0
		}
		if wait == 0 || left < wait {
			wait = left
		}
	}
	return nil, wait
}

// try sends one letter, or sees when it will be tried again.
func (r *Room) try(ctx context.Context, d *delivery) {
	cfg := r.opts.Config()
	err := ErrOff
	if cfg.Mail.Server != "" {
		err = r.deliver(ctx, cfg, d.letter, d.to)
	}
	if ctx.Err() != nil {
		return
	}
	now := r.opts.Clock.Now()
	d.tries++
	d.next = now.Add(min(firstRetry<<min(d.tries-1, 10), lastRetry))
	over := err == nil || refused(err) || d.next.After(d.until)
	if over {
		r.drop(d)
	}
	r.note(err, over || d.tries > 1) // once is nothing: some servers refuse every stranger's first try
	switch {
	case err == nil:
		r.opts.Log.Info("letter sent", "to", d.to, "subject", d.letter.Subject, "tries", d.tries)
	case over:
		r.opts.Log.Error("letter given up", "to", d.to, "subject", d.letter.Subject, "tries", d.tries, "err", err)
	default:
		r.opts.Log.Warn("letter not sent yet", "to", d.to, "again", d.next, "err", err)
	}
}

func (r *Room) drop(d *delivery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.Index(r.queue, d); i >= 0 {
		r.queue = slices.Delete(r.queue, i, i+1)
		r.bytes -= d.letter.size()
	}
}

// note keeps how the last letter fared; loud: and tells it to everybody.
func (r *Room) note(err error, loud bool) {
	r.mu.Lock()
	if r.fault = ""; err != nil {
		r.fault = err.Error()
	} else {
		r.sent = r.opts.Clock.Now()
	}
	r.mu.Unlock()
	switch {
	case err == nil:
		r.opts.Health.Clear("mail-failed")
	case loud && !errors.Is(err, ErrOff):
		r.opts.Health.Raise("mail-failed", err.Error())
	}
}
