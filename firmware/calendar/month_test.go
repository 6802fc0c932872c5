package calendar

import "testing"

func TestMonths(t *testing.T) {
	for text, want := range map[string][2]string{
		"1405-08": {"2026-10-23", "2026-11-22"}, "۱۴۰۵/۸": {"2026-10-23", "2026-11-22"}, "1405-12": {"2027-02-20", "2027-03-21"}, "1403-12": {"2025-02-19", "2025-03-21"},
		"2026-11": {"2026-11-01", "2026-12-01"}, "2026-12": {"2026-12-01", "2027-01-01"}, "2024-2": {"2024-02-01", "2024-03-01"}, "1405-01": {"2026-03-21", "2026-04-21"},
	} {
		first, next, err := ParseMonth(text)
		if err != nil || first.String() != want[0] || next.String() != want[1] {
			t.Errorf("%s is %v to %v, %v; want %v", text, first, next, err, want)
		}
	}
	for _, bad := range []string{"", "1405", "1405-13", "1405-08-01", "2026-0", "august", "1500-12"} {
		if first, next, err := ParseMonth(bad); err == nil {
			t.Errorf("%q is %v to %v", bad, first, next)
		}
	}
}

func FuzzParseMonth(f *testing.F) {
	f.Add("1405-08")
	f.Add("2026/11")
	f.Fuzz(func(t *testing.T, text string) {
		if first, next, err := ParseMonth(text); err == nil && (next-first < 28 || next-first > 31) {
			t.Errorf("%q has %d days", text, next-first)
		}
	})
}
