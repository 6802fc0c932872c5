package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Webhook is an address that is told by POST of what happens in calls.
type Webhook struct {
	Name string `yaml:"name"` // unique: small letters, digits, - and _
	// URL is https; http only where it names this box, an address of the own network, or a
	// name without a dot or under .local, .lan or .internal.
	URL string `yaml:"url"`
	// Key signs what is sent (HMAC-SHA256), at least 16 characters.
	Key Secret `yaml:"key"`
	// Events are the kinds of events that it hears of, as of GET /api/events.
	Events []string `yaml:"events"`
}

// mostWebhooks is how many there may be.
const mostWebhooks = 8

// EventKinds are the kinds of events that webhooks can be told of.
func EventKinds() []string { return []string{"call", "queue", "agent", "line", "health"} }

func (v *validator) webhooks() {
	if len(v.cfg.Webhooks) > mostWebhooks {
		v.add("webhooks", msgTooMany, mostWebhooks)
	}
	taken := make(map[string]string)
	for i := range v.cfg.Webhooks {
		w, path := &v.cfg.Webhooks[i], fmt.Sprintf("webhooks[%d]", i)
		v.unique(taken, path, w.Name)
		switch {
		case !isWeb(w.URL):
			v.add(path+".url", msgWebhook, w.URL)
		case !private(w.URL):
			v.add(path+".url", msgWebhookPlain)
		}
		if w.Key == "" {
			v.add(path+".key", msgMissing)
		}
		v.key(path+".key", w.Key, 16)
		if len(w.Events) == 0 {
			v.add(path+".events", msgMissing)
		}
		for j, e := range w.Events {
			if !slices.Contains(EventKinds(), e) {
				v.add(fmt.Sprintf("%s.events[%d]", path, j), msgEventKind, e)
			}
		}
	}
}

// private tells whether nobody outside reads what is sent to an address: it is https, or of
// the own network. What a name leads to is looked at again when it is called.
func private(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "https" {
		return err == nil
	}
	host := strings.ToLower(u.Hostname())
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() || ip.IsPrivate()
	}
	own := func(suffix string) bool { return strings.HasSuffix(host, suffix) }
	return !strings.Contains(host, ".") || slices.ContainsFunc([]string{".local", ".lan", ".internal"}, own)
}
