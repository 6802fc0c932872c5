package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// startUnclaimed is a box that nobody has claimed, and the code with which somebody can.
func startUnclaimed(t *testing.T) (d *demo, code string) {
	t.Helper()
	d = newDemo(t)
	d.launch()
	found := regexp.MustCompile(`set-up code\s+(\S+)`)
	eventually(t, 15*time.Second, "the set-up code", func() bool {
		if m := found.FindStringSubmatch(d.printed("console")); m != nil {
			code = m[1]
		}
		return code != ""
	})
	d.knows(nil)
	return d, code
}

// knows is what the test has learnt of a box that is no demo, which tells nobody.
func (d *demo) knows(more map[string]string) {
	port := func(flag string) string { return d.args[slices.Index(d.args, flag)+1] }
	d.env = map[string]string{"HTTP_URL": "https://127.0.0.1:" + port("--http-port"), "SIP_HOST": "127.0.0.1", "SIP_PORT": port("--sip-port"), "ADMIN_USER": "admin", "ADMIN_PASS": "four quiet words"}
	for k, v := range more {
		d.env[k] = v
	}
}

// TestANewBoxIsSetUpOnThePage is the owner's first ten minutes, in both languages: he claims
// the box, is led through its set-up, leaves half way, goes on after a restart; and a phone
// that knows only what its sheet says is rung by the box, and by somebody outside.
func TestANewBoxIsSetUpOnThePage(t *testing.T) {
	t.Parallel()
	for _, tongue := range []struct{ lang, name, line, empty, away, heard string }{
		{"en", "Sara Karimi", "Line 2", "must not be empty", "No phone", "It works"},
		{"fa", "سارا کریمی", "سطر ۲", "نباید خالی باشد", "هیچ تلفنی", "کار می‌کند"},
	} {
		t.Run(tongue.lang, func(t *testing.T) {
			needTool(t, "sipp")
			d, code := startUnclaimed(t)
			p := openPage(t, d.env)
			o := owner{p, tongue.lang}
			o.claims(code)

			o.at("box")
			o.fill("field-name", "")
			o.click("setup-save")
			o.sees("field-name-wrong", tongue.empty)
			o.fill("field-name", "Shop 1")
			o.fill("field-time_zone", "Asia/Tehran")
			o.looks("box")
			o.click("setup-save")
			o.at("network")
			o.click("setup-save")

			o.at("people")
			o.click("people-list")
			o.fill("people-csv", "101,"+tongue.name+"\n101,Reza\n")
			o.click("setup-save")
			o.sees("people-csv-wrong", tongue.line)
			o.looks("people")
			o.fill("people-csv", "۱۰۱،"+tongue.name+"\n102,Reza\n")
			o.click("setup-save")
			o.sees("sheet-101", tongue.name)
			secret, _ := o.do(map[string]any{"do": "text", "testid": "sheet-101-secret"})["text"].(string)
			o.looks("sheets")
			o.click("sheets-done")

			o.at("way")
			o.click("way-trunk")
			o.do(map[string]any{"do": "select", "testid": "way-provider", "value": "iran-peer"})
			o.click("setup-save")
			o.sees("field-servers-wrong", tongue.empty)
			from := telco()
			o.fill("field-servers", fmt.Sprintf("%s:%d", from, freePort(t)))
			o.fill("field-sources", from)
			o.fill("field-caller_id", "02188776600")
			o.looks("way")
			o.click("setup-save")

			o.at("hours")
			d.stop()
			d.launch()
			d.knows(map[string]string{"USER_A": "101", "PASS_A": secret})
			eventually(t, 15*time.Second, "the box again", func() bool { return d.tryCall("GET", "/api/state", nil, nil) == nil })
			o.do(map[string]any{"do": "goto", "path": "/"})
			o.do(map[string]any{"do": "signin"})
			o.at("hours") // where he was
			for _, day := range []string{"saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday"} {
				o.fill("setup-week-"+day, "۰:۰۰ - ۲۴:۰۰")
			}
			o.looks("hours")
			o.do(map[string]any{"do": "press", "testid": "setup-week-friday", "key": "Enter"})
			o.at("greeting")
			o.looks("greeting")
			o.click("setup-back")
			o.at("hours")
			o.click("setup-skip")
			o.click("setup-at-greeting")
			o.click("greeting-welcome,recorded")
			o.click("setup-save")
			o.at("to")
			o.click("to-menu")
			o.looks("to")
			o.click("to-all")
			o.click("setup-save")

			o.at("call")
			o.click("setup-save")
			o.sees("setup-fault", tongue.away)
			desk := startBaresip(d, "A", toneA)
			o.do(map[string]any{"do": "wait", "testid": "setup-phone-101", "state": "here"})
			o.click("setup-save")
			desk.wait("CALL_INCOMING", 10*time.Second)
			o.becomes("ringing")
			desk.do("accept", "")
			o.becomes("answered")
			o.becomes("heard")
			o.sees("setup-called", tongue.heard)
			o.looks("call")
			desk.wait("CALL_CLOSED", 10*time.Second)
			wantSaid(t, desk.heard(), speech.Sentences(speech.Phrase(tongue.lang, "welcome"), speech.Phrase(tongue.lang, "recorded")))

			outside := newCustomer(d, from, callPlan{Number: "09121234567", DID: "02188776600", Patience: 60000, Talks: true})
			desk.wait("CALL_INCOMING", 20*time.Second)
			desk.do("accept", "")
			eventually(t, 10*time.Second, "the desk's tone outside", func() bool { return outside.ear.hearing(toneA) })
			o.do(map[string]any{"do": "wait", "testid": "setup-calls", "contains": tongue.name})
			o.looks("call-in")

			o.click("setup-leave")
			o.sees("setup-open", "")
			o.looks("left")
			o.do(map[string]any{"do": "eval", "script": "history.back()"})
			o.click("setup-end")
			o.do(map[string]any{"do": "wait", "testid": "board", "place": "overview"})
			o.do(map[string]any{"do": "quit"})
			var view api.SetupView
			if d.call("GET", "/api/setup", nil, &view); view.Open || view.Box.Language != config.Language(tongue.lang) || view.Box.TimeZone != "Asia/Tehran" {
				t.Errorf("set up, it is %+v", view)
			}
		})
	}
}

// TestTheSetUpProvesACallOnASimulatedLine: the owner of a demo has no line to be called on,
// and calls in on one that is simulated.
func TestTheSetUpProvesACallOnASimulatedLine(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	o := owner{openPage(t, d.env), "en"}
	o.do(map[string]any{"do": "signin"})
	o.do(map[string]any{"do": "goto", "path": "/#/settings"})
	o.click("settings-setup")
	o.at("box") // it was not led there
	o.click("setup-at-call")
	o.at("call")
	o.click("setup-simulate")
	o.sees("setup-calls", "02188776655")
	o.do(map[string]any{"do": "quit"})
}

// owner is somebody at the page of a new box.
type owner struct {
	*page
	lang string
}

func (o owner) click(id string) { o.t.Helper(); o.do(map[string]any{"do": "click", "testid": id}) }

func (o owner) fill(id, value string) {
	o.t.Helper()
	o.do(map[string]any{"do": "fill", "testid": id, "value": value})
}

func (o owner) claims(code string) {
	o.t.Helper()
	o.do(map[string]any{"do": "goto", "path": "/"})
	o.do(map[string]any{"do": "lang", "lang": o.lang})
	o.fill("claim-token", code)
	o.fill("claim-password", "four quiet words")
	o.fill("claim-again", "four quiet words")
	o.click("claim-submit")
}

// at waits until the set-up is at a step.
func (o owner) at(step string) {
	o.t.Helper()
	o.do(map[string]any{"do": "wait", "testid": "setup", "state": step})
}

func (o owner) becomes(state string) {
	o.t.Helper()
	o.do(map[string]any{"do": "wait", "testid": "setup-called", "state": state, "timeout": 30000})
}

// looks has the page judged as it stands, in four sizes.
func (o owner) looks(name string) {
	o.t.Helper()
	for _, size := range []struct {
		name          string
		width, height int
		dark          bool
	}{{"tv", 1920, 1080, true}, {"tablet", 820, 1180, false}, {"phone", 390, 844, false}, {"desk", 1280, 900, false}} {
		o.do(map[string]any{"do": "size", "width": size.width, "height": size.height, "dark": size.dark})
		wide := o.do(map[string]any{"do": "eval", "script": "document.documentElement.scrollWidth - innerWidth"})["value"]
		if over, _ := wide.(float64); over > 0 {
			o.t.Errorf("%s is %v px wider than a %s", name, over, size.name)
		}
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			o.do(map[string]any{"do": "screenshot", "path": filepath.Join(dir, fmt.Sprintf("setup-%s-%s-%s.png", o.lang, name, size.name)), "full": true})
		}
	}
	o.do(map[string]any{"do": "axe"})
}
