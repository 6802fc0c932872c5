package media

import (
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/media/g722"
)

// Library holds the sounds that programs are made of: prompts by name
// ("fa/number-1"), music by class, and the country's progress tones. A short sound is
// encoded once in each law, when it is added, and in G.722 when somebody first hears
// it there; a long one is a Tape. All share it. Safe for concurrent use; a sound may
// be replaced while it plays, and is then heard to its end by those who hear it.
type Library struct {
	mu      sync.RWMutex
	clips   map[string]*clip
	classes map[string]*programme

	errands chan errand
	missing atomic.Uint64
}

// clip is a sound in every codec. Only wide changes once it is made.
type clip struct {
	name    string
	samples int // at 8000 a second, which is the bytes in every codec
	data    [lawCodecs][]byte
	wide    atomic.Pointer[[]byte] // in G.722, once it is encoded
	reel    *reel                  // instead of them all
}

// maxErrands bounds what waits for the library's goroutine.
const maxErrands = 256

// NewLibrary is an empty library.
func NewLibrary() *Library {
	return &Library{clips: make(map[string]*clip), classes: make(map[string]*programme), errands: make(chan errand, maxErrands)}
}

// Add puts a sound of 8000 samples per second into the library.
func (l *Library) Add(name string, pcm []int16) {
	if len(pcm) == 0 {
		return
	}
	c := &clip{name: name, samples: len(pcm)}
	for codec := range c.data {
		t := &laws[codec].bytes
		c.data[codec] = make([]byte, len(pcm))
		for i, x := range pcm {
			c.data[codec][i] = t[uint16(x)>>2]
		}
	}
	l.put(c)
}

// AddTape puts a long sound into the library.
func (l *Library) AddTape(name string, t Tape) {
	l.put(&clip{name: name, samples: t.Samples(), reel: newReel(t)})
}

func (l *Library) put(c *clip) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clips[c.name] = c
}

// Remove takes a sound out of the library. It does not touch classes of music.
func (l *Library) Remove(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.clips, name)
}

// SetMusic replaces all classes of music. Sounds that the library does not have are
// left out, and returned; so are classes without any other.
func (l *Library) SetMusic(classes map[string]Music) (missing []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.classes = make(map[string]*programme)
	for class, m := range maps.All(classes) {
		pr := &programme{class: class, random: m.Random, continuous: m.Continuous}
		for _, name := range m.Sounds[:min(len(m.Sounds), MaxSounds)] {
			if c := l.clips[name]; c != nil {
				pr.clips, pr.total = append(pr.clips, c), pr.total+int64(c.samples)
			} else {
				missing = append(missing, name)
			}
		}
		if len(pr.clips) > 0 {
			l.classes[class] = pr
		}
	}
	return missing
}

// SetTone puts a tone of the network into the library, for whoever hears it from now
// on: "dial", "busy", "congestion", "ringback", "waiting", "confirmation", "stutter".
func (l *Library) SetTone(name string, spec dsp.ToneSpec) {
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

// The family of names besides prompts, and the music of those without their own.
const (
	tonePrefix   = "tone/"
	defaultMusic = "default"
)

// Has tells whether there is a sound of that name.
func (l *Library) Has(name string) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.clips[name] != nil
}

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

// music is a class of music, the default one for one that is not here, or nil.
func (l *Library) music(class string, log *slog.Logger) *programme {
	l.mu.RLock()
	defer l.mu.RUnlock()
	pr := l.classes[class]
	if pr == nil {
		l.missing.Add(1)
		log.Warn("sound is missing", "music", class)
		pr = l.classes[defaultMusic]
	}
	return pr
}

// in tells whether a clip can be heard in a codec without encoding it.
func (c *clip) in(codec Codec) bool { return c.reel != nil || !codec.wide() || c.wide.Load() != nil }

// widen encodes a short clip in G.722.
func (c *clip) widen() {
	if c.wide.Load() != nil {
		return
	}
	out := make([]byte, 0, c.samples+narrow)
	coder := g722.NewCoder()
	var up doubler
	for at := 0; at < c.samples; at += narrow {
		var in, both block
		var pcm [narrow]int16
		var samples [wide]int16
		var bytes [narrow]byte
		linearCodec.decode(pcm[:], c.data[linearCodec][at:min(at+narrow, c.samples)])
		widen(in[:], pcm[:])
		up.process(both[:], in[:narrow])
		squash(samples[:], both[:])
		coder.Encode(bytes[:], samples[:])
		out = append(out, bytes[:]...)
	}
	out = out[:c.samples]
	c.wide.Store(&out)
}
