package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/webui/api"
)

// everyDay are hours with the same blocks each day.
func everyDay(blocks ...string) []config.Hours {
	h := config.Hours{Name: "Office", Week: make(map[string][]string)}
	for _, day := range config.Weekdays() {
		h.Week[day] = blocks
	}
	return []config.Hours{h}
}

// TestHoursCloseAndASwitchOpens: callers of a menu whose hours are closed reach a person;
// who keeps it open by hand goes before the hours, the lamp and the console tell, and new
// hours are those of the next call.
func TestHoursCloseAndASwitchOpens(t *testing.T) {
	t.Parallel()
	needTool(t, "sipp")
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		c.Hours = everyDay()
		c.Menus[0].Night.Hours = "Office"
	})
	person, caller := newHandset(d, "1001", toneA).register(), newHandset(d, "1003", toneC)
	reaches := func(who string) {
		t.Helper()
		c := caller.call(demoMenu)
		if who == "menu" {
			up(t, c)
			d.stage("1003", "menu "+demoMenu)
		} else {
			theirs := person.answers()
			hears(t, "1001", theirs, toneC)
		}
		c.Hangup()
		d.becomes(10*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
	}
	status := func(want ...string) {
		t.Helper()
		out := strings.Join(strings.Fields(d.cli("status")), " ")
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("status has no %q: %s", w, out)
			}
		}
	}

	status("switch *28 off, closed by hours", "hours Office closed for a year at least")
	reaches("person")
	id := string(d.record("1003", demoMenu).Call)
	weekday := time.Now().In(tehran(t)).Weekday().String()
	if story := d.cli("calls", "show", id); !strings.Contains(story, weekday) || !strings.Contains(story, "Office") {
		t.Errorf("the story says\n%s", story)
	}

	seen, ended := watchKey(d, demoNight, "confirmed", "terminated")
	seen(1)
	d.cli("switch", demoNight, "day")
	seen(2)
	status("switch *28 day")
	reaches("menu")
	newHandset(d, "1003", toneC).dials(d, demoNight, "switch-hours")
	if err := <-ended; err != nil {
		t.Errorf("SIPp at the lamp: %v", err)
	}
	reaches("person")
	d.configure(func(c *config.Config) { c.Hours = everyDay("0:00-24:00") })
	status("switch *28 off Night", "hours Office open")
	reaches("menu")
	newHandset(d, "1003", toneC).dials(d, demoNight, "switch-on")
	reaches("person")
	newHandset(d, "1003", toneC).dials(d, demoNight, "switch-day")
}

func tehran(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// TestHoursOnThePage makes hours on the page, is told what is wrong at its field, moves a
// holiday and deletes them, in both languages.
func TestHoursOnThePage(t *testing.T) {
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
	for lang, say := range map[string]struct{ wrong, ashura, clock string }{"fa": {"مانند", "۵ تیر ۱۴۰۵", ":۰۰"}, "en": {"such as", "26 June 2026", ":00"}} {
		p.do(map[string]any{"do": "lang", "lang": lang})
		p.do(map[string]any{"do": "reload"})
		click("hours-form")
		fill("hours-name", "Office")
		fill("hours-week.saturday", "۸:۰۰-۲۵:۰۰")
		click("hours-save")
		wait("hours-wrong", "25:00")
		wait("hours-wrong", say.wrong)
		fill("hours-week.saturday", "۸:۰۰-۱۳:۰۰، ۱۴:۰۰-۱۷:۰۰")
		click("hours-add-exception")
		fill("hours-exceptions[0].on", "۱۴۰۵/۹/۳۱")
		click("hours-save")
		wait("hours-wrong", "1405/9/6")
		fill("hours-exceptions[0].on", "۱۴۰۵/۹/۸")
		fill("hours-exceptions[0].open", "10:00-12:00")
		click("hours-add-own")
		fill("hours-own[0].on", "9/7")
		fill("hours-own[0].name", "Stocktaking")
		click("hours-save")
		wait("hours-state", "Office")
		wait("hours-state", say.clock) // of Tehran, half an hour off the browser's

		click("hours-form") // that of Office
		p.do(map[string]any{"do": "eval", "script": `(() => { const row = document.querySelector('[data-testid="holiday-ashura"]');
			const later = row.querySelector("select"); later.value = "1"; later.dispatchEvent(new Event("change", { bubbles: true })); })()`})
		wait("holiday-ashura", say.ashura)
		p.do(map[string]any{"do": "axe"})
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			p.do(map[string]any{"do": "screenshot", "path": filepath.Join(dir, "hours-"+lang+".png"), "full": true})
		}
		click("hours-save")
		eventually(t, 10*time.Second, "moved holiday", func() bool { return strings.Contains(d.cli("config", "export"), "move: 1") })
		out := d.cli("config", "export")
		_, out, _ = strings.Cut(out, "\nhours:")
		for _, want := range []string{"- 8:00-13:00", "- 14:00-17:00", "1405/9/8", "- 10:00-12:00", "name: Stocktaking", "holidays: ir", "holiday: ashura", "day: 1405/4/4"} {
			if !strings.Contains(out, want) {
				t.Errorf("the configuration has no %s:\n%s", want, out)
			}
		}
		click("hours-form")
		fill("hours-own[0].on", "")
		click("hours-save")
		eventually(t, 10*time.Second, "end of a holiday", func() bool { return !strings.Contains(d.cli("config", "export"), "Stocktaking") })
		click("hours-form")
		click("hours-delete")
		p.do(map[string]any{"do": "wait", "testid": "hours-state", "gone": true})
	}
	p.do(map[string]any{"do": "quit"})
}
