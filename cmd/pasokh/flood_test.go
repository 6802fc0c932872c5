package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/webui/api"
)

// talkers are calls with sound that must not notice anything.
type talkers struct {
	t     *testing.T
	calls []*phone.Call
	was   []phone.Heard
}

func newTalkers(d *demo, n int) *talkers {
	d.t.Helper()
	h := newHandset(d, "1003", toneA)
	k := &talkers{t: d.t}
	for range n {
		c := h.call(d.env["EXT_ECHO"])
		up(d.t, c)
		k.calls = append(k.calls, c)
	}
	for i, c := range k.calls {
		hears(d.t, fmt.Sprint("talker ", i), c, toneA)
	}
	k.begin()
	return k
}

// begin starts to measure.
func (k *talkers) begin() {
	k.was = nil
	for _, c := range k.calls {
		c.Audio().Forget()
		k.was = append(k.was, c.Audio().Measure(toneA, 0))
	}
}

// check wants all sound since begin to have been the tone, with nothing lost and
// no long pause. The bound of the pause leaves room for a busy machine.
func (k *talkers) check(what string, since time.Time) {
	k.t.Helper()
	seconds := time.Since(since)
	worst, longest := 1.0, time.Duration(0)
	for i, c := range k.calls {
		h := c.Audio().Measure(toneA, seconds-500*time.Millisecond)
		packets, lost := h.Packets-k.was[i].Packets, h.Lost-k.was[i].Lost
		pause := time.Duration(h.Pause * float64(time.Second))
		worst, longest = min(worst, h.Share), max(longest, pause)
		if want := int(seconds / (20 * time.Millisecond)); packets < want*95/100-10 || lost > want/100 || h.Share < 0.9 || pause > 400*time.Millisecond {
			k.t.Errorf("%s, talker %d: %d packets of %d, %d lost, %.3f of the power is the tone, longest pause %v", what, i, packets, want, lost, h.Share, pause)
		}
	}
	k.t.Logf("%s, %d talkers for %.1f s: at least %.3f of the power is the tone, longest pause %v", what, len(k.calls), seconds.Seconds(), worst, longest.Round(time.Millisecond))
}

// flood makes so many calls a second from 1001 with SIPp. Answered ones last 0.3 s.
func (d *demo) flood(calls, rate int) {
	d.t.Helper()
	needTool(d.t, "sipp")
	text, err := os.ReadFile("testdata/flood.xml")
	if err != nil {
		d.t.Fatal(err)
	}
	dir := d.t.TempDir()
	write(d.t, filepath.Join(dir, "flood.xml"), strings.Replace(string(text), "PASSWORD", d.env["PASS_A"], 1))
	cmd := exec.Command("sipp", "-sf", "flood.xml", "-m", fmt.Sprint(calls), "-r", fmt.Sprint(rate), "-l", fmt.Sprint(calls), "-i", "127.0.0.1",
		"-nostdin", "-timeout", "60s", "-trace_err", d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		errs, _ := filepath.Glob(filepath.Join(dir, "*errors.log"))
		for _, name := range errs {
			b, _ := os.ReadFile(name)
			d.t.Logf("%s", b[:min(len(b), 3000)])
		}
		d.t.Errorf("sipp: %v\n%s", err, out[max(0, len(out)-2500):])
	}
}

func (d *demo) told(kind string) (detail string) {
	for _, p := range d.state().Health {
		if p.ID == kind {
			return p.Detail
		}
	}
	return ""
}

// TestAFloodOfCalls lets a phone with a good password make several hundred calls a
// second: what is too much is told to come back, ten calls that run do not notice.
func TestAFloodOfCalls(t *testing.T) {
	d := startDemo(t)
	k := newTalkers(d, 10)
	before := d.uses()
	begun := time.Now()
	d.flood(1500, 300)
	k.check("flood beyond calls a second", begun)
	first := d.state().Protection.Turned
	if first.Shed < 500 || d.told("overload") == "" {
		t.Errorf("turned away %+v, told %q", first, d.told("overload"))
	}
	wantText(t, "status", d.cli("status"), "overload", "calls beyond the limits")
	if log := d.logged(); strings.Count(log, "\n") > 5000 {
		t.Errorf("the log has %d lines", strings.Count(log, "\n"))
	}

	d.configure(func(c *config.Config) { c.SIP.MaxCallsPerSecond, c.System.MaxCalls = 1000, 15 })
	time.Sleep(time.Second) // the rate of messages recovers
	k.begin()
	begun = time.Now()
	d.flood(300, 60)
	k.check("flood beyond calls at once", begun)
	if second := d.state().Protection.Turned; second.Shed <= first.Shed {
		t.Errorf("of the calls beyond system.max_calls none was counted: %+v", second)
	}

	for _, c := range k.calls {
		c.Hangup()
	}
	d.becomes(20*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
	after := d.uses()
	t.Logf("before %v, after %v, %+v", before, after, d.state().Protection.Turned)
	if grown := after.kilobytes - before.kilobytes; grown > 96<<10 {
		t.Errorf("the box has grown by %d KiB", grown)
	}
	d.back(before)
	eventually(t, 60*time.Second, "end of the overload", func() bool { return d.told("overload") == "" })
	up(t, newHandset(d, "1001", toneA).call(d.env["EXT_ECHO"]))
}

// TestAFloodOfStrangers sends thousands of messages a second that prove nothing.
func TestAFloodOfStrangers(t *testing.T) {
	d := startDemo(t)
	k := newTalkers(d, 10)
	before := d.uses()
	begun := time.Now()
	c, err := net.Dial("udp", d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sent := 0
	for since := time.Duration(0); since < 5*time.Second; since = time.Since(begun) {
		time.Sleep(10 * time.Millisecond)
		for sent < int(2000*time.Since(begun).Seconds()) { // whatever else the machine does
			method := []string{"INVITE", "REGISTER", "OPTIONS", "SUBSCRIBE"}[sent%4]
			sent++
			fmt.Fprintf(c, "%[1]s sip:1002@pasokh.local SIP/2.0\r\nVia: SIP/2.0/UDP %[2]s;branch=z9hG4bK%[3]d;rport\r\nMax-Forwards: 70\r\n"+
				"From: <sip:1001@pasokh.local>;tag=%[3]d\r\nTo: <sip:1001@pasokh.local>\r\nCall-ID: flood-%[3]d\r\nCSeq: 1 %[1]s\r\nContact: <sip:1001@%[2]s>\r\nContent-Length: 0\r\n\r\n",
				method, c.LocalAddr(), sent)
		}
	}
	k.check("flood of strangers", begun)
	turned := d.state().Protection.Turned
	after := d.uses()
	t.Logf("%d messages sent, turned away %+v; before %v, after %v", sent, turned, before, after)
	if turned.Flooding < uint64(sent)/4 || d.told("sip-flood") == "" {
		t.Errorf("turned away %+v of %d, told %q", turned, sent, d.told("sip-flood"))
	}
	if grown := after.kilobytes - before.kilobytes; grown > 48<<10 {
		t.Errorf("the box has grown by %d KiB", grown)
	}
	d.back(before)
}
