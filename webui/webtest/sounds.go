package webtest

import (
	"io"

	"github.com/pasokh/pasokh/telephony/jukebox"
)

// noSounds is a box without sounds of the business's own.
type noSounds struct{}

func (noSounds) List() []jukebox.Sound { return nil }
func (noSounds) Receive(io.Reader, int64, string, string) (jukebox.Sound, error) {
	return jukebox.Sound{}, jukebox.ErrFull
}
func (noSounds) Rename(string, string) error         { return jukebox.ErrNone }
func (noSounds) Remove(string) error                 { return jukebox.ErrNone }
func (noSounds) Audio(string) (io.ReadSeeker, error) { return nil, jukebox.ErrNone }
