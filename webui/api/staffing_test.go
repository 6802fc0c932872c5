package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

func TestTargets(t *testing.T) {
	for _, c := range []struct {
		level, abandoned string
		within, most     float64
	}{{"", "", 0.8, 0.05}, {"90/10", "", 0.9, 1}, {"", "3", 0, 0.03}, {"70.5/0", "2.5", 0.705, 0.025}} {
		got, err := api.ParseTarget(c.level, c.abandoned)
		if err != nil || got.Within != c.within || got.Abandoned != c.most {
			t.Errorf("%q and %q are %+v, %v", c.level, c.abandoned, got, err)
		}
	}
	for _, bad := range [][2]string{{"80", ""}, {"100/20", ""}, {"80/20s", ""}, {"80/3601", ""}, {"x/20", ""}, {"", "0"}, {"", "101"}, {"NaN/20", ""}, {"", "NaN"}} {
		if _, err := api.ParseTarget(bad[0], bad[1]); err == nil {
			t.Errorf("%q passes for a target", bad)
		}
	}
}

func TestStaffingOfNoDays(t *testing.T) {
	b := webtest.New(webtest.Scene{})
	cfg := *config.Default()
	cfg.Queues = []config.Queue{{Number: "700"}}
	b.SetConfig(cfg)
	w := do(t, b, "GET", "/api/staffing?queue=700&day=sat&weeks=3", "")
	var got api.Staffing
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Days) < 3 || !got.Few || len(got.Halves) != 0 || strings.Contains(w.Body.String(), "null") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, query := range []string{"queue=799&day=sat", "queue=700", "queue=700&day=someday", "queue=700&day=sat&weeks=27", "queue=700&day=sat&target=80", "queue=700&day=1405/13/1"} {
		if w := do(t, b, "GET", "/api/staffing?"+query, ""); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("?%s gave %d %s, want 422", query, w.Code, w.Body)
		}
	}
}
