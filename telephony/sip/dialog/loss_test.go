package dialog

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/siptest"
)

// TestCallsSurviveLoss sets calls up between two of us over a network that loses
// every fifth packet: each must come up, change its session and end, on both sides.
func TestCallsSurviveLoss(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := siptest.NewNet()
				dice := rand.New(rand.NewPCG(seed, 1))
				n.Lose(func(string, string, []byte) bool { return dice.IntN(5) == 0 })
				arrived := make(chan *Dialog)
				b := newEnd(t, n, peerAddr, func(d *Dialog) { arrived <- d })
				a := newEnd(t, n, boxAddr, nil)
				for range 5 {
					pa, pb := &fakeParty{}, &fakeParty{}
					b.party = pb
					d := a.set.Outgoing(Target{URI: sip.Uri{Scheme: "sip", User: "1002", Host: "192.0.2.9", Port: 5060},
						Flow: Flow{"UDP", peerAddr},
						From: sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: "1001", Host: "box.test"}},
						To:   sip.ToHeader{Address: sip.Uri{Scheme: "sip", User: "1002", Host: "box.test"}}})
					d.Call(pa)
					called := <-arrived
					called.Alert(false)
					time.Sleep(3 * time.Second)
					called.Answer()
					time.Sleep(40 * time.Second)
					called.Reoffer()
					time.Sleep(40 * time.Second)
					d.Hangup(call.Normal)
					time.Sleep(40 * time.Second)
					synctest.Wait()
					// 180 is not sent reliably: ringing may go missing.
					if got := fmt.Sprint(slices.DeleteFunc(pa.log, func(s string) bool { return s == "ringing" })); got != "[answer ? up offer ? over normal]" {
						t.Errorf("caller was told %s", got)
					}
					if got := fmt.Sprint(pb.log); got != "[offer ? up answer ? over normal]" {
						t.Errorf("called was told %s", got)
					}
				}
				time.Sleep(3 * time.Minute)
				if a.set.Len()+b.set.Len() != 0 {
					t.Errorf("%d and %d dialogs left", a.set.Len(), b.set.Len())
				}
			})
		})
	}
}
