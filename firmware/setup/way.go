package setup

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/config/describe"
)

// The kinds of Way.
const (
	WayTrunk = "trunk"
	WayLines = "lines"
)

// Way is the first way outside: a trunk of a provider's, or the analog lines in sockets.
type Way struct {
	Kind     string         `json:"kind"` // WayTrunk or WayLines
	Provider string         `json:"provider,omitempty"`
	Values   map[string]any `json:"values,omitempty"` // fields of a trunk, as far as the provider asks for them
	// Prefix is what extensions dial before a number outside; empty: they cannot call out.
	Prefix string   `json:"prefix"`
	Ports  []string `json:"ports,omitempty"` // of lines

	Providers []Provider     `json:"-"`
	Book      *describe.Book `json:"-"`
}

// Risky tells whether the answer changes a way outside that is there, so that it must be
// tried first.
func (w Way) Risky(c *config.Config, s *State) bool {
	if w.Kind == WayLines {
		return len(c.Lines) > 0
	}
	_, there := c.Trunk(s.Trunk)
	return there
}

// Apply makes the way, and leads its callers to where they begin.
func (w Way) Apply(c *config.Config, s *State) ([]Place, error) {
	switch w.Kind {
	case WayTrunk:
		return w.trunk(c, s)
	case WayLines:
		return w.lines(c, s)
	}
	return nil, config.Problems{{Path: "kind", Message: "choose a way outside", Persian: "راهی به بیرون برگزینید"}}
}

func (w Way) trunk(c *config.Config, s *State) ([]Place, error) {
	i := slices.IndexFunc(w.Providers, func(p Provider) bool { return p.ID == w.Provider })
	if i < 0 {
		return nil, config.Problems{{Path: "provider", Message: "choose a provider", Persian: "ارائه‌دهنده‌ای برگزینید"}}
	}
	p := w.Providers[i]
	plain := maps.Clone(p.Trunk)
	if plain == nil {
		plain = make(map[string]any)
	}
	for _, field := range p.Ask {
		if v, ok := w.Values[field]; ok {
			plain[field] = v
		}
	}
	var missing config.Problems
	for _, field := range p.Need {
		if v := plain[field]; v == nil || v == "" {
			missing = append(missing, config.Problem{Path: "values." + field, Message: "must not be empty", Persian: "نباید خالی باشد"})
		}
	}
	if missing != nil {
		return nil, missing
	}
	old := s.Trunk
	if _, there := c.Trunk(old); !there {
		old = ""
		s.Trunk = unused(p.ID, has(c.Trunks, func(t *config.Trunk) string { return t.Name }))
	}
	plain["name"] = s.Trunk
	kind, _ := w.Book.Kind("trunks")
	under, err := kind.Put(c, old, plain)
	if err != nil {
		return nil, prefixed(err, "values.")
	}
	places := []Place{{under, "values."}}
	if w.Prefix = strings.TrimSpace(calendar.Digits(w.Prefix)); w.Prefix != "" {
		i := put(&c.Routes, config.Route{Name: s.Trunk, Prefix: w.Prefix, Strip: len(w.Prefix), Trunks: []string{s.Trunk}}, func(r *config.Route) string { return r.Name })
		places = append(places, Place{fmt.Sprintf("routes[%d].", i), ""})
	}
	s.front(c)
	return places, nil
}

func (w Way) lines(c *config.Config, s *State) ([]Place, error) {
	if len(w.Ports) == 0 {
		return nil, config.Problems{{Path: "ports", Message: "choose a line", Persian: "خطی برگزینید"}}
	}
	if len(c.Extensions) == 0 {
		return nil, config.Problems{{Path: "ports", Message: "make extensions first: somebody must be reached", Persian: "نخست داخلی بسازید: باید کسی باشد که پاسخ دهد"}}
	}
	var places []Place
	for i, port := range w.Ports {
		l, ok := c.Line(port)
		if !ok {
			l = &config.Line{Port: port}
			config.Fresh(l)
		}
		k := put(&c.Lines, *l, func(l *config.Line) string { return l.Port })
		places = append(places, Place{under("lines", k) + ".", fmt.Sprintf("ports[%d].", i)})
	}
	s.Lines = w.Ports
	s.front(c)
	return places, nil
}

// unused is a name that nothing has.
func unused(name string, taken func(string) bool) string {
	for n := 2; taken(name); n++ {
		if next := fmt.Sprintf("%s-%d", strings.TrimRight(name, "-0123456789"), n); !taken(next) {
			return next
		}
	}
	return name
}

func under(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

// prefixed are problems whose paths begin elsewhere.
func prefixed(err error, with string) error {
	problems, ok := err.(config.Problems)
	if !ok {
		return err
	}
	problems = slices.Clone(problems)
	for i := range problems {
		problems[i].Path = with + strings.TrimPrefix(problems[i].Path, ".")
	}
	return problems
}
