package main

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// capture writes what goes over loopback to a file until stop is called. Meanwhile a
// packet every 10 ms goes to a port of its own, which tells when the machine stood still.
func capture(t *testing.T) (file string, metronome uint16, stop func()) {
	t.Helper()
	needTool(t, "tshark")
	file = filepath.Join(t.TempDir(), "udp.pcap")
	c := exec.Command("tshark", "-i", "lo", "-n", "-f", "udp", "-F", "pcap", "-w", file)
	var says strings.Builder
	c.Stderr = &says
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	stop = func() {
		_ = c.Process.Signal(syscall.SIGINT)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = c.Process.Kill()
		}
	}
	t.Cleanup(stop)
	beats, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = beats.Close() })
	at := beats.LocalAddr().(*net.UDPAddr)
	go func() {
		for grid := clock.NewGrid(clock.System(), 10*time.Millisecond); ; {
			if _, _, ok := grid.Wait(t.Context()); !ok {
				return
			}
			_, _ = beats.WriteTo([]byte("beat"), at)
		}
	}()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		select {
		case <-ended:
			missingTool(t, "the right to capture: "+says.String())
		default:
		}
		if out, _ := exec.Command("tshark", "-r", file, "-n", "-c", "1", "-T", "fields", "-e", "frame.number").Output(); len(out) > 0 {
			return file, uint16(at.Port), stop
		}
		if time.Now().After(end) {
			t.Fatalf("tshark captures nothing: %s", says.String())
		}
	}
}

// times are when packets went to a port.
func times(t *testing.T, file string, port uint16) (list []time.Time) {
	t.Helper()
	out, err := exec.Command("tshark", "-r", file, "-n", "-Y", fmt.Sprintf("udp.dstport==%d", port), "-T", "fields", "-e", "frame.time_epoch").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		var at float64
		if _, err := fmt.Sscan(line, &at); err != nil {
			t.Fatal(err)
		}
		list = append(list, time.UnixMicro(int64(at*1e6)))
	}
	return list
}

// stood is the longest that the machine stood still between two moments.
func stood(beats []time.Time, from, to time.Time) (longest time.Duration) {
	for i, at := range beats[1:] {
		if at.After(from) && beats[i].Before(to) {
			longest = max(longest, at.Sub(beats[i])-10*time.Millisecond)
		}
	}
	return longest
}

// packet is one packet of RTP as tshark reads it.
type packet struct {
	at      time.Time
	ssrc    string
	seq     uint16
	ts      uint32
	payload int
}

// sentTo reads the RTP that was sent to a port.
func sentTo(t *testing.T, file string, port uint16) (list []packet) {
	t.Helper()
	out, err := exec.Command("tshark", "-r", file, "-n", "-d", fmt.Sprintf("udp.port==%d,rtp", port), "-Y", fmt.Sprintf("udp.dstport==%d", port),
		"-T", "fields", "-e", "frame.time_epoch", "-e", "rtp.ssrc", "-e", "rtp.seq", "-e", "rtp.timestamp", "-e", "rtp.p_type").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		var p packet
		var at float64
		if _, err := fmt.Sscan(line, &at, &p.ssrc, &p.seq, &p.ts, &p.payload); err != nil {
			t.Fatalf("tshark reads no RTP in %q: %v", line, err)
		}
		p.at = time.UnixMicro(int64(at * 1e6))
		list = append(list, p)
	}
	return list
}

// hearsOther waits until a call hears something, and nothing of the tone.
func hearsOther(t *testing.T, who string, c *phone.Call, hz int) {
	t.Helper()
	eventually(t, 10*time.Second, who+" hearing something else", func() bool {
		h := c.Audio().Measure(hz, 400*time.Millisecond)
		return h.Share < 0.05 && h.Level > 200
	})
}

// TestALegIsOneStream: through ten holds, music, a prompt, three transfers and a
// conference a phone is sent one stream: one source, no number left out, no step back,
// and no pause but those in which it held the box or the whole machine stood still.
func TestALegIsOneStream(t *testing.T) {
	file, metronome, stop := capture(t)
	d := startDemo(t)
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	hears(t, "1001", ours, toneB)

	type pause struct{ from, to time.Time }
	var pauses []pause
	for range 5 {
		hold(t, theirs, true)
		hearsOther(t, "1001", ours, toneB)
		hold(t, theirs, false)
		hears(t, "1001 again", ours, toneB)
		from := time.Now()
		hold(t, ours, true)
		sentNothing(t, "holding 1001", ours)
		hold(t, ours, false)
		pauses = append(pauses, pause{from, time.Now()})
		hears(t, "1001 again", ours, toneB)
	}

	target := soon(c)
	outcome(t, 200, blind(theirs, "1003"))
	third := <-target
	hears(t, "1001, transferred,", ours, toneC)
	hold(t, third, true)
	target = soon(b)
	consult := c.call("1002")
	up(t, consult)
	back := <-target
	outcome(t, 200, func(ctx context.Context) (int, error) { return third.TransferTo(ctx, consult) })
	hears(t, "1001, transferred back,", ours, toneB)
	outcome(t, 200, blind(back, demoConference))
	d.becomes(10*time.Second, "member", func(s api.State) bool { return len(s.Conferences) == 1 && len(s.Conferences[0].Members) == 1 })
	alone := len(ours.Audio().Heard())
	eventually(t, 30*time.Second, "prompt and music", func() bool { return len(ours.Audio().Heard()) > alone+9*8000 })
	waited := ours.Audio().Heard()
	for _, h := range []*handset{b, c} {
		up(t, h.call(demoConference))
	}
	hearsJust(t, "1001 in the conference", ours, toneB, toneC)
	port := ours.Audio().Local().Port()
	ours.Hangup()
	stop()
	// Looked at only now: it takes a processor that the box may need.
	wantSaid(t, waited, speech.Phrase("fa", "conference-alone"))
	if !isMusic(waited) {
		t.Error("1001 heard no music alone in the conference")
	}

	list := sentTo(t, file, port)
	if len(list) < 500 {
		t.Fatalf("tshark saw %d packets", len(list))
	}
	beats := times(t, file, metronome)
	longest, rests := time.Duration(0), 0
	for i, p := range list[1:] {
		was := list[i]
		gap, step := p.at.Sub(was.at), time.Duration(int32(p.ts-was.ts))*time.Second/8000
		switch {
		case p.ssrc != was.ssrc:
			t.Errorf("packet %d: source %s after %s", i+1, p.ssrc, was.ssrc)
		case p.seq != was.seq+1:
			t.Errorf("packet %d: number %d after %d", i+1, p.seq, was.seq)
		case step <= 0:
			t.Errorf("packet %d: its time is %v after the last one's", i+1, step)
		}
		real := false
		for _, x := range pauses {
			real = real || was.at.After(x.from.Add(-60*time.Millisecond)) && p.at.Before(x.to.Add(100*time.Millisecond)) && gap > 300*time.Millisecond
		}
		if real {
			rests++
			if d := step - gap; d < -100*time.Millisecond || d > 100*time.Millisecond {
				t.Errorf("packet %d: %v went by and %v are told", i+1, gap, step)
			}
			continue
		}
		if gap -= stood(beats, was.at, p.at); gap > 60*time.Millisecond {
			t.Errorf("packet %d comes %v after the last one", i+1, gap)
		}
		longest = max(longest, gap)
	}
	t.Logf("%d packets of source %s, longest gap %v, %d pauses", len(list), list[0].ssrc, longest, rests)
	if rests != len(pauses) {
		t.Errorf("%d pauses, want those of %d holds", rests, len(pauses))
	}
}
