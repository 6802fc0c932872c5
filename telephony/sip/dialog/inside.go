package dialog

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// inbound is a request of the peer and its transaction.
type inbound struct {
	req *sip.Request
	tx  *sip.ServerTx
}

func (in inbound) seq() uint32 { return in.req.CSeq().SeqNo }

// orderTime is how long a request waits for one with a lower sequence number
// that it may have overtaken between the socket and here. A peer may leave
// numbers out, so the wait is short.
const orderTime = 20 * time.Millisecond

// receive takes a request within the dialog (RFC 3261 12.2.2).
func (d *Dialog) receive(in inbound) {
	if tag, _ := in.req.From().Params.Get("tag"); d.remoteTag != "" && tag != d.remoteTag {
		d.drop(in, 481)
		return
	}
	if in.req.IsAck() {
		in.tx.Terminate()
		d.acknowledged(in.req)
		return
	}
	if d.state == over {
		if in.req.Method == sip.BYE { // it crossed ours
			respond(in.tx, Reply(in.req, 200))
			return
		}
		d.drop(in, 481)
		return
	}
	early := d.state == calling // its 200 is still on its way through the box
	gap := d.remoteSeq != 0 && in.seq() > d.remoteSeq+1
	if len(d.parked) < maxParked && (early || gap) {
		d.parked = append(d.parked, in)
		slices.SortFunc(d.parked, func(a, b inbound) int { return cmp.Compare(a.seq(), b.seq()) })
		if d.turn == nil {
			d.turn = d.after(orderTime, d.unpark)
		}
		return
	}
	d.take(in)
	for len(d.parked) > 0 && d.parked[0].seq() == d.remoteSeq+1 {
		next := d.parked[0]
		d.parked = d.parked[1:]
		d.take(next)
	}
}

// maxParked bounds the requests that wait for their turn.
const maxParked = 8

// unpark lets the parked requests in, in order: what they waited for did not come.
func (d *Dialog) unpark() {
	parked := d.parked
	d.parked, d.turn = nil, nil
	for _, in := range parked {
		d.take(in)
	}
}

func (d *Dialog) drop(in inbound, code int) {
	if in.req.IsAck() {
		in.tx.Terminate()
		return
	}
	respond(in.tx, Reply(in.req, code))
}

// take serves a request whose turn it is.
func (d *Dialog) take(in inbound) {
	if d.state == over {
		d.drop(in, 481)
		return
	}
	if in.seq() <= d.remoteSeq {
		d.drop(in, 500)
		return
	}
	d.remoteSeq = in.seq()
	if d.told && in.req.Method != sip.BYE { // only our BYE still waits for its turn
		d.drop(in, 481)
		return
	}
	switch in.req.Method {
	case sip.BYE:
		d.ended(in)
	case sip.INVITE:
		d.reinvited(in)
	case sip.UPDATE:
		d.updated(in)
	case sip.INFO:
		d.informed(in)
	case sip.REFER:
		d.referred(in)
	case sip.PRACK:
		d.acknowledgedEarly(in)
	case sip.OPTIONS:
		respond(in.tx, Capabilities(in.req))
	default:
		respond(in.tx, Refuse(in.req))
	}
}

// ended takes the peer's BYE. The called side may not send one before its 200.
func (d *Dialog) ended(in inbound) {
	if d.state == calling {
		d.drop(in, 481)
		return
	}
	respond(in.tx, Reply(in.req, 200))
	c := reasonOf(in.req)
	if c == call.CauseNone {
		c = call.Normal
	}
	if d.state == incoming { // a BYE on an early dialog refuses the INVITE too
		d.stopRepeating()
		respond(d.incoming.tx, Reply(d.incoming.req, 487))
		c = call.Cancelled
	}
	d.tell(c)
	d.finish()
}

// informed takes INFO: a key of phones that do not send it as sound or RFC 4733.
func (d *Dialog) informed(in inbound) {
	kind := ""
	if h := in.req.ContentType(); h != nil {
		kind = mediaType(h.Value())
	}
	switch digit, length, ok := ParseKey(kind, in.req.Body()); {
	case len(in.req.Body()) == 0:
		respond(in.tx, Reply(in.req, 200))
	case ok:
		respond(in.tx, Reply(in.req, 200))
		d.party.Key(digit, length)
	case kind == "application/dtmf-relay" || kind == "application/dtmf":
		respond(in.tx, Reply(in.req, 400))
	default:
		respond(in.tx, Reply(in.req, 415, sip.NewHeader("Accept", "application/dtmf-relay, application/dtmf")))
	}
}

func mediaType(value string) string {
	value, _, _ = strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(value))
}
