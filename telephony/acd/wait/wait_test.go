package wait

import (
	"testing"
	"time"
)

func taught(n int, each time.Duration) *Recent {
	var r Recent
	for range n {
		r.Handled(time.Unix(0, 0), each)
	}
	return &r
}

// talks are agents who have just begun to talk.
func (r *Recent) talks(n int) []Talk {
	list := make([]Talk, n)
	for i := range list {
		list[i].Of = r
	}
	return list
}

func TestEstimate(t *testing.T) {
	r := taught(20, 3*time.Minute)
	for _, c := range []struct {
		name     string
		line     Line
		from, to time.Duration
	}{
		{"next of one agent who has just begun", Line{Talks: r.talks(1)}, 110 * time.Second, 190 * time.Second},
		{"an agent is free", Line{Free: 1}, 0, 0},
		{"two free, three ahead", Line{Free: 2, Ahead: 3}, time.Minute, 6 * time.Minute},
		{"tenth of five agents", Line{Ahead: 9, Talks: r.talks(5)}, 5 * time.Minute, 7*time.Minute + 30*time.Second},
		{"wraps up for 50 s", Line{Ready: []float64{50}}, 49 * time.Second, 51 * time.Second},
		{"one wraps up, one talks", Line{Ready: []float64{50}, Talks: r.talks(1)}, 40 * time.Second, 51 * time.Second},
	} {
		if e := r.Estimate(c.line); !e.Known || e.Likely < c.from || e.Likely > c.to || e.High < e.Likely {
			t.Errorf("%s: %+v, want %v to %v", c.name, e, c.from, c.to)
		}
	}
	if e := r.Estimate(Line{Ahead: 3}); e.Known {
		t.Errorf("nobody is there, and %+v", e)
	}
	if e := taught(2, time.Minute).Estimate(Line{Talks: r.talks(1)}); e.Known {
		t.Errorf("hardly a call was seen, and %+v", e)
	}
	impatient := *r
	for range 50 {
		impatient.Abandoned(time.Minute)
	}
	line := Line{Ahead: 20, Talks: r.talks(5)}
	if a, b := impatient.Estimate(line).Likely, r.Estimate(line).Likely; a >= b*3/4 {
		t.Errorf("%v although those ahead give up, %v if not", a, b)
	}
}

func TestLeft(t *testing.T) {
	if left := taught(20, 3*time.Minute).Left(120); left < 59 || left > 61 {
		t.Errorf("calls of 3 minutes: %v s left after 2 minutes", left)
	}
	r := &Recent{Talk: 180, Spread: 180 * 180}
	if left := r.Left(120); left != 180 {
		t.Errorf("calls that end at random: %v s left", left)
	}
}

// Three of five calls take a minute, the others ten: who has talked for two goes on for eight.
func TestTheQueuesOwnLengths(t *testing.T) {
	var r Recent
	for i := range 200 {
		r.Handled(time.Unix(0, 0), time.Duration(1+i%5/3*9)*time.Minute)
	}
	for _, c := range []struct{ elapsed, from, to float64 }{{0, 30, 150}, {120, 380, 520}, {480, 60, 200}} {
		line := Line{Talks: []Talk{{For: c.elapsed, Of: &r}}}
		if e := r.Estimate(line).Likely.Seconds(); e < c.from || e > c.to {
			t.Errorf("after %.0f s: %.0f s, want %.0f to %.0f", c.elapsed, e, c.from, c.to)
		}
	}
	if r.Night(); r.Longer[0] != shape || r.goesOn(300) < shape*2/5 {
		t.Errorf("after the night %v", r.Longer)
	}
}

func TestOneLongCallDoesNotCount(t *testing.T) {
	r := taught(40, time.Minute)
	r.Handled(time.Unix(0, 0), 5*time.Hour)
	if r.Talk > 70 {
		t.Errorf("one call of 5 hours made the mean %v s", r.Talk)
	}
	r.Handled(time.Unix(0, 0).Add(10*time.Hour), 3*time.Minute)
	if r.Talk < 75 {
		t.Errorf("the first call of the morning left the mean at %v s", r.Talk)
	}
}

func TestBadPredictionsAreSilent(t *testing.T) {
	var good, bad Recent
	for range 20 {
		good.Answered(5*time.Minute, 4*time.Minute, true)
		bad.Answered(5*time.Minute, 30*time.Minute, true)
	}
	if !good.Trusted() || bad.Trusted() {
		t.Errorf("trusted: good %v, bad %v", good.Trusted(), bad.Trusted())
	}
}

func TestMinutes(t *testing.T) {
	for _, c := range []struct {
		high time.Duration
		want int
	}{{0, 2}, {2*time.Minute - 1, 2}, {2 * time.Minute, 5}, {7 * time.Minute, 10}, {29 * time.Minute, 30}, {30 * time.Minute, 0}} {
		if got := (Estimate{High: c.high, Known: true}).Minutes(); got != c.want {
			t.Errorf("%v is said as %d", c.high, got)
		}
	}
}
