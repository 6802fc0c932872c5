package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/webui/api"
)

// TestQueuesOnThePage makes a queue on the page, sets it up and deletes it, in both
// languages. What is wrong is said at its field; what is used cannot be deleted.
func TestQueuesOnThePage(t *testing.T) {
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
	for lang, say := range map[string]struct{ there, menu, least, number, saved, key string }{
		"fa": {"صفی با این", "منو", "تا", "با رقم", "ذخیره شد", "کلید تلفن"},
		"en": {"There is a queue", "menu", "must be from", "in digits", "Saved", "telephone key"},
	} {
		p.do(map[string]any{"do": "lang", "lang": lang})
		p.do(map[string]any{"do": "reload"})

		fill("queue-new-number", "1001")
		click("queue-add")
		wait("queue-new-number-wrong", "1001")
		fill("queue-new-number", "۷۰۰")
		click("queue-add")
		wait("queue-new-number-wrong", say.there)
		fill("queue-new-number", "۷۳۰")
		fill("queue-new-name", "Returns")
		click("queue-add")

		click("queue-form-730")
		const id = "queue-form-730-"
		click(id + "heard")
		fill(id+"announce.limit", "5000")
		click(id + "save")
		wait(id+"announce.limit-wrong", say.least)
		fill(id+"announce.limit", "five")
		click(id + "save")
		wait(id+"announce.limit-wrong", say.number)
		fill(id+"announce.limit", "۵")
		fill(id+"announce_every", "60")
		fill(id+"messages.prompts", "welcome thanks")
		click(id + "ways")
		fill(id+"keys", "99=1001")
		click(id + "save")
		wait(id+"keys-wrong", say.key)
		fill(id+"keys", "5=position ۹=1001")
		click(id + "basic")
		fill(id+"agents", "1001\n1002 tier=1 english=80")
		fill(id+"formerly", "700")
		click(id + "save")
		wait(id+"formerly-wrong", "700")
		fill(id+"formerly", "۷۴۰ 741")
		click(id + "choice")
		fill(id+"skills", "0 english=50\n60 english=0")
		click(id + "limits")
		fill(id+"leave_empty", "logged-out offline")
		click(id + "agentside")
		fill(id+"dispositions", "۱۲=Sold, paid\n13=فروش نرفت")
		fill(id+"whisper.parts", "queue keyed")
		click(id + "save")
		wait(id+"saved", say.saved)
		p.do(map[string]any{"do": "axe"})
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			p.do(map[string]any{"do": "screenshot", "path": filepath.Join(dir, "queues-"+lang+".png"), "full": true})
		}
		out := d.cli("config", "export")
		_, out, _ = strings.Cut(out, `number: "730"`)
		for _, want := range []string{"limit: 5", "announce_every: 1m", "extension: \"1002\"", "tier: 1", "english: 80", "after: 1m", "- offline", `"9": "1001"`, `"5": position`, "- thanks", "name: Returns", `- "740"`, `- "741"`, `"12": Sold, paid`, "فروش نرفت", "- keyed"} {
			if !strings.Contains(out, want) {
				t.Errorf("the configuration has no %s:\n%s", want, out)
			}
		}

		click("queue-form-700")
		wait("queue-form-700-uses", say.menu)
		if err := d.tryCall(http.MethodPost, "/api/settings/queues/700/delete", nil, nil); err == nil || !strings.Contains(err.Error(), "queue-in-use") {
			t.Errorf("a queue in use was deleted: %v", err)
		}
		var before, after api.QueueForms
		d.call(http.MethodGet, "/api/settings/queues", nil, &before)
		click("queue-form-700-save")
		wait("queue-form-700-saved", say.saved)
		d.call(http.MethodGet, "/api/settings/queues", nil, &after)
		if string(before.Queues[0].Value) != string(after.Queues[0].Value) {
			t.Errorf("saved without a change:\n%s\n%s", before.Queues[0].Value, after.Queues[0].Value)
		}

		click(id + "delete")
		p.do(map[string]any{"do": "wait", "testid": "queue-form-730", "gone": true})
	}
	p.do(map[string]any{"do": "quit"})
}
