package e2e

import (
	"os"
	"testing"
	"time"

	"github.com/pasokh/pasokh/webui/webtest"
)

// Somebody is put in line to be called back, and taken out of it, in both languages.
func TestSomebodyIsToBeCalledBack(t *testing.T) {
	scene := webtest.Busy(time.Now())
	scene.Floor.Queues[0].CallsBack = true
	b := open(t, webtest.New(scene)).browse(t)
	b.do("signin")
	b.do("fill", "testid", "call-back-number-700", "value", "110")
	b.do("click", "testid", "call-back-go-700")
	b.sees("call-back-700", "does not call that number")
	b.do("fill", "testid", "call-back-number-700", "value", "09121234567")
	b.do("click", "testid", "call-back-go-700")
	b.sees("waiting-3", "to be called back")
	b.do("axe")
	b.do("lang", "lang", "fa")
	b.sees("waiting-3", "با او تماس گرفته می‌شود")
	b.do("axe")
	if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
		b.do("screenshot", "path", dir+"/callbacks-fa.png", "full", true)
		b.do("lang", "lang", "en")
		b.do("screenshot", "path", dir+"/callbacks-en.png", "full", true)
	}
	// At another time, of those that are not full.
	b.do("lang", "lang", "fa")
	b.do("eval", "script", `document.querySelector("[data-testid=held-book]").focus()`)
	b.sees("held-book", "پر")
	b.do("select", "testid", "held-book", "value", map[string]int{"index": 2})
	b.sees("waiting-3", "رزرو برای")
	b.do("axe")
	b.do("click", "testid", "held-withdraw")
	b.do("wait", "testid", "waiting-3", "gone", true)
}
