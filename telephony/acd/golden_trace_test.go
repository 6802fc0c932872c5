package acd

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// TestTraces plays testdata/*.trace. Each is written from the definition of a
// strategy, one event a line: a time in seconds, what happens, and after "->" whom
// it is to be offered to; nothing means that nobody may be offered.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("testdata/*.trace")
	if err != nil || len(files) < len(Strategies()) {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".trace"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tr := trace{}
			for n, line := range strings.Split(string(text), "\n") {
				if line == "" || line[0] == '#' {
					continue
				}
				do, want, _ := strings.Cut(line, "->")
				if got := tr.line(t, strings.Fields(do)); got != strings.TrimSpace(want) {
					t.Errorf("%s:%d: %s\noffered %q", file, n+1, line, got)
				}
			}
		})
	}
}

type trace struct{ State }

// line plays a line and returns the offers: "A:1001,1002 B:1003".
func (tr *trace) line(t *testing.T, words []string) string {
	second, err := strconv.Atoi(words[0])
	if err != nil {
		tr.setting(t, words)
		return ""
	}
	e := tr.event(t, words[1], words[2:])
	var offers []string
	for _, c := range tr.Apply(e, morning.Add(time.Duration(second)*time.Second)) {
		if o, ok := c.(Offer); ok {
			offers = append(offers, string(o.Call)+":"+strings.Join(o.Agents, ","))
		}
	}
	return strings.Join(offers, " ")
}

func (tr *trace) setting(t *testing.T, words []string) {
	switch words[0] {
	case "rand":
		if _, err := fmt.Sscan(words[1], &tr.Rand); err != nil {
			t.Fatal(err)
		}
	case "queue":
		tr.Apply(Configure{[]Queue{queueOf(t, words[1:])}}, morning)
	case "online":
		for _, ext := range words[1:] {
			tr.Apply(AgentOnline{ext}, morning)
		}
	default:
		t.Fatalf("no setting %v", words)
	}
}

func queueOf(t *testing.T, words []string) Queue {
	q := Queue{Number: "700"}
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "strategy":
			q.Strategy = Strategy(value)
		case "tier-wait", "sticky":
			d, err := time.ParseDuration(value)
			if err != nil {
				t.Fatal(err)
			}
			if key == "sticky" {
				q.StickyFor = d
			} else {
				q.TierWait = d
			}
		case "agents":
			for _, agent := range strings.Split(value, ",") {
				parts := strings.Split(agent, "/")
				m := Member{Agent: parts[0], Skills: map[string]int{}}
				for _, p := range parts[1:] {
					what, n := levelOf(t, p)
					switch what {
					case "tier":
						m.Tier = n
					case "weight":
						m.Weight = n
					default:
						m.Skills[what] = n
					}
				}
				q.Agents = append(q.Agents, m)
			}
		case "skills":
			for _, rule := range strings.Split(value, ",") {
				after, need, _ := strings.Cut(rule, ":")
				d, err := time.ParseDuration(after)
				if err != nil {
					t.Fatal(err)
				}
				skill, n := levelOf(t, need)
				q.Skills = append(q.Skills, SkillRule{d, map[string]int{skill: n}})
			}
		default:
			t.Fatalf("no key %s", key)
		}
	}
	return q
}

func levelOf(t *testing.T, s string) (string, int) {
	what, value, _ := strings.Cut(s, "=")
	n, err := strconv.Atoi(value)
	if err != nil {
		t.Fatal(s, err)
	}
	return what, n
}

func (tr *trace) event(t *testing.T, verb string, args []string) Event {
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	a := tr.agent(arg(0))
	if len(args) > 1 && a == nil {
		a = tr.agent(args[1])
	}
	id := call.ID(arg(0))
	switch verb {
	case "join":
		e := CallerJoined{Call: id, Queue: "700"}
		for _, w := range args[1:] {
			if number, ok := strings.CutPrefix(w, "number="); ok {
				e.Party.Number = number
			}
			if owner, ok := strings.CutPrefix(w, "owner="); ok {
				e.Owner = owner
			}
		}
		return e
	case "leave":
		return CallerLeft{Call: id}
	case "answer":
		return OfferAnswered{a.Offer, id, args[1]}
	case "fail":
		return OfferFailed{a.Offer, id, args[1], map[string]call.Cause{"no-answer": call.NoAnswer, "rejected": call.Rejected, "busy": call.Busy}[args[2]]}
	case "end":
		return TalkEnded{Call: id, Agent: args[1]}
	case "online":
		return AgentOnline{args[0]}
	case "offline":
		return AgentOffline{args[0]}
	case "busy", "idle":
		return AgentBusy{args[0], verb == "busy"}
	case "login", "logout", "pause", "resume":
		return AgentDuty{Agent: args[0], Wish: map[string]Wish{"login": LogIn, "logout": LogOut, "pause": Pause, "resume": Resume}[verb]}
	case "day":
		return DayBegan{}
	case "tick":
		return Tick{}
	}
	t.Fatalf("no event %s", verb)
	return nil
}
