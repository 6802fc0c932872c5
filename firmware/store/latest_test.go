package store

import (
	"context"
	"fmt"
	"testing"
)

// TestLatestIsWritten: the newest value is on the disk when Run has ended.
func TestLatestIsWritten(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := s.Latest("switches", "all")
	if v, err := l.Read(); v != nil || err != nil {
		t.Errorf("an empty store has %q, %v", v, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	text := []byte("value 0")
	for i := range 100 {
		text = fmt.Appendf(text[:0], "value %d", i) // the owner may use its bytes again
		l.Keep(text)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if v, err := s.Latest("switches", "all").Read(); string(v) != "value 99" || err != nil {
		t.Errorf("the disk has %q, %v", v, err)
	}
}
