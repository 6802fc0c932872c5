package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/whatif"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

func TestWhatIfIsAsked(t *testing.T) {
	b := webtest.New(webtest.Scene{})
	cfg := *config.Default()
	cfg.Queues = []config.Queue{{Number: "700"}}
	b.SetConfig(cfg)
	w := do(t, b, "GET", "/api/whatif?day=today&queue=700&strategy=ring-all&agents=%2B1,-1001&hours=1001=09:00-13:00&wrap-up=10s&max-wait=5m&tiers=1002=1&skills=1002=en:50&callback=on&accept=30&runs=3", "")
	var got whatif.Comparison
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Runs != 3 || len(got.Figures) < 20 || len(got.Rests) == 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for query, want := range map[string]int{"queue=700": 422, "day=sat": 422, "day=1405/13/1": 422, "day=today&queue=799": 422, "day=today&runs=201": 422, "day=today&agents=1001": 422,
		"day=today&strategy=best": 422, "day=today&t=x": 422, "day=2020-01-01": http.StatusNotFound} {
		if w := do(t, b, "GET", "/api/whatif?"+query, ""); w.Code != want {
			t.Errorf("?%s gave %d %s, want %d", query, w.Code, w.Body, want)
		}
	}
}

// TestADayIsPlayedWithADraft: a whole configuration, which must be one.
func TestADayIsPlayedWithADraft(t *testing.T) {
	b := webtest.New(webtest.Scene{})
	cfg := *config.Default()
	cfg.Extensions = []config.Extension{{Number: "1001", Name: "Sales", Secret: "a-long-password", RingFor: config.Duration(20 * time.Second)}}
	cfg.Queues = []config.Queue{{Number: "700", Name: "As it is", Strategy: config.RingAll, Music: "default", Agents: config.QueueAgents("1001"), RingFor: config.Duration(20 * time.Second)}}
	b.SetConfig(cfg)
	now := asks[api.File](t, b, http.StatusOK, "GET", "/api/configuration", "")
	draft, err := json.Marshal(api.File{YAML: strings.Replace(now.YAML, "As it is", "As it might be", 1)})
	if err != nil {
		t.Fatal(err)
	}
	got := asks[whatif.Comparison](t, b, http.StatusOK, "POST", "/api/whatif?day=today", string(draft))
	if n := len(got.Rests); n != 2 || got.Rests[1].EN != "As it might be" {
		t.Errorf("played with %+v", got.Rests)
	}
	if w := do(t, b, "POST", "/api/whatif?day=today", `{"yaml":"queues: [{number: none}]"}`); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "queues") {
		t.Errorf("what is no configuration: %d %s", w.Code, w.Body)
	}
}
