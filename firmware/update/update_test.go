package update

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/bundle"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/slot"
)

// kept is a selector in memory.
type kept struct {
	state slot.State
	err   error
}

func (k *kept) Read() (slot.State, error) {
	if k.err != nil {
		return slot.State{}, k.err
	}
	return k.state, nil
}
func (k *kept) Write(s slot.State) error { k.state, k.err = s, nil; return nil }
func (*kept) Restart(slot.State) string  { return "" }

type rig struct {
	*Updater
	dir      string
	selector *kept
	key      ed25519.PrivateKey
	wear     bool // the disk forgets a byte
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{dir: t.TempDir(), selector: &kept{err: slot.ErrLost}, key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32))}
	for _, n := range []slot.Name{slot.A, slot.B} {
		if err := os.WriteFile(r.part(n), []byte("what slot "+n+" holds"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.Updater = New(Options{Clock: clock.System(), Selector: r.selector, Key: r.key.Public().(ed25519.PublicKey), Board: "sim", Version: "5", Serial: 5, Running: slot.A,
		Open: func(n slot.Name, write bool) (*os.File, error) {
			if !write && r.wear {
				b, _ := os.ReadFile(r.part(n))
				b[len(b)/2] ^= 1
				_ = os.WriteFile(r.part(n), b, 0o600)
			}
			return os.OpenFile(r.part(n), os.O_RDWR, 0)
		}})
	return r
}

func (r *rig) part(n slot.Name) string { return filepath.Join(r.dir, string(n)) }

// made is a bundle of a slot of 3 MiB.
func (r *rig) made(t *testing.T, m bundle.Manifest, key ed25519.PrivateKey) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := bundle.Write(&b, m, bytes.NewReader(system()), key); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func system() []byte { return bytes.Repeat([]byte("a newer system. "), 3<<16) }

// TestApply writes a good bundle, and refuses what is not: whatever is refused leaves
// the confirmed slot as what starts.
func TestApply(t *testing.T) {
	stranger := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32))
	good := bundle.Manifest{Board: "sim", Version: "6", Serial: 6}
	for name, c := range map[string]struct {
		change func(*rig, []byte) []byte
		m      bundle.Manifest
		want   error
	}{
		"good":           {nil, good, nil},
		"same again":     {nil, bundle.Manifest{Board: "sim", Version: "5", Serial: 5}, nil},
		"stranger's":     {func(r *rig, _ []byte) []byte { return r.made(t, good, stranger) }, good, bundle.ErrSignature},
		"other board":    {nil, bundle.Manifest{Board: "other", Version: "6", Serial: 6}, ErrBoard},
		"older":          {nil, bundle.Manifest{Board: "sim", Version: "4", Serial: 4}, ErrOld},
		"cut short":      {func(_ *rig, b []byte) []byte { return b[:len(b)-1] }, good, bundle.ErrShort},
		"changed":        {func(_ *rig, b []byte) []byte { b[len(b)-9] ^= 4; return b }, good, bundle.ErrSum},
		"no bundle":      {func(*rig, []byte) []byte { return []byte("<html>") }, good, bundle.ErrFormat},
		"worn disk":      {func(r *rig, b []byte) []byte { r.wear = true; return b }, good, ErrDisk},
		"on trial still": {func(r *rig, b []byte) []byte { r.selector.Write(slot.State{Active: slot.B, Try: slot.A}); return b }, good, ErrTrial},
	} {
		r := newRig(t)
		b := r.made(t, c.m, r.key)
		if c.change != nil {
			b = c.change(r, b)
		}
		before := r.selector.state.Active
		err := r.Apply(t.Context(), bytes.NewReader(b))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		s := r.selector.state
		if c.want != nil {
			if s.Try == slot.B || s.Active != "" && s.Active != slot.A && s.Active != before || r.Progress().Waiting {
				t.Errorf("%s: then %+v", name, s)
			}
			continue
		}
		written, err := os.ReadFile(r.part(slot.B))
		if err != nil || !bytes.Equal(written, system()) || s != (slot.State{Active: slot.A, Try: slot.B, Left: slot.Tries}) || !r.Progress().Waiting {
			t.Errorf("%s: %+v, %d bytes, %v", name, s, len(written), err)
		}
	}
}

// TestPowerLostWhileWriting: until the last write nothing is tried, and what was half
// written is no file system: it has no first block.
func TestPowerLostWhileWriting(t *testing.T) {
	r := newRig(t)
	b := r.made(t, bundle.Manifest{Board: "sim", Version: "6", Serial: 6}, r.key)
	ctx, cancel := context.WithCancel(t.Context())
	from := io.MultiReader(bytes.NewReader(b[:len(b)/2]), readerFunc(func([]byte) (int, error) { cancel(); return 0, context.Canceled }))
	if err := r.Apply(ctx, from); err == nil {
		t.Fatal("half an update is applied")
	}
	half, err := os.ReadFile(r.part(slot.B))
	if err != nil || len(half) < 1<<20 || !bytes.Equal(half[:512], make([]byte, 512)) || r.selector.state.Try != "" {
		t.Errorf("%d bytes begin with %q, %+v, %v", len(half), half[:16], r.selector.state, err)
	}
	if err := r.Apply(t.Context(), bytes.NewReader(b)); err != nil {
		t.Error("and once more:", err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// TestWatch: a version stays that is well for a minute without a break.
func TestWatch(t *testing.T) {
	for name, c := range map[string]struct {
		unwell func(up time.Duration) bool
		want   error
		at     time.Duration
	}{
		"well":            {func(time.Duration) bool { return false }, nil, HealthyFor},
		"slow to start":   {func(up time.Duration) bool { return up <= 40*time.Second }, nil, 40*time.Second + HealthyFor},
		"one break":       {func(up time.Duration) bool { return up == 59*time.Second }, nil, 59*time.Second + HealthyFor},
		"never well":      {func(time.Duration) bool { return true }, ErrUnwell, Patience},
		"again and again": {func(up time.Duration) bool { return up%(50*time.Second) == 0 }, ErrUnwell, Patience},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			r.selector.Write(slot.State{Active: slot.B, Try: slot.A, Left: 1})
			began := time.Now()
			err := r.Watch(t.Context(), func(context.Context) error {
				if c.unwell(time.Since(began)) {
					return errors.New("no SIP")
				}
				return nil
			})
			stays := slot.State{Active: slot.A}
			if c.want != nil {
				stays.Active = slot.B
			}
			if !errors.Is(err, c.want) || time.Since(began) != c.at || r.selector.state != stays {
				t.Errorf("%s: %v after %v, %+v", name, err, time.Since(began), r.selector.state)
			}
		})
	}
}
