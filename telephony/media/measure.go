package media

import (
	"math"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media/quality"
)

// enough is how many packets, a second of them, are the least that a score is given
// for.
const enough = 50

// Quality is how the sound has been so far, false while there is too little of it. It
// may be asked for from any goroutine.
func (s *Stream) Quality() (call.Quality, bool) {
	if s.rtp == nil {
		return call.Quality{}, false
	}
	p := s.rtp.params.Load()
	if p == nil {
		return call.Quality{}, false
	}
	return s.rtp.quality(p)
}

func (r *session) quality(p *Params) (call.Quality, bool) {
	buffer, duplicates := r.heardStats(), r.duplicates.Load()
	q := call.Quality{Codec: p.Codec.String(), From: call.Way{
		Packets: max(r.packetsIn.Load(), duplicates) - duplicates, Lost: r.lost.Load(),
		Jitter: milliseconds(r.jitter.Load() / 16), Discarded: buffer.Late, Concealed: buffer.Concealed}}
	r.counting.Lock()
	if gaps := r.sequence.gaps; gaps > 0 && q.From.Lost > 0 {
		q.From.Burst = round(max(1, float64(q.From.Lost)/float64(gaps)), 10)
	}
	r.counting.Unlock()

	r.control.mu.Lock()
	told, ok := r.control.session.Told()
	r.control.mu.Unlock()
	if ok {
		q.To = call.Way{Packets: told.Packets, Lost: told.Lost, Jitter: milliseconds(int64(told.Jitter))}
		q.RoundTrip = round(float64(told.RoundTrip)/1e6, 10)
	}
	way := told.RoundTrip/2 + time.Duration(p.Ptime)*time.Millisecond
	rate(&q.From, q.Codec, way+max(buffer.Delay, held(q.From)))
	rate(&q.To, q.Codec, way+held(q.To))
	return q, q.From.Packets+q.To.Packets >= enough
}

// held is how long a jitter buffer delays sound where we do not see it: by what most
// of the packets need.
func held(s call.Way) time.Duration { return time.Duration(2 * s.Jitter * 1e6) }

// rate gives a direction its score.
func rate(s *call.Way, codec string, delay time.Duration) {
	all := float64(s.Packets + s.Lost)
	if all < enough {
		return
	}
	missed := min(float64(s.Lost+s.Discarded), all)
	if mos, ok := quality.MOS(codec, quality.Path{Delay: delay, Loss: missed / all, Burst: s.Burst}); ok {
		s.MOS = round(mos, 100)
	}
}

// milliseconds of ticks of the RTP clock, to a tenth.
func milliseconds(ticks int64) float64 { return round(float64(ticks)*1000/hal.Rate, 10) }

func round(x, parts float64) float64 { return math.Round(x*parts) / parts }

// measured tells the leg's call how the sound is when that has changed so much that
// people would want to see it.
func (s *Stream) measured(p *Params) {
	q, ok := s.rtp.quality(p)
	if told := &s.rtp.control.told; ok && math.Abs(q.MOS()-*told) >= 0.1 {
		*told = q.MOS()
		s.post(call.Measured{Leg: s.leg, Quality: q})
	}
}
