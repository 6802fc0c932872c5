package setup

import (
	"maps"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
)

// Answer is what a person has answered in a step. Apply puts it into a copy of the
// configuration, whose lists it does not change in place, and notes in the state what it
// has made. Its error is config.Problems with the paths of the answer.
type Answer interface {
	Apply(c *config.Config, s *State) ([]Place, error)
}

// Place says what a part of the configuration is called in the answer that it comes from:
// "extensions[3]" is "people[1]".
type Place struct{ Under, Is string }

// Box is the answer of the first step.
type Box struct {
	Name     string          `json:"name"`
	Language config.Language `json:"language"`
	TimeZone string          `json:"time_zone"`
	Country  string          `json:"country"`
}

// Apply names the box and sets its clock.
func (b Box) Apply(c *config.Config, _ *State) ([]Place, error) {
	c.System.Name, c.System.Language, c.System.TimeZone, c.System.Country = strings.TrimSpace(b.Name), b.Language, b.TimeZone, b.Country
	return []Place{{"system.", ""}}, nil
}

// Hours is when the business is open.
type Hours struct {
	Week     map[string][]string `json:"week"` // as of config.Hours
	Holidays config.HolidaySet   `json:"holidays"`
	Own      []config.OwnHoliday `json:"own"`
}

// Apply makes the hours, and what is said outside them.
func (h Hours) Apply(c *config.Config, s *State) ([]Place, error) {
	if !has(c.Hours, func(h *config.Hours) string { return h.Name })(s.Hours) {
		s.Hours = word(c, "Office", "اداری")
	}
	own := slices.DeleteFunc(slices.Clone(h.Own), func(o config.OwnHoliday) bool { return o == config.OwnHoliday{} })
	i := put(&c.Hours, config.Hours{Name: s.Hours, Week: h.Week, Holidays: h.Holidays, Own: own}, func(h *config.Hours) string { return h.Name })
	s.front(c)
	return []Place{{under("hours", i) + ".", ""}}, nil
}

// Greeting is what callers hear first.
type Greeting struct {
	Prompts []string `json:"prompts"` // of the box, in order
}

// Apply has callers greeted so.
func (g Greeting) Apply(c *config.Config, s *State) ([]Place, error) {
	s.Greeting = g.Prompts
	s.front(c)
	return entry(c, s, "prompts"), nil
}

// To is who is reached behind the greeting.
type To struct {
	Kind string            `json:"kind"`           // ToAll, ToQueue or ToMenu
	Keys map[string]string `json:"keys,omitempty"` // of ToMenu: key -> number
}

// Apply leads callers there.
func (t To) Apply(c *config.Config, s *State) ([]Place, error) {
	if t.Kind != ToAll && t.Kind != ToQueue && t.Kind != ToMenu {
		return nil, config.Problems{{Path: "kind", Message: "choose where calls go", Persian: "جای تماس‌ها را برگزینید"}}
	}
	if len(c.Extensions) == 0 {
		return nil, config.Problems{{Path: "kind", Message: "there is no extension yet", Persian: "هنوز داخلی‌ای نیست"}}
	}
	s.To, s.Keys = t.Kind, maps.Clone(t.Keys)
	maps.DeleteFunc(s.Keys, func(_, to string) bool { return to == "" })
	s.front(c)
	return entry(c, s, "prompts"), nil
}

// entry are the names of where callers begin, whichever kind it is.
func entry(c *config.Config, s *State, greeting string) []Place {
	if i := slices.IndexFunc(c.Menus, func(m config.Menu) bool { return m.Number == s.Entry }); i >= 0 {
		return []Place{{under("menus", i) + ".greeting", greeting}, {under("menus", i) + ".", ""}}
	}
	if i := slices.IndexFunc(c.Flows, func(f config.Flow) bool { return f.Number == s.Entry }); i >= 0 {
		return []Place{{under("flows", i) + ".steps[0].prompts", greeting}}
	}
	return nil
}
