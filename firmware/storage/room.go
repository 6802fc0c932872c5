package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
)

// Memory keeps the days over a restart; *store.Latest is one.
type Memory interface {
	Read() ([]byte, error)
	Keep([]byte)
}

// Options are what the room needs from the house.
type Options struct {
	Clock  clock.Clock
	Log    *slog.Logger
	Health *health.Board
	Config func() *config.Config
	Memory Memory
	Dir    string // data directory
	Sys    string // empty: /sys
	// Disk tells the free and all bytes of a directory's disk; nil: the kernel's.
	Disk func(dir string) (free, size int64, err error)
}

// How often the disk is looked at, and a write is timed.
const (
	lookEvery  = 10 * time.Minute
	timeEvery  = time.Hour
	keptWrites = 24 * 7
	probeName  = "probe.new" // no part of a backup
	slowWrite  = 2 * time.Second
	fewDays    = 7
)

// Write is how long a small write took to be safe on the disk.
type Write struct {
	At time.Time `json:"at"`
	MS int       `json:"ms"`
}

// State is the disk, for people.
type State struct {
	Size   int64   `json:"size"` // bytes
	Free   int64   `json:"free"`
	Left   int     `json:"days_left"` // until it is full; -1: it does not fill
	Days   []Day   `json:"days"`      // oldest first, today last
	Writes []Write `json:"writes"`    // of the last week, oldest first
	Slow   int     `json:"slow_ms"`   // the longest write of the last day
	Chip   Chip    `json:"chip"`
}

// Room watches the disk.
type Room struct {
	opts Options

	mu    sync.Mutex
	state State
	last  uint64 // written as of the last look; 0: not known
}

// Open makes a room that knows the days before.
func Open(o Options) (*Room, error) {
	if o.Sys == "" {
		o.Sys = "/sys"
	}
	if o.Disk == nil {
		o.Disk = disk
	}
	r := &Room{opts: o, state: State{Left: -1, Days: []Day{}, Writes: []Write{}}}
	text, err := o.Memory.Read()
	if err == nil && text != nil {
		err = json.Unmarshal(text, &r.state.Days)
	}
	return r, err
}

func disk(dir string) (free, size int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize), nil
}

// State is the disk as it was last looked at.
func (r *Room) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state
	s.Days, s.Writes = append([]Day{}, s.Days...), append([]Write{}, s.Writes...)
	return s
}

// Run looks at the disk until ctx ends.
func (r *Room) Run(ctx context.Context) error {
	grid := clock.NewGrid(r.opts.Clock, lookEvery)
	var timed time.Time
	for ok := true; ok; _, _, ok = grid.Wait(ctx) {
		now := r.opts.Clock.Now()
		if now.Sub(timed) >= timeEvery {
			timed = now
			r.timeWrite()
		}
		r.look()
	}
	return nil
}

// look reads the disk, and raises or clears what is wrong with it.
func (r *Room) look() {
	free, size, err := r.opts.Disk(r.opts.Dir)
	if err != nil {
		r.opts.Log.Warn("disk", "err", err)
		return
	}
	chip, _ := readChip(r.opts.Sys, r.opts.Dir) // a disk without a device tells nothing
	zone, err := time.LoadLocation(r.opts.Config().System.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	today := r.opts.Clock.Now().In(zone).Format(time.DateOnly)
	r.mu.Lock()
	s := &r.state
	s.Size, s.Free, s.Chip = size, free, chip
	if n := len(s.Days); n == 0 || s.Days[n-1].Day != today {
		s.Days = append(s.Days, Day{Day: today})
		s.Days = s.Days[max(0, len(s.Days)-kept):]
	}
	d := &s.Days[len(s.Days)-1]
	d.Free = free
	if r.last != 0 && chip.Written > r.last {
		d.Written += int64(chip.Written - r.last)
	}
	r.last = chip.Written
	s.Left = daysLeft(s.Days)
	left := s.Left
	text, err := json.Marshal(s.Days)
	r.mu.Unlock()
	if err == nil {
		r.opts.Memory.Keep(text)
	}
	r.judge(free, size, left, chip)
}

func (r *Room) judge(free, size int64, left int, chip Chip) {
	switch {
	case free < size/20:
		r.opts.Health.Raise("disk-filling", fmt.Sprintf("%d MB", free/1_000_000))
	case left >= 0 && left < fewDays:
		r.opts.Health.Raise("disk-filling", fmt.Sprintf("%d MB, %d days", free/1_000_000, left))
	case free > size/16: // a little more, so that it does not come and go
		r.opts.Health.Clear("disk-filling")
	}
	switch {
	case chip.Worn >= 90 || chip.Reserve >= 2:
		r.opts.Health.Raise("disk-worn", fmt.Sprintf("%s %d %%", chip.Device, chip.Worn))
	default:
		r.opts.Health.Clear("disk-worn")
	}
}

// timeWrite writes a small file and waits until it is safe.
func (r *Room) timeWrite() {
	path := filepath.Join(r.opts.Dir, probeName)
	began := r.opts.Clock.Now()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.Write(make([]byte, 4096))
		err = errors.Join(err, f.Sync(), f.Close())
	}
	took := r.opts.Clock.Now().Sub(began)
	if err = errors.Join(err, os.Remove(path)); err != nil {
		r.opts.Log.Warn("disk cannot be written", "err", err)
		return
	}
	r.note(Write{At: began.UTC(), MS: int(took / time.Millisecond)})
}

// note keeps a write, and tells when three in a row were slow.
func (r *Room) note(w Write) {
	r.mu.Lock()
	s := &r.state
	s.Writes = append(s.Writes, w)
	s.Writes = s.Writes[max(0, len(s.Writes)-keptWrites):]
	day := s.Writes[max(0, len(s.Writes)-24):]
	s.Slow = slices.MaxFunc(day, func(a, b Write) int { return a.MS - b.MS }).MS
	slow := len(day) >= 3
	for _, w := range day[max(0, len(day)-3):] {
		slow = slow && w.MS > int(slowWrite/time.Millisecond)
	}
	r.mu.Unlock()
	if slow {
		r.opts.Health.Raise("disk-slow", fmt.Sprintf("%d ms", w.MS))
	} else {
		r.opts.Health.Clear("disk-slow")
	}
}
