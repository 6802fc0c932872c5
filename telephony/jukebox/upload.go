package jukebox

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"runtime"
	"syscall"

	"github.com/pasokh/pasokh/telephony/sound"
)

// Receive takes a file from r, of so many bytes or -1, and lets it be converted. unit
// is the prompt that it is to replace, empty for music. Errors are refusals, or r's
// own; nothing is left of what failed. It waits for r and the disk.
func (j *Jukebox) Receive(r io.Reader, size int64, name, unit string) (Sound, error) {
	said := true
	if unit != "" {
		_, said = j.opts.Prompt(unit)
	}
	switch {
	case !validName(name):
		return Sound{}, ErrName
	case !said:
		return Sound{}, ErrUnit
	case size > MaxUpload:
		return Sound{}, ErrLarge
	case j.opts.Free() < size+reserve:
		return Sound{}, ErrFull
	}
	s := &Sound{ID: newID(), Name: name, Unit: unit, Added: j.opts.Clock.Now().UTC(), State: Converting}
	if err := j.save(r, s.ID); err != nil {
		os.Remove(j.path(s.ID, "upload"))
		return Sound{}, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.sounds) >= maxSounds {
		os.Remove(j.path(s.ID, "upload"))
		return Sound{}, ErrMany
	}
	select {
	case j.waiting <- s.ID:
	default:
		os.Remove(j.path(s.ID, "upload"))
		return Sound{}, ErrMany
	}
	j.sounds[s.ID] = s
	return *s, nil
}

// save writes an upload aside.
func (j *Jukebox) save(r io.Reader, id string) error {
	f, err := os.OpenFile(j.path(id, "upload"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return full(err)
	}
	defer f.Close()
	for total := int64(0); ; {
		n, err := io.CopyN(f, r, 4<<20)
		total += n
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return full(err)
		case total > MaxUpload:
			return ErrLarge
		case j.opts.Free() < reserve:
			return ErrFull
		case err != nil:
			return full(f.Close())
		}
	}
}

func newID() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Run converts uploads until ctx ends.
func (j *Jukebox) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case id := <-j.waiting:
			done := make(chan struct{})
			go func() {
				defer close(done)
				// The thread is of low priority for ever, so it ends with its goroutine.
				runtime.LockOSThread()
				_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 15) // without, it is only less polite
				j.convert(ctx, id)
			}()
			<-done
		}
	}
}

// convert makes a sound of an upload, or writes down why not.
func (j *Jukebox) convert(ctx context.Context, id string) {
	s := *j.get(id)
	err := j.make(ctx, &s)
	for _, kind := range []string{"upload", "scratch"} {
		os.Remove(j.path(id, kind))
	}
	if err == nil {
		s.State, s.Done = Ready, 1
		if err = j.note(&s); err == nil {
			err = j.install(&s)
		}
	}
	if err == nil {
		j.replaced(&s)
		j.Apply(j.opts.Config())
		return
	}
	os.Remove(j.path(id, "json"))
	os.Remove(j.path(id, "tape"))
	if ctx.Err() != nil {
		return
	}
	var why *sound.Refusal
	if !errors.As(err, &why) {
		j.opts.Log.Error("sound not converted", "id", id, "name", s.Name, "error", err)
		why = sound.ErrBroken
	}
	s.State, s.Problem = Failed, Text{"en": why.EN, "fa": why.FA}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.sounds[id] = &s
}

func (j *Jukebox) get(id string) *Sound {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.sounds[id]
}

// make converts an upload to a tape.
func (j *Jukebox) make(ctx context.Context, s *Sound) error {
	src, err := os.Open(j.path(s.ID, "upload"))
	if err != nil {
		return err
	}
	defer src.Close()
	info, err := src.Stat()
	if err != nil {
		return err
	}
	scratch, err := os.Create(j.path(s.ID, "scratch"))
	if err != nil {
		return full(err)
	}
	defer scratch.Close()
	target, err := os.Create(j.path(s.ID, "tape"))
	if err != nil {
		return full(err)
	}
	defer target.Close()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	job := sound.Job{Source: src, Size: info.Size(), Scratch: scratch, Target: target, Loudness: sound.MusicLoudness, Progress: func(part float64) {
		if j.progress(s.ID, part) && j.opts.Free() < reserve {
			stop(ErrFull)
		}
	}}
	if s.Unit != "" {
		job.Loudness = sound.SpeechLoudness
	}
	done, err := sound.Convert(ctx, job)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return full(err)
	}
	if s.Unit != "" && done.Length > maxPrompt {
		return ErrPrompt
	}
	s.Length, s.Loudness = done.Length.Milliseconds(), done.Loudness
	return nil
}

// progress keeps how far a conversion is, and tells when that is a percent more.
func (j *Jukebox) progress(id string, part float64) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := *j.sounds[id]
	if part-s.Done < 0.01 {
		return false
	}
	s.Done = part
	j.sounds[id] = &s
	return true
}

// replaced removes the recording of a prompt that a new one has taken the place of.
func (j *Jukebox) replaced(s *Sound) {
	if s.Unit == "" {
		return
	}
	for _, old := range j.List() {
		if old.Unit == s.Unit && old.ID != s.ID && old.State == Ready {
			j.mu.Lock()
			os.Remove(j.path(old.ID, "json"))
			os.Remove(j.path(old.ID, "tape"))
			delete(j.sounds, old.ID)
			delete(j.tapes, old.ID)
			j.mu.Unlock()
		}
	}
}
