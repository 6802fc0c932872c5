package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Callback is how a queue calls people back who do not want to wait on the phone.
type Callback struct {
	// Key asks for it while waiting, 1 to 9; empty: callers are not offered it.
	Key string `yaml:"key,omitempty"`
	// OfferAfter and OfferWait have it offered by itself: after so long a wait, 10s to
	// 1h, or to who is told to wait longer, 1m to 1h. 0: not.
	OfferAfter Duration `yaml:"offer_after,omitempty"`
	OfferWait  Duration `yaml:"offer_wait,omitempty"`
	// CustomerFirst dials the customer while an agent is kept free for him; otherwise
	// the agent answers first.
	CustomerFirst bool     `yaml:"customer_first,omitempty"`
	Tries         int      `yaml:"tries,omitempty"`    // 1 to 10; 0 is 2
	Gap           Duration `yaml:"gap,omitempty"`      // between tries, 30s to 24h; 0 is 5m
	Expire        Duration `yaml:"expire,omitempty"`   // gives up after it, 5m to 168h; 0 is 24h
	RingFor       Duration `yaml:"ring_for,omitempty"` // the customer's phone, 10s to 2m; 0 is 40s
	// Confirm asks the customer to press 1, which no answering machine does.
	Confirm bool `yaml:"confirm,omitempty"`
	// Greeting is the prompt that tells him who calls; empty: the box's own words.
	Greeting string `yaml:"greeting,omitempty"`
	// From and Until are when customers may be called, "08:00" to "20:30"; empty: from,
	// or until, midnight.
	From  string `yaml:"from,omitempty"`
	Until string `yaml:"until,omitempty"`
	// Slot is how long the times are that a caller can book instead of his turn, 15m to
	// 4h; 0: none. They begin at midnight and lie within From and Until and in the hours
	// of the queue's Night.
	Slot    Duration `yaml:"slot,omitempty"`
	PerSlot int      `yaml:"per_slot,omitempty"` // bookings of each, 1 to 100; 0 is 4
	Days    int      `yaml:"days,omitempty"`     // that have them, with today, 1 to 7; 0 is 2
	// Route is the name of the route over which they are called, instead of that of
	// their number; CallerID the number shown to them, instead of the route's.
	Route    string `yaml:"route,omitempty"`
	CallerID string `yaml:"caller_id,omitempty"`
	// Allow are the beginnings of the numbers that may be called, as they are dialled
	// inside the country; empty: every national number that costs no extra. Numbers
	// abroad and for help never are unless one is listed; those of extensions always.
	Allow []string `yaml:"allow,omitempty"`
	// MaxDigits is how long a number may be, 3 to 15; 0 is 15.
	MaxDigits int `yaml:"max_digits,omitempty"`
}

// premium are the beginnings of national numbers that cost their caller extra.
var premium = map[string][]string{"IR": {"0909", "0900"}, "GB": {"09", "087"}, "DE": {"0900"}, "TR": {"0900"}}

// MayCallBack is a number as the box dials it to call its owner back, in whatever form
// it came. ok is false for one that may not be called: whoever can key in a number could
// have the box dial it.
func (c *Config) MayCallBack(cb *Callback, number string) (dialled string, ok bool) {
	if _, own := c.Extension(number); own {
		return number, true
	}
	n := c.Plan().National(number)
	if n == "" || strings.Trim(n, "0123456789") != "" || len(n) < 3 || len(n) > cmp.Or(cb.MaxDigits, 15) || c.forHelp(n) {
		return n, false
	}
	begins := func(prefix string) bool { return strings.HasPrefix(n, prefix) }
	if len(cb.Allow) > 0 {
		return n, slices.ContainsFunc(cb.Allow, begins)
	}
	plan := c.Plan()
	national := plan.Trunk != "" && begins(plan.Trunk) && (plan.Abroad == "" || !begins(plan.Abroad))
	return n, national && !slices.ContainsFunc(premium[c.System.Country], begins)
}

// Way is the route by which the box calls a number back, and what that gives its trunks.
// Numbers of callers have no access code: they fit a route without that of the route too.
func (c *Config) Way(number, name string) (r *Route, dials string, ok bool) {
	if name != "" {
		r, ok = find(c.Routes, func(r *Route) bool { return r.Name == name })
	} else if r, ok = c.RouteFor(number); !ok {
		r, ok = find(c.Routes, func(r *Route) bool { return r.Strip > 0 && r.Strip == len(r.Prefix) })
	}
	if !ok {
		return nil, "", false
	}
	if !strings.HasPrefix(number, r.Prefix) {
		number = r.Prefix[:min(r.Strip, len(r.Prefix))] + number
	}
	return r, r.Dials(number), true
}

// callback checks how a queue calls back.
func (v *validator) callback(path string, cb *Callback) {
	if cb.Key != "" && (len(cb.Key) > 1 || cb.Key < "1" || cb.Key > "9") {
		v.add(path+".key", msgCallbackKey, cb.Key)
	}
	v.durationOrZero(path+".offer_after", cb.OfferAfter, 10*time.Second, time.Hour)
	v.durationOrZero(path+".offer_wait", cb.OfferWait, time.Minute, time.Hour)
	v.count(path+".tries", cb.Tries, 0, 10)
	v.durationOrZero(path+".gap", cb.Gap, 30*time.Second, 24*time.Hour)
	v.durationOrZero(path+".expire", cb.Expire, 5*time.Minute, 7*24*time.Hour)
	v.durationOrZero(path+".ring_for", cb.RingFor, 10*time.Second, 2*time.Minute)
	v.durationOrZero(path+".slot", cb.Slot, 15*time.Minute, 4*time.Hour)
	v.count(path+".per_slot", cb.PerSlot, 0, 100)
	v.count(path+".days", cb.Days, 0, 7)
	if cb.Greeting != "" {
		v.ident(path+".greeting", cb.Greeting)
	}
	for _, at := range []struct{ path, clock string }{{".from", cb.From}, {".until", cb.Until}} {
		if t, err := time.Parse("15:04", at.clock); at.clock != "" && (err != nil || t.Format("15:04") != at.clock) {
			v.add(path+at.path, msgClock, at.clock)
		}
	}
	if cb.Until != "" && cb.Until <= cb.From {
		v.add(path+".until", msgBackwards, cb.Until, cb.From)
	}
	if _, _, ok := v.cfg.Way("", cb.Route); cb.Route != "" && !ok {
		v.add(path+".route", msgNoRouteNamed, cb.Route)
	}
	if cb.CallerID != "" && !isNumber(strings.TrimPrefix(cb.CallerID, "+")) {
		v.add(path+".caller_id", msgOutside, cb.CallerID)
	}
	if len(cb.Allow) > 32 {
		v.add(path+".allow", msgTooMany, 32)
	}
	for i, p := range cb.Allow {
		if p == "" || len(p) > 15 || strings.Trim(p, "0123456789") != "" {
			v.add(fmt.Sprintf("%s.allow[%d]", path, i), msgSlot, p)
		}
	}
	if cb.MaxDigits != 0 {
		v.count(path+".max_digits", cb.MaxDigits, 3, 15)
	}
}
