package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// Stored is a backup in a place.
type Stored struct {
	Name string    `json:"name"`
	Made time.Time `json:"made"`
	Size int64     `json:"size"` // bytes
	Own  bool      `json:"own"`  // of this box
}

// place is where backups are kept. Its methods end with their context.
type place interface {
	// list is what is there, in any order; what is no backup is left out.
	list(ctx context.Context) ([]Stored, error)
	// create makes a backup that appears with commit, and not before.
	create(ctx context.Context, name string) (writer, error)
	open(ctx context.Context, name string) (io.ReadCloser, error)
	remove(ctx context.Context, name string) error
	close()
}

// writer is a backup on its way to a place. After one error nothing else is asked of it
// but abort.
type writer interface {
	io.Writer
	commit() error
	abort()
}

// Why a place cannot be used.
var (
	ErrPlace   = errors.New("backup: no such place")
	ErrNoUSB   = errors.New("backup: no USB stick is plugged in")
	ErrHostKey = errors.New("backup: the server is not the one that was here before: its key has changed")
	ErrInside  = errors.New("backup: the folder is a part of what is saved")
	ErrUnknown = errors.New("backup: no such backup")
)

// reach opens a place.
func (r *Room) reach(ctx context.Context, p config.BackupPlace) (place, error) {
	switch p.Kind {
	case config.BackupFolder:
		if inside(p.Path, r.opts.Dir) {
			return nil, ErrInside
		}
		return folder{p.Path}, nil
	case config.BackupUSB:
		return r.stick(p)
	case config.BackupSFTP:
		return r.dialSFTP(ctx, p)
	case config.BackupS3:
		return newBucket(p, r.opts.Clock), nil
	}
	return nil, ErrPlace
}

const (
	filePrefix = "pasokh-"
	fileSuffix = ".backup"
	timeForm   = "20060102T150405Z"
)

// nameOf is the file name of a box's backup.
func nameOf(box string, made time.Time) string {
	return filePrefix + box + "-" + made.UTC().Format(timeForm) + fileSuffix
}

// parseName takes a file name apart.
func parseName(name string) (box string, made time.Time, ok bool) {
	middle, suffixed := strings.CutSuffix(name, fileSuffix)
	middle, prefixed := strings.CutPrefix(middle, filePrefix)
	box, at, cut := strings.Cut(middle, "-")
	made, err := time.Parse(timeForm, at)
	return box, made, suffixed && prefixed && cut && err == nil && box != "" && strings.Trim(box, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// stored is a file of a place as a backup.
func (r *Room) stored(name string, size int64) (Stored, bool) {
	box, made, ok := parseName(name)
	return Stored{Name: name, Made: made, Size: size, Own: box == r.id}, ok
}

// newest puts the newest first.
func newest(list []Stored) []Stored {
	slices.SortFunc(list, func(a, b Stored) int { return b.Made.Compare(a.Made) })
	return list
}

// prune deletes this box's backups beyond the newest ones.
func (r *Room) prune(ctx context.Context, p place, keep int) error {
	list, err := p.list(ctx)
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(r.mark(list), func(s Stored) bool { return !s.Own })
	if len(own) <= keep {
		return nil
	}
	for _, s := range newest(own)[keep:] {
		if err := p.remove(ctx, s.Name); err != nil {
			return fmt.Errorf("delete %s: %w", s.Name, err)
		}
	}
	return nil
}

// mark tells which of a list are this box's, and leaves out what is none.
func (r *Room) mark(list []Stored) []Stored {
	var own []Stored
	for _, s := range list {
		if s, ok := r.stored(s.Name, s.Size); ok {
			own = append(own, s)
		}
	}
	return own
}

// fan writes to several places at once; one that fails is left out from then on.
type fan struct {
	ways []*way
	size int64 // bytes written
}

type way struct {
	name   string
	place  place
	writer writer
	err    error
}

func (f *fan) Write(p []byte) (int, error) {
	live := 0
	for _, w := range f.ways {
		if w.err == nil {
			if _, w.err = w.writer.Write(p); w.err == nil {
				live++
			}
		}
	}
	if live == 0 {
		return 0, errors.New("no place takes it")
	}
	f.size += int64(len(p))
	return len(p), nil
}
