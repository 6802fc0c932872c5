package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/sip"
)

// baresip is a real SIP phone, driven over its control socket. It sends a sine
// and records what it hears.
type baresip struct {
	t      *testing.T
	dir    string
	ctrl   net.Conn
	events chan baresipEvent
	cmd    *exec.Cmd
}

type baresipEvent struct {
	Type  string `json:"type"`
	Peer  string `json:"peeruri"`
	Name  string `json:"peerdisplayname"`
	Param string `json:"param"`
	OK    *bool  `json:"ok"`
	Data  string `json:"data"`
}

// startBaresip registers a user of demo.env (A, B or C) and waits until the box
// knows the phone, which sends a sine of toneHz. account are further parameters of
// its account.
func startBaresip(d *demo, user string, toneHz int, account ...string) *baresip {
	d.t.Helper()
	return startBaresipWith(d, user, toneHz, 8000, "pcma,pcmu", account...)
}

// startBaresipWith is startBaresip with a microphone of rate samples a second and
// other codecs.
func startBaresipWith(d *demo, user string, toneHz, rate int, codecs string, account ...string) *baresip {
	t, env := d.t, d.env
	t.Helper()
	needTool(t, "baresip")
	dir := t.TempDir()
	ctrl := freePorts(t, 3) // then SIP, and SIP over TLS, which it always has above it
	conf := fmt.Sprintf(`sip_listen 127.0.0.1:%d
call_local_timeout 120
call_max_calls 4
module_path /usr/lib/baresip/modules
module g711.so
module g722.so
module opus.so
module gsm.so
module aufile.so
module aubridge.so
module sndfile.so
module srtp.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:%d
audio_source aufile,%s
audio_player aubridge,none
audio_alert aubridge,none
ausrc_srate %d
auplay_srate %d
ausrc_channels 1
auplay_channels 1
audio_buffer 20-160
snd_path %s
rtp_timeout 60
rtp_ports 10000-11998
`, ctrl+1, ctrl, sineFile(t, toneHz, rate), rate, rate, dir)
	if strings.Contains(strings.Join(account, ""), "video_codecs") { // else it would offer video in every call
		conf += "module vp8.so\nmodule vp9.so\nmodule fakevideo.so\nvideo_source fakevideo,nil\nvideo_display fakevideo,nil\nvideo_size 320x240\nvideo_fps 15\nvideo_bitrate 256000\n"
	}
	params := fmt.Sprintf("<sip:%s@%s:%s>;auth_pass=%s;regint=60;audio_codecs=%s;ptime=20%s\n",
		env["USER_"+user], env["SIP_HOST"], env["SIP_PORT"], env["PASS_"+user], codecs, strings.Join(account, ""))
	write(t, filepath.Join(dir, "config"), conf)
	write(t, filepath.Join(dir, "accounts"), params)
	write(t, filepath.Join(dir, "contacts"), "")

	b := &baresip{t: t, dir: dir, events: make(chan baresipEvent, 1000)}
	b.cmd = exec.Command("baresip", "-f", dir)
	b.cmd.Dir = dir // sndfile records here
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	b.cmd.Stdout, b.cmd.Stderr = log, log
	if err := b.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.cmd.Process.Kill()
		b.cmd.Wait()
		log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("baresip %s:\n%s", user, text)
		}
	})
	eventually(t, 10*time.Second, "baresip's control socket", func() bool {
		b.ctrl, err = net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(ctrl))
		return err == nil
	})
	t.Cleanup(func() { b.ctrl.Close() })
	go b.read()
	eventually(t, 10*time.Second, "registration of "+user, func() bool {
		return slices.ContainsFunc(d.state().Phones, func(p sip.Phone) bool { return p.Extension == env["USER_"+user] })
	})
	return b
}

// sineFile is two minutes of a sine at -10 dBFS, 20 s at 48 kHz, as a WAV file.
func sineFile(t *testing.T, hz, rate int) string {
	t.Helper()
	samples := 120 * 8000 // shorter at a higher rate
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(2*rate))
	b = append(b, 2, 0, 16, 0)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(2*samples))
	for i := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(10000*math.Sin(2*math.Pi*float64(hz)*float64(i)/float64(rate)))))
	}
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	name := filepath.Join(t.TempDir(), "sine.wav")
	write(t, name, string(b))
	return name
}

// read takes netstrings of JSON off the control socket.
func (b *baresip) read() {
	r := bufio.NewReader(b.ctrl)
	for {
		size, err := r.ReadString(':')
		if err != nil {
			close(b.events)
			return
		}
		n, err := strconv.Atoi(strings.TrimSuffix(size, ":"))
		if err != nil || n > 1<<20 {
			close(b.events)
			return
		}
		text := make([]byte, n+1) // the comma too
		if _, err := io.ReadFull(r, text); err != nil {
			close(b.events)
			return
		}
		var e baresipEvent
		if json.Unmarshal(text[:n], &e) == nil {
			b.events <- e
		}
	}
}

// wait returns the next event of a type.
func (b *baresip) wait(kind string, limit time.Duration) baresipEvent {
	b.t.Helper()
	deadline := time.After(limit)
	for {
		select {
		case e, ok := <-b.events:
			if !ok {
				b.t.Fatalf("baresip ended while waiting for %s", kind)
			}
			if e.Type == kind {
				return e
			}
		case <-deadline:
			b.t.Fatalf("baresip: no %s within %v", kind, limit)
		}
	}
}

// do sends a command ("accept", "hangup", "dial", "hold", "resume").
func (b *baresip) do(command, params string) {
	b.t.Helper()
	text, err := json.Marshal(map[string]string{"command": command, "params": params, "token": command})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(b.ctrl, "%d:%s,", len(text), text); err != nil {
		b.t.Fatalf("baresip %s: %v", command, err)
	}
}

// heard is the last recording of what the phone heard.
func (b *baresip) heard() []int16 {
	b.t.Helper()
	files, _ := filepath.Glob(filepath.Join(b.dir, "*dec.wav"))
	if len(files) == 0 {
		b.t.Fatal("baresip recorded nothing")
	}
	return readWAV(b.t, files[len(files)-1])
}
