package slot

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Tryboot is the state as a Raspberry Pi's firmware reads it: autoboot.txt on the first
// partition names the partition to start from, and the one that a restart with the
// argument "0 tryboot" starts from instead, once (Raspberry Pi documentation, "The
// autoboot.txt file"). A system that is tried and does not confirm itself is left at the
// next start, whatever happened: it has one try.
type Tryboot struct {
	// Dir is where the first partition is mounted, writable while Write runs.
	Dir string
	// Writable makes Dir writable until the function that it returns is called; nil
	// where it always is.
	Writable func() (done func() error, err error)
}

const autoboot = "autoboot.txt"

// Read reads autoboot.txt.
func (t Tryboot) Read() (State, error) {
	text, err := os.ReadFile(filepath.Join(t.Dir, autoboot))
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, ErrLost
	}
	if err != nil {
		return State{}, err
	}
	var s State
	section := ""
	for line := range bytes.Lines(text) {
		line := strings.TrimSpace(string(line))
		if strings.HasPrefix(line, "[") {
			section = line
			continue
		}
		value, found := strings.CutPrefix(line, "boot_partition=")
		if !found {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil || n != A.Partition() && n != B.Partition() {
			return State{}, ErrLost
		}
		name := A
		if n == B.Partition() {
			name = B
		}
		switch section {
		case "[all]", "":
			s.Active = name
		case "[tryboot]":
			s.Try, s.Left = name, 1
		}
	}
	if !s.Active.valid() {
		return State{}, ErrLost
	}
	if s.Try == s.Active { // nothing to be tried
		s.Try, s.Left = "", 0
	}
	return s, nil
}

// Write replaces autoboot.txt as a whole.
func (t Tryboot) Write(s State) (err error) {
	if t.Writable != nil {
		done, err := t.Writable()
		if err != nil {
			return fmt.Errorf("making the boot partition writable: %w", err)
		}
		defer func() { err = errors.Join(err, done()) }()
	}
	other := s.Try
	if other == "" {
		other = s.Active
	}
	text := fmt.Sprintf("[all]\ntryboot_a_b=1\nboot_partition=%d\n[tryboot]\nboot_partition=%d\n", s.Active.Partition(), other.Partition())
	return replace(filepath.Join(t.Dir, autoboot), []byte(text))
}

// Restart asks for the try.
func (Tryboot) Restart(s State) string {
	if s.Try != "" {
		return "0 tryboot"
	}
	return ""
}

// replace writes a file beside the old one, has it reach the disk, and renames it.
func replace(path string, text []byte) error {
	f, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
