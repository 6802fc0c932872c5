package config

import "iter"

// Numbers are all numbers of the plan.
func (c *Config) Numbers() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range c.Extensions {
			if !yield(c.Extensions[i].Number) {
				return
			}
		}
		for i := range c.Menus {
			if !yield(c.Menus[i].Number) {
				return
			}
		}
		for i := range c.Flows {
			if !yield(c.Flows[i].Number) {
				return
			}
		}
		for i := range c.Queues {
			if !yield(c.Queues[i].Number) {
				return
			}
		}
		for i := range c.Conferences {
			if !yield(c.Conferences[i].Number) {
				return
			}
		}
		for i := range c.Services {
			if !yield(c.Services[i].Number) {
				return
			}
		}
		for i := range c.Switches {
			if !yield(c.Switches[i].Number) {
				return
			}
		}
		if c.Parking.Number != "" && !yield(c.Parking.Number) {
			return
		}
		for _, slot := range c.Parking.Numbers() {
			if !yield(slot) {
				return
			}
		}
	}
}
