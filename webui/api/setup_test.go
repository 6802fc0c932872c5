package api_test

import (
	"strings"
	"testing"

	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

// fresh is a box that somebody has just claimed.
func fresh(t *testing.T) *webtest.Box {
	t.Helper()
	b := webtest.New(webtest.Scene{Lines: []line.Status{{Port: "fxo1", Kind: "fxo", State: "idle"}, {Port: "fxs1", Kind: "fxs"}}})
	stop, err := b.Settle(t.TempDir(), "schema: 1\n")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	if err := b.Setup.Begin(); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTheSetUpIsOneRevisionAStep takes every step over the interface.
func TestTheSetUpIsOneRevisionAStep(t *testing.T) {
	b := fresh(t)
	v := asks[api.SetupView](t, b, 200, "GET", "/api/setup", "")
	if !v.Open || v.At != "box" || len(v.Steps) != 8 || len(v.Lines) != 1 || v.Lines[0].Set || v.SIPPort != 5060 || len(v.Providers) < 6 {
		t.Errorf("a new box shows %+v", v)
	}
	for _, s := range []struct{ path, body, next string }{
		{"/box", `{"name":"Shop","language":"fa","time_zone":"Asia/Tehran","country":"IR"}`, "network"},
		{"", `{"done":"network"}`, "people"},
		{"/way", `{"kind":"trunk","provider":"zadarma","values":{"user":"u","secret":"hidden-1"},"prefix":"9"}`, "hours"},
		{"/hours", `{"week":{"saturday":["8:00-17:00"]},"holidays":"ir","own":[]}`, "greeting"},
		{"/greeting", `{"prompts":["welcome","recorded"]}`, "to"},
		{"/to", `{"kind":"queue"}`, "call"},
	} {
		if s.path == "/way" {
			m := asks[api.SetupMade](t, b, 200, "POST", "/api/setup/people", `{"first":"۱۰۱","count":2}`)
			e, _ := b.Rooms().Config().Extension("102")
			if len(m.Made) != 2 || m.Made[1].Number != "102" || m.Made[1].Secret != e.Secret.Reveal() || len(m.Made[1].Secret) < 16 || m.Made[0].Secret == m.Made[1].Secret {
				t.Errorf("made %+v", m.Made)
			}
		}
		_, before := b.Revisions.Current()
		v := asks[api.SetupView](t, b, 200, "POST", "/api/setup"+s.path, s.body)
		_, after := b.Revisions.Current()
		if want := map[bool]int{true: before + 1, false: before}[s.path != ""]; v.At != s.next || after != want {
			t.Errorf("after %s %s it is at %s, revision %d, want %s, %d", s.path, s.body, v.At, after, s.next, want)
		}
	}
	w := do(t, b, "GET", "/api/setup", "")
	if v := asks[api.SetupView](t, b, 200, "GET", "/api/setup", ""); v.Trunk != "zadarma" || v.To.Kind != "queue" || !v.Greetings[2].Chosen || v.Hours.Name == "" || v.Entry != "500" || strings.Contains(w.Body.String(), "hidden-1") {
		t.Errorf("set up, it shows %s", w.Body)
	}
	history, err := b.Revisions.History(1)
	if err != nil || history[0].Author != "admin" || history[0].Note != "set-up: to" {
		t.Errorf("the last revision is %+v, %v", history, err)
	}
	if v := asks[api.SetupView](t, b, 200, "POST", "/api/setup", `{"end":true}`); v.Open {
		t.Error("an end is none")
	}
	do(t, b, "POST", "/api/setup/way", `{"kind":"trunk","provider":"zadarma","values":{"user":"other","secret":"[secret]"},"prefix":""}`)
	if _, trying := b.Revisions.OnTrial(); !trying {
		t.Error("the only way outside is changed without a trial")
	}
	if w := do(t, b, "POST", "/api/setup/to", `{"kind":"all"}`); w.Code != 409 || b.Setup.State().To != "queue" {
		t.Errorf("while a change is on trial: %d, it notes %+v", w.Code, b.Setup.State())
	}
}

// TestWrongStepsAreToldAtTheirFields and change nothing, in the language of who asks.
func TestWrongStepsAreToldAtTheirFields(t *testing.T) {
	b := fresh(t)
	for _, c := range []struct{ path, body, field, says string }{
		{"people", `{"csv":"101,Sara\n101,Reza"}`, "people[2].number", "extensions[0]"},
		{"people", `{"first":"abc","count":3}`, "people[1].number", ""},
		{"people", `{"first":"101","count":0}`, "count", "فهرست"},
		{"box", `{"name":"","language":"fa","time_zone":"Asia/Tehran","country":"IR"}`, "name", "خالی"},
		{"way", `{"kind":"trunk","provider":"register","prefix":"","values":{"servers":["!"],"user":"u","secret":"s"}}`, "values.servers[0]", ""},
		{"way", `{"kind":"trunk","provider":"zadarma","prefix":"","values":{}}`, "values.user", "خالی"},
		{"to", `{"kind":"all"}`, "kind", "داخلی"},
	} {
		w := asks[api.Wrong](t, b, 422, "POST", "/api/setup/"+c.path, c.body, "Accept-Language", "fa")
		if w.Fields[0].Path != c.field || !strings.Contains(w.Fields[0].Message, c.says) || w.Error.Field != c.field {
			t.Errorf("%s %s: %+v, want it at %s with %s", c.path, c.body, w.Fields, c.field, c.says)
		}
	}
	if _, rev := b.Revisions.Current(); rev != 1 || len(b.Setup.State().Stood) != 0 {
		t.Errorf("they left revision %d and %+v", rev, b.Setup.State())
	}
	for _, body := range []string{`{}`, `{"done":"people"}`, `{"skip":"x"}`, `{"at":"x"}`} {
		if w := do(t, b, "POST", "/api/setup", body); w.Code/100 != 4 {
			t.Errorf("%s: %d", body, w.Code)
		}
	}
}

// TestATestCallIsFollowedToItsEnd, or is refused because there is no phone.
func TestATestCallIsFollowedToItsEnd(t *testing.T) {
	b := fresh(t)
	do(t, b, "POST", "/api/setup/people", `{"csv":"101,Sara\n102,away"}`)
	called := asks[api.SetupCalled](t, b, 200, "POST", "/api/setup/call", `{"extension":"101"}`)
	if now := asks[api.SetupCalled](t, b, 200, "GET", "/api/setup/call/"+string(called.Call), ""); now.State != "heard" {
		t.Errorf("the call is %+v", now)
	}
	for _, ext := range []string{"102", "999"} {
		if p := asks[api.Problem](t, b, 409, "POST", "/api/setup/call", `{"extension":"`+ext+`"}`); p.Error.Code != "no-phone" || p.Error.Field != "extension" {
			t.Errorf("%s: %+v", ext, p)
		}
	}
}
