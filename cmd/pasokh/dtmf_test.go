package main

import (
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// pressed is a key and how long it was held, ms.
type pressed struct {
	key string
	ms  int
}

// TestKeysFromAnyToAny: every way to press a key reaches every kind of phone, once, as
// long as it was held, and only in that phone's way. A baresip presses by events or plays tones that sox made, a
// linphone presses by INFO; another baresip is told. Events are read by tshark, tones by
// multimon-ng in what that phone recorded, INFO in the box's trace.
func TestKeysFromAnyToAny(t *testing.T) {
	t.Parallel()
	needTool(t, "sox")
	needTool(t, "multimon-ng")
	ways := []config.DTMF{config.DTMFEvents, config.DTMFInfo, config.DTMFInband}
	for _, from := range ways {
		for _, to := range ways {
			t.Run(fmt.Sprintf("%s to %s", from, to), func(t *testing.T) {
				t.Parallel() // most of it is waiting: each has a box and phones of its own
				keysAcross(t, from, to)
			})
		}
	}
}

func keysAcross(t *testing.T, from, to config.DTMF) {
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		for i := range c.Extensions {
			switch c.Extensions[i].Number {
			case "1001":
				c.Extensions[i].DTMF = from
			case "1002":
				c.Extensions[i].DTMF = to
			}
		}
	})
	file, _, stop := capture(t)
	b := startBaresip(d, "B", 0)
	keys := "15#0"
	var press func(key string)
	var hangup func()
	held := 180 // ms, as baresip's events are
	if from == config.DTMFInfo {
		a := startLinphone(d, "A", 0, "udp", "use_info=1\nuse_rfc2833=0")
		a.do("call sip:1002@" + d.env["SIP_HOST"] + ":" + d.env["SIP_PORT"])
		b.wait("CALL_INCOMING", 10*time.Second)
		b.do("accept", "")
		b.wait("CALL_ESTABLISHED", 10*time.Second)
		press, hangup, held = a.do, func() { a.do("terminate") }, 250
		keys = keys[:1] // this one sends no more than the first of a call by INFO
	} else {
		a := startBaresip(d, "A", 0)
		talk(d, a, b, "1002")
		press, hangup = func(key string) { a.do("sndcode", key) }, func() { a.do("hangup", "") }
		if from == config.DTMFInband {
			held = 120
			press = func(key string) {
				if key == keys[:1] {
					a.do("ausrc", "aufile,"+soxKeys(t, keys, held))
				}
			}
		}
	}
	eventually(t, 10*time.Second, "a second of sound", func() bool { return b.recorded() > 2*8000 })
	size := b.recorded()
	for _, key := range strings.Split(keys, "") {
		press(key)
		size += 2 * 8000 / 2 // half a second each
		eventually(t, 10*time.Second, "the sound of a key", func() bool { return b.recorded() > size })
	}
	size += 2 * 8000
	eventually(t, 10*time.Second, "a second of silence", func() bool { return b.recorded() > size })
	id := d.state().Calls[0].ID
	hangup()
	b.wait("CALL_CLOSED", 10*time.Second)
	stop()

	trace := d.cli("calls", "show", string(id), "--sip")
	seen := map[config.DTMF][]pressed{
		config.DTMFEvents: eventsTo(t, file, trace),
		config.DTMFInfo:   infosIn(t, trace),
		config.DTMFInband: tonesIn(t, b),
	}
	var want []pressed
	for _, key := range strings.Split(keys, "") {
		want = append(want, pressed{key, held})
	}
	for way, got := range seen {
		if way != to {
			if len(got) > 0 {
				t.Errorf("keys come by %s too: %v", way, got)
			}
			continue
		}
		if !slices.EqualFunc(got, want, func(x, y pressed) bool { return x.key == y.key && x.ms > y.ms-20 && x.ms < y.ms+20 }) {
			t.Errorf("told %v, pressed %v", got, want)
		}
	}
}

// soxKeys is a file of keys as sox makes them, half a second each.
func soxKeys(t *testing.T, keys string, ms int) string {
	t.Helper()
	rows, columns := []string{"697", "770", "852", "941"}, []string{"1209", "1336", "1477", "1633"}
	dir := t.TempDir()
	sox := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("sox", args...).CombinedOutput(); err != nil {
			t.Fatalf("sox %v: %v\n%s", args, err, out)
		}
	}
	var parts []string
	for i, k := range keys {
		at := strings.IndexRune("123A456B789C*0#D", k)
		name := filepath.Join(dir, fmt.Sprintf("%d.wav", i))
		sox("-n", "-r", "8000", "-b", "16", name, "synth", fmt.Sprint(float64(ms)/1000), "sine", rows[at/4], "sine", columns[at%4],
			"remix", "-", "gain", "-8", "pad", "0.2", fmt.Sprint(0.3-float64(ms)/1000))
		parts = append(parts, name)
	}
	all := filepath.Join(dir, "keys.wav")
	silence := filepath.Join(dir, "silence.wav")
	sox("-n", "-r", "8000", "-b", "16", "-c", "1", silence, "trim", "0", "60")
	sox(append(append(parts, silence), all)...)
	return all
}

// eventsTo are the telephone-events that the box has sent, as tshark reads them.
func eventsTo(t *testing.T, file, trace string) (list []pressed) {
	t.Helper()
	args := []string{"-r", file, "-n", "-Y", "rtpevent", "-d", "rtp.pt==101,rtpevent", "-T", "fields", "-e", "udp.srcport",
		"-e", "rtp.timestamp", "-e", "rtpevent.event_id", "-e", "rtpevent.duration", "-e", "rtpevent.end_of_event"}
	ours := make(map[string]bool)
	described := false
	for line := range strings.Lines(trace) {
		line = strings.TrimSpace(line)
		var port int
		if strings.HasPrefix(line, "s=") {
			described = line == "s=pasokh"
		} else if _, err := fmt.Sscanf(line, "m=audio %d", &port); err == nil {
			args = append(args, "-d", fmt.Sprintf("udp.port==%d,rtp", port))
			if described {
				ours[strconv.Itoa(port)] = true
			}
		}
	}
	if len(ours) != 2 {
		t.Fatalf("the box described the ports %v", slices.Collect(maps.Keys(ours)))
	}
	out, err := exec.Command("tshark", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) != 5 || !ours[f[0]] {
			continue
		}
		event, _ := strconv.Atoi(f[2])
		ticks, _ := strconv.Atoi(f[3])
		k := pressed{"0123456789*#ABCD"[event : event+1], ticks / 8}
		if f[0]+f[1] != last {
			list = append(list, k)
			last = f[0] + f[1]
		}
		list[len(list)-1] = k
	}
	return list
}

var (
	infoTo     = regexp.MustCompile(`^\d\d:\d\d:\d\d\.\d+ (to|from) `)
	infoSignal = regexp.MustCompile(`^Signal\s*=\s*(\S)`)
	infoLength = regexp.MustCompile(`^Duration\s*=\s*(\d+)`)
)

// infosIn are the keys that the box has told by INFO.
func infosIn(t *testing.T, trace string) (list []pressed) {
	t.Helper()
	sent, info := false, false
	for line := range strings.Lines(trace) {
		line = strings.TrimSpace(line)
		if m := infoTo.FindStringSubmatch(line); m != nil {
			sent, info = m[1] == "to", false
		}
		info = info || strings.HasPrefix(line, "INFO ")
		if !sent || !info {
			continue
		}
		if m := infoSignal.FindStringSubmatch(line); m != nil {
			list = append(list, pressed{key: m[1]})
		}
		if m := infoLength.FindStringSubmatch(line); m != nil && len(list) > 0 {
			list[len(list)-1].ms, _ = strconv.Atoi(m[1])
		}
	}
	return list
}

// tonesIn are the keys that multimon-ng hears in what a phone recorded, and how long
// each sounds.
func tonesIn(t *testing.T, b *baresip) (list []pressed) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(b.dir, "*dec.wav"))
	if len(files) != 1 {
		t.Fatalf("recorded %v", files)
	}
	raw := filepath.Join(t.TempDir(), "heard.raw")
	if out, err := exec.Command("sox", files[0], "-r", "22050", "-e", "signed", "-b", "16", "-c", "1", raw).CombinedOutput(); err != nil {
		t.Fatalf("sox: %v\n%s", err, out)
	}
	out, err := exec.Command("multimon-ng", "-q", "-a", "DTMF", "-t", "raw", raw).CombinedOutput()
	if err != nil {
		t.Fatalf("multimon-ng: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if key, ok := strings.CutPrefix(strings.TrimSpace(line), "DTMF: "); ok {
			list = append(list, pressed{key: key})
		}
	}
	// The first of a tone is heard before it is known for a key.
	sounds := slices.DeleteFunc(soundsIn(b.heard()), func(ms int) bool { return ms < 30 })
	if len(sounds) == 0 {
		return nil
	}
	for i, ms := range sounds {
		if i < len(list) {
			list[i].ms = ms
		}
	}
	return list
}

// soundsIn is how long each sound between silences lasts, ms.
func soundsIn(pcm []int16) (list []int) {
	const window = 40 // 5 ms
	length, quiet := 0, 0
	for ; len(pcm) >= window; pcm = pcm[window:] {
		loud := slices.ContainsFunc(pcm[:window], func(v int16) bool { return v > 500 || v < -500 })
		switch {
		case loud:
			length, quiet = length+quiet+5, 0
		case length > 0:
			if quiet += 5; quiet >= 40 {
				list = append(list, length)
				length, quiet = 0, 0
			}
		}
	}
	return list
}
