package exchange

import (
	"errors"
	"slices"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/dialplan"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Why somebody cannot listen in.
var (
	ErrNoTalk        = errors.New("nobody talks in this call")
	ErrNotSupervisor = errors.New("this extension may not listen in")
	ErrNoPhone       = errors.New("no phone of this extension can be reached")
)

// Listen rings the phones of a supervisor, the extension who, to let him listen in on a
// running call. Whispers are for the extension that was called, or for the one that calls
// out. It does not wait for his answer.
func (x *Exchange) Listen(id call.ID, who string, how call.Manner) error {
	cfg := x.opts.Config()
	e, ok := cfg.Extension(who)
	if !ok || !cfg.Listening.Supervises(who) {
		return ErrNotSupervisor
	}
	s := x.Calls()
	i := slices.IndexFunc(s, func(s call.Snapshot) bool { return s.ID == id })
	if i < 0 || !talks(s[i]) || slices.Contains(extensions(cfg, s[i]), who) {
		return ErrNoTalk
	}
	phones := x.Endpoints(who)
	if len(phones) == 0 {
		return ErrNoPhone
	}
	watches := ""
	for _, ext := range extensions(cfg, s[i]) {
		watches = ext // the one called comes last
	}
	l := x.ear(cfg, e, watches, how)
	l.Ring = phones
	l.Offer = call.Offer{Caller: s[i].From.Shown(), Called: who, Language: string(e.Language), Via: []string{string(how)}}
	if !x.post(id, l) {
		l.Over()
		return ErrNoTalk
	}
	return nil
}

// listen lets the caller, who dialled a code, listen in on the talk of an extension.
func (x *Exchange) listen(c *call.Call, cfg *config.Config, ext string, f config.Feature, d dialplan.Decision) (next string, _ call.Cause) {
	e, ok := cfg.Extension(ext)
	if !ok || !cfg.Listening.Supervises(ext) {
		return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: d.Number, Reason: "extension " + ext + " may not listen in"})
	}
	if f.Number != ext {
		for _, s := range slices.Backward(x.Calls()) { // the newest first: an older one may be held
			if !talks(s) || !slices.Contains(extensions(cfg, s), f.Number) || slices.Contains(extensions(cfg, s), ext) {
				continue
			}
			if to := x.find(s.ID); to != nil {
				l := x.ear(cfg, e, f.Number, call.Manner(f.Kind))
				l.By = c.Caller()
				return "", c.Give(to, l)
			}
		}
	}
	return x.failed(c, call.NoAnswer, "nobody-there", call.Step{Number: d.Number, Reason: "extension " + f.Number + " talks with nobody"})
}

// ear is what both ways to listen in have in common.
func (x *Exchange) ear(cfg *config.Config, by *config.Extension, watches string, how call.Manner) call.Listen {
	return call.Listen{Who: call.Party{Number: by.Number, Name: by.Name}, Watches: watches, How: how, Over: x.engage(by.Number),
		Tone: func(how call.Manner) call.Program {
			if cfg.Listening.Tells(string(how)) {
				return speech.Signal("beep")
			}
			return call.Program{}
		}}
}

// talks tells whether two parties talk in a call.
func talks(s call.Snapshot) bool {
	up := 0
	for _, l := range s.Legs {
		if l.State == "up" || l.State == "held" {
			up++
		}
	}
	return up == 2
}

// extensions are those whose phones are up in a call: who calls first, who was called last.
func extensions(cfg *config.Config, s call.Snapshot) (list []string) {
	for i, l := range s.Legs {
		ext := l.Agent
		if i == 0 && ext == "" {
			ext = s.Origin.Extension
		}
		if _, ok := cfg.Extension(ext); ok && (l.State == "up" || l.State == "held") {
			list = append(list, ext)
		}
	}
	return list
}

// find is a running call, or nil.
func (x *Exchange) find(id call.ID) *call.Call {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.calls[id]
}

func (x *Exchange) post(id call.ID, e call.Event) bool {
	c := x.find(id)
	if c != nil {
		c.Post(e)
	}
	return c != nil
}
