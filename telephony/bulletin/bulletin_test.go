package bulletin

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"log"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
)

func tehran(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestDueWhenItsPeriodIsOver(t *testing.T) {
	zone := tehran(t)
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, zone) // Sunday, 1 Azar 1405
	for _, c := range []struct {
		every    config.BulletinEvery
		cal      config.BulletinCalendar
		last     string // due, from, to
		upcoming string
	}{
		{config.EveryDay, config.InJalali, "11-22 2026-11-21 2026-11-21", "11-23 2026-11-22 2026-11-22"},
		{config.EveryWeek, config.InJalali, "11-21 2026-11-14 2026-11-20", "11-28 2026-11-21 2026-11-27"},
		{config.EveryWeek, config.InGregorian, "11-16 2026-11-09 2026-11-15", "11-23 2026-11-16 2026-11-22"},
		{config.EveryMonth, config.InJalali, "11-22 2026-10-23 2026-11-21", "12-22 2026-11-22 2026-12-21"}, // Aban, Azar
		{config.EveryMonth, config.InGregorian, "11-01 2026-10-01 2026-10-31", "12-01 2026-11-01 2026-11-30"},
	} {
		b := config.Bulletin{Every: c.every, Calendar: c.cal, At: "07:30"}
		told := func(i issue) string { return i.at.Format("01-02") + " " + i.from.String() + " " + i.to.String() }
		if got := told(last(&b, now, zone)); got != c.last {
			t.Errorf("%s %s: the latest is %s, want %s", c.every, c.cal, got, c.last)
		}
		i := next(&b, now, zone)
		if got := told(i); got != c.upcoming || i.at.Format("15:04") != "07:30" {
			t.Errorf("%s %s: the next is %s, want %s", c.every, c.cal, got, c.upcoming)
		}
		if same := last(&b, i.at, zone); same != i {
			t.Errorf("%s %s: due at its moment is %v, not %v", c.every, c.cal, same, i)
		}
	}
}

// book is a ledger with a call of 700 every hour.
type book struct{}

func (book) Each(_ context.Context, from, to time.Time, f func(*ledger.Entry) error) error {
	for at := from.Truncate(time.Hour); at.Before(to); at = at.Add(time.Hour) {
		e := ledger.Entry{Started: at, Call: "c", From: "09121234567", Way: "telco", Visits: []ledger.Visit{{Queue: "700", Offered: at, Outcome: ledger.VisitAnswered, Agent: "1001",
			Wait: ledger.Millis(12 * time.Second), Talk: ledger.Millis(time.Minute)}}}
		if at.Before(from) {
			continue
		}
		if err := f(&e); err != nil {
			return err
		}
	}
	return nil
}

func (book) Floor(context.Context, time.Time, time.Time, func(call.Step) error) error { return nil }

type box struct {
	cfg    *config.Config
	memory []byte
	queued []mail.Letter
}

func (b *box) Queue(l mail.Letter) error                   { b.queued = append(b.queued, l); return nil }
func (b *box) Send(_ context.Context, l mail.Letter) error { return b.Queue(l) }
func (b *box) Read() ([]byte, error)                       { return b.memory, nil }
func (b *box) Keep(text []byte)                            { b.memory = text }

func (b *box) room(t *testing.T, news *event.News) *Room {
	t.Helper()
	c := func() *config.Config { return b.cfg }
	r, err := Open(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: news, Config: c, Post: b, Memory: b,
		Reports: figures.New(figures.Options{Clock: clock.System(), Ledger: book{}, Config: c})})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func shop() *config.Config {
	cfg := config.Default()
	cfg.System.TimeZone, cfg.System.Country, cfg.System.Name, cfg.System.Language = "Asia/Tehran", "IR", "Shop", config.Persian
	cfg.Bulletins = []config.Bulletin{{Name: "daily", To: []string{"a@shop.example", "b@shop.example"}, Every: config.EveryDay, Calendar: config.InJalali, At: "07:00"}}
	return cfg
}

// TestEachIsSentOnce runs for days, over a restart and a time without power.
func TestEachIsSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, news := &box{cfg: shop()}, &event.News{}
		run := func(d time.Duration) {
			r := b.room(t, news)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- r.Run(ctx) }()
			time.Sleep(d)
			synctest.Wait()
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		run(72 * time.Hour)
		if len(b.queued) != 3 {
			t.Fatalf("%d letters in three days", len(b.queued))
		}
		run(time.Hour)
		if len(b.queued) > 4 || len(b.queued) < 3 {
			t.Fatalf("%d letters after a restart", len(b.queued))
		}
		had := len(b.queued)
		time.Sleep(5 * 24 * time.Hour) // off
		run(time.Minute)
		if len(b.queued) != had+1 {
			t.Errorf("%d letters after five days without power, want one", len(b.queued)-had)
		}
		// One whose configuration changes while the room waits is due at its new time.
		had = len(b.queued)
		b.cfg = shop()
		b.cfg.Bulletins[0].Name = "other"
		r := b.room(t, news)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- r.Run(ctx) }()
		synctest.Wait()
		if len(b.queued) != had {
			t.Error("a new bulletin was sent at once")
		}
		if strings.Contains(string(b.memory), "daily") {
			t.Errorf("%s remembers what is no more", b.memory)
		}
		cancel()
		<-done
	})
}

// TestALetterIsReadByOthers sends one through a real mail server and takes it apart.
func TestALetterIsReadByOthers(t *testing.T) {
	for _, lang := range []config.Language{config.Persian, config.English} {
		b := &box{cfg: shop()}
		b.cfg.Bulletins[0].Language, b.cfg.Bulletins[0].To = lang, []string{"a@shop.example"}
		r := b.room(t, &event.News{})
		zone := tehran(t)
		day := calendar.DayOf(time.Date(2026, 11, 21, 0, 0, 0, 0, zone))
		l, err := r.letter(t.Context(), &b.cfg.Bulletins[0], issueOn(&b.cfg.Bulletins[0], day+1, zone))
		if err != nil {
			t.Fatal(err)
		}
		server := listen(t)
		b.cfg.Mail = config.Mail{Server: server.address, Security: config.MailPlain, From: "box@shop.example"}
		post := mail.New(mail.Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), Health: health.NewBoard(clock.System(), &event.News{}), Config: func() *config.Config { return b.cfg }})
		if err := post.Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		parts := apart(t, server.body)
		plain, shown, sheet := parts["text/plain"], parts["text/html"], parts["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]
		want := map[config.Language][]string{config.Persian: {"۲۴", "۱۴۰۵/۸/۳۰", "جمع‌ها می‌خوانند"}, config.English: {"24", "1405/8/30", "The sum closes"}}[lang]
		for _, w := range want {
			if !strings.Contains(plain, w) || !strings.Contains(shown, w) {
				t.Errorf("%s: %q is missing in\n%s\n%s", lang, w, plain, shown)
			}
		}
		if dir := map[config.Language]string{config.Persian: `dir="rtl"`, config.English: `dir="ltr"`}[lang]; !strings.Contains(shown, dir) {
			t.Errorf("%s runs the wrong way", lang)
		}
		if out, ok := openpyxl(t, []byte(sheet)); ok && out != "26 24" {
			t.Errorf("%s: the workbook has %s", lang, out)
		}
	}
}

// server takes one letter.
type server struct {
	address string
	body    []byte
}

func listen(t *testing.T) *server {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{address: l.Addr().String()}
	p := smtp.NewServer(s)
	p.ErrorLog = log.New(io.Discard, "", 0)
	p.Domain, p.ReadTimeout, p.WriteTimeout = "post.example", time.Minute, time.Minute
	done := make(chan error)
	go func() { done <- p.Serve(l) }()
	t.Cleanup(func() { p.Close(); <-done })
	return s
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return s, nil }
func (s *server) Mail(string, *smtp.MailOptions) error        { return nil }
func (s *server) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (s *server) Reset()                                      {}
func (s *server) Logout() error                               { return nil }
func (s *server) Data(r io.Reader) (err error)                { s.body, err = io.ReadAll(r); return err }

// apart is a letter's parts by their types.
func apart(t *testing.T, body []byte) map[string]string {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]string)
	var take func(kind, coding string, r io.Reader)
	take = func(kind, coding string, r io.Reader) {
		kind, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(kind, "multipart/") {
			for parts := multipart.NewReader(r, params["boundary"]); ; {
				p, err := parts.NextRawPart()
				if err != nil {
					return
				}
				take(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
			}
		}
		switch strings.ToLower(coding) {
		case "base64":
			r = base64.NewDecoder(base64.StdEncoding, r)
		case "quoted-printable":
			r = quotedprintable.NewReader(r)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found[kind] = string(text)
	}
	take(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return found
}

// openpyxl is a workbook's number of rows and the last cell of its column of contacts.
func openpyxl(t *testing.T, data []byte) (string, bool) {
	t.Helper()
	const python = "/usr/bin/python3"
	if out, err := exec.Command(python, "-c", "import openpyxl").CombinedOutput(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("python3-openpyxl is missing: %s", out)
		}
		return "", false
	}
	name := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "-c", `
import sys, openpyxl
rows = list(openpyxl.load_workbook(sys.argv[1]).active.iter_rows(values_only=True))
column = next(i for i, c in enumerate(rows[0]) if "(O)," in c)
print(len(rows), rows[-1][column])`, name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	return strings.TrimSpace(string(out)), true
}
