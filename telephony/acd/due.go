package acd

import "time"

// due is when an agent or a caller needs a look without an event: a heap entry that
// knows its place, so that it can be moved.
type due struct {
	at     time.Time
	place  int // in dues, plus 1; 0: nothing is due
	agent  *Agent
	caller *Caller
}

// dues are a binary heap, the soonest on top.
type dues []*due

// set changes when something is due; zero for never.
func (h *dues) set(d *due, at time.Time) {
	switch {
	case at.IsZero():
		h.drop(d)
		return
	case d.place == 0:
		*h = append(*h, d)
		d.place = len(*h)
	case d.at.Equal(at):
		return
	}
	d.at = at
	h.settle(d.place - 1)
}

func (h *dues) drop(d *due) {
	if d.place == 0 {
		return
	}
	i, end := d.place-1, len(*h)-1
	last := (*h)[end]
	(*h)[end] = nil
	*h = (*h)[:end]
	d.place = 0
	if last != d {
		(*h)[i] = last
		last.place = i + 1
		h.settle(i)
	}
}

// settle moves the entry at i to where it belongs.
func (h *dues) settle(i int) {
	list := *h
	d := list[i]
	for i > 0 {
		up := (i - 1) / 2
		if !d.at.Before(list[up].at) {
			break
		}
		list[i] = list[up]
		list[i].place = i + 1
		i = up
	}
	for {
		down := 2*i + 1
		if down >= len(list) {
			break
		}
		if down+1 < len(list) && list[down+1].at.Before(list[down].at) {
			down++
		}
		if !list[down].at.Before(d.at) {
			break
		}
		list[i] = list[down]
		list[i].place = i + 1
		i = down
	}
	list[i] = d
	d.place = i + 1
}

// soonest is the time of the first; zero for none.
func (h dues) soonest() time.Time {
	if len(h) == 0 {
		return time.Time{}
	}
	return h[0].at
}
