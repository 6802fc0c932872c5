package figures

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/staffing"
)

// TestDemandOfADay counts the day of the figures by hand, by half hours.
func TestDemandOfADay(t *testing.T) {
	b, at := day(t)
	b.visit(at(9, 5, 0), "", ledger.Visit{Outcome: ledger.VisitOverflow, Reason: "closed"})
	b.visit(at(9, 6, 0), "", ledger.Visit{Queue: "710", Outcome: ledger.VisitAbandoned, Wait: seconds(5)})
	r := room(b, at(12, 10, 0), func(c *config.Config) {
		c.Queues = []config.Queue{{Number: "700", Agents: config.QueueAgents("1001")}}
	})
	d, err := r.Demand(t.Context(), "700", []time.Time{at(0, 0, 0), at(9, 0, 0).AddDate(0, 0, -4)}, 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]DemandDay{{Day: at(0, 0, 0), Calls: 12}, {Day: Day(at(9, 0, 0).AddDate(0, 0, -4)), Empty: true}}, d.Days); diff != "" {
		t.Error(diff)
	}
	half, sec := 30*time.Minute, time.Second
	want := [halves]staffing.Seen{
		16: {Duty: half}, 17: {Duty: half},
		18: {Calls: 2, Answered: 2, InTime: 2, Work: 200 * sec, Waited: 30 * sec, Duty: half},
		19: {Calls: 1, Answered: 1, Work: 50 * sec, Waited: 40 * sec, Duty: half},
		20: {Calls: 5, Abandoned: 3, Waited: 228 * sec}, // 1001 is paused
		21: {Calls: 2, Waited: 130 * sec, Duty: half},
		22: {Calls: 1, Waited: 8 * sec},
		23: {Calls: 1}, // waits still
	}
	for i := range 24 {
		want[i].Span = half
	}
	want[24].Span = 10 * time.Minute // it is 12:10
	if diff := cmp.Diff(want, d.Halves); diff != "" {
		t.Error(diff)
	}
}

// TestDemandWhereClocksChange has the hour that comes twice.
func TestDemandWhereClocksChange(t *testing.T) {
	zone := zoneOf(t, "Europe/Berlin")
	b := &book{}
	b.visit(time.Date(2026, 10, 25, 0, 10, 0, 0, time.UTC), "", ledger.Visit{Outcome: ledger.VisitAnswered}) // 2:10, the first time
	b.visit(time.Date(2026, 10, 25, 1, 10, 0, 0, time.UTC), "", ledger.Visit{Outcome: ledger.VisitAnswered})
	b.floor = append(b.floor, call.Step{At: time.Date(2026, 10, 24, 23, 50, 0, 0, time.UTC), Type: call.StepBox, Value: "started"})
	r := room(b, time.Date(2026, 11, 1, 0, 0, 0, 0, zone), nil)
	r.opts.Config().System.TimeZone = "Europe/Berlin"
	d, err := r.Demand(t.Context(), "700", []time.Time{time.Date(2026, 10, 25, 12, 0, 0, 0, zone)}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if s := d.Halves[4]; s.Calls != 2 || s.Span != time.Hour || d.Halves[6].Span != staffing.HalfHour {
		t.Errorf("2:00 is %+v, 3:00 %+v", s, d.Halves[6])
	}
}

func TestUsualDaysAreNoHolidays(t *testing.T) {
	// A Saturday: today counts for nothing.
	now := time.Date(2026, 11, 28, 10, 0, 0, 0, tehran(t))
	r := room(&book{}, now, func(c *config.Config) {
		c.Hours = []config.Hours{{Name: "Office", Holidays: config.IranHolidays, Own: []config.OwnHoliday{{On: "1405/8/16", Name: "Stocktaking"}},
			Exceptions: []config.HoursException{{On: "2026-10-31", Name: "Fair", Open: []string{"8:00-20:00"}}}}}
		c.Queues = []config.Queue{{Number: "700", Night: config.Night{Hours: "Office"}}, {Number: "710"}}
	})
	saturday, ok := Weekday("Sat")
	if _, no := Weekday("sa"); !ok || no || saturday != time.Saturday {
		t.Fatal("names of days")
	}
	dates := func(list []time.Time) (out []string) {
		for _, d := range list {
			out = append(out, d.Format(time.DateOnly))
		}
		return out
	}
	days, skipped := r.Usual("700", saturday, 3)
	if diff := cmp.Diff([]string{"2026-11-21", "2026-11-14", "2026-10-24"}, dates(days)); diff != "" {
		t.Error(diff)
	}
	if len(skipped) != 2 || skipped[0].Names.English != "Stocktaking" || skipped[1].Names.English != "Fair" {
		t.Errorf("skipped %+v", skipped)
	}
	if days, skipped = r.Usual("710", saturday, 3); len(skipped) != 0 || len(days) != 3 {
		t.Errorf("a queue without hours: %v, skipped %v", dates(days), skipped)
	}
	if _, skipped = r.Usual("710", time.Wednesday, 30); len(skipped) == 0 {
		t.Error("a queue without hours has none of the country's holidays")
	}
}
