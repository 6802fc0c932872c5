package sip

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/config"
)

// invites sends that many INVITEs of new calls and counts the answers by status.
func (m *memory) invites(name string, n int) map[int]int {
	got := make(map[int]int)
	for i := range n {
		m.Send(message{"INVITE", "1001", fmt.Sprint(name, i), 1, ""}.text(""))
		got[m.Next().(*sip.Response).StatusCode]++
	}
	return got
}

func TestABoxThatIsBehindTakesFewCalls(t *testing.T) {
	bubble(t, func(m *memory) {
		m.opts.Health = &board{all: make(map[string]string)}
		if got := m.invites("idle", fewCalls+10); got[401] != fewCalls+10 {
			t.Errorf("nothing to do: %v", got)
		}
		synctest.Wait()
		m.queueing.begun = time.Now().Add(-2 * mostWait) // a goroutine that waits and waits
		if got := m.invites("behind", fewCalls+10); got[401] != fewCalls || got[503] != 10 {
			t.Errorf("behind: %v", got)
		}
		m.Send(message{"INVITE", "1001", "again", 1, ""}.text(""))
		if res := m.Status(503); res.GetHeader("Retry-After").Value() != "5" || res.GetHeader("Server").Value() != "Pasokh" {
			t.Errorf("shed with\n%s", res)
		}
		m.Send(message{"REGISTER", "1001", "reg", 1, ""}.text(""))
		m.Status(401) // phones are still known
		if n := m.Turned().Shed; n != 11 {
			t.Errorf("%d shed", n)
		}
		m.cfg.Routes = []config.Route{{Name: "out", Prefix: "9", Strip: 1, Trunks: []string{"telco"}}}
		for _, number := range []string{"110", "9115"} {
			m.Send(strings.Replace(message{"INVITE", "1001", "help" + number, 1, ""}.text(""), "INVITE sip:", "INVITE sip:"+number+"@", 1))
			m.Status(401) // a call for help is looked at
		}
		m.queueing.measure()
		time.Sleep(freshWait)
		if got := m.invites("done", 10); got[401] != 10 {
			t.Errorf("done with it: %v", got)
		}
	})
}

func TestWhoIsKnownIsToldThatItIsTooMuch(t *testing.T) {
	bubble(t, func(m *memory) {
		m.cfg.SIP.Trusted = []string{"192.0.2.0/24"}
		if got := m.invites("known", 1210); got[401] != 1200 || got[503] != 10 {
			t.Errorf("a source that is trusted: %v", got)
		}
		m.cfg.SIP.Trusted = nil
		time.Sleep(2 * time.Minute)
		if got := m.invites("stranger", 100); got[401] != 100 {
			t.Errorf("a stranger: %v", got)
		}
		m.Send(message{"INVITE", "1001", "more", 1, ""}.text(""))
		m.Quiet(time.Second / 200)
	})
}
