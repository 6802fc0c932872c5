package main

import (
	"math"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/speech"
)

// TestMusicReturnsToItsPlace: a caller in a queue hears his position over continuous
// music, which goes down meanwhile, and afterwards is where it would be if nothing had
// been said, to the sample.
func TestMusicReturnsToItsPlace(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) { c.Queues[0].AnnounceEvery = config.Duration(25 * time.Second) })
	c := newHandset(d, "1001", 0).call(demoQueue)
	up(t, c)
	const block = 800              // 100 ms
	const least = 37 * time.Second // two announcements and the music after each
	eventually(t, least+20*time.Second, "what a waiting caller hears", func() bool { return len(c.Audio().Heard()) >= int(least/time.Second)*8000 })
	heard := c.Audio().Heard()
	c.Hangup()
	if h := c.Audio().Measure(0, 0); h.Lost != 0 {
		t.Skipf("%d packets were lost on this machine: places cannot be told", h.Lost)
	}

	// Where the music is, by what is heard before the second announcement.
	music := append(append([]int16{}, calm()...), santur()...)
	at, from := 0, 0
	for from = 17 * 8000; from < 24*8000; from += 4000 {
		var how float64
		if at, how = placeOf(music, heard[from:from+1000]); how > 0.98 {
			break
		}
	}
	if from >= 24*8000 {
		t.Fatal("no music between the announcements")
	}
	place := func(i int) int { return ((at+i-from)%len(music) + len(music)) % len(music) }

	// How much of that music there is, and how much else, block by block from there on.
	kind := ""
	ducked, blocks := 0.0, 0.0
	for i := 0; i+block <= len(heard); i += block {
		part := make([]int16, block)
		for k := range part {
			part[k] = music[place(i+k)]
		}
		gain, like := fit(heard[i:i+block], part)
		switch {
		case power(part) < block*300*300: // a rest in the music tells nothing
			continue
		case like > 0.97 && gain > 0.9 && gain < 1.1:
			kind += "m"
		default:
			kind += "s"
			if like > 0.02 {
				ducked, blocks = ducked+gain, blocks+1
			}
		}
	}
	t.Logf("m music in its place, s speech over it: %s", kind)
	wantSaid(t, heard, speech.Phrase("fa", "queue-next"))
	if runs := runsOf(kind, 8); runs != "smsm" {
		t.Errorf("heard %q, want speech, music, speech and music again where it would be", runs)
	}
	if mean := ducked / blocks; mean < 0.1 || mean > 0.35 {
		t.Errorf("while something is said the music has a loudness of %.2f, want 0.2", mean)
	}
}

// placeOf is where a part is in a whole, and how much alike they are there.
//
//go:norace
func placeOf(whole, part []int16) (at int, like float64) {
	square := 0.0
	for _, x := range whole[:len(part)] {
		square += float64(x) * float64(x)
	}
	mine := power(part)
	for i := 0; i+len(part) < len(whole); i++ {
		dot := 0
		for k, x := range part {
			dot += int(x) * int(whole[i+k])
		}
		if r := float64(dot) / math.Sqrt(square*mine+1); r > like {
			at, like = i, r
		}
		out, in := float64(whole[i]), float64(whole[i+len(part)])
		square += in*in - out*out
	}
	return at, like
}

// fit is how loud part is in heard, and how much of heard that explains.
func fit(heard, part []int16) (gain, like float64) {
	dot := 0.0
	for i, x := range part {
		dot += float64(x) * float64(heard[i])
	}
	one, other := power(part), power(heard)
	if one == 0 || other == 0 {
		return 0, 0
	}
	return dot / one, dot * dot / (one * other)
}

// runsOf are the runs of at least n of one letter.
func runsOf(s string, n int) (runs string) {
	length := 0
	for i := range s {
		if i > 0 && s[i] == s[i-1] {
			length++
		} else {
			length = 1
		}
		if length == n && (runs == "" || runs[len(runs)-1] != s[i]) {
			runs += s[i : i+1]
		}
	}
	return runs
}
