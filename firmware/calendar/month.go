package calendar

import (
	"fmt"
	"strings"
)

// ParseMonth reads a month of either calendar, 1405-08 (Jalali) or 2026-11, in digits of
// any kind, and returns its first day and that of the next one.
func ParseMonth(text string) (first, next Day, err error) {
	text = strings.Trim(Digits(strings.TrimSpace(text)), "/-")
	if first, err = ParseDay(text + "-1"); err != nil {
		return 0, 0, fmt.Errorf("a month is such as 1405-08 (Jalali) or 2026-11, not %q", text)
	}
	if y, m, d := first.Jalali(); d == 1 && strings.HasPrefix(text, fmt.Sprint(y)) {
		if m++; m > 12 {
			y, m = y+1, 1
		}
		if next, ok := Jalali(y, m, 1); ok {
			return first, next, nil
		}
		return 0, 0, fmt.Errorf("the month after %s is not known", text)
	}
	y, m, _ := first.Gregorian()
	return first, Gregorian(y, m+1, 1), nil
}
