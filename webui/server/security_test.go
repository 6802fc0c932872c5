package server

import (
	"regexp"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// TestSecurityTxt: RFC 9116 wants a contact and a day until which it counts, to strangers too.
func TestSecurityTxt(t *testing.T) {
	form := regexp.MustCompile(`^Contact: (\S+)\nExpires: (\S+)\nPreferred-Languages: fa, en\n$`)
	for contact, want := range map[string]string{"security@shop.example": "mailto:security@shop.example", "https://shop.example/report": "https://shop.example/report", "": ""} {
		h := newHouse(t, func(o *Options) {
			cfg := config.Default()
			cfg.System.SecurityContact = contact
			o.Rooms.Config = func() *config.Config { return cfg }
		})
		w := h.do("GET", "/.well-known/security.txt", "", nil)
		if want == "" {
			if w.Code != 404 {
				t.Errorf("without a contact: %d %s", w.Code, w.Body)
			}
			continue
		}
		m := form.FindStringSubmatch(w.Body.String())
		if m == nil || m[1] != want || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Fatalf("%s: %d %s", contact, w.Code, w.Body)
		}
		if until, err := time.Parse(time.RFC3339, m[2]); err != nil || time.Until(until) < 24*time.Hour || time.Until(until) > 366*24*time.Hour {
			t.Errorf("it counts until %s", m[2])
		}
	}
}
