package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/webui/api"
)

// TestWhyNobodyElseIsOnThePage calls a queue of three agents, one of them with no phone and
// one paused, and looks in both languages why it was the third: in the story of the call on
// the page. The day's staffing is worked out from the same call.
func TestWhyNobodyElseIsOnThePage(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		c.Queues[0].Agents = config.QueueAgents("1003", "1002", "1011")
	})
	ha, hb := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	d.cli("queue", "pause", "1011", "--reason", "2")
	a := ha.call(d.env["EXT_QUEUE"])
	up(t, a)
	b := hb.answers()
	hears(t, "1001", a, toneB)
	var id call.ID
	d.becomes(5*time.Second, "call", func(s api.State) bool {
		if len(s.Calls) == 1 {
			id = s.Calls[0].ID
		}
		return id != ""
	})
	b.Hangup()
	d.becomes(10*time.Second, "record", func(s api.State) bool { return len(s.Records) == 1 })

	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	for lang, want := range map[string][3]string{
		"en": {"Why nobody else (2)", "the phone of Office was off", "Workshop had paused"},
		"fa": {"چرا دیگری نه (۲)", "خاموش بود", "در مکث بود"},
	} {
		p.do(map[string]any{"do": "lang", "lang": lang})
		p.do(map[string]any{"do": "click", "testid": "explain"})
		p.do(map[string]any{"do": "wait", "testid": "story-why", "contains": want[0]})
		p.do(map[string]any{"do": "eval", "script": "document.querySelector('[data-testid=story-why] summary').click()"})
		for agent, said := range map[string]string{"1003": want[1], "1011": want[2]} {
			got := p.do(map[string]any{"do": "eval", "script": "document.querySelector('[data-testid=story-other][data-agent=\"" + agent + "\"]').innerText"})
			wantText(t, lang, fmt.Sprint(got["value"]), said)
		}
		p.do(map[string]any{"do": "axe"})
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			p.do(map[string]any{"do": "screenshot", "path": filepath.Join(dir, "why-"+lang+".png")})
		}
		p.do(map[string]any{"do": "click", "testid": "story-close"})
	}
	p.do(map[string]any{"do": "quit"})
	wantText(t, "staffing", d.cli("staffing", "--queue", d.env["EXT_QUEUE"], "--day", "today", "--target", "80/20"), "1 calls", "too few calls", "Target: 80% answered within 20 s")
	here := time.Now().In(time.FixedZone("Tehran", 3*3600+1800))
	y, m, _ := calendar.DayOf(here).Jalali()
	wantText(t, "the month's report", d.cli("report", "--month", here.Format("2006-01")), "From "+here.Format("2006-01")+"-01 00:00", "Answered")
	wantText(t, "the Jalali month's report", d.cli("report", "--month", fmt.Sprintf("%d-%02d", y, m), "--lang", "fa"), localDigits("fa", fmt.Sprintf("%d/%d/1 00:00", y, m)))
	wantText(t, "staffing in Persian", d.cli("staffing", "--queue", d.env["EXT_QUEUE"], "--day", "today", "--lang", "fa"), "۱ تماس", "کارشناس لازم")
}
