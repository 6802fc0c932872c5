package main

import (
	"context"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// The tones of the three desks.
const (
	toneA = 700
	toneB = 1100
	toneC = 1700
)

// TestPhones calls between SIP phones and to each of the box's own numbers.
func TestPhones(t *testing.T) {
	t.Parallel()
	box := startDemo(t)
	box.configure(func(c *config.Config) {
		for i := range c.Extensions {
			c.Extensions[i].RingFor = config.Duration(5 * time.Second)
		}
		c.Queues[0].WrapUp = 0
	})
	for _, test := range []struct {
		name string
		run  func(*testing.T, *demo)
	}{
		{"talk, hold, resume", talkHoldResume}, {"hold of hold", holdOfHold}, {"codec and port change", codecChange}, {"busy", busyPhone}, {"no answer", noAnswer},
		{"nobody there", nobodyThere}, {"cancel", cancelledCall}, {"two phones of one extension", twoContacts}, {"echo", echoService},
		{"music", musicService}, {"conference", threeInConference}, {"menu", menuKey}, {"queue", queueCall}, {"unknown number", unknownNumber},
		{"analog phone calls", analogCalls}, {"analog phone is called", analogIsCalled},
		{"baresip", talkWithBaresip}, // last: its registration outlives it
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(t, box.with(t))
			box.with(t).becomes(10*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
		})
	}
}

func talkHoldResume(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	ring := b.ringing()
	if ring.From != "1001" || ring.Name != "Reception" {
		t.Errorf("the phone shows %q <%s>, want Reception <1001>", ring.Name, ring.From)
	}
	happens(t, "ringing", 5*time.Second, ours.Rang())
	if err := ring.Answer(); err != nil {
		t.Fatal(err)
	}
	up(t, ours)
	hears(t, "1001", ours, toneB)
	hears(t, "1002", ring, toneA)

	hold(t, ours, true)
	hearsMusic(t, "held 1002", ring, toneA)
	if legs := d.state().Calls[0].Legs; legs[0].State != "held" {
		t.Errorf("the board shows %v, want the caller's leg held", legs)
	}
	hold(t, ours, false)
	hears(t, "1002 again", ring, toneA)
	hears(t, "1001 again", ours, toneB)

	ring.Hangup()
	ends(t, ours, 5*time.Second, 0)
	r := d.wantRecord("1001", "1002", ledger.Answered, call.Normal)
	if r.Hold.D() <= 0 || r.Hold >= r.Talk || r.Agent != "1002" {
		t.Errorf("the record says talk %v, hold %v, agent %s", r.Talk.D(), r.Hold.D(), r.Agent)
	}
}

// holdOfHold: each side puts the other on hold. Whoever holds is sent nothing,
// whoever is held hears music, and each takes back its own hold only.
func holdOfHold(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	hears(t, "1001", ours, toneB)
	hears(t, "1002", theirs, toneA)
	hold(t, ours, true)
	hearsMusic(t, "held 1002", theirs, toneA)
	sentNothing(t, "holding 1001", ours)
	hold(t, theirs, true)
	sentNothing(t, "holding 1002", theirs)
	hold(t, ours, true) // again: nothing new
	sentNothing(t, "holding 1001", ours)
	hold(t, ours, false)
	hearsMusic(t, "1001, still held", ours, toneB)
	sentNothing(t, "holding 1002", theirs)
	hold(t, theirs, false)
	hears(t, "1001 again", ours, toneB)
	hears(t, "1002 again", theirs, toneA)
	ours.Hangup()
	ends(t, theirs, 5*time.Second, 0)
	d.wantRecord("1001", "1002", ledger.Answered, call.Normal)
}

// sentNothing waits until a call has been sent no sound for half a second.
func sentNothing(t *testing.T, who string, c *phone.Call) {
	t.Helper()
	before, since := -1, time.Now()
	eventually(t, 5*time.Second, "silence for "+who, func() bool {
		if n := len(c.Audio().Heard()); n != before {
			before, since = n, time.Now()
		}
		return time.Since(since) > 500*time.Millisecond
	})
}

// codecChange: one phone changes codec and port in the middle of the call, twice; the
// sound goes on both ways, and the other leg neither notices nor pauses.
func codecChange(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	hears(t, "1001", ours, toneB)
	hears(t, "1002", theirs, toneA)
	was := theirs.Audio().Measure(toneA, 0)
	for _, codec := range []string{"PCMU", "PCMA"} {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := ours.Change(ctx, codec); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*phone.Call{ours, theirs} { // nothing that hears measures is older than the change
			before := c.Audio().Measure(0, 0).Packets
			eventually(t, 10*time.Second, "sound after the change", func() bool { return c.Audio().Measure(0, 0).Packets > before+40 })
		}
		hears(t, "1001 by "+codec, ours, toneB)
		hears(t, "1002 while the other speaks "+codec, theirs, toneA)
	}
	if h := theirs.Audio().Measure(toneA, 0); h.Lost > was.Lost+10 || h.Pause > 0.4 {
		t.Errorf("the other leg lost %d packets, its longest pause was %.2f s", h.Lost-was.Lost, h.Pause)
	}
	ours.Hangup()
	ends(t, theirs, 5*time.Second, 0)
}

func hold(t *testing.T, c *phone.Call, on bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := c.Hold(ctx, on); err != nil {
		t.Fatal(err)
	}
}

func talkWithBaresip(t *testing.T, d *demo) {
	b := startBaresip(d, "B", toneB)
	a := newHandset(d, "1001", toneA).register()
	ours := a.call("1002")
	b.wait("CALL_INCOMING", 10*time.Second)
	b.do("accept", "")
	up(t, ours)
	b.wait("CALL_ESTABLISHED", 5*time.Second)
	eventually(t, 8*time.Second, "baresip's tone", func() bool { return ours.Audio().Measure(toneB, time.Second).Share > 0.9 })
	eventually(t, 8*time.Second, "1001's tone in what baresip recorded", func() bool { return toneShare(b.heard(), toneA) > 0.5 })
	b.do("hold", "") // after that it records no more
	eventually(t, 15*time.Second, "hold music", func() bool { return isMusic(ours.Audio().Heard()) })
	b.do("resume", "")
	eventually(t, 8*time.Second, "baresip's tone again", func() bool { return ours.Audio().Measure(toneB, time.Second).Share > 0.9 })
	b.do("hangup", "")
	ends(t, ours, 5*time.Second, 0)

	b.do("dial", "sip:1001@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	ours = a.answers()
	b.wait("CALL_ESTABLISHED", 5*time.Second)
	eventually(t, 8*time.Second, "baresip's tone", func() bool { return ours.Audio().Measure(toneB, time.Second).Share > 0.9 })
	ours.Hangup()
	b.wait("CALL_CLOSED", 5*time.Second)
}

func busyPhone(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	b.ringing().Reject(486, "Busy Here")
	ends(t, ours, 5*time.Second, 486)
	d.wantRecord("1001", "1002", ledger.Missed, call.Busy)
}

func noAnswer(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	theirs := b.ringing()
	ends(t, ours, 8*time.Second, 480)
	ends(t, theirs, 5*time.Second, 487)
	r := d.wantRecord("1001", "1002", ledger.Missed, call.NoAnswer)
	if ring := r.Ring.D(); ring < 4*time.Second || ring > 6*time.Second {
		t.Errorf("the record says that it rang for %v, want 5 s", ring)
	}
}

func nobodyThere(t *testing.T, d *demo) {
	ends(t, newHandset(d, "1001", toneA).call("1003"), 5*time.Second, 480)
	d.wantRecord("1001", "1003", ledger.Missed, call.Unreachable)
}

func cancelledCall(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	theirs := b.ringing()
	happens(t, "ringing", 5*time.Second, ours.Rang())
	ours.Hangup()
	ends(t, theirs, 5*time.Second, 487)
	ends(t, ours, 5*time.Second, 487)
	d.wantRecord("1001", "1002", ledger.Abandoned, call.Cancelled)
}

func twoContacts(t *testing.T, d *demo) {
	a := newHandset(d, "1001", toneA)
	b1, b2 := newHandset(d, "1002", toneB).register(), newHandset(d, "1002", toneC).register()
	ours := a.call("1002")
	slow := b1.ringing()
	fast := b2.answers()
	up(t, ours)
	ends(t, slow, 5*time.Second, 487)
	hears(t, "1001", ours, toneC)
	hears(t, "the phone that answered", fast, toneA)
	ours.Hangup()
	ends(t, fast, 5*time.Second, 0)
}

func echoService(t *testing.T, d *demo) {
	c := newHandset(d, "1001", toneA).call(d.env["EXT_ECHO"])
	up(t, c)
	hears(t, "1001", c, toneA)
	c.Hangup()
	d.wantRecord("1001", d.env["EXT_ECHO"], ledger.Served, call.Normal)
}

func musicService(t *testing.T, d *demo) {
	c := newHandset(d, "1001", toneA).call(d.env["EXT_MUSIC"])
	up(t, c)
	hearsMusic(t, "1001", c, toneA)
	c.Hangup()
	d.wantRecord("1001", d.env["EXT_MUSIC"], ledger.Served, call.Normal)
}

func threeInConference(t *testing.T, d *demo) {
	tones := []int{toneA, toneB, toneC}
	var calls []*phone.Call
	for i, number := range []string{"1001", "1002", "1003"} {
		calls = append(calls, newHandset(d, number, tones[i]).call(d.env["EXT_CONFERENCE"]))
		up(t, calls[i])
	}
	for i, c := range calls {
		eventually(t, 15*time.Second, "the two others", func() bool {
			for j, hz := range tones {
				share := c.Audio().Measure(hz, 500*time.Millisecond).Share
				if i == j && share > 0.02 || i != j && share < 0.4 {
					return false
				}
			}
			return true
		})
	}
	calls[0].Hangup()
	hears(t, "1002", calls[1], toneC) // only the third is left to hear
	hears(t, "1003", calls[2], toneB)
	calls[1].Hangup()
	calls[2].Hangup()
	d.wantRecord("1003", d.env["EXT_CONFERENCE"], ledger.Served, call.Normal)
}

func menuKey(t *testing.T, d *demo) {
	a, c := newHandset(d, "1001", toneA), newHandset(d, "1003", toneC).register()
	ours := a.call(d.env["EXT_IVR"])
	up(t, ours)
	ours.Audio().Press("2")
	theirs := c.answers()
	if theirs.From != "1001" {
		t.Errorf("1003 sees a call from %s, want 1001", theirs.From)
	}
	hears(t, "1001", ours, toneC)
	hears(t, "1003", theirs, toneA)
	ours.Hangup()
	ends(t, theirs, 5*time.Second, 0)
	if r := d.wantRecord("1001", d.env["EXT_IVR"], ledger.Answered, call.Normal); r.Agent != "1003" {
		t.Errorf("the record says that %q answered, want 1003", r.Agent)
	}
}

func queueCall(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call(d.env["EXT_QUEUE"])
	theirs := b.answers()
	up(t, ours)
	hears(t, "1001", ours, toneB)
	hears(t, "1002", theirs, toneA)
	if s := d.agent("1002"); s != "talking" {
		t.Errorf("agent 1002 is %s, want talking", s)
	}
	theirs.Hangup()
	ends(t, ours, 5*time.Second, 0)
	if r := d.wantRecord("1001", d.env["EXT_QUEUE"], ledger.Answered, call.Normal); r.Agent != "1002" || r.Queue != "700" {
		t.Errorf("the record says queue %s, agent %s", r.Queue, r.Agent)
	}
	d.becomes(5*time.Second, "free agent", func(api.State) bool { return d.agent("1002") == "free" })
}

func unknownNumber(t *testing.T, d *demo) {
	c := newHandset(d, "1001", toneA).call(d.env["EXT_UNKNOWN"])
	happens(t, "early media", 5*time.Second, c.Rang())
	ends(t, c, 20*time.Second, 404)
	wantSaid(t, c.Audio().Heard(), speech.Phrase("fa", "unknown-number"))
	d.wantRecord("1001", d.env["EXT_UNKNOWN"], ledger.Refused, call.UnknownNumber)
}

// analog does something with an analog phone.
func (d *demo) analog(port, what string, body any) {
	d.t.Helper()
	d.call("POST", "/api/sim/phones/"+port+"/"+what, body, nil)
}

func (d *demo) simPhone(port string) api.SimPhone {
	d.t.Helper()
	var s api.Simulated
	d.call("GET", "/api/sim", nil, &s)
	for _, p := range s.Phones {
		if p.Port == port {
			return p
		}
	}
	d.t.Fatalf("no simulated phone %s", port)
	return api.SimPhone{}
}

const toneAnalog = 1300

// hearsAnalog waits until a phone's last half second is the tone of the other.
func (d *demo) hearsAnalog(port string, hz float64) {
	d.t.Helper()
	eventually(d.t, 8*time.Second, "tone on "+port, func() bool {
		pcm := d.heard(port)
		return len(pcm) > 4000 && goertzelShare(pcm[len(pcm)-4000:], hz) > 0.8
	})
}

func hearsTone(t *testing.T, who string, c *phone.Call, hz int) {
	t.Helper()
	eventually(t, 8*time.Second, "tone at "+who, func() bool {
		h := c.Audio().Measure(hz, 500*time.Millisecond)
		return h.Seconds >= 0.5 && h.Share > 0.8 && h.Level > 300
	})
}

func analogCalls(t *testing.T, d *demo) {
	b := newHandset(d, "1002", toneB).register()
	d.analog("fxs1", "lift", nil)
	eventually(t, 5*time.Second, "dial tone", func() bool { return d.simPhone("fxs1").Heard > 500 })
	d.analog("fxs1", "dial", api.SimKeys{Digits: "1002"})
	theirs := b.answers()
	if theirs.From != "1011" || theirs.Name != "Workshop" {
		t.Errorf("1002 shows %q <%s>, want Workshop <1011>", theirs.Name, theirs.From)
	}
	d.analog("fxs1", "talk", api.SimTone{Hz: toneAnalog})
	hearsTone(t, "1002", theirs, toneAnalog)
	d.hearsAnalog("fxs1", toneB)
	d.analog("fxs1", "hang", nil)
	ends(t, theirs, 5*time.Second, 0)
	d.wantRecord("1011", "1002", ledger.Answered, call.Normal)
}

func analogIsCalled(t *testing.T, d *demo) {
	ours := newHandset(d, "1002", toneB).call("1011")
	happens(t, "ringing", 5*time.Second, ours.Rang())
	eventually(t, 15*time.Second, "caller ID", func() bool {
		p := d.simPhone("fxs1")
		return p.State == "ringing" && p.Caller == "1002"
	})
	d.analog("fxs1", "lift", nil)
	up(t, ours)
	d.analog("fxs1", "talk", api.SimTone{Hz: toneAnalog})
	hearsTone(t, "1002", ours, toneAnalog)
	d.hearsAnalog("fxs1", toneB)
	d.analog("fxs1", "hang", nil)
	ends(t, ours, 5*time.Second, 0)
	d.wantRecord("1002", "1011", ledger.Answered, call.Normal)
}
