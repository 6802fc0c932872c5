// Package jukebox keeps the sounds that a business brings along: its music, and its
// own recordings in the place of the box's prompts.
//
// A Jukebox owns the folder sounds in the data directory: for every sound a tape (see
// package sound) and a note beside it, ID.json, which is written last and removed
// first, so that what has a note is whole. Uploads are written aside and converted one
// after another, by Run's goroutine on a thread of low priority; a restart forgets
// those that were not done. What is ready is put into the media library at once, and
// classes of music and tones follow the configuration. All methods are safe for
// concurrent use; those that touch the disk say so.
package jukebox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sound"
)

// Options are what a jukebox needs from the house.
type Options struct {
	Dir     string // the data directory
	Clock   clock.Clock
	Log     *slog.Logger
	Health  *health.Board
	Library *media.Library
	Config  func() *config.Config
	// Prompt is the box's own recording of a unit ("fa/welcome"). It is nil for one that
	// the box says and has no sound of; ok is false for what it does not say.
	Prompt func(unit string) (pcm []int16, ok bool)
	// Free is the room on the disk in bytes; nil asks the system.
	Free func() int64
}

// State is how far a sound is.
type State string

// The states.
const (
	Converting State = "converting"
	Ready      State = "ready"
	Failed     State = "failed"
)

// Text is words in the languages of the box.
type Text map[config.Language]string

// Sound is one of the business's sounds.
type Sound struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`           // for people
	Unit  string    `json:"unit,omitempty"` // the prompt that it replaces ("fa/welcome"); empty: music
	Added time.Time `json:"added"`
	// Length is in milliseconds; Loudness, before it was levelled, in LUFS.
	Length   int64   `json:"length"`
	Loudness float64 `json:"loudness"`
	State    State   `json:"state"`
	Done     float64 `json:"done"` // part of the conversion, 0 to 1
	// Problem is why it failed.
	Problem Text     `json:"problem,omitempty"`
	UsedBy  []string `json:"used_by"` // paths in the configuration
}

// Limits.
const (
	MaxUpload  = 1 << 30 // bytes: an hour of a compact disc and more
	MaxName    = 64      // characters
	maxSounds  = 500
	maxWaiting = 20                // uploads to be converted
	reserve    = 64 << 20          // bytes of the disk that uploads leave to the rest of the box
	maxPrompt  = 120 * time.Second // prompts are kept in memory
)

// Refusals of the jukebox.
var (
	ErrFull     = &sound.Refusal{Code: "disk-full", EN: "There is no room on the disk. Delete sounds or recordings and try again.", FA: "حافظه جا ندارد. چند صدا یا ضبط را حذف کنید و دوباره تلاش کنید."}
	ErrMany     = &sound.Refusal{Code: "too-many-sounds", EN: "There are too many sounds. Delete some first.", FA: "تعداد صداها زیاد است. اول چند صدا را حذف کنید."}
	ErrLarge    = &sound.Refusal{Code: "too-large", EN: "The file is larger than 1 GB.", FA: "فایل بزرگ‌تر از ۱ گیگابایت است."}
	ErrNone     = &sound.Refusal{Code: "unknown-sound", EN: "There is no such sound.", FA: "چنین صدایی وجود ندارد."}
	ErrName     = &sound.Refusal{Code: "bad-name", EN: "Give the sound a name of 1 to 64 characters.", FA: "برای صدا نامی با ۱ تا ۶۴ نویسه بگذارید."}
	ErrUnit     = &sound.Refusal{Code: "unknown-prompt", EN: "The box has no prompt of that name.", FA: "دستگاه پیامی با این نام ندارد."}
	ErrPrompt   = &sound.Refusal{Code: "long-prompt", EN: "A prompt can last two minutes at most.", FA: "پیام حداکثر دو دقیقه است."}
	ErrNotReady = &sound.Refusal{Code: "not-ready", EN: "The sound is not ready yet.", FA: "صدا هنوز آماده نیست."}
)

// InUse is the refusal to delete a sound that is used.
func InUse(where []string) *sound.Refusal {
	list := strings.Join(where, ", ")
	return &sound.Refusal{Code: "in-use", EN: "The sound is in use: " + list, FA: "این صدا در حال استفاده است: " + list}
}

// Jukebox keeps the sounds.
type Jukebox struct {
	opts Options
	dir  string

	mu      sync.Mutex
	sounds  map[string]*Sound
	tapes   map[string]*sound.Tape
	waiting chan string // ids to be converted
}

// Open reads the sounds that are there and puts them into the library. What is
// damaged is left out, with a word to the health board.
func Open(o Options) (*Jukebox, error) {
	j := &Jukebox{opts: o, dir: filepath.Join(o.Dir, "sounds"), sounds: make(map[string]*Sound), tapes: make(map[string]*sound.Tape),
		waiting: make(chan string, maxWaiting)}
	if j.opts.Free == nil {
		j.opts.Free = j.free
	}
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return nil, fmt.Errorf("sounds: %w", err)
	}
	entries, err := os.ReadDir(j.dir)
	if err != nil {
		return nil, fmt.Errorf("sounds: %w", err)
	}
	notes := make(map[string]bool)
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			notes[id] = true
		}
	}
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".tape"); !strings.HasSuffix(e.Name(), ".json") && (!ok || !notes[id]) {
			os.Remove(filepath.Join(j.dir, e.Name())) // what a conversion that was cut off has left
		}
	}
	var bad []string
	for id := range notes {
		if err := j.read(id); err != nil {
			o.Log.Error("sound refused", "id", id, "error", err)
			bad = append(bad, id)
		}
	}
	if len(bad) > 0 {
		slices.Sort(bad)
		o.Health.Raise("no-prompts", strings.Join(bad, ", "))
	}
	return j, nil
}

// read takes a sound from the disk.
func (j *Jukebox) read(id string) error {
	data, err := os.ReadFile(j.path(id, "json"))
	if err != nil {
		return err
	}
	s := &Sound{}
	if err := json.Unmarshal(data, s); err != nil {
		return err
	}
	if s.ID != id || s.State != Ready {
		return errors.New("its note is of another sound")
	}
	return j.install(s)
}

// install opens a sound's tape and lets it be heard.
func (j *Jukebox) install(s *Sound) error {
	t, err := sound.OpenTape(j.path(s.ID, "tape"))
	if err != nil {
		return err
	}
	if s.Unit == "" {
		j.opts.Library.AddTape(s.ID, tape{t})
	} else if pcm, err := t.Narrow(maxPrompt); err != nil {
		return err
	} else {
		j.opts.Library.Add(s.Unit, pcm)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.sounds[s.ID], j.tapes[s.ID] = s, t
	return nil
}

// tape is a sound.Tape for the media engine.
type tape struct{ *sound.Tape }

func (t tape) ReadPage(c media.Codec, n int, dst []byte) error {
	return t.Tape.ReadPage(map[media.Codec]sound.Track{media.PCMU: sound.MuLaw, media.PCMA: sound.ALaw, media.G722: sound.Wide}[c], n, dst)
}

func (j *Jukebox) path(id, kind string) string { return filepath.Join(j.dir, id+"."+kind) }

// free is the room on the disk.
func (j *Jukebox) free() int64 {
	var s syscall.Statfs_t
	if syscall.Statfs(j.dir, &s) != nil {
		return 1 << 62 // the writing will tell
	}
	return int64(s.Bavail) * int64(s.Bsize)
}

// List is every sound, the newest first.
func (j *Jukebox) List() []Sound {
	cfg := j.opts.Config()
	j.mu.Lock()
	defer j.mu.Unlock()
	list := make([]Sound, 0, len(j.sounds))
	for _, s := range j.sounds {
		c := *s
		c.UsedBy = usedBy(cfg, s.ID)
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Sound) int {
		return cmpOr(b.Added.Compare(a.Added), strings.Compare(a.ID, b.ID))
	})
	return list
}

func cmpOr(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}

// usedBy are the places in the configuration that name a sound.
func usedBy(cfg *config.Config, id string) []string {
	used := []string{}
	for _, m := range cfg.Music {
		if slices.Contains(m.Files, id) {
			used = append(used, "music "+m.Name)
		}
	}
	return used
}

// Rename gives a sound another name. It writes to the disk.
func (j *Jukebox) Rename(id, name string) error {
	if !validName(name) {
		return ErrName
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	s, err := j.ready(id)
	if err != nil {
		return err
	}
	c := *s
	c.Name = name
	if err := j.note(&c); err != nil {
		return err
	}
	j.sounds[id] = &c
	return nil
}

// ready is a sound that is converted. The mutex is held.
func (j *Jukebox) ready(id string) (*Sound, error) {
	s := j.sounds[id]
	switch {
	case s == nil:
		return nil, ErrNone
	case s.State != Ready:
		return nil, ErrNotReady
	}
	return s, nil
}

// note writes what is known of a sound beside its tape, aside and then renamed.
func (j *Jukebox) note(s *Sound) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	f, err := os.Create(j.path(s.ID, "note"))
	if err != nil {
		return full(err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), j.path(s.ID, "json"))
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return full(err)
}

// Remove deletes a sound that nobody uses; the box's own prompt is heard again. Who
// hears it now hears it to the end. It writes to the disk.
func (j *Jukebox) Remove(id string) error {
	if used := usedBy(j.opts.Config(), id); len(used) > 0 {
		return InUse(used)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	s := j.sounds[id]
	switch {
	case s == nil:
		return ErrNone
	case s.State == Converting:
		return ErrNotReady
	case s.State == Ready:
		for _, kind := range []string{"json", "tape"} {
			if err := os.Remove(j.path(id, kind)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
		if s.Unit == "" {
			j.opts.Library.Remove(id)
		} else if pcm, _ := j.opts.Prompt(s.Unit); pcm != nil {
			j.opts.Library.Add(s.Unit, pcm)
		} else {
			j.opts.Library.Remove(s.Unit)
		}
	}
	delete(j.sounds, id) // its tape is closed when nobody reads it any more
	delete(j.tapes, id)
	return nil
}

// Audio is what a sound is heard like over the telephone: a WAV file, which can be
// read from any place. It reads the disk.
func (j *Jukebox) Audio(id string) (io.ReadSeeker, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.ready(id); err != nil {
		return nil, err
	}
	return j.tapes[id].WAV(), nil
}

// full is ErrFull for a disk without room.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return ErrFull
	}
	return err
}

func validName(name string) bool {
	n := 0
	for _, r := range name {
		if n++; r < ' ' || r == 0x7f || n > MaxName {
			return false
		}
	}
	return strings.TrimSpace(name) != ""
}
