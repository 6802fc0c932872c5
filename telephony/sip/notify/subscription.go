package notify

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// subscription is one dialog of a subscriber. The set's mutex guards it.
type subscription struct {
	set      *Set
	watcher  string
	warrant  string // what it was let in with
	resource string
	entity   string // the resource as a URI
	pack     *pack
	event    string // its id parameter, "" for none

	callID, localTag, remoteTag string
	local, remote, target       sip.Uri
	user                        string // user part of our Contact
	routes                      []sip.Uri
	flow                        dialog.Flow
	localSeq, remoteSeq         uint32

	version uint32
	told    State
	sending bool   // a NOTIFY waits for its answer
	again   bool   // another must follow it
	ended   string // why it is over, "" while it lives
	expires time.Time
	end     clock.Timer
}

func (u *subscription) key() key { return key{u.callID, u.localTag} }

// extend gives the subscription a new life and tells its state at once (RFC 6665
// 4.2.1.2). No life ends it after that.
func (u *subscription) extend(life time.Duration) {
	if u.ended != "" {
		return // its phone has just said that it does not know it
	}
	if u.end != nil {
		u.end.Stop()
	}
	u.expires = u.set.opts.Clock.Now().Add(life)
	if life == 0 {
		u.over("timeout")
		return
	}
	u.end = u.set.opts.Clock.AfterFunc(life, u.expire)
	u.notify()
}

// expire ends a subscription that was not refreshed.
func (u *subscription) expire() {
	u.set.mu.Lock()
	defer u.set.mu.Unlock()
	if u.ended == "" && !u.expires.After(u.set.opts.Clock.Now()) {
		u.over("timeout")
	}
}

// over ends the subscription with a last NOTIFY.
func (u *subscription) over(reason string) {
	u.ended = reason
	u.set.remove(u)
	u.notify()
}

// notify tells the state, now or as soon as the NOTIFY under way is answered.
func (u *subscription) notify() {
	if u.sending {
		u.again = true
		return
	}
	u.sending, u.again = true, false
	u.told = u.set.opts.State(u.watcher, u.resource)
	req := u.request(u.pack.write(u.entity, u.resource, u.version, u.told))
	u.version++
	go u.send(req)
}

// sendTime bounds the wait for a connection; flows exist already.
const sendTime = 4 * time.Second

func (u *subscription) send(req *sip.Request) {
	ctx, cancel := context.WithTimeout(context.Background(), sendTime)
	defer cancel()
	tx, err := u.set.opts.Transactions.Request(ctx, req)
	if err != nil {
		u.sent(0)
		return
	}
	for {
		select {
		case res := <-tx.Responses():
			if res.StatusCode >= 200 {
				u.sent(res.StatusCode)
				return
			}
		case <-tx.Done():
			u.sent(0)
			return
		}
	}
}

// sent takes the final answer to a NOTIFY; 0 for none.
func (u *subscription) sent(status int) {
	u.set.mu.Lock()
	defer u.set.mu.Unlock()
	u.sending = false
	if status == 0 || gone(status) {
		if u.ended == "" {
			u.ended = "noresource"
			u.set.opts.Log.Info("subscription dropped", "extension", u.watcher, "watches", u.resource, "package", u.pack.name, "status", status)
		}
		u.set.remove(u)
		return
	}
	if u.again {
		u.notify()
	}
}

// gone tells whether an answer says that the subscription is no more (RFC 5057
// 5.1).
func gone(status int) bool {
	switch status {
	case 404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604:
		return true
	}
	return false
}

// request is a NOTIFY with a document.
func (u *subscription) request(body []byte) *sip.Request {
	l := u.set.opts.Local(u.flow)
	req := sip.NewRequest(sip.NOTIFY, u.target)
	via := &sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: u.flow.Network, Host: l.Host, Port: l.Port}
	via.Params.Add("branch", sip.RFC3261BranchMagicCookie+rand.Text())
	via.Params.Add("rport", "")
	req.AppendHeader(via)
	for _, r := range u.routes {
		req.AppendHeader(&sip.RouteHeader{Address: r})
	}
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(&hops)
	from := &sip.FromHeader{Address: u.local}
	from.Params.Add("tag", u.localTag)
	req.AppendHeader(from)
	to := &sip.ToHeader{Address: u.remote}
	to.Params.Add("tag", u.remoteTag)
	req.AppendHeader(to)
	id := sip.CallIDHeader(u.callID)
	req.AppendHeader(&id)
	u.localSeq++
	req.AppendHeader(&sip.CSeqHeader{SeqNo: u.localSeq, MethodName: sip.NOTIFY})
	req.AppendHeader(u.contact())
	event := u.pack.name
	if u.event != "" {
		event += ";id=" + u.event
	}
	req.AppendHeader(sip.NewHeader("Event", event))
	req.AppendHeader(sip.NewHeader("Subscription-State", u.state()))
	req.AppendHeader(sip.NewHeader("User-Agent", dialog.Agent))
	req.AppendHeader(sip.NewHeader("Content-Type", u.pack.media))
	req.SetBody(body)
	req.Laddr = l.Bind
	req.SetTransport(u.flow.Network)
	req.SetDestination(u.flow.Addr)
	return req
}

func (u *subscription) state() string {
	if u.ended != "" {
		return "terminated;reason=" + u.ended
	}
	left := u.expires.Sub(u.set.opts.Clock.Now()).Round(time.Second) / time.Second
	return "active;expires=" + strconv.Itoa(max(0, int(left)))
}

func (u *subscription) contact() *sip.ContactHeader {
	l := u.set.opts.Local(u.flow)
	h := &sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: u.user, Host: l.Host, Port: l.Port}}
	if u.flow.Network != "UDP" {
		h.Address.UriParams.Add("transport", sip.NetworkToLower(u.flow.Network))
	}
	return h
}
