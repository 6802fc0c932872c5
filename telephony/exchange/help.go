package exchange

import (
	"strings"

	"github.com/pasokh/pasokh/telephony/call"
)

// help rings all supervisors when the keys that one of our phones pressed in a talk end
// with the code for it. Who answers first whispers to that party.
func (x *Exchange) help(c *call.Call, by call.Leg, keys string) bool {
	cfg, ext := x.opts.Config(), x.extensionOf(by)
	if cfg.Features.Help == "" || ext == "" || !strings.HasSuffix(keys, cfg.Features.Help) {
		return false
	}
	c.Note(call.Step{Type: call.StepSupervised, Leg: by.ID(), Agent: ext, Value: "help"})
	for _, s := range c.Snapshot().Listeners {
		if s.State == "ringing" { // he has pressed before
			return true
		}
	}
	for _, who := range cfg.Listening.Supervisors {
		e, ok := cfg.Extension(who)
		phones := x.Endpoints(who)
		if !ok || len(phones) == 0 || who == ext {
			continue
		}
		l := x.ear(cfg, e, ext, call.Whispers)
		l.Helps, l.Ring = ext, phones
		l.Offer = call.Offer{Caller: by.Peer(), Called: who, Language: string(e.Language), Via: []string{"help"}}
		c.Post(l)
	}
	return true
}
