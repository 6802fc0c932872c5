package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/bundle"
)

// TestAppliance flashes an image onto a disk of qemu's ARM board, starts it through
// U-Boot as a card in a real board would start, claims the box and updates it: with a
// good version, with everything that must be refused, with versions that do not work, and
// with the power gone at any moment.
//
// IMAGE_TEST=1 (make test-image) runs it; KILLS is how often the power goes.
func TestAppliance(t *testing.T) {
	if os.Getenv("IMAGE_TEST") == "" {
		t.Skip("make test-image runs it: it fetches kernels and takes minutes")
	}
	v := newVersions(t)
	b := newBox(t, v.image)
	b.start()
	b.claim()
	b.runs("1.0", "a", false)
	b.answersSIP()

	for name, c := range map[string]struct {
		bundle []byte
		code   string
	}{
		"stranger's":  {v.stranger, "not-signed"},
		"other board": {v.otherBoard, "other-board"},
		"older":       {v.older, "older"},
		"truncated":   {v.good[:len(v.good)-4096], "not-complete"},
		"damaged":     {damaged(v.good), "not-signed"},
		"no update":   {[]byte("<!doctype html>"), "no-update"},
	} {
		if got := b.update(c.bundle); got != c.code {
			t.Errorf("%s: %q, want %q", name, got, c.code)
		}
	}
	b.runs("1.0", "a", false)

	kills := 4
	if n := os.Getenv("KILLS"); n != "" {
		fmt.Sscan(n, &kills)
	}
	for i := range kills {
		after := rand.N(6 * time.Second)
		t.Logf("power %d goes %v after the update begins", i, after)
		cut := time.AfterFunc(after, b.cut)
		b.tryUpdate(v.good)
		cut.Stop()
		b.cut()
		b.start()
		b.signIn() // what was acknowledged is there: the owner
		if a := b.appliance(); a.Version != "1.0" && a.Version != "2.0" {
			t.Fatalf("version %q after a loss of power", a.Version)
		}
		if b.appliance().Version == "2.0" {
			break // it was complete
		}
	}

	if b.appliance().Version == "1.0" {
		if code := b.update(v.good); code != "" {
			t.Fatalf("good update refused: %s", code)
		}
		b.restart()
	}
	b.signIn()
	b.answersSIP()
	b.eventually(2*time.Minute, "version 2.0 confirms itself", func() bool { a := b.appliance(); return a.Version == "2.0" && !a.Trial })

	for name, bundle := range map[string][]byte{"crash": v.crash, "hang": v.hang, "silent": v.silent} {
		began := time.Now()
		if code := b.update(bundle); code != "" {
			t.Fatalf("%s refused: %s", name, code)
		}
		before := b.starts()
		b.restart()
		b.eventually(5*time.Minute, "version 2.0 is back after "+name, func() bool { return b.starts() >= before+2 && b.up() })
		b.signIn()
		if a := b.appliance(); a.Version != "2.0" || a.Trial {
			t.Errorf("after %s: %+v", name, a)
		}
		b.answersSIP()
		t.Logf("%s: back on 2.0 after %v", name, time.Since(began).Round(time.Second))
	}
}

func damaged(b []byte) []byte {
	b = bytes.Clone(b)
	b[len(b)/2] ^= 1
	return b
}

// versions are the image to flash and what it is updated with.
type versions struct {
	image                             string
	good, older, otherBoard, stranger []byte
	crash, hang, silent               []byte
}

func newVersions(t *testing.T) versions {
	t.Helper()
	dir := t.TempDir()
	ctx := t.Context()
	build := func(out, pkg, flags string) string {
		t.Helper()
		file := filepath.Join(dir, out)
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w "+flags, "-o", file, pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		return file
	}
	cache := filepath.Join("..", "..", "build", "image", "cache")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := packages(ctx, "../../board", cache, []string{"qemu-arm64"}); err != nil {
		t.Fatal(err)
	}
	key := func(name string) string {
		file := filepath.Join(dir, name)
		if err := makeKey(file); err != nil {
			t.Fatal(err)
		}
		return file
	}
	own, stranger := key("own.key"), key("stranger.key")
	whole := maker{cache: cache, pasokh: build("pasokh", "../pasokh", ""), boxinit: build("boxinit", "../boxinit", ""), quick: true}
	make := func(m maker, version string, serial int64, keyFile string) string {
		t.Helper()
		var err error
		if m.board, err = readBoard("../../board", "qemu-arm64"); err != nil {
			t.Fatal(err)
		}
		if m.key, err = readKey(keyFile); err != nil {
			t.Fatal(err)
		}
		m.version, m.serial, m.out = version, 1_700_000_000+serial, filepath.Join(dir, version+filepath.Base(keyFile))
		if err := m.make(ctx); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(m.out, "pasokh-qemu-arm64")
	}
	signed := func(m maker, version string, serial int64, keyFile string) []byte {
		t.Helper()
		b, err := os.ReadFile(make(m, version, serial, keyFile) + ".update")
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	broken := func(how string) string { return build(how, "./testdata/broken", "-X main.how="+how) }
	v := versions{image: make(whole, "1.0", 100, own) + ".img"}
	v.good = signed(whole, "2.0", 200, own)
	v.older = signed(whole, "0.9", 50, own)
	v.stranger = signed(whole, "2.1", 210, stranger)
	crash, hang, silent := whole, whole, whole
	crash.pasokh, hang.stage2, silent.pasokh = broken("crash"), broken("hang"), broken("silent")
	v.crash, v.hang, v.silent = signed(crash, "3.0", 300, own), signed(hang, "3.1", 301, own), signed(silent, "3.2", 302, own)
	v.otherBoard = otherBoard(t, v.good, own)
	return v
}

// box is a virtual board with a disk.
type box struct {
	t       *testing.T
	disk    string
	console string
	web     string // https://127.0.0.1:PORT
	sip     string
	client  *http.Client
	mu      sync.Mutex
	qemu    *exec.Cmd
}

func newBox(t *testing.T, image string) *box {
	t.Helper()
	b := &box{t: t, disk: filepath.Join(t.TempDir(), "disk.img"), console: filepath.Join(t.TempDir(), "console")}
	if err := copyFile(image, b.disk, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(b.disk, 400*mebi); err != nil { // the card is larger than the image
		t.Fatal(err)
	}
	web, sip := freePort(t), freePort(t)
	b.web, b.sip = "https://"+web, sip
	t.Cleanup(func() {
		b.cut()
		if t.Failed() {
			text, _ := os.ReadFile(b.console)
			t.Logf("console:\n%s", text[max(0, len(text)-6000):])
		}
	})
	return b
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start switches the board on and waits for its page.
func (b *box) start() {
	b.t.Helper()
	console, err := os.OpenFile(b.console, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		b.t.Fatal(err)
	}
	defer console.Close()
	cmd := exec.Command("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53", "-smp", "2", "-m", "1024", "-nographic",
		"-bios", "/usr/lib/u-boot/qemu_arm64/u-boot.bin", "-drive", "if=none,file="+b.disk+",format=raw,id=d0", "-device", "virtio-blk-pci,drive=d0",
		"-device", "virtio-rng-pci", "-device", "i6300esb", "-netdev", "user,id=n0,restrict=on,hostfwd=tcp:"+strings.TrimPrefix(b.web, "https://")+"-:443,hostfwd=tcp:"+b.sip+"-:5060",
		"-device", "virtio-net-pci,netdev=n0,romfile=")
	cmd.Stdout, cmd.Stderr = console, console
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.mu.Lock()
	b.qemu = cmd
	b.mu.Unlock()
	b.eventually(3*time.Minute, "the page", b.up)
	b.t.Logf("page %v after the power", time.Since(began).Round(100*time.Millisecond))
}

// cut takes the power away.
func (b *box) cut() {
	b.mu.Lock()
	cmd := b.qemu
	b.qemu = nil
	b.mu.Unlock()
	if cmd != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

func (b *box) eventually(most time.Duration, what string, true func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(most); !true(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("%s did not come in %v", what, most)
		}
	}
}

// stranger knows nobody and trusts everybody: the box has made its certificate itself.
func stranger() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Timeout: 2 * time.Minute, Jar: jar, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
}

func (b *box) up() bool {
	c := stranger()
	c.Timeout = 3 * time.Second
	res, err := c.Get(b.web + "/api/me")
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// starts is how often the boot loader has chosen a slot.
func (b *box) starts() int {
	text, err := os.ReadFile(b.console)
	if err != nil {
		b.t.Fatal(err)
	}
	return bytes.Count(text, []byte("pasokh: slot "))
}

func (b *box) ask(method, path string, body io.Reader, kind string, into any) (code string, err error) {
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.web+path, body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Origin", b.web)
	res, err := b.client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusOK {
		var e struct{ Error struct{ Code string } }
		if err := json.Unmarshal(text, &e); err != nil {
			return "", fmt.Errorf("%s: %s", res.Status, text)
		}
		return e.Error.Code, nil
	}
	return "", json.Unmarshal(text, into)
}

func (b *box) post(path string, body any) {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	if code, err := b.ask(http.MethodPost, path, bytes.NewReader(text), "application/json", new(any)); err != nil || code != "" {
		b.t.Fatalf("%s: %s, %v", path, code, err)
	}
}

var setUpCode = regexp.MustCompile(`set-up code(?:[^a-z]|\n)*?\s([a-z0-9]{20})\s`)

const owner, password = "owner", "a long password"

// claim reads the set-up code off the console, as an installer does.
func (b *box) claim() {
	b.t.Helper()
	var code string
	b.eventually(30*time.Second, "the set-up code", func() bool {
		text, err := os.ReadFile(b.console)
		if err != nil {
			b.t.Fatal(err)
		}
		m := setUpCode.FindSubmatch(text)
		if m != nil {
			code = string(m[1])
		}
		return m != nil
	})
	b.client = stranger()
	b.post("/api/claim", map[string]string{"token": code, "user": owner, "password": password})
}

func (b *box) signIn() {
	b.t.Helper()
	b.client = stranger()
	b.post("/api/sign-in", map[string]string{"user": owner, "password": password})
}

type state struct {
	Version, Slot string
	Trial         bool
}

func (b *box) appliance() (s state) {
	b.t.Helper()
	if code, err := b.ask(http.MethodGet, "/api/appliance", nil, "", &s); err != nil || code != "" {
		b.t.Fatalf("%s, %v", code, err)
	}
	return s
}

func (b *box) runs(version, slot string, trial bool) {
	b.t.Helper()
	if s := b.appliance(); s != (state{version, slot, trial}) {
		b.t.Fatalf("%+v runs, want version %s in slot %s", s, version, slot)
	}
}

// update sends a bundle and returns the refusal's code, "" for none.
func (b *box) update(bundle []byte) string {
	b.t.Helper()
	code, err := b.tryUpdate(bundle)
	if err != nil {
		b.t.Fatal(err)
	}
	return code
}

func (b *box) tryUpdate(bundle []byte) (string, error) {
	return b.ask(http.MethodPost, "/api/appliance/update", bytes.NewReader(bundle), "application/octet-stream", new(any))
}

// restart restarts the board through its API and waits until it starts.
func (b *box) restart() {
	b.t.Helper()
	before := b.starts()
	b.post("/api/appliance/restart", struct{}{})
	b.eventually(time.Minute, "a restart", func() bool { return b.starts() > before })
	began := time.Now()
	if b.starts() == before+1 {
		for time.Since(began) < time.Minute && !b.up() { // a broken version never is
			if b.starts() > before+1 {
				return
			}
			time.Sleep(200 * time.Millisecond)
		}
	}
}

// answersSIP asks the box's SIP port, by TCP: qemu's restricted network lets no UDP out.
func (b *box) answersSIP() {
	b.t.Helper()
	b.eventually(time.Minute, "an answer by SIP", func() bool {
		ctx, done := context.WithTimeout(b.t.Context(), 2*time.Second)
		defer done()
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", b.sip)
		if err != nil {
			return false
		}
		defer c.Close()
		deadline, _ := ctx.Deadline()
		if err := c.SetDeadline(deadline); err != nil {
			return false
		}
		tag := fmt.Sprint(rand.Uint64())
		fmt.Fprintf(c, "OPTIONS sip:%[1]s SIP/2.0\r\nVia: SIP/2.0/TCP %[2]s;rport;branch=z9hG4bK%[3]s\r\nMax-Forwards: 70\r\nFrom: <sip:t@%[2]s>;tag=%[3]s\r\nTo: <sip:%[1]s>\r\nCall-ID: %[3]s\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
			b.sip, c.LocalAddr(), tag)
		answer := make([]byte, 2000)
		n, err := c.Read(answer)
		return err == nil && bytes.HasPrefix(answer[:n], []byte("SIP/2.0 "))
	})
}

// otherBoard is a bundle with the same slot for another board, rightly signed.
func otherBoard(t *testing.T, whole []byte, keyFile string) []byte {
	t.Helper()
	key, err := readKey(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	r, err := bundle.Read(bytes.NewReader(whole), key.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	slot, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	m := r.Manifest
	m.Board = "other"
	var b bytes.Buffer
	if err := bundle.Write(&b, m, bytes.NewReader(slot), key); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
