package sip

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/notify"
)

// TestVirtualLamps: a slot, a switch and a code are watched like extensions, and a
// code shows each watcher his own state.
func TestVirtualLamps(t *testing.T) {
	watching(t, func(l *lamps) {
		cfg := *l.opts.Config()
		cfg.Switches = []config.Switch{{Number: "*28"}}
		cfg.Parking.First = "701"
		l.opts.Config = func() *config.Config { return &cfg }
		l.state["1001 *45"] = notify.State{Own: true, Calls: notify.Lit(true, "*45").Calls}
		l.subscribe("*45", "", watchDialog, 200)
		l.told("active", `entity="sip:*45@box.test"`, `<dialog id="*45" direction="recipient"><state>confirmed</state>`)
		l.does("1001 *45", notify.State{Own: true})
		l.told("active", `version="1"`, `<dialog id="*45"><state>terminated</state>`)
		time.Sleep(time.Second)
		l.watcher = "1003"
		l.state["1003 *45"] = notify.State{Own: true}
		l.subscribe("*45", "", watchDialog, 200)
		l.told("active", `<state>terminated</state>`)
		time.Sleep(time.Second)
		l.does("1003 *45", notify.State{Own: true, Calls: notify.Lit(true, "*45").Calls})
		if req := l.told("active", `<state>confirmed</state>`); req.Recipient.User != "1003" {
			t.Errorf("%s is told what 1003 did", req.Recipient.User)
		}
		l.Quiet(time.Second) // 1001 is not told
		l.watcher = ""
		time.Sleep(time.Second)
		l.subscribe("701", "", watchDialog, 200)
		l.told("active", `<state>terminated</state>`)
		time.Sleep(time.Second)
		l.does("701", notify.State{Calls: []notify.Call{{ID: "c1", Up: true, Remote: call.Party{Number: "0912", Name: "Ali"}}}})
		l.told("active", `<state>confirmed</state>`, `display="Ali">sip:0912@box.test<`)
		l.subscribe("*29", "", watchDialog, 404) // no such switch
		l.subscribe("711", "", watchDialog, 404) // no such slot
	})
}

func TestLampOfACallOnHold(t *testing.T) {
	watching(t, func(l *lamps) {
		l.subscribe("1002", "", watchDialog, 200)
		l.told("active")
		time.Sleep(time.Second)
		l.does("1002", notify.State{Calls: []notify.Call{{ID: "c1", Up: true, Held: true}}})
		l.told("active", "<state>confirmed</state>", `<param pname="+sip.rendering" pval="no"></param>`)
		time.Sleep(time.Second)
		l.does("1002", notify.State{Calls: []notify.Call{{ID: "c1", Up: true}}})
		if req := l.told("active", "<state>confirmed</state>"); strings.Contains(string(req.Body()), "rendering") {
			t.Errorf("still on hold:\n%s", req.Body())
		}
	})
}

// TestPickUpNames: a phone that rings has a name for that long, which is not one of
// the real dialog.
func TestPickUpNames(t *testing.T) {
	p, l := newPickups(), &leg{id: "l1"}
	n := p.add(l)
	if again := p.add(l); again != n || n.CallID == "" || n.Ours == n.Theirs {
		t.Errorf("names are %+v and %+v", n, again)
	}
	if p.find(&dialog.Replaces{CallID: n.CallID, Local: n.Ours, Remote: n.Theirs}) != l {
		t.Error("not found")
	}
	if p.find(&dialog.Replaces{CallID: n.CallID, Local: n.Theirs, Remote: n.Ours}) != nil {
		t.Error("found with its tags the wrong way round")
	}
	p.remove(l)
	if p.find(&dialog.Replaces{CallID: n.CallID, Local: n.Ours, Remote: n.Theirs}) != nil || len(p.legs)+len(p.names) != 0 {
		t.Error("still there")
	}
}

// TestAStormOfLamps: 200 lamps of one phone cost no more than a NOTIFY each for
// any number of changes within a moment, and all show the last state.
func TestAStormOfLamps(t *testing.T) {
	const watched = 200
	watching(t, func(l *lamps) {
		for range watched {
			l.subscribe("1002", "", watchDialog+"Expires: 600\n", 200)
			l.told("active")
		}
		time.Sleep(time.Second)
		for i := range 1000 {
			s := notify.State{}
			if i%2 == 1 {
				s = ringing
			}
			l.does("1002", s)
		}
		shows, count := map[string]string{}, 0
		for early := 0; early < watched; count++ {
			req := l.Request(sip.NOTIFY)
			l.Reply(req, 200, "", "\n")
			var doc struct {
				Dialogs []struct {
					State string `xml:"state"`
				} `xml:"dialog"`
			}
			if err := xml.Unmarshal(req.Body(), &doc); err != nil {
				t.Fatal(err)
			}
			tag := req.From().Params.GetOr("tag", "")
			if shows[tag] = doc.Dialogs[0].State; shows[tag] == "early" {
				early++
			}
		}
		l.Quiet(time.Second)
		if len(shows) != watched || count > 2*watched {
			t.Errorf("%d NOTIFYs to %d subscriptions", count, len(shows))
		}
		l.net.Lose(func(_, to string, _ []byte) bool { return to == peerAddr })
	})
}
