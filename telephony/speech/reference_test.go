package speech

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// table reads a reference table that testdata/reference.py has written.
func table(t *testing.T, file string, least int) [][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	if len(rows) < least {
		t.Fatalf("%s has only %d rows", file, len(rows))
	}
	return rows
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// persianOrdinal makes an ordinal of a cardinal as grammars of Persian teach it.
func persianOrdinal(cardinal string) string {
	switch {
	case cardinal == "یک":
		return "اول"
	case strings.HasSuffix(cardinal, "سه"):
		return strings.TrimSuffix(cardinal, "سه") + "سوم"
	case strings.HasSuffix(cardinal, "ی"):
		return cardinal + "‌ام"
	}
	return cardinal + "م"
}

// TestNumbersAreThoseOfUnicode: where Unicode says "one thousand" in Persian, people
// say "thousand"; and units have no hyphens.
func TestNumbersAreThoseOfUnicode(t *testing.T) {
	for _, row := range table(t, "icu-numbers.tsv", 900) {
		n := number(t, row[0])
		en, enOrdinal := strings.ReplaceAll(row[1], "-", " "), strings.ReplaceAll(row[3], "-", " ")
		fa := row[2]
		if n/1000%1000 == 1 {
			fa = strings.Replace(fa, "یک هزار", "هزار", 1)
		}
		if got := written(cardinal("en", n)); got != en {
			t.Errorf("%d: %q, want %q", n, got, en)
		}
		if got := written(cardinal("fa", n)); got != fa {
			t.Errorf("%d: %q, want %q", n, got, fa)
		}
		if n < 1 || n > MaxNumber {
			continue
		}
		if got := written(Number("fa", int(n))); got != fa {
			t.Errorf("Number %d: %q, want %q", n, got, fa)
		}
		if got := written(Ordinal("en", int(n))); got != enOrdinal {
			t.Errorf("%d in a row: %q, want %q", n, got, enOrdinal)
		}
		if got, want := written(Ordinal("fa", int(n))), persianOrdinal(fa); got != want {
			t.Errorf("%d in a row: %q, want %q", n, got, want)
		}
	}
}

func TestYearsAreThoseOfUnicode(t *testing.T) {
	for _, row := range table(t, "icu-years.tsv", 800) {
		if got, want := written(year(int(number(t, row[0])))), strings.ReplaceAll(row[1], "-", " "); got != want {
			t.Errorf("the year %s: %q, want %q", row[0], got, want)
		}
	}
}

// TestDatesAreThoseOfUnicode: a thousand days. Words of numbers have tests of their own.
func TestDatesAreThoseOfUnicode(t *testing.T) {
	joined := func(month string) string {
		if strings.HasSuffix(month, "هٔ") {
			return month
		}
		return month + "ِ"
	}
	for _, row := range table(t, "icu-dates.tsv", 1000) {
		day, err := time.Parse(time.DateOnly, row[0])
		if err != nil {
			t.Fatal(err)
		}
		y, m, d := day.Date()
		jy, jm, jd := int(number(t, row[1])), int(number(t, row[2])), int(number(t, row[3]))
		inPersian := func(year, day int, month string) string {
			return persianOrdinal(written(Number("fa", day))) + "ِ " + joined(month) + " " + written(Number("fa", year))
		}
		inEnglish := func(y, day int, month string) string {
			return month + " " + written(Ordinal("en", day)) + " " + written(year(y))
		}
		for _, c := range []struct{ what, got, want string }{
			{"weekday", written(Weekday("en", day.Weekday())), row[4]},
			{"روز", written(Weekday("fa", day.Weekday())), row[5]},
			{"date", written(Gregorian("en", y, int(m), d)), inEnglish(y, d, row[6])},
			{"میلادی", written(Gregorian("fa", y, int(m), d)), inPersian(y, d, row[7])},
			{"Jalali", written(Jalali("en", jy, jm, jd)), inEnglish(jy, jd, row[8])},
			{"جلالی", written(Jalali("fa", jy, jm, jd)), inPersian(jy, jd, row[9])},
			{"Day", written(strings.Fields(said(Day("en", day)))), row[4] + " 120ms " + inEnglish(y, d, row[6])},
			{"Day in Persian", written(strings.Fields(said(Day("fa", day)))), row[5] + " 120ms " + inPersian(jy, jd, row[9])},
		} {
			if c.got != c.want {
				t.Errorf("%s, %s: %q, want %q", row[0], c.what, c.got, c.want)
			}
		}
	}
}

// TestHoursAreThoseOfUnicode: Unicode has another word for the afternoon, which is not
// said of one o'clock, and one for the first hour only.
func TestHoursAreThoseOfUnicode(t *testing.T) {
	ours := strings.NewReplacer("عصر", "بعدازظهر", "نیمه‌شب", "بامداد")
	for _, row := range table(t, "icu-hours.tsv", 48) {
		h, m, _ := strings.Cut(row[0], ":")
		hour, minute, twelve := int(number(t, h)), int(number(t, m)), int(number(t, row[1]))
		en := written(Number("en", twelve))
		fa := "ساعتِ " + written(Number("fa", twelve))
		if minute > 0 {
			en += " " + written(Number("en", minute))
			fa += " و " + written(Number("fa", minute)) + " دقیقهٔ"
		} else {
			fa = "ساعتِ " + hours[twelve]
		}
		en += " " + map[string]string{"AM": "a.m.", "PM": "p.m."}[row[3]]
		switch row[0] {
		case "0:00":
			en = "midnight"
		case "12:00":
			en = "noon"
		}
		if got := written(Clock("en", hour, minute)); got != en {
			t.Errorf("%s: %q, want %q", row[0], got, en)
		}
		if got, want := written(Clock("fa", hour, minute)), fa+" "+ours.Replace(row[2]); got != want {
			t.Errorf("%s: %q, want %q", row[0], got, want)
		}
	}
}

// hours are the hours before the part of the day, as Persian writes what is spoken.
var hours = [...]string{1: "یکِ", "دوی", "سهٔ", "چهارِ", "پنجِ", "ششِ", "هفتِ", "هشتِ", "نهِ", "دهِ", "یازدهِ", "دوازدهِ"}
