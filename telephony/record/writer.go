package record

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/zaf/g711"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sound"
)

const (
	writeEvery = 250 * time.Millisecond // while something is recorded
	headEvery  = time.Second            // sizes in headers, and a look at the disk
)

// lawShift: A-law does not see the lowest three bits of a sample.
const lawShift = 3

// fillLaw makes the table of A-law: looking up takes a tenth of computing.
func (r *Room) fillLaw() {
	for i := range r.law {
		r.law[i] = g711.EncodeAlawFrame(int16(i << lawShift))
	}
}

// Run writes recordings until ctx ends, and those that still go on to their end then.
// End it after the calls.
func (r *Room) Run(ctx context.Context) error {
	r.repair(ctx)
	r.measure()
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { r.keepSweeping(ctx) })
	looked := r.opts.Clock.Now().Add(-headEvery)
	for ctx.Err() == nil {
		if len(r.going()) == 0 && !r.isFull() {
			select {
			case <-r.due:
			case <-ctx.Done():
				continue
			}
		}
		now := r.opts.Clock.Now()
		if now.Sub(looked) >= headEvery {
			looked = now
			r.look()
		}
		r.write()
		switch {
		case len(r.going()) > 0:
			r.opts.Clock.Sleep(ctx, now.Add(writeEvery))
		case r.isFull(): // until there is room again
			r.opts.Clock.Sleep(ctx, now.Add(headEvery))
		}
	}
	for _, t := range r.going() {
		t.stop("the box stopped")
	}
	r.write()
	return nil
}

// write takes from every recording what there is.
func (r *Room) write() {
	for _, t := range r.going() {
		samples, rate, ended := t.piece()
		err := t.write(samples, rate)
		if err == nil && r.opts.Clock.Now().Sub(t.head) >= headEvery {
			t.head = r.opts.Clock.Now()
			err = t.mend(rate)
		}
		switch {
		case err != nil:
			r.opts.Log.Error("recording stopped", "recording", t.entry.ID, "err", err)
			r.opts.Health.Raise("recording-stopped", err.Error())
			t.stop("write error")
			t.finish(rate)
		case ended:
			t.finish(rate)
		}
	}
}

// write appends samples to the file, which it makes first.
func (t *take) write(samples []int16, rate int) error {
	if rate == 0 {
		return nil
	}
	if t.file == nil {
		if err := t.create(rate); err != nil {
			return err
		}
	}
	if len(samples) == 0 {
		return nil
	}
	if t.size+int64(len(samples)) > sound.MaxALaw {
		t.stop("longer than a file can be")
		return nil
	}
	bytes := t.room.piece[:len(samples)]
	for i, x := range samples {
		bytes[i] = t.room.law[uint16(x)>>lawShift]
	}
	n, err := t.file.WriteAt(bytes, headerSize+t.size)
	t.size += int64(n / t.channels() * t.channels())
	return err
}

func (t *take) channels() int {
	if t.mono {
		return 1
	}
	return 2
}

func (t *take) create(rate int) error {
	name := path(t.room.opts.Dir, t.entry.ID)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	t.file = f
	_, err = f.WriteAt(sound.ALawHead(rate, t.channels(), 0), 0)
	return err
}

// mend writes the sizes as they are now into the header.
func (t *take) mend(rate int) error {
	if t.file == nil || t.marked == t.size {
		return nil
	}
	t.marked = t.size
	_, err := t.file.WriteAt(sound.ALawHead(rate, t.channels(), t.size), 0)
	return err
}

// finish closes the file and tells what came of the recording.
func (t *take) finish(rate int) {
	r := t.room
	var err error
	if t.file != nil {
		err = errors.Join(t.mend(rate), t.file.Truncate(headerSize+t.size), t.file.Close())
	}
	now := r.opts.Clock.Now()
	t.mu.Lock()
	e := &t.entry
	e.Why, e.State, e.Lost = t.why, Kept, t.dropped*1000/ticks
	if e.Why == "" && err != nil {
		e.Why = "write error"
	}
	if rate > 0 {
		e.Length = t.size / int64(t.channels()) * 1000 / int64(rate)
	}
	if e.Size = headerSize + t.size; t.size == 0 {
		e.State, e.Size = Failed, 0
	}
	done := e.clone()
	t.mu.Unlock()
	if done.State == Failed && t.file != nil {
		err = errors.Join(err, os.Remove(t.file.Name()))
	}
	if err != nil {
		r.opts.Log.Error("recording not closed well", "recording", done.ID, "err", err)
	}
	if done.Lost > 0 {
		r.opts.Log.Error("the disk is too slow, parts of a recording are lost", "recording", done.ID, "ms", done.Lost)
	}
	if done.Why == "" && done.State == Kept {
		r.opts.Health.Clear("recording-stopped")
	}
	r.mu.Lock()
	r.takes = slices.DeleteFunc(r.takes, func(x *take) bool { return x == t })
	r.days[done.ID[:8]] += done.Size
	r.mu.Unlock()
	r.put(&done)
	step := call.Step{Call: done.Call, At: now, Type: call.StepRecording, Number: done.ID, Value: "kept",
		Reason: fmt.Sprintf("%v, %d bytes", time.Duration(done.Length)*time.Millisecond, done.Size)}
	switch {
	case done.State == Failed:
		step.Value, step.Reason = "lost", done.Why
	case done.Why != "":
		step.Value, step.Reason = "cut", done.Why
	}
	r.opts.Journal.Note(step)
}
