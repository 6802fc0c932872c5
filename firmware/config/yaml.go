package config

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
)

// YAML writes the whole tree as Parse reads it, passwords included: what is
// exported can be imported into an empty box.
func (c *Config) YAML() ([]byte, error) {
	data, err := yaml.MarshalWithOptions(c, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write configuration as YAML: %w", err)
	}
	return data, nil
}

// KeepSecrets puts the passwords of from where c has only their mask, so that a
// tree that was shown masked can be handed back. What has a number is matched by it,
// trunks, webhooks and places of backups by name. Lists that c shares with others stay as
// they are.
func (c *Config) KeepSecrets(from *Config) {
	c.Extensions, c.Trunks, c.Queues = slices.Clone(c.Extensions), slices.Clone(c.Trunks), slices.Clone(c.Queues)
	c.Conferences, c.Webhooks, c.Backup.Places = slices.Clone(c.Conferences), slices.Clone(c.Webhooks), slices.Clone(c.Backup.Places)
	for i := range c.Extensions {
		e := &c.Extensions[i]
		if old, ok := from.Extension(e.Number); ok {
			e.Secret = keepOf(e.Secret, old.Secret)
			e.Voicemail.PIN = keepOf(e.Voicemail.PIN, old.Voicemail.PIN)
		}
	}
	for i := range c.Queues {
		q := &c.Queues[i]
		if old, ok := from.Queue(q.Number); ok {
			q.Voicemail.PIN = keepOf(q.Voicemail.PIN, old.Voicemail.PIN)
		}
	}
	for i := range c.Conferences {
		r := &c.Conferences[i]
		if old, ok := from.Conference(r.Number); ok {
			r.PIN, r.ModeratorPIN = keepOf(r.PIN, old.PIN), keepOf(r.ModeratorPIN, old.ModeratorPIN)
		}
	}
	for i := range c.Trunks {
		t := &c.Trunks[i]
		if old, ok := from.Trunk(t.Name); ok {
			t.Secret = keepOf(t.Secret, old.Secret)
		}
	}
	c.Features.PromptsPIN = keepOf(c.Features.PromptsPIN, from.Features.PromptsPIN)
	c.Mail.Password = keepOf(c.Mail.Password, from.Mail.Password)
	c.Alerts.WebhookKey = keepOf(c.Alerts.WebhookKey, from.Alerts.WebhookKey)
	for i := range c.Webhooks {
		w := &c.Webhooks[i]
		if at := slices.IndexFunc(from.Webhooks, func(old Webhook) bool { return old.Name == w.Name }); at >= 0 {
			w.Key = keepOf(w.Key, from.Webhooks[at].Key)
		}
	}
	c.Backup.Passphrase = keepOf(c.Backup.Passphrase, from.Backup.Passphrase)
	for i := range c.Backup.Places {
		p := &c.Backup.Places[i]
		old, _ := from.Backup.Place(p.Name)
		p.Password = keepOf(p.Password, old.Password)
	}
}
