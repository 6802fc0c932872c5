package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/webui/api"
)

// TestSettingsOnThePage walks through what the page lets change, in both languages: how
// long recordings are kept, classes of music, tones. What is wrong is said at its field.
func TestSettingsOnThePage(t *testing.T) {
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
	look := func(name string) {
		t.Helper()
		p.do(map[string]any{"do": "axe"})
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			p.do(map[string]any{"do": "screenshot", "path": filepath.Join(dir, name+".png"), "full": true})
		}
	}
	for lang, say := range map[string]struct{ days, name, number, saved string }{
		"fa": {"۰ تا ۳۶۵۰", "حروف کوچک", "یک عدد", "ذخیره شد"},
		"en": {"0 to 3650", "small letters", "one whole number", "Saved"},
	} {
		p.do(map[string]any{"do": "lang", "lang": lang})
		p.do(map[string]any{"do": "reload"})

		click("retention")
		fill("retention-keep_days", "9000")
		click("retention-save")
		wait("retention-keep_days-wrong", "3650")
		fill("retention-keep_days", "a week")
		click("retention-save")
		wait("retention-keep_days-wrong", say.number)
		fill("retention-keep_days", "۳۰")
		fill("retention-warn_days", "5")
		click("retention-save")
		wait("retention-saved", say.saved)
		if out := d.cli("config", "export"); !strings.Contains(out, "keep_days: 30") || !strings.Contains(out, "warn_days: 5") {
			t.Errorf("the configuration has\n%s", out)
		}

		fill("music-name", "My Shop")
		click("music-add")
		wait("music-name-wrong", say.name)
		fill("music-name", "shop")
		click("music-add")
		wait("music-delete", "")
		queue := ""
		d.configure(func(c *config.Config) { c.Queues[0].Music, queue = "shop", c.Queues[0].Name })
		p.do(map[string]any{"do": "reload"})
		wait("music-used", queue)
		if err := d.tryCall(http.MethodPost, "/api/music/shop/delete", nil, nil); err == nil || !strings.Contains(err.Error(), "music-in-use") {
			t.Errorf("music in use was deleted: %v", err)
		}

		click("retention")
		click("tone-busy")
		fill("tone-busy-hz", "480 50")
		click("tone-busy-save")
		wait("tone-busy-hz-wrong", "200")
		fill("tone-busy-hz", "480 ۶۲۰")
		fill("tone-busy-cadence", "500, 500")
		click("tone-busy-listen")
		click("tone-busy-save")
		p.do(map[string]any{"do": "wait", "testid": "tone-busy", "state": "own"})
		var s api.Settings
		d.call(http.MethodGet, "/api/settings", nil, &s)
		if i := slices.IndexFunc(s.Tones, func(x api.Tone) bool { return x.Name == "busy" }); !s.Tones[i].Own || !slices.Equal(s.Tones[i].Hz, []int{480, 620}) || !slices.Equal(s.Tones[i].Cadence, []int{500, 500}) {
			t.Errorf("%+v", s.Tones)
		}
		look("settings-" + lang)
		click("tone-busy-country")
		p.do(map[string]any{"do": "wait", "testid": "tone-busy", "state": "country"})

		d.configure(func(c *config.Config) { c.Queues[0].Music = "default" })
		p.do(map[string]any{"do": "reload"})
		click("music-delete")
		p.do(map[string]any{"do": "wait", "testid": "music-delete", "gone": true})
		if strings.Contains(d.cli("config", "export"), "name: shop") {
			t.Error("the music is still in the configuration")
		}
	}
	p.do(map[string]any{"do": "quit"})
}

// TestListenToATone: what is heard before it is kept is what was written.
func TestListenToATone(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	heard := p.do(map[string]any{"do": "wav", "path": "/api/settings/tone.wav?hz=620&level=-10&cadence=", "tone": 620})
	if level, _ := heard["level"].(float64); level < 0.99 {
		t.Errorf("%v", heard)
	}
	for _, q := range []string{"hz=&level=-10", "hz=50&level=-10", "hz=400&level=0", "hz=400", "hz=x&level=-10", "hz=400&level=-10&cadence=1", "hz=1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9,1&level=-3"} {
		if err := d.tryCall(http.MethodGet, "/api/settings/tone.wav?"+q, nil, nil); err == nil || !strings.Contains(err.Error(), "bad-value") {
			t.Errorf("%s: %v", q, err)
		}
	}
	p.do(map[string]any{"do": "quit"})
}
