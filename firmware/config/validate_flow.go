package config

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Bounds of flows and tables.
const (
	maxSteps = 200
	maxText  = 500
)

func (v *validator) flow(path string, f *Flow) {
	v.name(path+".name", f.Name)
	v.night(path+".night", f.Night, f.Number)
	v.count(path+".steps", len(f.Steps), 1, maxSteps)
	seen := make(map[string]bool)
	for i := range f.Steps {
		s, at := &f.Steps[i], fmt.Sprintf("%s.steps[%d]", path, i)
		if v.ident(at+".name", s.Name); s.Name != "" && !IsStep(s.Name) {
			v.add(at+".name", msgStepName, s.Name)
		} else if seen[s.Name] {
			v.add(at+".name", msgDuplicate)
		}
		seen[s.Name] = true
		v.step(at, f, s)
	}
	if round := f.circle(); round != nil {
		v.add(path+".steps", msgCircle, strings.Join(round, " → "))
	}
}

// step checks one step by itself and that all its ways lead somewhere.
func (v *validator) step(path string, f *Flow, s *FlowStep) {
	for i, p := range s.Prompts {
		v.ident(fmt.Sprintf("%s.prompts[%d]", path, i), p)
	}
	for _, w := range s.ways() {
		if _, ok := f.Step(w.to); !ok || !IsStep(w.to) {
			v.reaches(path+"."+w.field, w.to)
		}
	}
	v.needs(path+".next", s.goesOn(), s.Next)
	switch s.Do {
	case FlowPlay:
		v.needs(path+".prompts", len(s.Prompts) == 0, "")
	case FlowMenu, FlowCollect:
		v.duration(path+".timeout", s.Timeout, time.Second, time.Minute)
		v.count(path+".tries", s.Tries, 1, 10)
		v.needs(path+".otherwise", true, s.Otherwise)
		if s.Do == FlowCollect {
			v.count(path+".most", s.Most, 1, 32)
			v.count(path+".least", s.Least, 0, s.Most)
			v.value(path+".into", s.Into)
		}
		for _, key := range slices.Sorted(maps.Keys(s.Keys)) {
			if len(key) != 1 || !isKey(rune(key[0])) {
				v.add(path+".keys."+key, msgKey, key)
			}
		}
	case FlowSay:
		if !slices.Contains(sayings, s.As) {
			v.add(path+".as", msgSayAs, s.As)
		}
		v.needs(path+".value", true, s.Value)
		v.text(path+".value", s.Value)
	case FlowBranch:
		v.needs(path+".otherwise", true, s.Otherwise)
		v.needs(path+".cases", len(s.Cases) == 0, "")
		for i := range s.Cases {
			v.needs(fmt.Sprintf("%s.cases[%d].of", path, i), true, s.Cases[i].Of)
			v.needs(fmt.Sprintf("%s.cases[%d].to", path, i), true, s.Cases[i].To)
			if s.Cases[i].Of == "hours" {
				v.schedules(fmt.Sprintf("%s.cases[%d].is", path, i), s.Cases[i].Is)
			}
		}
	case FlowLookUp:
		v.lookUp(path, s)
	case FlowSet:
		v.needs(path+".set", len(s.Set) == 0, "")
		for _, name := range slices.Sorted(maps.Keys(s.Set)) {
			v.value(path+".set."+name, name)
			v.text(path+".set."+name, s.Set[name])
		}
	case FlowDial:
		if _, ok := v.cfg.RouteFor(s.Number); !ok {
			v.add(path+".number", msgNoRoute, s.Number)
		}
	case FlowVoicemail:
		if _, ok := v.cfg.Mailbox(s.Number); !ok {
			v.add(path+".number", msgNoMailbox, s.Number)
		}
	case FlowHangUp:
	default:
		v.add(path+".do", msgFlowDo, s.Do)
	}
}

var sayings = []SayAs{SayDigits, SayTelephone, SayNumber, SayOrdinal, SayMoney, SayDuration, SayTime, SayDate, SayPrompt}

func (v *validator) lookUp(path string, s *FlowStep) {
	v.duration(path+".timeout", s.Timeout, time.Second, 10*time.Second)
	v.needs(path+".otherwise", true, s.Otherwise)
	v.value(path+".into", s.Into)
	v.text(path+".value", s.Value)
	switch {
	case (s.Table == "") == (s.URL == ""):
		v.add(path+".table", msgTableOrURL)
	case s.Table != "":
		v.needs(path+".value", true, s.Value)
		if _, ok := v.cfg.Table(s.Table); !ok {
			v.add(path+".table", msgNoTable, s.Table)
		}
	default:
		v.text(path+".url", s.URL)
		u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(s.URL))
		host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(s.URL, "https://"), "http://"), "/")
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsAny(host, "{}@") {
			v.add(path+".url", msgURL, s.URL)
		}
	}
}

// needs tells of a field that must not be empty, where it counts.
func (v *validator) needs(path string, counts bool, s string) {
	if counts && s == "" {
		v.add(path, msgMissing)
	}
}

// value checks the name of something that a flow knows.
func (v *validator) value(path, name string) {
	if v.ident(path, name); name != "" && !IsStep(name) {
		v.add(path, msgStepName, name)
	}
}

// text checks a text with names in braces.
func (v *validator) text(path, s string) {
	if len(s) > maxText {
		v.add(path, msgLength, maxText)
	}
	for rest := s; ; {
		_, after, opened := strings.Cut(rest, "{")
		name, tail, closed := strings.Cut(after, "}")
		switch {
		case !opened:
			return
		case !closed || strings.Trim(name, lowercase+"0123456789-_.") != "" || !IsStep(name):
			v.add(path, msgBraces, s)
			return
		}
		rest = tail
	}
}

func (v *validator) tables() {
	seen := make(map[string]bool)
	for i := range v.cfg.Tables {
		t, path := &v.cfg.Tables[i], fmt.Sprintf("tables[%d]", i)
		if v.ident(path+".name", t.Name); seen[t.Name] {
			v.add(path+".name", msgDuplicate)
		}
		seen[t.Name] = true
		keys := make(map[string]bool)
		for j, row := range t.Rows {
			at := fmt.Sprintf("%s.rows[%d]", path, j)
			v.needs(at+"."+TableKey, true, row[TableKey])
			if keys[row[TableKey]] {
				v.add(at+"."+TableKey, msgDuplicate)
			}
			keys[row[TableKey]] = true
			for _, field := range slices.Sorted(maps.Keys(row)) {
				if v.ident(at+"."+field, field); len(row[field]) > maxText {
					v.add(at+"."+field, msgLength, maxText)
				}
			}
		}
	}
}

// circle finds steps that lead round without ever waiting for the caller.
func (f *Flow) circle() []string {
	const walking, walked = 1, 2
	state := make(map[string]int)
	var path []string
	var walk func(s *FlowStep) []string
	walk = func(s *FlowStep) []string {
		if s.Do == FlowMenu || s.Do == FlowCollect || state[s.Name] == walked {
			return nil
		}
		path = append(path, s.Name)
		if state[s.Name] == walking {
			return path[slices.Index(path, s.Name):]
		}
		state[s.Name] = walking
		for _, w := range s.ways() {
			if to, ok := f.Step(w.to); ok {
				if round := walk(to); round != nil {
					return round
				}
			}
		}
		state[s.Name], path = walked, path[:len(path)-1]
		return nil
	}
	for i := range f.Steps {
		if round := walk(&f.Steps[i]); round != nil {
			return round
		}
	}
	return nil
}

// Advice is what is allowed in a flow and yet hardly meant: steps that no call ever
// comes to, and menus in which 0 leads to nobody.
func (c *Config) Advice(f *Flow) (list Problems) {
	reached := make(map[string]bool)
	var walk func(name string)
	walk = func(name string) {
		if s, ok := f.Step(name); ok && !reached[name] {
			reached[name] = true
			for _, w := range s.ways() {
				walk(w.to)
			}
		}
	}
	if len(f.Steps) > 0 {
		walk(f.Steps[0].Name)
	}
	for i := range f.Steps {
		s, at := &f.Steps[i], fmt.Sprintf("steps[%d]", i)
		switch zero := s.Keys["0"]; {
		case !reached[s.Name]:
			list.add(at, msgUnreached, s.Name)
		case s.Do == FlowMenu && zero != "" && !c.answered(f, zero, make(map[string]bool)),
			s.Do == FlowMenu && zero == "" && !c.answered(f, s.Otherwise, make(map[string]bool)):
			list.add(at+".keys.0", msgNobodyAtZero, s.Name)
		}
	}
	return list
}

// answered tells whether a way can end at somebody who answers: an extension, a
// queue or a number outside.
func (c *Config) answered(f *Flow, to string, been map[string]bool) bool {
	place := f.Number + " " + to
	if been[place] {
		return false
	}
	been[place] = true
	if s, ok := f.Step(to); ok {
		return s.Do == FlowDial || slices.ContainsFunc(s.ways(), func(w flowWay) bool { return c.answered(f, w.to, been) })
	}
	if m, ok := c.Menu(to); ok {
		other := m.Flow()
		return c.answered(other, other.Steps[0].Name, been)
	}
	if other, ok := c.Flow(to); ok && len(other.Steps) > 0 {
		return c.answered(other, other.Steps[0].Name, been)
	}
	_, person := c.Extension(to)
	_, queue := c.Queue(to)
	return person || queue
}
