package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/sip"
)

// linphone is a real SIP phone, driven over its standard input. It answers every
// call, sends a sine and records what it hears.
type linphone struct {
	t   *testing.T
	dir string
	in  io.WriteCloser
}

// startLinphone registers a user of demo.env and waits until the box knows the phone.
// transport is "udp" or "tcp"; settings are further lines of the section [sip] of its
// configuration.
func startLinphone(d *demo, user string, toneHz int, transport, settings string) *linphone {
	t, env := d.t, d.env
	t.Helper()
	needTool(t, "linphonec")
	l := &linphone{t: t, dir: t.TempDir()}
	number, port := env["USER_"+user], freePort(t)
	if err := os.MkdirAll(filepath.Join(l.dir, ".local/share/linphone"), 0o700); err != nil { // it makes none itself
		t.Fatal(err)
	}
	write(t, filepath.Join(l.dir, "rc"), fmt.Sprintf(`[sip]
sip_port=%d
sip_tcp_port=%d
sip_tls_port=0
bind_address=127.0.0.1
default_proxy=0
register_only_when_network_is_up=0
%s
[rtp]
audio_rtp_port=%d
[proxy_0]
reg_proxy=<sip:%s:%s;transport=%s>
reg_identity=sip:%s@%s
reg_expires=60
reg_sendregister=1
[auth_info_0]
username=%s
passwd=%s
realm=%s
[audio_codec_0]
mime=PCMA
rate=8000
enabled=1
[audio_codec_1]
mime=PCMU
rate=8000
enabled=1
`, port, port, settings, freePorts(t, 2), env["SIP_HOST"], env["SIP_PORT"], transport, number, env["SIP_DOMAIN"], number, env["PASS_"+user], env["SIP_DOMAIN"]))
	cmd := exec.Command("linphonec", "-c", filepath.Join(l.dir, "rc"), "-a")
	cmd.Dir = l.dir
	cmd.Env = append(os.Environ(), "HOME="+l.dir)
	log, err := os.Create(filepath.Join(l.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if l.in, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("linphone %s:\n%s", user, text)
		}
	})
	l.do("soundcard use files")
	l.do("record " + filepath.Join(l.dir, "heard.wav"))
	l.do("play " + sineFile(t, toneHz, 8000))
	eventually(t, 20*time.Second, "registration of "+user, func() bool {
		return slices.ContainsFunc(d.state().Phones, func(p sip.Phone) bool { return p.Extension == number })
	})
	return l
}

func (l *linphone) do(command string) {
	l.t.Helper()
	if _, err := fmt.Fprintln(l.in, command); err != nil {
		l.t.Fatalf("linphone %s: %v", command, err)
	}
}

// heard is what the phone has recorded. The file is one when its call is over.
func (l *linphone) heard() []int16 {
	text, _ := os.ReadFile(filepath.Join(l.dir, "heard.wav"))
	if !strings.HasPrefix(string(text), "RIFF") {
		return nil
	}
	return parseWAV(l.t, text)
}

// TestLinphoneTalksEncrypted: another make of phone, with SRTP as it understands it,
// called and calling.
func TestLinphoneTalksEncrypted(t *testing.T) {
	d := startDemo(t)
	numberA, numberB := d.env["USER_A"], d.env["USER_B"]
	d.configure(func(c *config.Config) { encrypt(c, map[string]config.SRTP{numberB: config.SRTPRequired}) })
	l := startLinphone(d, "B", toneB, "udp", "media_encryption=srtp\nmedia_encryption_mandatory=1")
	plain := newHandset(d, numberA, toneA).register()

	for _, talk := range []func() *phone.Call{
		func() *phone.Call { return plain.call(numberB) },
		func() *phone.Call {
			l.do("call sip:" + numberA + "@" + d.env["SIP_HOST"] + ":" + d.env["SIP_PORT"])
			return plain.answers()
		},
	} {
		c := talk()
		up(t, c)
		hearsTone(t, "the plain phone", c, toneB)
		wantOnWire(t, d.tap(), 2, 2)
		if n := d.secureLegs(); n != 1 {
			t.Errorf("%d legs are shown as encrypted, want 1", n)
		}
		c.Hangup()
		happens(t, "end of the call", 5*time.Second, c.Done())
		eventually(t, 10*time.Second, "what linphone heard", func() bool { return toneShare(l.heard(), toneA) > 0.5 })
		if err := os.Remove(filepath.Join(l.dir, "heard.wav")); err != nil {
			t.Fatal(err)
		}
	}
}
