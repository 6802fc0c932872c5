package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/api"
)

// refusesToStart runs a box that must end by itself with an error and returns
// what it says.
func (d *demo) refusesToStart(more ...string) string {
	d.t.Helper()
	args := d.args
	d.args = append(slices.Clone(args), more...)
	d.launch()
	d.args = args
	cmd := d.cmd
	d.cmd = nil
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err == nil {
			d.t.Error("the box ended as if all were well")
		}
	case <-time.After(15 * time.Second):
		cmd.Process.Kill()
		<-ended
		d.t.Error("the box goes on")
	}
	return d.logged()
}

// kill ends the box as a power cut does.
func (d *demo) kill() {
	d.cmd.Process.Kill()
	d.cmd.Wait()
	d.cmd = nil
	os.Remove(demoEnv(d.dir)) // which start waits for
}

func (d *demo) ailing(kind string) bool {
	d.t.Helper()
	return slices.ContainsFunc(d.state().Health, func(p health.Problem) bool { return strings.HasPrefix(p.ID, kind) })
}

// echoes makes a call to the echo service: the box serves.
func (d *demo) echoes() {
	d.t.Helper()
	c := newHandset(d, "1001", toneA).call(d.env["EXT_ECHO"])
	up(d.t, c)
	hears(d.t, "1001", c, toneA)
	c.Hangup()
}

func wantText(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s does not say %q:\n%s", what, p, text)
		}
	}
}

// A mistake is named by file, line and field, and the last good configuration
// stays in force.
func TestWrongConfiguration(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	good := d.cli("config", "export")
	wrong := strings.Replace(good, "strategy: longest-idle", "strategy: shortest-idle", 1)
	before, _, found := strings.Cut(wrong, "strategy: shortest-idle")
	if !found {
		t.Fatalf("no strategy in\n%s", good)
	}
	at := fmt.Sprintf("bad.yaml:%d: queues[0].strategy", strings.Count(before, "\n")+1)
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	write(t, bad, wrong)

	wantText(t, "config check", d.fails("config", "check", bad), at)
	wantText(t, "config import", d.fails("config", "import", bad), at)
	if now := d.cli("config", "export"); now != good {
		t.Errorf("after the refused import the configuration is\n%s", now)
	}

	d.stop()
	d.args = append(d.args, "--config", bad)
	d.start()
	wantText(t, "log", d.logged(), at, "last good")
	if !d.ailing("config-fallback") {
		t.Errorf("the board of health does not show it: %v", d.state().Health)
	}
	if now := d.cli("config", "export"); now != good {
		t.Errorf("after the restart the configuration is\n%s", now)
	}
	d.echoes()

	fresh := newDemo(t)
	wantText(t, "first start", fresh.refusesToStart("--demo", "--config", bad), at)
}

// A damaged file of values is replaced by its snapshot, and the box says so.
func TestDamagedStore(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) { c.Extensions[0].Name = "Front desk" })
	before, admin := d.cli("config", "export"), d.env["ADMIN_PASS"]
	d.stop()
	name := filepath.Join(d.dir, "pasokh.db")
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, bytes.Repeat([]byte("rust"), int(info.Size()/4)), 0o600); err != nil {
		t.Fatal(err)
	}

	d.start()
	wantText(t, "log", d.logged(), "pasokh.db cannot be read", "restored the snapshot")
	if !d.ailing("store-recovered") {
		t.Errorf("the board of health does not show it: %v", d.state().Health)
	}
	if now := d.cli("config", "export"); now != before {
		t.Errorf("the configuration is\n%s\nwant\n%s", now, before)
	}
	if d.env["ADMIN_PASS"] != admin {
		t.Error("the administrator's password has changed")
	}
	d.echoes()
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	d := newDemo(t)
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	for _, test := range []struct {
		flag  string
		taken net.Addr
	}{{"--sip-port", udp.LocalAddr()}, {"--sip-port", tcp.Addr()}, {"--sips-port", tcp.Addr()}, {"--http-port", tcp.Addr()}} {
		_, port, _ := net.SplitHostPort(test.taken.String())
		said := len(d.said())
		text := d.refusesToStart("--demo", test.flag, port)[said:]
		wantText(t, "log", text, test.taken.String(), "in use", test.flag)
	}

	d.args = append(d.args, "--demo")
	d.start()
	second := newDemo(t)
	second.args[4] = d.dir
	wantText(t, "second box", second.refusesToStart("--demo"), "another pasokh is running", d.dir)
	if readEnv(demoEnv(d.dir))["ADMIN_PASS"] == "" {
		t.Error("the second box took the first one's demo.env away")
	}
}

// said is the log, which need not exist yet.
func (d *demo) said() string {
	text, _ := os.ReadFile(filepath.Join(d.dir, "test.log"))
	return string(text)
}

// A call for which there is no port is refused; the others and the next go on.
func TestNoRTPPort(t *testing.T) {
	t.Parallel()
	d := newDemo(t)
	first := freePorts(t, 5)
	first += first % 2
	d.args = append(d.args, "--demo", "--rtp-ports", fmt.Sprintf("%d-%d", first, first+3)) // two streams, each with a port for RTCP
	d.start()
	a := newHandset(d, "1001", toneA)
	one, two := a.call(d.env["EXT_ECHO"]), a.call(d.env["EXT_ECHO"])
	up(t, one)
	up(t, two)
	ends(t, a.call(d.env["EXT_ECHO"]), 5*time.Second, 503)
	hears(t, "first call", one, toneA)
	hears(t, "second call", two, toneA)
	one.Hangup()
	ends(t, one, 5*time.Second, 0)
	d.becomes(5*time.Second, "free port", func(s api.State) bool { return len(s.Calls) == 1 })
	again := a.call(d.env["EXT_ECHO"])
	up(t, again)
	hears(t, "next call", again, toneA)
}

// A phone whose plug is pulled is missed by its silence.
func TestVanishedPhone(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) { c.Media.Timeout = config.Duration(5 * time.Second) })
	caller, called := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := caller.call("1002")
	theirs := called.answers()
	up(t, ours)
	hears(t, "1002", theirs, toneA)
	caller.unplug()
	ends(t, theirs, 15*time.Second, 0)
	d.wantRecord("1001", "1002", ledger.Answered, call.MediaTimeout)

	// Now the phone that was called vanishes.
	caller = newHandset(d, "1003", toneC)
	ours = caller.call("1002")
	hears(t, "1002", called.answers(), toneC)
	called.unplug()
	ends(t, ours, 15*time.Second, 0)
	d.wantRecord("1003", "1002", ledger.Answered, call.MediaTimeout)
	d.echoes()
}

// A new box carries no calls until whoever stands at its console claims it.
func TestUnclaimedBox(t *testing.T) {
	t.Parallel()
	d := newDemo(t)
	d.launch()
	var token string
	eventually(t, 15*time.Second, "token on the console", func() bool {
		m := regexp.MustCompile(`(?m)^    (\S+)$`).FindStringSubmatch(d.printed("console"))
		if m != nil {
			token = m[1]
		}
		return m != nil
	})
	flag := func(name string) string { return d.args[slices.Index(d.args, name)+1] }
	root, err := os.ReadFile(filepath.Join(d.dir, "cert", "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(root) {
		t.Fatal("no certificate in cert/ca.pem")
	}
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}}
	ask := func(method, path string, body any) (int, api.Me) {
		t.Helper()
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequest(method, "https://127.0.0.1:"+flag("--http-port")+path, bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var me api.Me
		if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&me); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		return resp.StatusCode, me
	}

	if status, me := ask("GET", "/api/me", nil); status != 200 || me.Claimed {
		t.Errorf("a new box answers %d, claimed %v", status, me.Claimed)
	}
	sip := "127.0.0.1:" + flag("--sip-port")
	if options(sip) {
		t.Error("an unclaimed box answers SIP")
	}
	if !d.ailing("unclaimed") {
		t.Error("the board of health does not say that the box has no owner")
	}
	claim := api.Claim{Token: "wrong" + token[5:], User: "owner", Password: "a password of ours"}
	if status, _ := ask("POST", "/api/claim", claim); status < 400 || status >= 500 {
		t.Errorf("a wrong token is answered with %d", status)
	}
	if _, me := ask("GET", "/api/me", nil); me.Claimed || options(sip) {
		t.Error("a wrong token claimed the box")
	}
	claim.Token = token
	if status, me := ask("POST", "/api/claim", claim); status != 200 || me.User != "owner" || !me.Claimed {
		t.Errorf("the claim is answered with %d, %+v", status, me)
	}
	eventually(t, 10*time.Second, "answer to OPTIONS", func() bool { return options(sip) })
	if d.ailing("unclaimed") {
		t.Error("the board of health still says that the box has no owner")
	}
	if status, _ := ask("POST", "/api/claim", claim); status < 400 || status >= 500 {
		t.Errorf("a second claim is answered with %d", status)
	}

	d.stop()
	d.launch()
	eventually(t, 10*time.Second, "answer to OPTIONS after a restart", func() bool { return options(sip) })
	if n := strings.Count(d.printed("console"), token); n != 1 {
		t.Errorf("the token was shown %d times", n)
	}
	if log := d.logged(); strings.Contains(log, token) || strings.Contains(log, claim.Password) {
		t.Error("token or password are in the log")
	}
}

// options tells whether anybody answers SIP OPTIONS at an address.
func options(at string) bool {
	c, err := net.Dial("udp", at)
	if err != nil {
		return false
	}
	defer c.Close()
	fmt.Fprintf(c, "OPTIONS sip:%[1]s SIP/2.0\r\nVia: SIP/2.0/UDP %[2]s;branch=z9hG4bK%[3]d;rport\r\nMax-Forwards: 70\r\n"+
		"From: <sip:test@%[2]s>;tag=1\r\nTo: <sip:%[1]s>\r\nCall-ID: %[3]d\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
		at, c.LocalAddr(), time.Now().UnixNano())
	c.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	answer := make([]byte, 4096)
	n, err := c.Read(answer)
	return err == nil && strings.HasPrefix(string(answer[:n]), "SIP/2.0 200")
}

// A call that a power cut ended is listed as interrupted.
func TestKilledInACall(t *testing.T) {
	t.Parallel()
	d := newDemo(t)
	d.args = append(d.args, "--demo", "--verbose")
	d.start()
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	id := d.state().Calls[0].ID
	eventually(t, 5*time.Second, "call in the ledger's file", func() bool {
		files, _ := filepath.Glob(filepath.Join(d.dir, "ledger*"))
		return slices.ContainsFunc(files, func(name string) bool {
			data, err := os.ReadFile(name)
			file, statErr := os.Stat(name)
			return err == nil && bytes.Contains(data, []byte(id)) && bytes.Contains(data, []byte(call.StepBridged)) &&
				statErr == nil && time.Since(file.ModTime()) > 300*time.Millisecond // what makes it count is written last
		})
	})
	d.kill()
	for _, c := range []*phone.Call{ours, theirs} {
		go c.Hangup() // to nobody
	}
	d.start()
	r := d.wantRecord("1001", "1002", ledger.Interrupted, call.Shutdown)
	if r.Call != id || r.Agent != "1002" {
		t.Errorf("the record is of call %s with %q, want %s with 1002", r.Call, r.Agent, id)
	}
	wantText(t, "pasokh calls", d.cli("calls"), string(id), "interrupted")
	d.echoes()
}
