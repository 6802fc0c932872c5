package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/webui/webtest"
)

// settled is a box whose settings can be changed.
func settled(t *testing.T) *site {
	t.Helper()
	box := webtest.New(webtest.Quiet(time.Now()))
	stop, err := box.Settle(t.TempDir(), webtest.Shop)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return open(t, box)
}

// TestEveryFormIsSavedRefusedAndUndone opens the form of every kind of thing that is
// described, in both languages and on a desk and a telephone.
func TestEveryFormIsSavedRefusedAndUndone(t *testing.T) {
	type edit struct{ thing, field, good, wrongField, bad string }
	edits := map[string]edit{
		"extensions":  {"1001", "name", "Sara K", "number", "abc"},
		"lines":       {"fxo1", "name", "Front", "destination", "1999"},
		"trunks":      {"telco", "caller_id", "02188776655", "servers", "!!"},
		"routes":      {"outside", "strip", "۰", "strip", "۹۹"},
		"menus":       {"500", "name", "Welcome", "tries", "99"},
		"conferences": {"800", "max_members", "۵", "max_members", "1"},
		"switches":    {"*28", "name", "Holiday", "number", "x"},
		"services":    {"600", "number", "601", "number", "x"},
		"music":       {"sales", "files", "santur, calm", "name", "A B"},
		"webhooks":    {"crm", "events", "call, agent", "url", "nowhere"},
		"parking":     {"", "slots", "5", "slots", "0"},
		"features":    {"", "pickup", "*60", "pickup", "abc"},
		"listening":   {"", "supervisors", "1001، 1002", "supervisors", "1999"},
		"voicemail":   {"", "max_messages", "50", "max_messages", "0"},
		"recording":   {"", "keep_days", "10", "keep_days", "9999"},
		"system":      {"", "name", "Our shop", "time_zone", "Mars"},
		"sip":         {"", "max_contacts", "3", "max_contacts", "99"},
		"media":       {"", "timeout", "2", "timeout", "90"}, // minutes
	}
	si := settled(t)
	b := si.browse(t)
	b.do("signin")
	kinds := b.do("eval", "script", `fetch("/api/describe").then((r) => r.json()).then((d) => d.kinds.map((k) => k.id).join(" "))`).Value.(string)
	if n := len(kinds); n < 50 {
		t.Fatalf("the box describes %q", kinds)
	}
	tried := 0
	for i, kind := range strings.Fields(kinds) {
		e, ok := edits[kind]
		if !ok {
			t.Errorf("no edit of %s is tried", kind)
			continue
		}
		tried++
		t.Log(kind) // a failure names the one that it is about
		_, before := si.box.Revisions.Current()
		if i%2 == 0 {
			b.do("size", "width", 390, "height", 844)
		} else {
			b.do("size", "width", 1280, "height", 900)
		}
		lang := []string{"en", "fa"}[i/2%2]
		b.do("lang", "lang", lang)
		b.do("goto", "path", "/#/settings/"+kind)
		if e.thing != "" {
			b.do("click", "testid", "thing-"+e.thing)
		}
		b.do("wait", "testid", "thing-form")
		b.do("axe")
		if r := b.do("eval", "script", "document.documentElement.scrollWidth - innerWidth"); r.Value != 0.0 {
			t.Errorf("the form of %s is %v px wider than the screen", kind, r.Value)
		}
		b.do("fill", "testid", "field-"+e.wrongField, "value", e.bad)
		b.do("click", "testid", "thing-save")
		b.do("wait", "testid", "field-"+e.wrongField+"-wrong")
		if r := b.do("eval", "script", "document.activeElement.dataset.testid"); r.Value != "field-"+e.wrongField {
			t.Errorf("%s: the focus is at %v, want the wrong field", kind, r.Value)
		}
		b.do("click", "testid", "thing-cancel")
		b.do("wait", "testid", "thing-save", "enabled", false)
		b.do("fill", "testid", "field-"+e.field, "value", e.good)
		b.do("press", "testid", "field-"+e.field, "key", "Enter") // as a keyboard saves
		b.do("wait", "testid", "thing-told", "contains", map[string]string{"en": "Saved", "fa": "ذخیره"}[lang])
		if _, rev := si.box.Revisions.Current(); rev != before+1 {
			t.Errorf("%s: revision %d, want %d", kind, rev, before+1)
		}
		if _, trying := si.box.Revisions.OnTrial(); trying {
			b.do("wait", "testid", "confirm-banner")
			b.do("click", "testid", "confirm-keep")
			b.do("wait", "testid", "confirm-banner", "gone", true)
		}
		b.do("goto", "path", "/#/settings/history")
		b.do("click", "testid", fmt.Sprintf("revision-%d-show", before+1))
		b.do("wait", "testid", "changes")
		b.do("click", "testid", fmt.Sprintf("revision-%d-restore", before))
		b.do("click", "testid", fmt.Sprintf("revision-%d-restore", before))
		b.do("wait", "testid", fmt.Sprintf("revision-%d", before+2))
	}
	b.do("axe")
	if tried < len(edits) {
		t.Errorf("%d kinds were tried of %d", tried, len(edits))
	}
	c, _ := si.box.Revisions.Current()
	if text, _ := c.YAML(); string(text) != wholeText(t) {
		t.Errorf("not everything was undone:\n%s", text)
	}
}

func wholeText(t *testing.T) string {
	t.Helper()
	c, err := config.Parse("shop", []byte(webtest.Shop))
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestThingsAreFoundMadeAndDeleted(t *testing.T) {
	si := settled(t)
	b := si.browse(t)
	b.do("signin")
	b.do("lang", "lang", "fa")
	b.do("goto", "path", "/#/settings/extensions")
	b.do("fill", "testid", "things-find", "value", "علیرضا کیان") // stored with the Arabic ye and kaf, and a half-space
	b.do("wait", "testid", "thing-1003")
	b.do("wait", "testid", "thing-1001", "gone", true)
	b.do("axe")
	b.do("click", "testid", "thing-new")
	b.do("fill", "testid", "field-number", "value", "۱۰۱۰")
	b.do("fill", "testid", "field-name", "value", "مینا")
	b.do("click", "testid", "field-secret-make")
	b.do("click", "testid", "thing-save")
	b.do("wait", "testid", "thing-told", "contains", "ذخیره")
	c, _ := si.box.Revisions.Current()
	if e, ok := c.Extension("1010"); !ok || len(e.Secret.Reveal()) != 16 {
		t.Fatalf("the extension was not made: %t", ok)
	}
	b.do("click", "testid", "thing-delete")
	b.do("click", "testid", "thing-delete") // really
	b.do("wait", "testid", "thing-1001")
	b.do("wait", "testid", "thing-1010", "gone", true)
	b.do("click", "testid", "thing-1001")
	b.do("wait", "testid", "thing-uses", "contains", "۵۰۰")
	b.do("wait", "testid", "thing-delete", "enabled", false)
	b.do("fill", "testid", "field-name", "value", "not saved")
	b.do("click", "testid", "nav-calls")                                                   // the question whether to leave is answered with no
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) { // the address is put back
		r := b.do("eval", "script", "location.hash")
		if r.Value == "#/settings/extensions/1001" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the page went to %v with something unsaved", r.Value)
		}
	}

	// Somebody else is faster.
	c, rev := si.box.Revisions.Current()
	fresh := *c
	fresh.Extensions = append([]config.Extension(nil), c.Extensions...)
	fresh.Extensions[0].RingFor = config.Duration(35 * time.Second)
	if _, err := si.box.Revisions.Propose(&fresh, rev, "other", "faster"); err != nil {
		t.Fatal(err)
	}
	b.do("click", "testid", "thing-save")
	b.do("wait", "testid", "thing-overtaken", "contains", "35s")
	b.do("axe")
	b.do("click", "testid", "thing-merge")
	b.do("click", "testid", "thing-save")
	b.do("wait", "testid", "thing-told", "contains", "ذخیره شد")
	c, _ = si.box.Revisions.Current()
	if e, _ := c.Extension("1001"); e.Name != "not saved" || e.RingFor.D() != 35*time.Second || e.Secret.Reveal() != "a long password" {
		t.Errorf("after merging 1001 is %s, rings %v", e.Name, e.RingFor)
	}
}

func TestSettingsAreReadAsAFile(t *testing.T) {
	si := settled(t)
	b := si.browse(t)
	b.do("signin")
	b.do("goto", "path", "/#/settings/file")
	b.do("wait", "testid", "file-text")
	b.do("eval", "script", `(() => { const e = document.querySelector("#file-text"); e.value = e.value.replace("Demo shop", "Loaded shop"); e.dispatchEvent(new Event("input", { bubbles: true })); })()`)
	b.do("click", "testid", "file-check")
	b.do("wait", "testid", "changes", "contains", "Loaded shop")
	b.do("axe")
	b.do("click", "testid", "file-apply")
	b.do("wait", "testid", "confirm-banner", "contains", "on trial")
	b.do("click", "testid", "confirm-back")
	b.do("wait", "testid", "confirm-banner", "gone", true)
	if c, _ := si.box.Revisions.Current(); c.System.Name != "Demo shop" || c.Trunks[0].Secret.Reveal() != "their password" {
		t.Errorf("taken back the box is called %s", c.System.Name)
	}
	b.do("fill", "testid", "file-text", "value", "schema: 1\nnonsense: 2")
	b.do("click", "testid", "file-check")
	b.do("wait", "testid", "file-wrong", "contains", "unknown key")
}

func TestAuditLogNamesWhoDidWhat(t *testing.T) {
	si := settled(t)
	b := si.browse(t)
	b.do("signin", "password", "not the password", "fails", true, "contains", "do not go together")
	b.do("signin")
	b.do("goto", "path", "/#/settings/switches/*28")
	b.do("fill", "testid", "field-name", "value", "Closed")
	b.do("click", "testid", "thing-save")
	b.do("wait", "testid", "thing-told", "contains", "Saved")
	b.do("goto", "path", "/#/settings/audit")
	b.do("wait", "testid", "audit-row", "contains", "switches")
	b.do("wait", "testid", "audit-row", "contains", "refused (401)")
	b.do("wait", "testid", "audit-row", "contains", "signed in")
	b.do("axe")
}
