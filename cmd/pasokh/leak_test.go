package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/webui/api"
)

// crowd is phones that make many short calls to each other: 1002 answers, 1003 is
// busy, 1001 lets it ring and is also who calls.
type crowd struct {
	d       *demo
	caller  *handset
	answers sync.WaitGroup
}

func newCrowd(d *demo) *crowd {
	d.t.Helper()
	// A crowd calls faster than a shop: it is not the limit that is tried here.
	d.configure(func(c *config.Config) { c.SIP.MaxCallsPerSecond = 1000 })
	k := &crowd{d: d}
	ringing := newHandset(d, "1001", 0).register()
	answering, busy := newHandset(d, "1002", toneB).register(), newHandset(d, "1003", 0).register()
	k.caller = newHandset(d, "1001", toneA)
	ctx, stop := context.WithCancel(context.Background())
	d.t.Cleanup(func() { stop(); k.answers.Wait() })
	k.answers.Go(func() {
		for {
			select {
			case c := <-answering.rings:
				if err := c.Answer(); err != nil {
					d.t.Errorf("answer: %v", err)
				}
			case c := <-busy.rings:
				c.Reject(486, "Busy Here")
			case <-ringing.rings:
			case <-ctx.Done():
				return
			}
		}
	})
	return k
}

// calls makes n calls, ten at a time: to a phone that answers, to the echo, to
// one that is busy, and one that is given up.
func (k *crowd) calls(n int) {
	k.d.t.Helper()
	kinds := []func() error{
		func() error { return k.talk("1002") },
		func() error { return k.talk(k.d.env["EXT_ECHO"]) },
		func() error { return k.refused("1003", 486) },
		func() error { return k.givenUp("1001") },
	}
	jobs := make(chan func() error, n)
	for i := range n {
		jobs <- kinds[i%len(kinds)]
	}
	close(jobs)
	var workers sync.WaitGroup
	for range 10 {
		workers.Go(func() {
			for job := range jobs {
				if err := job(); err != nil {
					k.d.t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	k.d.becomes(15*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
}

// within waits for a call's signal.
func within(c *phone.Call, what string, signal <-chan struct{}) error {
	select {
	case <-signal:
		return nil
	case <-time.After(15 * time.Second):
		c.Hangup()
		return fmt.Errorf("no %s, %s", what, c)
	}
}

func (k *crowd) talk(number string) error {
	c, err := k.caller.Call(number)
	if err != nil {
		return err
	}
	if err := within(c, "answer of "+number, c.Up()); err != nil {
		return err
	}
	for end := time.Now().Add(10 * time.Second); c.Audio().Measure(0, 0).Seconds < 0.1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			c.Hangup()
			return fmt.Errorf("%s is not heard", number)
		}
	}
	c.Hangup()
	return within(c, "end of a call to "+number, c.Done())
}

func (k *crowd) refused(number string, want int) error {
	c, err := k.caller.Call(number)
	if err != nil {
		return err
	}
	if err := within(c, "refusal by "+number, c.Done()); err != nil {
		return err
	}
	if status, reason := c.Ended(); status != want {
		return fmt.Errorf("%s refuses with %d %s, want %d", number, status, reason, want)
	}
	return nil
}

func (k *crowd) givenUp(number string) error {
	c, err := k.caller.Call(number)
	if err != nil {
		return err
	}
	if err := within(c, "ringing of "+number, c.Rang()); err != nil {
		return err
	}
	c.Hangup()
	return within(c, "end of a call that was given up", c.Done())
}

// use is what a process holds.
type use struct {
	files, threads, kilobytes int
	open                      map[string]string // the files, and whose they are
}

func (u use) String() string {
	return fmt.Sprintf("%d files, %d threads, %d KiB", u.files, u.threads, u.kilobytes)
}

// back wants the box to have no more files open than before.
func (d *demo) back(before use) {
	d.t.Helper()
	now := d.uses()
	for end := time.Now().Add(10 * time.Second); now.files > before.files && time.Now().Before(end); now = d.uses() {
		time.Sleep(100 * time.Millisecond)
	}
	if now.files > before.files {
		d.t.Errorf("the box has %d files open, had %d; new are\n%s", now.files, before.files, strings.Join(now.since(before), "\n"))
	}
}

// since names what u holds and before did not.
func (u use) since(before use) (list []string) {
	for file, whose := range u.open {
		if _, was := before.open[file]; !was {
			list = append(list, file+" "+whose)
		}
	}
	slices.Sort(list)
	return list
}

// sockets are the lines of the system's tables, by inode.
func sockets(proc string) map[string]string {
	list := map[string]string{}
	for _, table := range []string{"udp", "udp6", "tcp", "tcp6", "unix"} {
		text, _ := os.ReadFile(filepath.Join(proc, "net", table))
		for line := range strings.Lines(string(text)) {
			for _, at := range []int{6, 9} { // of unix, of the others
				if f := strings.Fields(line); len(f) > at {
					list["socket:["+f[at]+"]"] = table + " " + strings.Join(f, " ")
				}
			}
		}
	}
	return list
}

var statusField = regexp.MustCompile(`(?m)^(Threads|RssAnon):\s+(\d+)`)

func (d *demo) uses() (u use) {
	d.t.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(d.cmd.Process.Pid))
	files, err := os.ReadDir(filepath.Join(proc, "fd"))
	if err != nil {
		d.t.Fatal(err)
	}
	status, err := os.ReadFile(filepath.Join(proc, "status"))
	if err != nil {
		d.t.Fatal(err)
	}
	known := sockets(proc)
	u.open = map[string]string{}
	for _, f := range files {
		link, _ := os.Readlink(filepath.Join(proc, "fd", f.Name()))
		if strings.HasSuffix(link, ".db") {
			continue // the month's files come with the first call
		}
		u.files++
		u.open[link] = known[link]
	}
	for _, m := range statusField.FindAllSubmatch(status, -1) {
		n, _ := strconv.Atoi(string(m[2]))
		if string(m[1]) == "Threads" {
			u.threads = n
		} else {
			u.kilobytes = n
		}
	}
	return u
}

// TestNoGoroutineIsLeft runs the box in the test's own process to count its
// goroutines. It is not parallel, since other tests' would count too.
func TestNoGoroutineIsLeft(t *testing.T) {
	atRest := runtime.NumGoroutine()
	dir := t.TempDir()
	rtp := freePorts(t, 400)
	s := settings{demo: true, data: dir, listen: netip.MustParseAddr("127.0.0.1"), sipPort: freePort(t), sipsPort: freePort(t),
		httpPort: freePort(t), rtpMin: rtp, rtpMax: rtp + 399}
	var log bytes.Buffer
	b, err := newBox(s, &log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.run(ctx, io.Discard) }()
	d := &demo{t: t, dir: dir}
	eventually(t, 15*time.Second, "demo.env", func() bool {
		d.env = readEnv(demoEnv(dir))
		return d.env["ADMIN_PASS"] != ""
	})

	t.Run("calls", func(t *testing.T) {
		k := newCrowd(d.with(t))
		before := runtime.NumGoroutine()
		k.calls(100)
		settles(t, before)
	})
	stop()
	if err := <-ended; err != nil {
		t.Errorf("the box ended with %v", err)
	}
	settles(t, atRest)
	if t.Failed() {
		t.Logf("%s", log.Bytes()[max(0, log.Len()-20000):])
	}
}

// settles waits until there are no more goroutines than before. SIP transactions
// live for 32 s after their calls (RFC 3261 17, 64*T1).
func settles(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); runtime.NumGoroutine() > before; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			var stacks bytes.Buffer
			pprof.Lookup("goroutine").WriteTo(&stacks, 1)
			t.Fatalf("%d goroutines, there were %d:\n%s", runtime.NumGoroutine(), before, stacks.String())
		}
	}
}

// TestStartAndSize logs how soon a box answers and how big it is with a thousand
// extensions. They are figures and not limits: those depend on the machine.
func TestStartAndSize(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	t.Logf("the demo at rest: %v", d.uses())
	d.configure(func(c *config.Config) {
		for i := len(c.Extensions); i < 1000; i++ {
			c.Extensions = append(c.Extensions, config.Extension{Number: strconv.Itoa(20000 + i), Name: "Room " + strconv.Itoa(i),
				Secret: config.Secret(fmt.Sprintf("a secret of room %d", i)), RingFor: config.Duration(20 * time.Second)})
		}
	})
	at := d.env["SIP_HOST"] + ":" + d.env["SIP_PORT"]
	d.stop()
	began := time.Now()
	d.launch()
	eventually(t, 20*time.Second, "answer to OPTIONS", func() bool { return options(at) })
	t.Logf("answers OPTIONS %v after its start", time.Since(began).Round(10*time.Millisecond))
	eventually(t, 15*time.Second, "demo.env", func() bool { d.env = readEnv(demoEnv(d.dir)); return d.env["ADMIN_PASS"] != "" })
	t.Logf("at rest with 1000 extensions: %v", d.uses())
}
