package media

import (
	"math"
	"sync"

	"github.com/pasokh/pasokh/hal"
)

type frame = hal.Frame

// The shape of the jitter buffer, in samples.
const (
	jitterSize   = 2048                 // 256 ms, a power of two
	jitterTarget = 2 * len(frame{})     // a packet waits this long before it is heard
	jitterMost   = 8 * len(frame{})     // deeper than this, sound is dropped to catch up
	fadeFrames   = 3                    // a loss longer than this is silence
	unknown      = int16(math.MinInt16) // G.711 decodes no byte to it
)

// jitter puts what comes from the network into order and even pace. It is a ring
// of samples placed by RTP timestamp, so that order, duplicates, packets of any
// length and gaps need no rules of their own. The reader of the socket writes,
// the tick reads.
type jitter struct {
	mu      sync.Mutex
	started bool
	next    uint32 // timestamp that is heard next
	end     uint32 // first timestamp after all that was received
	last    frame  // what was heard last, for concealment
	lost    int    // frames concealed in a row

	late, concealed uint64

	ring [jitterSize]int16 // last: where nothing comes, nothing of it is touched
}

// reset forgets everything but the counters.
func (j *jitter) reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.started = false
	j.last, j.lost = frame{}, fadeFrames
}

// write places the samples of a packet.
func (j *jitter) write(ts uint32, c Codec, payload []byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(payload) > jitterMost {
		payload = payload[:jitterMost]
	}
	n := uint32(len(payload))
	behind := int32(j.next - ts) // of the packet's first sample
	switch {
	case !j.started, behind < -jitterSize, behind > jitterSize:
		j.anchor(ts)
	case int32(j.next-(ts+n)) >= 0: // its time is over
		j.late++
		if int32(j.next-j.end) < 0 {
			return
		}
		j.anchor(ts) // nothing waits either: the network has become slower
	case behind > 0:
		payload, ts, n = payload[behind:], j.next, n-uint32(behind)
	}
	if depth := int(int32(ts + n - j.next)); depth > jitterMost {
		j.skip(ts + n - uint32(jitterTarget))
	}
	linear := &laws[c].linear
	for i, b := range payload {
		j.ring[(ts+uint32(i))%jitterSize] = linear[b]
	}
	if int32(ts+n-j.end) > 0 {
		j.end = ts + n
	}
}

// anchor makes ts be heard one target from now.
func (j *jitter) anchor(ts uint32) {
	for i := range j.ring {
		j.ring[i] = unknown
	}
	j.next = ts - uint32(jitterTarget)
	j.end = j.next
	j.started = true
}

// skip drops what is older than ts.
func (j *jitter) skip(ts uint32) {
	if int32(ts-j.end) > 0 {
		j.anchor(ts + uint32(jitterTarget))
		return
	}
	for ; j.next != ts; j.next++ {
		j.ring[j.next%jitterSize] = unknown
	}
}

// read is the next frame. What is missing is made of the sound before it, fading
// out; it reports false when there is nothing to hear at all.
func (j *jitter) read(f *frame) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.started {
		*f = frame{}
		return false
	}
	gaps := len(f)
	if ready := int(int32(j.end - j.next)); ready > 0 && ready < len(f) && j.lost == 0 {
		for i := range f { // our clock is ahead of the sender's: wait for it once
			f[i] = j.last[i] >> 1
		}
	} else {
		gaps = j.play(f)
	}
	switch {
	case gaps == 0:
		j.lost = 0
	case j.lost < fadeFrames:
		j.lost++
		j.concealed++
	case gaps == len(f):
		*f = frame{}
		return false
	}
	j.last = *f
	return true
}

// play moves on by a frame. It returns how many samples were missing.
func (j *jitter) play(f *frame) (gaps int) {
	for i := range f {
		at := &j.ring[j.next%jitterSize]
		f[i] = *at
		if *at == unknown {
			f[i] = j.last[i] >> 1
			gaps++
		}
		*at = unknown
		j.next++
	}
	return gaps
}

// counts are the packets that were late and the frames that were made up.
func (j *jitter) counts() (late, concealed uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.late, j.concealed
}
