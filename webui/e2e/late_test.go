package e2e

import (
	"strings"
	"testing"
)

// TestWhoIsLateSeesWhatIs: a form of a queue, of hours or of a tone that somebody else has
// changed meanwhile is not saved over his; it says so, and shows his.
func TestWhoIsLateSeesWhatIs(t *testing.T) {
	b := settled(t).browse(t)
	b.do("signin")
	for _, c := range []struct{ place, path, first, other, open, field, mine, save, fault, theirs string }{
		{"queues", "/api/settings/queues", "", `{"number":"700","name":"Theirs","agents":["1001"],"otherwise":"500"}`,
			"queue-form-700 queue-form-700-basic", "queue-form-700-name", "Mine", "queue-form-700-save", "queue-form-700-fault", "Theirs"},
		{"hours", "/api/hours", `{"name":"Office","week":{"saturday":["8:00-17:00"]},"holidays":"none"}`, `{"name":"Office","week":{"saturday":["8:00-15:00"]},"holidays":"none"}`,
			"hours-form", "hours-week.saturday", "9:00-12:00", "hours-save", "hours-fault", "8:00-15:00"},
		{"tones", "/api/settings/tones", "", `{"name":"busy","own":true,"hz":[421],"level":-10,"cadence":[500,500]}`,
			"tone-busy", "tone-busy-hz", "444", "tone-busy-save", "tone-busy-fault", "421"},
	} {
		post := func(body string) {
			t.Helper()
			answer := b.do("eval", "script", `fetch("`+c.path+`", {method: "POST", headers: {"Content-Type": "application/json"}, body: '`+body+`'}).then((r) => r.status)`)
			if answer.Value != 200.0 {
				t.Fatalf("%s: %v", c.path, answer.Value)
			}
		}
		if c.first != "" {
			post(c.first)
		}
		b.do("goto", "path", "/#/settings/"+c.place)
		open := strings.Fields(c.open)
		for _, id := range open {
			b.do("click", "testid", id)
		}
		b.do("fill", "testid", c.field, "value", c.mine)
		post(c.other)
		b.do("click", "testid", c.save)
		b.sees(c.fault, "Somebody else")
		b.do("click", "testid", c.fault+"-theirs")
		b.do("wait", "testid", c.fault, "gone", true)
		if shown := b.do("eval", "script", `document.querySelector("[data-testid='`+c.field+`']").value`).Value; shown != c.theirs {
			t.Errorf("%s: it shows %v, want %s", c.place, shown, c.theirs)
		}
		for _, id := range open[1:] { // the form begins anew
			b.do("click", "testid", id)
		}
		b.do("fill", "testid", c.field, "value", c.mine)
		b.do("click", "testid", c.save)
		b.do("quiet")
		b.do("wait", "testid", c.fault, "gone", true)
		b.do("reload")
		b.do("wait", "testid", c.field)
		if shown := b.do("eval", "script", `document.querySelector("[data-testid='`+c.field+`']").value`).Value; shown != c.mine {
			t.Errorf("%s: saved at last, it shows %v, want %s", c.place, shown, c.mine)
		}
	}
}
