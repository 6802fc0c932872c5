package config

import (
	"net/netip"
	"slices"
)

// Extension finds an extension by its number. It is asked several times for every
// call and every registration: a tree that was read and not changed knows at once.
func (c *Config) Extension(number string) (*Extension, bool) {
	i, ok := c.at[number]
	switch {
	case ok && i < len(c.Extensions) && c.Extensions[i].Number == number:
		return &c.Extensions[i], true
	case !ok && len(c.at) == len(c.Extensions): // most numbers that go outside
		return nil, false
	}
	return find(c.Extensions, func(e *Extension) bool { return e.Number == number })
}

// From tells whether the extension's phones may come from an address.
func (e *Extension) From(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return len(e.Sources) == 0 || slices.ContainsFunc(prefixes(e.Sources), func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Menu finds a menu by its number.
func (c *Config) Menu(number string) (*Menu, bool) {
	return find(c.Menus, func(m *Menu) bool { return m.Number == number })
}

// Queue finds a queue by its number.
func (c *Config) Queue(number string) (*Queue, bool) {
	return find(c.Queues, func(q *Queue) bool { return q.Number == number })
}

// Conference finds a conference by its number.
func (c *Config) Conference(number string) (*Conference, bool) {
	return find(c.Conferences, func(r *Conference) bool { return r.Number == number })
}

// Service finds a service by its number.
func (c *Config) Service(number string) (*Service, bool) {
	return find(c.Services, func(s *Service) bool { return s.Number == number })
}

// Line finds a line by its port.
func (c *Config) Line(port string) (*Line, bool) {
	return find(c.Lines, func(l *Line) bool { return l.Port == port })
}

// ExtensionOn finds the extension of the analog phone on a port.
func (c *Config) ExtensionOn(port string) (*Extension, bool) {
	return find(c.Extensions, func(e *Extension) bool { return port != "" && e.Port == port })
}

// index remembers where extensions are.
func (c *Config) index() {
	c.at = make(map[string]int, len(c.Extensions))
	for i := range c.Extensions {
		c.at[c.Extensions[i].Number] = i
	}
}

func find[T any](list []T, match func(*T) bool) (*T, bool) {
	for i := range list {
		if match(&list[i]) {
			return &list[i], true
		}
	}
	return nil, false
}
