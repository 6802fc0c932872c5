package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/record"
	"github.com/pasokh/pasokh/webui/api"
)

// recordAll lets the box record every talk of 1002, without telling.
func recordAll(how config.Record) func(*config.Config) {
	return func(c *config.Config) {
		c.Recording.Announce = false
		for i := range c.Extensions {
			if c.Extensions[i].Number == "1002" {
				c.Extensions[i].Record = how
			}
		}
	}
}

func (d *demo) recordings() []record.Entry {
	d.t.Helper()
	var list api.Recordings
	d.call("GET", "/api/recordings", nil, &list)
	return list.Recordings
}

// recorded waits for the only recording to be closed, and is it and its file.
func (d *demo) recorded() (e record.Entry, file string) {
	d.t.Helper()
	eventually(d.t, 5*time.Second, "recording", func() bool {
		list := d.recordings()
		if len(list) != 1 || list[0].State == record.Going {
			return false
		}
		e = list[0]
		return true
	})
	return e, d.soundFile(e.ID)
}

func (d *demo) soundFile(id string) string {
	return filepath.Join(d.dir, "recordings", id[:4], id[4:6], id[6:8], id+".wav")
}

// soxLoud is how loud a channel (1 or 2) is at a tone between two moments, as sox
// hears it: root mean square of full scale 1.
func soxLoud(t *testing.T, file string, channel, hz int, trim ...string) float64 {
	t.Helper()
	needTool(t, "sox")
	args := append([]string{file, "-n", "remix", fmt.Sprint(channel), "bandpass", fmt.Sprint(hz), "60h"}, trim...)
	out, err := exec.Command("sox", append(args, "stat")...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "WARN") {
		t.Fatalf("sox %v: %v\n%s", args, err, out)
	}
	for line := range strings.Lines(string(out)) {
		if rest, ok := strings.CutPrefix(line, "RMS     amplitude:"); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("sox says %s", out)
	return 0
}

// wantChannel checks that of the tones of all phones a channel has one and no other.
func wantChannel(t *testing.T, file string, channel, want int, trim ...string) {
	t.Helper()
	for _, hz := range []int{1000, 1400, 1800} {
		got := soxLoud(t, file, channel, hz, trim...)
		if hz == want && got < 0.08 || hz != want && got > 0.02 {
			t.Errorf("channel %d has %.4f at %d Hz; %d Hz is wanted", channel, got, hz, want)
		}
	}
}

// talking is a call of 1001, who sends 1000 Hz, to 1002, who sends 1400 Hz.
func talking(d *demo) (caller, called *phone.Call, a, b *handset) {
	d.t.Helper()
	a, b = newHandset(d, "1001", 1000).register(), newHandset(d, "1002", 1400).register()
	caller = a.call("1002")
	called = b.answers()
	up(d.t, caller)
	return caller, called, a, b
}

// TestARecordingHasEachPartyOnItsChannel: sox hears the caller left and the other right,
// through hold and a transfer, and in a file that only the box reads.
func TestARecordingHasEachPartyOnItsChannel(t *testing.T) {
	d := startDemo(t)
	d.configure(recordAll(config.RecordAlways))
	c := newHandset(d, "1003", 1800).register()
	caller, called, _, _ := talking(d)
	time.Sleep(3 * time.Second)
	if err := called.Hold(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	if err := called.Hold(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	moved := make(chan error, 1)
	go func() { _, err := called.Transfer(t.Context(), "1003"); moved <- err }()
	third := c.ringing()
	time.Sleep(time.Second)
	if err := third.Answer(); err != nil {
		t.Fatal(err)
	}
	if err := <-moved; err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Second)
	caller.Hangup()
	e, file := d.recorded()
	if e.Length < 9000 || e.Length > 12000 || len(e.With) != 2 || e.With[0] != "1002" || e.With[1] != "1003" || len(e.Gaps) != 1 || e.Gaps[0].Lasts < 900 {
		t.Errorf("%+v", e)
	}
	wantChannel(t, file, 1, 1000, "trim", "0.5", "2")
	wantChannel(t, file, 2, 1400, "trim", "0.5", "2")
	if held := soxLoud(t, file, 2, 1400, "trim", "3.7", "1"); held > 0.02 {
		t.Errorf("on hold the caller is recorded to hear %.3f of the other", held)
	}
	wantChannel(t, file, 1, 1000, "trim", "-2.5", "2")
	wantChannel(t, file, 2, 1800, "trim", "-2.5", "2")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	story := d.cli("calls", "show", string(e.Call))
	if !strings.Contains(story, "The talk is being recorded") || !strings.Contains(story, "was kept") {
		t.Errorf("the story does not tell of it:\n%s", story)
	}
	d.cli("recordings", "delete", e.ID)
	if list := d.recordings(); list[0].State != record.Deleted || list[0].Deleted.By == "" {
		t.Errorf("%+v", list)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file is still there")
	}
}

// TestWhoMadeTheCallTransfers: the parties keep their channels when the caller, whose
// leg was tapped, goes.
func TestWhoMadeTheCallTransfers(t *testing.T) {
	d := startDemo(t)
	d.configure(recordAll(config.RecordAlways))
	c := newHandset(d, "1003", 1800).register()
	caller, called, _, _ := talking(d)
	time.Sleep(3 * time.Second)
	go caller.Transfer(t.Context(), "1003")
	c.answers()
	time.Sleep(3 * time.Second)
	called.Hangup()
	_, file := d.recorded()
	wantChannel(t, file, 1, 1000, "trim", "0.5", "2")
	wantChannel(t, file, 2, 1400, "trim", "0.5", "2")
	wantChannel(t, file, 1, 1800, "trim", "-2", "1.5")
	wantChannel(t, file, 2, 1400, "trim", "-2", "1.5")
}

// TestKeysRecordAndLeaveSecretsOut: the agent begins a recording and pauses it by keys
// while the other says card data (1000 Hz); neither the sound nor his keys are kept.
func TestKeysRecordAndLeaveSecretsOut(t *testing.T) {
	d := startDemo(t)
	d.configure(recordAll(config.RecordOnDemand))
	caller, called, _, _ := talking(d)
	time.Sleep(time.Second)
	if len(d.recordings()) != 0 {
		t.Fatal("recorded without being asked")
	}
	state := func(want string) {
		t.Helper()
		eventually(t, 5*time.Second, "recording "+want, func() bool {
			s := d.state()
			return len(s.Calls) == 1 && s.Calls[0].Recording == want
		})
	}
	called.Audio().Press("*1")
	state("on")
	time.Sleep(2 * time.Second)
	called.Audio().Press("*2")
	state("paused")
	caller.Audio().Press("4711")
	time.Sleep(3 * time.Second)
	id := string(d.state().Calls[0].ID)
	d.call("POST", "/api/calls/"+id+"/recording", api.RecordCall{Do: "resume"}, nil)
	state("on")
	time.Sleep(time.Second)
	d.call("POST", "/api/calls/"+id+"/recording", api.RecordCall{Do: "stop"}, nil)
	state("off")
	e, file := d.recorded()
	if e.Length < 3000 || e.Length > 5500 || len(e.Gaps) != 1 || e.Gaps[0].Lasts < 3000 {
		t.Errorf("%+v", e)
	}
	wantChannel(t, file, 1, 1000)
	story := d.cli("calls", "show", id)
	if strings.Contains(story, "4711") || !strings.Contains(story, "paused the recording") || !strings.Contains(story, "stopped the recording") {
		t.Errorf("the story:\n%s", story)
	}
}

// TestAKilledBoxLeavesAPlayableRecording: sox and Chromium play what is on the disk
// after kill -9, and the next start knows of it.
func TestAKilledBoxLeavesAPlayableRecording(t *testing.T) {
	d := startDemo(t)
	d.configure(recordAll(config.RecordAlways))
	_, _, a, b := talking(d)
	time.Sleep(5 * time.Second)
	list := d.recordings()
	if len(list) != 1 {
		t.Fatalf("%+v", list)
	}
	d.cmd.Process.Signal(syscall.SIGKILL)
	d.cmd.Wait()
	file := d.soundFile(list[0].ID)
	needTool(t, "sox")
	out, err := exec.Command("soxi", "-D", file).CombinedOutput()
	if seconds, e := strconv.ParseFloat(strings.TrimSpace(string(out)), 64); err != nil || e != nil || seconds < 3 || seconds > 6 {
		t.Errorf("sox says %s (%v)", out, err)
	}
	wantChannel(t, file, 1, 1000, "trim", "0.5", "2")
	wantChannel(t, file, 2, 1400, "trim", "0.5", "2")
	a.unplug()
	b.unplug()
	os.Remove(demoEnv(d.dir)) // the killed box's
	d.start()
	e, _ := d.recorded()
	if e.State != record.Kept || e.Why == "" || e.Length < 3000 {
		t.Errorf("%+v", e)
	}
	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	p.do(map[string]any{"do": "wait", "testid": "recording", "state": "kept"})
	p.do(map[string]any{"do": "click", "testid": "recording-play"})
	p.do(map[string]any{"do": "wait", "testid": "recording-sound"})
	played := p.do(map[string]any{"do": "eval", "script": `(async () => {
		const a = document.querySelector('[data-testid=recording-sound]');
		await a.play();
		await new Promise((ok) => a.addEventListener('timeupdate', () => a.currentTime > 0.5 && ok()));
		return a.duration;
	})()`})
	if text := fmt.Sprint(played); !strings.Contains(text, ":") {
		t.Errorf("Chromium says %s", text)
	}
	t.Logf("Chromium played it: %v", played)
	if e := d.recordings()[0]; len(e.Heard) != 1 || e.Heard[0].By != d.env["ADMIN_USER"] {
		t.Errorf("heard by %+v", e.Heard)
	}
}

// TestAConferenceIsRecordedWhole: one channel with everybody.
func TestAConferenceIsRecordedWhole(t *testing.T) {
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		c.Recording.Announce = false
		for i := range c.Conferences {
			c.Conferences[i].Record = config.RecordAlways
		}
	})
	one := newHandset(d, "1001", 1000).register().call("800")
	up(t, one)
	other := newHandset(d, "1002", 1400).register().call("800")
	up(t, other)
	time.Sleep(4 * time.Second)
	one.Hangup()
	other.Hangup()
	e, file := d.recorded()
	if e.Length < 3000 || e.To != "800" {
		t.Errorf("%+v", e)
	}
	for _, hz := range []int{1000, 1400} {
		if got := soxLoud(t, file, 1, hz, "trim", "1.5", "2"); got < 0.08 {
			t.Errorf("%.3f at %d Hz", got, hz)
		}
	}
}

// TestAConferenceIsRecordedOnDemand: a member begins and pauses it by keys, the page
// goes on and stops. What is said in the pause is not in it, and the stories of all who
// were there tell of it and play it.
func TestAConferenceIsRecordedOnDemand(t *testing.T) {
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		c.Recording.Announce = true
		c.Conferences[0].Record = config.RecordOnDemand
	})
	one := newHandset(d, "1001", 1000).register().call("800")
	up(t, one)
	two := newHandset(d, "1002", 1400).register()
	other := two.call("800")
	up(t, other)
	state := func(want string) {
		t.Helper()
		d.becomes(10*time.Second, "recording "+want, func(s api.State) bool {
			return len(s.Conferences) == 1 && s.Conferences[0].Recording == want
		})
	}
	state("off")
	time.Sleep(time.Second)
	if len(d.recordings()) != 0 {
		t.Fatal("recorded without being asked")
	}
	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	shows := func(want string) {
		t.Helper()
		p.do(map[string]any{"do": "wait", "testid": "recording-800", "state": want, "timeout": 10000})
	}
	shows("off")
	one.Audio().Press("*1")
	state("on")
	shows("on")
	time.Sleep(4 * time.Second)
	other.Audio().Press("*2")
	state("paused")
	shows("paused")
	other.Audio().Press("4711")
	third := newHandset(d, "1003", 1800).register().call("800")
	up(t, third)
	time.Sleep(2 * time.Second)
	third.Hangup()
	d.becomes(5*time.Second, "third gone", func(s api.State) bool { return len(s.Conferences[0].Members) == 2 })
	time.Sleep(500 * time.Millisecond)
	p.do(map[string]any{"do": "click", "testid": "record-pause"})
	state("on")
	time.Sleep(3 * time.Second)
	p.do(map[string]any{"do": "click", "testid": "record-stop"})
	state("off")
	p.do(map[string]any{"do": "quit"})
	e, file := d.recorded()
	if e.Length < 6000 || e.Length > 9500 || e.To != "800" || len(e.Gaps) != 1 || e.Gaps[0].Lasts < 2000 || len(e.With) != 3 {
		t.Errorf("%+v", e)
	}
	for _, part := range []string{"2.5", "-2"} {
		for hz, has := range map[int]bool{1000: true, 1400: true, 1800: false} {
			got := soxLoud(t, file, 1, hz, "trim", part, "1.5")
			if has && got < 0.08 || !has && got > 0.02 {
				t.Errorf("from %s: %.3f at %d Hz", part, got, hz)
			}
		}
	}
	if r := said(one.Audio().Heard(), units()["fa/recorded"]); r < 0.6 { // the other talks over it
		t.Errorf("who began it heard the notice with a correlation of %.2f", r)
	}
	other.Hangup()
	one.Hangup()
	for _, number := range []string{"1001", "1002"} {
		r := d.record(number, "800")
		story := d.cli("calls", "show", string(r.Call))
		for _, want := range []string{"began to record", "paused the recording", "let the recording go on", "stopped the recording"} {
			if !strings.Contains(story, want) {
				t.Errorf("%s: the story has no %q:\n%s", number, want, story)
			}
		}
		if strings.Contains(story, "4711") || strings.Contains(story, "4, 7, 1, 1") || strings.Contains(story, "pressed 4") {
			t.Errorf("%s: the story has what was keyed in the pause:\n%s", number, story)
		}
		var told api.Story
		d.call("GET", "/api/calls/"+string(r.Call), nil, &told)
		if len(told.Recordings) != 1 || told.Recordings[0].ID != e.ID {
			t.Errorf("%s: the story's recordings are %+v", number, told.Recordings)
		}
	}
}

// TestAFullDiskStopsRecordingAndNotTheCall: with less room on the disk than must be
// left, an alarm is on and the parties talk.
func TestAFullDiskStopsRecordingAndNotTheCall(t *testing.T) {
	d := startDemo(t)
	d.configure(recordAll(config.RecordAlways))
	caller, called, _, _ := talking(d)
	time.Sleep(2 * time.Second)
	d.configure(func(c *config.Config) { c.Recording.MinFree = 1_000_000 })
	ill := func() bool {
		for _, p := range d.state().Health {
			if p.ID == "recording-stopped" {
				return true
			}
		}
		return false
	}
	eventually(t, 5*time.Second, "alarm", ill)
	if e, _ := d.recorded(); e.State != record.Kept || e.Why == "" || e.Length < 1500 {
		t.Errorf("%+v", e)
	}
	time.Sleep(time.Second)
	if h := caller.Audio().Measure(1400, 500*time.Millisecond); h.Share < 0.8 {
		t.Errorf("the caller hears %+v", h)
	}
	called.Hangup()
	d.configure(func(c *config.Config) { c.Recording.MinFree = 1 })
}
