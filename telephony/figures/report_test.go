package figures

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// day is a small day of which every figure was computed by hand:
//
//	        wait    what became of it
//	09:00   10 s    answered by 1001: talk 100 s, of it 20 s hold, wrap 30 s
//	09:10   20 s    answered by 1002 after 1001 missed it: talk 60 s, wrap 10 s, transferred
//	09:59   40 s    answered by 1001 at 10:00: talk 50 s, no wrap
//	10:05    3 s    abandoned (short)
//	10:06   15 s    abandoned
//	10:07   90 s    abandoned
//	10:08    0 s    refused: full
//	10:09  120 s    time-out
//	10:30   60 s    will be called back; connected 10 minutes later
//	10:40   70 s    will be called back; expired
//	11:00    8 s    the box stopped
//	11:59    -      still waiting
//
// The customer of 09:00 comes back on the third day, the one of 09:10 on the ninth.
// Agent 1001 is free from 08:00, talks 09:00:10-09:01:50, wraps up to 09:02:20, and is
// paused 10:00-10:30 and gone at 11:00; 1002 is logged out.
func day(t *testing.T) (*book, func(h, m, s int) time.Time) {
	zone := tehran(t)
	at := func(h, m, s int) time.Time { return time.Date(2026, 3, 1, h, m, s, 0, zone) }
	b := &book{}
	b.visit(at(9, 0, 0), "09121111111", ledger.Visit{Outcome: ledger.VisitAnswered, Agent: "1001", Wait: seconds(10), Talk: seconds(100), Hold: seconds(20), Wrap: seconds(30),
		Rings: []ledger.Ring{{Agent: "1001", End: "answered"}}, Survey: map[string]string{"1": "4"}})
	b.visit(at(9, 10, 0), "09122222222", ledger.Visit{Outcome: ledger.VisitAnswered, Agent: "1002", Wait: seconds(20), Expected: seconds(26), Talk: seconds(60), Wrap: seconds(10), Transferred: true,
		Rings: []ledger.Ring{{Agent: "1001", End: "no-answer"}, {Agent: "1002", End: "answered"}}})
	b.visit(at(9, 59, 0), "09123333333", ledger.Visit{Outcome: ledger.VisitAnswered, Agent: "1001", Wait: seconds(40), Expected: seconds(30), Talk: seconds(50),
		Rings: []ledger.Ring{{Agent: "1001", End: "answered"}, {Agent: "1002", End: "answered-elsewhere"}}})
	b.visit(at(10, 5, 0), "", ledger.Visit{Outcome: ledger.VisitAbandoned, Wait: seconds(3), Rings: []ledger.Ring{{Agent: "1001", End: "cancelled"}}})
	b.visit(at(10, 6, 0), "", ledger.Visit{Outcome: ledger.VisitAbandoned, Wait: seconds(15)})
	b.visit(at(10, 7, 0), "", ledger.Visit{Outcome: ledger.VisitAbandoned, Wait: seconds(90)})
	b.visit(at(10, 8, 0), "", ledger.Visit{Outcome: ledger.VisitOverflow, Reason: "full"})
	b.visit(at(10, 9, 0), "", ledger.Visit{Outcome: ledger.VisitOverflow, Reason: "timeout", Wait: seconds(120)})
	b.visit(at(10, 30, 0), "", ledger.Visit{Outcome: ledger.VisitCallback, Wait: seconds(60), Callback: "connected", Delay: seconds(600)})
	b.visit(at(10, 40, 0), "", ledger.Visit{Outcome: ledger.VisitCallback, Wait: seconds(70), Callback: "expired"})
	b.visit(at(11, 0, 0), "", ledger.Visit{Outcome: ledger.VisitInterrupted, Wait: seconds(8)})
	b.visit(at(11, 59, 0), "", ledger.Visit{})
	b.entries[11].Running = true
	b.entries = append(b.entries, ledger.Entry{Started: at(11, 30, 0), Result: ledger.Refused, Cause: "no-channel"})
	b.visit(at(9, 0, 0).AddDate(0, 0, 3), "+989121111111", ledger.Visit{Outcome: ledger.VisitAnswered, Agent: "1001"})
	b.visit(at(9, 0, 0).AddDate(0, 0, 9), "09122222222", ledger.Visit{Outcome: ledger.VisitAbandoned})
	does := func(h, m, s int, agent, status string) {
		b.floor = append(b.floor, call.Step{At: at(h, m, s), Type: call.StepAgent, Agent: agent, Value: status})
	}
	beat := func(h int) { does(h, 0, 0, "1002", "logged-out") }
	beat(7)
	does(8, 0, 0, "1001", "free")
	beat(8)
	does(9, 0, 0, "1001", "ringing")
	does(9, 0, 10, "1001", "talking")
	does(9, 1, 50, "1001", "wrap-up")
	does(9, 2, 20, "1001", "free")
	beat(10)
	does(10, 0, 0, "1001", "paused")
	does(10, 30, 0, "1001", "free")
	does(11, 0, 0, "1001", "logged-out")
	for h := 12; h < 24; h++ {
		beat(h)
	}
	return b, at
}

var whole = map[string]float64{
	"offered": 12, "answered": 3, "abandoned": 3, "short": 1, "overflow": 2, "callback": 2, "waiting": 1, "interrupted": 1, "blocked": 1,
	"sl-net": 2. / 10, "sl-offered": 2. / 12, "sl-answered": 2. / 3, "sl-both": 4. / 6, "answer-rate": 3. / 12,
	"abandonment": 2. / 11, "abandonment-all": 3. / 12,
	"asa": 70_000. / 3, "awt": 436_000. / 11, "wait-max": 120_000, "wait-p90": 90_111,
	"wait-error": 8_000, "wait-foreseen": 2. / 3,
	"aht": 250_000. / 3, "talk": 190_000. / 3, "hold": 20_000. / 3, "acw": 40_000. / 3, "transfer-rate": 1. / 3, "transferred": 1,
	"offers": 6, "rona": 1. / 4, "occupancy": 130. / (3*3600 - 1800), "utilisation": 130. / (3 * 3600), "logged-in": 3 * 3600_000, "paused": 1800_000,
	"callback-success": 1. / 2, "callback-delay": 600_000, "fcr": 2. / 3, "returned": 1, "survey": 4,
}

func near(a, b map[string]float64) string {
	return cmp.Diff(a, b, cmp.Comparer(func(x, y float64) bool { return math.Abs(x-y) < 1e-9*math.Max(1, math.Abs(x)) }))
}

func TestADayComputedByHand(t *testing.T) {
	b, at := day(t)
	r := room(b, at(12, 0, 0).AddDate(0, 0, 20), nil)
	q := Query{From: at(0, 0, 0), To: NextDay(at(0, 0, 0)), By: ByHour}
	got, err := r.Report(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if diff := near(whole, got.Total.Values); diff != "" {
		t.Errorf("by hand and computed:\n%s", diff)
	}
	if !got.Closes || got.Difference != 0 || got.Total.Overflow["full"] != 1 || got.Total.Overflow["timeout"] != 1 {
		t.Errorf("closes %v, %d, overflow %v", got.Closes, got.Difference, got.Total.Overflow)
	}
	if len(got.Rows) != 24 || got.Rows[9].Values["offered"] != 3 || got.Rows[9].Values["answered"] != 3 || got.Rows[10].Values["offered"] != 7 || got.Rows[11].Values["blocked"] != 1 {
		t.Errorf("hours: %+v", got.Rows[9:12])
	}
	if len(whole) != len(formulas) {
		t.Errorf("%d of %d figures were computed by hand", len(whole), len(formulas))
	}
	// Other thresholds, and days.
	got, _ = r.Report(t.Context(), Query{From: at(0, 0, 0), To: at(24, 0, 0), Threshold: 40 * time.Second, Short: 20 * time.Second, Days: 10})
	if v := got.Total.Values; v["sl-net"] != 3./10 || v["abandonment"] != 1./10 || v["fcr"] != 1./3 {
		t.Errorf("other thresholds: %v", v)
	}
}

func TestOneAgent(t *testing.T) {
	b, at := day(t)
	r := room(b, at(12, 0, 0).AddDate(0, 0, 20), nil)
	got, err := r.Report(t.Context(), Query{From: at(0, 0, 0), To: at(24, 0, 0), By: ByAgent})
	if err != nil || len(got.Rows) != 2 || got.Rows[0].Key != "1001" {
		t.Fatalf("%v %+v", err, got.Rows)
	}
	want := map[string]float64{"offered": 2, "answered": 2, "asa": 25_000, "aht": 90_000, "talk": 65_000, "hold": 10_000, "acw": 15_000, "transfer-rate": 0, "transferred": 0,
		"offers": 4, "rona": 1. / 3, "occupancy": whole["occupancy"], "utilisation": whole["utilisation"], "logged-in": 3 * 3600_000, "paused": 1800_000, "fcr": 1. / 2, "returned": 1, "survey": 4}
	if diff := near(want, got.Rows[0].Values); diff != "" {
		t.Error(diff)
	}
	one, err := r.Report(t.Context(), Query{From: at(0, 0, 0), To: at(24, 0, 0), Agent: "1001"})
	if diff := near(want, one.Total.Values); diff != "" || err != nil || !one.Closes {
		t.Errorf("asked for alone: %v\n%s", err, diff)
	}
}

func TestAReportThatDoesNotCloseSaysSo(t *testing.T) {
	b, at := day(t)
	b.visit(at(13, 0, 0), "", ledger.Visit{}) // over, and nobody knows how
	got, err := room(b, at(20, 0, 0), nil).Report(t.Context(), Query{From: at(0, 0, 0), To: at(24, 0, 0)})
	if err != nil || got.Closes || got.Difference != 1 || len(got.Unclosed) != 1 || got.Unclosed[0].Call != "c15" {
		t.Errorf("%v %+v", err, got)
	}
}

func TestContactsBehindAFigure(t *testing.T) {
	b, at := day(t)
	r := room(b, at(12, 0, 0).AddDate(0, 0, 20), nil)
	q := Query{From: at(0, 0, 0), To: at(24, 0, 0)}
	report, err := r.Report(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formulas() {
		if !f.Drill {
			continue
		}
		seen, want := 0, whole[f.ID]
		switch f.Unit {
		case Ratio:
			want = float64(report.Shares[f.ID].Over)
		case Millis:
			want = float64(report.Shares[f.ID].Under)
		}
		for more := true; more; {
			page, all, err := r.Contacts(t.Context(), q, f.ID, seen, 2)
			if err != nil || float64(all) != want {
				t.Fatalf("%s: %d contacts, want %v, %v", f.ID, all, want, err)
			}
			seen += len(page)
			more = seen < all
			if len(page) == 0 && more {
				t.Fatalf("%s: an empty page", f.ID)
			}
		}
	}
	if list, _, err := r.Contacts(t.Context(), q, "returned", 0, 10); err != nil || list[0].Call != "c0" {
		t.Errorf("%v %+v", err, list)
	}
	for _, by := range []Group{ByHour, ByDay, ByWeekday, ByWeekHour, ByQueue, ByAgent, ByNumber, ByWay} {
		q.By = by
		report, err := r.Report(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range report.Rows {
			for _, figure := range []string{"offered", "answered", "abandoned", "returned"} {
				q := q
				q.Row, q.OfRow = row.Key, true
				want := row.Values[figure]
				if _, all, err := r.Contacts(t.Context(), q, figure, 0, 1); err != nil || float64(all) != want && !(by == ByAgent && figure == "abandoned") {
					t.Errorf("%s of %s %q: %d contacts, want %v, %v", figure, by, row.Key, all, want, err)
				}
			}
		}
	}
	if _, _, err := r.Contacts(t.Context(), q, "wait-p90", 0, 10); err == nil {
		t.Error("the contacts behind a part of all were listed")
	}
}

// TestWhoIsMovedDoesNotComeBack: a second visit in the same call is no second contact of
// the customer, a call by another customer or to another queue neither.
func TestWhoIsMovedDoesNotComeBack(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	served := ledger.Visit{Outcome: ledger.VisitAnswered, Agent: "1001"}
	b := &book{}
	b.visit(at, "09121111111", served)
	again := b.entries[0].Visits[0]
	again.Offered = at.Add(time.Minute)
	b.entries[0].Visits = append(b.entries[0].Visits, again)
	b.visit(at.Add(time.Hour), "09122222222", served)
	other := served
	other.Queue = "710"
	b.visit(at.Add(2*time.Hour), "09121111111", other)
	got, err := room(b, at.AddDate(0, 0, 20), nil).Report(t.Context(), Query{From: at, To: at.AddDate(0, 0, 1)})
	if v := got.Total.Values; err != nil || v["fcr"] != 1 || v["returned"] != 0 {
		t.Errorf("%v, fcr %v, came back %v", err, v["fcr"], v["returned"])
	}
}

func TestNumbersThatChanged(t *testing.T) {
	b, at := day(t)
	r := room(b, at(20, 0, 0), func(c *config.Config) {
		c.Extensions = []config.Extension{{Number: "2001", Formerly: []string{"1001"}}}
		c.Queues = []config.Queue{{Number: "900", Formerly: []string{"700"}}}
	})
	got, err := r.Report(t.Context(), Query{From: at(0, 0, 0), To: at(24, 0, 0), Queue: "900", By: ByAgent})
	if err != nil || got.Total.Values["offered"] != 12 || got.Rows[0].Key != "2001" || got.Rows[0].Values["offers"] != 4 {
		t.Errorf("%v %+v", err, got.Rows)
	}
}

func TestNobodyWorksWhileTheBoxIsOff(t *testing.T) {
	at := func(h, m int) time.Time { return time.Date(2026, 3, 1, h, m, 0, 0, time.UTC) }
	free := func(h, m int) call.Step {
		return call.Step{At: at(h, m), Type: call.StepAgent, Agent: "1001", Value: "free"}
	}
	box := func(h, m int, v string) call.Step { return call.Step{At: at(h, m), Type: call.StepBox, Value: v} }
	for name, test := range map[string]struct {
		floor []call.Step
		want  time.Duration
	}{
		"stopped in order":          {[]call.Step{free(8, 0), free(9, 0), box(9, 30, "stopped"), box(9, 40, "started"), free(9, 41), free(10, 0), box(10, 30, "stopped")}, 2*time.Hour + 19*time.Minute},
		"lost power":                {[]call.Step{free(8, 0), free(9, 0), box(9, 40, "started"), free(9, 41), box(10, 0, "stopped")}, time.Hour + 19*time.Minute},
		"lost power and stayed off": {[]call.Step{free(8, 0), free(9, 0)}, time.Hour},
		"lost power for a day":      {[]call.Step{free(8, 0), free(20, 0), free(20, 30), box(20, 30, "stopped")}, 30 * time.Minute},
	} {
		got, err := room(&book{floor: test.floor}, at(23, 0), nil).Report(t.Context(), Query{From: at(0, 0), To: at(24, 0), By: ByHour})
		if err != nil || got.Total.tally.Ready != test.want.Milliseconds() {
			t.Errorf("%s: ready for %v, want %v (%v)", name, time.Duration(got.Total.tally.Ready)*time.Millisecond, test.want, err)
		}
	}
}
