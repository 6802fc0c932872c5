package config

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
)

// inLine are all settings of what a caller in line hears and can do.
const inLine = `    wrap_up: 0s
    announce: {position: up-to, limit: 5, wait: once, first: 10s, improved: true}
    messages: {prompts: [offer, address], random: true, every: 45s, after: 20s}
    collect: {prompt: customer, least: 4, most: 10}
    keys: {5: position, "*": silence, 9: 1001, "#": nothing}
    ring_tone: true
    prompts: {welcome: hello, thanks: none}
    on_leave_empty: 1001
`

func TestInLine(t *testing.T) {
	text := strings.Replace(string(shop(t)), "    wrap_up: 0s\n", inLine, 1)
	c, err := Parse("shop.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	written, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("again.yaml", written)
	if err != nil || !reflect.DeepEqual(c.Queues, again.Queues) {
		t.Errorf("written and read again: %v\n%+v\n%+v", err, c.Queues, again.Queues)
	}
	q := &c.Queues[0]
	for key, want := range map[byte]string{'5': KeyPosition, '*': KeySilence, '9': "1001", '#': KeyNothing, '0': "1001", '1': KeyNothing} {
		if does := q.KeyDoes(key); does != want {
			t.Errorf("key %c does %q, want %q", key, does, want)
		}
	}
	if q.Prompt("welcome") != "hello" || q.Prompt("thanks") != "" || q.Prompt("queue-full") != "queue-full" {
		t.Errorf("prompts: %q %q %q", q.Prompt("welcome"), q.Prompt("thanks"), q.Prompt("queue-full"))
	}
	if q.Leads("left-empty") != "1001" || q.Leads("empty") != "" {
		t.Errorf("left-empty leads to %q, empty to %q", q.Leads("left-empty"), q.Leads("empty"))
	}
	for _, c := range []struct{ was, is, want string }{
		{"up-to", "upto", `queues[0].announce.position: no rule "upto" for saying the position: choose always, never, up-to or more-than`},
		{"limit: 5, ", "", "queues[0].announce.limit: must be from 1 to 1000, not 0"},
		{"wait: once", "wait: twice", `queues[0].announce.wait: no rule "twice" for saying the wait: choose always, once or never`},
		{"first: 10s", "first: 2h", "queues[0].announce.first: must be 0, or from 1s to 1h, not 2h"},
		{"every: 45s", "every: 1s", "queues[0].messages.every: must be 0, or from 10s to 1h, not 1s"},
		{"[offer, address]", "[a, b, c, d, e, f, g, h, i, j, k]", "queues[0].messages.prompts: must be from 0 to 10, not 11"},
		{"least: 4", "least: 1", "queues[0].collect.least: must be from 2 to 20, not 1"},
		{"most: 10", "most: 3", "queues[0].collect.most: must be from 4 to 20, not 3"},
		{"9: 1001", "9: 700", "queues[0].keys.9: leads back to itself"},
		{"9: 1001", "9: 1009", "queues[0].keys.9: no extension, menu, queue, conference or service 1009"},
		{"9: 1001", "99: 1001", `queues[0].keys.99: "99" is not a telephone key: 0-9, * or #`},
		{"welcome: hello", "hello: hello", `queues[0].prompts.hello: a queue does not say "hello"; it says welcome, queue-joined`},
	} {
		_, err := Parse("shop.yaml", []byte(strings.Replace(text, c.was, c.is, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s -> %s: %v, want %s", c.was, c.is, err, c.want)
		}
	}
}

// TestPlainQueue: a queue survives the way through JSON to a form and back.
func TestPlainQueue(t *testing.T) {
	c, err := Parse("shop.yaml", []byte(strings.Replace(string(shop(t)), "    wrap_up: 0s\n", inLine, 1)))
	if err != nil {
		t.Fatal(err)
	}
	q := &c.Queues[0]
	q.Agents = append(q.Agents, QueueAgent{Extension: "1001", Tier: 1, Skills: map[string]int{"english": 80}})
	plain, err := q.Plain()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	var read map[string]any
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	again, err := PlainQueue(read)
	if err != nil || !reflect.DeepEqual(q, again) {
		t.Errorf("%v\n%+v\n%+v", err, q, again)
	}
	for path, wrong := range map[string]any{"wrap_up": "soon", "agents": "1001", "colour": "red", "number": "7x"} {
		bad := maps.Clone(read)
		bad[path] = wrong
		var problems Problems
		if _, err := PlainQueue(bad); !errors.As(err, &problems) || problems[0].Path != path {
			t.Errorf("%s: %v", path, err)
		}
	}
	if uses := c.QueueUses("700"); !reflect.DeepEqual(uses, []Use{{"menu", "500"}}) {
		t.Errorf("700 is used by %v", uses)
	}
}
