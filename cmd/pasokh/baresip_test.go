package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
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

// startBaresip registers user at the demo box and waits until it is registered.
// The phone sends a sine of toneHz.
func startBaresip(t *testing.T, env map[string]string, user string, toneHz int) *baresip {
	t.Helper()
	needTool(t, "baresip")
	dir := t.TempDir()
	ctrl := freePort(t)
	conf := fmt.Sprintf(`sip_listen 127.0.0.1:%d
call_local_timeout 120
call_max_calls 4
module_path /usr/lib/baresip/modules
module g711.so
module ausine.so
module aubridge.so
module sndfile.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:%d
audio_source ausine,%d
audio_player aubridge,none
audio_alert aubridge,none
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_buffer 20-160
snd_path %s
rtp_timeout 60
`, freePort(t), ctrl, toneHz, dir)
	account := fmt.Sprintf("<sip:%s@%s:%s>;auth_pass=%s;regint=60;audio_codecs=pcma,pcmu;ptime=20\n",
		env["USER_"+user], env["SIP_HOST"], env["SIP_PORT"], env["PASS_"+user])
	write(t, filepath.Join(dir, "config"), conf)
	write(t, filepath.Join(dir, "accounts"), account)
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
	return b
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
