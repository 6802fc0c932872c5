package config

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
)

const hoursFile = `schema: 1
system: {name: Shop, language: fa, time_zone: Asia/Tehran, country: IR, max_calls: 10}
extensions: [{number: 1001}, {number: 1003}]
queues: [{number: 700, agents: [1001], night: {switch: "*28", hours: Office, destination: 1003}}]
switches: [{number: "*28", name: Night}]
flows: [{number: 520, steps: [{name: see, do: branch, cases: [{of: hours, is: [Office], to: 1001}], otherwise: 1003}]}]
hours:
  - name: Office
    week: {saturday: ["8:00-13:00", "14:00-17:00"], thursday: ["22:00-2:00"]}
    exceptions: [{on: 1405/9/8, until: 1405/9/9, name: Painting}, {on: 2026-12-05, open: ["10:00-11:00"]}]
    holidays: ir
    changes: [{holiday: fatima, off: true}, {holiday: mahdi, day: 1405/11/4, move: -1}, {holiday: fitr, day: 2027-03-10, move: 1}]
    own: [{on: 9/7, name: Stocktaking}, {on: 12-25, name: Christmas}]
`

func TestHoursOfAFile(t *testing.T) {
	cfg, err := Parse("hours.yaml", []byte(hoursFile))
	if err != nil {
		t.Fatal(err)
	}
	text, err := cfg.YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("again", text)
	if err != nil || !cmp.Equal(cfg.Hours, again.Hours) || again.Queues[0].Night != cfg.Queues[0].Night {
		t.Errorf("written and read back: %v\n%s", err, text)
	}
	if got := cfg.HoursOf("*28"); !cmp.Equal(got, []string{"Office"}) {
		t.Errorf("*28 is for %v", got)
	}
	table := cfg.Timetable()
	tehran, _ := time.LoadLocation("Asia/Tehran")
	for at, want := range map[string]string{
		"2026-11-21 08:00": "", "2026-11-21 13:00": "closed: out of hours; hours Office open again Saturday 14:00",
		"2026-11-20 10:00": "closed: Friday; hours Office open again Saturday 8:00",
		"2026-11-20 01:59": "",
		"2026-11-28 10:00": "closed: Stocktaking; hours Office open again Thursday 22:00",
		"2026-11-29 10:00": "closed: Painting; hours Office open again Thursday 22:00",
		"2026-12-05 10:30": "",
		"2026-06-25 23:00": "closed: Ashura; hours Office open again Saturday 8:00",
		"2026-12-25 10:00": "closed: Christmas; hours Office open again Saturday 8:00",
		"2026-11-13 01:00": "",                                                            // of Thursday
		"2026-03-21 10:00": "closed: Eid al-Fitr; hours Office open again Thursday 22:00", // it is not moved as the one in March 2027
		"2027-03-10 10:00": "closed: Wednesday; hours Office open again Saturday 8:00",
		"2027-03-11 10:00": "closed: second day of Eid al-Fitr; hours Office open again Saturday 8:00",
		"2031-02-11 10:00": "closed: Victory of the Revolution; hours Office open again Thursday 22:00", // 1409: as every year
		"2027-01-23 10:00": "closed: birth of Imam Mahdi; hours Office open again Thursday 22:00",       // a day earlier
	} {
		when, err := time.ParseInLocation("2006-01-02 15:04", at, tehran)
		if err != nil {
			t.Fatal(err)
		}
		if open, why := table.Open("Office", when); why != want || open != (want == "") {
			t.Errorf("%s: %v %q, want %q", at, open, why, want)
		}
	}
}

// TestTheWeekdayIsThatOfTheHours: in Tehran it is Monday already.
func TestTheWeekdayIsThatOfTheHours(t *testing.T) {
	cfg := Default()
	cfg.Hours = []Hours{{Name: "Office", TimeZone: "Asia/Tehran"}}
	_, why := cfg.Timetable().Open("Office", time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC))
	if want := "closed: Monday; hours Office do not open for a year"; why != want {
		t.Errorf("%s, want %s", why, want)
	}
}

func TestHoursAreChecked(t *testing.T) {
	for _, test := range []struct{ old, new, path, message string }{
		{"hours: Office, dest", "hours: Shop, dest", "queues[0].night.hours", "no hours Shop"},
		{"is: [Office]", "is: [Shop]", "flows[0].steps[0].cases[0].is[0]", "no hours Shop"},
		{"is: [Office]", "is: []", "flows[0].steps[0].cases[0].is", "must not be empty"},
		{"name: Office\n", "name: \"\"\n", "hours[0].name", "must not be empty"},
		{"saturday:", "caturday:", "hours[0].week.caturday", "not a day"},
		{"8:00-13:00", "8:00-25:00", "hours[0].week.saturday[0]", "not a time"},
		{"8:00-13:00", "8:00-8:00", "hours[0].week.saturday[0]", "not a time"},
		{"8:00-13:00", "8-13", "hours[0].week.saturday[0]", "not a time"},
		{"on: 1405/9/8", "on: 1404/12/30", "hours[0].exceptions[0].on", "not a date"},
		{"until: 1405/9/9", "until: 1405/9/7", "hours[0].exceptions[0].until", "before the first day"},
		{"holidays: ir", "holidays: mars", "hours[0].holidays", "choose ir or none"},
		{"holiday: fatima", "holiday: nobody", "hours[0].changes[0].holiday", "no official holiday"},
		{"day: 1405/11/4", "day: 1405/11/31", "hours[0].changes[1].day", "not a date"},
		{"move: -1", "move: 9", "hours[0].changes[1].move", "from -3 to 3"},
		{"on: 9/7", "on: 9/32", "hours[0].own[0].on", "not a date"},
		{"    holidays: ir", "    holidays: ir\n    time_zone: Moon/Sea", "hours[0].time_zone", "time zone"},
	} {
		text := strings.Replace(hoursFile, test.old, test.new, 1)
		if text == hoursFile {
			t.Fatalf("nothing replaced for %s", test.new)
		}
		_, err := Parse("f", []byte(text))
		if err == nil || !strings.Contains(err.Error(), test.path+": ") || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: %v, want %s: %s", test.new, err, test.path, test.message)
		}
	}
}

func FuzzSpan(f *testing.F) {
	f.Add("8:00-13:00")
	f.Add("۲۲:۰۰-۲:۰۰")
	f.Fuzz(func(t *testing.T, text string) {
		if s, ok := span(text); ok && (s.From < 0 || s.From > 1439 || s.To < 1 || s.To > 1440) {
			t.Fatalf("%q is %+v", text, s)
		}
	})
}

// TestASwitchGoesBeforeTheHoursOfABranch: that of the flow, or the only one.
func TestASwitchGoesBeforeTheHoursOfABranch(t *testing.T) {
	night := func(number string) Night { return Night{Switch: number, Hours: "Office", Destination: "1001"} }
	for _, c := range []struct {
		what   string
		flow   Night
		queues []Queue
		want   string
	}{
		{"no switch has these hours", Night{}, []Queue{{Night: Night{Switch: "*28", Hours: "Shop"}}}, ""},
		{"the only one", Night{}, []Queue{{Night: night("*28")}, {Night: night("*28")}}, "*28"},
		{"the flow's own", night("*29"), []Queue{{Night: night("*28")}}, "*29"},
		{"two of others", Night{}, []Queue{{Night: night("*28")}, {Night: night("*29")}}, ""},
		{"the flow has other hours", Night{Switch: "*30", Hours: "Shop"}, []Queue{{Night: night("*28")}}, "*28"},
	} {
		cfg := &Config{Flows: []Flow{{Night: c.flow}}, Queues: c.queues}
		if got := cfg.NightOf(&cfg.Flows[0], "Office"); got != (Night{Switch: c.want, Hours: "Office"}) {
			t.Errorf("%s: %+v, want switch %q", c.what, got, c.want)
		}
	}
}
