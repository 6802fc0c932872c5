package config

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func shop(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWeakPasswordsAreTold(t *testing.T) {
	cfg := Default()
	for number, secret := range map[string]Secret{"1000": "pw1000", "1001": "seven77", "1002": "eight888", "10030303": "10030303", "1004": ""} {
		cfg.Extensions = append(cfg.Extensions, Extension{Number: number, Secret: secret, RingFor: seconds(20)})
	}
	if err := cfg.Validate(); err != nil {
		t.Error(err)
	}
	weak := cfg.Weak()
	slices.Sort(weak)
	if want := []string{"1000", "1001", "10030303"}; !slices.Equal(weak, want) {
		t.Errorf("weak are %v, want %v", weak, want)
	}
}

func TestParseReadsAWholeTree(t *testing.T) {
	c, err := Parse("shop.yaml", shop(t))
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Schema: 1,
		System: System{Name: "فروشگاه", Language: Persian, TimeZone: "Asia/Tehran", Country: "IR", MaxCalls: 200},
		SIP: SIP{Domain: "pasokh.local", MinExpires: 60, MaxExpires: 3600, MaxContacts: 5, MaxCallsPerSecond: 50,
			Trusted: []string{"192.168.1.0/24"}},
		Media: Media{Timeout: Duration(90 * time.Second), VideoKbps: 1024, Codecs: []string{"PCMA", "PCMU"}},
		Extensions: []Extension{
			{Number: "1001", Name: "Reception", Secret: "a-long-password", RingFor: seconds(20)},
			{Number: "1002", Name: "سارا", Language: Persian, Secret: "another-password", RingFor: seconds(25), SRTP: SRTPRequired},
			{Number: "0912", Name: "Workshop", Port: "fxs1", RingFor: seconds(20), SRTP: SRTPOff},
		},
		Lines: []Line{{Port: "fxo1", Name: "Line 1", Language: Persian, Destination: "500", AnswerAfter: 2}},
		Menus: []Menu{{Number: "500", Name: "Main menu", Greeting: []string{"welcome", "menu-main"},
			Keys: map[string]string{"1": "700", "2": "1001", "*": "600"}, Timeout: seconds(5), Tries: 3, Otherwise: "700"}},
		Queues: []Queue{{Number: "700", Name: "Sales", Strategy: LongestIdle, Agents: QueueAgents("1002"), Music: "default",
			RingFor: seconds(20), AnnounceEvery: seconds(45), Operator: "1001"}},
		Conferences: []Conference{{Number: "800", Name: "Meeting", MaxMembers: 10}},
		Services:    []Service{{Number: "600", Kind: Echo}, {Number: "*43", Kind: Music}},
		Features:    Default().Features, Parking: Default().Parking, Recording: Default().Recording, Voicemail: Default().Voicemail,
		Mail: Default().Mail, Alerts: Default().Alerts, Backup: Default().Backup,
	}
	if diff := cmp.Diff(want, c, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsExportedIsImported(t *testing.T) {
	c, err := Parse("shop.yaml", shop(t))
	if err != nil {
		t.Fatal(err)
	}
	data, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("export.yaml", data)
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if diff := cmp.Diff(c, again, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(string(data), "another-password") || !strings.Contains(string(data), "timeout: 1m30s") {
		t.Errorf("the export lacks a password or writes a duration oddly:\n%s", data)
	}
}

// TestEveryMistakeIsNamed changes one thing in the shop and expects the whole error.
func TestEveryMistakeIsNamed(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"agents: [1002]", "agents: [1002, 1009]", "shop.yaml:35: queues[0].agents[1]: no extension 1009"},
		{"agents: [1002]", "agents: [1002, 1002]", "shop.yaml:35: queues[0].agents[1]: given twice"},
		{"agents: [1002]", "agents: 1002", "shop.yaml:35: queues[0].agents: a list is expected"},
		{"    wrap_up: 0s", "    wrapup: 10s", "shop.yaml:37: queues[0].wrapup: unknown key"},
		{"    wrap_up: 0s", "    operator: 1002", "shop.yaml:37: queues[0].operator: given twice"},
		{"    wrap_up: 0s", "    wrap_up: 10", `shop.yaml:37: queues[0].wrap_up: a duration such as 20s or 1m30s is expected, not "10"`},
		{"    wrap_up: 0s", "    max_callers: many", "shop.yaml:37: queues[0].max_callers: a whole number is expected"},
		{"    wrap_up: 0s", "    max_callers: 99999999999999999999", "shop.yaml:37: queues[0].max_callers: a whole number is expected"},
		{"    wrap_up: 0s", "    max_wait: 1s", "shop.yaml:37: queues[0].max_wait: must be 0, or from 10s to 24h, not 1s"},
		{"    wrap_up: 0s", "    otherwise: 700", "shop.yaml:37: queues[0].otherwise: leads back to itself"},
		{"strategy: longest-idle", "strategy: shortest", `shop.yaml:34: queues[0].strategy: no strategy "shortest": choose one of ring-all, linear, round-robin, longest-idle, fewest-calls, least-talk-time, random, weighted-random, skills`},
		{"  - number: 700", "  - number: 500", "shop.yaml:25: menus[0].keys.1: no extension, menu, queue, conference or service 700"},
		{"number: 800", "number: 1001", "shop.yaml:39: conferences[0].number: 1001 is taken by extensions[0]"},
		{"number: 800", "number: 80x", `shop.yaml:39: conferences[0].number: "80x" is not a number: 1 to 20 of 0-9, * and #`},
		{"max_members: 10", "max_members: 1", "shop.yaml:39: conferences[0].max_members: must be from 2 to 100, not 1"},
		{"kind: echo", "kind: fax", `shop.yaml:41: services[0].kind: no service "fax": choose echo or music`},
		{"    otherwise: 700\n", "", "shop.yaml:21: menus[0].otherwise: must not be empty"},
		{"      2: 1001", "      22: 1001", `shop.yaml:26: menus[0].keys.22: "22" is not a telephone key: 0-9, * or #`},
		{"      2: 1001", "      2: 1003", "shop.yaml:26: menus[0].keys.2: no extension, menu, queue, conference or service 1003"},
		{"destination: 500", "destination: 501", "shop.yaml:19: lines[0].destination: no extension, menu, queue, conference or service 501"},
		{"port: fxo1", "port: fxs1", "shop.yaml:19: lines[0].port: fxs1 is taken by extensions[2]"},
		{"destination: 500", "destination: 500, answer_after: 0", "shop.yaml:19: lines[0].answer_after: must be from 1 to 10, not 0"},
		{"secret: a-long-password", "secret: short", "shop.yaml:15: extensions[0].secret: shorter than 6 characters"},
		{"secret: a-long-password", `secret: "[secret]"`, "shop.yaml:15: extensions[0].secret: no password is stored to keep: type one"},
		{"secret: a-long-password", "formerly: [2001, 1002]", "shop.yaml:15: extensions[0].formerly[1]: 1002 is taken by extensions[1]"},
		{"    wrap_up: 0s", "    formerly: [7o1]", `shop.yaml:37: queues[0].formerly[0]: "7o1" is not a number: 1 to 20 of 0-9, * and #`},
		{"secret: a-long-password", "nat: maybe", "shop.yaml:15: extensions[0].nat: true or false is expected"},
		{"srtp: required", "dtmf: maybe", `shop.yaml:16: extensions[1].dtmf: no way of keys "maybe": choose auto, rfc4733, info or inband`},
		{"srtp: required", "srtp: maybe", `shop.yaml:16: extensions[1].srtp: no encryption "maybe": choose off, optional or required`},
		{"name: Reception", "name: [a]", "shop.yaml:14: extensions[0].name: a text is expected"},
		{"name: Reception", `name: "a\tb"`, "shop.yaml:14: extensions[0].name: has characters that cannot be shown"},
		{"schema: 1", "schema: 2", "shop.yaml:2: schema: this program reads schema 1, not 2"},
		{"schema: 1", "", "shop.yaml:1: schema: this program reads schema 1, not 0"},
		{"time_zone: Asia/Tehran", "time_zone: Asia/Shop", `shop.yaml:6: system.time_zone: no time zone "Asia/Shop"`},
		{"country: IR", "country: Iran", `shop.yaml:7: system.country: "Iran" is not a country code of two capital letters`},
		{"language: fa\n", "language: de\n", `shop.yaml:5: system.language: no language "de": choose fa or en`},
		{"domain: pasokh.local", "domain: -x", `shop.yaml:8: sip.domain: "-x" is not a host name`},
		{"[192.168.1.0/24]", "[192.168.1.7]", `shop.yaml:8: sip.trusted[0]: not a network such as 192.168.1.0/24: "192.168.1.7"`},
		{"max_expires: 3600", "max_expires: 30", "shop.yaml:8: sip.max_expires: must be from 60 to 86400, not 30"},
		{"timeout: 1m30s", "timeout: 2h", "shop.yaml:10: media.timeout: must be from 5s to 1h, not 2h"},
		{"[PCMA, PCMU]", "[PCMA, opus]", `shop.yaml:11: media.codecs[1]: no codec "opus": choose PCMA, PCMU or G722`},
		{"[PCMA, PCMU]", "[]", "shop.yaml:11: media.codecs: must not be empty"},
		{`"*": 600`, "*: 600", "shop.yaml:27: anchors, aliases"},
		{"  name: فروشگاه", "  name: \"x", "shop.yaml:"},
	} {
		text := strings.Replace(string(shop(t)), c.old, c.new, 1)
		_, err := Parse("shop.yaml", []byte(text))
		if err == nil {
			t.Errorf("%q is accepted", c.new)
		} else if first, _, _ := strings.Cut(err.Error(), "\n"); !strings.HasPrefix(first, c.want) {
			t.Errorf("%q: %s\nwant %s", c.new, err, c.want)
		}
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	_, err := Parse("x.yaml", []byte("schema: 1\nsystem: {colour: red}\nqueues:\n  - {number: 700, agents: 5}\nmedia: {timeout: soon}\n"))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Fatalf("want three problems, got %v", err)
	}
	for i, path := range []string{"system.colour", "queues[0].agents", "media.timeout"} {
		if problems[i].Path != path || problems[i].Line == 0 || problems[i].Text(Persian) == problems[i].Text(English) {
			t.Errorf("problem %d is %+v, want path %s", i, problems[i], path)
		}
	}
}

func TestHostileFilesAreRefusedQuickly(t *testing.T) {
	for name, text := range map[string]string{
		"big":       "name: " + strings.Repeat("#\n", maxFile),
		"long line": "name: " + strings.Repeat("x", maxLine+1),
		"brackets":  "a: " + strings.Repeat("[", 4000),
		"bombs":     "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
		"two":       "schema: 1\n---\nschema: 1\n",
		"tags":      strings.Repeat("!!a\n", 1000),
		"list":      "extensions:\n" + strings.Repeat("  - {}\n", maxList+1),
	} {
		start := time.Now()
		if _, err := Parse("hostile.yaml", []byte(text)); err == nil {
			t.Errorf("%s is accepted", name)
		} else if len(err.Error()) > 4*maxLine {
			t.Errorf("%s: an error of %d bytes", name, len(err.Error()))
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestDefaultIsValid(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
}

func TestDurationIsWrittenShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 20 * time.Second: "20s", 90 * time.Second: "1m30s", time.Minute: "1m", time.Hour: "1h", 90 * time.Minute: "1h30m",
		time.Hour + time.Second: "1h0m1s", 10 * time.Hour: "10h", 1500 * time.Millisecond: "1.5s",
	} {
		if got := Duration(d).String(); got != want {
			t.Errorf("%v is written %s, want %s", d, got, want)
		}
	}
}

// FuzzParse checks that nothing crashes the reader and that whatever it accepts
// can be written and read again unchanged.
func FuzzParse(f *testing.F) {
	f.Add([]byte("\"\": 0")) // a key that is nothing
	f.Add(shop(f))
	for _, seed := range []string{"", "schema: 1", "- a\n- b", "a: [1, {b: 2}]", "menus: [{keys: {\"#\": 1}}]", "a: |\n  x\n  y", "? a\n: b", "a: *b", "\xff\xfe", "---\n...\n", "extensions:\n  -\n", "{a: 'b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("fuzz.yaml", data)
		if err != nil {
			return
		}
		text, err := c.YAML()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse("again.yaml", text)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if diff := cmp.Diff(c, again, cmpopts.IgnoreUnexported(Config{})); diff != "" {
			t.Error(diff)
		}
	})
}

func TestExtensionIsFoundInATreeThatWasChanged(t *testing.T) {
	c, err := Parse("x", []byte("schema: 1\nextensions:\n  - {number: 100, name: A, secret: aaaaaaaa}\n  - {number: 101, name: B, secret: bbbbbbbb}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := c.Extension("101"); !ok || e.Name != "B" {
		t.Errorf("found %v", e)
	}
	c.Extensions[0].Number, c.Extensions[1].Number = "101", "102"
	c.Extensions = append(c.Extensions, Extension{Number: "103"})
	for number, want := range map[string]bool{"100": false, "101": true, "102": true, "103": true, "": false} {
		if e, ok := c.Extension(number); ok != want || ok && e.Number != number {
			t.Errorf("%s: found %v", number, e)
		}
	}
}
