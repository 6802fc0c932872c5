package e2e

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/webtest"
)

// TestReportsAreRead looks at the figures of two days, at the contacts behind one, and at
// calls that are looked for.
func TestReportsAreRead(t *testing.T) {
	scene := webtest.Busy(time.Now())
	offered := 0
	for i := range scene.Records {
		if r := &scene.Records[i]; r.Queue != "" {
			offered++
			v := ledger.Visit{Queue: r.Queue, Offered: r.Started, Agent: r.Agent, Wait: r.Wait, Talk: r.Talk, Outcome: ledger.VisitAnswered}
			if r.Agent == "" {
				v.Outcome = ledger.VisitAbandoned
			}
			r.Visits = []ledger.Visit{v}
		}
	}
	b := open(t, webtest.New(scene)).browse(t)
	look := func(page string) {
		t.Helper()
		if r := b.do("axe"); r.Count < 10 {
			t.Errorf("on the %s only %d rules applied", page, r.Count)
		}
		if r := b.do("eval", "script", "document.documentElement.scrollWidth - innerWidth"); r.Value != 0.0 {
			t.Errorf("the %s is %v px wider than its window", page, r.Value)
		}
	}
	b.do("signin")
	b.do("select", "testid", "records-result", "value", "abandoned")
	b.do("fill", "testid", "records-number", "value", "02122334455")
	b.do("click", "testid", "records-find")
	b.do("wait", "testid", "record-row", "contains", "Bahar")
	if r := b.do("text", "testid", "record-row"); r.Count != 1 {
		t.Errorf("%d calls fit, want 1", r.Count)
	}

	b.do("click", "testid", "place")
	b.do("click", "testid", "period-custom")
	b.do("fill", "testid", "report-from", "value", time.Now().AddDate(0, 0, -3).Format(time.DateOnly))
	b.do("fill", "testid", "report-to", "value", time.Now().AddDate(0, 0, 1).Format(time.DateOnly))
	if r := b.do("wait", "testid", "figure-offered", "contains", "Offered"); r.Count != 1 {
		t.Errorf("%d figures are what was offered", r.Count)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if r := b.do("eval", "script", "Number(document.querySelector('[data-testid=figure-offered]').dataset.value)"); r.Value == float64(offered) {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("%v contacts offered, want %d", r.Value, offered)
		}
	}
	look("reports")
	b.do("click", "testid", "drill-abandoned")
	b.sees("contact", "02122334455")
	b.do("click", "testid", "drill-answered")
	b.sees("contact", "Answered")
	b.do("lang", "lang", "fa")
	b.sees("contacts", "پاسخ‌داده")
	b.do("select", "testid", "report-by", "value", "agent")
	b.sees("report-row", "رضا")
	b.do("size", "width", 390, "height", 844)
	look("reports on a telephone")
	b.do("eval", "script", "[...document.querySelectorAll('[data-testid=contact]')].find(x => x.dataset.call === 'r1').querySelector('button').click()")
	b.sees("story-line", "زنگ زد")
}
