package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/record"
	"github.com/pasokh/pasokh/webui/api"
)

// onSmallDisk starts the demo box with its recordings on a disk of so many bytes, a tmpfs
// in a mount namespace of the box's own. It returns where that disk is seen from here.
func onSmallDisk(t *testing.T, size int) (d *demo, disk string) {
	t.Helper()
	needTool(t, "unshare")
	how := []string{"-m"}
	if os.Getuid() != 0 {
		how = []string{"-rm"}
	}
	try := exec.Command("unshare", append(how, "mount", "-t", "tmpfs", "tmpfs", t.TempDir())...)
	if out, err := try.CombinedOutput(); err != nil {
		missingTool(t, fmt.Sprintf("the right to mount in a namespace of one's own: %v %s", err, out))
	}
	d = newDemo(t)
	d.args = append(d.args, "--demo")
	recordings := filepath.Join(d.dir, "recordings")
	if err := os.Mkdir(recordings, 0o700); err != nil {
		t.Fatal(err)
	}
	mount := fmt.Sprintf(`mount -t tmpfs -o size=%d,mode=700 tmpfs "$1" && shift && exec "$@"`, size)
	d.under = append(append([]string{"unshare"}, how...), "sh", "-c", mount, "sh", recordings)
	d.start()
	return d, fmt.Sprintf("/proc/%d/root%s", d.cmd.Process.Pid, recordings)
}

// TestASmallDiskFills is a real disk that somebody else fills while a call is recorded:
// the recording ends, an alarm is on and the page no longer says that it records; the
// parties talk on; nothing new is recorded; and with room again the next call is.
func TestASmallDiskFills(t *testing.T) {
	t.Parallel()
	d, disk := onSmallDisk(t, 8<<20)
	d.configure(recordAll(config.RecordAlways))
	d.configure(func(c *config.Config) { c.Recording.MinFree = 1 })
	caller, called, a, b := talking(d)
	recording := func(want string) {
		t.Helper()
		d.becomes(10*time.Second, "recording "+want, func(s api.State) bool { return len(s.Calls) == 1 && s.Calls[0].Recording == want })
	}
	alarm := func(want bool) {
		t.Helper()
		d.becomes(10*time.Second, fmt.Sprint("alarm ", want), func(s api.State) bool {
			for _, p := range s.Health {
				if p.ID == "recording-stopped" {
					return want
				}
			}
			return !want
		})
	}
	recording("on")
	time.Sleep(2 * time.Second)

	filler := filepath.Join(disk, "filler")
	if err := os.WriteFile(filler, make([]byte, 7<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	alarm(true)
	recording("off")
	first, _ := d.entry(0)
	if first.State != record.Kept || first.Why == "" || first.Length < 1500 || first.Lost != 0 {
		t.Errorf("%+v", first)
	}
	if info, err := os.Stat(filepath.Join(disk, first.ID[:4], first.ID[4:6], first.ID[6:8], first.ID+".wav")); err != nil || info.Size() != first.Size {
		t.Errorf("the file: %v %v, want %d bytes", info, err, first.Size)
	}
	time.Sleep(time.Second)
	hearsTone(t, "the caller", caller, 1400)
	hearsTone(t, "who was called", called, 1000)
	if h := called.Audio().Measure(0, 0); h.Lost != 0 || h.Breaks != 0 {
		t.Errorf("the talk lost %d packets and broke %d times", h.Lost, h.Breaks)
	}
	caller.Hangup()
	d.becomes(5*time.Second, "end", func(s api.State) bool { return len(s.Calls) == 0 })

	again := func() {
		caller = a.call("1002")
		called = b.answers()
		up(t, caller)
	}
	again()
	time.Sleep(1500 * time.Millisecond)
	if list := d.recordings(); len(list) != 1 {
		t.Errorf("recorded on a full disk: %+v", list)
	}
	hearsTone(t, "the caller of the second call", caller, 1400)
	caller.Hangup()
	d.becomes(5*time.Second, "end", func(s api.State) bool { return len(s.Calls) == 0 })

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	alarm(false)
	again()
	recording("on")
	time.Sleep(2 * time.Second)
	caller.Hangup()
	if last, n := d.entry(0); n != 2 || last.State != record.Kept || last.Why != "" || last.Length < 1500 {
		t.Errorf("%d recordings, the last %+v", n, last)
	}
}

// entry is the recording with an index, the newest first, once none goes on, and how many
// there are.
func (d *demo) entry(i int) (e record.Entry, n int) {
	d.t.Helper()
	eventually(d.t, 5*time.Second, "closed recordings", func() bool {
		list := d.recordings()
		if len(list) <= i || list[i].State == record.Going {
			return false
		}
		e, n = list[i], len(list)
		return true
	})
	return e, n
}
