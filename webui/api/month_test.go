package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/webui/webtest"
)

// TestReportsOfMonths asks for months and days of both calendars, in the box's zone.
func TestReportsOfMonths(t *testing.T) {
	b := webtest.New(webtest.Scene{})
	cfg := *config.Default()
	cfg.System.TimeZone, cfg.System.Country = "Asia/Tehran", "IR"
	b.SetConfig(cfg)
	for query, want := range map[string][2]string{
		"month=1405-08": {"2026-10-23 00:00", "2026-11-22 00:00"}, "month=2026-11": {"2026-11-01 00:00", "2026-12-01 00:00"},
		"from=1405/8/1&to=1405/8/30": {"2026-10-23 00:00", "2026-11-22 00:00"}, "from=2026-11-22&to=2026-11-22": {"2026-11-22 00:00", "2026-11-23 00:00"},
	} {
		var r figures.Report
		w := do(t, b, "GET", "/api/reports?"+query, "")
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
			t.Errorf("%s: %v in %s", query, err, w.Body)
			continue
		}
		zone, _ := time.LoadLocation("Asia/Tehran")
		if from, to := r.From.In(zone).Format("2006-01-02 15:04"), r.To.In(zone).Format("2006-01-02 15:04"); from != want[0] || to != want[1] {
			t.Errorf("%s is %s to %s, want %v", query, from, to, want)
		}
	}
	for _, query := range []string{"month=1405-13", "month=november", "from=1405/13/1&to=1405/13/2"} {
		if w := do(t, b, "GET", "/api/reports?"+query, ""); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("?%s gave %d, want 422", query, w.Code)
		}
	}
}
