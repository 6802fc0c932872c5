package night

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
)

// TestASwitchOverHours has three positions, and its lamp shows what is closed; lamps
// are told when the hours change by themselves.
func TestASwitchOverHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it is Saturday, 1 January 2000, 0:00
		cfg := config.Default()
		cfg.System.TimeZone = "UTC"
		cfg.Switches = []config.Switch{{Number: "*28"}, {Number: "*29"}}
		cfg.Hours = []config.Hours{{Name: "Office", Week: map[string][]string{"saturday": {"8:00-17:00"}}}}
		cfg.Queues = []config.Queue{{Number: "700", Night: config.Night{Switch: "*28", Hours: "Office", Destination: "1001"}}}
		news, m := &event.News{}, &memory{}
		told := news.Subscribe(10, event.Switches)
		o := Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: news, Config: func() *config.Config { return cfg }, Memory: m}
		s, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = s.Run(t.Context()) }()
		at := func(h, min, news int, closed bool) {
			t.Helper()
			time.Sleep(time.Until(time.Date(2000, 1, 1, h, min, 1, 0, time.UTC)))
			synctest.Wait()
			if s.Closed("*28") != closed || s.Closed("*29") || len(told.C) != news {
				t.Errorf("%d:%02d: closed %v with %d news, want %v with %d", h, min, s.Closed("*28"), len(told.C), closed, news)
			}
			for len(told.C) > 0 {
				<-told.C
			}
		}
		turn := func(number string, to, want To) {
			t.Helper()
			if got, ok := s.Turn(Turn{number, to, "1001"}); !ok || got != want {
				t.Errorf("%s to %s: %s %v", number, to, got, ok)
			}
		}
		at(7, 59, 0, true)
		at(8, 0, 1, false)
		if open, why := s.Open("Office"); !open || why != "" {
			t.Errorf("at eight: %v %s", open, why)
		}
		turn("*28", Other, On)
		at(9, 0, 2, true) // once for the person, once for what the minute saw
		turn("*28", Other, Day)
		at(17, 0, 3, false) // the person, the minute after, and the hours
		again, err := Open(o)
		if err != nil || !again.Day("*28") || again.On("*28") {
			t.Errorf("after a restart: %+v", again.Board())
		}
		turn("*28", Other, Off)
		at(18, 0, 2, true)
		turn("*29", Other, On)
		turn("*29", Other, Off) // it has no hours
		turn("*29", Day, Off)
	})
}

// TestHoursAreThoseOfTheConfiguration that is now, also after it has changed.
func TestHoursAreThoseOfTheConfiguration(t *testing.T) {
	var cfg *config.Config
	s, err := Open(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: &event.News{}, Config: func() *config.Config { return cfg }, Memory: &memory{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, blocks := range [][]string{nil, {"0:00-24:00"}, nil} {
		cfg = config.Default()
		week := make(map[string][]string)
		for _, day := range config.Weekdays() {
			week[day] = blocks
		}
		cfg.Hours = []config.Hours{{Name: "Office", Week: week}}
		for range 2 {
			if open, why := s.Open("Office"); open != (blocks != nil) || (why == "") != open {
				t.Errorf("with %v open is %v: %s", blocks, open, why)
			}
		}
	}
	if open, _ := s.Open("Shop"); !open {
		t.Error("hours that there are not are closed")
	}
}

// BenchmarkOpen is what a call pays for hours with much in them.
func BenchmarkOpen(b *testing.B) {
	cfg := config.Default()
	cfg.Hours = []config.Hours{{Name: "Office", Holidays: config.IranHolidays, Own: make([]config.OwnHoliday, 400), Week: map[string][]string{"saturday": {"8:00-13:00", "14:00-17:00"}}}}
	for i := range cfg.Hours[0].Own {
		cfg.Hours[0].Own[i] = config.OwnHoliday{On: "9/7", Name: "Stocktaking"}
	}
	s, err := Open(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: &event.News{}, Config: func() *config.Config { return cfg }, Memory: &memory{}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Open("Office")
	}
}
