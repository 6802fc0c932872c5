package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/pasokh/pasokh/firmware/alert"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/mail"
)

// Alerter tells people what is wrong. *alert.Room is one.
type Alerter interface {
	Test(ctx context.Context) error
}

// AlertForm is who is told of problems, as in config.Alerts; also the body of POST
// /api/care/alerts.
type AlertForm struct {
	To         []string `json:"to"`
	Language   string   `json:"language"` // empty: the box's
	Webhook    string   `json:"webhook"`
	WebhookKey string   `json:"webhook_key"` // "[secret]" is the one that is set
	Least      string   `json:"least"`       // info, warning or error
	After      string   `json:"after"`       // "1m"
	Again      string   `json:"again"`       // "24h"
}

func alertForm(a *config.Alerts) AlertForm {
	return AlertForm{append([]string{}, a.To...), string(a.Language), a.Webhook, shown(a.WebhookKey), a.Least, a.After.String(), a.Again.String()}
}

func (r *Rooms) setAlerts(w http.ResponseWriter, req *http.Request) error {
	var f AlertForm
	if err := Decode(req, &f); err != nil {
		return err
	}
	a := config.Alerts{To: f.To, Language: config.Language(f.Language), Webhook: f.Webhook, WebhookKey: config.Secret(f.WebhookKey), Least: f.Least}
	for field, into := range map[string]*config.Duration{"after": &a.After, "again": &a.Again} {
		if err := into.UnmarshalText([]byte(map[string]string{"after": f.After, "again": f.Again}[field])); err != nil {
			return ErrValue.Of(field)
		}
	}
	if err := r.Propose(func(c *config.Config) { c.Alerts = a }, User(req.Context()), "alerts"); err != nil {
		return wrongIn("alerts.", err)
	}
	return r.getCare(w, req)
}

// testAlerts tells everybody a test, and answers with what went wrong.
func (r *Rooms) testAlerts(w http.ResponseWriter, req *http.Request) error {
	ctx, cancel := context.WithTimeout(req.Context(), testTime)
	defer cancel()
	switch err := r.Alerts.Test(ctx); {
	case errors.Is(err, alert.ErrNobody):
		return ErrNobody
	case errors.Is(err, mail.ErrOff):
		return ErrNoMail
	case err != nil:
		return Send(w, Outcome{Detail: err.Error()})
	}
	return Send(w, Outcome{OK: true})
}
