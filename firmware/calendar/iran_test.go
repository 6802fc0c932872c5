package calendar

import (
	"testing"
	"time"
)

// TestTheYear1405 is counted as newspapers did when its calendar came out: 25 days, six
// of them Thursdays and three Fridays, and none in Ordibehesht, Mehr and Azar.
func TestTheYear1405(t *testing.T) {
	days, months := make(map[Day]bool), make(map[int]int)
	weekdays := make(map[time.Weekday]int)
	for _, h := range Iran() {
		if y, m, _ := h.Day.Jalali(); y == 1405 && !days[h.Day] {
			days[h.Day] = true
			months[m]++
			weekdays[h.Day.Weekday()]++
		}
	}
	if len(days) != 25 || weekdays[time.Thursday] != 6 || weekdays[time.Friday] != 3 {
		t.Errorf("%d days, %v", len(days), weekdays)
	}
	for m, want := range map[int]int{1: 6, 2: 0, 3: 3, 4: 2, 5: 4, 7: 0, 9: 0, 12: 4} {
		if months[m] != want {
			t.Errorf("month %d has %d, want %d", m, months[m], want)
		}
	}
}

// TestHolidays: every year has each day, with names.
func TestHolidays(t *testing.T) {
	years := make(map[int]map[string]bool)
	for _, h := range Iran() {
		y, _, _ := h.Day.Jalali()
		if years[y] == nil {
			years[y] = make(map[string]bool)
		}
		years[y][h.Key] = true
		if h.English == "" || h.Persian == "" || h.Reckoned && y <= LastPublished {
			t.Errorf("%v: %+v", h.Day, h)
		}
	}
	for y := FirstIran; y <= LastIran; y++ {
		for _, key := range []string{"nowruz", "tasua", "ashura", "arbaeen", "fatima", "mahdi", "qorban", "oil"} {
			if !years[y][key] {
				t.Errorf("%d has no %s", y, key)
			}
		}
	}
	for date, key := range map[string]string{"1404/4/15": "ashura", "1404/1/11": "fitr", "1404/9/3": "fatima", "1404/6/2": "reza", "1405/4/4": "ashura", "1405/3/14": "ghadir"} {
		d, _ := ParseDay(date)
		found := false
		for _, h := range Iran() {
			found = found || h.Day == d && h.Key == key
		}
		if !found {
			t.Errorf("%s is not %s", date, key)
		}
	}
}
