package config

import (
	"strings"
	"testing"
)

func boxes() *Config {
	c := Default()
	c.Extensions = []Extension{{Number: "1001", Voicemail: Mailbox{Enabled: true, PIN: "1234"}, RingFor: seconds(20)}, {Number: "1002", RingFor: seconds(20)}}
	c.Menus = []Menu{{Number: "500", Greeting: []string{"welcome"}, Keys: map[string]string{"1": "*1001"}, Timeout: seconds(5), Tries: 1, Otherwise: "*1001"}}
	return c
}

// TestCodesOfMailboxes: the code to leave a message is the last resort, also where it
// begins like another.
func TestCodesOfMailboxes(t *testing.T) {
	c := boxes()
	c.Extensions = append(c.Extensions, Extension{Number: "8001", Voicemail: Mailbox{Enabled: true}, RingFor: seconds(20)})
	q := Queue{Number: "700", Name: "Sales", Strategy: LongestIdle, Music: "default", RingFor: seconds(20), OnTimeout: "*8001", Keys: map[string]string{"5": "*700"},
		Voicemail: Mailbox{Enabled: true, PIN: "9876"}}
	c.Queues = []Queue{q}
	c.Lines = []Line{{Port: "fxo1", Destination: "*1001", AnswerAfter: 2}}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	for dialled, want := range map[string]Feature{
		"*1001": {Kind: LeaveMessage, Number: "1001"}, "*8001": {Kind: LeaveMessage, Number: "8001"}, "*700": {Kind: LeaveMessage, Number: "700"},
		"*97": {Kind: OwnMailbox}, "*98": {Kind: AnyMailbox}, "*81001": {Kind: Pickup, Number: "1001"}, "*45": {Kind: Login},
	} {
		if got, ok := c.Feature(dialled); !ok || got != want {
			t.Errorf("%s is %+v %v, want %+v", dialled, got, ok, want)
		}
	}
	for _, dialled := range []string{"*1002", "*971", "*", "*500"} {
		if got, ok := c.Feature(dialled); ok {
			t.Errorf("%s is %+v", dialled, got)
		}
	}
}

func TestMailboxesAreChecked(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"extensions[0].voicemail.pin": func(c *Config) { c.Extensions[0].Voicemail.PIN = "12a4" },
		"voicemail.max_length":        func(c *Config) { c.Voicemail.MaxLength = seconds(9) },
		"voicemail.max_messages":      func(c *Config) { c.Voicemail.MaxMessages = 1001 },
		"menus[0].keys.1":             func(c *Config) { c.Menus[0].Keys["1"] = "*1002" },
		"menus[0].otherwise":          func(c *Config) { c.Menus[0].Otherwise = "*97" },
		"features.voicemail_to":       func(c *Config) { c.Services = []Service{{Number: "*1001", Kind: Echo}} },
		"features.voicemail_any":      func(c *Config) { c.Features.VoicemailAny = "*971" },
		"flows[0].steps[0].number": func(c *Config) {
			c.Flows = []Flow{{Number: "510", Steps: []FlowStep{{Name: "a", Do: FlowVoicemail, Number: "1002"}}}}
		},
	} {
		c := boxes()
		change(c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want+":") {
			t.Errorf("want a problem at %s, got %v", want, err)
		}
	}
}
