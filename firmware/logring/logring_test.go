package logring

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"

	"github.com/pasokh/pasokh/firmware/config"
)

func quiet(n int) *Ring {
	return New(n, slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func TestTheLastRecordsAreKeptNewestFirst(t *testing.T) {
	ring := quiet(4)
	log := slog.New(ring)
	if got := ring.Last(10, slog.LevelDebug); got != nil {
		t.Errorf("a new ring holds %v", got)
	}
	for i := range 10 {
		level := slog.LevelInfo
		if i%2 == 0 {
			level = slog.LevelWarn
		}
		log.Log(t.Context(), level, fmt.Sprint(i))
	}
	messages := func(n int, level slog.Level) string {
		var all []string
		for _, r := range ring.Last(n, level) {
			all = append(all, r.Message)
		}
		return strings.Join(all, " ")
	}
	for _, c := range []struct {
		n     int
		level slog.Level
		want  string
	}{{10, slog.LevelDebug, "9 8 7 6"}, {2, slog.LevelDebug, "9 8"}, {10, slog.LevelWarn, "8 6"}, {1, slog.LevelWarn, "8"}, {10, slog.LevelError, ""}} {
		if got := messages(c.n, c.level); got != c.want {
			t.Errorf("Last(%d, %v) is %q, want %q", c.n, c.level, got, c.want)
		}
	}
}

func TestAttributesKeepTheirGroupsAndSecretsTheirMask(t *testing.T) {
	var out bytes.Buffer
	ring := New(0, slog.NewTextHandler(&out, nil))
	log := slog.New(ring).With("call", "c1").WithGroup("leg").With("secret", config.Secret("hunter22"))
	log.Info("rings", slog.Group("phone", "port", 5060), "group", slog.GroupValue(slog.Any("password", config.Secret("hunter22"))))
	got := fmt.Sprint(ring.Last(1, slog.LevelInfo)[0].Attrs)
	if want := "[{call c1} {leg.secret [secret]} {leg.phone.port 5060} {leg.group.password [secret]}]"; got != want {
		t.Errorf("attributes are %s, want %s", got, want)
	}
	if !strings.Contains(out.String(), "leg.phone.port=5060") || strings.Contains(out.String(), "hunter22") {
		t.Errorf("passed on: %s", out.String())
	}
}

func TestOneRecordTakesBoundedMemory(t *testing.T) {
	ring := quiet(1)
	args := []any{"long", strings.Repeat("ب", maxValue)}
	for i := range 2 * maxAttrs {
		args = append(args, fmt.Sprint(i), i)
	}
	slog.New(ring).With("a", 1).Info(strings.Repeat("m", 5*maxMessage), args...)
	r := ring.Last(1, slog.LevelInfo)[0]
	if len(r.Attrs) != maxAttrs || len(r.Message) > maxMessage+4 || len(r.Attrs[1].Value) > maxValue+4 {
		t.Errorf("%d attributes, message of %d bytes, value of %d", len(r.Attrs), len(r.Message), len(r.Attrs[1].Value))
	}
}

func TestWritersAndReadersDoNotDisturbEachOther(t *testing.T) {
	ring := quiet(16)
	var all sync.WaitGroup
	for i := range 4 {
		log := slog.New(ring).With("writer", i)
		all.Go(func() {
			for range 200 {
				log.Info("x")
			}
		})
		all.Go(func() {
			for range 50 {
				if n := len(ring.Last(100, slog.LevelInfo)); n > 16 {
					t.Errorf("%d records from a ring of 16", n)
				}
			}
		})
	}
	all.Wait()
}

// TestItIsAHandler runs the standard library's own checks on what the ring remembers.
func TestItIsAHandler(t *testing.T) {
	var ring *Ring
	slogtest.Run(t, func(t *testing.T) slog.Handler {
		ring = quiet(8)
		return ring
	}, func(*testing.T) map[string]any {
		r := ring.Last(1, slog.LevelDebug)[0]
		m := map[string]any{slog.LevelKey: r.Level, slog.MessageKey: r.Message}
		if !r.Time.IsZero() {
			m[slog.TimeKey] = r.Time
		}
		for _, a := range r.Attrs {
			at, keys := m, strings.Split(a.Key, ".")
			for _, k := range keys[:len(keys)-1] {
				if at[k] == nil {
					at[k] = map[string]any{}
				}
				at = at[k].(map[string]any)
			}
			at[keys[len(keys)-1]] = a.Value
		}
		return m
	})
}

func BenchmarkHandle(b *testing.B) {
	log := slog.New(quiet(0))
	b.ReportAllocs()
	for b.Loop() {
		log.Info("rings", "call", "c1", "leg", "l1")
	}
}
