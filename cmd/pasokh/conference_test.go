package main

import (
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// allTones are what the phones of these tests say.
var allTones = []int{toneA, toneB, toneC}

// hearsJust waits until half a second of a call's sound is these tones, alike in
// strength, and no other.
func hearsJust(t *testing.T, who string, c *phone.Call, tones ...int) {
	t.Helper()
	shares := map[int]float64{}
	ok := func() bool {
		sum := 0.0
		good := true
		for _, hz := range allTones {
			h := c.Audio().Measure(hz, 500*time.Millisecond)
			shares[hz] = h.Share
			wanted := false
			for _, x := range tones {
				wanted = wanted || x == hz
			}
			if wanted {
				sum += h.Share
				good = good && h.Share > 0.7/float64(len(tones))
			} else {
				good = good && (h.Share < 0.002 || h.Level < 50)
			}
		}
		return good && (len(tones) == 0 || sum > 0.95)
	}
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: shares of the tones are %v, want only those of %v", who, shares, tones)
		}
	}
}

// comesIn lets a handset into the conference with a PIN.
func (h *handset) comesIn(d *demo, pin string, members int) *phone.Call {
	h.t.Helper()
	c := h.call(demoConference)
	up(h.t, c)
	c.Audio().Press(pin + "#")
	d.becomes(15*time.Second, "member", func(s api.State) bool {
		return len(s.Conferences) == 1 && len(s.Conferences[0].Members) == members
	})
	return c
}

// TestConferenceOfThree lets three phones meet, each with its own tone: by keys and by
// the page they are muted, locked out and put out.
func TestConferenceOfThree(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) { c.Conferences[0].PIN, c.Conferences[0].ModeratorPIN = "1234", "987654" })
	ha, hb, hc := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB), newHandset(d, "1003", toneC)

	wrong := hc.call(demoConference)
	up(t, wrong)
	for range 3 {
		time.Sleep(time.Second) // a person listens before he tries again
		wrong.Audio().Press("4321#")
	}
	ends(t, wrong, 30*time.Second, 0)
	wantSaid(t, wrong.Audio().Heard(), speech.Phrase("fa", "conference-pin-wrong"))

	a := ha.comesIn(d, "987654", 1)
	hearsMusic(t, "1001", a, toneB)
	b, c := hb.comesIn(d, "1234", 2), hc.comesIn(d, "1234", 3)
	hearsJust(t, "1001", a, toneB, toneC)
	hearsJust(t, "1002", b, toneA, toneC)
	hearsJust(t, "1003", c, toneA, toneB)
	d.becomes(5*time.Second, "three who talk", func(s api.State) bool {
		m := s.Conferences[0].Members
		return len(m) == 3 && m[0].Talking && m[1].Talking && m[2].Talking && m[0].Moderator && !m[1].Moderator
	})
	if text := d.cli("status"); !strings.Contains(text, "conference  800") || !strings.Contains(text, "3 of 30") {
		t.Errorf("the status says\n%s", text)
	}

	c.Audio().Press("*6")
	hearsJust(t, "1001", a, toneB)
	hearsJust(t, "1003, muted,", c, toneA, toneB)
	c.Audio().Press("*6")
	hearsJust(t, "1001", a, toneB, toneC)
	a.Audio().Press("*5")
	hearsJust(t, "1001, with all others muted,", a)
	hearsJust(t, "1002", b, toneA)
	a.Audio().Press("*5")
	hearsJust(t, "1002", b, toneA, toneC)
	a.Audio().Press("*8")
	d.becomes(5*time.Second, "lock", func(s api.State) bool { return s.Conferences[0].Locked })
	late := newHandset(d, "1003", 0).call(demoConference)
	up(t, late)
	late.Audio().Press("1234#")
	ends(t, late, 15*time.Second, 0)
	wantSaid(t, late.Audio().Heard(), speech.Phrase("fa", "conference-locked"))

	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	click := func(id string) { t.Helper(); p.do(map[string]any{"do": "click", "testid": id}) }
	state := func(id, is string) {
		t.Helper()
		p.do(map[string]any{"do": "wait", "testid": id, "state": is, "timeout": 10000})
	}
	state("conference-800", "locked")
	click("lock-800")
	state("conference-800", "open")
	state("member-1002", "talking")
	click("mute-1002")
	state("member-1002", "muted")
	hearsJust(t, "1001", a, toneC)
	click("mute-1002")
	hearsJust(t, "1001", a, toneB, toneC)
	click("remove-1003")
	ends(t, c, 10*time.Second, 0)
	wantSaid(t, c.Audio().Heard(), speech.Phrase("fa", "conference-removed"))
	hearsJust(t, "1001", a, toneB)
	p.do(map[string]any{"do": "quit"})

	a.Audio().Press("*0")
	ends(t, a, 10*time.Second, 0)
	ends(t, b, 10*time.Second, 0)
	for who, c := range map[string]*phone.Call{"1001": a, "1002": b, "1003": c} {
		if h := c.Audio().Measure(0, 0); h.Lost != 0 || h.Breaks != 0 {
			t.Errorf("%s missed %d packets and heard %d breaks", who, h.Lost, h.Breaks)
		}
	}
	r := d.record("1001", demoConference)
	if story := d.cli("calls", "show", string(r.Call)); !strings.Contains(story, "as its moderator") || strings.Contains(story, "987654") || strings.Contains(story, "9, 8") {
		t.Errorf("the story says\n%s", story)
	}
}

// longestHole is the longest silence in sound, after so many samples.
func longestHole(pcm []int16, from int) time.Duration {
	const piece = 40 // samples, 5 ms
	longest, run := 0, 0
	for at := min(from, len(pcm)); at+piece <= len(pcm); at += piece {
		if power(pcm[at:at+piece])/piece < 500*500 {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return time.Duration(longest) * 5 * time.Millisecond
}

// TestListeningIn lets a supervisor listen in, whisper and barge in by code, by key and
// from the page. Who hears whom is told by tones; the parties' packets go on without a
// break.
func TestListeningIn(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) { c.Listening.Supervisors = []string{"1003"} })
	ha, hb, boss := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ends(t, boss.call("*901002"), 15*time.Second, 480) // nobody talks yet
	a := ha.call("1002")
	b := hb.answers()
	up(t, a)
	hears(t, "1001", a, toneB)
	hears(t, "1002", b, toneA)
	ends(t, ha.call("*901002"), 15*time.Second, 403) // no supervisor
	fromA, fromB := len(a.Audio().Heard()), len(b.Audio().Heard())

	ear := boss.call("*901002")
	up(t, ear)
	three := func(what string, byA, byB bool) {
		t.Helper()
		hearsJust(t, "who "+what, ear, toneA, toneB)
		for _, side := range []struct {
			who   string
			call  *phone.Call
			tone  int
			hears bool
		}{{"1001", a, toneB, byA}, {"1002", b, toneA, byB}} {
			tones := []int{side.tone}
			if side.hears {
				tones = append(tones, toneC)
			}
			hearsJust(t, side.who+", while somebody "+what+",", side.call, tones...)
		}
	}
	three("listens", false, false)
	ear.Audio().Press("5")
	three("whispers", false, true)
	ear.Audio().Press("6")
	three("barges in", true, true)
	ear.Audio().Press("4")
	three("listens again", false, false)
	ear.Hangup()
	d.becomes(5*time.Second, "end of listening", func(s api.State) bool { return len(s.Calls) == 1 && len(s.Calls[0].Listeners) == 0 })
	hears(t, "1001", a, toneB)
	hears(t, "1002", b, toneA)

	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	p.do(map[string]any{"do": "click", "testid": "listen-whisper"})
	ear = boss.answers()
	p.do(map[string]any{"do": "wait", "testid": "listener-1003", "state": "whisper", "timeout": 10000})
	three("whispers from the page", false, true)

	for who, side := range map[string]struct {
		call *phone.Call
		from int
	}{"1001": {a, fromA}, "1002": {b, fromB}} {
		if h := side.call.Audio().Measure(0, 0); h.Lost != 0 || h.Breaks != 0 {
			t.Errorf("%s missed %d packets and heard %d breaks", who, h.Lost, h.Breaks)
		}
		hole := longestHole(side.call.Audio().Heard(), side.from)
		t.Logf("%s: the longest hole is %v", who, hole)
		if hole > 40*time.Millisecond {
			t.Errorf("%s heard a hole of %v", who, hole)
		}
	}

	// The talk is transferred, and he stays with the call; then it ends for all.
	outcome(t, 200, blind(a, demoMusic))
	hearsMusic(t, "1002", b, toneA)
	b.Hangup()
	ends(t, ear, 10*time.Second, 0)
	p.do(map[string]any{"do": "quit"})
	r := d.record("1001", "1002")
	story := d.cli("calls", "show", string(r.Call))
	for _, want := range []string{"listened in on the talk, heard by nobody", "heard by Sara alone", "joined in the talk, heard by both sides", "listened in no more"} {
		if !strings.Contains(story, want) {
			t.Errorf("the story has no %q:\n%s", want, story)
		}
	}
	if steps := d.steps(r.Call)[call.StepOverheard]; len(steps) < 6 || steps[0].Party.Number != "1003" {
		t.Errorf("the ledger says %+v", steps)
	}
}
