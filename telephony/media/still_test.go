package media

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal/dsp"
)

// TestStill: a call in which nobody sends packets costs the tick nothing, and wakes
// for whatever happens.
func TestStill(t *testing.T) {
	noEvents := func(p *Params) { p.DTMF = 0 } // keys are to be found in the sound
	pair := func(t *testing.T) (e *Engine, a, b *party) {
		e = newRig(t)
		a, b = newParty(t, e, PCMA, noEvents), newParty(t, e, PCMA, noEvents)
		a.Connect(b.Stream)
		e.ticks(120)
		if now := e.shard.now.Load(); a.looked == now && b.looked == now {
			t.Fatal("the tick looks at both parties of a silent call")
		}
		return e, a, b
	}
	t.Run("key", func(t *testing.T) {
		e, a, _ := pair(t)
		f, tone := frame{}, dsp.NewDTMFTone('5')
		for i := range 12 {
			clear(f[:])
			if i < 5 {
				tone.Mix(f[:])
			}
			var bytes [narrow]byte
			PCMA.encode(bytes[:], &f)
			a.receive(a.packet(PCMA.payloadType(), bytes[:]), a.at)
			a.ts += narrow
			e.ticks(1)
		}
		if len(a.events.take()) == 0 {
			t.Error("its key is not found")
		}
	})
	t.Run("tap", func(t *testing.T) {
		e, a, _ := pair(t)
		var tp tape
		a.AddTap(&tp)
		e.ticks(3)
		if len(tp.said) != 3*narrow {
			t.Errorf("the tap took %d samples of 3 frames", len(tp.said))
		}
	})
	t.Run("hold", func(t *testing.T) {
		e, a, b := pair(t)
		a.Silence()
		e.ticks(3)
		if n, m := len(a.sock.take()), len(b.sock.take()); n != 3 || m != 3 {
			t.Errorf("parties that are apart were sent %d and %d packets in 3 ticks", n, m)
		}
	})
	t.Run("time-out", func(t *testing.T) {
		e := newRig(t, func(o *Options) { o.Timeout = func() time.Duration { return 3 * time.Second } })
		a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
		told := 0
		a.rtp.onSilence = func() { told++ }
		a.Connect(b.Stream)
		e.ticks(145)
		if told != 0 {
			t.Error("told of silence before its time")
		}
		e.ticks(60)
		if told != 1 {
			t.Errorf("told of silence %d times, want once", told)
		}
	})
}
