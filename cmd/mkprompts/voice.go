package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// voices are espeak-ng's voices and speeds in words per minute: calm, for
// callers who hear it for the first time.
var voices = map[string]struct{ name, speed string }{
	"en": {"en-us", "160"},
	"fa": {"fa", "170"},
}

// speak has a line spoken and shaped.
func (l line) speak(ctx context.Context) ([]int16, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	v := voices[l.lang]
	cmd := exec.CommandContext(ctx, "espeak-ng", "-v", v.name, "-s", v.speed, "-b", "1", "--stdout", "--", l.spelled)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: install Debian's packages espeak-ng and espeak-ng-data (apt-get install espeak-ng)", err)
	}
	if err != nil {
		return nil, fmt.Errorf("speak %s: %w: %s", l.name, err, complaint.Bytes())
	}
	samples, rate, err := readWAV(out)
	if err != nil {
		return nil, fmt.Errorf("speak %s: %w", l.name, err)
	}
	pcm := level(trim(telephoneBand(samples, rate)), speechLevel)
	if len(pcm) == 0 {
		return nil, fmt.Errorf("speak %s: espeak-ng said nothing for %q", l.name, l.spelled)
	}
	return pcm, nil
}

// readWAV reads 16-bit mono samples, as -1 to 1, and their rate. A program that
// writes to a pipe cannot know the length beforehand, so the data chunk is
// taken to end with the file.
func readWAV(b []byte) (samples []float64, rate int, err error) {
	const header = 44
	le := binary.LittleEndian
	if len(b) < header || string(b[:4]) != "RIFF" || string(b[8:16]) != "WAVEfmt " || string(b[36:40]) != "data" ||
		le.Uint16(b[20:]) != 1 || le.Uint16(b[22:]) != 1 || le.Uint16(b[34:]) != 16 {
		return nil, 0, errors.New("not a WAV file with 16-bit mono samples")
	}
	rate = int(le.Uint32(b[24:]))
	if rate < 8000 || rate > 192_000 {
		return nil, 0, fmt.Errorf("sample rate %d is not sensible", rate)
	}
	for b = b[header:]; len(b) >= 2; b = b[2:] {
		samples = append(samples, float64(int16(le.Uint16(b)))/(1<<15))
	}
	return samples, rate, nil
}
