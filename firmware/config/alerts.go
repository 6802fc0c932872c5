package config

import (
	"fmt"
	"net/url"
	"time"
)

// Alerts are who is told when something is wrong with the box, and when it is over.
type Alerts struct {
	To       []string `yaml:"to,omitempty"`       // mail addresses, at most 20
	Language Language `yaml:"language,omitempty"` // of the letters; empty: the box's
	// Webhook is an address that is told by POST; empty: none. What it is told is signed
	// with WebhookKey (HMAC-SHA256), at least 16 characters.
	Webhook    string `yaml:"webhook,omitempty"`
	WebhookKey Secret `yaml:"webhook_key,omitempty"`
	// Least is the lightest problem that is told: info, warning or error.
	Least string `yaml:"least"`
	// After is how long a problem must last, or be gone, before anybody hears of it. 0s to 1h.
	After Duration `yaml:"after"`
	// Again repeats what is still wrong. 1h to 30 days.
	Again Duration `yaml:"again"`
}

func (v *validator) alerts() {
	a := &v.cfg.Alerts
	if len(a.To) > 20 {
		v.add("alerts.to", msgTooMany, 20)
	}
	for i, to := range a.To {
		if !IsAddress(to) {
			v.add(fmt.Sprintf("alerts.to[%d]", i), msgAddress, to)
		}
	}
	if len(a.To) > 0 && v.cfg.Mail.Server == "" {
		v.add("alerts.to", msgNoMailServer)
	}
	v.language("alerts.language", a.Language)
	if a.Webhook != "" {
		if !isWeb(a.Webhook) {
			v.add("alerts.webhook", msgWebhook, a.Webhook)
		}
		if a.WebhookKey == "" {
			v.add("alerts.webhook_key", msgMissing)
		}
	}
	v.key("alerts.webhook_key", a.WebhookKey, 16)
	switch a.Least {
	case "info", "warning", "error":
	default:
		v.add("alerts.least", msgSeverity, a.Least)
	}
	v.duration("alerts.after", a.After, 0, time.Hour)
	v.duration("alerts.again", a.Again, time.Hour, 30*24*time.Hour)
}

// isWeb tells whether s is the address of a web server, without a password in it.
func isWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(s) <= 1000
}
