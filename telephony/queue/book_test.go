package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// booking is a queue whose callers can book an hour. A bubble begins at midnight.
func booking(q *config.Queue) {
	wishing(q)
	q.Callback.Slot, q.Callback.PerSlot, q.Callback.From, q.Callback.Until = config.Duration(time.Hour), 1, "09:00", "13:00"
}

func TestACallerBooksATime(t *testing.T) {
	wishes(t, booking, func(h *house, talk *caller) {
		first, second := h.arrive("09121234567"), h.arrive("09130000000")
		h.after(time.Second)
		first.keys("21")
		hears(t, first.Leg, "en/callback-right", "en/callback-when")
		first.keys("2")
		hears(t, first.Leg, "en/slot-for en/slot-today  en/slot-from en/number-9 en/am en/slot-to en/number-10 en/am  en/slot-press en/number-1",
			"en/slot-press en/number-3", "en/slot-others")
		first.keys("7") // of no meaning
		first.keys("9")
		hears(t, first.Leg, "en/slot-from en/noon en/slot-to en/number-1 en/pm", "en/slot-tomorrow")
		first.keys("991") // round again
		hears(t, first.Leg, "en/slot-booked en/slot-today  en/slot-from en/number-9 en/am", "en/goodbye")
		h.after(10 * time.Second)
		if _, ended := first.Ended(); !ended || h.place("09121234567") == 0 {
			t.Fatal("the caller was not let go, or has no place")
		}
		// What is full is not read to the next, who takes his turn by saying nothing.
		second.keys("212")
		if log := strings.Join(second.Log(), " "); !strings.Contains(log, "en/slot-from en/number-10 en/am") || strings.Contains(log, "en/slot-from en/number-9 en/am") {
			t.Errorf("he heard %s", log)
		}
		second.End(call.Normal)
		talk.End(call.Normal)
		h.customer("09121234567")
		h.after(8 * time.Hour)
		h.quiet("1001")
		h.stop()
		h.start()
		h.after(58 * time.Minute)
		h.quiet("1001")
		h.after(2 * time.Minute)
		h.answer(h.rung("1001"))
		h.after(2 * time.Second)
		h.answer(h.rung("09121234567"))
		h.states("1001 talking")
		if got := h.life(first.call.ID()); got != "booked, dialled 1001, answered, connected 1001" {
			t.Errorf("told: %s", got)
		}
	})
}

func TestWhoChoosesNothing(t *testing.T) {
	wishes(t, booking, func(h *house, talk *caller) {
		turn, silent, star, dropped := h.arrive("09121111111"), h.arrive("09122222222"), h.arrive("09123333333"), h.arrive("09124444444")
		h.after(time.Second)
		turn.keys("211")
		silent.keys("21")
		star.keys("212*")
		dropped.keys("2121")
		dropped.End(call.Normal)
		h.after(2 * time.Minute)
		for number, want := range map[string]string{"09121111111": "requested", "09122222222": "requested", "09124444444": "booked"} {
			if h.place(number) == 0 {
				t.Errorf("%s has no place", number)
			}
			for _, c := range []*caller{turn, silent, dropped} {
				if c.Name == number && h.life(c.call.ID()) != want {
					t.Errorf("%s: %s", number, h.life(c.call.ID()))
				}
			}
		}
		if _, ended := star.Ended(); ended || h.place("09123333333") != 0 {
			t.Error("who wanted to wait does not")
		}
		star.keys("212")
		h.after(3 * time.Minute) // he says nothing
		if _, ended := star.Ended(); ended || h.place("09123333333") != 0 {
			t.Error("who chose nothing does not wait")
		}
		star.End(call.Normal)
		talk.End(call.Normal)
	})
}

// TestATimeIsTakenMeanwhile: two hear of the last booking of a time.
func TestATimeIsTakenMeanwhile(t *testing.T) {
	last := func(q *config.Queue) { booking(q); q.Callback.Days, q.Callback.Until = 1, "10:00" }
	wishes(t, last, func(h *house, talk *caller) {
		a, b := h.arrive("09121111111"), h.arrive("09122222222")
		h.after(time.Second)
		a.keys("212")
		b.keys("212")
		a.keys("1")
		b.keys("1")
		h.after(20 * time.Second)
		if h.life(a.call.ID()) != "booked" || h.life(b.call.ID()) != "requested" { // there is no other
			t.Errorf("%s, %s", h.life(a.call.ID()), h.life(b.call.ID()))
		}
		c := h.arrive("09123333333")
		h.after(time.Second)
		c.keys("21") // no time is free: he is not asked
		h.after(20 * time.Second)
		if h.life(c.call.ID()) != "requested" {
			t.Errorf("%s", h.life(c.call.ID()))
		}
		talk.End(call.Normal)
	})
}

func TestASupervisorBooks(t *testing.T) {
	wishes(t, booking, func(h *house, talk *caller) {
		free := func() string {
			synctest.Wait()
			list, err := h.floor.Slots("700")
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, s := range list {
				said = append(said, fmt.Sprint(s.From.Format("2 15:04"), " ", s.Free))
			}
			return strings.Join(said, ", ")
		}
		day := time.Now().Truncate(24 * time.Hour)
		id, err := h.floor.CallBack("700", "09121234567", "", day.Add(9*time.Hour))
		if got := free(); err != nil || !strings.HasPrefix(got, "1 09:00 0, 1 10:00 1, ") || !strings.HasSuffix(got, "2 12:00 1") {
			t.Errorf("%s, %v", got, err)
		}
		if err := h.floor.RebookCallback(id, day.Add(10*time.Hour)); err != nil || !strings.HasPrefix(free(), "1 09:00 1, 1 10:00 0, ") {
			t.Errorf("%s, %v", free(), err)
		}
		if err := h.floor.RebookCallback("nobody", day); err != ErrGone {
			t.Error(err)
		}
		if _, err := h.floor.Slots("799"); err != ErrNoQueue {
			t.Error(err)
		}
		if err := h.floor.CallBackNow(id); err != nil || !strings.HasPrefix(free(), "1 09:00 1, 1 10:00 1, ") {
			t.Errorf("%s, %v", free(), err)
		}
		talk.End(call.Normal)
		h.after(time.Minute)
		h.quiet("1001") // nobody is called at night, whoever asks
	})
}

// TestTimes: within hours, holidays and the window, whatever the clock does.
func TestTimes(t *testing.T) {
	tehran, _ := time.LoadLocation("Asia/Tehran")
	berlin, _ := time.LoadLocation("Europe/Berlin")
	hours := config.Hours{Name: "shop", Week: map[string][]string{"saturday": {"8:00-12:00", "16:00-18:30"}, "sunday": {"22:00-2:00"}}, Own: []config.OwnHoliday{{On: "2026-11-29", Name: "Closed"}}}
	for _, x := range []struct {
		name string
		now  time.Time
		cb   config.Callback
		want string
	}{
		{"none", time.Date(2026, 11, 21, 9, 0, 0, 0, tehran), config.Callback{}, ""},
		{"a day with two blocks", time.Date(2026, 11, 21, 9, 0, 0, 0, tehran), config.Callback{Slot: config.Duration(time.Hour), Days: 1}, "21 10, 21 11, 21 16, 21 17"},
		{"over midnight", time.Date(2026, 11, 22, 20, 0, 0, 0, tehran), config.Callback{Slot: config.Duration(time.Hour)}, "22 22, 22 23, 23 00, 23 01"},
		{"a window", time.Date(2026, 11, 21, 3, 0, 0, 0, tehran), config.Callback{Slot: config.Duration(2 * time.Hour), Days: 1, From: "09:00", Until: "18:00"}, "21 10, 21 16"},
		{"a holiday", time.Date(2026, 11, 28, 18, 0, 0, 0, tehran), config.Callback{Slot: config.Duration(time.Hour), Days: 2}, ""},
	} {
		c := &config.Config{Hours: []config.Hours{hours}}
		c.System.TimeZone = "Asia/Tehran"
		q := &config.Queue{Number: "700", Callback: x.cb, Night: config.Night{Hours: "shop"}}
		var got []string
		for _, s := range times(c, q, c.Timetable(), x.now) {
			got = append(got, s.From.Format("2 15"))
		}
		if text := strings.Join(got, ", "); text != x.want {
			t.Errorf("%s: %s, want %s", x.name, text, x.want)
		}
	}
	// Days on which a clock is set: no two times overlap, and none is missing by day.
	for _, day := range []time.Time{time.Date(2026, 3, 28, 12, 0, 0, 0, berlin), time.Date(2026, 10, 24, 12, 0, 0, 0, berlin)} {
		c := &config.Config{}
		c.System.TimeZone = "Europe/Berlin"
		q := &config.Queue{Callback: config.Callback{Slot: config.Duration(30 * time.Minute), Days: 3}}
		list := times(c, q, nil, day)
		for i, s := range list {
			if i > 0 && s.From.Before(list[i-1].Until) || s.Free != 4 || !s.From.After(day) {
				t.Errorf("%v after %v", s, list[i-1])
			}
		}
		if !slices.ContainsFunc(list, func(s Slot) bool { return s.From.Format("2 15:04") == day.AddDate(0, 0, 1).Format("2")+" 09:30" }) || len(list) < 23+46+48 {
			t.Errorf("%d times from %v on", len(list), day)
		}
	}
}
