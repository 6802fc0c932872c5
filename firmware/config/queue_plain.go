package config

import (
	"fmt"
	"slices"
	"strings"
)

// Plain is a queue as Plain has it: what a form shows.
func (q *Queue) Plain() (map[string]any, error) { return Plain(q) }

// PlainQueue reads what Plain writes, as ReadPlain does.
func PlainQueue(plain map[string]any) (*Queue, error) {
	var q Queue
	err := ReadPlain(plain, &q)
	if err == nil && !isNumber(q.Number) {
		var problems Problems
		problems.add("number", msgNumber, q.Number)
		return &q, problems
	}
	return &q, err
}

// Use is something that leads to a number.
type Use struct {
	Kind string `json:"kind"` // line, menu, flow, queue, trunk, ...
	Of   string `json:"of"`   // its number, name or port; empty: the box itself
}

// QueueUses is all that leads to a queue: what would make no sense without it.
func (c *Config) QueueUses(number string) (uses []Use) {
	fresh := *c
	fresh.Queues = slices.DeleteFunc(slices.Clone(c.Queues), func(q Queue) bool { return q.Number == number })
	for _, p := range fresh.problems() {
		kind, rest, listed := strings.Cut(p.Path, "[")
		use := Use{Kind: strings.TrimSuffix(kind, "s")}
		if listed {
			var i int
			if _, err := fmt.Sscanf(rest, "%d]", &i); err == nil {
				use.Of = fresh.entry(kind, i)
			}
		} else {
			use.Kind, _, _ = strings.Cut(kind, ".")
		}
		if !slices.Contains(uses, use) {
			uses = append(uses, use)
		}
	}
	return uses
}

// entry is how an entry of a list is called.
func (c *Config) entry(kind string, i int) string {
	switch kind {
	case "extensions":
		return c.Extensions[i].Number
	case "lines":
		return c.Lines[i].Port
	case "trunks":
		return c.Trunks[i].Name
	case "menus":
		return c.Menus[i].Number
	case "flows":
		return c.Flows[i].Number
	case "queues":
		return c.Queues[i].Number
	}
	return ""
}
