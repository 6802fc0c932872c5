package slot

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// disk is a disk in memory that loses power after some bytes of writing.
type disk struct {
	b    []byte
	left int
}

func newDisk() *disk { return &disk{b: make([]byte, 1<<20), left: 1 << 30} }

func (d *disk) ReadAt(p []byte, at int64) (int, error) { return copy(p, d.b[at:]), nil }

func (d *disk) WriteAt(p []byte, at int64) (int, error) {
	n := copy(d.b[at:], p[:min(len(p), d.left)])
	d.left -= n
	if n < len(p) {
		return n, errors.New("no power")
	}
	return n, nil
}

// TestPowerLostAtEveryByte writes a new state and loses power after each byte of it: the
// old or the new state is there then, and can be changed again.
func TestPowerLostAtEveryByte(t *testing.T) {
	for cut := 0; cut <= rawSize; cut++ {
		d := newDisk()
		r := Raw{d}
		before, after := State{Active: A}, State{Active: A, Try: B, Left: Tries}
		for _, s := range []State{{Active: B}, before} {
			if err := r.Write(s); err != nil {
				t.Fatal(err)
			}
		}
		d.left = cut
		err := r.Write(after)
		d.left = 1 << 30
		got, readErr := r.Read()
		switch {
		case readErr != nil:
			t.Fatalf("cut after %d bytes: %v", cut, readErr)
		case err == nil && got != after, err != nil && got != before && got != after:
			t.Fatalf("cut after %d bytes (%v): %+v", cut, err, got)
		}
		if err := Confirm(r, B); err != nil {
			t.Fatal(err)
		}
		if got, _ := r.Read(); got != (State{Active: B}) {
			t.Fatalf("cut after %d bytes, then confirmed: %+v", cut, got)
		}
	}
}

func TestTryAndConfirm(t *testing.T) {
	dir := t.TempDir()
	for name, s := range map[string]Selector{"raw": Raw{newDisk()}, "tryboot": Tryboot{Dir: dir}} {
		if _, err := s.Read(); !errors.Is(err, ErrLost) {
			t.Errorf("%s: an empty disk has a state: %v", name, err)
		}
		if err := Confirm(s, A); err != nil {
			t.Fatal(name, err)
		}
		if err := Try(s, A); err == nil {
			t.Errorf("%s: the confirmed slot is to be tried", name)
		}
		if err := Try(s, B); err != nil {
			t.Fatal(name, err)
		}
		if got, err := s.Read(); err != nil || got.Active != A || got.Try != B || got.Left == 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if err := Confirm(s, B); err != nil {
			t.Fatal(name, err)
		}
		if got, err := s.Read(); err != nil || got != (State{Active: B}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, autoboot))
	if want := "[all]\ntryboot_a_b=1\nboot_partition=3\n[tryboot]\nboot_partition=3\n"; err != nil || string(text) != want {
		t.Errorf("%v\n%s", err, text)
	}
	if got := (Tryboot{}).Restart(State{Active: A, Try: B}); got != "0 tryboot" {
		t.Errorf("restart with %q", got)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(State{Active: A, Try: B, Left: 1}, firstSeq))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := decode(b)
		if !c.whole {
			return
		}
		if again := decode(encode(c.state, c.seq)); again.state != c.state || again.seq != c.seq {
			t.Errorf("%+v, then %+v", c, again)
		}
	})
}
