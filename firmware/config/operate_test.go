package config

import (
	"errors"
	"strings"
	"testing"
)

// looked is a tree whose box looks after itself.
func looked() *Config {
	c := Default()
	c.Mail = Mail{Server: "post.example:2525", Security: MailStartTLS, User: "box", Password: "letters-away", From: "box@shop.example"}
	c.Alerts.To, c.Alerts.Webhook, c.Alerts.WebhookKey = []string{"sara@shop.example"}, "https://watch.example/pasokh", "0123456789abcdef"
	c.Backup = Backup{Every: BackupDaily, At: "02:00", Keep: 3, Passphrase: "twelve letters", Places: []BackupPlace{
		{Name: "here", Kind: BackupFolder, Path: "/srv/backups"}, {Name: "stick", Kind: BackupUSB},
		{Name: "office", Kind: BackupSFTP, Server: "nas.example", User: "box", Password: "p", Path: "pasokh"},
		{Name: "cloud", Kind: BackupS3, Server: "https://s3.example", Bucket: "shop", User: "key", Password: "secret"}}}
	return c
}

func TestMistakesOfMailAlertsAndBackupsAreNamed(t *testing.T) {
	if err := looked().Validate(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Config){
		"mail.server":               func(c *Config) { c.Mail.Server = "post example" },
		"mail.security":             func(c *Config) { c.Mail.Security = "ssl" },
		"mail.from":                 func(c *Config) { c.Mail.From = "Sara <sara@shop.example>" },
		"mail.password":             func(c *Config) { c.Mail.Security = MailPlain },
		"alerts.to[0]":              func(c *Config) { c.Alerts.To[0] = "sara" },
		"alerts.to":                 func(c *Config) { c.Mail = Mail{Security: MailTLS} },
		"alerts.webhook":            func(c *Config) { c.Alerts.Webhook = "ftp://x.example" },
		"alerts.webhook_key":        func(c *Config) { c.Alerts.WebhookKey = "short" },
		"alerts.least":              func(c *Config) { c.Alerts.Least = "panic" },
		"alerts.after":              func(c *Config) { c.Alerts.After = seconds(7200) },
		"alerts.again":              func(c *Config) { c.Alerts.Again = seconds(60) },
		"backup.every":              func(c *Config) { c.Backup.Every = "hourly" },
		"backup.at":                 func(c *Config) { c.Backup.At = "2:00" },
		"backup.keep":               func(c *Config) { c.Backup.Keep = 0 },
		"backup.passphrase":         func(c *Config) { c.Backup.Passphrase = "" },
		"backup.places":             func(c *Config) { c.Backup.Places = nil },
		"backup.places[1].name":     func(c *Config) { c.Backup.Places[1].Name = "here" },
		"backup.places[0].path":     func(c *Config) { c.Backup.Places[0].Path = "backups" },
		"backup.places[1].path":     func(c *Config) { c.Backup.Places[1].Path = "../../etc" },
		"backup.places[1].kind":     func(c *Config) { c.Backup.Places[1].Kind = "tape" },
		"backup.places[2].server":   func(c *Config) { c.Backup.Places[2].Server = "" },
		"backup.places[2].host_key": func(c *Config) { c.Backup.Places[2].HostKey = "MD5:1" },
		"backup.places[3].server":   func(c *Config) { c.Backup.Places[3].Server = "s3.example" },
		"backup.places[3].bucket":   func(c *Config) { c.Backup.Places[3].Bucket = "My Bucket" },
		"backup.places[3].region":   func(c *Config) { c.Backup.Places[3].Region = "EU/1" },
		"backup.places[3].password": func(c *Config) { c.Backup.Places[3].Password = "" },
	} {
		c := looked()
		change(c)
		var wrong Problems
		if err := c.Validate(); !errors.As(err, &wrong) || !strings.Contains("\n"+err.Error(), "\n"+want+":") {
			t.Errorf("want a problem at %s, got %v", want, err)
		}
		for _, p := range wrong {
			if p.Persian == "" || strings.Contains(p.Error(), "letters-away") {
				t.Errorf("%s: %+v", want, p)
			}
		}
	}
}

// TestMaskedSecretsOfTheKeepingStay: a tree that was shown to a page comes back with its
// secrets, and a place that is new brings its own.
func TestMaskedSecretsOfTheKeepingStay(t *testing.T) {
	before, c := looked(), looked()
	c.Mail.Password, c.Alerts.WebhookKey, c.Backup.Passphrase = masked, masked, masked
	c.Backup.Places[2].Password, c.Backup.Places[3].Password = "another", masked
	kept := c.Backup.Places
	c.KeepSecrets(before)
	if c.Mail.Password != "letters-away" || c.Alerts.WebhookKey != "0123456789abcdef" || c.Backup.Passphrase != "twelve letters" ||
		c.Backup.Places[2].Password != "another" || c.Backup.Places[3].Password != "secret" {
		t.Errorf("%#v", c.Backup)
	}
	if kept[3].Password != masked {
		t.Error("the caller's list was changed")
	}
	c.Backup.Places[3].Name, c.Backup.Places[3].Password = "other", masked
	if c.KeepSecrets(before); c.Validate() == nil {
		t.Error("another place takes the secret of none")
	}
}
