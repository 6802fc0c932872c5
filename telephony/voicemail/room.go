package voicemail

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
)

// Library is where sounds are put that a caller is to hear. *media.Library is one.
type Library interface {
	Add(name string, pcm []int16)
	Remove(name string)
}

// Options are what the room needs from the house.
type Options struct {
	Clock   clock.Clock
	Log     *slog.Logger
	News    *event.News
	Health  *health.Board
	Config  func() *config.Config
	Library Library
	Dir     string // of the files
	// Disk is how many bytes are free on the disk of a directory, and its size; nil: the
	// kernel is asked.
	Disk func(dir string) (free, size int64, err error)
}

// maxTakes bounds the messages spoken at one time: 32 kB of memory each.
const maxTakes = 100

// Room keeps the mailboxes. Its methods are safe for concurrent use.
type Room struct {
	opts Options
	due  chan struct{}             // Run has something to do
	law  [1 << 16 >> lawShift]byte // A-law of a sample

	mu        sync.Mutex
	boxes     map[string][]*Message // of each box, oldest first
	greetings map[greeting]bool     // those that were recorded
	guesses   map[string]*guesses   // wrong PINs of each box
	takes     []*take
	errands   []func()
	full      bool // the disk is
	sounds    int  // names given to sounds in the library
}

// Open finds the messages that are kept, and makes good what a crash cut off.
func Open(o Options) (*Room, error) {
	if o.Disk == nil {
		o.Disk = disk
	}
	r := &Room{opts: o, due: make(chan struct{}, 1), boxes: make(map[string][]*Message), greetings: make(map[greeting]bool),
		guesses: make(map[string]*guesses)}
	r.fillLaw()
	if err := r.find(); err != nil {
		return r, fmt.Errorf("voice messages: %w", err)
	}
	r.look()
	return r, nil
}

const (
	writeEvery = 250 * time.Millisecond // while somebody speaks
	lookEvery  = time.Second            // at the disk, and sizes in headers
)

// Run writes and loads until ctx ends. End it after the calls.
func (r *Room) Run(ctx context.Context) error {
	looked := r.opts.Clock.Now()
	for ctx.Err() == nil {
		speaking := r.work()
		now := r.opts.Clock.Now()
		if now.Sub(looked) >= lookEvery {
			looked = now
			r.look()
		}
		switch {
		case speaking:
			r.opts.Clock.AfterFunc(writeEvery, r.poke)
		case r.isFull(): // until there is room again
			r.opts.Clock.AfterFunc(lookEvery, r.poke)
		}
		select {
		case <-r.due:
		case <-ctx.Done():
		}
	}
	for _, t := range r.going() {
		t.stop(overStopped)
	}
	r.work()
	return nil
}

// work writes what was spoken and does the errands. It reports whether somebody speaks.
func (r *Room) work() (speaking bool) {
	r.mu.Lock()
	errands, takes := r.errands, slices.Clone(r.takes)
	r.errands = nil
	r.mu.Unlock()
	for _, t := range takes { // before errands: they may be about what ended
		speaking = !t.write() || speaking
	}
	for _, do := range errands {
		do()
	}
	return speaking
}

// later has Run do something that waits for the disk.
func (r *Room) later(do func()) {
	r.mu.Lock()
	r.errands = append(r.errands, do)
	r.mu.Unlock()
	r.poke()
}

func (r *Room) poke() {
	select {
	case r.due <- struct{}{}:
	default:
	}
}

func (r *Room) going() []*take {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.takes)
}

func (r *Room) isFull() bool { r.mu.Lock(); defer r.mu.Unlock(); return r.full }

const (
	megabyte   = 1_000_000
	usualFloor = 200 * megabyte
)

// look sees whether there is room on the disk; it keeps the same room free as
// recordings do. Messages that are being spoken end when there is none.
func (r *Room) look() {
	free, size, err := r.opts.Disk(r.opts.Dir)
	if err != nil {
		r.opts.Log.Error("voice messages", "err", err)
		return
	}
	floor := min(size/10, usualFloor)
	if n := int64(r.opts.Config().Recording.MinFree); n > 0 {
		floor = n * megabyte
	}
	r.mu.Lock()
	was := r.full
	r.full = free < floor || was && free <= floor+floor/10
	full := r.full
	r.mu.Unlock()
	switch {
	case full && !was:
		r.opts.Health.Raise("voicemail-stopped", fmt.Sprintf("%d MB free, %d MB must be", free/megabyte, floor/megabyte))
		for _, t := range r.going() {
			t.stop(overDisk)
		}
	case was && !full:
		r.opts.Health.Clear("voicemail-stopped")
	}
}

// disk asks the kernel.
func disk(dir string) (free, size int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize), nil
}

// changed tells the house that a count of messages is another one.
func (r *Room) changed() { r.opts.News.Publish(event.Messages) }
