package trial

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Times of people at telephones.
const (
	thinks  = time.Second            // between what is said and the first key
	between = 300 * time.Millisecond // two keys of a group
	listens = 4 * time.Second        // to music, before keys are pressed in it
	setUp   = 200 * time.Millisecond // until a phone that is dialled rings
)

// leg is a party that is played.
type leg struct {
	trial *trial
	id    call.LegID
	party call.Party
	trunk string
	out   call.Outbox
	sound sound
	keys  []string // groups not pressed yet
	tape  *tape    // of what the party hears; nil: not kept
}

func newLeg(t *trial, name string, p call.Party) *leg {
	l := &leg{trial: t, id: t.legID(name), party: p}
	l.sound.leg = l
	return l
}

func (l *leg) ID() call.LegID  { return l.id }
func (l *leg) Kind() call.Kind { return call.SIP }

func (l *leg) Device() string {
	if l.trunk != "" {
		return "trunk:" + l.trunk
	}
	return "trial:" + l.party.Number
}

func (l *leg) Peer() call.Party        { return l.party }
func (l *leg) Attach(s call.Sink)      { l.out.Attach(s) }
func (l *leg) Alert(bool)              {}
func (l *leg) Answer()                 { l.out.Post(call.Answered{Leg: l.id}) }
func (l *leg) Hangup(cause call.Cause) { l.end(cause) }
func (l *leg) Audio() call.Audio       { return &l.sound }

func (l *leg) end(cause call.Cause) { l.out.Post(call.Ended{Leg: l.id, Cause: cause}) }

// later is something that the party does after a time.
func (l *leg) later(d time.Duration, e call.Event) {
	l.trial.clock.AfterFunc(d, func() { l.out.Post(e) })
}

// press presses the next group of keys.
func (l *leg) press(after time.Duration) {
	if len(l.keys) == 0 {
		return
	}
	group := l.keys[0]
	l.keys = l.keys[1:]
	for i := range len(group) {
		l.later(after+time.Duration(i)*between, call.Pressed{Leg: l.id, Digit: group[i], Duration: between / 3})
	}
}

// phone is something that can be rung.
type phone struct {
	trial   *trial
	number  string
	trunk   string
	answers time.Duration // 0: never
	busy    bool
}

func (p phone) Name() string { return "trial:" + p.number }

func (p phone) Dial(_ call.Offer, s call.Sink) call.Leg {
	l := newLeg(p.trial, p.number, call.Party{Number: p.number})
	l.trunk = p.trunk
	l.Attach(s)
	if p.busy {
		l.later(setUp, call.Ended{Leg: l.id, Cause: call.Busy})
		return l
	}
	l.later(setUp, call.Ringing{Leg: l.id})
	if p.answers > 0 {
		l.later(setUp+p.answers, call.Answered{Leg: l.id})
	}
	return l
}

// directory is the phones of extensions.
type directory map[string]phone

func (d directory) Endpoints(ext string) []call.Endpoint {
	if p, ok := d[ext]; ok {
		return []call.Endpoint{p}
	}
	return nil
}

// room is a conference in which nobody is heard.
type room struct{ members int }

func (r *room) Members() int                  { return r.members }
func (*room) Announce(call.Program)           {}
func (r *room) Bridge(a, b call.Audio)        { a.Join(r); b.Join(r) }
func (*room) Gain(_, _ call.Audio, _ float64) {}
func (*room) Loud(call.Audio) int             { return 0 }
