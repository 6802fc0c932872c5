package media

import (
	"sync"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// TestCrewLeavesNobodyOut: with helpers at work everybody is sent one packet a tick,
// whatever is changed meanwhile about whom they hear and who listens in.
func TestCrewLeavesNobodyOut(t *testing.T) {
	e := newRig(t, func(o *Options) { o.PortMax = 20999 })
	addMusic(e.library, constant(1000, 8000))
	defer e.shard.crew.start()()
	tune := call.Program{Sounds: []call.Sound{{Music: defaultMusic}}}
	var all []*party
	for range 3*many + 5 {
		p := newParty(t, e, PCMA, func(p *Params) { p.DTMF = 0 }) // listened to for keys
		p.Play(tune)
		all = append(all, p)
	}
	room, window := e.NewRoom(), NewWindow(time.Second)
	var changing sync.WaitGroup
	stop := make(chan struct{})
	changing.Go(func() {
		for i := 0; ; i = (i + 1) % 20 {
			select {
			case <-stop:
				return
			default:
			}
			a, b := all[3*i], all[3*i+1]
			b.AddTap(window) // a pair is mixed
			a.Connect(b.Stream)
			a.Join(room)
			b.Join(room)
			a.Echo()
			b.RemoveTap(window)
			a.Play(tune)
			b.Play(tune)
		}
	})
	const ticks = 40
	for range ticks {
		for _, p := range all {
			p.say(440)
		}
		e.ticks(1)
	}
	close(stop)
	changing.Wait()
	for i, p := range all {
		sent := p.sock.take()
		if checkContinuous(t, sent); i%3 == 2 && len(sent) != ticks {
			t.Fatalf("party %d was sent %d packets in %d ticks", i, len(sent), ticks)
		}
	}
}
