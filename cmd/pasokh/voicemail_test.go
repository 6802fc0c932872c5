package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/voicemail"
	"github.com/pasokh/pasokh/webui/api"
)

// mailbox gives 1002 a mailbox, and its callers no patience.
func mailbox(c *config.Config) {
	for i := range c.Extensions {
		if c.Extensions[i].Number == "1002" {
			c.Extensions[i].RingFor = config.Duration(5 * time.Second)
			c.Extensions[i].Voicemail = config.Mailbox{Enabled: true}
		}
	}
}

func (d *demo) messages() []voicemail.Message {
	d.t.Helper()
	var v api.Voicemail
	d.call("GET", "/api/voicemail", nil, &v)
	return v.Messages
}

// speaks waits until a call is being recorded, and says its tone for a time.
func (d *demo) speaks(box string, lasts time.Duration) {
	d.t.Helper()
	eventually(d.t, 30*time.Second, "beep", func() bool {
		list, _ := filepath.Glob(filepath.Join(d.dir, "voicemail", box, "*.wav"))
		for _, name := range list {
			if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) < time.Second {
				return true
			}
		}
		return false
	})
	time.Sleep(lasts)
}

// waits watches the lamp of a phone's mailbox with SIPp, and returns the NOTIFYs so far.
func waits(t *testing.T, d *demo, user string) (notified func() string) {
	t.Helper()
	needTool(t, "sipp")
	text, err := os.ReadFile(filepath.Join("testdata", "mwi.xml"))
	if err != nil {
		t.Fatal(err)
	}
	secret := ""
	for _, letter := range []string{"A", "B", "C"} {
		if d.env["USER_"+letter] == user {
			secret = d.env["PASS_"+letter]
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "mwi.xml"), strings.NewReplacer("[domain]", d.env["SIP_DOMAIN"], "[secret]", secret, "[user]", user).Replace(string(text)))
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	sipp := exec.CommandContext(ctx, "sipp", "-sf", "mwi.xml", "-m", "1", "-i", "127.0.0.1", "-nostdin", "-trace_msg", "-message_file", "messages",
		d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	sipp.Dir = dir
	if err := sipp.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = sipp.Wait() })
	return func() string {
		trace, _ := os.ReadFile(filepath.Join(dir, "messages"))
		var said []string
		for line := range bytes.Lines(trace) {
			if rest, ok := strings.CutPrefix(string(bytes.TrimSpace(line)), "Voice-Message: "); ok {
				said = append(said, rest)
			}
		}
		return strings.Join(said, ", ")
	}
}

// TestVoicemail: 1001 leaves a tone for 1002, who does not answer; the lamp of 1002 is
// lit; 1002 hears the tone by *97 and deletes it; the page and the command know of it.
func TestVoicemail(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(mailbox)
	notified := waits(t, d, "1002")
	a, b := newHandset(d, "1001", 1000), newHandset(d, "1002", 0).register()
	ours := a.call("1002")
	ring := b.ringing()
	up(t, ours) // the mailbox, after 5 s of ringing
	ends(t, ring, 5*time.Second, 487)
	d.speaks("1002", 4*time.Second)
	ours.Audio().Press("#")
	time.Sleep(time.Second)
	ours.Hangup()
	var m voicemail.Message
	eventually(t, 5*time.Second, "message", func() bool {
		list := d.messages()
		if len(list) == 1 {
			m = list[0]
		}
		return len(list) == 1
	})
	if m.Box != "1002" || m.From.Number != "1001" || m.Heard || m.Length < 3000 || m.Length > 7000 {
		t.Errorf("%+v", m)
	}
	file := filepath.Join(t.TempDir(), "message.wav")
	d.cli("voicemail", "save", "1002", m.ID, file)
	if got := soxLoud(t, file, 1, 1000, "trim", "1", "1.5"); got < 0.08 {
		t.Errorf("sox hears %.3f of the tone", got)
	}
	if story := d.cli("calls", "show", string(m.Call)); !strings.Contains(story, "left a message") {
		t.Errorf("the story:\n%s", story)
	}
	eventually(t, 5*time.Second, "lamp", func() bool { return strings.HasSuffix(notified(), "1/0 (0/0)") })

	d.stop() // counts outlive a restart
	d.start()
	own := b.call("*97")
	up(t, own)
	hearsIn(t, own, 1000)
	own.Audio().Press("3")
	time.Sleep(500 * time.Millisecond)
	if d.messages()[0].Heard != true {
		t.Error("not heard")
	}
	own.Hangup()
	eventually(t, 5*time.Second, "deletion", func() bool { return len(d.messages()) == 0 })
	t.Logf("the lamp: %s", notified())
}

// hearsIn waits until half a second of what is said is mostly a tone.
func hearsIn(t *testing.T, c *phone.Call, hz int) {
	t.Helper()
	eventually(t, 30*time.Second, fmt.Sprintf("%d Hz", hz), func() bool {
		h := c.Audio().Measure(hz, 500*time.Millisecond)
		return h.Seconds >= 0.5 && h.Share > 0.95
	})
}

// TestAKilledBoxLeavesTheMessage: kill -9 while somebody speaks.
func TestAKilledBoxLeavesTheMessage(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(mailbox)
	a := newHandset(d, "1001", 1000)
	up(t, a.call("*1002"))
	d.speaks("1002", 4*time.Second)
	_ = d.cmd.Process.Signal(syscall.SIGKILL)
	_ = d.cmd.Wait()
	files, err := filepath.Glob(filepath.Join(d.dir, "voicemail", "1002", "*.wav"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	if got := soxLoud(t, files[0], 1, 1000, "trim", "0.5", "1.5"); got < 0.08 {
		t.Errorf("sox hears %.3f of the tone", got)
	}
	a.unplug()
	os.Remove(demoEnv(d.dir)) // the killed box's
	d.start()
	list := d.messages()
	if len(list) != 1 || list[0].Length < 2500 || list[0].Heard {
		t.Fatalf("%+v", list)
	}
	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	for _, lang := range []string{"fa", "en"} {
		p.do(map[string]any{"do": "lang", "lang": lang})
		p.do(map[string]any{"do": "wait", "testid": "message"})
		if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
			p.do(map[string]any{"do": "screenshot", "path": filepath.Join(dir, "voicemail-"+lang+".png"), "full": true})
		}
	}
	p.do(map[string]any{"do": "click", "testid": "message-play"})
	played := p.do(map[string]any{"do": "eval", "script": `(async () => {
		const a = document.querySelector('[data-testid=message-sound]');
		await a.play();
		await new Promise((ok) => a.addEventListener('timeupdate', () => a.currentTime > 0.5 && ok()));
		return a.duration;
	})()`})
	t.Logf("Chromium played it: %v", played)
	p.do(map[string]any{"do": "click", "testid": "message-mark"})
	eventually(t, 5*time.Second, "mark", func() bool { return d.messages()[0].Heard })
	p.do(map[string]any{"do": "click", "testid": "message-delete"})
	p.do(map[string]any{"do": "click", "testid": "message-delete"})
	eventually(t, 5*time.Second, "deletion", func() bool { return len(d.messages()) == 0 })
}

// TestAnalogPhoneIsToldOfAMessage: its dial tone begins with short marks while 1011 has a
// message that nobody has heard, and is steady before and after.
func TestAnalogPhoneIsToldOfAMessage(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		e, _ := c.Extension("1011") // the workshop, on fxs1
		e.Voicemail.Enabled = true
	})
	// steady is how much of the dial tone's first second and a half sounds: marks are half
	// of it. A machine with other work loses single frames.
	steady := func() float64 {
		d.analog("fxs1", "lift", nil)
		defer d.line("fxs1", "idle")
		defer d.analog("fxs1", "hang", nil)
		eventually(t, 10*time.Second, "dial tone", func() bool { return d.simPhone("fxs1").Heard > 2000 })
		const first, frame = 12000, 160 // samples
		pcm, sounds := d.heard("fxs1"), 0
		for i := 0; i < first; i += frame {
			if goertzelShare(pcm[i:i+frame], 425) > 0.8 {
				sounds += frame
			}
		}
		return float64(sounds) / first
	}
	if part := steady(); part < 0.75 {
		t.Errorf("without a message %.2f of the dial tone sounds", part)
	}
	leave := newHandset(d, "1001", 1000).call("*1011")
	up(t, leave)
	d.speaks("1011", 3*time.Second)
	leave.Hangup()
	eventually(t, 5*time.Second, "message", func() bool { return len(d.messages()) == 1 })
	if part := steady(); part > 0.65 {
		t.Errorf("with a message %.2f of the dial tone sounds", part)
	}
	d.cli("voicemail", "delete", "1011", d.messages()[0].ID)
	if part := steady(); part < 0.75 {
		t.Errorf("after its end %.2f of the dial tone sounds", part)
	}
}
