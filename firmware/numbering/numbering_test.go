package numbering

import (
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersAreWrittenInEveryForm(t *testing.T) {
	for _, c := range []struct{ country, in, e164, national string }{
		{"IR", "02188776655", "+982188776655", "02188776655"},
		{"IR", "+982188776655", "+982188776655", "02188776655"},
		{"IR", "00982188776655", "+982188776655", "02188776655"},
		{"IR", "+441632960000", "+441632960000", "00441632960000"},
		{"IR", "00441632960000", "+441632960000", "00441632960000"},
		{"IR", "88776655", "", "88776655"}, // of a town
		{"IR", "110", "", "110"},
		{"IR", "09", "", "09"},
		{"IR", "1001", "", "1001"},
		{"IR", "*21#", "", "*21#"},
		{"IR", "+", "", "+"},
		{"IR", "+98912*", "", "+98912*"},
		{"IR", "", "", ""},
		{"US", "12125550123", "+12125550123", "12125550123"},
		{"US", "011982188776655", "+982188776655", "011982188776655"},
		{"IT", "0612345678", "+390612345678", "0612345678"},
		{"IT", "+390612345678", "+390612345678", "0612345678"},
		{"ES", "112", "", "112"},
		{"XX", "02188776655", "", "02188776655"},
		{"XX", "+982188776655", "+982188776655", "+982188776655"},
	} {
		p := For(c.country)
		if got, ok := p.E164(c.in); got != c.e164 || ok != (c.e164 != "") {
			t.Errorf("%s: E.164 of %q is %q, want %q", c.country, c.in, got, c.e164)
		}
		if got := p.National(c.in); got != c.national {
			t.Errorf("%s: inside %q is %q, want %q", c.country, c.in, got, c.national)
		}
	}
}

func TestEveryFormIsTheSameNumber(t *testing.T) {
	p := For("IR")
	forms := []string{"02188776655", "+982188776655", "00982188776655", "982188776655", "2188776655"}
	for _, known := range forms[:3] {
		for _, got := range forms {
			if !p.Same(known, got) {
				t.Errorf("%s is not %s", got, known)
			}
		}
		for _, other := range []string{"02188776656", "88776655", "", "+442188776655", "account"} {
			if p.Same(known, other) {
				t.Errorf("%s is %s", other, known)
			}
		}
	}
	if !For("XX").Same("1003", "1003") || p.Same("1003", "01003") {
		t.Error("a number that is no public one is only itself")
	}
}

func TestWritingANumberTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		country := rapid.SampledFrom([]string{"IR", "US", "IT", "AE", "GB", "XX"}).Draw(t, "country")
		p, number := For(country), rapid.StringMatching(`\+?[0-9*#]{0,20}`).Draw(t, "number")
		inside := p.National(number)
		if again := p.National(inside); again != inside {
			t.Errorf("%s became %s", inside, again)
		}
		if full, ok := p.E164(number); ok && p.Code != "" {
			if again, ok := p.E164(inside); !ok || again != full {
				t.Errorf("%s dialled inside is %s: %s", full, inside, again)
			}
		}
	})
}

func TestEveryCountryHasItsNumbersForHelp(t *testing.T) {
	for country := range plans {
		if emergency[country] == "" {
			t.Errorf("%s: nobody to call for help", country)
		}
	}
	for number, want := range map[string]bool{"110": true, "112": true, "115": true, "125": true, "911": false, "11": false, "1100": false, "": false, "110 112": false} {
		if got := Emergency("IR", number); got != want {
			t.Errorf("IR: %q is for help: %v", number, got)
		}
	}
	if !Emergency("XX", "112") || !Emergency("US", "911") || Emergency("US", "112") {
		t.Error("XX has 112, the US have 911")
	}
}

func FuzzSame(f *testing.F) {
	f.Add("IR", "02188776655", "+982188776655")
	f.Fuzz(func(t *testing.T, country, a, b string) { For(country).Same(a, b); For(country).National(a) })
}
