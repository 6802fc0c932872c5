package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/telephony/sound"
)

const (
	sweepEvery = time.Hour
	day        = 24 * time.Hour
	megabyte   = 1_000_000
	usualFloor = 200 * megabyte
	dayForm    = "20060102"
	lookBack   = 31 * day // for recordings that a restart cut off
)

// disk asks the kernel. A directory that is not there yet is on its parent's disk.
func disk(dir string) (free, size int64, err error) {
	var s syscall.Statfs_t
	err = syscall.Statfs(dir, &s)
	if errors.Is(err, syscall.ENOENT) {
		err = syscall.Statfs(filepath.Dir(dir), &s)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize), nil
}

// floor is what must stay free on a disk of a size.
func (r *Room) floor(size int64) int64 {
	if n := int64(r.opts.Config().Recording.MinFree); n > 0 {
		return n * megabyte
	}
	return min(size/10, usualFloor)
}

// look sees whether there is room on the disk, and stops all recordings if not. It
// must be a little more than the floor again before recording goes on.
func (r *Room) look() {
	free, size, err := r.opts.Disk(r.opts.Dir)
	if err != nil {
		r.opts.Log.Error("recordings", "err", err)
		return
	}
	floor := r.floor(size)
	r.mu.Lock()
	was := r.full
	switch {
	case free < floor:
		r.full = true
	case free > floor+floor/10:
		r.full = false
	}
	full := r.full
	r.mu.Unlock()
	switch {
	case full && !was:
		r.opts.Health.Raise("recording-stopped", fmt.Sprintf("%s: %d MB free, %d MB must be", diskFull, free/megabyte, floor/megabyte))
		for _, t := range r.going() {
			t.stop(diskFull)
		}
	case was && !full:
		r.opts.Health.Clear("recording-stopped")
	}
}

// measure counts what is kept of each day.
func (r *Room) measure() {
	days := make(map[string]int64)
	err := filepath.WalkDir(r.opts.Dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		id, wav := strings.CutSuffix(d.Name(), ".wav")
		if _, ok := beganAt(id); !ok || !wav {
			return nil
		}
		info, err := d.Info()
		if err == nil {
			days[id[:8]] += info.Size()
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.opts.Log.Error("recordings not measured", "err", err)
	}
	r.mu.Lock()
	r.days = days
	r.mu.Unlock()
}

// repair closes what a restart cut off: the sizes in the header become what was written.
func (r *Room) repair(ctx context.Context) {
	now := r.opts.Clock.Now()
	entries, err := r.read(ctx, now.Add(-lookBack), now.Add(day))
	if err != nil {
		r.opts.Log.Error("recordings not looked through", "err", err)
		return
	}
	for _, t := range r.going() { // begun while we were reading
		delete(entries, t.entry.ID)
	}
	for _, e := range entries {
		if e.State != Going {
			continue
		}
		e.State, e.Why = Kept, "the box restarted"
		if e.Size, e.Length, err = mendFile(path(r.opts.Dir, e.ID)); err != nil {
			e.State, e.Size = Failed, 0
			r.opts.Log.Error("recording lost by a restart", "recording", e.ID, "err", err)
		}
		r.put(e)
	}
}

// mendFile puts the sizes right in the header of a file whose writer was killed.
func mendFile(name string) (size, length int64, err error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	rate, channels, err := readHeader(f)
	if err != nil {
		return 0, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	data := min(info.Size()-headerSize, sound.MaxALaw) / int64(channels) * int64(channels)
	if _, err := f.WriteAt(sound.ALawHead(rate, channels, data), 0); err != nil {
		return 0, 0, err
	}
	return headerSize + data, data / int64(channels) * 1000 / int64(rate), f.Truncate(headerSize + data)
}

func (r *Room) keepSweeping(ctx context.Context) {
	for {
		r.sweep(ctx)
		if !r.opts.Clock.Sleep(ctx, r.opts.Clock.Now().Add(sweepEvery)) {
			return
		}
	}
}

// sweep deletes what is too old, then the oldest while all together are too large, and
// warns before the second cuts the first short. Today's are never deleted.
func (r *Room) sweep(ctx context.Context) {
	cfg := r.opts.Config().Recording
	now := r.opts.Clock.Now().UTC()
	r.look()
	today := now.Format(dayForm)
	last := ""
	if keep := cfg.Keep(); keep > 0 {
		last = now.Add(-keep).Format(dayForm)
	}
	for _, d := range r.oldest() {
		old := d < last
		large := cfg.MaxSize > 0 && r.Space().Kept > int64(cfg.MaxSize)*megabyte && d < today
		if !old && !large {
			break
		}
		if err := r.sweepDay(ctx, d, func() bool { return old || r.Space().Kept > int64(cfg.MaxSize)*megabyte }); err != nil {
			r.opts.Log.Error("recordings not swept", "day", d, "err", err)
		}
	}
	if left, soon := r.left(now); soon {
		r.opts.Health.Raise("recordings-filling", fmt.Sprintf("%d days left", left))
	} else {
		r.opts.Health.Clear("recordings-filling")
	}
}

// oldest are the days of which something is kept.
func (r *Room) oldest() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.days, func(_ string, n int64) bool { return n <= 0 })
	return slices.Sorted(maps.Keys(r.days))
}

// sweepDay deletes the recordings of a day, the first one first, while go on says so.
func (r *Room) sweepDay(ctx context.Context, d string, goOn func() bool) error {
	from, err := time.Parse(dayForm, d)
	if err != nil {
		return err
	}
	r.acts.Lock()
	defer r.acts.Unlock()
	entries, err := r.read(ctx, from, from.Add(day))
	if err != nil {
		return err
	}
	dir := filepath.Dir(path(r.opts.Dir, d+"-"))
	files, err := os.ReadDir(dir) // in the order of their names
	if err != nil {
		return err
	}
	left := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".peaks") { // those go with their sound
			left++
		}
	}
	for _, f := range files {
		id, wav := strings.CutSuffix(f.Name(), ".wav")
		if _, ok := beganAt(id); !ok || !wav {
			continue
		}
		e := entries[id]
		if e == nil { // a file whose entry was lost
			info, err := f.Info()
			if err != nil {
				return err
			}
			at, _ := beganAt(id)
			e = &Entry{ID: id, Began: at, State: Kept, Size: info.Size()}
		}
		if e.State != Kept || !goOn() {
			continue
		}
		if err := r.remove(e, ""); err != nil {
			return err
		}
		left--
	}
	if left == 0 {
		_ = os.Remove(dir) // and of the month when it is empty
		_ = os.Remove(filepath.Dir(dir))
	}
	r.mu.Lock()
	if left == 0 {
		delete(r.days, d)
	}
	r.mu.Unlock()
	return nil
}

// left is in how many days there will be no room for what should still be kept, as the
// last week went; soon if that is within the days of warning.
func (r *Room) left(now time.Time) (days int, soon bool) {
	cfg := r.opts.Config().Recording
	s := r.Space()
	room := s.Free - s.Floor
	if cfg.MaxSize > 0 && cfg.KeepDays > 0 { // else the size alone says how long
		room = min(room, int64(cfg.MaxSize)*megabyte-s.Kept)
	}
	const week = 7
	weekAgo, ends := now.Add(-week*day).Format(dayForm), ""
	if keep := cfg.Keep(); keep > 0 {
		ends = now.Add(week*day - keep).Format(dayForm)
	}
	grows := int64(0) // in a week
	r.mu.Lock()
	for d, n := range r.days {
		if d > weekAgo {
			grows += n
		}
		if d < ends {
			grows -= n // will be deleted for its age
		}
	}
	r.mu.Unlock()
	if grows <= 0 {
		return 0, false
	}
	days = int(max(0, room) * week / grows)
	return days, days < cfg.WarnDays
}
