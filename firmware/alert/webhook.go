package alert

import (
	"context"
	"encoding/json"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/webhook"
)

// Told is the body that a webhook gets.
type Told struct {
	ID  string    `json:"id"` // of this message, the same at each try
	Box string    `json:"box"`
	At  time.Time `json:"at"`
	Notice
}

func newTold(box string, at time.Time, n Notice) (Told, []byte, error) {
	t := Told{ID: webhook.NewID(), Box: box, At: at.UTC(), Notice: n}
	body, err := json.Marshal(t)
	return t, body, err
}

// post sends a body once.
func (r *Room) post(ctx context.Context, a *config.Alerts, body []byte) error {
	return webhook.Post(ctx, r.opts.Client, a.Webhook, a.WebhookKey, r.opts.Clock.Now(), body)
}
