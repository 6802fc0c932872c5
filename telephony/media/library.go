package media

import (
	"sync"
	"sync/atomic"

	"github.com/pasokh/pasokh/hal/dsp"
)

// Library holds the sounds that programs are made of: prompts by name
// ("fa/number-1"), music classes ("music/default") and the country's progress
// tones. A sound is encoded once, when it is added, and shared by everybody who
// hears it. Safe for concurrent use; a sound may be replaced while it plays.
type Library struct {
	mu    sync.RWMutex
	clips map[string]*clip

	missing atomic.Uint64
}

// clip is a sound in every codec. It is never changed once made.
type clip struct {
	name string
	data [lawCodecs][]byte
}

// NewLibrary is an empty library.
func NewLibrary() *Library { return &Library{clips: make(map[string]*clip)} }

// Add puts a sound of 8000 samples per second into the library.
func (l *Library) Add(name string, pcm []int16) {
	if len(pcm) == 0 {
		return
	}
	c := &clip{name: name}
	for codec := range c.data {
		t := &laws[codec].bytes
		c.data[codec] = make([]byte, len(pcm))
		for i, x := range pcm {
			c.data[codec][i] = t[uint16(x)>>2]
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clips[name] = c
}

// addTone puts a progress tone into the library: "ringback", "busy", "dial",
// "congestion".
func (l *Library) addTone(name string, spec dsp.ToneSpec) {
	samples := continuousTone
	if len(spec.Cadence) > 0 {
		samples = 0
		for _, d := range spec.Cadence {
			samples += dsp.Samples(d)
		}
	}
	pcm := make([]int16, 0, samples+len(frame{}))
	for tone := dsp.NewTone(spec); len(pcm) < samples; {
		var f frame
		tone.Fill(&f)
		pcm = append(pcm, f[:]...)
	}
	l.Add(tonePrefix+name, pcm[:samples])
}

// continuousTone is how many samples of a tone without a cadence are kept: one
// second, in which every frequency of whole hertz comes round.
const continuousTone = 8000

// The families of names besides prompts.
const (
	musicPrefix  = "music/"
	tonePrefix   = "tone/"
	defaultMusic = musicPrefix + "default"
)

// Missing is how many times a sound was asked for that is not here.
func (l *Library) Missing() uint64 { return l.missing.Load() }

// get is the clip with a name, or nil, which is counted.
func (l *Library) get(name string) *clip {
	l.mu.RLock()
	defer l.mu.RUnlock()
	c := l.clips[name]
	if c == nil {
		l.missing.Add(1)
	}
	return c
}
