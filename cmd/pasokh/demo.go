package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/store"
)

// The demo's fixed numbers; they are part of its contract with whoever tests it.
const (
	demoUserA      = "1001"
	demoUserB      = "1002"
	demoUserC      = "1003"
	demoQueue      = "700"
	demoEcho       = "600"
	demoMusic      = "601"
	demoConference = "800"
	demoMenu       = "500"
	demoUnknown    = "7999"
	demoNight      = "*28"
	demoPark       = "720"
	demoAdmin      = "admin"
)

// demoConfig is a small shop: three desks, two analog phones, two lines, a menu
// and a queue. Its passwords are random.
func demoConfig() *config.Config {
	c := config.Default()
	c.System.Name = "Pasokh demo"
	c.System.Country = "IR"
	c.System.Language = config.Persian
	c.System.TimeZone = "Asia/Tehran"
	c.SIP.Domain = "pasokh.local"
	seconds := func(n int) config.Duration { return config.Duration(time.Duration(n) * time.Second) }
	desk := func(number, name, port string) config.Extension {
		e := config.Extension{Number: number, Name: name, Port: port, RingFor: seconds(20)}
		if port == "" {
			e.Secret = identity.RandomSecret(20)
		}
		return e
	}
	c.Extensions = []config.Extension{
		desk(demoUserA, "Reception", ""), desk(demoUserB, "Sara", ""), desk(demoUserC, "Office", ""),
		desk("1011", "Workshop", "fxs1"), desk("1012", "Stockroom", "fxs2"),
	}
	c.Lines = []config.Line{
		{Port: "fxo1", Language: config.Persian, Destination: demoMenu, AnswerAfter: 2},
		{Port: "fxo2", Language: config.English, Destination: demoMenu, AnswerAfter: 2},
	}
	c.Menus = []config.Menu{{
		Number: demoMenu, Name: "Main menu", Greeting: []string{"welcome", "menu-main"},
		Keys: map[string]string{"1": demoQueue, "2": demoUserC}, Timeout: seconds(5), Tries: 3, Otherwise: demoQueue,
		Night: config.Night{Switch: demoNight, Destination: demoUserA},
	}}
	c.Queues = []config.Queue{{
		Number: demoQueue, Name: "Sales", Strategy: config.LongestIdle, Agents: config.QueueAgents(demoUserB), Music: "default",
		RingFor: seconds(20), WrapUp: seconds(10), AnnounceEvery: seconds(45),
	}}
	c.Conferences = []config.Conference{{Number: demoConference, Name: "Meeting", MaxMembers: 30}}
	c.Services = []config.Service{{Number: demoEcho, Kind: config.Echo}, {Number: demoMusic, Kind: config.Music}}
	c.Switches = []config.Switch{{Number: demoNight, Name: "Night"}}
	c.Parking.Number, c.Parking.First = demoPark, "701"
	c.Listening.Supervisors = []string{demoUserA}
	c.Features.PauseReasons = map[string]string{"1": "Break", "2": "Lunch"}
	return c
}

// demoEnv is where scripts find the running demo.
func demoEnv(data string) string { return filepath.Join(data, "demo.env") }

// writeDemoEnv publishes the demo's addresses and passwords, readable by this
// user only. It is complete when it appears: written aside, then renamed.
func writeDemoEnv(s settings, cfg *config.Config, admin config.Secret) error {
	secret := func(number string) string {
		if e, ok := cfg.Extension(number); ok {
			return e.Secret.Reveal() // the file exists to hand the demo's passwords to its user
		}
		return ""
	}
	var b strings.Builder
	for _, kv := range [][2]string{
		{"SIP_HOST", s.listen.String()}, {"SIP_PORT", fmt.Sprint(s.sipPort)},
		{"SIP_TLS_PORT", fmt.Sprint(s.sipsPort)}, {"SIP_WS_PORT", fmt.Sprint(s.httpPort)},
		{"SIP_DOMAIN", cfg.SIP.Domain},
		{"USER_A", demoUserA}, {"PASS_A", secret(demoUserA)},
		{"USER_B", demoUserB}, {"PASS_B", secret(demoUserB)},
		{"USER_C", demoUserC}, {"PASS_C", secret(demoUserC)},
		{"EXT_QUEUE", demoQueue}, {"EXT_ECHO", demoEcho}, {"EXT_MUSIC", demoMusic},
		{"EXT_CONFERENCE", demoConference}, {"EXT_IVR", demoMenu}, {"EXT_UNKNOWN", demoUnknown},
		{"HTTP_URL", pageURL(s)}, {"ADMIN_USER", demoAdmin}, {"ADMIN_PASS", admin.Reveal()},
	} {
		fmt.Fprintf(&b, "%s=%s\n", kv[0], kv[1])
	}
	if err := store.WriteFile(demoEnv(s.data), []byte(b.String())); err != nil {
		return fmt.Errorf("demo.env: %w", err)
	}
	return nil
}

func removeDemoEnv(data string) error {
	if err := os.Remove(demoEnv(data)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func pageURL(s settings) string {
	scheme, host := "https", s.listen.String()
	if s.demo {
		scheme = "http"
	}
	if s.listen.IsUnspecified() {
		host = "localhost"
	}
	return fmt.Sprintf("%s://%s:%d", scheme, host, s.httpPort)
}

// demoHints are what a person in front of the demo can do.
func demoHints(s settings, admin config.Secret) string {
	env := demoEnv(s.data)
	return fmt.Sprintf(`
  Pasokh demo is running on %[1]s only.

    page       %[2]s
    sign in    %[3]s / %[4]s

  What to try
    - open the page and press "Call in on line 1": you are a caller on a telephone line
    - be the agent who answers:     build/phonesim phone --env %[5]s --user B --answer-after 2s
    - or register a real SIP phone: server %[1]s:%[6]d, user 1002, password in %[5]s
    - from 1001 dial 600 (echo), 601 (music), 800 (conference), 500 (menu), 1002
    - keys with lamps on a desk phone: *28 the night, *45 log in or out of the queue, 701 to 710 parked calls;
      transfer a call to %[8]s to park it
    - list what happened:           build/pasokh calls --data %[7]s

`, s.listen, pageURL(s), demoAdmin, admin.Reveal(), env, s.sipPort, s.data, demoPark)
}
