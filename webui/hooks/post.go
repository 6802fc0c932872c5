package hooks

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/webhook"
)

// post sends a body once.
func (r *Room) post(ctx context.Context, w *config.Webhook, body []byte) error {
	return webhook.Post(ctx, r.opts.Client, w.URL, w.Key, r.opts.Clock.Now(), body)
}

// Test sends a webhook a message that tells of nothing, and how that went.
func (r *Room) Test(ctx context.Context, name string) error {
	cfg := r.opts.Config()
	for i := range cfg.Webhooks {
		if w := &cfg.Webhooks[i]; w.Name == name {
			body, err := json.Marshal(Told{ID: webhook.NewID(), Box: cfg.System.Name, Test: true})
			if err != nil {
				return err
			}
			return r.post(ctx, w, body)
		}
	}
	return ErrUnknown
}

// ErrUnknown: no webhook has that name.
var ErrUnknown = errors.New("hooks: no such webhook")
