package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/webtest"
)

// TestStaffingIsRead works out a day of sixty calls in an hour and three in the next, in
// both languages.
func TestStaffingIsRead(t *testing.T) {
	scene := webtest.Busy(time.Now())
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	y, m, d := time.Now().In(zone).AddDate(0, 0, -7).Date()
	at := func(minute int) time.Time { return time.Date(y, m, d, 9, minute, 0, 0, zone) }
	seen := func(at time.Time, o ledger.Outcome, wait, talk time.Duration) {
		id := call.ID(fmt.Sprint("s", len(scene.Records)))
		scene.Records = append(scene.Records, ledger.Record{Call: id, Started: at, Result: ledger.Answered, Queue: "700",
			Visits: []ledger.Visit{{Queue: "700", Offered: at, Outcome: o, Wait: ledger.Millis(wait), Talk: ledger.Millis(talk)}}})
	}
	for i := range 30 {
		seen(at(i), ledger.VisitAnswered, 10*time.Second, 3*time.Minute)
	}
	for i := range 12 {
		seen(at(i), ledger.VisitAbandoned, time.Minute, 0)
	}
	seen(at(65), ledger.VisitAnswered, 0, time.Minute)
	box := webtest.New(scene)
	cfg := *config.Default()
	cfg.System.TimeZone, cfg.System.Country, cfg.Queues = "Asia/Tehran", "IR", []config.Queue{{Number: "700", Name: "Sales"}}
	box.SetConfig(cfg)
	b := open(t, box).browse(t)
	b.do("signin")
	for _, lang := range []string{"en", "fa"} {
		say := map[string][3]string{"en": {"Learnt from 43 calls", "too few calls", "3:00"}, "fa": {"بر پایهٔ ۴۳ تماس", "تماس کم است", "۳:۰۰"}}[lang]
		b.do("lang", "lang", lang)
		b.do("goto", "path", "/#reports")
		b.do("select", "testid", "staffing-day", "value", "date")
		b.do("fill", "testid", "staffing-date", "value", at(0).Format(time.DateOnly))
		b.do("fill", "testid", "staffing-within", "value", map[string]string{"en": "80", "fa": "۸۰"}[lang])
		b.do("click", "testid", "staffing-go")
		b.sees("staffing-days", say[0])
		b.sees("staffing-row", say[2])
		if r := b.do("eval", "script", "[...document.querySelectorAll('[data-testid=staffing-row]')].map(r => [r.dataset.from, r.dataset.calls, r.dataset.need].join(' ')).join()"); r.Value != "540 42 7,570 0 0,600 1 2" {
			t.Errorf("half hours, calls and need: %v", r.Value)
		}
		if r := b.do("eval", "script", "[...document.querySelectorAll('[data-testid=staffing-row]')][2].innerText"); !strings.Contains(fmt.Sprint(r.Value), say[1]) {
			t.Errorf("one call in half an hour is told as %v", r.Value)
		}
		if r := b.do("axe"); r.Count < 10 {
			t.Errorf("only %d rules applied", r.Count)
		}
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			b.do("screenshot", "path", filepath.Join(dir, "staffing-"+lang+".png"), "full", true)
		}
		b.do("fill", "testid", "staffing-seconds", "value", "4000")
		b.do("click", "testid", "staffing-go")
		b.do("wait", "testid", "staffing-fault")
		b.do("fill", "testid", "staffing-seconds", "value", "20")
		b.do("size", "width", 390, "height", 844)
		if r := b.do("eval", "script", "document.documentElement.scrollWidth - innerWidth"); r.Value != 0.0 {
			t.Errorf("on a telephone it is %v px too wide", r.Value)
		}
		b.do("size", "width", 1280, "height", 900)
	}
}
