package config

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Validate checks that the tree makes sense as a whole. Its error is Problems.
func (c *Config) Validate() error { return c.problems().err() }

func (c *Config) problems() Problems {
	own := *c
	c = &own
	c.index() // of what was edited since it was read
	v := validator{cfg: c, numbers: make(map[string]string), keys: make(map[string]bool), ports: make(map[string]string)}
	v.plan()
	v.box()
	for i := range c.Extensions {
		v.extension(fmt.Sprintf("extensions[%d]", i), &c.Extensions[i])
	}
	for i := range c.Lines {
		v.line(fmt.Sprintf("lines[%d]", i), &c.Lines[i])
	}
	v.trunks()
	v.routes()
	for i := range c.Menus {
		v.menu(fmt.Sprintf("menus[%d]", i), &c.Menus[i])
	}
	for i := range c.Flows {
		v.flow(fmt.Sprintf("flows[%d]", i), &c.Flows[i])
	}
	v.tables()
	for i := range c.Queues {
		v.queue(fmt.Sprintf("queues[%d]", i), &c.Queues[i])
	}
	for i, r := range c.Conferences {
		path := fmt.Sprintf("conferences[%d]", i)
		v.name(path+".name", r.Name)
		v.count(path+".max_members", r.MaxMembers, 2, 100)
		v.pin(path+".pin", r.PIN)
		v.pin(path+".moderator_pin", r.ModeratorPIN)
		if r.PIN != "" && r.PIN == r.ModeratorPIN {
			v.add(path+".moderator_pin", msgSamePIN)
		}
		if r.WaitForModerator && r.ModeratorPIN == "" {
			v.add(path+".wait_for_moderator", msgNoModerator)
		}
		v.record(path, r.Record)
	}
	for i, s := range c.Services {
		if s.Kind != Echo && s.Kind != Music {
			v.add(fmt.Sprintf("services[%d].kind", i), msgService, s.Kind)
		}
	}
	for i, s := range c.Switches {
		v.name(fmt.Sprintf("switches[%d].name", i), s.Name)
	}
	v.hours()
	v.formerly()
	v.features()
	v.listening()
	v.parking()
	v.talkedCodes()
	v.recording()
	v.voicemail()
	v.music()
	v.tones()
	v.mail()
	v.alerts()
	v.backup()
	v.bulletins()
	v.webhooks()
	return v.Problems
}

// validator collects what is wrong. Numbers and ports hold the path of whoever
// has taken them, keys the numbers that only our own phones dial.
type validator struct {
	Problems
	cfg     *Config
	numbers map[string]string
	keys    map[string]bool
	ports   map[string]string
}

// plan enters everything that can be dialled into the one numbering plan.
func (v *validator) plan() {
	enter := func(path, number string) {
		if !isNumber(number) {
			v.add(path+".number", msgNumber, number)
		} else if taken, ok := v.numbers[number]; ok {
			v.add(path+".number", msgTaken, number, taken)
		} else {
			v.numbers[number] = path
		}
	}
	for i, e := range v.cfg.Extensions {
		enter(fmt.Sprintf("extensions[%d]", i), e.Number)
	}
	for i, m := range v.cfg.Menus {
		enter(fmt.Sprintf("menus[%d]", i), m.Number)
	}
	for i, f := range v.cfg.Flows {
		enter(fmt.Sprintf("flows[%d]", i), f.Number)
	}
	for i, q := range v.cfg.Queues {
		enter(fmt.Sprintf("queues[%d]", i), q.Number)
	}
	for i, r := range v.cfg.Conferences {
		enter(fmt.Sprintf("conferences[%d]", i), r.Number)
	}
	for i, s := range v.cfg.Services {
		enter(fmt.Sprintf("services[%d]", i), s.Number)
	}
	for i, s := range v.cfg.Switches {
		enter(fmt.Sprintf("switches[%d]", i), s.Number)
		v.keys[s.Number] = true
	}
	p := &v.cfg.Parking
	if p.Number != "" {
		enter("parking", p.Number)
		v.keys[p.Number] = true
	}
	if slots := p.Numbers(); p.First != "" && slots == nil {
		v.add("parking.first", msgSlot, p.First)
	} else {
		for _, slot := range slots {
			if taken, ok := v.numbers[slot]; ok {
				v.add("parking.first", msgTaken, slot, taken)
				break
			}
			v.numbers[slot], v.keys[slot] = "parking", true
		}
	}
}

// box checks the parts that are not lists.
func (v *validator) box() {
	c := v.cfg
	if c.Schema != Schema {
		v.add("schema", msgSchema, Schema, c.Schema)
	}
	if to := c.System.SecurityContact; to != "" && !IsAddress(to) && !(isWeb(to) && strings.HasPrefix(to, "https:")) {
		v.add("system.security_contact", msgContact, to)
	}
	if v.name("system.name", c.System.Name); c.System.Name == "" {
		v.add("system.name", msgMissing)
	}
	if v.language("system.language", c.System.Language); c.System.Language == "" {
		v.add("system.language", msgMissing)
	}
	// The empty name and "Local" load too, as whatever the machine is set to.
	if _, err := time.LoadLocation(c.System.TimeZone); err != nil || c.System.TimeZone == "" || c.System.TimeZone == "Local" {
		v.add("system.time_zone", msgTimeZone, c.System.TimeZone)
	}
	if n := c.System.Country; len(n) != 2 || strings.Trim(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		v.add("system.country", msgCountry, n)
	}
	v.count("system.max_calls", c.System.MaxCalls, 1, 2000)
	for i, s := range c.System.DNS {
		if _, ok := nameServer(s); !ok {
			v.add(fmt.Sprintf("system.dns[%d]", i), msgNameServer, s)
		}
	}
	v.emergency()
	if !isHost(c.SIP.Domain) {
		v.add("sip.domain", msgDomain, c.SIP.Domain)
	}
	v.count("sip.min_expires", c.SIP.MinExpires, 10, 3600)
	v.count("sip.max_expires", c.SIP.MaxExpires, max(c.SIP.MinExpires, 60), 86400)
	v.count("sip.max_contacts", c.SIP.MaxContacts, 1, 20)
	v.count("sip.max_calls_per_second", c.SIP.MaxCallsPerSecond, 1, 1000)
	for i, s := range c.SIP.Trusted {
		if _, err := netip.ParsePrefix(s); err != nil {
			v.add(fmt.Sprintf("sip.trusted[%d]", i), msgNetwork, s)
		}
	}
	v.duration("media.timeout", c.Media.Timeout, 5*time.Second, time.Hour)
	if c.Media.VideoKbps != 0 {
		v.count("media.video_kbps", c.Media.VideoKbps, 64, 8192)
	}
	if len(c.Media.Codecs) == 0 {
		v.add("media.codecs", msgMissing)
	}
	v.codecs("media.codecs", c.Media.Codecs)
}

// name checks a text for people; it may be empty.
func (v *validator) name(path, s string) {
	const most = 64
	if utf8.RuneCountInString(s) > most {
		v.add(path, msgLength, most)
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		v.add(path, msgControl)
	}
}

// ident checks the name of a prompt, a music class or a port.
func (v *validator) ident(path, s string) {
	const allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_"
	if s == "" || len(s) > 64 || strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(allowed, r) }) {
		v.add(path, msgName, s)
	}
}

// language checks a language; empty is none.
func (v *validator) language(path string, l Language) {
	if l != "" && l != Persian && l != English {
		v.add(path, msgLanguage, l)
	}
}

// srtp checks a choice of encryption; empty is off.
func (v *validator) srtp(path string, s SRTP) {
	switch s {
	case "", SRTPOff, SRTPOptional, SRTPRequired:
	default:
		v.add(path, msgSRTP, s)
	}
}

// dtmf checks a way of keys; empty is auto.
func (v *validator) dtmf(path string, d DTMF) {
	switch d {
	case "", DTMFAuto, DTMFEvents, DTMFInfo, DTMFInband:
	default:
		v.add(path, msgDTMF, d)
	}
}

func (v *validator) count(path string, n, low, high int) {
	if n < low || n > high {
		v.add(path, msgRange, low, high, n)
	}
}

func (v *validator) duration(path string, d Duration, low, high time.Duration) {
	if d.D() < low || d.D() > high {
		v.add(path, msgRange, Duration(low), Duration(high), d)
	}
}

// durationOrZero is duration for a field whose zero means something else.
func (v *validator) durationOrZero(path string, d Duration, low, high time.Duration) {
	if d != 0 && (d.D() < low || d.D() > high) {
		v.add(path, msgRangeOrZero, Duration(low), Duration(high), d)
	}
}

func isNumber(s string) bool {
	return len(s) >= 1 && len(s) <= 20 && !strings.ContainsFunc(s, func(r rune) bool { return !isKey(r) })
}

// isKey tells the keys of a telephone.
func isKey(r rune) bool { return r >= '0' && r <= '9' || r == '*' || r == '#' }

func isHost(s string) bool {
	if len(s) == 0 || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool {
			return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
		}) {
			return false
		}
	}
	return true
}
