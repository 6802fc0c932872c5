package media

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// wire is a network that loses and delays: sockets by their address.
type wire struct {
	mu      sync.Mutex // one packet arrives at a time, as at a socket
	sockets map[netip.AddrPort]func([]byte, netip.AddrPort)
	loss    float64
	delay   time.Duration
	dice    *rand.Rand
}

type wired struct {
	*wire
	at netip.AddrPort
}

func (w wired) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	deliver, packet := w.sockets[to], append([]byte(nil), b...)
	if deliver != nil && (isRTCP(b) || w.dice.Float64() >= w.loss) {
		time.AfterFunc(w.delay, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			deliver(packet, w.at)
		})
	}
	return len(b), nil
}

func (wired) Close() error { return nil }

// Two boxes talk for a minute over a bad network. Each measures what it hears and is
// told how it is heard; both agree with what the network did.
func TestQualityOverABadNetwork(t *testing.T) {
	talk := func(loss float64, delay time.Duration) (q call.Quality) {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{sockets: make(map[netip.AddrPort]func([]byte, netip.AddrPort)), loss: loss, delay: delay, dice: rand.New(rand.NewPCG(1, 2))}
			e := newRig(t)
			e.listen = func(at netip.AddrPort, deliver func([]byte, netip.AddrPort)) (conn, error) {
				var mu sync.Mutex // a socket delivers one packet after the other
				w.sockets[at] = func(b []byte, from netip.AddrPort) {
					mu.Lock()
					defer mu.Unlock()
					deliver(b, from)
				}
				return wired{w, at}, nil
			}
			e.library.Add("piece", constant(1000, 80000))
			e.library.SetMusic(map[string]Music{defaultMusic: {Sounds: []string{"piece"}}})
			var ends [2]*Stream
			for i := range ends {
				s, err := e.NewRTP("leg", func(call.Event) {}, nil)
				if err != nil {
					t.Fatal(err)
				}
				ends[i] = s
			}
			for i, s := range ends {
				at := ends[1-i].Local()
				if err := s.Set(Params{Remote: at, RTCP: netip.AddrPortFrom(at.Addr(), at.Port()+1), Codec: PCMA, PayloadType: 8, Send: true, Receive: true}); err != nil {
					t.Fatal(err)
				}
				s.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}, Loop: true})
			}
			stop := run(t, e)
			time.Sleep(time.Minute)
			q, _ = ends[0].Quality()
			stop()
			synctest.Wait()
		})
		return q
	}
	clean, bad := talk(0, 0), talk(0.05, 40*time.Millisecond)
	if clean.MOS() < 4.35 || clean.From.Lost+clean.To.Lost != 0 || clean.RoundTrip > 25 {
		t.Errorf("over a good network: %+v", clean)
	}
	if bad.RoundTrip < 75 || bad.RoundTrip > 105 {
		t.Errorf("the round trip is %v ms, want 80", bad.RoundTrip)
	}
	for name, way := range map[string]call.Way{"from it": bad.From, "to it": bad.To} {
		if way.Share() < 0.035 || way.Share() > 0.065 || way.Packets < 2000 {
			t.Errorf("%s: %+v, want 5 %% lost", name, way)
		}
	}
	if mos := bad.MOS(); mos > 4.0 || mos < 3.5 {
		t.Errorf("MOS %v with 5 %% lost", mos)
	}
}
