package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Features are codes that a person dials, mostly by a key with a lamp, to have the
// box do something for him. A code that is empty is not in use.
type Features struct {
	// Login logs an agent in to all his queues, or out of them; the number of a
	// queue may follow ("*45700").
	Login string `yaml:"login"`
	// Pause lets an agent rest, or work on. A queue may follow as after Login, and
	// then * and a reason ("*46*2").
	Pause string `yaml:"pause"`
	// Pickup takes the call that rings at the extension that follows ("*81002"), or
	// the call that has rung longest at any of the caller's group.
	Pickup string `yaml:"pickup"`
	// Listen, Whisper and Barge let a supervisor (see Listening) listen in on the talk of
	// the extension that follows ("*901002"): unheard, heard by that extension, heard by
	// both.
	Listen  string `yaml:"listen"`
	Whisper string `yaml:"whisper"`
	Barge   string `yaml:"barge"`
	// WrapUp, dialled by an agent who wraps up, ends it; minutes that follow (1 to 60) are
	// more of it.
	WrapUp string `yaml:"wrap_up"`
	// Disposition and digits after it say what an agent's last call of a queue was, see
	// Queue.Dispositions.
	Disposition string `yaml:"disposition"`
	// Take gives a supervisor the first caller of the queue that follows, and TakeOver
	// the place of the extension that follows in its talk.
	Take     string `yaml:"take"`
	TakeOver string `yaml:"take_over"`
	// Help, pressed during a talk at a phone of the box, rings the supervisors: who
	// answers whispers, and may change that as with Whisper.
	Help string `yaml:"help"`
	// Record, pressed during a talk at a phone of the box, records it or stops;
	// RecordPause leaves out what is said, such as card numbers, or goes on.
	Record      string `yaml:"record"`
	RecordPause string `yaml:"record_pause"`
	// Voicemail lets an extension hear the messages in its own box, VoicemailAny those of
	// the box that the caller names, with its PIN.
	Voicemail    string `yaml:"voicemail"`
	VoicemailAny string `yaml:"voicemail_any"`
	// VoicemailTo leads to the box that follows, to leave a message there ("*1002"). It
	// is a destination for menus, queues and lines too. Other codes go before it.
	VoicemailTo string `yaml:"voicemail_to"`
	// Prompts lets a supervisor (see Listening), and whoever knows PromptsPIN, record the
	// box's prompt whose number follows ("*772000"), or one that he is asked for.
	Prompts    string `yaml:"prompts"`
	PromptsPIN Secret `yaml:"prompts_pin,omitempty"` // 4 to 12 digits; empty: supervisors only
	// PauseReasons are what the reasons mean: "2" -> "lunch".
	PauseReasons map[string]string `yaml:"pause_reasons,omitempty"`
}

// Listening is who may listen in on talks that go on, and who is told of it. What the
// law asks for differs from country to country.
type Listening struct {
	Supervisors []string `yaml:"supervisors,omitempty"` // extensions that may
	// Tones are the manners ("listen", "whisper", "barge") in which both parties hear a
	// tone when somebody begins to listen in.
	Tones []string `yaml:"tones,omitempty"`
}

// Parking holds calls for whoever takes them. Calls are transferred to Number,
// which chooses a free slot, or to a free slot; who dials a slot has its call.
type Parking struct {
	Number string `yaml:"number,omitempty"`
	First  string `yaml:"first,omitempty"` // number of the first slot; empty: no parking
	Slots  int    `yaml:"slots"`           // how many, 1 to 100: First and the numbers after it
	// TimeOut sends a call that nobody takes back to who parked it. 10s to 1h.
	TimeOut Duration `yaml:"time_out"`
	Music   string   `yaml:"music"`
}

// Switch is turned on and off by dialling its number, for the night or any other
// time at which calls are to go elsewhere.
type Switch struct {
	Number string `yaml:"number"`
	Name   string `yaml:"name"`
}

// Night is another destination while a switch is on, or hours are closed. The zero Night
// is none. With both, the switch goes before the hours: on it closes, at day it opens,
// and off it leaves it to them.
type Night struct {
	Switch      string `yaml:"switch,omitempty"` // its number
	Hours       string `yaml:"hours,omitempty"`  // name of Config.Hours
	Destination string `yaml:"destination"`      // number
}

// FeatureKind is what a code does.
type FeatureKind string

// What codes do.
const (
	Login  FeatureKind = "login"
	Pause  FeatureKind = "pause"
	Pickup FeatureKind = "pickup"
	// The manners of listening in.
	Listen  FeatureKind = "listen"
	Whisper FeatureKind = "whisper"
	Barge   FeatureKind = "barge"

	WrapUp      FeatureKind = "wrap-up"
	Disposition FeatureKind = "disposition"
	Take        FeatureKind = "take"
	TakeOver    FeatureKind = "take-over"
	// Those of mailboxes.
	OwnMailbox   FeatureKind = "voicemail"
	AnyMailbox   FeatureKind = "voicemail-any"
	LeaveMessage FeatureKind = "voicemail-to"

	Prompts FeatureKind = "prompts"
)

// Feature is a dialled code.
type Feature struct {
	Kind   FeatureKind
	Number string // the queue, extension, mailbox or prompt after the code; "" for all
	Reason string // digits: of a pause, a disposition, minutes of wrap-up
}

// Feature reads a dialled code. It reports false for any other number, and for a
// code with something after it that this box does not have.
func (c *Config) Feature(dialled string) (Feature, bool) {
	f, ok := c.code(dialled)
	if ok {
		return f, true
	}
	if box, is := strings.CutPrefix(dialled, c.Features.VoicemailTo); is && c.Features.VoicemailTo != "" {
		if _, has := c.Mailbox(box); has {
			return Feature{Kind: LeaveMessage, Number: box}, true
		}
	}
	return f, false
}

func (c *Config) code(dialled string) (Feature, bool) {
	for kind, code := range c.Features.codes() {
		rest, ok := strings.CutPrefix(dialled, code)
		if !ok || code == "" {
			continue
		}
		f := Feature{Kind: kind, Number: rest}
		if kind == Pause {
			f.Number, f.Reason, _ = strings.Cut(rest, "*")
			if strings.Trim(f.Reason, "0123456789") != "" || len(f.Reason) > 4 {
				return f, false
			}
		}
		if kind == WrapUp || kind == Disposition {
			return Feature{Kind: kind, Reason: rest}, c.agentCode(kind, rest)
		}
		if kind.listens() || kind == TakeOver {
			_, known := c.Extension(f.Number)
			return f, known
		}
		if f.Number == "" {
			return f, kind != Take
		}
		if kind == OwnMailbox || kind == AnyMailbox {
			return f, false
		}
		if kind == Prompts {
			return f, strings.Trim(f.Number, "0123456789") == "" && len(f.Number) <= 4
		}
		_, known := c.Queue(f.Number)
		if kind == Pickup {
			_, known = c.Extension(f.Number)
		}
		return f, known
	}
	return Feature{}, false
}

func (f *Features) codes() map[FeatureKind]string {
	return map[FeatureKind]string{Login: f.Login, Pause: f.Pause, Pickup: f.Pickup, Listen: f.Listen, Whisper: f.Whisper, Barge: f.Barge,
		WrapUp: f.WrapUp, Disposition: f.Disposition, Take: f.Take, TakeOver: f.TakeOver,
		OwnMailbox: f.Voicemail, AnyMailbox: f.VoicemailAny, Prompts: f.Prompts}
}

func (k FeatureKind) listens() bool { return k == Listen || k == Whisper || k == Barge }

// Supervises tells whether an extension may listen in.
func (l *Listening) Supervises(ext string) bool {
	return ext != "" && slices.Contains(l.Supervisors, ext)
}

// Tells tells whether the parties hear a tone when somebody listens in so.
func (l *Listening) Tells(manner string) bool { return slices.Contains(l.Tones, manner) }

// Numbers are the slots, in order.
func (p *Parking) Numbers() []string {
	first, err := strconv.Atoi(p.First)
	if err != nil {
		return nil
	}
	list := make([]string, 0, max(0, min(p.Slots, maxSlots)))
	for i := range cap(list) {
		list = append(list, fmt.Sprintf("%0*d", len(p.First), first+i))
	}
	return list
}

const maxSlots = 100

// Switch finds a switch by its number.
func (c *Config) Switch(number string) (*Switch, bool) {
	return find(c.Switches, func(s *Switch) bool { return s.Number == number })
}

// Lamp tells whether a phone may watch a number by a lamp: an extension, a switch,
// a place to park, or the code of a queue's log-in or pause.
func (c *Config) Lamp(number string) bool {
	if _, ok := c.Extension(number); ok {
		return true
	}
	if _, ok := c.Switch(number); ok {
		return true
	}
	if f, ok := c.Feature(number); ok {
		return f.Kind == Login || f.Kind == Pause
	}
	return slices.Contains(c.Parking.Numbers(), number)
}

// PicksUp tells whether the extension may take calls that ring at another: those
// of one group may, and to have no group is one.
func (e *Extension) PicksUp(other *Extension) bool { return e.Group == other.Group }

// features are checked after the plan has all numbers.
func (v *validator) features() {
	f := &v.cfg.Features
	v.dialledCodes()
	if f.VoicemailTo != "" && !isNumber(f.VoicemailTo) {
		v.add("features.voicemail_to", msgNumber, f.VoicemailTo)
	}
	v.pin("features.prompts_pin", f.PromptsPIN)
	for _, reason := range slices.Sorted(maps.Keys(f.PauseReasons)) {
		at := "features.pause_reasons." + reason
		if reason == "" || len(reason) > 4 || strings.Trim(reason, "0123456789") != "" {
			v.add(at, msgReason, reason)
		}
		v.name(at, f.PauseReasons[reason])
	}
}

func (v *validator) listening() {
	l := &v.cfg.Listening
	for i, ext := range l.Supervisors {
		if _, ok := v.cfg.Extension(ext); !ok {
			v.add(fmt.Sprintf("listening.supervisors[%d]", i), msgNoExtension, ext)
		}
	}
	for i, manner := range l.Tones {
		if !FeatureKind(manner).listens() {
			v.add(fmt.Sprintf("listening.tones[%d]", i), msgManner, manner)
		}
	}
}

func (v *validator) parking() {
	p := &v.cfg.Parking
	if p.First == "" {
		if p.Number != "" {
			v.add("parking.first", msgMissing)
		}
		return
	}
	v.count("parking.slots", p.Slots, 1, maxSlots)
	v.duration("parking.time_out", p.TimeOut, 10*time.Second, time.Hour)
	v.ident("parking.music", p.Music)
}

// night checks another destination of what has number self.
func (v *validator) night(path string, n Night, self string) {
	if n == (Night{}) {
		return
	}
	if _, ok := v.cfg.Switch(n.Switch); !ok && (n.Switch != "" || n.Hours == "") {
		v.add(path+".switch", msgNoSwitch, n.Switch)
	}
	if _, ok := v.cfg.Schedule(n.Hours); !ok && n.Hours != "" {
		v.add(path+".hours", msgNoHours, n.Hours)
	}
	if n.Destination == "" {
		v.add(path+".destination", msgMissing)
	}
	v.leavesFor(path+".destination", n.Destination, self)
}
