package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/whatif"
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
