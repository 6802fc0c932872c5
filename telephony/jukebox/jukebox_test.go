package jukebox

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sound"
)

// rig is a jukebox whose disk and configuration a test sets.
type rig struct {
	*Jukebox
	t       *testing.T
	dir     string
	free    atomic.Int64
	config  atomic.Pointer[config.Config]
	library *media.Library
}

func newRig(t *testing.T, dir string) *rig {
	r := &rig{t: t, dir: dir, library: media.NewLibrary()}
	r.config.Store(config.Default())
	r.free.Store(1 << 40)
	news := &event.News{}
	j, err := Open(Options{Dir: dir, Clock: clock.System(), Log: slog.New(slog.DiscardHandler), Health: health.NewBoard(clock.System(), news),
		Library: r.library, Config: r.config.Load, Free: r.free.Load,
		Prompt: func(unit string) ([]int16, bool) {
			if unit == "fa/welcome" {
				return make([]int16, 100), true
			}
			return nil, unit == "fa/missing"
		}})
	if err != nil {
		t.Fatal(err)
	}
	r.Jukebox = j
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); j.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return r
}

// plays changes the classes of music.
func (r *rig) plays(classes []config.MusicClass) {
	fresh := *r.config.Load()
	fresh.Music = classes
	r.config.Store(&fresh)
}

// song is a WAV file of a sine.
func song(seconds int, amplitude float64) []byte {
	le, n := binary.LittleEndian, 8000*seconds
	b := le.AppendUint32([]byte("RIFF"), uint32(36+2*n))
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint32(le.AppendUint16(le.AppendUint16(b, 1), 1), 8000)
	b = le.AppendUint16(le.AppendUint16(le.AppendUint32(b, 16000), 2), 16)
	b = le.AppendUint32(append(b, "data"...), uint32(2*n))
	for i := range n {
		b = le.AppendUint16(b, uint16(int16(amplitude*math.Sin(2*math.Pi*500*float64(i)/8000))))
	}
	return b
}

// add uploads a file and waits for what becomes of it.
func (r *rig) add(file []byte, name, unit string) (Sound, error) {
	s, err := r.Receive(bytes.NewReader(file), int64(len(file)), name, unit)
	if err != nil {
		return s, err
	}
	for deadline := time.Now().Add(time.Minute); s.State == Converting; time.Sleep(2 * time.Millisecond) { // a real thread converts
		if time.Now().After(deadline) {
			r.t.Fatal("not converted")
		}
		for _, x := range r.List() {
			if x.ID == s.ID {
				s = x
			}
		}
	}
	return s, nil
}

func (r *rig) files() (names []string) {
	entries, _ := os.ReadDir(filepath.Join(r.dir, "sounds"))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestSoundsStay(t *testing.T) {
	dir := t.TempDir()
	r := newRig(t, dir)
	s, err := r.add(song(3, 9000), "ترانه", "")
	if err != nil || s.State != Ready || s.Length != 3000 || s.Name != "ترانه" {
		t.Fatalf("%+v %v", s, err)
	}
	if err := r.Rename(s.ID, "Spring"); err != nil {
		t.Fatal(err)
	}
	os.WriteFile(filepath.Join(dir, "sounds", "ffff.upload"), []byte("half"), 0o600) // the power went
	os.WriteFile(filepath.Join(dir, "sounds", "eeee.tape"), []byte("half"), 0o600)
	again := newRig(t, dir)
	if list := again.List(); len(list) != 1 || list[0].Name != "Spring" || list[0].State != Ready {
		t.Errorf("after a restart: %+v", list)
	}
	if n := len(again.files()); n != 2 {
		t.Errorf("files: %v", again.files())
	}
	file, err := again.Audio(s.ID)
	if err != nil {
		t.Fatal(err)
	}
	wav, err := io.ReadAll(file)
	if err != nil || len(wav) != 44+2*24000 {
		t.Errorf("%d bytes, %v", len(wav), err)
	}
	src, err := sound.Open(bytes.NewReader(wav))
	if err != nil || src.Rate() != 8000 {
		t.Errorf("what is listened to is no WAV file: %v", err)
	}
	file.Seek(44+1001, io.SeekStart)
	part := make([]byte, 501)
	if io.ReadFull(file, part); !bytes.Equal(part, wav[44+1001:44+1502]) {
		t.Error("a part is not the part of the whole")
	}
}

func TestInUseIsNotDeleted(t *testing.T) {
	r := newRig(t, t.TempDir())
	s, _ := r.add(song(1, 9000), "song", "")
	r.plays([]config.MusicClass{{Name: "shop", Files: []string{s.ID}}})
	if err := r.Verify(r.config.Load()); err != nil {
		t.Error(err)
	}
	err := r.Remove(s.ID)
	var why *sound.Refusal
	if !errors.As(err, &why) || why.Code != "in-use" || !strings.Contains(why.EN, "shop") || !strings.Contains(why.FA, "shop") {
		t.Errorf("%v", err)
	}
	r.plays(nil)
	if err := r.Remove(s.ID); err != nil || len(r.files()) != 0 || len(r.List()) != 0 {
		t.Errorf("%v, left %v", err, r.files())
	}
	r.plays([]config.MusicClass{{Name: "shop", Files: []string{s.ID}}})
	if err := r.Verify(r.config.Load()); err == nil {
		t.Error("a configuration with a sound that is not there was taken")
	}
}

func TestOwnPrompt(t *testing.T) {
	r := newRig(t, t.TempDir())
	first, err := r.add(song(1, 9000), "mine", "fa/welcome")
	if err != nil || first.State != Ready {
		t.Fatalf("%+v %v", first, err)
	}
	second, err := r.add(song(2, 9000), "mine again", "fa/welcome")
	if list := r.List(); err != nil || len(list) != 1 || list[0].ID != second.ID {
		t.Errorf("%+v %v", list, err)
	}
	if s, err := r.add(song(1, 9000), "first", "fa/missing"); err != nil || !r.library.Has("fa/missing") || r.Remove(s.ID) != nil || r.library.Has("fa/missing") {
		t.Errorf("a prompt that the box has no sound of: %v", err)
	}
	if _, err := r.add(song(1, 9000), "x", "fa/no-such"); !errors.Is(err, ErrUnit) {
		t.Error(err)
	}
	if long, _ := r.add(song(121, 9000), "x", "fa/welcome"); long.State != Failed || long.Problem["fa"] != ErrPrompt.FA {
		t.Errorf("%+v", long)
	}
}

// TestRefusedLeavesNothing: bad files, bad names and a full disk leave nothing behind
// and nothing of what was there is lost.
func TestRefusedLeavesNothing(t *testing.T) {
	r := newRig(t, t.TempDir())
	kept, _ := r.add(song(1, 9000), "kept", "")
	before := len(r.files())
	bad, err := r.add([]byte("a letter to my aunt"), "letter", "")
	if err != nil || bad.State != Failed || bad.Problem["en"] != sound.ErrUnknown.EN || bad.Problem["fa"] != sound.ErrUnknown.FA {
		t.Errorf("%+v %v", bad, err)
	}
	if err := r.Remove(bad.ID); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"", " ", "a\nb", strings.Repeat("x", 65)} {
		if _, err := r.add(song(1, 9000), name, ""); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	gone := errors.New("the line broke")
	if _, err := r.Receive(io.MultiReader(bytes.NewReader(song(1, 9000)), broken{gone}), -1, "half", ""); !errors.Is(err, gone) {
		t.Error(err)
	}
	r.free.Store(reserve)
	if _, err := r.add(song(1, 9000), "x", ""); !errors.Is(err, ErrFull) {
		t.Errorf("full disk: %v", err)
	}
	r.free.Store(reserve + 1<<20) // enough for the file, and then somebody else fills it
	full := r.Jukebox
	s, err := full.Receive(shrink{bytes.NewReader(song(40, 9000)), r}, 700_000, "x", "")
	if err == nil {
		t.Errorf("disk filled while uploading: %+v", s)
	}
	r.free.Store(1 << 40)
	if n := len(r.files()); n != before {
		t.Errorf("left behind: %v", r.files())
	}
	if list := r.List(); len(list) != 1 || list[0].ID != kept.ID {
		t.Errorf("%+v", list)
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// shrink fills the disk while it is read.
type shrink struct {
	io.Reader
	r *rig
}

func (s shrink) Read(b []byte) (int, error) {
	s.r.free.Store(0)
	return s.Reader.Read(b)
}
