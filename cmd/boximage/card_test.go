package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/disk"
)

// survives: the box starts and carries calls with a clock at 1970, with no room on its
// card, and with a data partition that nobody can read.
func (b *box) survives() {
	before := b.now()
	b.cut()
	b.start("-rtc", "base=1970-01-01T00:00:00")
	b.signIn()
	if now := b.now(); now.Before(before.Add(-time.Minute)) {
		b.t.Errorf("with its clock at 1970 it is %v for the box, which knew %v before", now, before)
	}
	b.cut()

	b.fill()
	b.start()
	b.signIn()
	b.knows(extension)
	b.answersSIP()
	b.eventually(time.Minute, "the page tells of the full disk", func() bool {
		var health []byte
		b.get("/api/health", &health)
		return strings.Contains(string(health), `"disk-`)
	})
	b.cut()

	b.withData(func(data string) {
		f, err := os.OpenFile(data, os.O_WRONLY, 0)
		if err != nil {
			b.t.Fatal(err)
		}
		noise := rand.NewChaCha8([32]byte{})
		_, err = io.CopyN(f, noise, mebi)
		if err := errors.Join(err, f.Close()); err != nil {
			b.t.Fatal(err)
		}
	})
	said := len(b.said())
	b.start()
	b.eventually(30*time.Second, "another set-up code", func() bool { return setUpCode.Match(b.said()[said:]) })
	b.claim()
	b.runs("2.0", "b")
	b.answersSIP()
}

func (b *box) now() time.Time {
	b.t.Helper()
	var clock struct{ Now time.Time }
	b.get("/api/care/time", &clock)
	return clock.Now
}

// fill leaves no room on the owner's partition.
func (b *box) fill() {
	b.t.Helper()
	b.withData(func(data string) {
		run := func(input, name string, args ...string) string {
			cmd := exec.Command(name, args...)
			cmd.Stdin, cmd.Env = strings.NewReader(input), append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin", "LC_ALL=C")
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if err != nil && !(name == "e2fsck" && errors.As(err, &exit) && exit.ExitCode() == 1) { // it has mended what the loss of power left
				b.t.Fatalf("%s: %v\n%s", name, err, out)
			}
			return string(out)
		}
		run("", "e2fsck", "-fy", data)
		var free int
		for line := range strings.Lines(run("", "dumpe2fs", "-h", data)) {
			if text, found := strings.CutPrefix(line, "Free blocks:"); found {
				fmt.Sscan(text, &free)
			}
		}
		run(fmt.Sprintf("write %s filler\nfallocate filler 1 %d\n", os.DevNull, free-16), "debugfs", "-w", data)
		b.t.Logf("of %d free blocks of the data partition 16 are left", free)
	})
}

// withData has the owner's partition changed as a file.
func (b *box) withData(change func(file string)) {
	b.t.Helper()
	card, err := os.OpenFile(b.card, os.O_RDWR, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	defer card.Close()
	table, err := disk.Read(card)
	if err != nil {
		b.t.Fatal(err)
	}
	part := table.Partitions[disk.DataPartition-1]
	at, size := int64(part.Start)*disk.SectorSize, int64(part.Count)*disk.SectorSize
	whole, err := io.ReadAll(io.NewSectionReader(card, at, size))
	if err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join(b.t.TempDir(), "data")
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		b.t.Fatal(err)
	}
	change(file)
	changed, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	if bytes.Equal(changed, whole) {
		b.t.Fatal("nothing was changed")
	}
	if _, err := card.WriteAt(changed, at); err != nil {
		b.t.Fatal(err)
	}
}
