package backup

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/store"
)

// Options are what the room needs from the house.
type Options struct {
	Clock   clock.Clock
	Log     *slog.Logger
	Health  *health.Board
	Config  func() *config.Config
	Store   *store.Store
	Dir     string // data directory
	Version string // of the program
	// Pin keeps the key by which an SFTP server will be known from now on.
	Pin func(place, fingerprint string) error
	// Mounts are where USB sticks are mounted; nil: as the kernel tells.
	Mounts func() []string
}

// Room makes and restores backups.
type Room struct {
	opts Options
	id   string // of this box, in file names
	work int    // of opening a backup, see workFactor
	jobs chan func(context.Context)

	mu    sync.Mutex
	state State
	read  int64 // bytes of the job that runs
}

// JobKind is what the room works on.
type JobKind string

// The jobs.
const (
	Making     JobKind = "backup"
	Rehearsing JobKind = "rehearsal"
	Preparing  JobKind = "restore" // reading a backup to be restored, and checking it
)

// Job is what the room works on, or did last.
type Job struct {
	Kind  JobKind   `json:"kind"`
	Began time.Time `json:"began"`
	Over  bool      `json:"over"`
	Bytes int64     `json:"bytes"`           // read so far
	Fault string    `json:"fault,omitempty"` // why it failed
	Code  string    `json:"code,omitempty"`  // the same by name, if it has one
}

// Result is how the last backup to a place went.
type Result struct {
	Place string    `json:"place"`
	At    time.Time `json:"at"`
	Name  string    `json:"name"`
	Size  int64     `json:"size"`
	Fault string    `json:"fault,omitempty"`
	Code  string    `json:"code,omitempty"`
}

// State is how backups stand.
type State struct {
	Last    []Result `json:"last"`          // of each place, as it is kept over a restart
	Tried   string   `json:"tried"`         // the last turn of the schedule that was taken
	Retry   string   `json:"retry"`         // when it is to be tried again (RFC 3339)
	Job     *Job     `json:"job,omitempty"` // nil: none since the start
	Proof   *Proof   `json:"proof,omitempty"`
	Next    string   `json:"next,omitempty"` // when the schedule makes the next one (RFC 3339)
	Pending *Pending `json:"pending,omitempty"`
}

// Where the room keeps what outlives a restart.
const (
	bucketName = "backup"
	idKey      = "id"
	stateKey   = "state"
)

// ErrBusy: one job at a time.
var ErrBusy = errors.New("backup: something else is being done")

// ErrNoPassphrase: nothing is written in the clear.
var ErrNoPassphrase = errors.New("backup: no passphrase is set")

// Open makes a room that knows how its last backups went.
func Open(o Options) (*Room, error) {
	if o.Mounts == nil {
		o.Mounts = Mounts
	}
	r := &Room{opts: o, work: workFactor, jobs: make(chan func(context.Context), 1)}
	id, err := o.Store.Get(bucketName, idKey)
	if err != nil {
		return nil, err
	}
	if id == nil {
		id = []byte(strings.ToLower(rand.Text()[:8]))
		if err := o.Store.Put(bucketName, idKey, id); err != nil {
			return nil, err
		}
	}
	r.id = string(id)
	text, err := o.Store.Get(bucketName, stateKey)
	if err == nil && text != nil {
		err = json.Unmarshal(text, &r.state)
	}
	r.state.Job, r.state.Pending = nil, nil
	return r, err
}

// State is how backups stand now.
func (r *Room) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state
	s.Last = append([]Result{}, s.Last...)
	if s.Job != nil {
		j := *s.Job
		if !j.Over {
			j.Bytes = r.read
		}
		s.Job = &j
	}
	if at := r.next(r.opts.Config()); !at.IsZero() {
		s.Next = at.UTC().Format(time.RFC3339)
	}
	return s
}

// begin gives the room a job; it runs when begin has returned.
func (r *Room) begin(kind JobKind, f func(context.Context) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state.Job != nil && !r.state.Job.Over {
		return ErrBusy
	}
	r.state.Job, r.read = &Job{Kind: kind, Began: r.opts.Clock.Now()}, 0
	r.jobs <- func(ctx context.Context) {
		err := f(ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		j := *r.state.Job
		j.Over, j.Bytes = true, r.read
		if err != nil {
			j.Fault, j.Code = err.Error(), codeOf(err)
			r.opts.Log.Error("backup", "job", kind, "err", err)
		}
		r.state.Job = &j
	}
	return nil
}

// progress counts what a job has read.
func (r *Room) progress(n int64) {
	r.mu.Lock()
	r.read += n
	r.mu.Unlock()
}

// keep remembers the state over a restart.
func (r *Room) keep(change func(*State)) {
	r.mu.Lock()
	change(&r.state)
	s := r.state
	r.mu.Unlock()
	s.Job, s.Pending = nil, nil
	text, err := json.Marshal(s)
	if err == nil {
		err = r.opts.Store.Put(bucketName, stateKey, text)
	}
	if err != nil {
		r.opts.Log.Error("backup state is not kept", "err", err)
	}
}

// Run does jobs, and makes backups when their time has come, until ctx ends.
func (r *Room) Run(ctx context.Context) error {
	r.sweep()
	for {
		wake := make(chan struct{})
		timer := r.opts.Clock.AfterFunc(time.Minute, func() { close(wake) })
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case job := <-r.jobs:
			timer.Stop()
			job(ctx)
		case <-wake:
			r.scheduled()
		}
	}
}

// Make begins a backup to all places.
func (r *Room) Make() error {
	if r.opts.Config().Backup.Passphrase == "" {
		return ErrNoPassphrase
	}
	return r.begin(Making, r.make)
}

// make makes one backup and puts it into every place.
func (r *Room) make(ctx context.Context) error {
	cfg := r.opts.Config()
	now := r.opts.Clock.Now()
	name := nameOf(r.id, now)
	f, results := r.gates(ctx, cfg.Backup.Places, name)
	err := r.fill(ctx, f, cfg, now)
	for _, w := range f.ways {
		res := Result{Place: w.name, At: now, Name: name, Size: f.size}
		switch {
		case err != nil:
			w.writer.abort()
			if w.err == nil {
				w.err = err
			}
		case w.err != nil:
			w.writer.abort()
		default:
			if w.err = w.writer.commit(); w.err != nil {
				w.writer.abort()
			} else if pruned := r.prune(ctx, w.place, cfg.Backup.Keep); pruned != nil {
				r.opts.Log.Warn("old backups are not deleted", "place", w.name, "err", pruned)
			}
		}
		if w.err != nil {
			res.Fault, res.Code = w.err.Error(), codeOf(w.err)
		}
		w.place.close()
		results = append(results, res)
	}
	if ctx.Err() != nil {
		return ctx.Err() // the box stops: it is nobody's fault, and is made up for
	}
	return r.told(cfg, results, err)
}

// gates opens every place for a new backup; those that cannot be are in the results.
func (r *Room) gates(ctx context.Context, places []config.BackupPlace, name string) (*fan, []Result) {
	f, results := &fan{}, []Result(nil)
	for _, p := range places {
		to, err := r.reach(ctx, p)
		var w writer
		if err == nil {
			r.clear(ctx, to)
			if w, err = to.create(ctx, name); err != nil {
				to.close()
			}
		}
		if err != nil {
			results = append(results, Result{Place: p.Name, At: r.opts.Clock.Now(), Fault: err.Error(), Code: codeOf(err)})
			continue
		}
		f.ways = append(f.ways, &way{name: p.Name, place: to, writer: w})
	}
	return f, results
}

// clear deletes what a backup that was cut off has left.
func (r *Room) clear(ctx context.Context, p place) {
	list, err := p.list(ctx)
	for _, s := range list {
		name, part := strings.CutSuffix(s.Name, ".part")
		if box, _, ok := parseName(name); err == nil && part && ok && box == r.id {
			err = p.remove(ctx, s.Name)
		}
	}
	if err != nil {
		r.opts.Log.Warn("a half backup is not deleted", "err", err)
	}
}

// fill writes the archive.
func (r *Room) fill(ctx context.Context, f *fan, cfg *config.Config, now time.Time) error {
	if len(f.ways) == 0 {
		return errors.New("no place takes it")
	}
	a, err := newArchive(f, cfg.Backup.Passphrase, r.work, Header{Format: Format, Schema: config.Schema, Version: r.opts.Version,
		Box: cfg.System.Name, Made: now.UTC(), Recordings: cfg.Backup.Recordings})
	if err != nil {
		return err
	}
	if err := r.gather(ctx, a, cfg.Backup.Recordings); err != nil {
		return err
	}
	return a.finish()
}

// told keeps how it went, and raises or clears the alarm.
func (r *Room) told(cfg *config.Config, results []Result, err error) error {
	var faults []string
	for _, res := range results {
		if res.Fault != "" {
			faults = append(faults, res.Place+": "+res.Fault)
		}
	}
	r.keep(func(s *State) {
		var last []Result
		for _, old := range s.Last {
			if _, still := cfg.Backup.Place(old.Place); still && !has(results, old.Place) {
				last = append(last, old)
			}
		}
		s.Last = append(last, results...)
	})
	if len(faults) > 0 {
		err = errors.New(strings.Join(faults, "; "))
	}
	if err != nil {
		r.opts.Health.Raise("backup-failed", err.Error())
		return err
	}
	r.opts.Log.Info("backup made", "places", len(results))
	r.opts.Health.Clear("backup-failed")
	return nil
}

func has(results []Result, place string) bool {
	for _, r := range results {
		if r.Place == place {
			return true
		}
	}
	return false
}

// List is the backups of a place, the newest first.
func (r *Room) List(ctx context.Context, name string) ([]Stored, error) {
	p, ok := r.opts.Config().Backup.Place(name)
	if !ok {
		return nil, ErrPlace
	}
	at, err := r.reach(ctx, p)
	if err != nil {
		return nil, err
	}
	defer at.close()
	list, err := at.list(ctx)
	return newest(r.mark(list)), err
}
