package night

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
)

type memory struct {
	text []byte
	err  error
}

func (m *memory) Read() ([]byte, error) { return m.text, m.err }
func (m *memory) Keep(b []byte)         { m.text = b }

func open(t *testing.T, m *memory, news *event.News, numbers ...string) *Switches {
	t.Helper()
	cfg := config.Default()
	for _, n := range numbers {
		cfg.Switches = append(cfg.Switches, config.Switch{Number: n, Name: "switch " + n})
	}
	s, err := Open(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: news,
		Config: func() *config.Config { return cfg }, Memory: m})
	if (err != nil) != (m.err != nil || string(m.text) == "damaged") {
		t.Fatal(err)
	}
	return s
}

func TestSwitchesAreTurnedAndRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, news := &memory{}, &event.News{}
		told := news.Subscribe(10, event.Switches)
		s := open(t, m, news, "*28", "*29")
		for _, step := range []struct {
			to   To
			want bool
			news int
		}{{On, true, 1}, {On, true, 0}, {Other, false, 1}, {Other, true, 1}, {Off, false, 1}, {Off, false, 0}, {Other, true, 1}} {
			on, ok := s.Turn(Turn{"*28", step.to, "1001"})
			if !ok || (on == On) != step.want || s.On("*28") != step.want || s.On("*29") {
				t.Errorf("%s: %v %v, want %v", step.to, on, ok, step.want)
			}
			if n := len(told.C); n != step.news {
				t.Errorf("%s: %d news, want %d", step.to, n, step.news)
			}
			for len(told.C) > 0 {
				<-told.C
			}
		}
		if _, ok := s.Turn(Turn{"*30", On, "1001"}); ok || s.On("*30") {
			t.Error("a switch that is not there was turned")
		}
		if on, ok := s.Turn(Turn{"*28", "sideways", "1001"}); ok || on != On {
			t.Error("turned sideways")
		}
		again := open(t, m, news, "*28", "*29")
		b := again.Board()
		if len(b) != 2 || !b[0].On || b[0].By != "1001" || b[0].At.IsZero() || b[1].On || b[1].By != "" {
			t.Errorf("after a restart: %+v", b)
		}
		if open(t, m, news, "*29").On("*28") {
			t.Error("a switch that is no longer configured is on")
		}
	})
}

func TestDamagedPositionsCountAsOff(t *testing.T) {
	for _, m := range []*memory{{text: []byte("damaged")}, {err: errors.New("no disk")}} {
		s := open(t, m, &event.News{}, "*28")
		if s.On("*28") {
			t.Error("on")
		}
		if on, ok := s.Turn(Turn{"*28", On, "admin"}); on != On || !ok {
			t.Error("cannot be turned")
		}
	}
}
