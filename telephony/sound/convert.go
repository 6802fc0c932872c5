package sound

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"time"
)

// Rates of what is stored, in samples a second.
const (
	masterRate = 16000
	narrowRate = 8000
)

// MaxLength is how long a sound may be.
const MaxLength = 60 * time.Minute

const (
	maxSamples = int(MaxLength/time.Second) * narrowRate
	minSamples = masterRate / 10
)

// Loudness of what is played, in LUFS. For speech it is that of the box's own
// prompts; music is quieter, because it plays for minutes.
const (
	SpeechLoudness = -18.0
	MusicLoudness  = -22.0
)

const (
	maxGain   = 24.0 // dB, beyond which it is the noise that gets louder
	truePeak  = -3.0 // dB below full scale, which lines and handsets carry unharmed
	scratchDB = 6.02 // room above full scale in the scratch file: floats may exceed it
	chunk     = 4096 // samples
)

// Job is one conversion.
type Job struct {
	Source io.Reader
	Size   int64 // of the source in bytes, for the progress; 0: not known
	// Scratch holds the sound between measuring and writing: 32 KB a second.
	Scratch, Target *os.File
	Loudness        float64            // in LUFS
	Progress        func(part float64) // of the work, 0 to 1; may be nil
}

// Converted is what became of a file.
type Converted struct {
	Length   time.Duration
	Loudness float64 // of the source, in LUFS
}

// Convert makes a tape. Its memory does not grow with the file. Errors are
// Refusals, ctx's, or those of the files.
func Convert(ctx context.Context, j Job) (Converted, error) {
	if j.Progress == nil {
		j.Progress = func(float64) {}
	}
	n, loudness, err := j.measure(ctx)
	if err != nil {
		return Converted{}, err
	}
	switch {
	case n < minSamples:
		return Converted{}, ErrShort
	case math.IsInf(loudness, -1) || math.IsNaN(loudness):
		return Converted{}, ErrSilent
	}
	if _, err := j.Scratch.Seek(0, io.SeekStart); err != nil {
		return Converted{}, err
	}
	if err := j.write(ctx, n, min(j.Loudness-loudness, maxGain)); err != nil {
		return Converted{}, err
	}
	return Converted{Length: time.Duration(n) * time.Second / masterRate, Loudness: loudness}, nil
}

// How the work is divided between the two passes.
const firstPass = 0.7

// measure reads the source into the scratch file, as one channel of masterRate.
func (j Job) measure(ctx context.Context) (n int, loudness float64, err error) {
	count := &counter{r: j.Source}
	src, err := Open(count)
	if err != nil {
		return 0, 0, err
	}
	resampler, meter := NewResampler(src.Rate(), masterRate), NewMeter(masterRate)
	out := bufio.NewWriterSize(j.Scratch, 64<<10)
	channels := src.Channels()
	in, mono, pcm := make([]float32, chunk*channels), make([]float32, chunk), []float32(nil)
	keep := func() error {
		if n += len(pcm); n > maxSamples/narrowRate*masterRate { // in this order: it fits into 32 bits
			return ErrLong
		}
		meter.Write(pcm)
		for _, x := range pcm {
			if err := writeScratch(out, x); err != nil {
				return err
			}
		}
		return nil
	}
	for {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		got, err := src.Read(in)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, 0, err
		}
		moments := got / channels
		for i := range moments {
			sum := float32(0)
			for _, x := range in[i*channels : (i+1)*channels] {
				sum += x
			}
			mono[i] = sum / float32(channels)
		}
		pcm = resampler.Write(pcm[:0], mono[:moments])
		if err := keep(); err != nil {
			return 0, 0, err
		}
		if j.Size > 0 {
			j.Progress(firstPass * min(1, float64(count.n)/float64(j.Size)))
		}
	}
	pcm = resampler.Flush(pcm[:0])
	if err := keep(); err != nil {
		return 0, 0, err
	}
	return n, meter.Loudness(), out.Flush()
}

// write levels the scratch file and writes the tape.
func (j Job) write(ctx context.Context, n int, gain float64) error {
	in := bufio.NewReaderSize(j.Scratch, 64<<10)
	factor := float32(math.Pow(10, (gain+scratchDB)/20))
	limit := newLimiter(masterRate, math.Pow(10, truePeak/20))
	tape, err := newTapeWriter(j.Target)
	if err != nil {
		return err
	}
	raw, pcm, out := make([]byte, 2*chunk), make([]float32, chunk), []float32(nil)
	for done := 0; done < n; {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := min(chunk, n-done)
		if _, err := io.ReadFull(in, raw[:2*m]); err != nil {
			return err
		}
		for i := range m {
			pcm[i] = factor * float32(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / (1 << 15)
		}
		out = limit.write(out[:0], pcm[:m])
		if err := tape.write(out); err != nil {
			return err
		}
		done += m
		j.Progress(firstPass + (1-firstPass)*float64(done)/float64(n))
	}
	if err := tape.write(limit.flush(out[:0])); err != nil {
		return err
	}
	return tape.finish()
}

// writeScratch writes a sample with room above full scale.
func writeScratch(w *bufio.Writer, x float32) error {
	y := uint16(fixed(x / 2))
	if err := w.WriteByte(byte(y)); err != nil {
		return err
	}
	return w.WriteByte(byte(y >> 8))
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}
