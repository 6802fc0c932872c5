package config

import (
	"strings"
	"testing"
	"time"
)

func TestCallbackSettings(t *testing.T) {
	with := func(settings string) string {
		return strings.Replace(string(shop(t)), "    wrap_up: 0s", "    callback: {"+settings+"}", 1)
	}
	c, err := Parse("shop.yaml", []byte(with(`key: "2", offer_after: 1m, offer_wait: 5m, customer_first: true, confirm: true, greeting: our-name, ring_for: 25s,
      tries: 3, slot: 30m, per_slot: 6, days: 7, gap: 10m, expire: 8h, from: "08:00", until: "20:30", caller_id: 02188776655, allow: [09, 021], max_digits: 11`)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	if c, err = Parse("export.yaml", text); err != nil {
		t.Fatal(err)
	}
	got := c.Queues[0].Callback
	if got.Key != "2" || got.Gap.D() != 10*time.Minute || got.Until != "20:30" || got.Slot.D() != 30*time.Minute || got.PerSlot != 6 || got.Days != 7 || len(got.Allow) != 2 || got.Allow[0] != "09" || !got.Confirm {
		t.Errorf("read again: %+v", got)
	}
	for _, c := range []struct{ settings, want string }{
		{`key: "0"`, `.key: "0" is not a key from 1 to 9`},
		{`key: "12"`, `.key: "12" is not a key from 1 to 9`},
		{`offer_after: 2s`, ".offer_after: must be 0, or from 10s to 1h, not 2s"},
		{`tries: 11`, ".tries: must be from 0 to 10, not 11"},
		{`gap: 1s`, ".gap: must be 0, or from 30s to 24h, not 1s"},
		{`ring_for: 1h`, ".ring_for: must be 0, or from 10s to 2m, not 1h"},
		{`slot: 1m`, ".slot: must be 0, or from 15m to 4h, not 1m"},
		{`per_slot: 101`, ".per_slot: must be from 0 to 100, not 101"},
		{`days: 8`, ".days: must be from 0 to 7, not 8"},
		{`from: "8"`, `.from: "8" is not a time of the day such as 08:30`},
		{`until: "24:00"`, `.until: "24:00" is not a time of the day such as 08:30`},
		{`from: "20:00", until: "08:00"`, ".until: 08:00 is not later than 20:00"},
		{`route: nowhere`, ".route: no route nowhere"},
		{`caller_id: me`, `.caller_id: "me" is not a number`},
		{`allow: ["+98"]`, `.allow[0]: "+98" is not a number of digits`},
		{`max_digits: 2`, ".max_digits: must be from 3 to 15, not 2"},
	} {
		_, err := Parse("shop.yaml", []byte(with(c.settings)))
		if err == nil || !strings.Contains(err.Error(), "queues[0].callback"+c.want) {
			t.Errorf("%s: %v\nwant %s", c.settings, err, c.want)
		}
	}
}

func TestWhoMayBeCalledBack(t *testing.T) {
	c := &Config{Extensions: []Extension{{Number: "1001"}}}
	c.System.Country = "IR"
	for _, x := range []struct {
		allow  string
		digits int
		number string
		want   string // "" for nobody
	}{
		{"", 0, "09121234567", "09121234567"},
		{"", 0, "+989121234567", "09121234567"},
		{"", 0, "00989121234567", "09121234567"},
		{"", 0, "1001", "1001"},
		{"", 0, "1002", ""},
		{"", 0, "+447700900123", ""},
		{"00447", 0, "+447700900123", "00447700900123"},
		{"", 0, "09091234567", ""},
		{"0909", 0, "09091234567", "09091234567"},
		{"021", 0, "09121234567", ""},
		{"021", 0, "02188776655", "02188776655"},
		{"1", 0, "110", ""}, // for help, whatever is listed
		{"", 10, "09121234567", ""},
		{"", 0, "*21*09121234567#", ""},
		{"", 0, "anonymous", ""},
		{"", 0, "", ""},
	} {
		cb := &Callback{MaxDigits: x.digits}
		if x.allow != "" {
			cb.Allow = []string{x.allow}
		}
		got, ok := c.MayCallBack(cb, x.number)
		if !ok {
			got = ""
		}
		if got != x.want {
			t.Errorf("%q with %q: %q, want %q", x.number, x.allow, got, x.want)
		}
	}
}

func TestTheWayBack(t *testing.T) {
	c := &Config{Routes: []Route{{Name: "code", Prefix: "9", Strip: 1}, {Name: "abroad", Prefix: "0", Strip: 1, Prepend: "+98"}}}
	for _, x := range []struct{ number, route, by, dials string }{
		{"09121234567", "", "abroad", "+989121234567"},
		{"88776655", "", "code", "88776655"}, // no route leads to it but by an access code
		{"88776655", "code", "code", "88776655"},
		{"09121234567", "code", "code", "09121234567"},
		{"09121234567", "none", "", ""},
	} {
		r, dials, ok := c.Way(x.number, x.route)
		if ok != (x.by != "") || ok && (r.Name != x.by || dials != x.dials) {
			t.Errorf("%s by %q: %v %q %v", x.number, x.route, r, dials, ok)
		}
	}
}
