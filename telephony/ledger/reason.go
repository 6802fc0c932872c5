package ledger

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Forms of the reasons that the rooms give for sending a call on.
var (
	byPlan  = regexp.MustCompile(`^\S* ?is (extension|menu|queue|conference|service|emergency|switch|parking|slot|feature|no number of this box)(?: (.*))?$`) // package dialplan
	byKey   = regexp.MustCompile(`^key (.)`)                                                                                                                  // package ivr
	byNight = regexp.MustCompile(`^switch (.*) is on: \w+ \S+ goes to (\S+)$`)                                                                                // package dialplan
	byHours = regexp.MustCompile(`^closed: (.*); hours (.*?) (?:open again (\S+) (\d+:\d\d)|do not open for a year): \w+ \S+ goes to (\S+)$`)                 // packages calendar, dialplan
	ofHours = regexp.MustCompile(`^step \S+: hours (.*) is open$`)                                                                                            // package ivr
	byCase  = regexp.MustCompile(`^step \S+: (.*) is (.*)$`)                                                                                                  // package ivr
	byElse  = regexp.MustCompile(`^step \S+: (.*)$`)                                                                                                          // package ivr
	noKey   = regexp.MustCompile(`^no choice after `)
)

// routed tells where a call went, unless the next step or the one before says
// it better.
func (s *story) routed(step call.Step) {
	at, number := step.At, step.Number
	if m := byKey.FindStringSubmatch(step.Reason); m != nil {
		s.keys = ""
		s.called = number
		s.say(at, "pressed-for", s.digits(m[1]), s.name(number))
		return
	}
	if noKey.MatchString(step.Reason) {
		s.called = number
		s.say(at, "undecided", s.name(number))
		return
	}
	if byElse.MatchString(step.Reason) || step.Reason == dialledIt {
		s.called = number
		s.branched(step, s.name(number))
		return
	}
	if m := byNight.FindStringSubmatch(step.Reason); m != nil {
		s.called = m[2]
		s.say(at, "by-night", s.aside(m[1]), s.name(m[2]))
		return
	}
	if m := byHours.FindStringSubmatch(step.Reason); m != nil {
		s.called = m[5]
		s.closed(at, m[1], m[2], m[3], m[4], m[5])
		return
	}
	m := byPlan.FindStringSubmatch(step.Reason)
	switch {
	case m == nil:
		s.say(at, "to", s.name(number))
	case m[1] == "no number of this box":
		s.say(at, "to-unknown", s.digits(number))
	case m[1] == "emergency":
		s.say(at, "to-emergency", s.digits(number))
	case number == s.called || m[1] == "queue": // told already, or told by joining it
	case m[1] == "switch", m[1] == "parking", m[1] == "slot", m[1] == "feature": // told by what came of it
	case s.words["to-"+m[2]] != "" && m[1] == "service":
		s.say(at, "to-"+m[2])
	default:
		s.say(at, "to-"+m[1], s.name(number))
	}
	s.called = ""
}

// wentOn tells which step of a menu came next.
func (s *story) wentOn(step call.Step) { s.branched(step, s.aside(step.Value)) }

// dialledIt is the reason of a menu for an extension's number keyed in it.
const dialledIt = "the caller dialled it"

// branched tells why a menu went on, to a step or a number.
func (s *story) branched(step call.Step, to string) {
	switch key, by, or := byKey.FindStringSubmatch(step.Reason), byCase.FindStringSubmatch(step.Reason), byElse.FindStringSubmatch(step.Reason); {
	case key != nil:
		s.keys = ""
		s.say(step.At, "pressed-for", s.digits(key[1]), to)
	case noKey.MatchString(step.Reason):
		s.say(step.At, "undecided", to)
	case step.Reason == dialledIt:
		s.keys = ""
		s.say(step.At, "dialled-in-menu", to)
	case ofHours.MatchString(step.Reason):
		s.say(step.At, "branched-hours", s.aside(ofHours.FindStringSubmatch(step.Reason)[1]), to)
	case by != nil && by[2] == "empty":
		s.say(step.At, "branched-empty", s.aside(by[1]), to)
	case by != nil:
		s.say(step.At, "branched", s.aside(by[1]), s.aside(by[2]), to)
	case or != nil && or[1] != "no case fits":
		s.say(step.At, "not-found", s.aside(or[1]), to)
	default:
		s.say(step.At, "went-on", to)
	}
}

// clauses are the parts of an offer's reason (package acd), as stories say them.
var clauses = []struct {
	form             *regexp.Regexp
	english, persian string
}{
	{regexp.MustCompile(`^longest idle (\S+)$`), "free for the longest time (%[1]s)", "بیش از همه آزاد مانده بود (%[1]s)"},
	{regexp.MustCompile(`^first free in the list$`), "the first free agent in the list", "نخستین کارشناس آزاد فهرست"},
	{regexp.MustCompile(`^ringing every free agent$`), "all free agents are rung together", "تلفن همهٔ کارشناسان آزاد با هم زنگ می‌خورد"},
	{regexp.MustCompile(`^asked again, every free agent missed this caller$`), "asked again, because every free agent missed this caller", "دوباره پرسیده شد، چون همهٔ کارشناسان آزاد این تماس را نگرفته‌اند"},
	{regexp.MustCompile(`^next in turn after (\S+)$`), "the next in turn after %[1]s", "پس از %[1]s نوبت او بود"},
	{regexp.MustCompile(`^fewest calls today: (?P<count>\d+)$`), "took the fewest calls today (%[1]s)", "امروز کمترین تماس را گرفته بود (%[1]s)"},
	{regexp.MustCompile(`^least talk today: (\S+)$`), "talked least today (%[1]s)", "امروز کمتر از همه گفتگو کرده بود (%[1]s)"},
	{regexp.MustCompile(`^drawn by lot$`), "drawn by lot", "به قید قرعه"},
	{regexp.MustCompile(`^drawn with weight (?P<count>\d+)$`), "drawn by lot, with the weight %[1]s", "به قید قرعه با وزن %[1]s"},
	{regexp.MustCompile(`^best skilled: (?P<count>\d+)$`), "the best skilled for it (%[1]s)", "ماهرترین فرد برای این تماس (%[1]s)"},
	{regexp.MustCompile(`^knows this caller$`), "knows this caller", "این تماس‌گیرنده را می‌شناسد"},
	{regexp.MustCompile(`^kept for this callback$`), "was kept free for this callback", "برای این تماس برگشتی آزاد نگه داشته شده بود"},
	{regexp.MustCompile(`^(\S+) kept for a callback$`), "%[1]s was kept free for a callback", "%[1]s برای تماسی برگشتی آزاد نگه داشته شده بود"},
	{regexp.MustCompile(`^(\S+) of a later tier, (\S+) left$`), "%[1]s has his turn %[2]s later", "نوبت %[1]s به اندازهٔ %[2]s دیرتر می‌رسد"},
	{regexp.MustCompile(`^(\S+) lacks a skill$`), "%[1]s lacks a skill that was needed", "%[1]s مهارت لازم را نداشت"},
	{regexp.MustCompile(`^(\S+) does not know this caller$`), "%[1]s does not know this caller", "%[1]s این تماس‌گیرنده را نمی‌شناسد"},
	{regexp.MustCompile(`^(\S+) took (?P<count>\d+) calls today$`), "%[1]s took %[2]s calls today", "%[1]s امروز %[2]s تماس گرفته بود"},
	{regexp.MustCompile(`^(\S+) talked (\S+) today$`), "%[1]s talked for %[2]s today", "%[1]s امروز %[2]s گفتگو کرده بود"},
	{regexp.MustCompile(`^(\S+) not drawn$`), "%[1]s was not drawn", "قرعه به نام %[1]s نیفتاد"},
	{regexp.MustCompile(`^(\S+) skilled (?P<count>\d+)$`), "%[1]s is less skilled (%[2]s)", "%[1]s مهارت کمتری دارد (%[2]s)"},
	{regexp.MustCompile(`^(\S+) talking$`), "%[1]s was talking", "%[1]s در حال گفتگو بود"},
	{regexp.MustCompile(`^(\S+) already rung$`), "the phone of %[1]s was ringing", "تلفن %[1]s زنگ می‌خورد"},
	{regexp.MustCompile(`^(\S+) rung for another caller$`), "the phone of %[1]s was ringing for another caller", "تلفن %[1]s برای تماس دیگری زنگ می‌خورد"},
	{regexp.MustCompile(`^(\S+) logged out$`), "%[1]s had logged out", "%[1]s از صف خارج شده بود"},
	{regexp.MustCompile(`^(\S+) resting$`), "%[1]s had paused", "%[1]s در مکث بود"},
	{regexp.MustCompile(`^(\S+) offline$`), "the phone of %[1]s was off", "تلفن %[1]s خاموش بود"},
	{regexp.MustCompile(`^(\S+) on another call$`), "%[1]s was on another call", "%[1]s در تماسی دیگر بود"},
	{regexp.MustCompile(`^(\S+) wrapping up, (\S+) left$`), "%[1]s was wrapping up, with %[2]s left", "%[1]s در حال جمع‌بندی بود و %[2]s مانده بود"},
	{regexp.MustCompile(`^(\S+) resting after a missed call, (\S+) left$`), "%[1]s was left in peace after a missed call, for %[2]s more", "%[1]s پس از تماسی بی‌پاسخ در مکث بود و %[2]s مانده بود"},
	{regexp.MustCompile(`^(\S+) missed this caller (\S+) ago$`), "%[1]s missed this caller %[2]s before", "%[1]s این تماس را %[2]s پیش نگرفت"},
	{regexp.MustCompile(`^(\S+) idle (\S+)$`), "%[1]s had been free for %[2]s", "%[1]s به مدت %[2]s آزاد بود"},
	{regexp.MustCompile(`^(\S+) later in the list$`), "%[1]s comes later in the list", "%[1]s در فهرست پس از او است"},
	{regexp.MustCompile(`^and (?P<count>\d+) more$`), "and %[1]s more", "و %[1]s نفر دیگر"},
}

// reason is why an agent was chosen, and why the others were not.
func (s *story) reason(text string) string {
	parts := strings.Split(text, "; ")
	for i, part := range parts {
		parts[i], _ = s.clause(part)
	}
	return strings.Join(parts, s.between())
}

// between stands between two clauses.
func (s *story) between() string {
	if s.lang == "fa" {
		return "؛ "
	}
	return "; "
}

// clause is a part of a reason in words, and the agent whom it begins with. One of an
// unknown form stays as it is.
func (s *story) clause(part string) (said, agent string) {
	for _, c := range clauses {
		m := c.form.FindStringSubmatch(part)
		if m == nil {
			continue
		}
		args := make([]any, 0, len(m))
		for j, arg := range m[1:] {
			switch d, err := time.ParseDuration(arg); {
			case err == nil:
				args = append(args, s.span(d))
			case c.form.SubexpNames()[j+1] == "count":
				args = append(args, s.digits(arg))
			default:
				args = append(args, s.name(arg))
				if strings.HasPrefix(part, arg) {
					agent = arg
				}
			}
		}
		if s.lang == "fa" {
			return fmt.Sprintf(c.persian, args...), agent
		}
		return fmt.Sprintf(c.english, args...), agent
	}
	return part, ""
}

// who is the agent or extension of a rung leg, or else its device.
func who(step call.Step) string {
	if step.Agent != "" {
		return step.Agent
	}
	return step.Device
}

// name is what people call a number or device. The first time its number comes
// with it.
func (s *story) name(number string) string {
	name := s.names(number)
	switch {
	case name == "":
		return s.device(number)
	case s.met[number]:
		return s.aside(name)
	}
	s.met[number] = true
	return fmt.Sprintf(s.words["numbered"], s.aside(name), s.digits(number))
}

var (
	port    = regexp.MustCompile(`^(fxo|fxs)(\d+)$`)
	address = regexp.MustCompile(`^sips?:([^@]+)@`)
)

// trunkOf is the trunk that a device stands for.
func trunkOf(device string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(device, "trunk:")
	if !ok {
		return "", false
	}
	name, _, ok = strings.Cut(rest, "@")
	return name, ok
}

// device is a port's name, or "line 1" where it has none; of a SIP address the
// user; and of all else the number itself.
func (s *story) device(device string) string {
	if name := s.names(device); name != "" {
		return s.aside(name)
	}
	if m := address.FindStringSubmatch(device); m != nil {
		return s.digits(m[1])
	}
	m := port.FindStringSubmatch(device)
	if m == nil {
		return s.digits(device)
	}
	kind := "line"
	if m[1] == "fxs" {
		kind = "phone"
	}
	return fmt.Sprintf(s.words[kind], s.digits(m[2]))
}
