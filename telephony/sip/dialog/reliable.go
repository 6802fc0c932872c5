package dialog

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
)

// Reliable provisional responses (RFC 3262).

// promised is a provisional response of ours that waits for its PRACK.
type promised struct {
	rack    string // what the PRACK must say
	offer   bool   // it carried our offer; the PRACK brings the answer
	settles bool   // with its PRACK both sides know what was agreed
	since   time.Time
	wait    time.Duration
	timer   clock.Timer
	then    func() // what has to wait until the PRACK
}

// promise makes a provisional response reliable and repeats it until its PRACK. To
// an INVITE without an offer the first one carries ours (RFC 3262 5).
func (d *Dialog) promise(res *sip.Response) {
	in := &d.incoming
	if in.rseq == 0 {
		in.rseq = rand.Uint32N(1 << 30)
	}
	in.rseq++
	res.AppendHeader(sip.NewHeader("Require", "100rel"))
	res.AppendHeader(sip.NewHeader("RSeq", strconv.FormatUint(uint64(in.rseq), 10)))
	p := &promised{rack: fmt.Sprintf("%d %s", in.rseq, in.req.CSeq().Value()), since: d.set.opts.Clock.Now(), wait: sip.T1}
	if in.answer == nil && !in.offered {
		in.offered, p.offer = true, true
		Describe(res, d.party.Offer())
	}
	p.settles = len(res.Body()) > 0
	in.promised = p
	p.timer = d.after(p.wait, func() { d.repeatPromise(p, res) })
}

// repeatPromise repeats a reliable response, at longer and longer intervals. A
// caller who never acknowledges it is refused (RFC 3262 3).
func (d *Dialog) repeatPromise(p *promised, res *sip.Response) {
	if d.incoming.promised != p || d.state != incoming {
		return
	}
	if d.set.opts.Clock.Now().Sub(p.since) >= 64*sip.T1 {
		d.log.Info("provisional response was never acknowledged")
		d.tell(call.ProtocolError)
		d.stopRepeating()
		d.refuseWith(504, Reason(call.ProtocolError))
		return
	}
	respond(d.incoming.tx, res)
	p.wait *= 2
	p.timer = d.after(p.wait, func() { d.repeatPromise(p, res) })
}

// acknowledgedEarly takes PRACK.
func (d *Dialog) acknowledgedEarly(in inbound) {
	p := d.incoming.promised
	if rack := in.req.GetHeader("RAck"); d.state != incoming || p == nil || rack == nil ||
		strings.Join(strings.Fields(rack.Value()), " ") != p.rack {
		respond(in.tx, Reply(in.req, 481))
		return
	}
	res := Reply(in.req, 200)
	sdp, _ := described(in.req)
	switch {
	case p.offer && (sdp == nil || d.party.Accept(sdp) != nil):
		respond(in.tx, Reply(in.req, 488))
		d.hangup(call.NoCodec)
		return
	case !p.offer && len(in.req.Body()) > 0: // a new offer
		code, answer, why := negotiate(d.party, in.req)
		if code != 0 {
			respond(in.tx, Reply(in.req, code, why...))
			return
		}
		if answer != nil {
			d.incoming.answer = answer
		}
		Describe(res, answer)
	}
	respond(in.tx, res)
	p.timer.Stop()
	d.incoming.promised = nil
	d.incoming.settled = d.incoming.settled || p.settles
	if p.then != nil {
		p.then()
	}
}

// early is what is known of the provisional responses to an INVITE of ours, by
// the tag of the fork that sent them.
type early struct {
	rseq    map[string]uint32
	agreed  map[string][]byte // its answer to our offer, given reliably
	updated map[string]bool   // it has made an offer of its own since
	heard   string            // who gave the description that is in force
	tags    []string          // of all
}

// seen takes a provisional response with a tag. A reliable one is acknowledged in
// its fork's own dialog. It reports false for one that is repeated or came before
// its turn (RFC 3262 4).
func (d *Dialog) seen(o *outgoing, res *sip.Response) bool {
	tag, _ := res.To().Params.Get("tag")
	h := res.GetHeader("RSeq")
	if tag == "" || h == nil || !lists(res, "Require", "100rel") {
		return true
	}
	n, err := strconv.ParseUint(strings.TrimSpace(h.Value()), 10, 32)
	last, known := o.early.rseq[tag]
	if err != nil || known && uint32(n) != last+1 || !known && len(o.early.rseq) == maxForks {
		return false
	}
	if o.early.rseq == nil {
		o.early.rseq, o.early.agreed, o.early.updated = make(map[string]uint32), make(map[string][]byte), make(map[string]bool)
	}
	o.early.rseq[tag] = uint32(n)
	if sdp, _ := described(res); sdp != nil {
		o.early.agreed[tag] = sdp
	}
	f := d.fork(o, res)
	req := f.request(sip.PRACK, d.nextSeq(), sip.NewHeader("RAck", fmt.Sprintf("%d %s", n, o.req.CSeq().Value())))
	if err := d.send(req, func(*sip.Response) {}, func() {}); err != nil {
		d.log.Info("PRACK not sent", "error", err)
	}
	return true
}

// maxForks bounds the phones behind one INVITE that are kept apart.
const maxForks = 16
