package supervise

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// TestMain lets the test itself be the program that is kept running.
func TestMain(m *testing.M) {
	switch os.Getenv("SUPERVISED") {
	case "":
		os.Exit(m.Run())
	case "crash":
		os.Stderr.WriteString("starting\npanic: no more\n")
		os.Exit(2)
	case "float":
		os.Stdout.WriteString("afloat\n")
		time.Sleep(time.Minute) // until it is asked to end
	}
}

func program(what string) func() *exec.Cmd {
	return func() *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "SUPERVISED="+what)
		return c
	}
}

// quick is a clock whose sleeps are short.
type quick struct{ clock.Clock }

func (q quick) Sleep(ctx context.Context, t time.Time) bool { return ctx.Err() == nil }

// TestLifeboat: a program that cannot start twice makes place, its ends are on record
// with what it said last, and what runs then ends when it is asked to.
func TestLifeboat(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var ends []End
	s := New(Options{Clock: quick{clock.System()}, Log: slog.New(slog.DiscardHandler), Program: program("crash"), Lifeboat: program("float"),
		Line: func(line string) {
			if line == "afloat" {
				cancel()
			}
		},
		Ended: func(e End) { ends = append(ends, e) }})
	if err := s.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if !s.Afloat() || len(ends) != Failing {
		t.Fatalf("%d ends, afloat %v", len(ends), s.Afloat())
	}
	for _, e := range ends {
		if e.How != "exit status 2" || strings.Join(e.Lines, "|") != "starting|panic: no more" {
			t.Errorf("%+v", e)
		}
	}
}
