package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/webui/api"
)

// A menu that asks another system who it is by the file number that the caller keys.
const fileMenu = `number: "520"
name: Files
steps:
  - {name: file, do: collect, prompts: [welcome], least: 3, most: 6, into: file, next: ask, otherwise: "1003"}
  - {name: ask, do: look-up, url: "CRM/who?file={file}&from={caller}", timeout: 3s, into: crm, next: who, otherwise: "1003"}
  - {name: who, do: branch, cases: [{of: crm.level, at_least: 2, to: "1002"}], otherwise: "1003"}
`

// TestMenuOfAnyShape drafts and publishes a menu, and a phone walks through it.
func TestMenuOfAnyShape(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	asked := make(chan string, 1)
	crm := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.String()
		json.NewEncoder(w).Encode(map[string]any{"level": 3})
	}))
	t.Cleanup(crm.Close)
	file := filepath.Join(t.TempDir(), "files.yaml")

	write(t, file, strings.Replace(fileMenu, `to: "1002"`, `to: "1999"`, 1))
	if out := d.cli("flows", "draft", file); !strings.Contains(out, "# wrong: steps[1].url") || !strings.Contains(out, "# wrong: steps[2].cases[0].to: no extension") {
		t.Errorf("a draft with mistakes says %s", out)
	}
	if out := d.fails("flows", "publish", "520"); !strings.Contains(out, "not an address") {
		t.Errorf("publishing it says %s", out)
	}
	write(t, file, strings.Replace(fileMenu, "CRM", crm.URL, 1))
	d.cli("flows", "draft", file)
	a := newHandset(d, "1001", toneA)
	ends(t, a.call("520"), 15*time.Second, 404) // after the announcement
	d.cli("flows", "publish", "520")

	b := newHandset(d, "1002", toneB).register()
	ours := a.call("520")
	up(t, ours)
	ours.Audio().Press("472#")
	b.answers()
	hears(t, "1001", ours, toneB)
	if url := <-asked; url != "/who?file=472&from=1001" {
		t.Errorf("the other system was asked for %s", url)
	}
	ours.Hangup()
	d.becomes(10*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
	r := d.record("1001", "520")
	story := d.story(r.Call)
	for _, want := range []string{"ile is 472", "s crm.level is 3, the menu went on with Sara"} {
		if !strings.Contains(story, want) {
			t.Errorf("no %q in the story:\n%s", want, story)
		}
	}
	if r.Agent != "1002" || r.Cause != call.Normal.String() {
		t.Errorf("record %+v", r)
	}
	if out := d.cli("calls", "explain", string(r.Call)); !strings.Contains(out, "s crm.level is 3, the menu went on with Sara") || strings.Contains(out, "ile is 472") {
		t.Errorf("explained as\n%s", out)
	}
	if out := d.cli("flows", "show", "520"); !strings.Contains(out, "published menu 520") {
		t.Errorf("shown as %s", out)
	}
}
