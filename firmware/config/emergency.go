package config

import (
	"fmt"
	"slices"

	"github.com/pasokh/pasokh/firmware/numbering"
)

// Emergency finds the way of a call for help: the route, and the number that its
// trunks are given. Numbers for help are known as people dial them at home (110), and
// behind the prefix of a route (9110). ok is false for any other number, for one that
// this box has given to somebody, and on a box without a way out.
func (c *Config) Emergency(dialled string) (r *Route, number string, ok bool) {
	r, routed := c.RouteFor(dialled)
	switch {
	case routed && c.forHelp(r.Dials(dialled)):
		return r, r.Dials(dialled), true
	case len(c.Routes) == 0 || !c.forHelp(dialled):
		return nil, "", false
	case !routed:
		r = &c.Routes[0]
	}
	return r, dialled, true
}

func (c *Config) forHelp(number string) bool {
	if !numbering.Emergency(c.System.Country, number) && !slices.Contains(c.System.Emergency, number) {
		return false
	}
	for own := range c.Numbers() {
		if own == number {
			return false
		}
	}
	return true
}

func (v *validator) emergency() {
	for i, n := range v.cfg.System.Emergency {
		path := fmt.Sprintf("system.emergency[%d]", i)
		if taken, ok := v.numbers[n]; ok {
			v.add(path, msgTaken, n, taken)
		} else if !isNumber(n) {
			v.add(path, msgNumber, n)
		}
	}
}
