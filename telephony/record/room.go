package record

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/telephony/call"
)

// Log is where the index is kept. *store.Log is one.
type Log interface {
	Append(at time.Time, data []byte)
	Flush(ctx context.Context) error
	Scan(ctx context.Context, from, to time.Time, f func(at time.Time, data []byte) error) error
}

// Options are what the room needs from the house.
type Options struct {
	Clock   clock.Clock
	Log     *slog.Logger
	Journal call.Journal
	Health  *health.Board
	Config  func() *config.Config
	Index   Log
	Dir     string // of the files
	// Disk is how many bytes are free on the disk of a directory, and its size; nil:
	// the kernel is asked.
	Disk func(dir string) (free, size int64, err error)
}

// maxTakes bounds the recordings at one time: 128 kB of memory each.
const maxTakes = 300

// Room makes recordings and keeps them. Its methods are safe for concurrent use.
type Room struct {
	opts Options
	due  chan struct{} // the writer has something to do

	piece [waiting]byte              // the writer's
	law   [1 << 16 >> lawShift]uint8 // A-law of a sample

	mu    sync.Mutex
	takes []*take
	full  bool             // the disk is
	days  map[string]int64 // bytes kept by day, "20261122"

	acts    sync.Mutex // held while an entry of a finished recording changes
	drawing sync.Mutex // held while a file is read for its peaks
	heard   map[string]time.Time
}

var _ call.Recorder = (*Room)(nil)

// New makes a room. Nothing is written before Run.
func New(o Options) *Room {
	if o.Disk == nil {
		o.Disk = disk
	}
	r := &Room{opts: o, due: make(chan struct{}, 1), days: make(map[string]int64), heard: make(map[string]time.Time)}
	r.fillLaw()
	return r
}

// Begin begins a recording of a talk. It is nil while the disk is full, or too many go on.
func (r *Room) Begin(t call.Talk) call.Take {
	tk := r.begin(t, false)
	if tk == nil {
		return nil
	}
	return tk
}

// BeginRoom begins the recording of a conference, on one channel: what its tap hears.
func (r *Room) BeginRoom(t call.Talk) call.Take {
	tk := r.begin(t, true)
	if tk == nil {
		return nil
	}
	return tk
}

func (r *Room) begin(talk call.Talk, mono bool) *take {
	now := r.opts.Clock.Now().UTC()
	var salt [4]byte
	rand.Read(salt[:]) // it never fails
	t := &take{room: r, tell: talk.Tell, mono: mono, cur: make([]int16, 0, waiting), spare: make([]int16, 0, waiting), head: now,
		entry: Entry{ID: now.Format(stamp) + "-" + hex.EncodeToString(salt[:]), Call: talk.Call, Began: now.Round(0),
			From: talk.From, To: talk.To, Queue: talk.Queue, State: Going}}
	t.With(talk)
	first := t.entry.clone()
	r.mu.Lock()
	if r.full || len(r.takes) >= maxTakes {
		r.mu.Unlock()
		r.opts.Log.Warn("call not recorded", "call", talk.Call, "full", r.full)
		r.opts.Journal.Note(call.Step{Call: talk.Call, At: now, Type: call.StepRecording, Value: "lost", Reason: r.reason()})
		return nil
	}
	r.takes = append(r.takes, t)
	r.mu.Unlock()
	r.put(&first)
	r.poke()
	return t
}

// why there is no room for a recording.
const (
	diskFull = "the disk is full"
	tooMany  = "too many recordings go on"
)

func (r *Room) reason() string {
	if r.isFull() {
		return diskFull
	}
	return tooMany
}

func (r *Room) isFull() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.full
}

func (r *Room) poke() {
	select {
	case r.due <- struct{}{}:
	default:
	}
}

// put writes an entry into the index.
func (r *Room) put(e *Entry) { r.opts.Index.Append(e.Began, e.encode()) }

// Space is what recordings take of the disk.
type Space struct {
	Kept  int64 `json:"kept"`  // bytes of all recordings
	Free  int64 `json:"free"`  // bytes left on the disk
	Floor int64 `json:"floor"` // below which nothing is recorded
	Full  bool  `json:"full"`
}

// Space tells what recordings take of the disk.
func (r *Room) Space() Space {
	free, size, _ := r.opts.Disk(r.opts.Dir) // unknown is 0
	r.mu.Lock()
	defer r.mu.Unlock()
	s := Space{Free: free, Floor: r.floor(size), Full: r.full}
	for _, n := range r.days {
		s.Kept += n
	}
	return s
}

// going are the recordings that go on.
func (r *Room) going() []*take {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.takes)
}
