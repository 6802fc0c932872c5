package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/webui/webtest"
)

// looks keeps a screenshot when PASOKH_LOOKS names a folder, for a person to look at.
func (b *browser) looks(name string) {
	b.t.Helper()
	if dir := os.Getenv("PASOKH_LOOKS"); dir != "" {
		b.do("screenshot", "path", filepath.Join(dir, name+".png"), "full", !strings.HasPrefix(name, "calls"))
	}
}

// sound looks for what is wrong with a page whatever it shows.
func (b *browser) sound(page string) {
	b.t.Helper()
	if r := b.do("axe"); r.Count < 10 {
		b.t.Errorf("on %s only %d rules applied", page, r.Count)
	}
	if r := b.do("eval", "script", "document.documentElement.scrollWidth - innerWidth"); r.Value.(float64) > 0 {
		out := b.do("eval", "script", "[...document.querySelectorAll('body *')].filter((e) => { const r = e.getBoundingClientRect(); return r.width > 0 && (r.right > innerWidth + 0.5 || r.left < -0.5); }).map((e) => e.tagName + '.' + (e.className.baseVal ?? e.className)).slice(0, 6).join()")
		b.t.Errorf("%s is %v px wider than its window: %v", page, r.Value, out.Value)
	}
}

// until waits for a script's value.
func (b *browser) until(script string, want any) {
	b.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		r := b.do("eval", "script", script)
		if r.Value == want {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s is %v, want %v", script, r.Value, want)
		}
	}
}

// offered is the figure that the page shows.
const offered = "Number(document.querySelector('[data-testid=figure-offered]')?.dataset.value ?? -1)"

func month(t *testing.T) (*site, *figures.Room, time.Time) {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().In(zone)
	box := webtest.New(webtest.Month(now, 70))
	cfg := *box.Rooms().Config()
	cfg.System.TimeZone, cfg.System.Country = "Asia/Tehran", "IR"
	box.SetConfig(cfg)
	return open(t, box), box.Rooms().Reports, now
}

// TestReportsAreRead asks for days in both calendars, compares them, draws them, and goes
// from figures to as many contacts as they say.
func TestReportsAreRead(t *testing.T) {
	si, room, now := month(t)
	b := si.browse(t)
	count := func(from, to time.Time) float64 {
		t.Helper()
		r, err := room.Report(t.Context(), figures.Query{From: from, To: to})
		if err != nil {
			t.Fatal(err)
		}
		return r.Total.Values["offered"]
	}
	today := figures.Day(now)
	day := func(back int) time.Time { return figures.Day(today.Add(12*time.Hour).AddDate(0, 0, -back)) }
	b.do("signin")
	b.do("click", "testid", "nav-reports")
	b.do("click", "testid", "period-days-30")
	b.until(offered, count(day(29), day(-1)))

	// Figures lead to their contacts.
	for _, id := range []string{"abandoned", "sl-net", "aht", "transfer-rate", "fcr", "callback"} {
		if r := b.do("eval", "script", fmt.Sprintf("Number(document.querySelector('[data-testid=figure-%s]')?.dataset.behind ?? 0)", id)); r.Value != 0.0 {
			b.do("click", "testid", "drill-"+id)
			b.until("Number(document.querySelector('[data-testid=contacts-table]')?.dataset.all)", r.Value)
			b.do("click", "testid", "contacts-close")
		}
	}
	b.sees("closes", "Adds up")
	b.do("select", "testid", "report-by", "value", "day")
	b.do("select", "testid", "report-compare", "value", "before")
	b.sees("compared", "up to the same hour")
	b.sees("was-offered", "before")
	b.sound("the report by day")
	b.looks("report-day-en")

	// A row leads to its own.
	b.do("select", "testid", "report-by", "value", "queue")
	b.do("wait", "testid", "report-row", "contains", "Support")
	b.do("eval", "script", "document.querySelector('[data-testid=report-row][data-key=\"700\"] [data-testid=row-answered]').click()")
	b.until("document.querySelector('[data-testid=contacts-table]')?.dataset.all === document.querySelector('[data-testid=report-row][data-key=\"700\"] [data-testid=row-answered]').textContent", true)
	b.do("click", "testid", "explain-contact")
	b.do("wait", "testid", "story")
	b.do("click", "testid", "story-close")

	// The heat of the week, from Saturday on for Persian readers.
	b.do("lang", "lang", "fa")
	b.do("select", "testid", "report-by", "value", "week-hour")
	b.until("document.querySelector('[data-testid=heat-day]')?.dataset.day", "saturday")
	b.sees("heat", "شنبه")
	b.do("eval", "script", "document.querySelector('[data-testid=heat-cell]').click()")
	b.until("document.querySelector('[data-testid=contacts-table]')?.dataset.all === document.querySelector('[data-testid=heat-cell]').dataset.value", true)
	b.do("click", "testid", "contacts-close")
	b.sound("the heat map")
	b.looks("report-heat-fa")

	// Days are chosen by keys, in the Jalali calendar.
	b.do("click", "testid", "period-custom")
	b.do("press", "testid", "report-from-pick", "key", "Enter")
	b.do("wait", "testid", "month-name")
	b.sound("the month's sheet")
	b.looks("report-month-fa")
	b.do("press", "key", "ArrowRight") // back, as the text runs
	b.do("press", "key", "PageUp")
	b.do("press", "key", "PageDown")
	b.do("press", "key", "Enter")
	b.do("wait", "testid", "month", "gone", true)
	b.until(offered, count(day(30), day(-1)))
	b.do("fill", "testid", "report-to", "value", strings.ReplaceAll(day(3).Format(time.DateOnly), "-", "/"))
	b.do("press", "testid", "report-to", "key", "Enter")
	b.until(offered, count(day(30), day(2)))
	b.do("fill", "testid", "report-to", "value", "۱۴۰۵/۱۳/۱")
	b.do("press", "testid", "report-to", "key", "Enter")
	b.sees("report-to-wrong", "بنویسید")

	// The address keeps what was asked for.
	b.do("reload")
	b.until(offered, count(day(30), day(2)))
	b.do("select", "testid", "report-by", "value", "day")
	b.sees("chart", "رسیده")
	b.do("size", "width", 390, "height", 844)
	b.sound("the report on a telephone")
	b.looks("report-phone-fa")
	b.do("size", "width", 1280, "height", 900, "dark", true)
	b.sound("the report in the dark")
	b.looks("report-dark-fa")
	b.do("fill", "testid", "report-to", "value", "2020-01-01")
	b.do("press", "testid", "report-to", "key", "Enter")
	b.sees("range-wrong", "پس از")
	b.do("fill", "testid", "report-from", "value", "1398/10/01")
	b.do("press", "testid", "report-from", "key", "Enter")
	b.sees("report-empty", "کسی به صف نرسید")
}

// TestReportsLeaveTheBox prints a report, and reads its workbook with a program that is
// not ours.
func TestReportsLeaveTheBox(t *testing.T) {
	need.Program(t, "pdftotext")
	need.Program(t, "pdfinfo")
	need.Module(t, "openpyxl")
	si, _, _ := month(t)
	b := si.browse(t)
	dir := t.TempDir()
	if looks := os.Getenv("PASOKH_LOOKS"); looks != "" {
		dir = looks
	}
	b.do("signin")
	for lang, words := range map[string][]string{"en": {"Service level", "answered within T"}, "fa": {"ASA"}} {
		b.do("goto", "path", "/#reports?period=last-month&by=day")
		b.do("reload")
		b.do("wait", "testid", "figure-offered")
		b.do("lang", "lang", lang)
		b.do("wait", "testid", "report-row")
		shown := b.do("eval", "script", offered).Value.(float64)

		book := filepath.Join(dir, lang+".xlsx")
		b.do("save", "testid", "report-xlsx", "path", book)
		out, err := exec.Command("/usr/bin/python3", "-c", `
import sys, openpyxl
sheet = openpyxl.load_workbook(sys.argv[1]).active
rows = list(sheet.iter_rows(values_only=True))
column = next(i for i, c in enumerate(rows[0]) if "(O)," in c)
print(sum(r[column] for r in rows[1:-1]), rows[-1][column], type(rows[1][0]).__name__, sheet.sheet_view.rightToLeft)
`, book).CombinedOutput()
		want := fmt.Sprintf("%v %v datetime %v", shown, shown, map[string]string{"en": "None", "fa": "True"}[lang])
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("%s: the workbook says %s, want %s, %v", lang, out, want, err)
		}

		paper := filepath.Join(dir, lang+".pdf")
		b.do("pdf", "path", paper)
		info, err := exec.Command("pdfinfo", paper).CombinedOutput()
		if err != nil || !strings.Contains(string(info), "(A4)") {
			t.Errorf("%v\n%s", err, info)
		}
		text, err := exec.Command("pdftotext", "-layout", paper, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if !strings.Contains(string(text), w) {
				t.Errorf("%q is not on paper:\n%s", w, text)
			}
		}
		if strings.Contains(string(text), "Sign out") {
			t.Error("the page's buttons are on paper")
		}
	}
}
