package dialog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/siptest"
)

const (
	boxAddr  = "192.0.2.1:5060"
	peerAddr = "192.0.2.9:5060"
)

// rig is a set of dialogs on a network in memory, and a peer without manners.
type rig struct {
	*siptest.Peer
	t     *testing.T
	set   *Set
	party *fakeParty
	d     *Dialog // of the last incoming INVITE, or of dial
	tag   string  // ours, as seen by the peer

	unreached error // there is no way to the gateway
	heard     []int // what the gateway said: status codes, 0 for nothing
}

// end is a set of dialogs on a socket of a network in memory. It gives each
// incoming call its party.
type end struct {
	set   *Set
	tx    *sip.TransactionLayer
	party *fakeParty
	begin func(*Dialog) // of an incoming call
}

func newEnd(t *testing.T, n *siptest.Net, addr string, arrive func(*Dialog)) *end {
	silent := slog.New(slog.DiscardHandler)
	transport := sip.NewTransportLayer(net.DefaultResolver, sip.NewParser(), nil, sip.WithTransportLayerLogger(silent))
	e := &end{party: &fakeParty{}}
	e.begin = func(d *Dialog) {
		if d.Begin(e.party) {
			arrive(d)
		}
	}
	e.tx = sip.NewTransactionLayer(transport, sip.WithTransactionLayerLogger(silent),
		sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {}))
	host, port, err := sip.ParseAddr(addr)
	if err != nil {
		t.Fatal(err)
	}
	e.set = NewSet(Options{Clock: clock.System(), Log: silent, Transactions: e.tx, Local: func(Flow) Local {
		return Local{Host: host, Port: port, Bind: sip.Addr{IP: net.ParseIP(host), Port: port}}
	}, Fault: func(string, any) {}})
	e.tx.OnRequest(func(req *sip.Request, tx *sip.ServerTx) {
		if code := Malformed(req); code != 0 {
			respond(tx, Reply(req, code))
			return
		}
		if req.IsInvite() && !req.To().Params.Has("tag") {
			e.begin(e.set.Incoming(req, tx))
			return
		}
		e.set.Request(req, tx)
	})
	socket := n.Listen(addr)
	Pool(transport, socket)
	served := make(chan struct{})
	go func() { defer close(served); _ = transport.ServeUDP(socket) }()
	t.Cleanup(func() {
		e.tx.Close()
		_ = socket.Close()
		<-served
		synctest.Wait()
	})
	return e
}

// bubble runs a test with a rig inside a synctest bubble.
func bubble(t *testing.T, f func(*rig)) {
	synctest.Test(t, func(t *testing.T) {
		n := siptest.NewNet()
		r := &rig{t: t}
		e := newEnd(t, n, boxAddr, func(d *Dialog) { r.d = d })
		r.set, r.party = e.set, e.party
		r.Peer = siptest.NewPeer(t, n.Listen(peerAddr), siptest.Addr(boxAddr))
		t.Cleanup(func() {
			// Whatever state the test left, a hang-up ends it though nobody answers
			// any more.
			ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
			defer cancel()
			r.set.Shutdown(ctx, call.Shutdown)
			if n := r.set.Len(); n > 0 {
				t.Errorf("%d dialogs are never wound up", n)
			}
			time.Sleep(3 * time.Minute) // longer than any transaction lives
		})
		f(r)
	})
}

const someSDP = "v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio 4000 RTP/AVP 8\n"

// ask sends a request of the peer's dialog. extra is header lines, a blank line
// and a body.
func (r *rig) ask(method string, seq int, extra string) {
	r.t.Helper()
	r.askOn(method+"-"+strconv.Itoa(seq), method, seq, extra)
}

// ackRefusal is the ACK of a refused INVITE: it belongs to its transaction.
func (r *rig) ackRefusal(seq int) {
	r.t.Helper()
	r.askOn("INVITE-"+strconv.Itoa(seq), "ACK", seq, "")
}

func (r *rig) askOn(branch, method string, seq int, extra string) {
	r.t.Helper()
	to := "<sip:600@box.test>"
	if r.tag != "" {
		to += ";tag=" + r.tag
	}
	r.Send(fmt.Sprintf("%s sip:600@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP %s;branch=z9hG4bK-%s;rport\nMax-Forwards: 70\n"+
		"From: <sip:1001@box.test>;tag=peer\nTo: %s\nCall-ID: one\nCSeq: %d %s\nContact: <sip:1001@%s>\n%s",
		method, peerAddr, branch, to, seq, method, peerAddr, extra))
}

const withSDP = "Content-Type: application/sdp\n\n" + someSDP

// invite lets the peer call and takes the 100.
func (r *rig) invite(extra string) {
	r.t.Helper()
	r.ask("INVITE", 1, extra)
	r.Status(100)
	synctest.Wait()
}

// talking brings the peer's call up.
func (r *rig) talking() {
	r.t.Helper()
	r.invite(withSDP)
	r.d.Answer()
	r.learn(r.Status(200))
	r.ask("ACK", 1, "")
	synctest.Wait()
}

func (r *rig) learn(res *sip.Response) { r.tag, _ = res.To().Params.Get("tag") }

// dial lets us call the peer; it returns the INVITE.
func (r *rig) dial() *sip.Request {
	r.t.Helper()
	r.start()
	return r.Request(sip.INVITE)
}

func (r *rig) start() {
	r.d = r.set.Outgoing(Target{
		URI:  sip.Uri{Scheme: "sip", User: "1002", Host: "192.0.2.9", Port: 5060},
		Flow: Flow{"UDP", peerAddr},
		From: sip.FromHeader{DisplayName: "Caller", Address: sip.Uri{Scheme: "sip", User: "1001", Host: "box.test"}},
		To:   sip.ToHeader{Address: sip.Uri{Scheme: "sip", User: "1002", Host: "box.test"}},
	})
	r.d.Call(r.party, sip.NewHeader("Subject", "Sales"))
}

const ok = "Contact: <sip:1002@192.0.2.9:5060>\nContent-Type: application/sdp\n\n" + someSDP

// dialled brings our call to the peer up; it returns the INVITE and our ACK.
func (r *rig) dialled() (invite, ack *sip.Request) {
	r.t.Helper()
	invite = r.dial()
	r.Reply(invite, 200, "peer", ok)
	ack = r.Request(sip.ACK)
	synctest.Wait()
	return invite, ack
}

// told checks everything that the party has been told so far.
func (r *rig) told(want ...string) {
	r.t.Helper()
	synctest.Wait()
	r.party.mu.Lock()
	defer r.party.mu.Unlock()
	if !slices.Equal(r.party.log, want) {
		r.t.Errorf("party was told %q, want %q", r.party.log, want)
	}
}

// gone checks that nothing is left of any dialog.
func (r *rig) gone() {
	r.t.Helper()
	synctest.Wait()
	if n := r.set.Len(); n != 0 {
		r.t.Errorf("%d dialogs left", n)
	}
}

// seq is the number and method of a message's CSeq.
func seq(m sip.Message) string { return m.CSeq().Value() }

type fakeParty struct {
	stale  bool
	mu     sync.Mutex
	log    []string
	refuse bool // every description of the peer
	offers int
	panics bool
	report func(call.Cause)
}

func (p *fakeParty) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, fmt.Sprintf(format, args...))
}

var errFake = errors.New("no")

func (p *fakeParty) Offer() []byte {
	p.offers++
	return fmt.Appendf(nil, "v=0\r\ns=offer %d\r\n", p.offers)
}

func (p *fakeParty) Consider(offer []byte) ([]byte, error) {
	if p.panics {
		panic("as asked")
	}
	if p.refuse {
		return nil, errFake
	}
	p.note("offer %s", mediaLine(offer))
	return []byte("v=0\r\ns=answer\r\n"), nil
}

func (p *fakeParty) Accept(answer []byte) error {
	if p.refuse {
		return errFake
	}
	p.note("answer %s", mediaLine(answer))
	return nil
}

func mediaLine(sdp []byte) string {
	for line := range strings.Lines(string(sdp)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "m=audio" {
			return f[1]
		}
	}
	return "?"
}

func (p *fakeParty) Ringing(early bool) {
	if early {
		p.note("early media")
		return
	}
	p.note("ringing")
}
func (p *fakeParty) Refer(r Referral) {
	p.note("refer %s %+v", r.To.User, r.Replaces)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.report = r.Report
}
func (p *fakeParty) Redirected(r Redirection) {
	var to []string
	for _, u := range r.Contacts {
		to = append(to, u.String())
	}
	p.note("%d to %s", r.Code, strings.Join(to, " "))
}
func (p *fakeParty) Up()          { p.note("up") }
func (p *fakeParty) Tuned(string) {}
func (p *fakeParty) Stale() bool  { return p.stale }

func (p *fakeParty) Refused() {}

func (p *fakeParty) Key(digit byte, d time.Duration) {
	p.note("key %c %v", digit, d)
}
func (p *fakeParty) Over(c call.Cause) { p.note("over %s", c) }
