package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/config"
)

// TestCareOnThePage sets up backups, makes one, proves it and looks at what it would
// replace; sets alarms and the mail server; finds a line of the log. In both languages,
// with what is wrong said at its field.
func TestCareOnThePage(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	click := func(id string) { t.Helper(); p.do(map[string]any{"do": "click", "testid": id}) }
	fill := func(id, value string) {
		t.Helper()
		p.do(map[string]any{"do": "fill", "testid": id, "value": value})
	}
	wait := func(id, text string) {
		t.Helper()
		p.do(map[string]any{"do": "wait", "testid": id, "contains": text})
	}
	folder := t.TempDir()
	for i, lang := range []string{"en", "fa"} {
		say := map[string]struct{ folder, saved, short, address, made, proved, plain string }{
			"en": {"not the path of a folder", "Saved", "shorter than 12", "not a mail address", "MB", "can be restored", "without encryption"},
			"fa": {"مسیر پوشه نیست", "ذخیره شد", "کمتر از 12", "نشانی ایمیلی", "بایت", "بازیابی می‌شود", "بدون رمزگذاری"},
		}[lang]
		p.do(map[string]any{"do": "lang", "lang": lang})
		p.do(map[string]any{"do": "goto", "path": "/#/care"})
		p.do(map[string]any{"do": "reload"})
		wait("care-backup", "")
		if i == 0 {
			click("backup-place-add")
			fill("backup-place-0-name", "here")
		} else {
			p.do(map[string]any{"do": "eval", "script": "document.querySelector('[data-testid=backup-settings]').open = true"})
		}
		fill("backup-place-0-path", "backups")
		fill("backup-passphrase", "short")
		click("backup-save")
		wait("backup-passphrase-wrong", say.short)
		fill("backup-passphrase", "twelve letters")
		click("backup-save")
		wait("backup-place-0-path-wrong", say.folder)
		fill("backup-place-0-path", folder)
		click("backup-save")
		wait("backup-saved", say.saved)
		click("backup-now")
		wait("backup-last-here", "here")
		click("backup-rehearse")
		wait("backup-proof", say.proved)

		fill("alerts-to", "sara")
		click("alerts-save")
		wait("alerts-to-wrong", say.address)
		fill("mail-server", "127.0.0.1:1")
		fill("mail-from", "box@shop.example")
		fill("mail-password", "letters-away")
		p.do(map[string]any{"do": "select", "testid": "mail-security", "value": "none"})
		click("mail-save")
		wait("mail-password-wrong", say.plain)
		p.do(map[string]any{"do": "select", "testid": "mail-security", "value": "starttls"})
		click("mail-save")
		wait("mail-saved", say.saved)
		fill("alerts-to", "sara@shop.example")
		click("alerts-save")
		wait("alerts-saved", say.saved)
		fill("mail-test-to", "sara@shop.example")
		click("mail-test")
		wait("mail-tested", "127.0.0.1")

		fill("logs-words", "backup made")
		click("logs-find")
		wait("logs", "backup made")
		fill("zone-name", "Asia/Nowhere")
		click("zone-save")
		wait("zone-name-wrong", "Asia/Nowhere")
		p.do(map[string]any{"do": "axe"})
		p.do(map[string]any{"do": "size", "width": 390, "height": 844})
		if r := p.do(map[string]any{"do": "eval", "script": "document.documentElement.scrollWidth - innerWidth"}); r["value"] != 0.0 {
			t.Errorf("%s: on a telephone it is %v px too wide", lang, r["value"])
		}
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			p.do(map[string]any{"do": "screenshot", "path": filepath.Join(dir, "care-phone-"+lang+".png"), "full": true})
		}
		p.do(map[string]any{"do": "size", "width": 1280, "height": 900})
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			p.do(map[string]any{"do": "screenshot", "path": filepath.Join(dir, "care-"+lang+".png"), "full": true})
		}
	}
	p.do(map[string]any{"do": "eval", "script": "document.querySelector('[data-testid=backup-restore]').open = true"})
	click("restore-show")
	click("restore-look")
	wait("restore-preview", "")
	click("restore-cancel")
	if c := d.settings(); c.Mail.Password != "letters-away" || len(c.Alerts.To) != 1 || c.Backup.Places[0].Path != folder {
		t.Errorf("kept: %+v %+v", c.Alerts, c.Backup.Places)
	}
}

// TestTheSupportFileHasNoSecrets sets every kind of secret, uses some of them, and looks
// for each in the file.
func TestTheSupportFileHasNoSecrets(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	secrets := []string{"letters-away", "0123456789abcdef-hook", "the passphrase of backups", "secret-of-the-bucket", "trunk-password-1", "key-of-the-crm", d.env["ADMIN_PASS"]}
	d.configure(func(c *config.Config) {
		c.Mail = config.Mail{Server: "127.0.0.1:1", Security: config.MailStartTLS, User: "box", Password: "letters-away", From: "box@shop.example"}
		c.Alerts.Webhook, c.Alerts.WebhookKey = "http://127.0.0.1:1/hook?token=key-of-the-crm", "0123456789abcdef-hook"
		c.Backup = config.Backup{Every: config.BackupNever, At: "03:30", Keep: 1, Passphrase: "the passphrase of backups", Places: []config.BackupPlace{
			{Name: "cloud", Kind: config.BackupS3, Server: "http://127.0.0.1:1", Bucket: "b", User: "key", Password: "secret-of-the-bucket"}}}
		c.Trunks = append(c.Trunks, config.Trunk{Name: "telco", Servers: []string{"127.0.0.1:1"}, User: "u", Secret: "trunk-password-1", Register: true, Transport: config.UDP, Destination: c.Extensions[0].Number})
		for _, e := range c.Extensions {
			if e.Secret != "" {
				secrets = append(secrets, e.Secret.Reveal()) // to be looked for
			}
		}
	})
	d.fails("backup", "now")
	var done struct{ Detail string }
	d.call(http.MethodPost, "/api/care/alerts/test", struct{}{}, &done)
	if done.Detail == "" {
		t.Error("the webhook is not there, and took a test")
	}
	name := filepath.Join(t.TempDir(), "support.tar.gz")
	d.cli("support", name)
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for files := tar.NewReader(z); ; {
		h, err := files.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		names += h.Name + " "
		for _, s := range secrets {
			if s == "" || strings.Contains(string(text), s) {
				t.Errorf("%s holds %q", h.Name, s)
			}
		}
		if h.Name == "pasokh-support/log.txt" && !strings.Contains(string(text), "ready") {
			t.Errorf("the log:\n%s", text)
		}
	}
	for _, want := range []string{"settings.yaml", "state.json", "about.json", "storage.json", "machine.txt", "log.txt"} {
		if !strings.Contains(names, "pasokh-support/"+want) {
			t.Errorf("no %s among %s", want, names)
		}
	}
}
