package dialog

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
)

type state uint8

const (
	incoming state = iota // INVITE received, no final response yet
	calling               // INVITE sent, no final response yet
	up                    // 2xx sent or received
	over                  // ended; what is left is to tell the peer
)

// Dialog is one INVITE dialog. Its exported methods may be called from any
// goroutine and do not block; what comes of them is told to the Party.
type Dialog struct {
	set  *Set
	log  *slog.Logger
	work serial

	callID, localTag string

	// Touched by functions run by work only.
	party     Party
	state     state
	told      bool // Party has had its Over
	ringing   bool // Party has had its Ringing
	heard     bool // and that with early media
	local     address
	remote    address
	remoteTag string
	user      string // user part of our Contact
	localSeq  uint32
	remoteSeq uint32 // 0 until the peer's first request
	routes    []sip.Uri
	target    sip.Uri // the peer's Contact
	flow      Flow
	gateway   *Gateway // nil: the peer is a phone

	incoming  incomingInvite
	accepted  *accepted // a 2xx of ours that waits for its ACK
	outgoing  *outgoing // an INVITE of ours without a final response
	tuning    *string   // the codec of that offer, nil: as before
	tuned     bool      // the offer made last was of another codec than before
	again     bool      // offer anew when nothing else is going on
	look      bool      // the same, if the party is still stale then
	looked    bool      // the offer made last was for that
	session   *session  // nil: no session timer
	updates   bool      // the peer takes UPDATE
	closing   call.Cause
	notifying int       // NOTIFYs that have no answer yet
	presses   []string  // bodies of INFO that carry keys, the first on its way
	parked    []inbound // requests that came before their turn
	turn      clock.Timer

	leastSession time.Duration // the longest Min-SE of a 422
}

// address is a name-addr without parameters.
type address struct {
	name string
	uri  sip.Uri
}

func (s *Set) newDialog(callID string) *Dialog {
	d := &Dialog{set: s, callID: callID, localTag: rand.Text()}
	d.log = s.opts.Log.With("sip_call", callID)
	return d
}

// do queues f for the dialog's own goroutine.
func (d *Dialog) do(f func()) { d.work.do(func() { d.guard(f) }) }

// run is do for a goroutine that came with a message or a timer: it need not wake
// another one for it.
func (d *Dialog) run(f func()) { d.work.run(func() { d.guard(f) }) }

// guard runs f. A panic in it ends the dialog and not the box.
func (d *Dialog) guard(f func()) {
	defer func() {
		if p := recover(); p != nil {
			d.set.opts.Fault(d.callID, p)
			d.abandon(call.InternalError)
		}
	}()
	f()
}

func (d *Dialog) after(t time.Duration, f func()) clock.Timer {
	return d.set.opts.Clock.AfterFunc(t, func() { d.run(f) })
}

// ID is the Call-ID, for logs.
func (d *Dialog) ID() string { return d.callID }

// Hangup ends the dialog in whatever state it is: a refusal, CANCEL or BYE, which
// tells the peer the cause. Over follows at once; the peer is seen to afterwards.
func (d *Dialog) Hangup(c call.Cause) {
	d.do(func() { d.hangup(c) })
}

func (d *Dialog) hangup(c call.Cause) {
	d.tell(c)
	switch d.state {
	case incoming:
		d.refuse(c)
	case calling:
		d.cancel(c)
	case up:
		d.bye(c)
	}
}

// tell gives the Party its Over, once.
func (d *Dialog) tell(c call.Cause) {
	if !d.told {
		d.told = true
		if d.party != nil {
			d.party.Over(c)
		}
	}
}

// abandon ends a dialog after a fault of ours, whatever it takes.
func (d *Dialog) abandon(c call.Cause) {
	defer func() {
		if recover() != nil {
			d.finish()
		}
	}()
	d.hangup(c)
}

// finish forgets the dialog: later requests for it get 481.
func (d *Dialog) finish() {
	d.state = over
	d.stopAccepted()
	d.stopSession()
	if d.turn != nil {
		d.turn.Stop()
	}
	for _, in := range d.parked {
		respond(in.tx, Reply(in.req, 481))
	}
	d.parked = nil
	d.set.remove(d)
}

// bye ends a session that is up. The caller's side must not send BYE before its
// 2xx was acknowledged (RFC 3261 15), nor overtake the outcome of a REFER.
func (d *Dialog) bye(c call.Cause) {
	if d.accepted != nil || d.notifying > 0 {
		d.closing = c
		return
	}
	d.state = over
	d.stopSession()
	req := d.request(sip.BYE, d.nextSeq(), Reason(c))
	if err := d.send(req, func(res *sip.Response) {
		if res.StatusCode >= 200 {
			d.finish()
		}
	}, d.finish); err != nil {
		d.log.Info("BYE not sent", "error", err)
		d.finish()
	}
}

func (d *Dialog) nextSeq() uint32 { d.localSeq++; return d.localSeq }

// request is a request within the dialog (RFC 3261 12.2.1.1). ACK gets the
// sequence number of its INVITE; all others count up.
func (d *Dialog) request(method sip.RequestMethod, seq uint32, extra ...sip.Header) *sip.Request {
	target, routes := d.target, d.routes
	if len(routes) > 0 && !routes[0].UriParams.Has("lr") { // a strict router
		target, routes = routes[0], append(slices.Clone(routes[1:]), d.target)
	}
	l := d.set.opts.Local(d.flow)
	req := sip.NewRequest(method, target)
	via := &sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: d.flow.Network, Host: l.Host, Port: l.Port}
	via.Params.Add("branch", newBranch())
	via.Params.Add("rport", "")
	req.AppendHeader(via)
	for _, r := range routes {
		req.AppendHeader(&sip.RouteHeader{Address: r})
	}
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(&hops)
	from := &sip.FromHeader{DisplayName: d.local.name, Address: d.local.uri}
	from.Params.Add("tag", d.localTag)
	req.AppendHeader(from)
	to := &sip.ToHeader{DisplayName: d.remote.name, Address: d.remote.uri}
	if d.remoteTag != "" {
		to.Params.Add("tag", d.remoteTag)
	}
	req.AppendHeader(to)
	id := sip.CallIDHeader(d.callID)
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: seq, MethodName: method})
	if method == sip.INVITE || method == sip.UPDATE || method == sip.NOTIFY {
		req.AppendHeader(d.contact())
		req.AppendHeader(sip.NewHeader("Allow", Allow))
	}
	req.AppendHeader(sip.NewHeader("User-Agent", Agent))
	for _, h := range extra {
		req.AppendHeader(h)
	}
	req.SetBody(nil)
	d.direct(req, l)
	return req
}

// direct sends a request down the dialog's flow, whatever its URI says: phones
// behind NAT, and those on TCP or WebSocket, can be reached nowhere else.
func (d *Dialog) direct(req *sip.Request, l Local) {
	req.Laddr = l.Bind
	req.SetTransport(d.flow.Network)
	req.SetDestination(d.flow.Addr)
}

func (d *Dialog) contact() *sip.ContactHeader {
	l := d.set.opts.Local(d.flow)
	h := &sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: d.user, Host: l.Host, Port: l.Port}}
	if d.flow.Network != "UDP" {
		h.Address.UriParams.Add("transport", sip.NetworkToLower(d.flow.Network))
	}
	return h
}

// dialTimeout bounds the wait for a connection; flows exist already.
const dialTimeout = 4 * time.Second

// send starts a client transaction. each and ended run in the dialog's queue:
// each for every response, ended instead if the transaction died without a final
// one.
func (d *Dialog) send(req *sip.Request, each func(*sip.Response), ended func()) error {
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	tx, err := d.transact(ctx, req)
	if err != nil {
		return err
	}
	d.watch(tx, func(res *sip.Response) {
		if again := d.authorised(req, res); again != nil && d.send(again, each, ended) == nil {
			return
		}
		each(res)
	}, ended)
	return nil
}

func (d *Dialog) watch(tx *sip.ClientTx, each func(*sip.Response), ended func()) {
	go func() {
		Deepen()
		for {
			select {
			case res := <-tx.Responses():
				d.run(func() { each(res) })
				if res.StatusCode >= 200 {
					go d.linger(tx, each)
					return
				}
			case <-tx.Done():
				d.run(ended)
				return
			}
		}
	}()
}

// linger follows a transaction that has its final response: for half a minute copies of
// a 2xx may come (RFC 6026 7.2). That takes no large stack.
func (d *Dialog) linger(tx *sip.ClientTx, each func(*sip.Response)) {
	for {
		select {
		case res := <-tx.Responses():
			d.run(func() { each(res) })
		case <-tx.Done():
			return
		}
	}
}

// respond sends a response; a transaction that is gone already needs none.
func respond(tx *sip.ServerTx, res *sip.Response) { _ = tx.Respond(res) }
