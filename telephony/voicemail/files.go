package voicemail

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zaf/g711"

	"github.com/pasokh/pasokh/telephony/sound"
)

// rate is samples a second of everything that is kept.
const rate = 8000

// Bounds of what is taken from the disk.
const (
	maxNote  = 16 << 10
	maxSound = 11 * 60 * rate // more than the longest message
	maxBoxes = 2000
	maxEach  = 1000 // messages of a box
)

// find reads what is kept.
func (r *Room) find() error {
	if err := os.MkdirAll(r.opts.Dir, 0o700); err != nil {
		return err
	}
	boxes, err := os.ReadDir(r.opts.Dir)
	if err != nil {
		return err
	}
	for _, b := range boxes[:min(len(boxes), maxBoxes)] {
		if b.IsDir() {
			err = errors.Join(err, r.findBox(b.Name()))
		}
	}
	return err
}

func (r *Room) findBox(box string) error {
	files, err := os.ReadDir(filepath.Join(r.opts.Dir, box))
	if err != nil {
		return err
	}
	var list []*Message
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".new") { // a crash came before it was renamed
			err = errors.Join(err, os.Remove(filepath.Join(r.opts.Dir, box, f.Name())))
			continue
		}
		id, isWAV := strings.CutSuffix(f.Name(), ".wav")
		kind, isGreeting := strings.CutPrefix(id, greetingPrefix)
		m := &Message{Box: box, ID: id}
		switch {
		case !isWAV:
			continue
		case isGreeting && slices.Contains(Kinds, Kind(kind)):
			r.greetings[greeting{box, Kind(kind)}] = true
			continue
		case !idForm.MatchString(id) || len(list) == maxEach:
			continue
		}
		note, noted := r.read(m)
		length, whole := mend(r.wav(m))
		if m = note; !noted || !whole || length < least {
			r.opts.Log.Info("voice message not kept: it was not finished", "box", box, "message", id)
			r.remove(&Message{Box: box, ID: id})
			continue
		}
		m.Box, m.ID, m.Length = box, id, length.Milliseconds()
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *Message) int { return a.Left.Compare(b.Left) })
	r.boxes[box] = list
	return err
}

func (r *Room) read(m *Message) (*Message, bool) {
	f, err := os.Open(r.note(m))
	if err != nil {
		return m, false
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxNote))
	note := &Message{}
	return note, err == nil && json.Unmarshal(data, note) == nil
}

// keep writes the note of a message aside and renames it.
func (r *Room) keep(m *Message) {
	data, err := json.Marshal(m)
	if err == nil {
		aside := r.note(m) + ".new"
		if err = os.MkdirAll(filepath.Dir(aside), 0o700); err == nil {
			err = os.WriteFile(aside, data, 0o600)
		}
		if err == nil {
			err = os.Rename(aside, r.note(m))
		}
	}
	r.tell(err)
}

// remove removes the files of a message, its note first.
func (r *Room) remove(m *Message) {
	for _, name := range []string{r.note(m), r.wav(m)} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.tell(err)
		}
	}
}

// tell tells people of trouble with the disk.
func (r *Room) tell(err error) {
	if err != nil {
		r.opts.Log.Error("voice messages", "err", err)
		r.opts.Health.Raise("voicemail-stopped", err.Error())
	}
}

// mend writes the sizes into the head of a sound that a crash cut off, and tells its
// length. It reports false for what is no sound of this package.
func mend(path string) (time.Duration, bool) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() < sound.ALawHeadSize {
		return 0, false
	}
	size := info.Size() - sound.ALawHeadSize
	_, err = f.WriteAt(sound.ALawHead(rate, 1, size), 0)
	return lasts(size), err == nil
}

func lasts(bytes int64) time.Duration { return time.Duration(bytes) * time.Second / rate }

// load puts a sound file into the library.
func (r *Room) load(path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	law, err := io.ReadAll(io.LimitReader(f, maxSound))
	if err != nil {
		return err
	}
	if len(law) <= sound.ALawHeadSize {
		return fmt.Errorf("%s: no sound", path)
	}
	pcm := make([]int16, len(law)-sound.ALawHeadSize)
	for i, b := range law[sound.ALawHeadSize:] {
		pcm[i] = g711.DecodeAlawFrame(b)
	}
	r.opts.Library.Add(name, pcm)
	return nil
}

// copyTo lets another box have a message too.
func (r *Room) copyTo(from string, m *Message) error {
	r.keep(m)
	law, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(r.wav(m), law, 0o600)
}
