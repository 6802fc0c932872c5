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
		{"1002", Decision{Extension, "1002", "1002 is extension Sara"}},
		{"1003", Decision{Extension, "1003", "1003 is extension"}},
		{"500", Decision{Menu, "500", "500 is menu Main menu"}},
		{"700", Decision{Queue, "700", "700 is queue Sales"}},
		{"800", Decision{Conference, "800", "800 is conference Meeting"}},
		{"600", Decision{Service, "600", "600 is service echo"}},
		{"*60", Decision{Service, "*60", "*60 is service music"}},
		{"7999", Decision{Unknown, "7999", "7999 is no number of this box"}},
		{"70", Decision{Unknown, "70", "70 is no number of this box"}},
		{"۷۰۰", Decision{Queue, "700", "700 is queue Sales"}},
		{"٧٠٠", Decision{Queue, "700", "700 is queue Sales"}},
		{"\u200e(1 0)-0.2", Decision{Extension, "1002", "1002 is extension Sara"}},
		{"", Decision{Unknown, "", "no number was dialled"}},
		{" - ", Decision{Unknown, "", "no number was dialled"}},
		{"sara", Decision{Unknown, "", "what was dialled is not a number"}},
		{"1002;drop", Decision{Unknown, "1002", "what was dialled is not a number"}},
		{strings.Repeat("1", MaxNumber+1), Decision{Unknown, strings.Repeat("1", MaxNumber), "what was dialled is not a number"}},
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
		{"0912", call.Origin{Extension: "1003"}, Decision{Outside, "0912", "0912 is outside by route out"}},
		{"0044", call.Origin{Extension: "1002"}, Decision{Outside, "0044", "0044 is outside by route abroad"}},
		{"0044", call.Origin{Extension: "1003"}, Decision{Barred, "0044", "0044 is not for this caller to dial by route abroad"}},
		{"0912", call.Origin{Trunk: "telco"}, Decision{Barred, "0912", "0912 is not for this caller to dial by route out"}},
		{"0912", call.Origin{Line: "fxo1"}, Decision{Barred, "0912", "0912 is not for this caller to dial by route out"}},
		{"1002", call.Origin{Extension: "1003"}, Decision{Extension, "1002", "1002 is extension Sara"}},
		{"2", call.Origin{Extension: "1003"}, Decision{Unknown, "2", "2 is no number of this box"}},
	} {
		if d := cmp.Diff(c.want, Decide(cfg, Query{Number: c.dialled, Origin: c.origin})); d != "" {
			t.Errorf("%q from %+v:\n%s", c.dialled, c.origin, d)
		}
	}
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
		"+98 912 123 4567":  {Outside, "09121234567", "09121234567 is outside by route out"},
		"+44 1632 960000":   {Outside, "00441632960000", "00441632960000 is outside by route abroad"},
		"+1":                {Unknown, "+1", "+1 is no number of this box"},
		"0098 912 123 4567": {Outside, "00989121234567", "00989121234567 is outside by route abroad"},
	} {
		if d := cmp.Diff(want, Decide(cfg, Query{Number: dialled, Origin: call.Origin{Extension: "1002"}})); d != "" {
			t.Errorf("%q:\n%s", dialled, d)
		}
	}
}
