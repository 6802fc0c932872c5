package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/store"
)

// recordingsDir is left out unless it is wanted.
const recordingsDir = "recordings"

// Folders and files of this room in the data directory.
const (
	copyName     = "backup.copy" // of the one store file that is being read
	preparedDir  = "restore.new"
	asideDir     = "restore.old"
	undoneDir    = "restore.bad"
	rehearsalDir = "rehearsal"
	stateName    = "restore.json"
)

// transient tells what of the data directory is no part of the box's state: it belongs
// to a running process, is made again, or is kept for somebody to look at.
func transient(name string) bool {
	switch name {
	case copyName, preparedDir, asideDir, undoneDir, rehearsalDir, stateName, "pasokh.sock", "pasokh.db.snapshot", "demo.env", "lost+found":
		return true
	}
	return strings.HasSuffix(name, ".new") || strings.HasSuffix(name, ".lock") || strings.Contains(name, ".bad-")
}

// files are what is to be saved of a data directory, by name.
func files(dir string, recordings bool) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != dir {
			return nil // gone meanwhile
		}
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		switch {
		case err != nil:
			return err
		case transient(d.Name()) || name == recordingsDir && !recordings:
			if d.IsDir() {
				return filepath.SkipDir
			}
		case d.Type().IsRegular():
			names = append(names, name)
		}
		return nil
	})
	// The values first: whatever they name was there before them.
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names, err
}

func rank(name string) int {
	if store.IsFile(name) {
		return 0
	}
	return 1
}

// gather writes all files into an archive, resting as long as it works.
func (r *Room) gather(ctx context.Context, a *archive, recordings bool) error {
	names, err := files(r.opts.Dir, recordings)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if store.IsFile(name) {
			err = r.addStored(ctx, a, name)
		} else {
			err = r.addFile(ctx, a, name, filepath.Join(r.opts.Dir, name))
		}
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted meanwhile
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// addStored adds a file that the store has open, by way of a copy.
func (r *Room) addStored(ctx context.Context, a *archive, name string) error {
	to := filepath.Join(r.opts.Dir, copyName)
	defer os.Remove(to)
	if err := r.opts.Store.CopyFile(name, to); err != nil {
		return err
	}
	return r.addFile(ctx, a, name, to)
}

func (r *Room) addFile(ctx context.Context, a *archive, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return a.add(name, info.Size(), &gentle{ctx: ctx, r: f, clock: r.opts.Clock, began: r.opts.Clock.Now(), job: r})
}

// gentle rests as long as was worked since it last rested, so that a backup takes at
// most half of one core.
type gentle struct {
	ctx   context.Context
	r     io.Reader
	clock clock.Clock
	began time.Time
	n     int
	job   *Room
}

// stint is how many bytes are read between two rests.
const stint = 256 << 10

func (g *gentle) Read(p []byte) (int, error) {
	if err := g.ctx.Err(); err != nil {
		return 0, err
	}
	if g.n >= stint {
		now := g.clock.Now()
		if !g.clock.Sleep(g.ctx, now.Add(min(now.Sub(g.began), time.Second))) {
			return 0, g.ctx.Err()
		}
		g.n, g.began = 0, g.clock.Now()
	}
	n, err := g.r.Read(p)
	g.n += n
	g.job.progress(int64(n))
	return n, err
}
