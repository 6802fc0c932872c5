package whatif

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
)

// Wish is a change in words, as people ask for it at the console and on the page. What is
// empty stays as it was.
type Wish struct {
	Queue    string // "" for all queues
	Strategy string
	// Agents come or go, with commas between them: "+1" is one agent more, "-1" without
	// the last one of the list, "+1005" and "-1001" a certain one. Only numbers of one
	// digit are counts.
	Agents string
	// Hours are when agents work: "1001=09:00-13:30".
	Hours   string
	WrapUp  string // "10s"
	MaxWait string // "5m"
	Tiers   string // "1001=0,1002=1"
	Skills  string // "1001=en:80"
	// Callback is on or off. On, it is offered after CallbackAfter (UsualOffer).
	Callback      string
	CallbackAfter string
	Accept        string // percent of callers who take it
}

// UsualOffer is after how long a callback is offered where the queue does not say.
const UsualOffer = time.Minute

// ErrWish: a wish cannot be understood.
var ErrWish = errors.New("that change cannot be understood")

// WishError names what of a Wish cannot be understood. It is ErrWish.
type WishError struct{ Field, Text string }

func (e *WishError) Error() string {
	return fmt.Sprintf("%s: %q cannot be understood", e.Field, e.Text)
}

// Is makes it ErrWish.
func (e *WishError) Is(target error) bool { return target == ErrWish }

// edit changes one queue.
type edit func(*acd.Queue)

// Change is what the wish comes to on a day that begins at midnight. doors are those of
// the queues as they are.
func (w *Wish) Change(midnight time.Time, doors map[string]Door) (Change, error) {
	p := parser{wish: w, midnight: midnight, change: Change{Hours: make(map[string]Shift)}}
	if w.Strategy != "" {
		p.strategy()
	}
	p.duration("wrap-up", w.WrapUp, func(q *acd.Queue, d time.Duration) { q.WrapUp = d })
	p.duration("max-wait", w.MaxWait, func(q *acd.Queue, d time.Duration) { q.MaxWait = d })
	p.each("agents", w.Agents, p.agent)
	p.each("hours", w.Hours, p.hours)
	p.each("tiers", w.Tiers, p.tier)
	p.each("skills", w.Skills, p.skill)
	p.callback(doors)
	if p.err != nil {
		return Change{}, p.err
	}
	edits := p.edits
	if len(edits) > 0 {
		p.change.Queues = func(_ time.Time, was []acd.Queue) []acd.Queue {
			list := slices.Clone(was)
			for i := range list {
				if w.Queue == "" || list[i].Number == w.Queue {
					list[i].Agents = slices.Clone(list[i].Agents)
					for _, e := range edits {
						e(&list[i])
					}
				}
			}
			return list
		}
	}
	return p.change, nil
}

// parser understands a wish.
type parser struct {
	wish     *Wish
	midnight time.Time
	change   Change
	edits    []edit
	more     int // agents without a number
	err      error
}

func (p *parser) wrong(field, text string) {
	if p.err == nil {
		p.err = &WishError{field, text}
	}
}

// each hands the parts of a list on.
func (p *parser) each(field, list string, f func(part string) bool) {
	if len(list) > 1000 {
		p.wrong(field, list[:20])
		return
	}
	for _, part := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !f(part) {
			p.wrong(field, part)
		}
	}
}

func (p *parser) strategy() {
	s := acd.Strategy(p.wish.Strategy)
	if !slices.Contains(acd.Strategies(), s) {
		p.wrong("strategy", p.wish.Strategy)
	}
	p.edits = append(p.edits, func(q *acd.Queue) { q.Strategy = s })
}

func (p *parser) duration(field, text string, set func(*acd.Queue, time.Duration)) {
	if text == "" {
		return
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > 24*time.Hour {
		p.wrong(field, text)
	}
	p.edits = append(p.edits, func(q *acd.Queue) { set(q, d) })
}

// agent understands "+1", "-1", "+1005" and "-1001".
func (p *parser) agent(part string) bool {
	number := part[1:]
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || part[0] != '+' && part[0] != '-' {
		return false
	}
	switch {
	case part[0] == '-' && len(number) == 1:
		p.edits = append(p.edits, func(q *acd.Queue) { q.Agents = q.Agents[:max(0, len(q.Agents)-n)] })
	case part[0] == '-':
		p.edits = append(p.edits, func(q *acd.Queue) {
			q.Agents = slices.DeleteFunc(q.Agents, func(m acd.Member) bool { return m.Agent == number })
		})
	case len(number) == 1:
		for range n {
			p.more++
			name := fmt.Sprint("+", p.more)
			p.edits = append(p.edits, func(q *acd.Queue) { join(q, name) })
		}
	default:
		p.edits = append(p.edits, func(q *acd.Queue) { join(q, number) })
	}
	return true
}

// join lets an agent serve a queue who is new to it: in its first tier, able to do all that
// it asks for.
func join(q *acd.Queue, agent string) {
	if slices.ContainsFunc(q.Agents, func(m acd.Member) bool { return m.Agent == agent }) {
		return
	}
	m := acd.Member{Agent: agent, Skills: make(map[string]int)}
	for i, old := range q.Agents {
		if i == 0 || old.Tier < m.Tier {
			m.Tier = old.Tier
		}
	}
	for _, r := range q.Skills {
		for skill := range r.Needs {
			m.Skills[skill] = 100
		}
	}
	q.Agents = append(q.Agents, m)
}

// hours understands "1001=09:00-13:30".
func (p *parser) hours(part string) bool {
	agent, span, ok := strings.Cut(part, "=")
	from, to, ok2 := strings.Cut(span, "-")
	begin, err := p.clock(from)
	end, err2 := p.clock(to)
	if !ok || !ok2 || agent == "" || err != nil || err2 != nil || !begin.Before(end) {
		return false
	}
	p.change.Hours[agent] = Shift{begin, end}
	return true
}

func (p *parser) clock(text string) (time.Time, error) {
	y, m, d := p.midnight.Date()
	if text == "24:00" {
		return time.Date(y, m, d+1, 0, 0, 0, 0, p.midnight.Location()), nil
	}
	t, err := time.Parse("15:04", text)
	return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, p.midnight.Location()), err
}

// member changes an agent's place.
func (p *parser) member(agent string, set func(*acd.Member)) {
	p.edits = append(p.edits, func(q *acd.Queue) {
		for i := range q.Agents {
			if q.Agents[i].Agent == agent {
				set(&q.Agents[i])
			}
		}
	})
}

// tier understands "1001=1".
func (p *parser) tier(part string) bool {
	agent, text, ok := strings.Cut(part, "=")
	n, err := strconv.Atoi(text)
	p.member(agent, func(m *acd.Member) { m.Tier = n })
	return ok && agent != "" && err == nil && n >= 0 && n <= 100
}

// skill understands "1001=en:80".
func (p *parser) skill(part string) bool {
	agent, text, ok := strings.Cut(part, "=")
	skill, level, ok2 := strings.Cut(text, ":")
	n, err := strconv.Atoi(level)
	p.member(agent, func(m *acd.Member) {
		skills := map[string]int{skill: n}
		for s, l := range m.Skills {
			if s != skill {
				skills[s] = l
			}
		}
		m.Skills = skills
	})
	return ok && ok2 && agent != "" && skill != "" && err == nil && n >= 0 && n <= 100
}

// callback understands on and off.
func (p *parser) callback(doors map[string]Door) {
	w := p.wish
	if w.Accept != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(w.Accept, "%"))
		if err != nil || n < 1 || n > 100 {
			p.wrong("accept", w.Accept)
		}
		p.change.Accept = float64(n) / 100
	}
	after := UsualOffer
	if w.CallbackAfter != "" {
		var err error
		if after, err = time.ParseDuration(w.CallbackAfter); err != nil || after <= 0 || after > time.Hour {
			p.wrong("callback-after", w.CallbackAfter)
		}
	}
	if w.Callback != "" && w.Callback != "on" && w.Callback != "off" {
		p.wrong("callback", w.Callback)
	}
	if w.Callback == "" && len(p.edits) == 0 && len(p.change.Hours) == 0 {
		return // nothing changes
	}
	p.change.Doors = make(map[string]Door)
	for queue, door := range doors {
		if w.Callback != "" && (w.Queue == "" || w.Queue == queue) {
			if door.Callback = w.Callback == "on"; door.OfferAfter == 0 || w.CallbackAfter != "" {
				door.OfferAfter = after
			}
		}
		p.change.Doors[queue] = door
	}
}
