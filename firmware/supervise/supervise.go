// Package supervise keeps one program running.
//
// A program that ends is started again: at once the first time, then after longer and
// longer breaks while it does not stay up. Each end is recorded with the last lines that
// it wrote, so that nobody has to have watched. A program that ends again and again
// before it has been up for Steady is failing: another one, the life-boat, may take its
// place until the box restarts.
//
// A Supervisor's Run owns the program; the other methods are safe for concurrent use.
package supervise

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

const (
	// Steady is how long a program must run for its end not to count as a failed start.
	Steady = 30 * time.Second
	// Failing is how many failed starts in a row make the life-boat's hour.
	Failing = 2

	firstBreak = time.Second
	maxBreak   = 30 * time.Second
	graceful   = 20 * time.Second // from the request to end until it is killed
	lastLines  = 40
)

// End is how a program ended.
type End struct {
	At    time.Time     `json:"at"`
	Up    time.Duration `json:"up"`
	How   string        `json:"how"`   // "exit status 2", "signal: killed"
	Lines []string      `json:"lines"` // the last that it wrote
}

// Options are what a Supervisor works with.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger
	// Program makes the command anew for every start.
	Program func() *exec.Cmd
	// Lifeboat is what runs instead once Program is Failing; nil for nothing.
	Lifeboat func() *exec.Cmd
	// Line gets every line that the program writes.
	Line func(string)
	// Ended is told of every end that nobody asked for.
	Ended func(End)
}

// Supervisor keeps a program running.
type Supervisor struct {
	opts Options

	mu      sync.Mutex
	running *exec.Cmd
	failing int
	afloat  bool // the life-boat runs
}

// New returns a supervisor that runs nothing yet.
func New(o Options) *Supervisor { return &Supervisor{opts: o} }

// Afloat tells that the life-boat runs instead of the program.
func (s *Supervisor) Afloat() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.afloat
}

// Failing tells that the program has ended again and again without having been up for
// long.
func (s *Supervisor) Failing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failing >= Failing
}

// Kick ends the program at once, as if it had crashed: it does not answer any more.
func (s *Supervisor) Kick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		_ = s.running.Process.Signal(syscall.SIGABRT) // its goroutines in the record
	}
}

// Run keeps the program running until ctx ends, then asks it to end, and kills it when
// it has not after 20 s.
func (s *Supervisor) Run(ctx context.Context) error {
	pause := firstBreak
	for ctx.Err() == nil {
		began := s.opts.Clock.Now()
		end := s.once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		end.At = s.opts.Clock.Now()
		end.Up = end.At.Sub(began)
		s.opts.Log.Error("the program has ended", "how", end.How, "up", end.Up.Round(time.Millisecond))
		s.opts.Ended(end)
		if end.Up >= Steady {
			s.count(0)
			pause = firstBreak
			continue
		}
		s.count(+1)
		s.opts.Clock.Sleep(ctx, end.At.Add(pause))
		pause = min(2*pause, maxBreak)
	}
	return nil
}

// count counts failed starts in a row; 0 begins anew.
func (s *Supervisor) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n == 0 {
		s.failing = 0
	}
	s.failing += n
	s.afloat = s.afloat || s.failing >= Failing && s.opts.Lifeboat != nil
}

// once runs the program until it ends.
func (s *Supervisor) once(ctx context.Context) (end End) {
	program := s.opts.Program
	if s.Afloat() {
		program = s.opts.Lifeboat
	}
	cmd := program()
	read, write := io.Pipe()
	cmd.Stdout, cmd.Stderr = write, write
	cmd.WaitDelay = time.Second // for children that keep the pipe
	var lines tail
	var reading sync.WaitGroup
	reading.Go(func() {
		r := bufio.NewReaderSize(read, 4096)
		for {
			line, _, err := r.ReadLine() // a longer line comes in pieces
			if err != nil {
				return
			}
			lines.add(string(line))
			s.opts.Line(string(line))
		}
	})
	err := cmd.Start()
	if err == nil {
		s.set(cmd)
		stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
		kill := context.AfterFunc(ctx, func() {
			s.opts.Clock.AfterFunc(graceful, func() { _ = cmd.Process.Kill() })
		})
		err = cmd.Wait()
		stop()
		kill()
		s.set(nil)
	}
	write.Close()
	reading.Wait()
	end.How, end.Lines = "exit status 0", lines.all()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		end.How = exit.String()
	case err != nil:
		end.How = fmt.Sprint("cannot run: ", err)
	}
	return end
}

func (s *Supervisor) set(cmd *exec.Cmd) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = cmd
}

// tail is the last lines of many.
type tail struct{ lines []string }

func (t *tail) add(line string) {
	if len(t.lines) == lastLines {
		copy(t.lines, t.lines[1:])
		t.lines = t.lines[:lastLines-1]
	}
	t.lines = append(t.lines, line)
}

func (t *tail) all() []string { return t.lines }
