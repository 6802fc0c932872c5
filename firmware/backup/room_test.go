package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/store"
)

// shop is a box with a state worth keeping.
type shop struct {
	*Room
	t         *testing.T
	dir       string
	store     *store.Store
	revisions *config.Revisions
	health    *health.Board
	cfg       atomic.Pointer[config.Config]
}

func newShop(t *testing.T, dir string) *shop {
	t.Helper()
	s := &shop{t: t, dir: dir, health: health.NewBoard(clock.System(), &event.News{})}
	var err error
	if s.store, err = store.Open(dir, store.Options{Clock: clock.System()}); err != nil {
		t.Fatal(err)
	}
	if s.revisions, err = config.OpenRevisions(s.store, clock.System(), &event.News{}); err != nil {
		t.Fatal(err)
	}
	if _, err := identity.Open(s.store, clock.System()); err != nil {
		t.Fatal(err)
	}
	first := config.Default()
	first.Extensions = []config.Extension{{Number: "1001", Name: "Reception", Secret: "a-long-password", RingFor: config.Duration(20 * time.Second)}}
	if err := s.revisions.Seed(first); err != nil {
		t.Fatal(err)
	}
	current, _ := s.revisions.Current()
	s.cfg.Store(current)
	s.set(func(b *config.Backup) { b.Passphrase, b.Keep = passphrase, 2 })
	s.Room, err = Open(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), Health: s.health, Config: s.cfg.Load, Store: s.store,
		Dir: dir, Version: "test", Pin: s.pin, Mounts: func() []string { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	s.work = 2
	return s
}

// set changes how backups are made; it is no revision.
func (s *shop) set(edit func(*config.Backup)) {
	c := *s.cfg.Load()
	edit(&c.Backup)
	s.cfg.Store(&c)
}

func (s *shop) pin(place, fingerprint string) error {
	s.set(func(b *config.Backup) {
		b.Places = append([]config.BackupPlace{}, b.Places...)
		for i := range b.Places {
			if b.Places[i].Name == place {
				b.Places[i].HostKey = fingerprint
			}
		}
	})
	return nil
}

// to makes a folder the only place.
func (s *shop) to(places ...config.BackupPlace) {
	s.set(func(b *config.Backup) { b.Places = places })
}

func (s *shop) run() {
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		<-ended
		s.store.Close()
	})
}

// write puts a file into the data directory.
func (s *shop) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// job waits for the end of what begin has begun.
func (s *shop) job(begun error) Job {
	s.t.Helper()
	if begun != nil {
		s.t.Fatal(begun)
	}
	for {
		if j := s.State().Job; j.Over {
			return *j
		}
		time.Sleep(time.Millisecond)
	}
}

func (s *shop) good(begun error) {
	s.t.Helper()
	if j := s.job(begun); j.Fault != "" {
		s.t.Fatal(j.Fault)
	}
}

func (s *shop) list(place string) []Stored {
	s.t.Helper()
	list, err := s.List(s.t.Context(), place)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

func at(path string) config.BackupPlace {
	return config.BackupPlace{Name: "here", Kind: config.BackupFolder, Path: path}
}

func wantFile(t *testing.T, path, want string) {
	t.Helper()
	if text, err := os.ReadFile(path); want == "" && !errors.Is(err, os.ErrNotExist) || want != "" && string(text) != want {
		t.Errorf("%s is %q (%v), want %q", filepath.Base(path), text, err, want)
	}
}

// TestABackupIsMadeProvedAndRestored goes the whole way, on a box whose state changes
// meanwhile, and onto other hardware.
func TestABackupIsMadeProvedAndRestored(t *testing.T) {
	dir, folder := t.TempDir(), t.TempDir()
	s := newShop(t, dir)
	s.write("voicemail/1001/a.json", "{}")
	s.write("certificate/root.pem", "key of the authority")
	s.write("recordings/2026/a.wav", "sound")
	s.write("pasokh.sock", "")
	ledger := s.store.Log("ledger")
	for i := range 100 {
		ledger.Append(time.Now(), fmt.Append(nil, i))
	}
	if err := ledger.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.to(at(folder))
	s.run()
	s.good(s.Make())
	s.good(s.Rehearse())
	if p := s.State().Proof; p == nil || p.Fault != "" || p.Holds.Extensions != 1 || p.Holds.Months != 1 || p.Holds.Messages != 1 || p.Holds.Recordings != 0 {
		t.Errorf("proof: %+v", p)
	}
	name := s.list("here")[0].Name

	s.write("voicemail/1001/b.json", "later")
	s.write("certificate/root.pem", "another key")
	later := *s.cfg.Load()
	later.Extensions = nil
	if _, err := s.revisions.Propose(&later, 1, "sara", "all gone"); err != nil {
		t.Fatal(err)
	}
	s.good(s.Prepare("here", name, "", 2))
	p := s.State().Pending
	if p == nil || p.Holds.Extensions != 1 || p.Holds.Revision != 1 || p.Now.Revision != 2 || p.Now.Messages != 2 || !p.KeepsRecordings || p.Header.Box != "Pasokh" {
		t.Fatalf("preview: %+v", p)
	}
	wantFile(t, filepath.Join(dir, "certificate/root.pem"), "another key") // nothing is replaced yet
	if err := s.Confirm(); err != nil {
		t.Fatal(err)
	}
	if _, err := Settle(dir); !errors.Is(err, store.ErrRunning) {
		t.Errorf("settled under a running box: %v", err)
	}
	s.store.Close()
	if did, err := Settle(dir); did != Restored || err != nil {
		t.Fatalf("%q %v", did, err)
	}
	wantFile(t, filepath.Join(dir, "voicemail/1001/b.json"), "")
	wantFile(t, filepath.Join(dir, "certificate/root.pem"), "key of the authority")
	wantFile(t, filepath.Join(dir, "recordings/2026/a.wav"), "sound")
	again := newShop(t, dir)
	if c, rev := again.revisions.Current(); rev != 1 || len(c.Extensions) != 1 || c.Extensions[0].Secret != "a-long-password" || again.id != s.id {
		t.Errorf("revision %d %+v", rev, c.Extensions)
	}
	n := 0
	if err := again.store.Log("ledger").Scan(t.Context(), time.Time{}, time.Now().Add(time.Hour), func(time.Time, []byte) error { n++; return nil }); err != nil || n != 100 {
		t.Errorf("%d records, %v", n, err)
	}
	if !OnTrial(dir) || Healthy(dir) != nil || OnTrial(dir) {
		t.Error("the trial does not end")
	}
	wantFile(t, filepath.Join(dir, asideDir), "")
	again.store.Close()

	// Other hardware has its own passphrase and an empty state.
	other := newShop(t, t.TempDir())
	other.set(func(b *config.Backup) { b.Passphrase = "of the other box" })
	other.to(at(folder))
	other.run()
	if list := other.list("here"); len(list) != 1 || list[0].Own {
		t.Errorf("%+v", list)
	}
	if j := other.job(other.Prepare("here", name, "", 1)); j.Fault != ErrPassphrase.Error() || other.State().Pending != nil || other.Confirm() == nil {
		t.Errorf("with its own passphrase: %+v", j)
	}
	other.good(other.Prepare("here", name, passphrase, 1))
	if err := other.Cancel(); err != nil || other.Confirm() == nil {
		t.Errorf("cancelled: %v", err)
	}
	wantFile(t, filepath.Join(other.dir, preparedDir), "")
}

// TestARestoreIsCutOffAnywhere: whatever the moment, the next start has the old state or
// the new one, whole.
func TestARestoreIsCutOffAnywhere(t *testing.T) {
	build := func(t *testing.T) (dir string, names []string) {
		dir = t.TempDir()
		s := &shop{t: t, dir: dir}
		for i := range 4 {
			names = append(names, fmt.Sprint("f", i))
			s.write(names[i], "old")
			s.write(filepath.Join(preparedDir, names[i]), "new")
		}
		s.write("only-old", "old")
		s.write(filepath.Join(preparedDir, "only-new"), "new")
		if err := writeSwap(dir, swap{Phase: movingOut}); err != nil {
			t.Fatal(err)
		}
		return dir, names
	}
	// A step is one rename or one phase; a cut is a rename that fails, as on a disk that
	// has gone.
	for cut := range 14 {
		dir, names := build(t)
		stopAt(t, dir, cut)
		if did, err := Settle(dir); did != Restored || err != nil {
			t.Fatalf("cut %d: %q %v", cut, did, err)
		}
		for _, name := range append(names, "only-new") {
			wantFile(t, filepath.Join(dir, name), "new")
		}
		wantFile(t, filepath.Join(dir, "only-old"), "")
		for range trialStarts - 1 {
			if did, err := Settle(dir); did != Restored || err != nil {
				t.Fatalf("start: %q %v", did, err)
			}
		}
		if did, err := Settle(dir); did != Undone || err != nil {
			t.Fatalf("cut %d, undo: %q %v", cut, did, err)
		}
		for _, name := range append(names, "only-old") {
			wantFile(t, filepath.Join(dir, name), "old")
		}
		wantFile(t, filepath.Join(dir, "only-new"), "")
		if did, err := Settle(dir); did != Nothing || err != nil {
			t.Errorf("after it all: %q %v", did, err)
		}
	}
}

// TestARestoreThatCannotBeDoneIsUndone: what cannot be moved is the end of the
// restore, not of the box.
func TestARestoreThatCannotBeDoneIsUndone(t *testing.T) {
	dir := t.TempDir()
	s := &shop{t: t, dir: dir}
	s.write("a", "old")
	s.write("full/x", "old")
	s.write(preparedDir, "no folder")
	if err := writeSwap(dir, swap{Phase: movingOut}); err != nil {
		t.Fatal(err)
	}
	if did, err := Settle(dir); did != Undone || err != nil {
		t.Errorf("%q %v", did, err)
	}
	wantFile(t, filepath.Join(dir, "a"), "old")
	wantFile(t, filepath.Join(dir, "full/x"), "old")
}

// stopAt does the first n moves of a swap by hand and leaves the rest.
func stopAt(t *testing.T, dir string, n int) {
	t.Helper()
	move := func(from, to string) {
		if n--; n < 0 {
			return
		}
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	aside, prepared := filepath.Join(dir, asideDir), filepath.Join(dir, preparedDir)
	if err := os.MkdirAll(aside, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"f0", "f1", "f2", "f3", "only-old"} {
		move(filepath.Join(dir, name), filepath.Join(aside, name))
	}
	if n--; n < 0 {
		return
	}
	if err := writeSwap(dir, swap{Phase: movingIn}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"f0", "f1", "f2", "f3", "only-new"} {
		move(filepath.Join(prepared, name), filepath.Join(dir, name))
	}
	if n--; n >= 0 {
		if err := os.Remove(prepared); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOnlyTheNewestAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		s := newShop(t, t.TempDir())
		s.to(at(folder))
		foreign := filepath.Join(folder, nameOf("zz", made))
		half := filepath.Join(folder, nameOf(s.id, made)+".part")
		for _, path := range []string{foreign, half, filepath.Join(folder, "notes.txt")} {
			if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s.run()
		for range 4 {
			s.good(s.Make())
			time.Sleep(time.Minute)
		}
		list := s.list("here")
		if len(list) != 3 || list[0].Own || !list[1].Own || !list[2].Own || !list[1].Made.After(list[2].Made) { // the stranger's clock is ahead
			t.Errorf("%+v", list)
		}
		wantFile(t, foreign, "x")
		wantFile(t, filepath.Join(folder, "notes.txt"), "x")
		wantFile(t, half, "")
	})
}

// TestTheScheduleIsKept: daily at its hour, made up for after an outage, tried again
// after a failure, and proved every week.
func TestTheScheduleIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it begins at midnight, a Saturday
		folder := filepath.Join(t.TempDir(), "backups")
		s := newShop(t, t.TempDir())
		s.to(at(folder))
		s.set(func(b *config.Backup) { b.Every, b.At, b.Keep = config.BackupDaily, "03:30", 100 })
		s.run()
		time.Sleep(3 * time.Hour)
		if n := len(s.list("here")); n != 0 {
			t.Errorf("%d before its hour", n)
		}
		time.Sleep(3*24*time.Hour + time.Hour)
		list := s.list("here")
		if len(list) != 4 || list[0].Made.UTC().Format("15:04") > "03:32" || list[0].Made.UTC().Format("15:04") < "03:30" {
			t.Errorf("%+v", list)
		}
		if p := s.State().Proof; p == nil || p.Fault != "" {
			t.Errorf("no proof: %+v", p)
		}
		// A file in the place of the folder is a disk that has gone.
		if err := os.Rename(folder, folder+".away"); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(folder, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		if list := s.health.List(); len(list) != 1 || list[0].ID != "backup-failed" || !strings.Contains(list[0].Detail, "here: ") {
			t.Errorf("a place has gone: %+v", list)
		}
		if r := s.State().Last; len(r) != 1 || r[0].Fault == "" {
			t.Errorf("%+v", r)
		}
		if err := errors.Join(os.Remove(folder), os.Rename(folder+".away", folder)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		if n := len(s.list("here")); n != 5 || len(s.health.List()) != 0 {
			t.Errorf("%d after it came back, %v", n, s.health.List())
		}
		s.set(func(b *config.Backup) { b.Every = config.BackupWeekly })
		time.Sleep(14 * 24 * time.Hour)
		if n := len(s.list("here")); n != 7 {
			t.Errorf("%d, want two more of two weeks", n)
		}
		// A damaged backup is found by the weekly proof.
		list = s.list("here")
		path := filepath.Join(folder, list[0].Name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		data[len(data)/2] ^= 1
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s.good(nil)
		if j := s.job(s.Rehearse()); j.Fault == "" || s.health.List()[0].ID != "backup-unusable" {
			t.Errorf("%+v %v", j, s.health.List())
		}
	})
}

// TestOnePlaceDownDoesNotHinderTheOthers also tells which it is.
func TestOnePlaceDownDoesNotHinderTheOthers(t *testing.T) {
	folder := t.TempDir()
	s := newShop(t, t.TempDir())
	s.to(config.BackupPlace{Name: "stick", Kind: config.BackupUSB}, at(folder))
	s.run()
	if j := s.job(s.Make()); !strings.Contains(j.Fault, "stick: ") || len(s.list("here")) != 1 {
		t.Errorf("%+v", j)
	}
	if err := s.begin(Making, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }); err != nil {
		t.Fatal(err)
	}
	if err := s.Make(); !errors.Is(err, ErrBusy) {
		t.Errorf("two at once: %v", err)
	}
	s.set(func(b *config.Backup) { b.Passphrase = "" })
	if err := s.Make(); !errors.Is(err, ErrNoPassphrase) {
		t.Errorf("in the clear: %v", err)
	}
}

// TestABackupRestsAsLongAsItWorks: it leaves half of a core to calls.
func TestABackupRestsAsLongAsItWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &Room{opts: Options{Clock: clock.System()}}
		slow := &slowReader{n: 40}
		start := time.Now()
		if _, err := io.Copy(io.Discard, &gentle{ctx: t.Context(), r: slow, clock: clock.System(), began: start, job: r}); err != nil {
			t.Fatal(err)
		}
		if worked, took := 40*10*time.Millisecond, time.Since(start); took < 2*worked-30*time.Millisecond || r.read != 40*stint {
			t.Errorf("%v of work took %v", worked, took)
		}
	})
}

// slowReader works 10 ms for each stint.
type slowReader struct{ n, part int }

func (s *slowReader) Read(p []byte) (int, error) {
	if s.n == 0 {
		return 0, io.EOF
	}
	n := min(len(p), stint-s.part)
	if s.part += n; s.part == stint {
		s.part = 0
		s.n--
		time.Sleep(10 * time.Millisecond)
	}
	return n, nil
}
