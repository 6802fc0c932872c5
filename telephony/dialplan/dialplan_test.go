package dialplan

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

func house() *config.Config {
	c := config.Default()
	c.Extensions = []config.Extension{{Number: "1002", Name: "Sara"}, {Number: "1003"}}
	c.Menus = []config.Menu{{Number: "500", Name: "Main menu"}}
	c.Queues = []config.Queue{{Number: "700", Name: "Sales"}}
	c.Conferences = []config.Conference{{Number: "800", Name: "Meeting"}}
	c.Services = []config.Service{{Number: "600", Kind: config.Echo}, {Number: "*60", Kind: config.Music}}
	return c
}

func TestDecide(t *testing.T) {
	cfg := house()
	for _, c := range []struct {
		dialled string
		want    Decision
	}{
		{"1002", Decision{Kind: Extension, Number: "1002", Reason: "1002 is extension Sara"}},
		{"1003", Decision{Kind: Extension, Number: "1003", Reason: "1003 is extension"}},
		{"500", Decision{Kind: Menu, Number: "500", Reason: "500 is menu Main menu"}},
		{"700", Decision{Kind: Queue, Number: "700", Reason: "700 is queue Sales"}},
		{"800", Decision{Kind: Conference, Number: "800", Reason: "800 is conference Meeting"}},
		{"600", Decision{Kind: Service, Number: "600", Reason: "600 is service echo"}},
		{"*60", Decision{Kind: Service, Number: "*60", Reason: "*60 is service music"}},
		{"7999", Decision{Kind: Unknown, Number: "7999", Reason: "7999 is no number of this box"}},
		{"70", Decision{Kind: Unknown, Number: "70", Reason: "70 is no number of this box"}},
		{"۷۰۰", Decision{Kind: Queue, Number: "700", Reason: "700 is queue Sales"}},
		{"٧٠٠", Decision{Kind: Queue, Number: "700", Reason: "700 is queue Sales"}},
		{"\u200e(1 0)-0.2", Decision{Kind: Extension, Number: "1002", Reason: "1002 is extension Sara"}},
		{"", Decision{Kind: Unknown, Number: "", Reason: "no number was dialled"}},
		{" - ", Decision{Kind: Unknown, Number: "", Reason: "no number was dialled"}},
		{"sara", Decision{Kind: Unknown, Number: "", Reason: "what was dialled is not a number"}},
		{"1002;drop", Decision{Kind: Unknown, Number: "1002", Reason: "what was dialled is not a number"}},
		{strings.Repeat("1", MaxNumber+1), Decision{Kind: Unknown, Number: strings.Repeat("1", MaxNumber), Reason: "what was dialled is not a number"}},
	} {
		if d := cmp.Diff(c.want, Decide(cfg, Query{Number: c.dialled})); d != "" {
			t.Errorf("%q:\n%s", c.dialled, d)
		}
	}
}

// TestOnlyOurOwnPhonesGetOut also tells that the plan goes before the routes and
// that a longer prefix goes before a shorter one.
func TestOnlyOurOwnPhonesGetOut(t *testing.T) {
	cfg := house()
	cfg.Routes = []config.Route{
		{Name: "out", Prefix: "0", Trunks: []string{"telco"}},
		{Name: "abroad", Prefix: "00", Trunks: []string{"telco"}, Extensions: []string{"1002"}},
		{Name: "long", Prefix: "100", Trunks: []string{"telco"}},
	}
	for _, c := range []struct {
		dialled string
		origin  call.Origin
		want    Decision
	}{
		{"0912", call.Origin{Extension: "1003"}, Decision{Kind: Outside, Number: "0912", Reason: "0912 is outside by route out"}},
		{"0044", call.Origin{Extension: "1002"}, Decision{Kind: Outside, Number: "0044", Reason: "0044 is outside by route abroad"}},
		{"0044", call.Origin{Extension: "1003"}, Decision{Kind: Barred, Number: "0044", Reason: "0044 is not for this caller to dial by route abroad"}},
		{"0912", call.Origin{Trunk: "telco"}, Decision{Kind: Barred, Number: "0912", Reason: "0912 is not for this caller to dial by route out"}},
		{"0912", call.Origin{Line: "fxo1"}, Decision{Kind: Barred, Number: "0912", Reason: "0912 is not for this caller to dial by route out"}},
		{"1002", call.Origin{Extension: "1003"}, Decision{Kind: Extension, Number: "1002", Reason: "1002 is extension Sara"}},
		{"2", call.Origin{Extension: "1003"}, Decision{Kind: Unknown, Number: "2", Reason: "2 is no number of this box"}},
	} {
		if d := cmp.Diff(c.want, Decide(cfg, Query{Number: c.dialled, Origin: c.origin})); d != "" {
			t.Errorf("%q from %+v:\n%s", c.dialled, c.origin, d)
		}
	}
}

// TestEverybodyAtADeskMayCallForHelp whatever route leads there; nobody else may, and a
// number that the box has given away is nobody's for help.
func TestEverybodyAtADeskMayCallForHelp(t *testing.T) {
	cfg, desk := house(), call.Origin{Extension: "1003"}
	decide := func(number string, from call.Origin, want Kind, by, dials string) {
		t.Helper()
		d := Decide(cfg, Query{Number: number, Origin: from})
		if d.Kind != want || want == Emergency && d.Reason != number+" is emergency by route "+by {
			t.Errorf("%s from %+v: %+v, want %s by %s", number, from, d, want, by)
		}
		if r, got, ok := cfg.Emergency(number); want == Emergency && (!ok || r.Name != by || got != dials) {
			t.Errorf("%s: %q %v is dialled, want %s", number, got, ok, dials)
		}
	}
	decide("110", desk, Unknown, "", "") // no way out at all
	bar := []string{"1002"}
	cfg.Routes = []config.Route{
		{Name: "out", Prefix: "9", Strip: 1, Trunks: []string{"telco"}, Extensions: bar},
		{Name: "short", Prefix: "11", Strip: 2, Trunks: []string{"telco"}, Extensions: bar},
	}
	cfg.System.Emergency = []string{"123", "1002"}
	decide("110", desk, Emergency, "short", "110")
	decide("9110", desk, Emergency, "out", "110")
	decide("123", desk, Emergency, "out", "123") // no route fits: the first one
	decide("115", desk, Emergency, "short", "115")
	decide("9111", desk, Barred, "", "")
	decide("91100", desk, Barred, "", "")
	decide("911", desk, Barred, "", "")
	decide("1002", desk, Extension, "", "")
	decide("91002", desk, Barred, "", "")
	for _, from := range []call.Origin{{Trunk: "telco"}, {Line: "fxo1"}, {}} {
		decide("9110", from, Barred, "", "")
		decide("123", from, Unknown, "", "")
	}
	cfg.Menus = append(cfg.Menus, config.Menu{Number: "110"})
	decide("110", desk, Menu, "", "")
	decide("9110", desk, Barred, "", "")
}

func TestNormalise(t *testing.T) {
	for _, c := range []struct {
		written, want string
		ok            bool
	}{
		{"+98 (21) 1234-5678", "+982112345678", true},
		{"۰۹۱۲ ۱۲۳ ۴۵ ۶۷", "09121234567", true},
		{"\u2066021.123\u2069", "021123", true},
		{"*72#", "*72#", true},
		{"0+1", "0", false},
		{"1\x002", "1", false},
		{"1\xff", "1", false},
	} {
		if got, ok := Normalise(c.written); got != c.want || ok != c.ok {
			t.Errorf("%q: %q %v, want %q %v", c.written, got, ok, c.want, c.ok)
		}
	}
}

func FuzzDecide(f *testing.F) {
	for _, s := range []string{"700", "۷۰۰", "+98 21", "*60", "\u200e1002", "sip:1002@x", "\xff"} {
		f.Add(s)
	}
	cfg := house()
	f.Fuzz(func(t *testing.T, dialled string) {
		d := Decide(cfg, Query{Number: dialled})
		if len(d.Number) > MaxNumber || strings.Trim(d.Number, "+*#0123456789") != "" {
			t.Fatalf("%q became number %q", dialled, d.Number)
		}
		if d.Reason == "" || !utf8.ValidString(d.Reason) || strings.ContainsAny(d.Reason, "\r\n") {
			t.Fatalf("%q: reason %q", dialled, d.Reason)
		}
		if d.Kind == Unknown {
			return
		}
		if again := Decide(cfg, Query{Number: d.Number}); again != d {
			t.Fatalf("%q is %v, but its number %q is %v", dialled, d, d.Number, again)
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	cfg := config.Default()
	for range 200 {
		cfg.Extensions = append(cfg.Extensions, config.Extension{Number: "1002"})
	}
	cfg.Queues = []config.Queue{{Number: "700", Name: "Sales"}}
	b.ReportAllocs()
	for b.Loop() {
		Decide(cfg, Query{Number: "700"})
	}
}

// TestNumbersOfTheContactListAreDialled: phones keep numbers as +98..., routes begin
// as people dial.
func TestNumbersOfTheContactListAreDialled(t *testing.T) {
	cfg := house()
	cfg.Routes = []config.Route{{Name: "out", Prefix: "0", Trunks: []string{"telco"}}, {Name: "abroad", Prefix: "00", Trunks: []string{"telco"}}}
	for dialled, want := range map[string]Decision{
		"+98 912 123 4567":  {Kind: Outside, Number: "09121234567", Reason: "09121234567 is outside by route out"},
		"+44 1632 960000":   {Kind: Outside, Number: "00441632960000", Reason: "00441632960000 is outside by route abroad"},
		"+1":                {Kind: Unknown, Number: "+1", Reason: "+1 is no number of this box"},
		"0098 912 123 4567": {Kind: Outside, Number: "00989121234567", Reason: "00989121234567 is outside by route abroad"},
	} {
		if d := cmp.Diff(want, Decide(cfg, Query{Number: dialled, Origin: call.Origin{Extension: "1002"}})); d != "" {
			t.Errorf("%q:\n%s", dialled, d)
		}
	}
}

func TestNightAndFeatures(t *testing.T) {
	cfg := config.Default()
	night := config.Night{Switch: "*28", Destination: "1001"}
	cfg.Extensions = []config.Extension{{Number: "1001"}}
	cfg.Queues = []config.Queue{{Number: "700", Night: night}, {Number: "710"}}
	cfg.Menus = []config.Menu{{Number: "500", Night: night}}
	cfg.Lines = []config.Line{{Port: "fxo1", Destination: "710", Night: night}}
	cfg.Trunks = []config.Trunk{{Name: "telco", Destination: "710", Night: night}}
	cfg.Switches = []config.Switch{{Number: "*28", Name: "Night"}}
	cfg.Parking.Number, cfg.Parking.First, cfg.Parking.Slots = "720", "701", 9
	decide := func(number string, o call.Origin, on bool) Decision {
		return Decide(cfg, Query{Number: number, Origin: o, On: func(s string) bool { return on && s == "*28" }})
	}
	line, trunk, desk := call.Origin{Line: "fxo1"}, call.Origin{Trunk: "telco"}, call.Origin{Extension: "1001"}
	for _, test := range []struct {
		number string
		from   call.Origin
		on     bool
		want   Kind
	}{
		{"700", desk, false, Queue}, {"700", desk, true, Night}, {"500", desk, false, Menu}, {"500", desk, true, Night},
		{"710", line, false, Queue}, {"710", line, true, Night}, {"710", trunk, true, Night}, {"710", desk, true, Queue}, {"1001", line, true, Extension},
		{"*28", desk, false, Switch}, {"720", desk, false, Parking}, {"701", desk, false, Slot}, {"710", line, false, Queue},
		{"*45", desk, false, Feature}, {"*46700*2", desk, false, Feature}, {"*81001", desk, false, Feature}, {"*45999", desk, false, Unknown},
	} {
		got := decide(test.number, test.from, test.on)
		if got.Kind != test.want || (got.Next == "1001") != (test.want == Night) {
			t.Errorf("%s from %+v, night %v: %+v, want %s", test.number, test.from, test.on, got, test.want)
		}
	}
	if got := decide("700", desk, true).Reason; got != "switch Night is on: queue 700 goes to 1001" {
		t.Error(got)
	}
}

// TestHoursAndTheirSwitch: hours close what names them, and a person goes before them.
func TestHoursAndTheirSwitch(t *testing.T) {
	cfg := config.Default()
	cfg.Extensions = []config.Extension{{Number: "1001"}}
	cfg.Queues = []config.Queue{{Number: "700", Night: config.Night{Switch: "*28", Hours: "Office", Destination: "1001"}}, {Number: "710", Night: config.Night{Hours: "Office", Destination: "1001"}}}
	cfg.Switches = []config.Switch{{Number: "*28"}}
	yes := func(string) bool { return true }
	open := func(is bool) func(string) (bool, string) {
		return func(string) (bool, string) { return is, "closed: Friday" }
	}
	for _, c := range []struct {
		name string
		q    Query
		want Kind
	}{
		{"nothing is known", Query{Number: "700"}, Queue},
		{"open", Query{Number: "700", Open: open(true)}, Queue},
		{"closed", Query{Number: "700", Open: open(false)}, Night},
		{"closed, kept open", Query{Number: "700", Open: open(false), Day: yes}, Queue},
		{"open, switched off", Query{Number: "700", Open: open(true), On: yes}, Night},
		{"closed without a switch", Query{Number: "710", Open: open(false), Day: yes}, Night},
	} {
		if got := Decide(cfg, c.q); got.Kind != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if got := Decide(cfg, Query{Number: "700", Open: open(false)}).Reason; got != "closed: Friday: queue 700 goes to 1001" {
		t.Error(got)
	}
}
