package media

import (
	"math"
	"sync"
	"time"

	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// Window is a Tap that remembers the last sound of both sides, for whoever wants to
// look at it or to take it along. Use NewWindow.
type Window struct {
	mu          sync.Mutex
	said, heard []int16 // rings
	rate        int     // samples a second of what is in them
	end         uint64  // samples ever taken at this rate
}

// NewWindow makes a window of so long, rounded up to 20 ms.
func NewWindow(d time.Duration) *Window {
	frames := int((d + 20*time.Millisecond - 1) / (20 * time.Millisecond))
	return &Window{said: make([]int16, frames*wide), heard: make([]int16, frames*wide)}
}

// Frame remembers 20 ms.
func (w *Window) Frame(said, heard []int16) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if rate := 50 * len(said); rate != w.rate {
		w.rate, w.end = rate, 0
	}
	for i := range said {
		at := w.end % uint64(len(w.said))
		w.said[at], w.heard[at] = said[i], heard[i]
		w.end++
	}
}

// Since is what both sides said after sample from, as far as it is remembered: 0 is
// from the beginning. rate is in samples a second, 0 when there was nothing yet, and
// next is where to go on. A change of the rate begins anew.
func (w *Window) Since(from uint64) (said, heard []int16, rate int, next uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if from > w.end {
		from = 0
	}
	if size := uint64(len(w.said)); w.end > size {
		from = max(from, w.end-size)
	}
	for i := from; i < w.end; i++ {
		at := i % uint64(len(w.said))
		said, heard = append(said, w.said[at]), append(heard, w.heard[at])
	}
	return said, heard, w.rate, w.end
}

// Loudness is what one side of a call sounds like, over the last second or less.
type Loudness struct {
	DBm0   float64 // mean level; -90 and less is digital silence
	Silent bool    // below -50 dBm0: nobody speaks
	// Tone is the frequency in Hz that has nine tenths of the power, 0 for none.
	Tone float64
}

// Measure tells how loud sound of a rate is.
func Measure(pcm []int16, rate int) Loudness {
	if len(pcm) == 0 || rate == 0 {
		return Loudness{DBm0: -90, Silent: true}
	}
	pcm = pcm[max(0, len(pcm)-rate):]
	l := Loudness{DBm0: max(-90, dsp.Level(pcm))}
	if l.Silent = l.DBm0 < -50; l.Silent {
		return l
	}
	// Tones last, and are looked for in steps that a tenth of a second can tell apart.
	pcm = pcm[max(0, len(pcm)-rate/10):]
	scale := 8000 / float64(rate) // the filter thinks in 8 kHz
	best, at := math.Inf(-1), 0.0
	for hz := 200.0; hz < 0.45*float64(rate); hz += 5 {
		if level := dsp.ToneLevel(pcm, hz*scale); level > best {
			best, at = level, hz
		}
	}
	if best > dsp.Level(pcm)-0.5 {
		l.Tone = at
	}
	return l
}

// LegStatus is a stream for people.
type LegStatus struct {
	Leg    call.LegID
	Codec  string // "line" for an analog port, "" before the first negotiation
	Ptime  int    // ms per packet, 0 for a line
	Remote string // where its RTP goes
	Secure bool   // SRTP
	Relay  bool   // its packets go to the other party undecoded
	Stats  Stats
	Delay  time.Duration // that waits in the jitter buffer
}

// Legs are all streams, in the order in which they were opened.
func (e *Engine) Legs() []LegStatus {
	list := []LegStatus{}
	for _, s := range e.shard.list() {
		st := LegStatus{Leg: s.leg, Codec: "line", Stats: s.Stats()}
		if s.rtp != nil {
			st.Codec = ""
			if p := s.rtp.params.Load(); p != nil {
				to, _ := s.rtp.destination(p)
				st.Codec, st.Ptime, st.Remote, st.Secure = p.Codec.String(), p.Ptime, to.String(), p.Seal != nil
				st.Relay = s.plan.Load().saysRelay
			}
			st.Delay = s.rtp.heardStats().Delay
		}
		list = append(list, st)
	}
	return list
}

// Leg is the stream of a leg.
func (e *Engine) Leg(id call.LegID) (*Stream, bool) {
	for _, s := range e.shard.list() {
		if s.leg == id {
			return s, true
		}
	}
	return nil, false
}
