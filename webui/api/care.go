package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/logring"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/firmware/storage"
)

// Mailer sends the box's letters. *mail.Room is one.
type Mailer interface {
	Send(ctx context.Context, l mail.Letter) error
	View() mail.View
}

// CareSettings is the answer of GET /api/care/settings, and of what changes them: how
// the box looks after itself.
type CareSettings struct {
	Mail   MailForm   `json:"mail"`
	Alerts AlertForm  `json:"alerts"`
	Backup BackupForm `json:"backup"`
	Zone   string     `json:"zone"` // time zone of the box
}

// MailForm is the mail server, as in config.Mail; also the body of POST /api/care/mail.
type MailForm struct {
	Server   string `json:"server"`
	Security string `json:"security"` // starttls, tls or none
	User     string `json:"user"`
	Password string `json:"password"` // "[secret]" is the one that is set
	From     string `json:"from"`
}

// MailTest is the body of POST /api/care/mail/test.
type MailTest struct {
	To string `json:"to"`
}

// Outcome is how a try went, in the words of whoever it was tried with.
type Outcome struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// testTime is how long the page waits for a test.
const testTime = 25 * time.Second

func (r *Rooms) careRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/care/settings", Right: identity.Keep, Handle: r.getCare,
			About: "Mail, alarms, backup and time zone as they are set.", Gives: CareSettings{}},
		{Pattern: "GET /api/care/mail", Right: identity.Keep, Handle: func(w http.ResponseWriter, _ *http.Request) error { return Send(w, r.Mail.View()) },
			About: "How sending mail stands.", Gives: mail.View{}},
		{Pattern: "POST /api/care/mail", Right: identity.Keep, Handle: r.setMail,
			About: "Sets the mail server.", Takes: MailForm{}, Gives: CareSettings{}},
		{Pattern: "POST /api/care/mail/test", Right: identity.Keep, Handle: r.testMail,
			About: "Sends a test letter.", Takes: MailTest{}, Gives: Outcome{}},
		{Pattern: "POST /api/care/alerts", Right: identity.Keep, Handle: r.setAlerts,
			About: "Sets who is told when something is wrong.", Takes: AlertForm{}, Gives: CareSettings{}},
		{Pattern: "POST /api/care/alerts/test", Right: identity.Keep, Handle: r.testAlerts,
			About: "Tells them, as a test.", Gives: Outcome{}},
		{Pattern: "GET /api/care/storage", Right: identity.Plant, Handle: func(w http.ResponseWriter, _ *http.Request) error { return Send(w, r.Storage()) },
			About: "Space and wear of the box's storage.", Gives: storage.State{}},
		{Pattern: "GET /api/care/logs", Right: identity.Keep, Handle: r.getLogs,
			About: "The latest lines of the log.", Gives: Logs{},
			Query: []Param{
				oneOf("level", "At least this grave.", "debug", "info", "warn", "error"), text("text", "With these words."),
				whole("limit", 1, logring.Default, "How many at most.")}},
		{Pattern: "GET /api/care/support.tar.gz", Right: identity.Keep, Handle: r.getSupport,
			About: "A bundle for who helps: log, configuration and figures, without secrets.", Gives: Media("application/gzip")},
		{Pattern: "GET /api/care/time", Right: identity.Plant, Handle: r.getTime,
			About: "The box's clock and how well it is kept.", Gives: TimeState{}},
		{Pattern: "POST /api/care/time", Right: identity.Plant, Handle: r.setZone,
			About: "Sets the time zone.", Takes: ZoneForm{}, Gives: TimeState{}},
	}
}

// shown is a secret for a form: its mask, or nothing.
func shown(s config.Secret) string {
	if s == "" {
		return ""
	}
	return s.String()
}

func (r *Rooms) getCare(w http.ResponseWriter, _ *http.Request) error {
	c := r.Config()
	m := c.Mail
	return Send(w, CareSettings{Mail: MailForm{m.Server, string(m.Security), m.User, shown(m.Password), m.From}, Alerts: alertForm(&c.Alerts), Backup: backupForm(&c.Backup), Zone: c.System.TimeZone})
}

func (r *Rooms) setMail(w http.ResponseWriter, req *http.Request) error {
	var f MailForm
	if err := Decode(req, &f); err != nil {
		return err
	}
	err := r.Propose(func(c *config.Config) {
		c.Mail = config.Mail{Server: f.Server, Security: config.MailSecurity(f.Security), User: f.User, Password: config.Secret(f.Password), From: f.From}
	}, User(req.Context()), "mail")
	if err != nil {
		return wrongIn("mail.", err)
	}
	return r.getCare(w, req)
}

// testMail sends a letter with the settings in force, and answers with the server's words.
func (r *Rooms) testMail(w http.ResponseWriter, req *http.Request) error {
	var t MailTest
	if err := Decode(req, &t); err != nil {
		return err
	}
	if !config.IsAddress(t.To) {
		return ErrValue.Of("to")
	}
	ctx, cancel := context.WithTimeout(req.Context(), testTime)
	defer cancel()
	l := mail.Letter{To: []string{t.To}, Subject: "Pasokh: test", Text: "This is a test letter of " + r.Config().System.Name + ".\nIt arrived: alarms will, too.\n"}
	if Lang(req) == config.Persian {
		l.Subject, l.Text = "پاسخ: آزمایش", "این ایمیل آزمایشی «"+r.Config().System.Name+"» است.\nاگر رسید، هشدارها هم می‌رسد.\n"
	}
	switch err := r.Mail.Send(ctx, l); {
	case errors.Is(err, mail.ErrOff):
		return ErrNoMail
	case err != nil:
		return Send(w, Outcome{Detail: err.Error()})
	}
	return Send(w, Outcome{OK: true})
}
