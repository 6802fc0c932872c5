package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/webui/webtest"
)

// A call's SIP messages are a ladder in its story, in both directions of writing.
func TestTheStoryShowsSIP(t *testing.T) {
	b := open(t, webtest.New(webtest.Busy(time.Now()))).browse(t)
	b.do("signin")
	b.do("click", "testid", "explain")
	b.do("click", "testid", "sip-show")
	b.sees("sip-message", "INVITE")
	b.sees("sip-message", "رضا احمدی") // whose phone it is
	b.sees("sip-message", "5.000")     // after the first message
	if r := b.do("text", "testid", "sip-message"); strings.Contains(r.Text, "a84b4c76") {
		t.Error("a message is open before it is pressed")
	}
	b.do("eval", "script", `document.querySelector("[data-testid=sip-message] summary").click()`)
	b.sees("sip-message", "Call-ID: a84b4c76")
	const tips = `(() => { const tip = (q) => { const l = document.querySelector(q + " .rung-line"), s = getComputedStyle(l, "::after"); return s.left === "-5px" ? "left" : s.right === "-5px" ? "right" : s.left; }; return tip(".rung.out") + " " + tip(".rung.in"); })()`
	if r := b.do("eval", "script", tips); r.Value != "left right" {
		t.Errorf("in English what is sent and received points %v", r.Value)
	}
	b.do("axe")
	b.do("click", "testid", "story-close")
	b.do("lang", "lang", "fa")
	b.do("click", "testid", "explain")
	b.do("click", "testid", "sip-show")
	b.sees("sip-message", "دستگاه")
	b.sees("sip-message", "۵.۰۰۰")
	if r := b.do("eval", "script", tips); r.Value != "right left" {
		t.Errorf("in Persian what is sent and received points %v", r.Value)
	}
	if r := b.do("eval", "script", `getComputedStyle(document.querySelector("[data-testid=sip-message] pre")).direction`); r.Value != "ltr" {
		t.Errorf("a message runs %v in Persian", r.Value)
	}
	if r := b.do("eval", "script", `fetch(document.querySelector("[data-testid=sip-pcap]").href).then((r) => r.arrayBuffer()).then((f) => f.byteLength)`); r.Value.(float64) < 400 {
		t.Errorf("the file has %v bytes", r.Value)
	}
	b.do("axe")
}

func TestSomebodyIsLetInAgain(t *testing.T) {
	si := open(t, webtest.New(webtest.Busy(time.Now())))
	b := si.browse(t)
	b.do("signin")
	b.sees("ban", "203.0.113.66")
	b.sees("ban", "15 wrong passwords")
	b.sees("turned-banned", "2140")
	b.do("lang", "lang", "fa")
	b.sees("ban", "۱۵ گذرواژهٔ نادرست")
	b.do("click", "testid", "ban-lift")
	b.do("wait", "testid", "ban", "contains", "203.0.113.66", "gone", true)
	b.do("click", "testid", "ban-lift")
	b.sees("protection", "کسی بیرون نگه داشته نشده")
	si.box.Change(func(s *webtest.Scene) { s.Turned.Shed = 240 }, event.Protection)
	b.sees("turned-shed", "۲۴۰")
}

func TestAPhoneIsWatchedLive(t *testing.T) {
	si := open(t, webtest.New(webtest.Quiet(time.Now())))
	b := si.browse(t)
	b.do("signin")
	say := func(in bool, first string) {
		si.box.Speak(in, "192.0.2.1:5060", "192.0.2.7:5060", first+"\r\nFrom: <sip:1002@x>\r\nTo: <sip:1002@x>\r\nCall-ID: z\r\n"+
			"Authorization: Digest response=\"SECRET\"\r\n\r\n")
	}
	b.do("fill", "testid", "trace-who", "value", "۱۰۰۲")
	b.do("click", "testid", "trace-start")
	b.do("wait", "testid", "trace-log", "state", "running")
	say(true, "REGISTER sip:x SIP/2.0")
	b.sees("trace-log", "REGISTER")
	say(false, "SIP/2.0 403 Forbidden")
	b.sees("trace-log", "403 Forbidden")
	b.do("lang", "lang", "fa")
	b.sees("trace-log", "دستگاه")
	b.do("axe")
	b.do("click", "testid", "trace-stop")
	b.do("wait", "testid", "trace-log", "state", "stopped")
	say(true, "OPTIONS sip:x SIP/2.0")
	r := b.do("eval", "script", `fetch(document.querySelector("[data-testid=trace-pcap]").href).then((r) => r.arrayBuffer()).then((f) => [...new Uint8Array(f)].map((b) => String.fromCharCode(b)).join(""))`)
	file, _ := r.Value.(string)
	if strings.Contains(file, "SECRET") || strings.Contains(file, "OPTIONS") || !strings.Contains(file, "403 Forbidden") {
		t.Errorf("the file holds %q", file)
	}
	need.Program(t, "tshark")
	raw := make([]byte, 0, len(file))
	for _, c := range file {
		raw = append(raw, byte(c))
	}
	name := filepath.Join(t.TempDir(), "sip.pcap")
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("tshark", "-r", name, "-T", "fields", "-e", "sip.Method", "-e", "sip.Status-Code").Output()
	if got := string(out); err != nil || got != "REGISTER\t\n\t403\n" {
		t.Errorf("tshark reads %q (%v)", got, err)
	}
	b.do("fill", "testid", "trace-who", "value", "نه.این")
	b.do("click", "testid", "trace-start")
	b.sees("trace-error", "قابل استفاده نیست")
}
