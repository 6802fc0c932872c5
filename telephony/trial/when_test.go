package trial

import (
	"errors"
	"testing"
	"time"
)

func TestWhen(t *testing.T) {
	tehran, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 25, 9, 30, 0, 0, tehran) // a Wednesday
	for text, want := range map[string]string{
		"": "2026-11-25 09:30", "now": "2026-11-25 09:30", "18:40": "2026-11-25 18:40", "Friday 18:40": "2026-11-27 18:40", "fri  8:05": "2026-11-27 08:05",
		"Wednesday 08:00": "2026-11-25 08:00", "Tuesday 23:59": "2026-12-01 23:59", "2027-03-21 00:00": "2027-03-21 00:00", "جمعه ۱۸:۴۰": "2026-11-27 18:40",
		"سه\u200cشنبه ۸:۰۰": "2026-12-01 08:00", "2026-11-27T15:10:00Z": "2026-11-27 18:40",
		"1405/9/6 18:40": "2026-11-27 18:40", "۱۴۰۵/۹/۶ ۱۸:۴۰": "2026-11-27 18:40", "1403/12/30 8:00": "2025-03-20 08:00",
	} {
		got, err := When(text, now)
		if err != nil || got.In(tehran).Format("2006-01-02 15:04") != want {
			t.Errorf("%q is %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"18", "25:00", "Someday 18:00", "18:40 Friday", "2026-13-01 10:00", "1404/12/30 10:00", "1405/9/6"} {
		if got, err := When(text, now); !errors.Is(err, ErrWhen) {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
}
