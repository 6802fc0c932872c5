package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/webui/api"
)

// ask sends a command and returns what baresip says to it.
func (b *baresip) ask(command string) string {
	b.t.Helper()
	b.do(command, "")
	return b.wait("", 5*time.Second).Data
}

var displayed = regexp.MustCompile(`vidisp: \w+ \d+ x \d+ frames=(\d+)`)

// shown is how many pictures the phone has decoded and displayed, 0 without video.
func (b *baresip) shown() int {
	b.t.Helper()
	m := displayed.FindStringSubmatch(b.ask("video_debug"))
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// sees waits until the phone has shown so many pictures more.
func (b *baresip) sees(who string, more int) {
	b.t.Helper()
	from := b.shown()
	eventually(b.t, 15*time.Second, "pictures at "+who, func() bool {
		n := b.shown()
		from = min(from, n) // a new picture counts anew
		return n >= from+more
	})
}

// seesNothing waits until a phone has shown nothing new for a second.
func (b *baresip) seesNothing(who string) {
	b.t.Helper()
	last, since := -1, time.Now()
	eventually(b.t, 15*time.Second, "no pictures at "+who, func() bool {
		if n := b.shown(); n != last {
			last, since = n, time.Now()
		}
		return time.Since(since) > time.Second
	})
}

// describedVideo are the ports of video in the box's own descriptions of the latest
// call, in order.
func (d *demo) describedVideo(id call.ID) (ports []int) {
	d.t.Helper()
	ours := false
	for line := range strings.Lines(d.cli("calls", "show", string(id), "--sip")) {
		line = strings.TrimSpace(line)
		var port int
		if strings.HasPrefix(line, "s=") {
			ours = line == "s=pasokh"
		} else if _, err := fmt.Sscanf(line, "m=video %d", &port); err == nil && ours {
			ports = append(ports, port)
		}
	}
	return ports
}

const vp8 = ";video_codecs=VP8"

// onHold tells whether a leg of the only call is held.
func (d *demo) onHold() bool {
	return slices.ContainsFunc(d.state().Calls[0].Legs, func(l call.LegView) bool { return l.State == "held" })
}

// TestPhonesSeeEachOther: two baresips decode each other's video from the first
// description on, after hold, and no more once one is connected with a phone that has none.
func TestPhonesSeeEachOther(t *testing.T) {
	d := startDemo(t)
	a, b := startBaresip(d, "A", toneA, vp8), startBaresip(d, "B", toneB, vp8)
	c := newHandset(d, "1003", toneC).register()
	talk(d, a, b, "1002")
	a.sees("the caller", 20)
	b.sees("the callee", 20)
	id := d.state().Calls[0].ID
	if ports := d.describedVideo(id); len(ports) != 2 || ports[0] == 0 || ports[1] == 0 {
		t.Errorf("the box described video on ports %v, want one each to both", ports)
	}

	b.do("hold", "")
	eventually(t, 10*time.Second, "hold", d.onHold)
	a.seesNothing("the held caller")
	b.do("resume", "")
	eventually(t, 10*time.Second, "resume", func() bool { return !d.onHold() })
	a.sees("the caller again", 20)
	b.sees("the callee again", 20)

	b.do("transfer", "sip:1003@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	theirs := c.answers()
	hears(t, "1003", theirs, toneA)
	eventually(t, 10*time.Second, "the end of video", func() bool {
		ports := d.describedVideo(id)
		return ports[len(ports)-1] == 0
	})
	a.seesNothing("the caller, of a phone without video")
	theirs.Hangup()
	a.wait("CALL_CLOSED", 10*time.Second)
}

// TestVideoIsRefused where there is nobody to be seen: port 0, and nothing is lost of
// the sound.
func TestVideoIsRefused(t *testing.T) {
	d := startDemo(t)
	a := startBaresip(d, "A", toneA, vp8)
	b := startBaresip(d, "B", toneB, ";video_codecs=VP9")
	c := newHandset(d, "1003", toneC).register()
	takes := func(*demo) { b.wait("CALL_INCOMING", 10*time.Second); b.do("accept", "") }
	for _, to := range []struct {
		number string
		answer func(*demo)
	}{
		{d.env["EXT_ECHO"], nil}, {d.env["EXT_MUSIC"], nil}, {d.env["EXT_CONFERENCE"], nil}, {d.env["EXT_IVR"], nil},
		{"1011", func(d *demo) {
			d.becomes(15*time.Second, "a ring", func(api.State) bool { return d.simPhone("fxs1").State == "ringing" })
			d.analog("fxs1", "lift", nil)
		}},
		{"1003", func(*demo) { c.answers() }},
		{"1002", takes},
	} {
		t.Run(to.number, func(t *testing.T) { refusesVideo(d.with(t), a, to.number, to.answer) })
	}
	d.configure(func(c *config.Config) { c.Media.VideoKbps = 0 })
	t.Run("switched off", func(t *testing.T) { refusesVideo(d.with(t), a, "1002", takes) })
}

func refusesVideo(d *demo, a *baresip, number string, answer func(*demo)) {
	a.do("dial", "sip:"+number+"@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	if answer != nil {
		answer(d)
	}
	a.wait("CALL_ESTABLISHED", 10*time.Second)
	id := d.state().Calls[0].ID
	eventually(d.t, 10*time.Second, "a second of talk", func() bool {
		calls := d.state().Calls
		return len(calls) == 1 && time.Since(calls[0].Started) > 2*time.Second
	})
	if ports := d.describedVideo(id); len(ports) == 0 || ports[len(ports)-1] != 0 {
		d.t.Errorf("the box described video on ports %v, want it refused", ports)
	}
	if n := a.shown(); n != 0 {
		d.t.Errorf("the phone shows %d pictures", n)
	}
	a.do("hangup", "")
	d.becomes(10*time.Second, "the end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
}
