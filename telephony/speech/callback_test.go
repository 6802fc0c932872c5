package speech

import (
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

func TestTimesToBook(t *testing.T) {
	tehran, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, tehran) }
	today := at(22, 23, 50) // a Sunday
	slot := func(day, from, until int) Slot {
		return Slot{From: at(day, from, 0), Until: at(day, until, 0), Today: today}
	}
	for _, c := range []struct {
		said call.Program
		want string
	}{
		{CallbackBooked("en", slot(22, 14, 15)), "We will call you, today, 120ms between, two p.m. and, three p.m."},
		{CallbackBooked("fa", slot(23, 9, 10)), "با شما تماس می‌گیریم، فردا، 120ms از، ساعتِ نهِ صبح تا، ساعتِ دهِ صبح"},
		{CallbackBooked("en", slot(24, 11, 12)), "We will call you, Tuesday 120ms between, eleven a.m. and, noon"},
		{CallbackBooked("en", slot(30, 9, 10)), "We will call you, Monday 120ms November thirtieth twenty twenty six 120ms between, nine a.m. and, ten a.m."},
		{CallbackSlots("en", []Slot{slot(22, 14, 15), {From: at(23, 8, 30), Until: at(23, 9, 0), Today: today}}, true),
			"For, today, 120ms between, two p.m. and, three p.m. 120ms press, one 250ms For, tomorrow, 120ms between, eight thirty a.m. and, nine a.m. 120ms press, two " +
				"250ms For other times, press nine. 250ms To wait on, press star."},
		{CallbackSlots("fa", []Slot{slot(25, 18, 20)}, false),
			"برای، چهارشنبه 120ms از، ساعتِ ششِ بعدازظهر تا، ساعتِ هشتِ شب 120ms عدد، یک را فشار دهید. 250ms برای ماندن در صف ستاره را فشار دهید."},
	} {
		if got := written(strings.Fields(said(c.said))); got != c.want {
			t.Errorf("%q\nwant %q", got, c.want)
		}
	}
}
