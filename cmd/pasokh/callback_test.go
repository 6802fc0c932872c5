package main

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// held are those who wait to be called back.
func (d *demo) held() (list []queue.CallerView) {
	for _, q := range d.state().Floor.Queues {
		for _, c := range q.Waiting {
			if c.Callback {
				list = append(list, c)
			}
		}
	}
	return list
}

// TestACallerBooksATime: a caller hears what times there are, chooses one by key and
// goes; the box is restarted and still knows; a supervisor has another time set, before
// which nobody is called.
func TestACallerBooksATime(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		for i := range c.Queues {
			if q := &c.Queues[i]; q.Number == "700" {
				q.Agents, q.Language = config.QueueAgents("1002"), "fa"
				q.Callback = config.Callback{Key: "2", Slot: config.Duration(time.Hour), PerSlot: 1, Days: 3}
			}
		}
	})
	customer := newHandset(d, "1003", toneC).register()
	var list api.QueueSlots
	d.call("GET", "/api/queues/700/slots", nil, &list)
	if len(list.Slots) < 25 || list.Slots[0].Free != 1 {
		t.Fatalf("times: %+v", list.Slots)
	}
	c := customer.call("700")
	up(t, c)
	d.becomes(10*time.Second, "the caller in line", func(s api.State) bool {
		return len(s.Floor.Queues) > 0 && len(s.Floor.Queues[0].Waiting) == 1
	})
	began := time.Now()
	c.Audio().Press("2") // to be called back,
	c.Audio().Press("1") // at this number,
	c.Audio().Press("2") // at a time
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	var read []speech.Slot
	for _, s := range list.Slots[:3] {
		read = append(read, speech.Slot{From: s.From.In(zone), Until: s.Until.In(zone), Today: began.In(zone)})
	}
	all, looked := units(), 0
	eventually(t, 90*time.Second, "the last of what is offered", func() bool {
		heard := c.Audio().Heard()
		if len(heard) < looked+8000 {
			return false // listening is work
		}
		looked = len(heard)
		return said(heard[max(0, looked-4*8000):], all["fa/slot-none"]) > knownBy
	})
	var names []string
	for _, s := range speech.CallbackSlots("fa", read, true).Sounds {
		if names = append(names, s.Prompt); s.Prompt == "fa/slot-for" {
			names = names[len(names)-1:] // what was read last
		}
	}
	last := c.Audio().Heard()[max(0, looked-14*8000):]
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if name == "" {
			continue
		}
		if r := said(last, all[name]); r < knownBy {
			t.Errorf("%s is not heard (%.2f)", name, r)
		}
	}
	c.Audio().Press("2")
	ends(t, c, 30*time.Second, 0)
	wantSaid(t, c.Audio().Heard()[looked:], speech.CallbackBooked("fa", read[1]))
	d.stop()
	d.start()
	held := d.held()
	if len(held) != 1 || !held[0].Held.Booked || !held[0].Held.Due.Equal(list.Slots[1].From) {
		t.Fatalf("booked: %+v", held)
	}
	if out := d.cli("callbacks", "slots", "700"); !strings.Contains(out, "1 free") || !strings.Contains(strings.Split(out, "\n")[1], "0 free") {
		t.Errorf("times:\n%s", out)
	}
	agent := newHandset(d, "1002", 440).register()
	customer.register()
	due := time.Now().Add(8 * time.Second)
	d.call("POST", "/api/callbacks/"+string(held[0].Call), api.CallbackDo{Do: "book", At: due}, &api.Done{})
	ring := agent.ringing()
	if early := time.Until(due); early > 0 {
		t.Errorf("called %v too early", early)
	}
	if err := ring.Answer(); err != nil {
		t.Fatal(err)
	}
	there := customer.answers()
	hears(t, "the agent", ring, toneC)
	hears(t, "the customer", there, 440)
	ring.Hangup()
	ends(t, there, 5*time.Second, 0)
}

// TestACallerIsCalledBack: a caller from outside presses the key and hangs up, calls
// again and has his place, asks once more; the box is restarted; then the agent and he
// are brought together over the trunk.
func TestACallerIsCalledBack(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	const customer, did = "09121234567", "02188776600"
	rings := make(chan *phone.Call, 4)
	peer, err := phone.Open(phone.Options{Server: d.env["SIP_HOST"] + ":" + d.env["SIP_PORT"], User: customer, Tone: 1000,
		Address: netip.MustParseAddr("127.0.0.6"), Incoming: func(c *phone.Call) { _ = c.Answer(); rings <- c }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(peer.Close)
	_, server, _ := strings.Cut(peer.Contact(), "@")
	d.configure(func(c *config.Config) {
		c.Trunks = []config.Trunk{{Name: "telco", Servers: []string{server}, Transport: config.UDP, Sources: []string{"127.0.0.6"},
			CallerID: "02188776655", DIDs: map[string]string{did: "700"}}}
		c.Routes = []config.Route{{Name: "out", Prefix: "09", Trunks: []string{"telco"}}}
		for i := range c.Queues {
			if q := &c.Queues[i]; q.Number == "700" {
				q.Agents, q.WrapUp = config.QueueAgents("1002"), config.Duration(time.Second)
				q.Callback = config.Callback{Key: "2", Gap: config.Duration(30 * time.Second)}
			}
		}
	})
	agent := newHandset(d, "1002", 440).register()
	d.becomes(10*time.Second, "the trunk", func(s api.State) bool { return len(s.Trunks) == 1 && s.Trunks[0].State == "up" })
	first := newHandset(d, "1001", 600).call("700")
	talk := agent.answers()
	hears(t, "the first caller", first, 440)

	asks := func() {
		t.Helper()
		c, err := peer.Call(did)
		if err != nil {
			t.Fatal(err)
		}
		up(t, c)
		d.becomes(10*time.Second, "the caller in line", func(s api.State) bool {
			return len(s.Floor.Queues) > 0 && len(s.Floor.Queues[0].Waiting) == 1 && !s.Floor.Queues[0].Waiting[0].Callback
		})
		c.Audio().Press("21") // the key, and: this number is right
		ends(t, c, 30*time.Second, 0)
	}
	asks()
	if list := d.held(); len(list) != 1 || list[0].Party.Number != customer || list[0].Position != 1 {
		t.Fatalf("held: %+v", list)
	}
	if out := d.cli("callbacks"); !strings.Contains(out, customer) || !strings.Contains(out, "waiting") {
		t.Errorf("pasokh callbacks:\n%s", out)
	}
	asks() // he called again: merged, and asked once more
	if list := d.held(); len(list) != 1 {
		t.Fatalf("held after the second call: %+v", list)
	}

	d.stop()
	d.start()
	first.Hangup()
	talk.Hangup()
	if list := d.held(); len(list) != 1 || list[0].Party.Number != customer {
		t.Fatalf("held after the restart: %+v", list)
	}
	back := agent.answers()
	var there *phone.Call
	select {
	case there = <-rings:
	case <-time.After(60 * time.Second):
		t.Fatalf("the customer is not called:\n%s", d.cli("callbacks"))
	}
	if there.From != "02188776655" {
		t.Errorf("the customer is called by %q", there.From)
	}
	hears(t, "the agent", back, 1000)
	hears(t, "the customer", there, 440)
	back.Hangup()
	ends(t, there, 5*time.Second, 0)

	var asked, called ledger.Record
	d.becomes(10*time.Second, "the records", func(s api.State) bool {
		asked, called = ledger.Record{}, ledger.Record{}
		for _, r := range s.Records {
			switch {
			case r.Origin.Trunk == "telco" && asked.Call == "":
				asked = r
			case r.From.Number == customer && r.Origin == call.Origin{}:
				called = r
			}
		}
		return asked.Call != "" && called.Call != ""
	})
	if called.Result != ledger.Answered {
		t.Errorf("the call back: %+v", called)
	}
	for _, want := range []string{"to be called back at", "is called back for", "talks with " + customer} {
		if story := d.story(asked.Call); !strings.Contains(story, want) {
			t.Errorf("no %q in the story of who asked:\n%s", want, story)
		}
	}
}
