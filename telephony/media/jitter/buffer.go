package jitter

import (
	"sync"
	"time"
)

// Decoder turns bytes of packets into samples. It is called in the order of time.
type Decoder interface {
	// Decode writes the samples of data to pcm, which has just room for them.
	Decode(pcm []int16, data []byte)
}

// Times in ticks of the RTP clock, 8000 a second.
const (
	tick     = 8    // a millisecond
	ringSize = 2048 // holds deepest
	frame    = 20 * tick
	step     = 10 * tick // decoded or made up at a time
	prefill  = 20 * tick // waits before the first is played
	deepest  = 200 * tick
	least    = 4 * tick   // less than this left over is about to run dry
	spare    = 26 * tick  // more than this left over all the time is delay for nothing
	watch    = 50 * 4     // frames for which it must have been so
	gone     = 60 * tick  // without a packet after which the party is taken to be silent
	leap     = 128 * tick // further ahead than deepest, a timestamp is of another time
	bygone   = 256 * tick // and further behind than this
)

// MaxDelay is how much sound may wait.
const MaxDelay = deepest / tick * time.Millisecond

// Stats are what a buffer has counted since it was made.
type Stats struct {
	Late      uint64        // packets whose time was over, or half over, when they came
	Concealed uint64        // frames of 20 ms, of which at least half was made up
	Stretched uint64        // pitch periods put in
	Squeezed  uint64        // pitch periods taken out
	Dropped   uint64        // times that sound was dropped because too much waited
	Delay     time.Duration // that waits now
}

// Buffer is the sound of one party. Use New.
type Buffer struct {
	rate     int // samples per tick: 1 at 8 kHz, 2 at 16 kHz
	decoders []Decoder

	mu      sync.Mutex
	*sound  // nil until a packet comes: most parties are relayed and never need it
	started bool
	resting bool   // what was heard has faded and nothing has come since
	next    uint32 // timestamp of what is decoded next
	end     uint32 // after the newest byte that came
	lead    int    // ticks of the prefill that are left
	waited  int    // ticks made up since the buffer ran dry
	short   int    // ticks of delay that late packets would have needed

	ready  []int16 // decoded and not played yet
	quiet  int     // frames in which more than spare was left over, in a row
	lowest int     // least left over in those

	stats Stats
}

// sound is the large part of a buffer.
type sound struct {
	data    [ringSize]byte
	codec   [ringSize]uint8 // 1 + index of the byte's decoder; 0: nothing is there
	backing []int16         // of ready
	conceal concealer
}

// New makes a buffer whose sound has rate samples a second, 8000 or 16000. Put
// names the decoders by their place in the list; all make sound of that rate.
func New(rate int, decoders ...Decoder) *Buffer {
	return &Buffer{rate: rate / 8000, decoders: decoders, resting: true}
}

// Reset forgets all sound, but not what was counted.
func (b *Buffer) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.started, b.waited, b.quiet = false, 0, 0
	b.rest()
}

// rest begins a silence that need not be made up.
func (b *Buffer) rest() {
	b.resting = true
	if b.sound != nil {
		b.ready = b.backing[:0]
		b.conceal.reset()
	}
}

// Prime tells what was heard just before sound is put in: the gap until then is made up
// from it.
func (b *Buffer) Prime(decoder int, data []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if decoder < 0 || decoder >= len(b.decoders) || b.started || len(data) == 0 {
		return
	}
	b.wake()
	for len(data) > 0 {
		var pcm [2 * step]int16
		n := min(step, len(data))
		b.decoders[decoder].Decode(pcm[:n*b.rate], data[:n])
		b.conceal.remember(pcm[:n*b.rate])
		data = data[n:]
	}
}

// Put places the bytes of a packet. A packet of more than MaxDelay loses its end.
func (b *Buffer) Put(ts uint32, decoder int, data []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	data = data[:min(len(data), deepest)]
	n := len(data)
	if n == 0 || decoder < 0 || decoder >= len(b.decoders) {
		return
	}
	ahead := int(int32(ts - b.next))
	switch {
	case !b.started, ahead > deepest+leap, ahead < -bygone:
		b.anchor(ts)
	case ahead < 0: // its time is over, or half over: it would have needed more delay
		b.stats.Late++
		b.short = min(b.short-ahead, deepest)
		if ahead+n <= 0 {
			return
		}
		data, ts, n = data[-ahead:], b.next, n+ahead
	case b.waited > 0 && ahead > 0: // what was made up stands for what is missing
		b.forget(min(ahead, b.waited))
	}
	b.waited = 0
	end := ts + uint32(n)
	if over := int(int32(end-b.next)) - deepest; over > 0 { // room first
		b.forget(over)
		b.stats.Dropped++
	}
	if int32(end-b.end) > 0 {
		b.end = end
	}
	for i, x := range data {
		at := (ts + uint32(i)) % ringSize
		b.data[at], b.codec[at] = x, uint8(decoder+1)
	}
}

// wake ends a rest, and makes room for sound at the first time.
func (b *Buffer) wake() {
	if b.sound == nil {
		b.sound = &sound{backing: make([]int16, 4*frame*b.rate), conceal: newConcealer(b.rate)}
		b.ready = b.backing[:0]
	}
	b.resting = false
}

// anchor begins anew: ts is played one prefill from now.
func (b *Buffer) anchor(ts uint32) {
	b.wake()
	clear(b.codec[:])
	b.next = ts - prefill
	b.end = b.next
	b.started, b.lead = true, prefill
	b.quiet, b.lowest, b.short = 0, 0, 0
}

// forget moves on over n ticks without playing them.
func (b *Buffer) forget(n int) {
	for range n {
		b.codec[b.next%ringSize] = 0
		b.next++
	}
	if int32(b.next-b.end) > 0 {
		b.end = b.next
	}
}

// Get is the next 20 ms of sound, at the buffer's rate. It is false when there is
// nothing to hear: the party has said nothing for a while.
func (b *Buffer) Get(pcm []int16) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.resting {
		clear(pcm)
		return false
	}
	faded := !b.started && !b.conceal.sounding()
	made := 0
	for len(b.ready) < len(pcm) {
		made += b.more()
	}
	heard := b.started || b.conceal.sounding()
	if b.started {
		b.adjust(len(pcm))
	}
	copy(pcm, b.ready)
	b.ready = b.backing[:copy(b.backing, b.ready[len(pcm):])]
	if made*2 >= len(pcm) && heard {
		b.stats.Concealed++
	}
	if faded {
		b.rest()
	}
	return heard
}

// more decodes or makes up the next sound, at most one step. It returns how many
// samples were made up.
func (b *Buffer) more() int {
	if b.started && b.next != b.end {
		if n, codec := b.run(); codec != 0 {
			b.decode(n, codec)
			return 0
		} else { // lost: what comes after it is here already
			b.forget(n)
			if b.makeUp(n); b.lead > 0 {
				b.lead -= n
				return 0
			}
			return n * b.rate
		}
	}
	if b.started {
		b.waited += step
		if b.waited > gone {
			b.started = false
		}
	}
	b.makeUp(step)
	return step * b.rate
}

// run is how much of the same kind comes next, at most one step.
func (b *Buffer) run() (n int, codec uint8) {
	codec = b.codec[b.next%ringSize]
	most := min(step, int(b.end-b.next))
	for n = 1; n < most && b.codec[(b.next+uint32(n))%ringSize] == codec; n++ {
	}
	return n, codec
}

func (b *Buffer) decode(n int, codec uint8) {
	from := int(b.next % ringSize)
	if from+n > ringSize { // the rest next time
		n = ringSize - from
	}
	at := len(b.ready)
	b.ready = b.ready[:at+n*b.rate]
	b.decoders[codec-1].Decode(b.ready[at:], b.data[from:from+n])
	b.conceal.real(b.ready[at:])
	b.forget(n)
}

func (b *Buffer) makeUp(n int) {
	at := len(b.ready)
	b.ready = b.ready[:at+n*b.rate]
	b.conceal.fill(b.ready[at:])
}

// adjust puts a pitch period in or takes one out when what is left over after a
// frame of n samples has been too little or too much.
func (b *Buffer) adjust(n int) {
	left := int(int32(b.end-b.next)) + (len(b.ready)-n)/b.rate
	b.stats.Delay = time.Duration(left) * time.Millisecond / tick
	switch {
	case b.waited > 0: // ran dry: delay has grown by that already
		b.quiet = 0
	case left < least || b.short > 0:
		b.quiet = 0
		b.stretch()
	case left <= spare:
		b.quiet = 0
	default:
		if b.quiet == 0 || left < b.lowest {
			b.lowest = left
		}
		if b.quiet++; b.quiet < watch {
			return
		}
		// The more there is for nothing, the sooner it goes.
		if b.squeeze(n) {
			b.stats.Squeezed++
			b.quiet = max(0, watch-1-10*spare/max(1, b.lowest-spare))
		}
	}
}

// stretch repeats the pitch period before what is ready.
func (b *Buffer) stretch() {
	past := b.conceal.past
	start := len(past) - len(b.ready)
	period, ok := pitch(past, start, min(longest*b.rate, len(b.ready), start), b.rate)
	if !ok || len(b.ready)+period > len(b.backing) {
		return
	}
	n := len(b.ready)
	b.ready = b.ready[:n+period]
	copy(b.ready[period:], b.ready[:n])
	blend(b.ready[:period], b.ready[:period], past[start-period:start])
	b.short = max(0, b.short-period/b.rate)
	b.stats.Stretched++
}

// squeeze takes a pitch period out of what is ready, which it lets be two frames
// of n samples if so much is there.
func (b *Buffer) squeeze(n int) bool {
	for len(b.ready) < 2*n && b.next != b.end {
		run, codec := b.run()
		if codec == 0 {
			return false
		}
		b.decode(run, codec)
	}
	most := min(longest*b.rate, len(b.ready)-n, len(b.ready)/2)
	if most < shortest*b.rate {
		return false
	}
	period, ok := pitch(b.ready, most, most, b.rate)
	if !ok {
		return false
	}
	at := most - period // the period before most and the one after it become one
	blend(b.ready[most:most+period], b.ready[at:most], b.ready[most:most+period])
	b.ready = b.ready[:at+copy(b.ready[at:], b.ready[most:])]
	return true
}

// Stats are the counts so far.
func (b *Buffer) Stats() Stats {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stats
}
