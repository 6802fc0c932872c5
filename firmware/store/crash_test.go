package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// These tests run this test program again as a child that can be killed, or be
// given a disk that is full.

const childEnv = "PASOKH_STORE_CHILD"

func TestMain(m *testing.M) {
	switch job, dir, _ := strings.Cut(os.Getenv(childEnv), ":"); job {
	case "":
		os.Exit(m.Run())
	case "write":
		exit(writeForEver(dir))
	case "full":
		exit(writeToFullDisk(dir))
	}
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func child(t *testing.T, job, dir string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childEnv+"="+job+":"+dir)
	c.Stderr = os.Stderr
	return c
}

// writeForEver puts values and appends records, and acknowledges each value and
// each flushed record on standard output.
func writeForEver(dir string) error {
	s, err := Open(dir, Options{Clock: clock.System()})
	if err != nil {
		return err
	}
	go s.Run(context.Background())
	l := s.Log("ledger")
	for i := 0; ; i++ {
		if err := s.Put("b", fmt.Sprint(i), []byte(value(os.Getpid(), i))); err != nil {
			return err
		}
		fmt.Println("put", i)
		l.Append(time.Now(), fmt.Append(nil, i))
		if i%7 == 0 {
			if err := l.Flush(context.Background()); err != nil {
				return err
			}
			fmt.Println("flushed", i)
		}
	}
}

// value is what a process keeps under a number, in all sizes.
func value(pid, i int) string { return fmt.Sprintf("%d.%d%s", pid, i, strings.Repeat("v", i%900)) }

// TestKilledAtAnyMomentNothingAcknowledgedIsLost kills a writing child, checks
// what it had acknowledged, and lets the next one go on with the same directory.
func TestKilledAtAnyMomentNothingAcknowledgedIsLost(t *testing.T) {
	dir := t.TempDir()
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	expected := 0 // flushed records of all rounds
	for round := range rounds {
		pid, put, flushed := killWriter(t, dir)
		s, tr := open(t, dir)
		if s.Recovered() != "" {
			t.Errorf("round %d: %s", round, s.Recovered())
		}
		for i := range put + 1 {
			if got, err := s.Get("b", fmt.Sprint(i)); err != nil || string(got) != value(pid, i) {
				t.Fatalf("round %d: value %d of %d is lost: %v", round, i, put, err)
			}
		}
		expected += flushed + 1
		if got := records(t, s.Log("ledger"), time.Time{}, always); len(got) < expected {
			t.Errorf("round %d: %d records are left of at least %d", round, len(got), expected)
		} else {
			expected = len(got)
		}
		if errs := tr.all(); len(errs) != 0 {
			t.Errorf("round %d: %v", round, errs)
		}
		closeStore(t, s)
	}
}

// killWriter runs a writer and kills it after a random number of acknowledgements.
func killWriter(t *testing.T, dir string) (pid, put, flushed int) {
	t.Helper()
	c := child(t, "write", dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	put, flushed = -1, -1
	lines, enough := bufio.NewScanner(out), 1+rand.IntN(60)
	for n := 0; lines.Scan(); n++ {
		if n == enough {
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		word, number, _ := strings.Cut(lines.Text(), " ")
		i, err := strconv.Atoi(number)
		if err != nil {
			t.Fatalf("the child says %q", lines.Text())
		}
		switch word {
		case "put":
			put = i
		case "flushed":
			flushed = i
		}
	}
	if err := c.Wait(); err == nil || put < 0 {
		t.Fatalf("the child ended by itself after %d values: %v", put, err)
	}
	return c.Process.Pid, put, flushed
}

// writeToFullDisk lowers the size that files may have until writing fails, and
// raises it again.
func writeToFullDisk(dir string) error {
	signal.Ignore(syscall.SIGXFSZ) // so that a write fails, as on a full disk
	failed, well := make(chan error, 100), make(chan struct{}, 100)
	s, err := Open(dir, Options{Clock: clock.System(), OnError: func(err error) { failed <- err }, OnWell: func() { well <- struct{}{} }})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	l := s.Log("ledger")
	if err := s.Put("b", "before", []byte("kept")); err != nil {
		return err
	}
	l.Append(time.Now(), []byte("0"))
	if err := l.Flush(ctx); err != nil {
		return err
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 64 << 10, Max: limit.Max}); err != nil {
		return err
	}
	const n = 500
	for i := 1; i < n; i++ {
		l.Append(time.Now(), fmt.Appendf(nil, "%d %s", i, strings.Repeat("x", 500)))
	}
	<-failed
	if err := s.Put("b", "big", make([]byte, 100<<10)); err == nil {
		return errors.New("a value was kept on a full disk")
	}
	if v, err := s.Get("b", "before"); err != nil || string(v) != "kept" {
		return fmt.Errorf("a value of before is %q: %w", v, err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	<-well
	if err := s.Put("b", "after", []byte("kept")); err != nil {
		return err
	}
	seen := 0
	if err := l.Scan(ctx, time.Time{}, always, func(_ time.Time, data []byte) error {
		if word, _, _ := strings.Cut(string(data), " "); word != fmt.Sprint(seen) {
			return fmt.Errorf("record %d is %s", seen, word)
		}
		seen++
		return nil
	}); err != nil {
		return err
	}
	if seen != n || l.Dropped() != 0 {
		return fmt.Errorf("%d of %d records arrived, %d were dropped", seen, n, l.Dropped())
	}
	cancel()
	if err := <-ended; err != nil {
		return err
	}
	return s.Close()
}

func TestAFullDiskCostsNothingOnceThereIsRoomAgain(t *testing.T) {
	dir := t.TempDir()
	c := child(t, "full", dir)
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	s, _ := open(t, dir)
	defer closeStore(t, s)
	wantValue(t, s, "before", "kept")
	wantValue(t, s, "after", "kept")
	wantValue(t, s, "big", "")
	if s.Recovered() != "" {
		t.Error(s.Recovered())
	}
}
