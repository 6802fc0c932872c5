package dialog

import (
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Replaces names a dialog (RFC 3891), with our tag first.
type Replaces struct {
	CallID, Local, Remote string
	EarlyOnly             bool // only while it rings
}

// Stage is how far a dialog has got.
type Stage uint8

// The stages.
const (
	None     Stage = iota // there is no such dialog
	Arriving              // the peer calls and has no final response
	Alerting              // the peer is being rung
	Talking               // it is up
	Gone                  // it has ended, or is about to
)

// Ask runs f with the party of the dialog that r names and the stage of that, in the
// dialog's queue; with nil and None if there is none.
func (s *Set) Ask(r Replaces, f func(Party, Stage)) {
	s.mu.Lock()
	d := s.all[key{r.CallID, r.Local}]
	s.mu.Unlock()
	if d == nil {
		f(nil, None)
		return
	}
	d.do(func() {
		if st := d.stage(r.Remote); st != None {
			f(d.party, st)
			return
		}
		f(nil, None)
	})
}

// stage is that of the dialog with a peer's tag. An INVITE of ours has one for each
// phone that rings behind it.
func (d *Dialog) stage(remote string) Stage {
	switch {
	case d.state == calling && (d.outgoing == nil || !slices.Contains(d.outgoing.early.tags, remote)):
		return None
	case d.state != calling && remote != d.remoteTag:
		return None
	case d.told:
		return Gone
	}
	return [...]Stage{incoming: Arriving, calling: Alerting, up: Talking, over: Gone}[d.state]
}

// rings remembers the tag of a provisional response to an INVITE of ours.
func (e *early) rings(res *sip.Response) {
	tag, _ := res.To().Params.Get("tag")
	if tag != "" && len(e.tags) < maxForks && !slices.Contains(e.tags, tag) {
		e.tags = append(e.tags, tag)
	}
}

// ReplacesOf is what an INVITE wishes to replace, nil if nothing. It reports false
// for a request that says so in a wrong way: 400 (RFC 3891 3).
func ReplacesOf(req *sip.Request) (r *Replaces, ok bool) {
	list := req.GetHeaders("Replaces")
	switch {
	case len(list) == 0:
		return nil, true
	case len(list) > 1 || req.Method != sip.INVITE || req.GetHeader("Join") != nil || len(list[0].Value()) > MaxField:
		return nil, false
	}
	return parseReplaces(list[0].Value())
}

// parseReplaces reads a dialog's name: "call-id;to-tag=ours;from-tag=theirs".
func parseReplaces(s string) (*Replaces, bool) {
	id, params, _ := strings.Cut(s, ";")
	r := &Replaces{CallID: strings.TrimSpace(id)}
	for p := range strings.SplitSeq(params, ";") {
		name, tag, _ := strings.Cut(strings.TrimSpace(p), "=")
		switch tag = strings.TrimSpace(tag); strings.ToLower(strings.TrimSpace(name)) {
		case "to-tag":
			r.Local = tag
		case "from-tag":
			r.Remote = tag
		case "early-only":
			r.EarlyOnly = true
		}
	}
	return r, !strings.Contains(s, ",") && r.CallID != "" && r.Local != "" && r.Remote != ""
}
