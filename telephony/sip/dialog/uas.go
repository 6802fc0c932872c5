package dialog

import (
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
)

// incomingInvite is the INVITE that made the dialog, while it has no final
// response.
type incomingInvite struct {
	req    *sip.Request
	tx     *sip.ServerTx
	answer []byte // to its offer; nil when it came without
	repeat clock.Timer

	reliable  bool      // the caller requires RFC 3262
	rseq      uint32    // of the last reliable response
	promised  *promised // one that has no PRACK yet
	offered   bool      // one carried our offer
	settled   bool      // offer and answer are exchanged, reliably
	shown     bool      // the caller has been told the answer
	answering bool
}

// Incoming makes the dialog of an INVITE that has been let in, and sends 100
// Trying. Begin must follow.
func (s *Set) Incoming(req *sip.Request, tx *sip.ServerTx) *Dialog {
	d := s.newDialog(req.CallID().Value())
	// The transaction answers CANCEL with a 487 made from this request: it must
	// carry our tag (RFC 3261 8.2.6.2).
	to := *req.To()
	to.Params = to.Params.Clone()
	to.Params.Add("tag", d.localTag)
	req.ReplaceHeader(&to)
	respond(tx, Reply(req, 100))

	d.local = address{to.DisplayName, to.Address}
	d.remote = address{req.From().DisplayName, req.From().Address}
	d.remoteTag, _ = req.From().Params.Get("tag")
	d.user = req.Recipient.User
	d.remoteSeq = req.CSeq().SeqNo
	d.flow = FlowOf(req)
	for _, h := range req.GetHeaders("Record-Route") {
		if r, ok := h.(*sip.RecordRouteHeader); ok {
			d.routes = append(d.routes, r.Address)
		}
	}
	d.target = req.From().Address
	if c := req.Contact(); c != nil {
		d.target = c.Address
	}
	d.incoming = incomingInvite{req: req, tx: tx, reliable: lists(req, "Require", "100rel")}
	s.add(d)
	return d
}

// Begin gives an incoming dialog its party and puts the caller's offer to it. It
// reports false when the offer was refused, and then the party hears nothing.
func (d *Dialog) Begin(p Party) bool {
	done := make(chan bool, 1)
	d.run(func() {
		let := false
		defer func() { done <- let }()
		let = d.begin(p)
	})
	return <-done
}

func (d *Dialog) begin(p Party) bool {
	if d.state != incoming {
		return false // Shutdown was quicker
	}
	in := &d.incoming
	code, answer, why := 422, []byte(nil), []sip.Header(nil)
	if !hasty(in.req) {
		code, answer, why = negotiate(p, in.req)
	}
	if code != 0 {
		d.state, d.told = over, true
		d.refuseWith(code, why...)
		return false
	}
	in.answer = answer
	d.party = p
	cancelled := func(req *sip.Request) { d.do(func() { d.cancelled(req) }) }
	if !in.tx.OnCancel(cancelled) {
		d.do(func() { d.cancelled(in.req) })
	}
	return true
}

// negotiate puts the offer of a request to the party. code is 0 unless the
// request is to be refused with it, and with header fields that say why.
func negotiate(p Party, req *sip.Request) (code int, answer []byte, why []sip.Header) {
	offer, code := described(req)
	switch {
	case code != 0:
		return code, nil, []sip.Header{sip.NewHeader("Accept", Accepted), sip.NewHeader("Accept-Encoding", "identity")}
	case offer == nil:
		return 0, nil, nil
	}
	answer, err := p.Consider(offer)
	if err != nil {
		return 488, nil, warning(err)
	}
	return 0, answer, nil
}

// cancelled: the caller gave up, and the transaction has answered 487.
func (d *Dialog) cancelled(req *sip.Request) {
	if d.state != incoming {
		return
	}
	c := reasonOf(req)
	if c == call.CauseNone || c == call.Normal {
		c = call.Cancelled
	}
	d.stopRepeating()
	d.tell(c)
	d.finish()
}

// minuteRepeat keeps proxies from giving up on a long ring (RFC 3261 13.3.1.1).
const minuteRepeat = time.Minute

// Alert tells the caller that somebody is being rung; early lets it hear us
// before the answer (183 with our description).
func (d *Dialog) Alert(early bool) {
	d.do(func() { d.progress(early) })
}

func (d *Dialog) progress(early bool) {
	in := &d.incoming
	switch {
	case d.state != incoming || in.answering:
		return
	case in.promised != nil: // one after the other (RFC 3262 3)
		in.promised.then = func() { d.progress(early) }
		return
	}
	d.stopRepeating()
	res := Reply(in.req, 180, d.contact(), sip.NewHeader("Allow", Allow))
	if early && in.answer != nil {
		res = Reply(in.req, 183, d.contact(), sip.NewHeader("Allow", Allow))
		Describe(res, in.answer)
		in.shown = true
	}
	if in.reliable {
		d.promise(res)
	}
	if d.incoming.tx.Respond(res) != nil {
		d.overtaken(d.incoming.req, d.incoming.tx)
		return
	}
	in.repeat = d.after(minuteRepeat, func() { d.progress(early) })
}

func (d *Dialog) stopRepeating() {
	if d.incoming.repeat != nil {
		d.incoming.repeat.Stop()
	}
	if p := d.incoming.promised; p != nil {
		p.timer.Stop()
	}
}

// Answer accepts the call: 200, repeated until its ACK.
func (d *Dialog) Answer() { d.do(d.answer) }

func (d *Dialog) answer() {
	in := &d.incoming
	if d.state != incoming {
		return
	}
	in.answering = true
	if in.promised != nil { // the session it described is not agreed yet
		in.promised.then = d.answer
		return
	}
	d.stopRepeating()
	d.state = up
	sdp, ours := in.answer, false
	if sdp == nil && !in.offered {
		sdp, ours = d.party.Offer(), true
	}
	if !d.accept(in.req, in.tx, sdp, ours, d.party.Up) {
		d.tell(call.Cancelled)
		d.finish()
		return
	}
	if !ours {
		d.party.Up()
	}
}

func (d *Dialog) refuse(c call.Cause) {
	d.stopRepeating()
	d.refuseWith(refuseCode(c), Reason(c))
}

func (d *Dialog) refuseWith(code int, extra ...sip.Header) {
	switch code {
	case 422:
		extra = append(extra, leastSession())
	case 503:
		extra = append(extra, sip.NewHeader("Retry-After", "10"))
	}
	respond(d.incoming.tx, Reply(d.incoming.req, code, extra...))
	d.finish()
}

// accepted is a 2xx to an INVITE until its ACK comes (RFC 3261 13.3.1.4).
type accepted struct {
	tx     *sip.ServerTx
	res    *sip.Response
	seq    uint32
	offer  bool   // the 2xx carried our offer; the ACK brings the answer
	agreed func() // to run when it did
	since  time.Time
	wait   time.Duration
	timer  clock.Timer
}

// accept answers an INVITE with 200 and repeats it until the ACK. It reports
// false if the INVITE was cancelled before.
func (d *Dialog) accept(req *sip.Request, tx *sip.ServerTx, sdp []byte, offer bool, agreed func()) bool {
	res := Reply(req, 200, append(d.agree(req), d.contact(), sip.NewHeader("Allow", Allow))...)
	Describe(res, sdp)
	if err := tx.Respond(res); err != nil {
		d.overtaken(req, tx)
		return false
	}
	a := &accepted{tx: tx, res: res, seq: req.CSeq().SeqNo, offer: offer, agreed: agreed,
		since: d.set.opts.Clock.Now(), wait: sip.T1}
	d.accepted = a
	a.timer = d.after(a.wait, func() { d.repeat(a) })
	go func() { // an ACK with the INVITE's own branch ends up in its transaction
		for {
			select {
			case ack := <-tx.Acks():
				d.run(func() { d.acknowledged(ack) })
			case <-tx.Done():
				return
			}
		}
	}()
	return true
}

// overtaken is for a response that a CANCEL has overtaken. The transaction has
// sent 487 but would repeat the response given last: give it the 487 back.
func (d *Dialog) overtaken(req *sip.Request, tx *sip.ServerTx) { respond(tx, Reply(req, 487)) }

func (d *Dialog) repeat(a *accepted) {
	if d.accepted != a {
		return
	}
	if d.set.opts.Clock.Now().Sub(a.since) >= 64*sip.T1 {
		d.log.Info("200 was never acknowledged")
		d.stopAccepted()
		d.hangup(call.ProtocolError)
		return
	}
	respond(a.tx, a.res)
	a.wait = min(2*a.wait, sip.T2)
	a.timer = d.after(a.wait, func() { d.repeat(a) })
}

func (d *Dialog) stopAccepted() {
	if d.accepted != nil {
		d.accepted.timer.Stop()
		d.accepted = nil
	}
}

// acknowledged takes the ACK of a 2xx of ours.
func (d *Dialog) acknowledged(ack *sip.Request) {
	a := d.accepted
	if a == nil || ack.CSeq().SeqNo != a.seq {
		return
	}
	d.stopAccepted()
	if d.closing != call.CauseNone {
		d.bye(d.closing)
		return
	}
	if a.offer {
		if sdp, _ := described(ack); sdp == nil || d.party.Accept(sdp) != nil {
			d.hangup(call.NoCodec)
			return
		}
		a.agreed()
	}
	d.reofferIfAsked()
}
