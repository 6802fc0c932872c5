package bulletin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/telephony/figures"
)

// ErrUnknown: there is no such bulletin.
var ErrUnknown = errors.New("no such bulletin")

// Post sends letters; *mail.Room is one.
type Post interface {
	Queue(mail.Letter) error
	Send(context.Context, mail.Letter) error
}

// Reports computes figures; *figures.Room is one.
type Reports interface {
	Report(context.Context, figures.Query) (*figures.Report, error)
	Zone() *time.Location
}

// Memory keeps what was sent over a restart; *store.Latest is one.
type Memory interface {
	Read() ([]byte, error)
	Keep([]byte)
}

// Options are what the room needs from the house.
type Options struct {
	Clock   clock.Clock
	Log     *slog.Logger
	News    *event.News
	Config  func() *config.Config
	Reports Reports
	Post    Post
	Memory  Memory
}

// Room sends bulletins.
type Room struct {
	opts Options

	mu   sync.Mutex
	sent map[string]time.Time // by name: when the latest one was due that is done with
}

// Standing is how a bulletin stands, for people.
type Standing struct {
	Name string    `json:"name"`
	Sent time.Time `json:"sent,omitzero"` // when the latest one was due
	Next time.Time `json:"next"`
}

// Open makes a room with what is remembered. With an error it is one that forgot it.
func Open(o Options) (*Room, error) {
	r := &Room{opts: o, sent: make(map[string]time.Time)}
	text, err := o.Memory.Read()
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &r.sent)
	}
	if err != nil {
		return r, fmt.Errorf("what bulletins were sent: %w", err)
	}
	return r, nil
}

// longestWait bounds one wait, for clocks that are set.
const longestWait = time.Hour

// Run sends what is due until ctx ends.
func (r *Room) Run(ctx context.Context) error {
	news := r.opts.News.Subscribe(8)
	defer news.Close()
	for {
		wait := r.round(ctx)
		due := make(chan struct{})
		timer := r.opts.Clock.AfterFunc(wait, func() { close(due) })
		for waits := true; waits; {
			select {
			case <-due:
				waits = false
			case topic := <-news.C:
				waits = topic != event.Config && !news.Lost()
			case <-ctx.Done():
				timer.Stop()
				return nil
			}
		}
		timer.Stop()
	}
}

// round sends every bulletin that is due and tells how long it is until the next one is.
func (r *Room) round(ctx context.Context) time.Duration {
	now, zone, wait := r.opts.Clock.Now(), r.opts.Reports.Zone(), longestWait
	list := r.opts.Config().Bulletins
	for i := range list {
		b := &list[i]
		if due := last(b, now, zone); r.is(b, due, now) {
			if err := r.send(ctx, b, due, false); err != nil {
				r.opts.Log.Error("bulletin not sent", "bulletin", b.Name, "err", err)
			}
			r.done(b.Name, due.at)
		}
		wait = min(wait, next(b, now, zone).at.Sub(now))
	}
	r.forget(list)
	return wait
}

// is tells whether a bulletin is still to be sent. A new one waits for its next time.
func (r *Room) is(b *config.Bulletin, due issue, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	was, known := r.sent[b.Name]
	if !known {
		r.sent[b.Name] = now
		r.keep()
		return false
	}
	return due.at.After(was)
}

func (r *Room) done(name string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent[name] = at
	r.keep()
}

// forget leaves out the names of bulletins that are no more.
func (r *Room) forget(list []config.Bulletin) {
	r.mu.Lock()
	defer r.mu.Unlock()
	is := make(map[string]bool)
	for i := range list {
		is[list[i].Name] = true
	}
	for name := range r.sent {
		if !is[name] {
			delete(r.sent, name)
			r.keep()
		}
	}
}

// keep remembers. The caller holds mu.
func (r *Room) keep() {
	if text, err := json.Marshal(r.sent); err == nil {
		r.opts.Memory.Keep(text)
	}
}

// SendNow sends the latest issue of a bulletin at once and tells in the server's words
// why it could not. Errors: ErrUnknown, those of mail.
func (r *Room) SendNow(ctx context.Context, name string) error {
	list := r.opts.Config().Bulletins
	for i := range list {
		if b := &list[i]; b.Name == name {
			return r.send(ctx, b, last(b, r.opts.Clock.Now(), r.opts.Reports.Zone()), true)
		}
	}
	return ErrUnknown
}

// Views are all bulletins, in the order of the configuration.
func (r *Room) Views() []Standing {
	views := []Standing{}
	now, zone := r.opts.Clock.Now(), r.opts.Reports.Zone()
	list := r.opts.Config().Bulletins
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range list {
		v := Standing{Name: list[i].Name, Next: next(&list[i], now, zone).at}
		if at := r.sent[v.Name]; !at.IsZero() && last(&list[i], now, zone).at.Equal(at) {
			v.Sent = at
		}
		views = append(views, v)
	}
	return views
}

// send computes an issue and hands it to the mail room, or waits for the server's word.
func (r *Room) send(ctx context.Context, b *config.Bulletin, i issue, wait bool) error {
	l, err := r.letter(ctx, b, i)
	if err != nil {
		return err
	}
	if wait {
		return r.opts.Post.Send(ctx, l)
	}
	if err := r.opts.Post.Queue(l); err != nil {
		return err
	}
	r.opts.Log.Info("bulletin sent", "bulletin", b.Name, "from", i.from.String(), "to", i.to.String(), "receivers", len(b.To))
	return nil
}
