package dialog

import (
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// refresh follows a peer that moved: its new Contact and the address that its
// request came from (RFC 3261 12.2.2).
func (d *Dialog) refresh(req *sip.Request) {
	if c := req.Contact(); c != nil {
		d.target = c.Address
	}
	d.flow = FlowOf(req)
}

// busy refuses an offer that comes at the wrong moment: while the peer's own
// earlier one is open with 500, while one of ours is with 491 (RFC 3261 14.2,
// RFC 3311 5.2). It reports whether it did. UPDATE may come before the call is
// answered, if what was offered first has been agreed on reliably.
func (d *Dialog) busy(in inbound) bool {
	early := in.req.Method == sip.UPDATE
	tag, _ := in.req.From().Params.Get("tag")
	switch {
	case early && d.state == incoming && d.incoming.settled,
		early && d.state == calling && d.outgoing != nil && d.outgoing.early.agreed[tag] != nil:
		return false
	case d.state == incoming && d.incoming.promised != nil && d.incoming.promised.offer:
		respond(in.tx, Reply(in.req, 491))
	case d.state == incoming:
		wait := strconv.Itoa(rand.IntN(11))
		respond(in.tx, Reply(in.req, 500, sip.NewHeader("Retry-After", wait)))
	case d.outgoing != nil, d.accepted != nil && d.accepted.offer:
		respond(in.tx, Reply(in.req, 491))
	default:
		return false
	}
	return true
}

// renewed takes what re-INVITE and UPDATE have in common: session time, offer and
// the peer's whereabouts. It gives our answer, nil to a request without an offer,
// and reports false if the request was refused.
func (d *Dialog) renewed(in inbound) (answer []byte, ok bool) {
	if hasty(in.req) {
		respond(in.tx, Reply(in.req, 422, leastSession()))
		return nil, false
	}
	code, answer, why := negotiate(d.party, in.req)
	if code != 0 {
		respond(in.tx, Reply(in.req, code, why...))
		return nil, false
	}
	d.refresh(in.req)
	return answer, true
}

// reinvited takes a re-INVITE: hold, resume, a new address or codec, or with no
// body the wish to hear our offer.
func (d *Dialog) reinvited(in inbound) {
	if d.busy(in) {
		return
	}
	sdp, ok := d.renewed(in)
	if !ok {
		return
	}
	d.stopAccepted() // a new INVITE says that the last 2xx was seen
	offer := sdp == nil
	if offer {
		sdp = d.party.Offer()
	}
	if !d.accept(in.req, in.tx, sdp, offer, func() {}) {
		d.log.Info("re-INVITE was cancelled")
	}
}

// updated takes UPDATE: without an offer it refreshes target and session only.
func (d *Dialog) updated(in inbound) {
	if len(in.req.Body()) > 0 && d.busy(in) {
		return
	}
	sdp, ok := d.renewed(in)
	if !ok {
		return
	}
	fields := []sip.Header{d.contact()}
	switch {
	case d.state == up:
		fields = append(fields, d.agree(in.req)...)
	case sdp == nil:
	case d.state == incoming:
		d.incoming.answer = sdp
	case d.state == calling:
		tag, _ := in.req.From().Params.Get("tag")
		d.outgoing.early.updated[tag], d.outgoing.early.heard = true, tag
	}
	res := Reply(in.req, 200, fields...)
	Describe(res, sdp)
	respond(in.tx, res)
}

// Reoffer makes the party's Offer anew, by a re-INVITE, as soon as nothing else
// is being negotiated.
func (d *Dialog) Reoffer() {
	d.do(func() { d.again = true; d.reofferIfAsked() })
}

// Renew sees to it that the peer learns of a description that is Stale: with the answer
// that it still waits for, else by Reoffer.
func (d *Dialog) Renew() {
	d.do(func() {
		if in := &d.incoming; d.state == incoming && in.answer != nil && !in.shown && d.party != nil {
			if d.party.Stale() {
				if code, answer, _ := negotiate(d.party, in.req); code == 0 {
					in.answer = answer
				}
			}
			return
		}
		d.look = true
		d.reofferIfAsked()
	})
}

// Tune is Reoffer with a codec that the party is told of just before its Offer.
func (d *Dialog) Tune(codec string) {
	d.do(func() { d.again, d.tuning = true, &codec; d.reofferIfAsked() })
}

func (d *Dialog) reofferIfAsked() {
	if !d.again && !d.look || d.state != up || d.told || d.outgoing != nil || d.accepted != nil {
		return
	}
	d.looked = d.look && d.party.Stale()
	again := d.again || d.looked
	if d.again, d.look = false, false; !again {
		return
	}
	if d.tuned = d.tuning != nil; d.tuned {
		d.party.Tuned(*d.tuning)
		d.tuning = nil
	}
	req := d.request(sip.INVITE, d.nextSeq(), d.propose()...)
	Describe(req, d.party.Offer())
	if err := d.invite(&outgoing{req: req}, d.reanswered, d.reunanswered); err != nil {
		d.log.Info("re-INVITE not sent", "error", err)
		d.hangup(call.Unreachable)
	}
}

// reanswered takes a response to a re-INVITE of ours. A failure leaves the
// session as it was, except where it says that the dialog is gone.
func (d *Dialog) reanswered(o *outgoing, res *sip.Response) {
	code := res.StatusCode
	if code < 200 {
		return
	}
	if code < 300 && o.ack != nil {
		d.write(o.ack)
		return
	}
	d.outgoing = nil
	switch {
	case code < 300:
		if c := res.Contact(); c != nil {
			d.target = c.Address
		}
		o.ack = d.request(sip.ACK, o.req.CSeq().SeqNo)
		d.write(o.ack)
		if sdp, _ := described(res); d.state == up && !d.told && d.party.Accept(sdp) != nil {
			if !d.tuned && !d.looked {
				d.hangup(call.NoCodec)
				return
			}
			d.again = true // it took the sound away with its refusal (RFC 3264 6): back to what was
			d.party.Refused()
		}
		d.agreed(res)
	case code == 422 && d.raised(res):
		d.again = true
	case code == 491:
		d.after(glareWait(d.incoming.req == nil), func() { d.again = true; d.reofferIfAsked() })
	case code == 408 || code == 481:
		d.hangup(call.Unreachable)
	case !d.told: // else it is over already, and only the answer was late
		d.party.Refused()
	}
	d.reofferIfAsked()
}

func (d *Dialog) reunanswered(o *outgoing) {
	if d.outgoing == o {
		d.outgoing = nil
		d.hangup(call.Unreachable)
	}
}

// glareWait is how long to wait after 491: the owner of the Call-ID waits longer,
// so that the two sides do not collide again (RFC 3261 14.1).
func glareWait(owner bool) time.Duration {
	if owner {
		return time.Duration(210+rand.IntN(191)) * 10 * time.Millisecond
	}
	return time.Duration(rand.IntN(201)) * 10 * time.Millisecond
}
