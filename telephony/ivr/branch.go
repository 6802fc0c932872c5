package ivr

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
)

// branch is the way of the first case that fits.
func (w *walk) branch(s *config.FlowStep) string {
	for _, c := range s.Cases {
		if what, ok := w.fits(c); ok {
			w.goes(c.To, "step "+s.Name+": "+what)
			return c.To
		}
	}
	w.goes(s.Otherwise, "step "+s.Name+": no case fits")
	return s.Otherwise
}

// fits tells whether a case fits, and what there was to fit.
func (w *walk) fits(c config.FlowCase) (what string, ok bool) {
	if c.Of == "switches" {
		i := slices.IndexFunc(c.Is, w.opts.On)
		if i < 0 {
			return "", false
		}
		return "switch " + c.Is[i] + " is on", true
	}
	if c.Of == "hours" {
		i := slices.IndexFunc(c.Is, w.open)
		if i < 0 {
			return "", false
		}
		return "hours " + c.Is[i] + " is open", true
	}
	value := w.value(c.Of)
	n, err := strconv.Atoi(value)
	switch {
	case c.Empty && value != "",
		len(c.Is) > 0 && !slices.Contains(c.Is, value),
		len(c.Begins) > 0 && !slices.ContainsFunc(c.Begins, func(p string) bool { return strings.HasPrefix(value, p) }),
		c.AtLeast != nil && (err != nil || n < *c.AtLeast),
		c.AtMost != nil && (err != nil || n > *c.AtMost):
		return "", false
	case value == "":
		return c.Of + " is empty", true
	}
	return c.Of + " is " + value, true
}

// open tells whether hours are open, or kept open by their switch.
func (w *walk) open(hours string) bool {
	return w.opts.Closed == nil || !w.opts.Closed(w.opts.Config().NightOf(w.flow, hours))
}
