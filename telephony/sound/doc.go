// Package sound reads the sound files that people bring along, and makes of them
// what the box plays.
//
// A file is read as a stream: a Source hands out samples of any rate and number
// of channels, and nothing ever holds more than a few pages of it. Convert mixes
// it to one channel, takes it to 16 kHz, measures how loud it is (ITU-R BS.1770-4,
// gated), brings it to one loudness with its true peaks limited, and writes it in
// every codec of the telephone at once: what is played later is only copied.
//
// Files come from anybody. Every length in them is checked against what is really
// there, and what cannot be used is refused with a Refusal, in the languages of
// the box. Nothing here is shared: values belong to the goroutine that made them,
// but for a Tape, which may be read by several.
package sound

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Source is a sound file while it is read.
type Source interface {
	// Rate is the samples a second of one channel, 4000 to 192000.
	Rate() int
	// Channels is how many samples belong to one moment, 1 to 32.
	Channels() int
	// Read fills dst with samples, the channels of a moment side by side, full
	// scale being 1. The error is io.EOF at the end and a Refusal for a file that
	// breaks off in a way that cannot be heard over.
	Read(dst []float32) (n int, err error)
}

// Limits of files.
const (
	minRate     = 4000
	maxRate     = 192000
	maxChannels = 32
)

// Refusal is why a file cannot be used, in the languages of the box.
type Refusal struct {
	Code   string // stable name
	EN, FA string
}

func (r *Refusal) Error() string { return r.EN }

// Is tells whether target is the same refusal.
func (r *Refusal) Is(target error) bool {
	t, ok := target.(*Refusal)
	return ok && t.Code == r.Code
}

// The refusals.
var (
	ErrUnknown = &Refusal{"unknown-format", "This is neither a WAV nor an MP3 file.", "این فایل نه WAV است و نه MP3."}
	ErrBroken  = &Refusal{"broken-file", "The file is damaged or incomplete.", "فایل خراب یا ناقص است."}
	ErrSilent  = &Refusal{"silent-file", "There is nothing to hear in the file.", "در این فایل صدایی شنیده نمی‌شود."}
	ErrLong    = &Refusal{"too-long", "The file is longer than 60 minutes.", "فایل بلندتر از ۶۰ دقیقه است."}
	ErrShort   = &Refusal{"too-short", "The file is shorter than a tenth of a second.", "فایل کوتاه‌تر از یک‌دهم ثانیه است."}
	errFormat  = Refusal{"bad-format", "The WAV file's sound is stored in a way that is not read (format %d, %d bits). Save it as PCM.",
		"صدای این فایل WAV به شیوه‌ای ذخیره شده که خوانده نمی‌شود (قالب %d، %d بیت). آن را با قالب PCM ذخیره کنید."}
	errRate        = Refusal{"bad-rate", "The file has %d samples a second; 4000 to 192000 can be used.", "نرخ نمونه‌برداری فایل %d است؛ ۴۰۰۰ تا ۱۹۲۰۰۰ پذیرفته می‌شود."}
	errChannels    = Refusal{"bad-channels", "The file has %d channels; 1 to 32 can be used.", "فایل %d کانال دارد؛ ۱ تا ۳۲ پذیرفته می‌شود."}
	errQuarterRate = Refusal{"mp3-quarter-rate", "The MP3 file has %d samples a second; MP3 is read from 11025 on. Save it with 44100, or as WAV.",
		"نرخ نمونه‌برداری این فایل MP3 برابر %d است؛ MP3 از ۱۱۰۲۵ به بالا خوانده می‌شود. آن را با نرخ ۴۴۱۰۰ یا با قالب WAV ذخیره کنید."}
	errDense = Refusal{"mp3-dense", "The MP3 file has too many bits for its %d samples a second. Save it with 44100, or as WAV.",
		"این فایل MP3 برای نرخ نمونه‌برداری %d بیش از اندازه پربیت است. آن را با نرخ ۴۴۱۰۰ یا با قالب WAV ذخیره کنید."}
	errOther = Refusal{"other-format", "This is an %s file. Save it as WAV or MP3.", "این فایل %s است. آن را با قالب WAV یا MP3 ذخیره کنید."}
)

// with is a refusal with its details.
func (r Refusal) with(args ...any) *Refusal {
	r.EN, r.FA = fmt.Sprintf(r.EN, args...), fmt.Sprintf(r.FA, args...)
	return &r
}

// others are files that people take for what they are not, by how they begin.
var others = []struct {
	name  string
	at    int
	magic string
}{
	{"Ogg", 0, "OggS"}, {"FLAC", 0, "fLaC"}, {"AIFF", 0, "FORM"}, {"M4A", 4, "ftyp"}, {"ASF (WMA)", 0, "\x30\x26\xb2\x75"},
	{"AMR", 0, "#!AMR"}, {"AU", 0, ".snd"}, {"MKV or WebM", 0, "\x1a\x45\xdf\xa3"},
}

// Open finds out what a file is and begins to read it. Errors are Refusals, or
// r's own.
func Open(r io.Reader) (Source, error) {
	head := make([]byte, 12)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), r)
	if n == 12 && string(head[8:]) == "WAVE" && (string(head[:4]) == "RIFF" || string(head[:4]) == "RF64") {
		return openWAV(r)
	}
	for _, o := range others {
		if n >= o.at+len(o.magic) && string(head[o.at:o.at+len(o.magic)]) == o.magic {
			return nil, errOther.with(o.name)
		}
	}
	if n >= 4 && (string(head[:3]) == "ID3" || head[0] == 0xff && head[1]&0xe0 == 0xe0) {
		return openMP3(whole)
	}
	return nil, ErrUnknown
}

// checkShape refuses rates and channels that cannot be used.
func checkShape(rate, channels int) error {
	if rate < minRate || rate > maxRate {
		return errRate.with(rate)
	}
	if channels < 1 || channels > maxChannels {
		return errChannels.with(channels)
	}
	return nil
}
