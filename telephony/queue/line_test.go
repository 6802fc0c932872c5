package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// hears is what a caller was told in line and when, since he joined: "15s place 2",
// "1m place 1 <5", "20s en/offer".
func (h *house) hears(c *caller) []string {
	synctest.Wait()
	var list []string
	var joined time.Time
	for _, s := range h.journal.Steps() {
		if s.Call != c.call.ID() {
			continue
		}
		at := s.At.Sub(joined).Round(time.Second)
		switch s.Type {
		case call.StepQueueJoined:
			joined = s.At
		case call.StepSaid:
			list = append(list, fmt.Sprint(at, " ", s.Value))
		case call.StepQueueAnnounced:
			line := fmt.Sprint(at, " place ", s.Value)
			if s.Minutes > 0 {
				line += fmt.Sprint(" <", s.Minutes)
			}
			list = append(list, line)
		}
	}
	return list
}

func (h *house) wantHeard(c *caller, want ...string) {
	h.Helper()
	if got := h.hears(c); !slices.Equal(got, want) {
		h.Errorf("%s heard:\n  %s\nwant:\n  %s", c.Name, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func seconds(n int) config.Duration { return config.Duration(time.Duration(n) * time.Second) }

// nobody serves the queue: its agent has no phone.
func nobody(q *config.Queue) { q.Agents = config.QueueAgents("1003") }

func TestPlaceRules(t *testing.T) {
	for _, c := range []struct {
		name  string
		rules config.Announce
		want  []string // of the fourth in line, whose predecessors leave after 20, 40 and 60 s
	}{
		{"always", config.Announce{}, []string{"0s en/queue-joined", "0s place 4", "20s place 3", "40s place 2", "1m0s place 1", "1m30s place 1"}},
		{"never", config.Announce{Position: config.PositionNever}, []string{"0s en/queue-joined"}},
		{"up-to", config.Announce{Position: config.PositionUpTo, Limit: 2}, []string{"0s en/queue-joined", "40s place 2", "1m0s place 1", "1m30s place 1"}},
		{"improved", config.Announce{Improved: true}, []string{"0s en/queue-joined", "0s place 4", "20s place 3", "40s place 2", "1m0s place 1"}},
		{"first", config.Announce{First: seconds(30)}, []string{"0s en/queue-joined", "30s place 3", "45s place 2", "1m0s place 1", "1m30s place 1"}},
		{"gap", config.Announce{First: seconds(5)}, []string{"0s en/queue-joined", "15s place 4", "30s place 3", "45s place 2", "1m0s place 1", "1m30s place 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rules := func(q *config.Queue) { nobody(q); q.Announce, q.AnnounceEvery = c.rules, seconds(30) }
			bubble(t, rules, func(h *house) {
				first, second, third, last := h.arrive("a"), h.arrive("b"), h.arrive("c"), h.arrive("d")
				for _, x := range []*caller{first, second, third} {
					h.after(20 * time.Second)
					x.End(call.Normal)
				}
				h.after(45 * time.Second)
				h.wantHeard(last, c.want...)
				last.End(call.Normal)
			})
		})
	}
}

func TestMoreThan(t *testing.T) {
	bubble(t, func(q *config.Queue) {
		nobody(q)
		q.Announce = config.Announce{Position: config.PositionMoreThan, Limit: 2}
	}, func(h *house) {
		a, b, c := h.arrive("a"), h.arrive("b"), h.arrive("c")
		if now := c.Sound.Now(); !strings.Contains(now, "ahead-before en/number-2 en/ahead-after") {
			t.Errorf("the third hears %q", now)
		}
		if now := b.Sound.Now(); !strings.Contains(now, "position-before en/number-2") {
			t.Errorf("the second hears %q", now)
		}
		for _, x := range []*caller{a, b, c} {
			x.End(call.Normal)
		}
	})
}

// TestWaitIsSaid: after talks of four minutes each, those in line are told ranges that
// never grow, the first in line that he is next; the ledger has what was expected.
func TestWaitIsSaid(t *testing.T) {
	one := func(q *config.Queue) {
		q.Agents, q.AnnounceEvery, q.WrapUp = config.QueueAgents("1001"), seconds(60), 0
	}
	bubble(t, one, func(h *house) {
		for range 12 {
			c := h.arrive("x")
			h.answer(h.rung("1001"))
			h.after(4 * time.Minute)
			c.End(call.Normal)
			h.after(time.Second)
		}
		first := h.arrive("a")
		h.answer(h.rung("1001"))
		next, last := h.arrive("b"), h.arrive("c")
		h.after(181 * time.Second)
		told := h.hears(last)
		want := []string{"0s en/queue-joined", "0s place 2 <15", "1m0s place 2 <15", "2m0s place 2 <15", "3m0s place 2 <15"}
		if !slices.Equal(told, want) {
			t.Errorf("the last in line heard %q", told)
		}
		h.wantHeard(next, "0s en/queue-joined", "0s place 1", "1m0s place 1", "2m0s place 1", "3m0s place 1")
		for _, s := range h.journal.Steps() {
			if s.Call == last.call.ID() && (s.Type == call.StepQueueJoined || s.Type == call.StepQueueAnnounced) && s.Expected < 60_000 {
				t.Errorf("%s expected %d ms", s.Type, s.Expected)
			}
		}
		for _, x := range []*caller{first, next, last} {
			x.End(call.Normal)
		}
	})
}

// TestNeverLonger: what the core makes of the wait grows only for a caller whose agents
// have become fewer.
func TestNeverLonger(t *testing.T) {
	v := &visit{queue: &config.Queue{}}
	for _, c := range []struct{ high, staff, want int }{{9, 2, 10}, {4, 2, 5}, {14, 2, 5}, {14, 3, 5}, {14, 1, 15}, {4, 1, 5}, {40, 1, 0}} {
		x := acd.Expect{Known: true, High: time.Duration(c.high) * time.Minute, Staff: c.staff}
		if got := v.minutes(2, x); got != c.want {
			t.Errorf("%d min with %d agents: said %d, want %d", c.high, c.staff, got, c.want)
		}
	}
}

func TestMessages(t *testing.T) {
	msgs := func(q *config.Queue) {
		nobody(q)
		q.Announce.Position = config.PositionNever
		q.Messages = config.Messages{Prompts: []string{"offer", "address"}, Every: seconds(30), After: seconds(20)}
	}
	bubble(t, msgs, func(h *house) {
		c := h.arrive("c")
		h.after(20*time.Second + time.Millisecond)
		if now := c.Sound.Now(); now != "program en/offer default" {
			t.Errorf("hears %q, want the message over the music", now)
		}
		h.after(80 * time.Second)
		h.wantHeard(c, "0s en/queue-joined", "20s en/offer", "50s en/address", "1m20s en/offer")
		var at []time.Time
		for _, s := range h.journal.Steps() {
			if s.Type == call.StepSaid && s.Value != "en/queue-joined" {
				at = append(at, s.At)
			}
		}
		if d := at[1].Sub(at[0]); d != 30*time.Second+10*time.Millisecond {
			t.Errorf("%v from one message to the next, want 30 s from the end of the first", d)
		}
		c.End(call.Normal)
	})
	random := func(q *config.Queue) { msgs(q); q.Messages.Random = true }
	bubble(t, random, func(h *house) {
		c := h.arrive("c")
		h.after(10 * time.Minute)
		said := h.hears(c)
		for i := 2; i < len(said); i++ {
			if strings.Fields(said[i])[1] == strings.Fields(said[i-1])[1] {
				t.Errorf("the same message twice: %q", said[i-1:i+1])
			}
		}
		c.End(call.Normal)
	})
}

// TestGap: a message and the place that are due together keep their distance.
func TestGap(t *testing.T) {
	both := func(q *config.Queue) {
		nobody(q)
		q.AnnounceEvery, q.Messages = seconds(30), config.Messages{Prompts: []string{"offer"}, Every: seconds(30)}
	}
	bubble(t, both, func(h *house) {
		c := h.arrive("c")
		h.after(91 * time.Second)
		h.wantHeard(c, "0s en/queue-joined", "0s place 1", "30s place 1", "45s en/offer", "1m0s place 1", "1m15s en/offer", "1m30s place 1")
		c.End(call.Normal)
	})
}

func TestComforts(t *testing.T) {
	keys := func(q *config.Queue) {
		nobody(q)
		q.AnnounceEvery, q.Keys, q.Otherwise = seconds(30), map[string]string{"5": config.KeyPosition, "7": "1009"}, "1008"
	}
	bubble(t, keys, func(h *house) {
		c := h.arrive("c")
		h.after(10 * time.Second)
		c.Press('*')
		h.after(time.Minute - time.Millisecond)
		if now := c.Sound.Now(); now != "silence" {
			t.Errorf("hears %q, wants silence", now)
		}
		h.after(2 * time.Millisecond)
		if now := c.Sound.Now(); now != "program sound/beep" {
			t.Errorf("hears %q after a minute of silence, want a beep", now)
		}
		c.Press('5')
		h.after(time.Millisecond)
		if now := c.Sound.Now(); now != "program en/queue-next  en/thanks" {
			t.Errorf("hears %q, asked for his place", now)
		}
		c.Press('#')
		h.after(time.Millisecond)
		if now := c.Sound.Now(); now != "program default" {
			t.Errorf("hears %q, wants music again", now)
		}
		h.wantHeard(c, "0s en/queue-joined", "0s place 1", "1m10s place 1")
		c.Press('7')
		synctest.Wait()
		if c.next != "1009" {
			t.Errorf("key 7 led to %q", c.next)
		}
	})
	bubble(t, func(q *config.Queue) { keys(q); q.RingTone = true }, func(h *house) {
		c := h.arrive("c")
		if now := c.Sound.Now(); now != "program en/queue-joined  en/queue-next  en/thanks" {
			t.Errorf("hears %q", now)
		}
		h.after(time.Second)
		if now := c.Sound.Now(); now != "program ringback" {
			t.Errorf("hears %q, want a ring tone", now)
		}
		c.Press('0')
		synctest.Wait()
		if c.next != "1008" {
			t.Errorf("key 0 led to %q", c.next)
		}
	})
}

func TestCollect(t *testing.T) {
	ask := func(q *config.Queue) {
		nobody(q)
		q.Operator, q.Collect = "1009", config.Collect{Prompt: "customer", Least: 3, Most: 5}
	}
	press := func(c *caller, keys string) {
		for _, k := range []byte(keys) {
			c.Press(k)
			synctest.Wait()
		}
	}
	for _, x := range []struct {
		keys, keyed, next string
		asked             int
		after             time.Duration
	}{
		{"10305", "10305", "", 1, 0},
		{"103#", "103", "", 1, 0},
		{"99*103#", "103", "", 1, 0},
		{"103", "103", "", 1, 5 * time.Second},
		{"10#", "", "", 2, 0},
		{"", "", "", 1, time.Minute},
		{"0", "", "1009", 1, 5 * time.Second},
		{"0#", "", "1009", 1, 0},
	} {
		bubble(t, ask, func(h *house) {
			c := h.arrive("c")
			h.after(time.Second)
			if now := c.Sound.Now(); now != "program en/customer default" {
				t.Errorf("hears %q, want the question", now)
			}
			press(c, x.keys)
			h.after(x.after)
			asked := strings.Count(strings.Join(h.hears(c), "\n"), "en/customer")
			keyed := ""
			for _, s := range h.journal.Steps() {
				if s.Type == call.StepLearnt && s.Number == "keyed" {
					keyed = s.Value
				}
			}
			if keyed != x.keyed || c.next != x.next || asked != x.asked {
				t.Errorf("%q: keyed %q, went to %q, asked %d times; want %+v", x.keys, keyed, c.next, asked, x)
			}
			c.End(call.Normal)
		})
	}
}

func TestPlaceIsKept(t *testing.T) {
	bubble(t, func(q *config.Queue) { nobody(q); q.KeepPlace = seconds(60) }, func(h *house) {
		a, b := h.arrive("a"), h.arrive("b")
		h.after(20 * time.Second)
		a.End(call.MediaTimeout)
		h.after(20 * time.Second)
		again := h.arrive("a")
		if now := again.Sound.Now(); !strings.Contains(now, "queue-kept") || !strings.Contains(now, "queue-next") {
			t.Errorf("who calls again hears %q", now)
		}
		kept := false
		for _, s := range h.journal.Steps() {
			kept = kept || s.Call == again.call.ID() && s.Type == call.StepQueueJoined && s.Reason == "kept" && s.Value == "1"
		}
		if !kept {
			t.Error("the journal does not tell that the place was kept")
		}
		again.End(call.Normal)
		b.End(call.Normal)
	})
}

// TestDestinations: each reason for which callers are not served has a number of its own.
func TestDestinations(t *testing.T) {
	to := func(q *config.Queue) {
		q.Agents, q.Otherwise = config.QueueAgents("1001"), "1"
		q.OnFull, q.OnTimeout, q.OnEmpty, q.OnLeaveEmpty, q.OnDivert = "2", "3", "4", "5", "6"
		q.Keys = map[string]string{"9": "7"}
	}
	for want, test := range map[string]struct {
		change func(*config.Queue)
		do     func(h *house, c *caller)
	}{
		"2": {func(q *config.Queue) { q.MaxCallers = 1 }, func(*house, *caller) {}},
		"3": {func(q *config.Queue) { q.MaxWait = seconds(60) }, func(h *house, _ *caller) { h.after(2 * time.Minute) }},
		"4": {func(q *config.Queue) { nobody(q); q.JoinEmpty = []string{"offline"} }, func(*house, *caller) {}},
		"5": {func(q *config.Queue) { q.LeaveEmpty = []string{"offline"} }, func(h *house, _ *caller) { h.plug("1001", nil) }},
		"6": {func(q *config.Queue) { q.DivertRatio = 1 }, func(*house, *caller) {}},
		"7": {keep, func(h *house, c *caller) { c.Press('9'); synctest.Wait() }},
	} {
		bubble(t, func(q *config.Queue) { to(q); test.change(q) }, func(h *house) {
			h.floor.Busy("1001", true)
			first := h.arrive("a")
			c := h.arrive("c")
			test.do(h, c)
			if c.next != want {
				t.Errorf("a caller who should go to %s goes to %q", want, c.next)
			}
			h.floor.Busy("1001", false)
			first.End(call.Normal)
			c.End(call.Normal)
		})
	}
}

func TestOwnPrompts(t *testing.T) {
	own := func(q *config.Queue) {
		nobody(q)
		q.Prompts = map[string]string{"welcome": "hello", "queue-joined": "busy-now", "thanks": config.NoPrompt, "no-agents": "gone", "queue-timeout": "sorry"}
		q.MaxWait = seconds(30)
	}
	bubble(t, own, func(h *house) {
		c := h.arrive("c")
		h.after(100 * time.Millisecond)
		log := strings.Join(c.Log(), "\n")
		if !strings.Contains(log, "hears program en/hello\nhears program en/busy-now  en/queue-next default") {
			t.Errorf("heard\n%s", log)
		}
		h.after(time.Minute)
		if log := strings.Join(c.Log(), "\n"); !strings.Contains(log, "en/sorry") {
			t.Errorf("heard\n%s", log)
		}
	})
}

// TestValuesOfTheCall: what a flow has set puts a caller before others.
func TestValuesOfTheCall(t *testing.T) {
	bubble(t, nobody, func(h *house) {
		a := h.arrive("a")
		b := h.arriveWith("b", map[string]string{"priority": "5", "owner": "1003"})
		w := h.floor.Board().Queues[0].Waiting
		if len(w) != 2 || w[0].Call != b.call.ID() || w[0].Priority != 5 {
			t.Errorf("waiting: %+v", w)
		}
		a.End(call.Normal)
		b.End(call.Normal)
	})
}
