package acd

import (
	"cmp"
	"math"
	"slices"
)

// oracle is what somebody would expect of a caller's wait who knew by what chances the
// day is played, and only not how they will fall: the median of many ends that it could
// have from here. With the roster he knows too when agents come and go. Who knows no more
// cannot err less. What counts are the ends in which the caller has not given up, for only
// they are compared.
func (d *day) oracle(c *Caller, roster bool) float64 {
	const ends = 99
	ahead := 0
	for _, o := range d.Callers {
		if before(o, c) < 0 && len(o.Rung) == 0 {
			ahead++
		}
	}
	type end struct{ wait, weight float64 }
	var all []end
	sum := 0.0
	for range ends {
		w := d.play(ahead, len(c.Rung) > 0, roster)
		weight := math.Exp(-w / d.patience)
		sum += weight
		all = append(all, end{w, weight})
	}
	slices.SortFunc(all, func(a, b end) int { return cmp.Compare(a.wait, b.wait) })
	half := 0.0
	for _, e := range all {
		if half += e.weight; half >= sum/2 {
			return e.wait
		}
	}
	return 0
}

// play is one end: when a caller with so many ahead would be answered.
func (d *day) play(ahead int, rung, roster bool) float64 {
	r := d.luck
	if rung {
		return ring / 2
	}
	talk := func() float64 { return d.talk(r) }
	wrap := 0.1 * d.handle
	free := make([]float64, len(d.Agents)) // when the agent takes the next
	for i, a := range d.Agents {
		switch {
		case a.Talking:
			elapsed := d.now.Sub(a.Began).Seconds()
			x := talk()
			for x < elapsed {
				x = talk()
			}
			free[i] = x - elapsed + wrap
		case a.Offer != 0:
			free[i] = ring/2 + talk() + wrap
		default:
			free[i] = max(0, a.WrapUntil.Sub(d.now).Seconds())
		}
	}
	left := make([]float64, ahead) // when who is ahead gives up
	for i := range left {
		left[i] = r.ExpFloat64() * d.patience
	}
	staff, hour := d.staff, math.Inf(1)
	if roster {
		hour = d.nextHour.Sub(d.now).Seconds()
	}
	for {
		first := -1
		for i := range staff {
			if first < 0 || free[i] < free[first] {
				first = i
			}
		}
		at := free[first]
		if at >= hour {
			n := len(d.Agents)
			was := staff
			staff = n/2 + r.IntN(n/2+1)
			for i := was; i < staff; i++ {
				free[i] = max(free[i], hour)
			}
			hour += 3600
			continue
		}
		for len(left) > 0 && left[0] < at {
			left = left[1:]
		}
		if len(left) == 0 {
			return at + ring
		}
		left = left[1:]
		free[first] = at + ring + talk() + wrap
	}
}
