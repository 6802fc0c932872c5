package whatif

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
)

// plans are towns of all kinds.
func plans(seed uint64) plan {
	p := usual()
	p.queue = func(q *acd.Queue) {
		q.Strategy = acd.Strategies()[seed%9]
		switch seed % 5 {
		case 1:
			q.MaxWait, q.MaxCallers = 50*time.Second, 4
		case 2:
			q.TierWait = 10 * time.Second
			for i := range q.Agents {
				q.Agents[i].Tier = i
			}
		case 3:
			q.Skills = []acd.SkillRule{{Needs: map[string]int{"en": 50}}, {After: 20 * time.Second, Needs: map[string]int{"en": 1}}, {After: 40 * time.Second}}
			q.AutoPause = 2
		case 4:
			q.KeepPlace, q.StickyFor = time.Minute, 15*time.Second
		}
	}
	p.restart = seed%3 == 0
	p.agents = 2 + int(seed%4)
	return p
}

func TestAnUnchangedDayComesOutAgain(t *testing.T) {
	for seed := range uint64(36) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			day := aDay(t, seed, plans(seed))
			rec, err := Learn(day)
			if err != nil {
				t.Fatal(err)
			}
			if d, err := Check(t.Context(), day, rec); err != nil || d != nil {
				t.Fatalf("%+v %v", d, err)
			}
			got := compare(t, day, ledgerOf(t, day), Change{}, 5)
			if !got.Exact || !got.Closes || got.Runs != 1 {
				t.Errorf("%+v", got)
			}
			for _, f := range got.Figures {
				if (f.Real == nil) != (f.Mean == nil) || f.Real != nil && (*f.Real != *f.Mean || *f.Low != *f.High) {
					t.Errorf("%s is %v and comes out as %v", f.ID, *f.Real, *f.Mean)
				}
			}
			if got.of(t, "answered").Real == nil || *got.of(t, "answered").Real < 20 {
				t.Errorf("nothing happened on that day: %v", *got.of(t, "answered").Real)
			}
		})
	}
}

// Whatever is changed, every caller has one outcome, and no caller comes or goes lost.
func TestNobodyIsLost(t *testing.T) {
	wishes := []Wish{{Strategy: "ring-all"}, {Strategy: "random", Agents: "+1"}, {Agents: "-1"}, {Agents: "-1001,+2"}, {MaxWait: "20s"}, {WrapUp: "0s"}, {WrapUp: "2m"},
		{Callback: "on", CallbackAfter: "20s", Accept: "80%"}, {Callback: "on", Agents: "-1", Strategy: "linear"}, {Hours: "1001=08:30-09:00"},
		{Tiers: "1001=3,1002=2", Skills: "1001=en:100"}}
	back := 0.0
	for seed := range uint64(22) {
		day := aDay(t, seed, plans(seed))
		from := ledgerOf(t, day)
		w := wishes[int(seed)%len(wishes)]
		c, err := w.Change(midnight, map[string]Door{"700": {}})
		if err != nil {
			t.Fatal(err)
		}
		got := compare(t, day, from, c, 3)
		if o := got.of(t, "offered"); !got.Closes || *o.Low != *o.Real || *o.High != *o.Real {
			t.Errorf("seed %d, %+v: closes %v, offered %v to %v of %v", seed, w, got.Closes, *o.Low, *o.High, *o.Real)
		}
		if w.Callback == "on" {
			back += *got.of(t, "callback").Mean
		}
		if !got.Exact || len(got.Rests) < 4 {
			t.Errorf("seed %d: %+v", seed, got)
		}
		same := compare(t, day, from, c, 3)
		for i, f := range got.Figures {
			if f.Mean != nil && *same.Figures[i].Mean != *f.Mean {
				t.Errorf("seed %d: %s is %v and then %v", seed, f.ID, *f.Mean, *same.Figures[i].Mean)
			}
		}
	}
	if back < 10 {
		t.Errorf("hardly anybody is called back: %v", back)
	}
}

// An agent more never lowers what is answered, in the mean; one less never raises it.
func TestMoreAgentsAnswerMore(t *testing.T) {
	gains := 0.0
	for seed := range uint64(8) {
		p := plans(5 * seed)
		p.agents = 2 + int(seed%2)
		day := aDay(t, seed, p)
		from := ledgerOf(t, day)
		for agents, sign := range map[string]float64{"+1": 1, "-1": -1} {
			c, err := (&Wish{Agents: agents}).Change(midnight, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := compare(t, day, from, c, 4)
			a, wait := got.of(t, "answered"), got.of(t, "awt")
			if sign*(*a.Mean-*a.Real) < 0 {
				t.Errorf("seed %d: %s agent answers %.1f calls instead of %.0f", seed, agents, *a.Mean, *a.Real)
			}
			if acw := got.of(t, "acw"); math.Abs(*acw.Mean / *acw.Real - 1) > 0.2 {
				t.Errorf("seed %d: agents end their wrap-up after %.0f instead of %.0f ms", seed, *acw.Mean, *acw.Real)
			}
			if sign*(*wait.Mean-*wait.Real) > 0 {
				t.Errorf("seed %d: with %s agent they wait %.0f instead of %.0f ms", seed, agents, *wait.Mean, *wait.Real)
			}
			gains += sign * (*a.Mean - *a.Real)
		}
	}
	if gains < 80 {
		t.Errorf("it makes hardly a difference: %v", gains)
	}
}

// What is foreseen for an agent more is what a day with an agent more is like: the town
// knows nothing of this package.
func TestForeseenIsWhatHappens(t *testing.T) {
	p := usual()
	p.calls, p.gap, p.queue = 400, 35*time.Second, func(q *acd.Queue) { q.AutoPause = 0 }
	more := p
	more.agents++
	const days = 8
	var foreseen, real, before [3]float64
	ids := [3]string{"answered", "abandoned", "asa"}
	c, err := (&Wish{Agents: "+1"}).Change(midnight, nil)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(days) {
		day, other := aDay(t, seed, p), aDay(t, 1000+seed, more)
		got, truth := compare(t, day, ledgerOf(t, day), c, 2), compare(t, other, ledgerOf(t, other), Change{}, 1)
		for i, id := range ids {
			before[i] += *got.of(t, id).Real / days
			foreseen[i] += *got.of(t, id).Mean / days
			real[i] += *truth.of(t, id).Real / days
		}
	}
	t.Logf("%v: with 3 agents %.0f, with 4 foreseen %.0f, real %.0f", ids, before, foreseen, real)
	for i, id := range ids {
		if gain := real[i] - before[i]; math.Abs(foreseen[i]-real[i]) > 0.3*math.Abs(gain) {
			t.Errorf("%s: with 3 agents %.1f, with 4 foreseen %.1f, real %.1f", id, before[i], foreseen[i], real[i])
		}
	}
}

func TestHoursAreKept(t *testing.T) {
	p := usual()
	day := aDay(t, 3, p)
	from := ledgerOf(t, day)
	c, err := (&Wish{Hours: "1001=08:30-09:00,1002=08:30-09:00,1003=08:45-09:15"}).Change(midnight, map[string]Door{"700": {}})
	if err != nil {
		t.Fatal(err)
	}
	got := compare(t, day, from, c, 3)
	in := got.of(t, "logged-in")
	if span := time.Duration(*in.Mean) * time.Millisecond; span < 90*time.Minute || span > 100*time.Minute { // the last talks end later
		t.Errorf("they worked for %v", span)
	}
	if o := got.of(t, "answered"); *o.High >= *o.Real {
		t.Errorf("they answered %v of %v", *o.High, *o.Real)
	}
}

// A caller of whom too many wait goes on where the queue leads him.
func TestTheEvictedGoOn(t *testing.T) {
	p := usual()
	p.agents = 2
	day := aDay(t, 5, p)
	from := ledgerOf(t, day)
	c := Change{Queues: func(_ time.Time, was []acd.Queue) []acd.Queue {
		first := was[0]
		first.MaxWait = 20 * time.Second
		return []acd.Queue{first, {Number: "701", Strategy: acd.RingAll, Agents: acd.Members("2001", "2002")}}
	}, Doors: map[string]Door{"700": {Leads: map[acd.Reason]string{acd.Timeout: "701"}}}}
	got := compare(t, day, from, c, 3)
	if o := got.of(t, "offered"); *o.Low <= *o.Real || !got.Closes {
		t.Errorf("nobody goes on: %v of %v", *o.Low, *o.Real)
	}
}

// The patience of everybody is found though most are answered before they lose it.
func TestPatienceIsLearnt(t *testing.T) {
	// Kaplan and Meier's own manner: losses at 0.8, 3.1, 5.4, 9.2 and others seen at 1.0, 2.7, 7.0, 12.1.
	s := survive([]lasted{{800, true}, {1000, false}, {2700, false}, {3100, true}, {5400, true}, {7000, false}, {9200, true}, {12100, false}})
	for i, want := range []float64{7. / 8, 7. / 8 * 4 / 5, 7. / 8 * 4 / 5 * 3 / 4, 7. / 8 * 4 / 5 * 3 / 4 / 2} {
		if math.Abs(s.left[i]-want) > 1e-12 {
			t.Errorf("after loss %d: %v, want %v", i, s.left[i], want)
		}
	}
	// Who outlasts all that was seen gives up at the mean rate: here one in 30 s of waiting.
	s = survive([]lasted{{10 * time.Second, true}, {20 * time.Second, false}})
	for u, want := range map[float64]float64{0.6: 10, 0.25: 20 + 30*math.Log(2), 0.125: 20 + 60*math.Log(2)} {
		if d := s.draw(0, u); math.Abs(d.Seconds()-want) > 1e-6 {
			t.Errorf("%v of them wait for more than %v, want %.1fs", u, d, want)
		}
	}
	if d := s.draw(50*time.Second, 0.5); math.Abs(d.Seconds()-50-30*math.Log(2)) > 1e-6 {
		t.Errorf("half of those who waited for 50s wait %v", d)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var list []lasted
	for range 20_000 {
		patience, seen := r.ExpFloat64()*60, r.ExpFloat64()*40
		list = append(list, lasted{time.Duration(min(patience, seen) * float64(time.Second)), patience < seen})
	}
	s = survive(list)
	for _, after := range []time.Duration{0, 30 * time.Second, 10 * time.Minute} {
		sum := 0.0
		for i := range 20_000 {
			d := s.draw(after, luck(3).of("x", fmt.Sprint(after), i))
			if d <= after {
				t.Fatalf("drew %v after %v", d, after)
			}
			sum += (d - after).Seconds()
		}
		if mean := sum / 20_000; math.Abs(mean-60) > 5 {
			t.Errorf("after %v they wait %.1fs more, want 60", after, mean)
		}
	}
}

func TestWishes(t *testing.T) {
	for _, w := range []Wish{{Strategy: "best"}, {Agents: "1001"}, {Agents: "+"}, {Agents: "+x"}, {Hours: "1001=17:00-09:00"}, {Hours: "09:00"}, {WrapUp: "soon"}, {MaxWait: "-1s"},
		{Tiers: "1001"}, {Skills: "1001=en"}, {Callback: "maybe"}, {CallbackAfter: "0s"}, {Accept: "120"}} {
		if _, err := w.Change(midnight, nil); err == nil {
			t.Errorf("%+v was understood", w)
		}
	}
	c, err := (&Wish{}).Change(midnight, map[string]Door{"700": {Callback: true}})
	if err != nil || c.changes() {
		t.Errorf("nothing changes something: %+v %v", c, err)
	}
}

func FuzzWish(f *testing.F) {
	f.Add("+1,-1001", "1001=09:00-24:00", "1001=2", "1001=fa:20")
	f.Fuzz(func(t *testing.T, agents, hours, tiers, skills string) {
		w := Wish{Agents: agents, Hours: hours, Tiers: tiers, Skills: skills}
		c, err := w.Change(midnight, nil)
		if err == nil && c.Queues != nil {
			was := []acd.Queue{{Number: "700", Agents: acd.Members("1001", "1002")}}
			c.Queues(midnight, was)
			if len(was[0].Agents) != 2 || was[0].Agents[0].Agent != "1001" || was[0].Agents[0].Tier != 0 {
				t.Errorf("the day itself was changed: %+v", was)
			}
		}
	})
}

// BenchmarkDay plays a day of 1,000 calls with an agent more. The target is a second.
func BenchmarkDay(b *testing.B) {
	p := usual()
	p.calls, p.agents, p.gap = 1000, 8, 20*time.Second
	day := aDay(b, 1, p)
	rec, err := Learn(day)
	if err != nil {
		b.Fatal(err)
	}
	c, err := (&Wish{Agents: "+1"}).Change(midnight, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := play(b.Context(), rec, &c, 1, nil); err != nil {
			b.Fatal(err)
		}
	}
}
