package dialog

import (
	"context"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// Gateway is what is different about calling a network instead of a phone.
type Gateway struct {
	// Patience is how long the first response may take before another way is
	// better tried. The call then ends for NetworkFailure.
	Patience time.Duration
	// Connect sees to it that there is a way to the network before a request is sent
	// to it. It may wait for as long as its context lets it.
	Connect func(context.Context) error
	// Heard is told what became of the INVITE: each response that counts, and nil
	// when there was none or it could not be sent.
	Heard func(*sip.Response)
	// Credentials answer the challenge of a 401 or 407. They are nil when there are
	// none, and when those in the request were refused.
	Credentials func(req *sip.Request, res *sip.Response) sip.Header
}

// authorised is a request again that was refused for want of credentials, with
// them (RFC 3261 22.2, 22.3); nil when there are none to give. The credentials
// see to it that nobody is answered for ever.
func (d *Dialog) authorised(req *sip.Request, res *sip.Response) *sip.Request {
	if d.gateway == nil || res.StatusCode != 401 && res.StatusCode != 407 {
		return nil
	}
	h := d.gateway.Credentials(req, res)
	if h == nil {
		return nil
	}
	again := req.Clone()
	via := sip.HeaderClone(req.Via()).(*sip.ViaHeader)
	via.Params.Add("branch", newBranch())
	again.ReplaceHeader(via)
	again.CSeq().SeqNo = d.nextSeq()
	again.RemoveHeader(h.Name())
	again.AppendHeader(h)
	d.direct(again, d.set.opts.Local(d.flow))
	return again
}

// authorise sends an INVITE again with credentials, unless it is wanted no more.
func (d *Dialog) authorise(o *outgoing, res *sip.Response, each func(*outgoing, *sip.Response), ended func(*outgoing)) bool {
	if o.cancel != call.CauseNone {
		return false
	}
	again := d.authorised(o.req, res)
	if again == nil {
		return false
	}
	o.req, o.provisional = again, false
	return d.invite(o, each, ended) == nil
}

// impatient gives the call up when a gateway says nothing at all to its INVITE. The
// transaction goes on: CANCEL has to wait for a word of the gateway (RFC 3261 9.1),
// and one that answers late is acknowledged and hung up.
func (d *Dialog) impatient(o *outgoing) {
	if d.gateway == nil || d.state != calling {
		return
	}
	tx := o.tx
	d.after(d.gateway.Patience, func() {
		if d.state == calling && d.outgoing == o && o.tx == tx && !o.provisional {
			d.report(nil)
			d.hangup(d.silence(o))
		}
	})
}

// transact sends a request, over a way that a gateway first makes.
func (d *Dialog) transact(ctx context.Context, req *sip.Request) (*sip.ClientTx, error) {
	if d.gateway != nil {
		if err := d.gateway.Connect(ctx); err != nil {
			return nil, err
		}
	}
	return d.set.opts.Transactions.Request(ctx, req)
}

// report tells a gateway what became of the first INVITE.
func (d *Dialog) report(res *sip.Response) {
	if d.gateway != nil {
		d.gateway.Heard(res)
	}
}

// unsent is the cause when an INVITE could not be sent.
func (d *Dialog) unsent() call.Cause {
	d.report(nil)
	if d.gateway != nil {
		return call.NetworkFailure
	}
	return call.Unreachable
}

// Refused tells that the network found nobody at an address (ICMP): calls to a
// gateway there that has not said anything end, so that another is tried.
func (s *Set) Refused(f Flow) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.all {
		d.do(func() {
			if o := d.outgoing; d.gateway != nil && d.flow == f && d.state == calling && o != nil && o.tx != nil && !o.provisional {
				o.tx.Terminate()
				d.unanswered(o)
			}
		})
	}
}

// silence is the cause when an INVITE got no final response.
func (d *Dialog) silence(o *outgoing) call.Cause {
	switch {
	case o.provisional:
		return call.NoAnswer
	case d.gateway != nil:
		return call.NetworkFailure
	}
	return call.Unreachable
}

// refusal is the cause of a final response that refused our INVITE. A gateway
// that fails or does not know us says nothing about whom it was to reach, unless
// it gives a reason.
func (d *Dialog) refusal(res *sip.Response) call.Cause {
	code := res.StatusCode
	if d.gateway == nil || code != 401 && code != 407 && code != 408 && code/100 != 5 {
		return refusal(res)
	}
	switch c := reasonOf(res); c {
	case call.CauseNone, call.Normal, call.InternalError, call.NoChannel:
		return call.NetworkFailure
	default:
		return c
	}
}
