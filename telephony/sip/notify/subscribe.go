package notify

import (
	"crypto/rand"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// Bounds of the set. A phone with key modules watches some 200 lamps; one that
// restarts leaves its old subscriptions behind for a while.
const (
	maxEach  = 500  // subscriptions of an extension
	maxTotal = 5000 // of the box
)

// defaultExpires is the life of a subscription that names none, of each of our
// packages (RFC 4235 3.4, RFC 3856 6.4, RFC 3842 3.4), in seconds.
const defaultExpires = 3600

// Ask is a SUBSCRIBE of a phone that has proven who it is.
type Ask struct {
	Watcher  string // the extension that asks
	Warrant  string // what it is let in with
	Resource string // the number that it wants to know of; "" for none that exists
	Domain   string
	// Least and Most bound the life of a subscription, in seconds.
	Least, Most int
}

// Subscribe serves a SUBSCRIBE, the first or a later one (RFC 6665 4.2.1).
func (s *Set) Subscribe(req *sip.Request, tx *sip.ServerTx, a Ask) {
	respond := func(code int, more ...sip.Header) { _ = tx.Respond(dialog.Reply(req, code, more...)) }
	p, id := (*pack)(nil), ""
	if h := req.GetHeader("Event"); h != nil && len(h.Value()) <= dialog.MaxField {
		p, id = packOf(h.Value())
	}
	life := expiresOf(req)
	switch {
	case p == nil:
		respond(489, Events())
		return
	case !accepts(req, p.media):
		respond(406)
		return
	case req.Contact() == nil || len(req.Contact().Address.String()) > dialog.MaxField:
		respond(400)
		return
	case life > 0 && life < a.Least:
		respond(423, sip.NewHeader("Min-Expires", strconv.Itoa(a.Least)))
		return
	}
	life = min(life, a.Most)
	u, code := s.admit(req, a, p, id)
	switch code {
	case 0:
	case 503:
		s.opts.Log.Warn("too many subscriptions", "extension", a.Watcher, "source", req.Source())
		respond(503, sip.NewHeader("Retry-After", "60"))
		return
	default:
		respond(code)
		return
	}
	res := dialog.Reply(req, 200, sip.NewHeader("Expires", strconv.Itoa(life)), u.contact(), Events())
	res.To().Params.Remove("tag")
	res.To().Params.Add("tag", u.localTag)
	_ = tx.Respond(res) // before the NOTIFY, and not under the mutex: a stream may block
	s.mu.Lock()
	defer s.mu.Unlock()
	u.extend(time.Duration(life) * time.Second)
}

// admit finds the subscription of a SUBSCRIBE or makes it. code is 0 unless the
// request is to be refused.
func (s *Set) admit(req *sip.Request, a Ask, p *pack, id string) (u *subscription, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if tag, again := req.To().Params.Get("tag"); again {
		remote, _ := req.From().Params.Get("tag")
		u = s.all[key{req.CallID().Value(), tag}]
		switch {
		case u == nil || u.watcher != a.Watcher || u.remoteTag != remote || u.pack != p || u.event != id:
			return nil, 481
		case req.CSeq().SeqNo <= u.remoteSeq: // RFC 3261 12.2.2
			return nil, 500
		}
	} else {
		switch {
		case a.Resource == "":
			return nil, 404
		case p.own && a.Resource != a.Watcher:
			return nil, 403
		case s.byWatcher[a.Watcher] >= maxEach || len(s.all) >= maxTotal:
			return nil, 503
		}
		u = s.newSubscription(req, a, p, id)
		s.add(u)
	}
	u.remoteSeq, u.warrant = req.CSeq().SeqNo, a.Warrant
	u.target, u.flow = req.Contact().Address, dialog.FlowOf(req) // RFC 6665 4.4.1: a target refresh
	return u, 0
}

// newSubscription takes the dialog's state from the SUBSCRIBE that makes it (RFC
// 3261 12.1.1).
func (s *Set) newSubscription(req *sip.Request, a Ask, p *pack, id string) *subscription {
	u := &subscription{set: s, watcher: a.Watcher, resource: a.Resource, pack: p, event: id,
		callID: req.CallID().Value(), localTag: rand.Text(), user: req.Recipient.User,
		local: req.To().Address, remote: req.From().Address}
	u.entity = (&sip.Uri{Scheme: "sip", User: a.Resource, Host: a.Domain}).String()
	u.remoteTag, _ = req.From().Params.Get("tag")
	for _, h := range req.GetHeaders("Record-Route") {
		if r, ok := h.(*sip.RecordRouteHeader); ok {
			u.routes = append(u.routes, r.Address)
		}
	}
	return u
}

func (s *Set) add(u *subscription) {
	s.all[u.key()] = u
	s.moved = true
	s.byWatcher[u.watcher]++
}

// Drop ends the subscriptions that would not be let in again (RFC 6665 4.1.3).
func (s *Set) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.all {
		if w, ok := s.opts.Warrant(u.watcher, u.flow); !ok || w != u.warrant {
			s.opts.Log.Info("subscription dropped: its extension was changed", "extension", u.watcher, "watches", u.resource)
			u.over("rejected")
		}
	}
}

func (s *Set) remove(u *subscription) {
	if s.all[u.key()] != u {
		return
	}
	delete(s.all, u.key())
	s.moved = true
	if s.byWatcher[u.watcher]--; s.byWatcher[u.watcher] == 0 {
		delete(s.byWatcher, u.watcher)
	}
	if u.end != nil {
		u.end.Stop()
	}
}

// accepts tells whether a phone takes a type of document. One that says nothing
// takes its package's (RFC 6665 8.2.1).
func accepts(req *sip.Request, media string) bool {
	headers := req.GetHeaders("Accept")
	for _, h := range headers {
		for v := range strings.SplitSeq(h.Value(), ",") {
			v, _, _ = strings.Cut(v, ";")
			switch strings.ToLower(strings.TrimSpace(v)) {
			case media, "*/*", "application/*":
				return true
			}
		}
	}
	return len(headers) == 0
}

// expiresOf is the life that is asked for, in seconds.
func expiresOf(req *sip.Request) int {
	h := req.GetHeader("Expires")
	if h == nil {
		return defaultExpires
	}
	n, err := strconv.ParseUint(strings.TrimSpace(h.Value()), 10, 32)
	if err != nil {
		return defaultExpires
	}
	return int(min(n, 1<<30))
}
