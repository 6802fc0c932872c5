package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/store"
)

// Proof is how the last rehearsal of a restore went.
type Proof struct {
	At    time.Time `json:"at"`
	Place string    `json:"place"`
	Name  string    `json:"name"`
	Fault string    `json:"fault,omitempty"` // empty: it can be restored
	Code  string    `json:"code,omitempty"`
	Holds Summary   `json:"holds"`
}

// Summary is what a data directory holds, in numbers that people know.
type Summary struct {
	Revision   int   `json:"revision"` // of the configuration
	Extensions int   `json:"extensions"`
	Queues     int   `json:"queues"`
	Trunks     int   `json:"trunks"`
	Months     int   `json:"months"` // of the ledger
	Messages   int   `json:"messages"`
	Recordings int   `json:"recordings"`
	Files      int   `json:"files"`
	Bytes      int64 `json:"bytes"`
}

// Rehearse begins to prove that the newest backup can be restored.
func (r *Room) Rehearse() error { return r.begin(Rehearsing, r.rehearse) }

func (r *Room) rehearse(ctx context.Context) error {
	cfg := r.opts.Config()
	proof := Proof{At: r.opts.Clock.Now().UTC()}
	err := r.prove(ctx, cfg, &proof)
	if ctx.Err() != nil {
		return ctx.Err() // the box stops: that proves nothing
	}
	if err != nil {
		proof.Fault, proof.Code = err.Error(), codeOf(err)
		r.opts.Health.Raise("backup-unusable", proof.Name+": "+proof.Fault)
	} else {
		r.opts.Health.Clear("backup-unusable")
		r.opts.Log.Info("backup rehearsed", "place", proof.Place, "name", proof.Name, "files", proof.Holds.Files)
	}
	r.keep(func(s *State) { s.Proof = &proof })
	return err
}

// prove restores the newest backup into a folder of its own, opens it, and throws it away.
func (r *Room) prove(ctx context.Context, cfg *config.Config, proof *Proof) error {
	dir := filepath.Join(r.opts.Dir, rehearsalDir)
	defer os.RemoveAll(dir)
	for _, p := range cfg.Backup.Places {
		proof.Place = p.Name
		list, err := r.List(ctx, p.Name)
		for len(list) > 0 && !list[0].Own {
			list = list[1:]
		}
		if err != nil || len(list) == 0 {
			continue
		}
		proof.Name = list[0].Name
		h, err := r.extract(ctx, p, proof.Name, cfg.Backup.Passphrase, dir)
		if err == nil {
			proof.Holds, err = check(dir, r.opts.Clock)
		}
		if err == nil && h.Recordings && proof.Holds.Files == 0 {
			err = ErrFormat
		}
		return err
	}
	return errors.New("no place has a backup of this box")
}

// extract writes a backup's files into an empty folder and syncs them.
func (r *Room) extract(ctx context.Context, p config.BackupPlace, name string, passphrase config.Secret, dir string) (Header, error) {
	from, err := r.reach(ctx, p)
	if err != nil {
		return Header{}, err
	}
	defer from.close()
	if _, _, ok := parseName(name); !ok {
		return Header{}, ErrUnknown // it also keeps paths out
	}
	file, err := from.open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return Header{}, ErrUnknown
	}
	if err != nil {
		return Header{}, err
	}
	defer file.Close()
	return r.unpack(ctx, file, passphrase, dir)
}

func (r *Room) unpack(ctx context.Context, file io.Reader, passphrase config.Secret, dir string) (Header, error) {
	if err := os.RemoveAll(dir); err != nil {
		return Header{}, err
	}
	slow := &gentle{ctx: ctx, r: file, clock: r.opts.Clock, began: r.opts.Clock.Now(), job: r}
	h, _, err := readArchive(slow, passphrase, into(dir))
	return h, err
}

// into is a sink of files in a folder.
func into(dir string) sink {
	return func(name string, _ int64) (io.Writer, func() error, error) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, nil, err
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, nil, err
		}
		return f, func() error { return errors.Join(f.Sync(), f.Close()) }, nil
	}
}

// check opens a restored data directory as the box will.
func check(dir string, c clock.Clock) (Summary, error) {
	months, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil {
		return Summary{}, err
	}
	for _, path := range months {
		if store.IsFile(filepath.Base(path)) {
			if err := store.Check(path); err != nil {
				return Summary{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "pasokh.db")); err != nil {
		return Summary{}, fmt.Errorf("%w: no settings in it", ErrFormat)
	}
	st, err := store.Open(dir, store.Options{Clock: c})
	if err != nil {
		return Summary{}, err
	}
	s, err := open(st, c)
	if err := errors.Join(err, st.Close()); err != nil {
		return Summary{}, err
	}
	return s, s.count(dir)
}

// open reads what the rooms will read first.
func open(st *store.Store, c clock.Clock) (s Summary, err error) {
	revisions, err := config.OpenRevisions(st, c, &event.News{})
	if err != nil {
		return s, fmt.Errorf("configuration: %w", err)
	}
	if w := revisions.Warning(); w != "" {
		return s, fmt.Errorf("configuration: %s", w)
	}
	if _, err := identity.Open(st, c); err != nil {
		return s, fmt.Errorf("users: %w", err)
	}
	cfg, revision := revisions.Current()
	s.sees(cfg, revision)
	return s, nil
}

func (s *Summary) sees(cfg *config.Config, revision int) {
	s.Revision, s.Extensions, s.Queues, s.Trunks = revision, len(cfg.Extensions), len(cfg.Queues), len(cfg.Trunks)
}

// count counts the files of a data directory.
func (s *Summary) count(dir string) error {
	names, err := files(dir, true)
	for _, name := range names {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			continue // deleted meanwhile
		}
		s.Files++
		s.Bytes += info.Size()
		first, _, _ := strings.Cut(filepath.ToSlash(name), "/")
		switch {
		case first == recordingsDir && filepath.Ext(name) == ".wav":
			s.Recordings++
		case first == "voicemail" && filepath.Ext(name) == ".json":
			s.Messages++
		case strings.HasPrefix(name, "ledger-") && store.IsFile(name):
			s.Months++
		}
	}
	return err
}
