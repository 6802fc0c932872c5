package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// built is the real program, compiled once for all process tests.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pasokh-test")
	if err != nil {
		return "", err
	}
	for _, name := range []string{"pasokh", "phonesim"} {
		cmd := exec.Command("go", "build", "-o", filepath.Join(dir, name), "../"+name)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build %s: %v\n%s", name, err, out)
		}
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := built(); err == nil && dir != "" {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// program is the path of a built program.
func program(t *testing.T, name string) string {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// demo is a running demo box.
type demo struct {
	t     *testing.T
	dir   string
	args  []string
	under []string // a command that starts the program
	env   map[string]string
	cmd   *exec.Cmd
}

// startDemo starts `pasokh serve --demo` on free ports with fresh data.
func startDemo(t *testing.T) *demo {
	t.Helper()
	d := newDemo(t)
	d.args = append(d.args, "--demo")
	d.start()
	return d
}

// newDemo is a box on free ports with fresh data that has not been started.
func newDemo(t *testing.T) *demo {
	t.Helper()
	dir := t.TempDir()
	d := &demo{t: t, dir: dir}
	rtp := freePorts(t, 400)
	d.args = []string{"serve", "--listen", "127.0.0.1", "--data", dir, "--sip-port", fmt.Sprint(freePort(t)), "--sips-port", fmt.Sprint(freePort(t)),
		"--http-port", fmt.Sprint(freePort(t)), "--rtp-ports", fmt.Sprintf("%d-%d", rtp, rtp+399)}
	t.Cleanup(func() {
		d.stop()
		d.wantNoSecrets()
		if t.Failed() {
			lines := strings.Split(strings.TrimSpace(d.logged()), "\n")
			t.Logf("the end of pasokh's log:\n%s", strings.Join(lines[max(0, len(lines)-40):], "\n"))
		}
	})
	return d
}

func (d *demo) start() {
	d.t.Helper()
	d.launch()
	eventually(d.t, 15*time.Second, "demo.env", func() bool {
		d.env = readEnv(demoEnv(d.dir))
		return d.env["ADMIN_PASS"] != ""
	})
}

// launch starts the program and waits for nothing. Its log and what it tells the
// person at its console are kept apart: the second has passwords.
func (d *demo) launch() {
	d.t.Helper()
	d.env = nil
	words := append(append(d.under, program(d.t, "pasokh")), d.args...)
	d.cmd = exec.Command(words[0], words[1:]...)
	console, log := d.appendTo("console"), d.appendTo("test.log")
	defer console.Close()
	defer log.Close()
	d.cmd.Stdout, d.cmd.Stderr = console, log
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
}

func (d *demo) appendTo(name string) *os.File {
	d.t.Helper()
	f, err := os.OpenFile(filepath.Join(d.dir, name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	return f
}

func (d *demo) logged() string { d.t.Helper(); return d.printed("test.log") }

// printed is what the box has written to one of the two so far.
func (d *demo) printed(name string) string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}

// wantNoSecrets checks that the log of whatever the box did has no password.
func (d *demo) wantNoSecrets() {
	d.t.Helper()
	log := d.logged()
	for name, value := range d.env {
		if strings.Contains(name, "PASS") && (value == "" || strings.Contains(log, value)) {
			d.t.Errorf("%s is in the log, or is empty", name)
		}
	}
}

// stop ends the box in order and waits for it.
func (d *demo) stop() {
	if d.cmd == nil {
		return
	}
	d.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan error, 1)
	go func() { done <- d.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			d.t.Errorf("pasokh ended with %v", err)
		}
	case <-time.After(15 * time.Second):
		d.cmd.Process.Kill()
		<-done
		d.t.Error("pasokh did not stop within 15 s")
	}
	d.cmd = nil
}

// call does an API request over the box's own socket, as its command line does.
func (d *demo) call(method, path string, body, into any) {
	d.t.Helper()
	if err := d.tryCall(method, path, body, into); err != nil {
		d.t.Fatal(err)
	}
}

func (d *demo) tryCall(method, path string, body, into any) error {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, "unix", filepath.Join(d.dir, "pasokh.sock"))
		}}}
	var send io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		send = bytes.NewReader(text)
	}
	req, err := http.NewRequest(method, "http://pasokh"+path, send)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, text)
	}
	switch into := into.(type) {
	case nil:
		return nil
	case *[]byte:
		*into = text
		return nil
	}
	return json.Unmarshal(text, into)
}

// page is Chromium on the box's page, driven line by line.
type page struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Scanner
}

func openPage(t *testing.T, env map[string]string) *page {
	t.Helper()
	needTool(t, "chromium")
	needTool(t, "node")
	if _, err := os.Stat("../../webui/node_modules/playwright-core"); err != nil {
		missingTool(t, "webui/node_modules (run npm ci in webui)")
	}
	cmd := exec.Command("node", "../../webui/e2e/walk.mjs")
	cmd.Env = os.Environ()
	for _, k := range []string{"HTTP_URL", "ADMIN_USER", "ADMIN_PASS"} {
		cmd.Env = append(cmd.Env, k+"="+env[k])
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		kill := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		kill.Stop()
	})
	s := bufio.NewScanner(out)
	s.Buffer(nil, 16<<20)
	return &page{t: t, in: in, out: s}
}

// do sends one step and returns its answer; a failed step fails the test.
func (p *page) do(step map[string]any) map[string]any {
	p.t.Helper()
	text, err := json.Marshal(step)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(p.in, "%s\n", text); err != nil {
		p.t.Fatalf("page %s: %v", text, err)
	}
	if !p.out.Scan() {
		p.t.Fatalf("page %s: the browser has gone: %v", text, p.out.Err())
	}
	var answer map[string]any
	if err := json.Unmarshal(p.out.Bytes(), &answer); err != nil {
		p.t.Fatalf("page %s: %v: %s", text, err, p.out.Text())
	}
	if answer["ok"] != true {
		p.t.Fatalf("page %s: %s", text, p.out.Text())
	}
	return answer
}

// sees waits until the element shows the text.
func (p *page) sees(testid, text string) {
	p.t.Helper()
	p.do(map[string]any{"do": "wait", "testid": testid, "contains": text, "timeout": 20000})
}

// needTool skips without the tool, or fails in CI, where it must be there.
func needTool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		missingTool(t, name)
	}
}

func missingTool(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing", name)
	}
	t.Skipf("%s is missing: make tools", name)
}

// eventually polls for a condition of another process.
func eventually(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("no %s within %v", what, limit)
}

// The ports of tests are below those that the kernel gives to whoever connects
// (net.ipv4.ip_local_port_range), and above those that baresips speak from: one that is
// free now stays free until it is used.
const firstPort, lastPort, portBlock = 12000, 32700, 4

var portCursor atomic.Int32

// freePorts returns the first of n ports in a row that are the test's own until it ends,
// and that nobody uses on loopback.
func freePorts(t *testing.T, n int) int {
	t.Helper()
	blocks := int32((n + portBlock - 1) / portBlock)
	const all = (lastPort - firstPort) / portBlock
	for range all {
		at := (portCursor.Add(blocks) + int32(os.Getpid())) % all
		if first := firstPort + int(at)*portBlock; at+blocks <= all && takePorts(t, first, n) {
			return first
		}
	}
	t.Fatal("no free port")
	return 0
}

// takePorts holds a name of the kernel's (unix(7), abstract) for each block: no test of
// any process gets it before this one has ended.
func takePorts(t *testing.T, first, n int) bool {
	var held []net.PacketConn
	free := func() {
		for _, c := range held {
			c.Close()
		}
	}
	for p := first; p < first+n; p += portBlock {
		c, err := net.ListenPacket("unixgram", fmt.Sprintf("@pasokh-test-ports-%d", p))
		if err != nil {
			free()
			return false
		}
		held = append(held, c)
	}
	for p := first; p < first+n; p++ {
		udp, err := net.ListenPacket("udp", fmt.Sprintf("127.0.0.1:%d", p))
		if err != nil {
			free()
			return false
		}
		udp.Close()
		tcp, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p))
		if err != nil {
			free()
			return false
		}
		tcp.Close()
	}
	t.Cleanup(free)
	return true
}

func freePort(t *testing.T) int { t.Helper(); return freePorts(t, 1) }

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readEnv(name string) map[string]string {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	env := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if k, v, ok := strings.Cut(line, "="); ok {
			env[k] = v
		}
	}
	return env
}

// readWAV reads 16-bit mono PCM, also from a file whose writer is still busy.
func readWAV(t *testing.T, name string) []int16 {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return parseWAV(t, data)
}

func parseWAV(t *testing.T, data []byte) []int16 {
	t.Helper()
	if len(data) < 44 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		t.Fatalf("not a WAV file (%d bytes)", len(data))
	}
	for at := 12; at+8 <= len(data); {
		size := int(binary.LittleEndian.Uint32(data[at+4:]))
		body := data[at+8:]
		if string(data[at:at+4]) == "data" {
			if size == 0 || size > len(body) {
				size = len(body)
			}
			pcm := make([]int16, size/2)
			for i := range pcm {
				pcm[i] = int16(binary.LittleEndian.Uint16(body[2*i:]))
			}
			return pcm
		}
		at += 8 + size + size%2
	}
	t.Fatal("WAV file without data")
	return nil
}
