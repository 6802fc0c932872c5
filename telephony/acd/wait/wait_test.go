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

func TestEstimate(t *testing.T) {
	r := taught(20, 3*time.Minute)
	for _, c := range []struct {
		name     string
		line     Line
		from, to time.Duration
	}{
		{"next of one agent who has just begun", Line{Talks: 1, Left: 180}, 110 * time.Second, 190 * time.Second},
		{"an agent is free", Line{Free: 1}, 0, 0},
		{"two free, three ahead", Line{Free: 2, Ahead: 3}, time.Minute, 6 * time.Minute},
		{"tenth of five agents", Line{Ahead: 9, Talks: 5, Left: 180}, 6 * time.Minute, 7*time.Minute + 30*time.Second},
		{"wraps up for 5 s", Line{Soon: 1, Pause: 5}, 3 * time.Second, 3 * time.Minute},
	} {
		if e := r.Estimate(c.line); !e.Known || e.Likely < c.from || e.Likely > c.to || e.High < e.Likely {
			t.Errorf("%s: %+v, want %v to %v", c.name, e, c.from, c.to)
		}
	}
	if e := r.Estimate(Line{Ahead: 3}); e.Known {
		t.Errorf("nobody is there, and %+v", e)
	}
	if e := taught(2, time.Minute).Estimate(Line{Talks: 1}); e.Known {
		t.Errorf("hardly a call was seen, and %+v", e)
	}
	impatient := *r
	for range 50 {
		impatient.Abandoned(time.Minute)
	}
	line := Line{Ahead: 20, Talks: 5, Left: 180}
	if a, b := impatient.Estimate(line).Likely, r.Estimate(line).Likely; a >= b*3/4 {
		t.Errorf("%v although those ahead give up, %v if not", a, b)
	}
}

func TestLeft(t *testing.T) {
	if left := taught(20, 3*time.Minute).Left(2 * time.Minute); left < 59 || left > 61 {
		t.Errorf("calls of 3 minutes: %v s left after 2 minutes", left)
	}
	r := &Recent{Talk: 180, Spread: 180 * 180}
	if left := r.Left(2 * time.Minute); left != 180 {
		t.Errorf("calls that end at random: %v s left", left)
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
