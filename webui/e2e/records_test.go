package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/webtest"
)

// TestCallsAreFound looks for calls by parts of names in any script, pages through them,
// keeps the search in the address, and saves what was found.
func TestCallsAreFound(t *testing.T) {
	si, _, now := month(t)
	scene := webtest.Month(now, 70)
	b := si.browse(t)
	fit := func(want func(r *ledger.Record) bool) (n int) {
		for i := range scene.Records {
			if want(&scene.Records[i]) {
				n++
			}
		}
		return n
	}
	const shown = "Number(document.querySelector('[data-testid=records-table]')?.dataset.count ?? 0)"
	b.do("signin")
	b.do("goto", "path", "/#/calls")
	b.until(shown, 50.0)
	b.do("click", "testid", "older")
	b.until(shown, 100.0)
	b.sound("the list of calls")
	b.looks("calls-en")

	b.do("fill", "testid", "records-q", "value", "علی‌کاظ")
	kazemi := fit(func(r *ledger.Record) bool { return r.From.Name == "علي كاظمي" })
	b.until(shown, float64(min(50, kazemi)))
	b.do("select", "testid", "records-result", "value", "answered")
	b.until(shown, float64(fit(func(r *ledger.Record) bool { return r.From.Name == "علي كاظمي" && r.Result == ledger.Answered })))
	b.do("reload")
	b.until(shown, float64(fit(func(r *ledger.Record) bool { return r.From.Name == "علي كاظمي" && r.Result == ledger.Answered })))
	b.do("click", "testid", "records-clear")
	b.until(shown, 50.0)

	// Behind a row are its legs and its sound.
	b.do("lang", "lang", "fa")
	b.do("click", "testid", "records-more")
	b.do("select", "testid", "records-recorded", "value", "yes")
	b.do("fill", "testid", "records-least", "value", "۳")
	b.do("press", "testid", "records-least", "key", "Enter")
	b.until(shown, float64(min(50, fit(func(r *ledger.Record) bool {
		return r.From.Name != "" && len(r.Visits) > 0 && r.Talk.D() >= 3*time.Minute
	}))))
	b.do("wait", "testid", "record-recorded")
	b.looks("calls-recorded-fa")
	b.do("click", "testid", "record-legs")
	b.until("document.querySelector('[data-testid=legs] [data-testid=recording-play]') !== null", true)
	b.do("eval", "script", "document.querySelector('[data-testid=legs] [data-testid=recording-play]')?.click()")
	b.until("document.querySelector('[data-testid=sound-wave] path') !== null", true)
	b.until("Number(document.querySelector('[data-testid=sound-player]').dataset.seconds)", 4.0)
	b.do("click", "testid", "sound-play")
	b.until("Number(document.querySelector('[data-testid=sound-player]').dataset.at) > 0.2", true)
	b.do("select", "testid", "sound-speed", "value", "2")
	b.until("document.querySelector('[data-testid=recording-sound]').playbackRate", 2.0)
	b.do("select", "testid", "sound-side", "value", "caller")
	b.do("eval", "script", "(() => { const s = document.querySelector('[data-testid=sound-seek]'); s.value = 3; s.dispatchEvent(new Event('input', { bubbles: true })); })()")
	b.until("document.querySelector('[data-testid=recording-sound]').currentTime >= 3", true)
	b.sound("the legs and the player")
	b.looks("calls-fa")
	b.do("size", "width", 390, "height", 844)
	b.sound("the list on a telephone")
	b.looks("calls-phone-fa")

	// What is saved is what was found.
	b.do("size", "width", 1280, "height", 900)
	b.do("goto", "path", "/#/calls?queue=710&result=abandoned")
	b.do("reload")
	want := fit(func(r *ledger.Record) bool { return r.Queue == "710" && r.Result == ledger.Abandoned })
	b.until(shown, float64(min(50, want)))
	book := filepath.Join(t.TempDir(), "calls.xlsx")
	b.do("save", "testid", "records-xlsx", "path", book)
	if out, err := exec.Command("/usr/bin/python3", "-c", "import sys, openpyxl; print(openpyxl.load_workbook(sys.argv[1]).active.max_row - 1)", book).CombinedOutput(); err == nil && strings.TrimSpace(string(out)) != fmt.Sprint(want) {
		t.Errorf("the workbook has %s calls, want %d", out, want)
	}
	b.do("fill", "testid", "records-q", "value", "nobody at all")
	b.sees("records", "تماسی پیدا نشد")
}
