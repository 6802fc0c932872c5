package staffing

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// simulate runs the queue itself, caller by caller, first come first served.
func simulate(l Load, n int, wait time.Duration, callers int) (within, abandoned float64) {
	r := rand.New(rand.NewPCG(7, 11))
	free := make([]float64, n) // when each agent is next free
	now := 0.0
	for range callers {
		now += r.ExpFloat64() * 3600 / l.Calls
		first := 0
		for i := range free {
			if free[i] < free[first] {
				first = i
			}
		}
		w := max(0, free[first]-now)
		if r.ExpFloat64()*l.Patience.Seconds() < w {
			abandoned++
			continue
		}
		free[first] = now + w + r.ExpFloat64()*l.Handle.Seconds()
		if w <= wait.Seconds() {
			within++
		}
	}
	return within / float64(callers), abandoned / float64(callers)
}

func TestAgreesWithSimulation(t *testing.T) {
	for _, n := range []int{2, 8, 25} {
		for _, rho := range []float64{0.7, 0.95, 1.3} {
			for _, patience := range []time.Duration{30 * time.Second, 5 * time.Minute} {
				l := Load{Calls: float64(n) * rho * 20, Handle: 3 * time.Minute, Patience: patience}
				o, err := l.With(n, 20*time.Second)
				if err != nil {
					t.Fatal(err)
				}
				within, abandoned := simulate(l, n, 20*time.Second, 300_000)
				if math.Abs(o.Within-within) > 0.01 || math.Abs(o.Abandoned-abandoned) > 0.01 {
					t.Errorf("%d agents, %+v: %.4f within, %.4f abandoned; simulated %.4f, %.4f", n, l, o.Within, o.Abandoned, within, abandoned)
				}
			}
		}
	}
}

// With patience as long as calls the house is M/M/inf: its number is Poisson.
func TestPoissonCase(t *testing.T) {
	l := Load{Calls: 200, Handle: 3 * time.Minute, Patience: 3 * time.Minute}
	o, err := l.With(9, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, free, queue := math.Exp(-10), 0.0, 0.0
	for k := 0; k < 200; k++ {
		if k < 9 {
			free += p
		} else {
			queue += float64(k-9) * p
		}
		p *= 10 / float64(k+1)
	}
	if math.Abs(o.Within-free) > 1e-12 || math.Abs(o.Abandoned-queue/10) > 1e-12 {
		t.Errorf("%+v; want %v within, %v abandoned", o, free, queue/10)
	}
}

func TestNeedIsTheFewest(t *testing.T) {
	target := Target{Within: 0.8, Wait: 20 * time.Second, Abandoned: 0.05}
	for _, calls := range []float64{1, 40, 300, 20000} {
		l := Load{Calls: calls, Handle: 4 * time.Minute, Patience: 2 * time.Minute}
		o, err := l.Need(target)
		if err != nil {
			t.Fatal(err)
		}
		if o.Within < 0.8 || o.Abandoned > 0.05 {
			t.Errorf("misses its target: %+v", o)
		}
		if o.Agents > 1 {
			if less, _ := l.With(o.Agents-1, target.Wait); less.Within >= 0.8 && less.Abandoned <= 0.05 {
				t.Errorf("%d would do: %+v", o.Agents-1, less)
			}
		}
	}
	if _, err := (Load{Calls: math.NaN(), Handle: time.Minute, Patience: time.Minute}).Need(target); err == nil {
		t.Error("no calls pass for a load")
	}
}
