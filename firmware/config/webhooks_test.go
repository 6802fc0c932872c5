package config

import (
	"errors"
	"strings"
	"testing"
)

func TestWebhooksAreLookedAt(t *testing.T) {
	for entry, want := range map[string]string{
		`{name: crm, url: "https://crm.example/x", key: 0123456789abcdef, events: [call, queue]}`: "",
		`{name: crm, url: "http://192.168.1.7:8080/x", key: 0123456789abcdef, events: [call]}`:    "",
		`{name: crm, url: "http://localhost/x", key: 0123456789abcdef, events: [call]}`:           "",
		`{name: crm, url: "http://crm.local/x", key: 0123456789abcdef, events: [call]}`:           "",
		`{name: crm, url: "http://crm.example/x", key: 0123456789abcdef, events: [call]}`:         "url",
		`{name: crm, url: "http://8.8.8.8/x", key: 0123456789abcdef, events: [call]}`:             "url",
		`{name: crm, url: "ftp://crm.example/x", key: 0123456789abcdef, events: [call]}`:          "url",
		`{name: crm, url: "https://crm.example/x", key: short, events: [call]}`:                   "key",
		`{name: crm, url: "https://crm.example/x", events: [call]}`:                               "key",
		`{name: crm, url: "https://crm.example/x", key: 0123456789abcdef}`:                        "events",
		`{name: crm, url: "https://crm.example/x", key: 0123456789abcdef, events: [all]}`:         "events[0]",
	} {
		_, err := Parse("t", []byte("schema: 1\nwebhooks: ["+entry+"]\n"))
		var wrong Problems
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", entry, err)
		case want != "" && (!errors.As(err, &wrong) || wrong[0].Path != "webhooks[0]."+want):
			t.Errorf("%s: %v, want %s refused", entry, err, strings.ToUpper(want))
		}
	}
}

func TestSecurityContactIsAnAddress(t *testing.T) {
	for to, good := range map[string]bool{"security@shop.example": true, "https://shop.example/report": true, "http://shop.example": false, "Sara": false, "a@b.example\nContact: x": false} {
		c := Default()
		c.System.SecurityContact = to
		if wrong := len(c.Problems()) > 0; wrong == good {
			t.Errorf("%q: %v", to, c.Problems())
		}
	}
}
