package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// cardSize is that of the card in the board, in bytes: larger than the image, and a power
// of two, as cards are for qemu.
const cardSize = 256 * mebi

// box is a virtual board with a card and a wire.
type box struct {
	*wire
	t       *testing.T   // of whoever looks at it now
	board   []string     // qemu's program and arguments
	client  *http.Client // signed in, once somebody is
	card    string
	console string

	mu      sync.Mutex
	qemu    *exec.Cmd
	power   context.Context // ends when it goes, and what waits for the box with it
	noPower context.CancelFunc
}

// newBox is a board (arm64, arm32 or a pi) with a copy of a card.
func newBox(t *testing.T, card string, board []string) *box {
	t.Helper()
	dir := t.TempDir()
	b := &box{t: t, wire: newWire(t), board: board, card: filepath.Join(dir, "card"), console: filepath.Join(dir, "console")}
	f, err := os.Create(b.card)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := sparse(f, 0, card); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(cardSize); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.cut()
		if t.Failed() {
			text, _ := os.ReadFile(b.console)
			t.Logf("console:\n%s", text[max(0, len(text)-6000):])
		}
	})
	return b
}

// start switches the board on and waits for its page.
func (b *box) start(options ...string) {
	b.t.Helper()
	console, err := os.OpenFile(b.console, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		b.t.Fatal(err)
	}
	defer console.Close()
	args := slices.Concat(b.board[1:], options, []string{"-netdev", "tap,id=wire,script=no,downscript=no,ifname=" + hereDev})
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "CARD", b.card)
	}
	cmd := exec.Command(b.board[0], args...)
	cmd.Stdout, cmd.Stderr = console, console
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	began := time.Now()
	b.in(func() { err = cmd.Start() })
	if err != nil {
		b.t.Fatal(err)
	}
	b.mu.Lock()
	b.qemu = cmd
	b.power, b.noPower = context.WithCancel(context.Background())
	b.mu.Unlock()
	b.eventually(3*time.Minute, "the page", b.up)
	b.t.Logf("page %v after the power", time.Since(began).Round(100*time.Millisecond))
}

// cut takes the power away.
func (b *box) cut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.qemu == nil {
		return
	}
	_ = b.qemu.Process.Kill()
	_ = b.qemu.Wait() // it was killed
	b.qemu = nil
	b.noPower()
}

func (b *box) eventually(most time.Duration, what string, true func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(most); !true(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("%s did not come in %v", what, most)
		}
	}
}

// said is what the board has written on its console.
func (b *box) said() []byte {
	b.t.Helper()
	text, err := os.ReadFile(b.console)
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

// starts is how often the boot loader has chosen a slot.
func (b *box) starts() int { return bytes.Count(b.said(), []byte("pasokh: slot ")) }

// restart restarts the board through its page and waits until it starts, and then for its
// page or, of a version that does not work, the next start.
func (b *box) restart() {
	b.t.Helper()
	before := b.starts()
	b.post("/api/appliance/restart", struct{}{})
	b.eventually(time.Minute, "a restart", func() bool { return b.starts() > before })
	b.eventually(5*time.Minute, "the page after a restart", func() bool { return b.starts() > before+1 || b.up() })
}
