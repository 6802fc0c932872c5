package sip

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/need"
)

// baresip starts a real phone that answers every call and sends a tone.
func (r *rig) baresip(user string, hz int) {
	r.t.Helper()
	r.runBaresip(hz, "127.0.0.1:0", fmt.Sprintf("<sip:%s@%s>;auth_pass=%s;answermode=auto;regint=60", user, r.Addr("UDP"), "secret-of-sipp"))
	eventually(r.t, "baresip registers", func() bool { return len(r.Endpoints(user)) == 1 })
}

// runBaresip starts it with an account and arguments; it listens on an address. The
// function that it returns gives what it has said.
func (r *rig) runBaresip(hz int, listen, account string, args ...string) (said func() string) {
	t := r.t
	t.Helper()
	bin, dir := need.Program(t, "baresip"), t.TempDir()
	files := map[string]string{
		"config": fmt.Sprintf("sip_listen %s\nmodule_path /usr/lib/baresip/modules\nmodule g711.so\nmodule aufile.so\n"+
			"module aubridge.so\nmodule_app account.so\nmodule_app menu.so\naudio_source aufile,%s\naudio_player aubridge,none\n"+
			"audio_alert aubridge,none\nausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\nauplay_channels 1\n", listen, filepath.Join(dir, "tone.wav")),
		"tone.wav": string(toneWAV(hz)),
		"accounts": account + ";audio_codecs=pcma,pcmu;ptime=20\n",
		"contacts": "",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(bin, append([]string{"-f", dir}, args...)...)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("%s", text)
		}
	})
	return func() string { b, _ := os.ReadFile(log.Name()); return string(b) }
}

// toneWAV is half a minute of a tone, 8000 samples per second.
func toneWAV(hz int) []byte {
	const samples = 30 * 8000
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), 36+2*samples)
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(le.AppendUint16(b, 1), 1) // PCM, mono
	b = le.AppendUint32(le.AppendUint32(b, 8000), 16000)
	b = le.AppendUint16(le.AppendUint16(b, 2), 16)
	b = le.AppendUint32(append(b, "data"...), 2*samples)
	for i := range samples {
		b = le.AppendUint16(b, uint16(int16(8000*math.Sin(2*math.Pi*float64(hz*i)/8000))))
	}
	return b
}

func TestBaresip(t *testing.T) {
	r := newRig(t).withSIPpSecret()
	r.baresip("1001", 440)
	bob, _ := r.registered("1002", nil, toned(1000))
	c := r.call(bob, "1001")
	within(t, "answer", c.Up())
	hears(t, "caller", c, 440)
	for _, on := range []bool{true, false} {
		if err := c.Hold(t.Context(), on); err != nil {
			t.Fatal(err)
		}
	}
	hears(t, "caller", c, 440)
	if p := r.Phones(); p[0].Extension != "1001" || p[0].Agent == "" {
		t.Errorf("board shows %+v", p)
	}
	c.Hangup()
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

// TestBaresipShowsWhoATrunkSaysCalls, in the words of the network.
func TestBaresipShowsWhoATrunkSaysCalls(t *testing.T) {
	r := newRig(t)
	r.change(func(c *config.Config) {
		c.Trunks = []config.Trunk{{Name: "gateway", Transport: config.UDP, Sources: []string{"127.0.0.4"}, Destination: "1001"}}
		for i := range c.Extensions {
			c.Extensions[i].Secret = "secret-of-sipp"
		}
	})
	eventually(t, "the trunk is known", func() bool { return len(r.Trunks()) == 1 })
	log := r.runBaresip(440, "127.0.0.1:0", fmt.Sprintf("<sip:1001@%s>;auth_pass=secret-of-sipp;regint=60", r.Addr("UDP")))
	eventually(t, "baresip registers", func() bool { return len(r.Endpoints("1001")) == 1 })
	peer, _ := r.phone("02188", nil, at("127.0.0.4"))
	for asserted, shown := range map[string]string{
		`"شرکت \"نمونه\" <۱>" <sip:0912@telco>`: `شرکت \"نمونه\" <۱>`,
		`سارا <tel:0935>`:                       "سارا",
	} {
		c, err := peer.Call("021", sip.NewHeader("P-Asserted-Identity", asserted))
		if err != nil {
			t.Fatal(err)
		}
		within(t, "ringing", c.Rang())
		eventually(t, "baresip shows "+shown, func() bool { return strings.Contains(log(), shown) })
		c.Hangup()
		within(t, "end", c.Done())
	}
}

// TestBaresipCallsByItsName from a trunk.
func TestBaresipCallsByItsName(t *testing.T) {
	r := newRig(t)
	r.change(func(c *config.Config) {
		c.Trunks = []config.Trunk{{Name: "gateway", Transport: config.UDP, Sources: []string{"127.0.0.4"}, Destination: "1002"}}
	})
	eventually(t, "the trunk is known", func() bool { return len(r.Trunks()) == 1 })
	rings := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { answer(c); rings <- c })
	r.runBaresip(440, "127.0.0.4:0", `"علی رضایی" <sip:0912@`+r.Addr("UDP").String()+">;regint=0",
		"-e", "/dial sip:021@"+r.Addr("UDP").String())
	select {
	case c := <-rings:
		if c.From != "0912" || c.Name != "علی رضایی" {
			t.Errorf("the phone shows %q <%s>", c.Name, c.From)
		}
		c.Hangup()
	case <-time.After(waitTime):
		t.Fatal("the phone does not ring")
	}
}
