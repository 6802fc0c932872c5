package dialog

import (
	"context"
	"crypto/rand"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// Target is whom to call and what to tell.
type Target struct {
	URI     sip.Uri // the request's
	Flow    Flow
	Routes  []sip.Uri      // proxies on the way, the nearest to us first (RFC 3327)
	From    sip.FromHeader // without a tag
	To      sip.ToHeader
	Headers []sip.Header // further header fields of the INVITE
	Gateway *Gateway     // set when the called party is a network and no phone
}

// outgoing is an INVITE of ours without a final response, the first or a later
// one.
type outgoing struct {
	req         *sip.Request
	tx          *sip.ClientTx
	provisional bool
	cancel      call.Cause // why to cancel; CauseNone: not
	cancelling  bool       // CANCEL has been sent
	ack         *sip.Request
	early       early
}

// Outgoing makes a dialog that will call t. Call must follow.
func (s *Set) Outgoing(t Target) *Dialog {
	d := s.newDialog(rand.Text())
	d.state = calling
	d.local = address{t.From.DisplayName, t.From.Address}
	d.remote = address{t.To.DisplayName, t.To.Address}
	d.user = t.From.Address.User
	d.target, d.routes, d.flow, d.gateway = t.URI, t.Routes, t.Flow, t.Gateway
	return d
}

// Call sends the INVITE with the party's offer.
func (d *Dialog) Call(p Party, headers ...sip.Header) {
	d.do(func() {
		d.party = p
		d.set.add(d)
		d.call(p.Offer(), headers)
	})
}

// call sends the first INVITE. A peer that wants a longer session gets another.
func (d *Dialog) call(offer []byte, headers []sip.Header) {
	req := d.request(sip.INVITE, d.nextSeq(), append(d.propose(), headers...)...)
	Describe(req, offer)
	responded := func(o *outgoing, res *sip.Response) {
		if res.StatusCode == 422 && !d.told && d.raised(res) {
			d.call(offer, headers)
			return
		}
		d.responded(o, res)
	}
	if err := d.invite(&outgoing{req: req}, responded, d.unanswered); err != nil {
		d.log.Info("INVITE not sent", "error", err)
		d.outgoing = nil
		d.tell(d.unsent())
		d.finish()
	}
}

// invite sends an INVITE of ours. A 2xx that the transaction layer takes for a
// repeated one also comes to each: it may be another fork's.
func (d *Dialog) invite(o *outgoing, each func(*outgoing, *sip.Response), ended func(*outgoing)) error {
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	tx, err := d.transact(ctx, o.req)
	if err != nil {
		return err
	}
	o.tx, d.outgoing = tx, o
	tx.OnRetransmission(func(res *sip.Response) { d.do(func() { each(o, res) }) })
	d.watch(tx, func(res *sip.Response) {
		if !d.authorise(o, res, each, ended) {
			each(o, res)
		}
	}, func() { ended(o) })
	d.impatient(o)
	return nil
}

// responded takes a response to the first INVITE.
func (d *Dialog) responded(o *outgoing, res *sip.Response) {
	if !d.told {
		d.report(res)
	}
	switch {
	case res.StatusCode < 200:
		o.provisional = true
		o.early.rings(res)
		d.cancelIfWanted(o)
		if d.state == calling && res.StatusCode > 100 && d.seen(o, res) {
			d.progressed(o, res)
		}
	case res.StatusCode < 300:
		d.answered(o, res)
	default:
		d.outgoing = nil
		why := d.refusal(res)
		if r, ok := d.redirection(res); ok && !d.told {
			d.party.Redirected(r)
			why = call.Moved
		}
		d.tell(why)
		d.finish()
	}
}

// progressed takes a provisional response: the phone rings, and with a description
// of its own it can be heard.
func (d *Dialog) progressed(o *outgoing, res *sip.Response) {
	if d.told {
		return
	}
	sdp, _ := described(res)
	early := sdp != nil && d.party.Accept(sdp) == nil
	if early {
		o.early.heard, _ = res.To().Params.Get("tag")
	}
	if !d.ringing || early && !d.heard {
		d.ringing, d.heard = true, early
		d.party.Ringing(early)
	}
}

// answered takes a 2xx: the first makes the dialog, a repeated one gets its ACK
// again, one of another fork is acknowledged and hung up (RFC 3261 13.2.2.4).
func (d *Dialog) answered(o *outgoing, res *sip.Response) {
	tag, _ := res.To().Params.Get("tag")
	if o.ack != nil {
		if tag == d.remoteTag {
			d.write(o.ack)
			return
		}
		d.hangupFork(o, res)
		return
	}
	d.outgoing, d.state = nil, up
	d.learn(res, tag)
	o.ack = d.request(sip.ACK, o.req.CSeq().SeqNo)
	sip.CopyHeaders("Authorization", o.req, o.ack) // RFC 3261 22.1
	sip.CopyHeaders("Proxy-Authorization", o.req, o.ack)
	d.write(o.ack)
	switch {
	case d.told: // our CANCEL came too late
		d.bye(o.cancel)
	case !d.settled(o, res, tag):
		d.hangup(call.NoCodec)
	default:
		d.agreed(res)
		d.party.Up()
		d.unpark()
		d.reofferIfAsked()
	}
}

// settled puts the session of the fork that answered to the party. Its 2xx may leave
// out what a reliable response said before (RFC 3262 5); another fork may have been
// heard since.
func (d *Dialog) settled(o *outgoing, res *sip.Response, tag string) bool {
	sdp, _ := described(res)
	agreed := o.early.agreed[tag]
	inForce := agreed != nil && o.early.heard == tag
	switch {
	case inForce && (sdp == nil || o.early.updated[tag]): // it repeats what UPDATE has changed since
		return true
	case sdp == nil:
		sdp = agreed
	}
	return d.party.Accept(sdp) == nil
}

// learn takes the dialog's state from the response that made it (RFC 3261 12.1.2).
func (d *Dialog) learn(res *sip.Response, tag string) {
	d.remoteTag = tag
	d.routes = nil
	for _, h := range res.GetHeaders("Record-Route") {
		if r, ok := h.(*sip.RecordRouteHeader); ok {
			d.routes = append([]sip.Uri{r.Address}, d.routes...)
		}
	}
	if c := res.Contact(); c != nil {
		d.target = c.Address
	}
}

// hangupFork acknowledges the 2xx of a phone that was not the first, and hangs
// it up, in a dialog of its own.
func (d *Dialog) hangupFork(o *outgoing, res *sip.Response) {
	f := d.fork(o, res)
	f.write(f.request(sip.ACK, o.req.CSeq().SeqNo))
	f.do(func() { f.bye(call.Elsewhere) })
}

// fork is the dialog that one response to an INVITE of ours makes.
func (d *Dialog) fork(o *outgoing, res *sip.Response) *Dialog {
	f := &Dialog{set: d.set, log: d.log, callID: d.callID, localTag: d.localTag, state: up, told: true, gateway: d.gateway,
		local: d.local, remote: d.remote, user: d.user, flow: d.flow, target: o.req.Recipient, localSeq: d.localSeq}
	tag, _ := res.To().Params.Get("tag")
	f.learn(res, tag)
	return f
}

// unanswered: the INVITE's transaction died without a final response.
func (d *Dialog) unanswered(o *outgoing) {
	if d.state != calling {
		return
	}
	d.outgoing = nil
	if !o.provisional && !d.told {
		d.report(nil)
	}
	d.tell(d.silence(o))
	d.finish()
}

// cancel gives the call up. CANCEL has to wait for a provisional response (RFC
// 3261 9.1); a 2xx that comes all the same is acknowledged and hung up.
func (d *Dialog) cancel(c call.Cause) {
	o := d.outgoing
	if o == nil {
		d.finish()
		return
	}
	if o.cancel == call.CauseNone {
		o.cancel = c
	}
	d.cancelIfWanted(o)
}

func (d *Dialog) cancelIfWanted(o *outgoing) {
	if o.cancel == call.CauseNone || o.cancelling || !o.provisional {
		return
	}
	o.cancelling = true
	req := cancelOf(o.req)
	req.AppendHeader(Reason(o.cancel))
	if err := d.send(req, func(*sip.Response) {}, func() {}); err != nil {
		d.log.Info("CANCEL not sent", "error", err)
	}
	// A peer of RFC 2543 may never send a final response: give up on it.
	d.after(64*sip.T1, func() {
		if d.outgoing == o {
			o.tx.Terminate()
			d.unanswered(o)
		}
	})
}

// cancelOf is the CANCEL of an INVITE: its Request-URI, top Via and sequence
// number (RFC 3261 9.1).
func cancelOf(invite *sip.Request) *sip.Request {
	req := sip.NewRequest(sip.CANCEL, invite.Recipient)
	req.AppendHeader(sip.HeaderClone(invite.Via()))
	sip.CopyHeaders("Route", invite, req)
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(&hops)
	req.AppendHeader(sip.HeaderClone(invite.From()))
	req.AppendHeader(sip.HeaderClone(invite.To()))
	req.AppendHeader(sip.HeaderClone(invite.CallID()))
	req.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sip.CANCEL})
	req.AppendHeader(sip.NewHeader("User-Agent", Agent))
	req.SetBody(nil)
	req.Laddr = invite.Laddr
	req.SetTransport(invite.Transport())
	req.SetDestination(invite.Destination())
	return req
}

// write sends an ACK of a 2xx, which has no transaction.
func (d *Dialog) write(req *sip.Request) {
	if err := d.set.opts.Transactions.Transport().WriteMsg(req); err != nil {
		d.log.Info("ACK not sent", "error", err)
	}
}
