package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestAppliance flashes an image onto a card of qemu's ARM board and starts it through
// U-Boot, as a real board would start. The box is claimed, called and updated; then
// copies of its card meet versions that do not work, power that goes at any moment, and
// cards and clocks that are not as they should be.
//
// IMAGE_TEST=1 (make test-image) runs it, as root: the boards have networks of their own.
// KILLS is how often the power goes.
func TestAppliance(t *testing.T) {
	onDemand(t)
	v := newVersions(t)
	b := newBox(t, v.image, arm64())
	step := func(name string, do func(t *testing.T)) {
		if !t.Run(name, func(t *testing.T) { b.t = t; do(t) }) {
			t.FailNow()
		}
	}
	step("starts and is claimed", func(*testing.T) {
		b.start()
		b.claim()
		b.runs("1.0", "a")
		b.answersSIP()
	})
	step("takes little memory and opens few ports", func(*testing.T) { b.modest() })
	step("carries a call", func(t *testing.T) { b.carries(t) })
	step("refuses what is not for it", func(t *testing.T) { b.refuses(t, v) })
	var took time.Duration
	step("takes a new version", func(t *testing.T) {
		began := time.Now()
		if code, err := b.update(v.good); err != nil || code != "" {
			t.Fatal(code, err)
		}
		took = time.Since(began)
		t.Logf("an update of %d MB takes %v", len(v.good)/mebi, took.Round(100*time.Millisecond))
		b.restart()
		b.signIn()
		b.answersSIP()
		b.confirmed("2.0")
	})
	b.cut()

	// From here on everybody has a copy of that card.
	for name, bundle := range map[string][]byte{"crashes": v.crash, "hangs": v.hang, "is silent": v.silent} {
		t.Run("goes back from a version that "+name, func(t *testing.T) {
			t.Parallel()
			b := copied(t, b.card)
			b.goesBack(bundle)
			if name == "crashes" {
				b.toldOfEnds()
			}
		})
	}
	kills := 4
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
		kills = n
	}
	t.Run("survives losses of power", func(t *testing.T) {
		t.Parallel()
		copied(t, b.card).losesPower(kills, v.good, took)
	})
	t.Run("survives its card and clock", func(t *testing.T) {
		t.Parallel()
		copied(t, b.card).survives()
	})
}

// onDemand skips a test that needs a kernel from Debian and minutes.
func onDemand(t *testing.T) {
	t.Helper()
	if os.Getenv("IMAGE_TEST") == "" {
		t.Skip("make test-image runs it: it fetches a kernel and takes minutes")
	}
}

// copied is a box that runs version 2.0 with what the first one has kept.
func copied(t *testing.T, card string) *box {
	t.Helper()
	b := newBox(t, card, arm64())
	b.start()
	b.signIn()
	b.runs("2.0", "b")
	return b
}

// confirmed waits until a version has proved itself.
func (b *box) confirmed(version string) {
	b.t.Helper()
	b.eventually(3*time.Minute, "the confirmation of "+version, func() bool { a := b.appliance(); return a.Version == version && !a.Trial })
}

func (b *box) refuses(t *testing.T, v versions) {
	for name, c := range map[string]struct {
		bundle []byte
		code   string
	}{
		"a stranger's":      {v.stranger, "not-signed"},
		"for another board": {v.otherBoard, "other-board"},
		"older":             {v.older, "older"},
		"truncated":         {v.good[:len(v.good)-4096], "not-complete"},
		"damaged":           {damaged(v.good), "not-signed"},
		"no update":         {[]byte("<!doctype html>"), "no-update"},
	} {
		if code, err := b.update(c.bundle); err != nil || code != c.code {
			t.Errorf("%s: %q, want %q; %v", name, code, c.code, err)
		}
	}
	b.runs("1.0", "a")
}

// extension and echo are what a call needs.
const (
	extension, secret = "101", "secret-of-101"
	echo              = "600"
)

// carries has a phone register and call the echo, which must send its tone back.
func (b *box) carries(t *testing.T) {
	if err := b.add("extensions", map[string]any{"number": extension, "name": "Sara", "secret": secret}); err != nil {
		t.Fatal(err)
	}
	if err := b.add("services", map[string]any{"number": echo, "kind": "echo"}); err != nil {
		t.Fatal(err)
	}
	p := b.newPhone(t, extension, secret)
	b.eventually(20*time.Second, "the phone's registration", func() bool {
		var s struct{ Phones []struct{ Extension string } }
		b.get("/api/state", &s)
		return len(s.Phones) == 1 && s.Phones[0].Extension == extension
	})
	p.do("dial", echo)
	time.Sleep(6 * time.Second) // the call
	p.do("hangup", "")
	heard := p.heard()
	if len(heard) < 4*8000 {
		t.Fatalf("only %d samples were heard", len(heard))
	}
	share := toneShare(heard[len(heard)-3*8000:len(heard)-8000], toneHz)
	t.Logf("share of the tone in what comes back: %.2f", share)
	if share < 0.5 {
		t.Error("the tone does not come back")
	}
}

var (
	memory = regexp.MustCompile(`(?m)^(\w+): +(\d+) kB$`)
	// A socket that anybody can reach: of TCP one that listens (0A), of UDP one without a
	// peer (07), and not on 127.0.0.0/8 or ::1.
	socket = regexp.MustCompile(`(?m)^ *\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:0000 (0A|07) `)
)

// modest: an idle box takes less than 120 MB, as free(1) counts: without what the kernel
// remembers of files and can read again. Nobody reaches more of it than the page, SIP, SIP
// over TLS and the answers to its name.
func (b *box) modest() {
	text := b.machine()
	kilo := map[string]int{}
	for _, m := range memory.FindAllStringSubmatch(text, -1) {
		kilo[m[1]], _ = strconv.Atoi(m[2])
	}
	taken := (kilo["MemTotal"] - kilo["MemFree"] - kilo["Buffers"] - kilo["Cached"] + kilo["Shmem"] - kilo["SReclaimable"]) / 1024
	b.t.Logf("the idle box takes %d MB of %d", taken, kilo["MemTotal"]/1024)
	if taken <= 0 || taken >= 120 {
		b.t.Errorf("that is too much, or not known:\n%s", text)
	}
	var open []string
	b.eventually(time.Minute, "an answerer to its name (mDNS)", func() bool {
		open = openPorts(b.machine())
		return slices.Contains(open, "udp 5353")
	})
	if want := []string{"tcp 443", "tcp 5060", "tcp 5061", "udp 5060", "udp 5353"}; !slices.Equal(open, want) {
		b.t.Errorf("open ports %q, want %q", open, want)
	}
}

// openPorts are those that the kernel lets others reach.
func openPorts(machine string) (open []string) {
	for _, m := range socket.FindAllStringSubmatch(machine, -1) {
		if strings.HasSuffix(m[1], "7F") || m[1] == "00000000000000000000000001000000" {
			continue
		}
		port, _ := strconv.ParseUint(m[2], 16, 16) // four hexadecimal digits
		open = append(open, fmt.Sprint(map[string]string{"0A": "tcp", "07": "udp"}[m[3]], " ", port))
	}
	slices.Sort(open)
	return slices.Compact(open)
}

// goesBack updates to a version that does not work, and waits for the one before.
func (b *box) goesBack(bundle []byte) {
	b.t.Helper()
	if code, err := b.update(bundle); err != nil || code != "" {
		b.t.Fatal(code, err)
	}
	began, before := time.Now(), b.starts()
	b.restart()
	b.eventually(5*time.Minute, "the version before", func() bool { return b.starts() >= before+2 && b.up() })
	b.t.Logf("back after %v and %d starts", time.Since(began).Round(time.Second), b.starts()-before)
	b.signIn()
	b.runs("2.0", "b")
	b.answersSIP()
	b.knows(extension)
}

// toldOfEnds: what process 1 has kept of a crash is on the page after the restart.
func (b *box) toldOfEnds() {
	b.t.Helper()
	var a struct{ Ends []struct{ How string } }
	b.get("/api/appliance", &a)
	if len(a.Ends) == 0 || a.Ends[0].How != "exit status 3" {
		b.t.Errorf("ends of the version that crashed: %+v", a.Ends)
	}
	var health []byte
	b.get("/api/health", &health)
	if !strings.Contains(string(health), "program-ended") {
		b.t.Errorf("the page does not tell of it: %s", health)
	}
}

// knows: these extensions are there.
func (b *box) knows(numbers ...string) {
	b.t.Helper()
	list, _, err := b.things("extensions")
	if err != nil {
		b.t.Fatal(err)
	}
	for _, n := range numbers {
		if !slices.Contains(list, n) {
			b.t.Fatalf("extension %s is lost of %v", n, list)
		}
	}
}

// losesPower takes the power away n times while a version is written and settings are
// changed. Whenever it goes, the box starts a version that works, with every setting that
// it had acknowledged.
func (b *box) losesPower(n int, bundle []byte, took time.Duration) {
	kept := []string{extension}
	for i := range n {
		changed := make(chan []string)
		first := make(chan struct{})
		go func() { changed <- b.change(1000+100*i, first) }()
		<-first
		after := rand.N(took)
		cut := time.AfterFunc(after, b.cut)
		_, _ = b.update(bundle) // the power goes meanwhile
		kept = append(kept, <-changed...)
		cut.Stop()
		b.cut()
		b.t.Logf("loss %d, %v after the update began, with %d settings", i+1, after.Round(time.Millisecond), len(kept))
		if len(kept) <= i+1 {
			b.t.Fatal("nothing was acknowledged")
		}
		b.start()
		b.signIn()
		b.knows(kept...)
		b.answersSIP()
		b.confirmed("2.0") // at once, unless the power went when all was written
	}
}

// change adds extensions from a number on until the box is gone, and returns those that
// it has acknowledged. It tells of the first.
func (b *box) change(from int, first chan<- struct{}) (kept []string) {
	defer func() {
		if len(kept) == 0 {
			close(first)
		}
	}()
	for n := strconv.Itoa(from); ; n = strconv.Itoa(from + len(kept)) {
		if err := b.add("extensions", map[string]any{"number": n, "name": "Kept"}); err != nil {
			return kept
		}
		if kept = append(kept, n); len(kept) == 1 {
			close(first)
		}
	}
}
