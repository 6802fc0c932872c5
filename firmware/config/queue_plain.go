package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Plain is a queue as plain values, by the names and in the words of the file: what a
// form shows.
func (q *Queue) Plain() (map[string]any, error) {
	data, err := yaml.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("write queue %s: %w", q.Number, err)
	}
	plain := make(map[string]any)
	if err := yaml.Unmarshal(data, &plain); err != nil {
		return nil, fmt.Errorf("read queue %s: %w", q.Number, err)
	}
	return plain, nil
}

// PlainQueue reads what Plain writes, from JSON too. Its error is Problems of form, with paths that
// begin at the queue; what it means is judged within a configuration.
func PlainQueue(plain map[string]any) (*Queue, error) {
	data, err := yaml.Marshal(whole(plain))
	if err != nil {
		return nil, fmt.Errorf("read queue: %w", err)
	}
	var q Queue
	q.setDefaults()
	lines, problems := form(data, &q)
	if len(problems) == 0 && !isNumber(q.Number) {
		problems.add("number", msgNumber, q.Number)
		problems[0].Line = lines.of("number")
	}
	return &q, problems.err()
}

// whole makes JSON's numbers the whole ones that the file has.
func whole(v any) any {
	switch v := v.(type) {
	case map[string]any:
		fresh := make(map[string]any, len(v))
		for name, x := range v {
			fresh[name] = whole(x)
		}
		return fresh
	case []any:
		fresh := make([]any, len(v))
		for i, x := range v {
			fresh[i] = whole(x)
		}
		return fresh
	case float64:
		if n := int64(v); float64(n) == v {
			return n
		}
	}
	return v
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
