package calendar

import (
	"os"
	"strings"
	"testing"
)

// TestDaysAreThoseOfUnicode: every turn of the year and a thousand days of 1300 to
// 1500, as ICU has them.
func TestDaysAreThoseOfUnicode(t *testing.T) {
	text, err := os.ReadFile("testdata/icu-jalali.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(rows) < 1400 {
		t.Fatalf("only %d days", len(rows))
	}
	for _, row := range rows {
		g, j, _ := strings.Cut(row, "\t")
		d, err := ParseDay(g)
		if err != nil {
			t.Fatal(err)
		}
		if d.Persian() != j {
			t.Errorf("%s is %s, want %s", g, d.Persian(), j)
		}
		if back, err := ParseDay(j); err != nil && !strings.HasPrefix(j, "1299") || back != d {
			t.Errorf("%s is %v (%v), want %s", j, back, err, g)
		}
	}
}

// TestEveryDayGoesRound through both calendars and follows the one before.
func TestEveryDayGoesRound(t *testing.T) {
	first, _ := Jalali(FirstYear, 1, 1)
	last, _ := Jalali(LastYear, 12, 29)
	for d := first; d <= last; d++ {
		y, m, dd := d.Jalali()
		if back, ok := Jalali(y, m, dd); !ok || back != d {
			t.Fatalf("%v is %d/%d/%d, which is %v", d, y, m, dd, back)
		}
		if back := Gregorian(d.Gregorian()); back != d {
			t.Fatalf("%v came back as %v", d, back)
		}
		if y2, m2, d2 := (d + 1).Jalali(); d2 != dd+1 && (d2 != 1 || m2 != m%12+1 || (y2 != y) != (m == 12)) {
			t.Fatalf("after %d/%d/%d comes %d/%d/%d", y, m, dd, y2, m2, d2)
		}
		if (d.Weekday()+1)%7 != (d + 1).Weekday() {
			t.Fatalf("%v is %v, the next day %v", d, d.Weekday(), (d + 1).Weekday())
		}
	}
}

func TestParseDay(t *testing.T) {
	for text, want := range map[string]string{
		"1405/9/6": "2026-11-27", "۱۴۰۵/۰۹/۰۶": "2026-11-27", " 2026-11-27 ": "2026-11-27", "1405-9-6": "2026-11-27", "٢٠٢٦/١١/٢٧": "2026-11-27",
		"1403/12/30": "2025-03-20", "1404/12/30": "", "1405/7/31": "", "1405/13/1": "", "1405/0/1": "", "2026-02-29": "", "1405/9": "",
		"": "", "1405/9/6/1": "", "1405/nine/6": "", "99999/1/1": "", "1501/1/1": "", "1405/9/99": "",
	} {
		d, err := ParseDay(text)
		if (err == nil) != (want != "") || err == nil && d.String() != want {
			t.Errorf("%q is %v, %v, want %q", text, d, err, want)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	f.Add("1405/9/6")
	f.Add("۲۰۲۶-۱۱-۲۷")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDay(text)
		if err != nil {
			return
		}
		if again, err := ParseDay(d.String()); err != nil || again != d {
			t.Fatalf("%q is %v, which is %v, %v", text, d, again, err)
		}
	})
}
