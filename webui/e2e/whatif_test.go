package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/webtest"
)

// TestADayIsPlayed asks what an agent more would have done on a day, is refused
// what cannot be understood, and reads the answer in both languages.
func TestADayIsPlayed(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	y, m, d := time.Now().In(zone).AddDate(0, 0, -1).Date()
	scene := webtest.Busy(time.Now())
	for i := range 30 {
		at := time.Date(y, m, d, 9, i, 0, 0, zone)
		v := ledger.Visit{Queue: "700", Offered: at, Outcome: ledger.VisitAnswered, Agent: "1001", Wait: ledger.Millis(time.Duration(i) * time.Second), Talk: ledger.Millis(3 * time.Minute)}
		if i%5 == 0 {
			v = ledger.Visit{Queue: "700", Offered: at, Outcome: ledger.VisitAbandoned, Wait: ledger.Millis(time.Minute)}
		}
		scene.Records = append(scene.Records, ledger.Record{Call: call.ID(fmt.Sprint("w", i)), Started: at, Queue: "700", Visits: []ledger.Visit{v}})
	}
	box := webtest.New(scene)
	cfg := *config.Default()
	cfg.System.TimeZone, cfg.System.Country, cfg.Queues = "Asia/Tehran", "IR", []config.Queue{{Number: "700", Name: "Sales"}}
	box.SetConfig(cfg)
	b := open(t, box).browse(t)
	b.do("signin")
	for _, lang := range []string{"en", "fa"} {
		say := map[string][4]string{"en": {"played 7 times", "exactly as it was", "to", "cannot be used"}, "fa": {"۷ بار", "دقیقاً همان‌گونه که بود", "تا", "قابل استفاده نیست"}}[lang]
		b.do("lang", "lang", lang)
		b.do("goto", "path", "/#reports")
		b.do("fill", "testid", "whatif-day", "value", time.Date(y, m, d, 0, 0, 0, 0, zone).Format(time.DateOnly))
		b.do("select", "testid", "whatif-strategy", "value", "ring-all")
		b.do("fill", "testid", "whatif-agents", "value", "1001")
		b.do("click", "testid", "whatif-go")
		b.sees("whatif-fault", say[3])
		b.do("fill", "testid", "whatif-agents", "value", map[string]string{"en": "+1, -1001", "fa": "+۱, -۱۰۰۱"}[lang])
		b.do("fill", "testid", "whatif-wrap-up", "value", map[string]string{"en": "15", "fa": "۱۵"}[lang])
		b.do("fill", "testid", "whatif-runs", "value", map[string]string{"en": "7", "fa": "۷"}[lang])
		b.do("click", "testid", "whatif-go")
		b.sees("whatif-told", say[0])
		b.sees("whatif-exact", say[1])
		b.sees("whatif-row", say[2])
		if r := b.do("eval", "script", "(() => { const x = document.querySelector('[data-testid=whatif-row][data-figure=answered]').dataset; return Number(x.real) > 0 && Math.abs(x.mean / x.real - 1.1) < 1e-9 })()"); r.Value != true {
			t.Errorf("%s: the answered ones are not shown: %v", lang, r.Value)
		}
		if r := b.do("axe"); r.Count < 10 {
			t.Errorf("only %d rules applied", r.Count)
		}
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			b.do("screenshot", "path", filepath.Join(dir, "whatif-"+lang+".png"), "full", true)
		}
		b.do("size", "width", 390, "height", 844)
		if r := b.do("eval", "script", "document.documentElement.scrollWidth - innerWidth"); r.Value != 0.0 {
			t.Errorf("on a telephone it is %v px too wide", r.Value)
		}
		b.do("size", "width", 1280, "height", 900)
	}
	b.do("fill", "testid", "whatif-day", "value", "2020-01-01")
	b.do("click", "testid", "whatif-go")
	b.sees("whatif-fault", "ثبت نشده")
}
