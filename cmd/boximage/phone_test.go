package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/need"
)

// baresip's own addresses, and what it sends.
const (
	phoneSIP  = here + ":5070"
	phoneCtrl = here + ":4444"
	toneHz    = 1000
)

// phone is a baresip at the other end of a board's wire.
type phone struct {
	t   *testing.T
	b   *box
	dir string
}

// newPhone starts a phone that registers as an extension.
func (b *box) newPhone(t *testing.T, extension, secret string) phone {
	t.Helper()
	need.Program(t, "baresip")
	p := phone{t, b, t.TempDir()}
	for name, text := range map[string]string{
		"config": fmt.Sprintf(`sip_listen %s
module_path /usr/lib/baresip/modules
module g711.so
module ausine.so
module aubridge.so
module sndfile.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen %s
audio_source ausine,%d
audio_player aubridge,none
audio_alert aubridge,none
ausrc_srate 48000
auplay_srate 8000
ausrc_channels 2
auplay_channels 1
audio_buffer 20-160
snd_path %s
`, phoneSIP, phoneCtrl, toneHz, p.dir),
		"accounts": fmt.Sprintf("<sip:%s@%s>;auth_pass=%s;regint=60;audio_codecs=pcma;ptime=20\n", extension, there, secret),
		"contacts": "",
	} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.Create(filepath.Join(p.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command("baresip", "-f", p.dir)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	b.in(func() { err = cmd.Start() })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("baresip:\n%s", text)
		}
	})
	return p
}

// do gives the phone a command (its ctrl_tcp module: JSON in netstrings) and waits until
// it has taken it.
func (p phone) do(command, params string) {
	p.t.Helper()
	ctx, done := context.WithTimeout(p.t.Context(), 10*time.Second)
	defer done()
	var c net.Conn
	p.b.eventually(10*time.Second, "the phone's ear for commands", func() bool {
		var err error
		c, err = p.b.dial(ctx, "tcp", phoneCtrl)
		return err == nil
	})
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	text, err := json.Marshal(map[string]string{"command": command, "params": params})
	if err != nil {
		p.t.Fatal(err)
	}
	fmt.Fprintf(c, "%d:%s,", len(text), text)
	answer := make([]byte, 0, 4096) // among what it tells of its call
	for !strings.Contains(string(answer), `"response":true`) {
		n, err := c.Read(answer[len(answer):cap(answer)])
		if err != nil {
			p.t.Fatalf("%s: %q, %v", command, answer, err)
		}
		answer = answer[:len(answer)+n]
	}
	if !strings.Contains(string(answer), `"ok":true`) {
		p.t.Fatalf("%s: %s", command, answer)
	}
}

// heard is what it has heard in its call, as samples at 8 kHz.
func (p phone) heard() (samples []float64) {
	p.t.Helper()
	list, err := filepath.Glob(filepath.Join(p.dir, "dump-*-dec.wav"))
	if err != nil || len(list) != 1 {
		p.t.Fatalf("%d recordings of the phone, %v", len(list), err)
	}
	text, err := os.ReadFile(list[0])
	if err != nil {
		p.t.Fatal(err)
	}
	const header = 44
	for i := header; i+1 < len(text); i += 2 {
		samples = append(samples, float64(int16(binary.LittleEndian.Uint16(text[i:]))))
	}
	return samples
}

// toneShare is how much of a sound's power is in a tone, 0 to 1.
func toneShare(samples []float64, hz float64) float64 {
	var re, im, all float64
	for i, s := range samples {
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / 8000)
		re, im, all = re+s*cos, im+s*sin, all+s*s
	}
	if all == 0 {
		return 0
	}
	return 2 * (re*re + im*im) / (float64(len(samples)) * all)
}

// TestToneShare: what measures the call tells a tone from another and from silence.
func TestToneShare(t *testing.T) {
	tone := make([]float64, 8000)
	if share := toneShare(tone, toneHz); share != 0 {
		t.Errorf("silence: %v", share)
	}
	for i := range tone {
		tone[i] = 1000 * math.Sin(2*math.Pi*toneHz*float64(i)/8000)
	}
	if share := toneShare(tone, toneHz); share < 0.99 {
		t.Errorf("the tone: %v", share)
	}
	if share := toneShare(tone, 1200); share > 0.01 {
		t.Errorf("another tone: %v", share)
	}
}
