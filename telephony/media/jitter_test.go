package media

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// numbered is a packet of n samples that are all the i-th of some telling bytes.
func numbered(i, n int) []byte {
	b := make([]byte, n)
	for k := range b {
		b[k] = byte(0x80 + i%64)
	}
	return b
}

func sampleOf(i int) int16 { return laws[PCMA].linear[byte(0x80+i%64)] }

// TestJitterMakesOrder feeds packets of one length with a delay of at most 40 ms
// each, in the order in which they would then arrive: all must be heard in order.
func TestJitterMakesOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ptime := rapid.SampledFrom([]int{10, 20, 30, 40, 60}).Draw(t, "ptime")
		start := rapid.Uint32().Draw(t, "timestamp")
		type packet struct{ at, i int } // ms
		var packets []packet
		for i := range 60 {
			at := i * ptime
			if i > 0 { // the first sets the pace
				at += rapid.IntRange(0, 20).Draw(t, "delay")
			}
			packets = append(packets, packet{at, i})
		}
		slices.SortStableFunc(packets, func(a, b packet) int { return a.at - b.at })

		var j jitter
		j.reset()
		var heard []int16
		for now := 0; now < 60*ptime+100; now += 20 {
			for len(packets) > 0 && packets[0].at < now+20 {
				p := packets[0]
				j.write(start+uint32(p.i*ptime*samplesPerMs), PCMA, numbered(p.i, ptime*samplesPerMs))
				packets = packets[1:]
			}
			var f frame
			j.read(&f)
			heard = append(heard, f[:]...)
		}
		at := slices.Index(heard, sampleOf(0))
		for k := range 60 * ptime * samplesPerMs {
			if want := sampleOf(k / (ptime * samplesPerMs)); heard[at+k] != want {
				t.Fatalf("sample %d of the sound is %d, want %d (late %d)", k, heard[at+k], want, j.late)
			}
		}
	})
}

// steady writes and reads n packets of 20 ms from number i on.
func steady(j *jitter, i, n int) (f frame) {
	for range n {
		j.write(uint32(i*160), PCMA, numbered(i, 160))
		j.read(&f)
		i++
	}
	return f
}

func TestJitterFadesOverALoss(t *testing.T) {
	var j jitter
	j.reset()
	f := steady(&j, 0, 10) // two packets wait
	j.read(&f)
	j.read(&f)
	full := f[0]
	for i := 1; i <= fadeFrames; i++ {
		if !j.read(&f) || f[0] != full>>i {
			t.Errorf("frame %d of a loss has level %d, want %d", i, f[0], full>>i)
		}
	}
	if j.read(&f) || f != (frame{}) {
		t.Error("a long loss is not silent")
	}
	if _, concealed := j.counts(); concealed != fadeFrames {
		t.Errorf("%d frames counted as made up, want %d", concealed, fadeFrames)
	}
}

func TestJitterDropsLatePackets(t *testing.T) {
	var j jitter
	j.reset()
	steady(&j, 0, 10)
	before := j.next
	j.write(2*160, PCMA, numbered(2, 160))
	if late, _ := j.counts(); late != 1 || j.next != before {
		t.Errorf("late %d, moved by %d", late, int32(j.next-before))
	}
}

func TestJitterFollowsASlowerNetwork(t *testing.T) {
	var j jitter
	j.reset()
	steady(&j, 0, 10)
	var f frame
	for range 5 { // 100 ms of nothing, and from then on everything comes 100 ms later
		j.read(&f)
	}
	if f = steady(&j, 10, 20); f[0] != sampleOf(27) {
		t.Errorf("after the network became slower %d is heard, want %d", f[0], sampleOf(27))
	}
}

func TestJitterCatchesUp(t *testing.T) {
	var j jitter
	j.reset()
	for i := range 12 { // a burst after a stall
		j.write(uint32(i*160), PCMA, numbered(i, 160))
	}
	if depth := int(j.end - j.next); depth > jitterMost {
		t.Errorf("%d samples wait, at most %d may", depth, jitterMost)
	}
	j.write(1<<30, PCMA, numbered(40, 160)) // a jump of the timestamp begins anew
	var f frame
	for range 3 {
		j.read(&f)
	}
	if f[0] != sampleOf(40) {
		t.Errorf("after a jump %d is heard, want %d", f[0], sampleOf(40))
	}
}

func TestJitterBearsASlowerClock(t *testing.T) {
	var j jitter
	j.reset()
	var f frame
	partial, sent := 0, 0
	for tick := range 4000 { // the sender gives 159 samples for every 160 of ours
		for ; sent*160 < tick*159+160; sent++ {
			j.write(uint32(sent*160), PCMA, numbered(5, 160))
		}
		if j.read(&f); tick > 5 && f[0] != f[159] {
			partial++
		}
	}
	if partial > 60 { // 25 frames' worth of time is missing in all
		t.Errorf("%d frames of 4000 are torn", partial)
	}
}

func TestSequence(t *testing.T) {
	var q sequence
	for i, step := range []struct {
		ssrc uint32
		seq  uint16
		want verdict
		lost uint64
	}{
		{1, 65534, restart, 0}, {1, 65535, fresh, 0}, {1, 0, fresh, 0}, {1, 0, duplicate, 0},
		{1, 3, fresh, 2}, {1, 1, fresh, 1}, {1, 1, duplicate, 1}, {1, 65535, duplicate, 1},
		{2, 500, restart, 1}, {2, 502, fresh, 2}, {2, 9000, restart, 2}, {2, 8999, fresh, 2}, {2, 5, restart, 2},
	} {
		if got := q.take(step.ssrc, step.seq); got != step.want || q.missing() != step.lost {
			t.Fatalf("step %d: verdict %d lost %d, want %d and %d", i, got, q.missing(), step.want, step.lost)
		}
	}
}
