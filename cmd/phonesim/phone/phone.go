// Package phone is a SIP phone without a person: it registers, calls, answers,
// holds, presses keys, sends a tone and measures what it hears. Tests and the
// demo use it as the box's peer.
//
// It shares no code with the box but the clock, so that it checks the box and
// not itself: its SIP user agent and its session descriptions are its own, over
// sipgo's parser and transactions. A Phone owns one SIP socket; every Call owns
// one RTP socket and two goroutines. Methods may be called from any goroutine.
package phone

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Options are who the phone is and where its server is.
type Options struct {
	Server         string // "127.0.0.1:5060"
	Domain         string // of addresses; empty: the server's host
	User, Password string
	Name           string     // display name, told to the called party
	Address        netip.Addr // to send from; zero: 127.0.0.1
	Network        string     // "UDP" (also when empty) or "TCP"
	// Algorithm is the only digest algorithm that the phone knows, "MD5" or
	// "SHA-256"; empty: the first that the server offers.
	Algorithm string
	Codec     string // "PCMA" (also when empty) or "PCMU"
	Tone      int    // Hz, sent while a call is up; 0: silence
	Ptime     int    // ms of sound in the packets that it wants, 20 for 0; it sends 20
	Clock     clock.Clock
	// Incoming takes each call that rings here, in a goroutine of its own.
	Incoming func(*Call)
	// Event takes what happens, in order per call. It must not block.
	Event func(Event)
	// Between stands between the phone's sound and the server's; nil: nothing does.
	Between Between
	// Private asks for the number not to be shown to those who are called.
	Private bool
}

// Between is a network that the sound of calls goes through.
type Between interface {
	// Outside is where the server is to send for the phone's socket.
	Outside(phone netip.AddrPort) netip.AddrPort
	// Inside is where the phone is to send for the server's socket; the zero address
	// is nowhere.
	Inside(server netip.AddrPort) netip.AddrPort
}

// Phone is a SIP user agent.
type Phone struct {
	opts      Options
	contact   sip.Uri
	server    sip.Uri
	socket    io.Closer
	transport *sip.TransportLayer
	tx        *sip.TransactionLayer
	serve     sync.WaitGroup

	mu     sync.Mutex
	calls  map[string]*Call // by Call-ID
	regID  string
	regSeq uint32
}

// Open opens the phone's socket.
func Open(o Options) (*Phone, error) {
	if !o.Address.IsValid() {
		o.Address = netip.MustParseAddr("127.0.0.1")
	}
	if o.Network == "" {
		o.Network = "UDP"
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	if o.Ptime == 0 {
		o.Ptime = 20
	}
	host, port, err := net.SplitHostPort(o.Server)
	if err != nil {
		return nil, fmt.Errorf("server %q: %w", o.Server, err)
	}
	if o.Domain == "" {
		o.Domain = host
	}
	p := &Phone{opts: o, calls: make(map[string]*Call), regID: rand.Text()}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("server %q: %w", o.Server, err)
	}
	p.server = sip.Uri{Scheme: "sip", Host: host, Port: n}
	silent := slog.New(slog.DiscardHandler)
	p.transport = sip.NewTransportLayer(net.DefaultResolver, sip.NewParser(), nil, sip.WithTransportLayerLogger(silent))
	p.tx = sip.NewTransactionLayer(p.transport, sip.WithTransactionLayerLogger(silent),
		sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {}))
	p.tx.OnRequest(p.receive)
	if err := p.listen(); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Phone) listen() error {
	at := net.JoinHostPort(p.opts.Address.String(), "0")
	var addr net.Addr
	if p.opts.Network == "TCP" {
		l, err := net.Listen("tcp", at)
		if err != nil {
			return fmt.Errorf("open phone: %w", err)
		}
		p.socket, addr = l, l.Addr()
		p.serve.Go(func() { _ = p.transport.ServeTCP(l) })
	} else {
		c, err := net.ListenPacket("udp", at)
		if err != nil {
			return fmt.Errorf("open phone: %w", err)
		}
		p.socket, addr = c, c.LocalAddr()
		// ServeUDP does this too, but only once its goroutine runs.
		p.transport.Pool("udp").Add(addr.String(), &sip.UDPConnection{PacketConn: c, PacketAddr: addr.String(), Listener: true})
		p.serve.Go(func() { _ = p.transport.ServeUDP(c) })
	}
	_, port, _ := sip.ParseAddr(addr.String())
	p.contact = sip.Uri{Scheme: "sip", User: p.opts.User, Host: p.opts.Address.String(), Port: port}
	if p.opts.Network == "TCP" {
		p.contact.UriParams.Add("transport", "tcp")
	}
	return nil
}

// Close ends every call without a word and closes the socket, like a phone whose
// plug is pulled.
func (p *Phone) Close() {
	p.mu.Lock()
	calls := make([]*Call, 0, len(p.calls))
	for _, c := range p.calls {
		calls = append(calls, c)
	}
	p.mu.Unlock()
	for _, c := range calls {
		c.end(0, "unplugged")
	}
	p.tx.Close()
	_ = p.socket.Close()
	_ = p.transport.Close()
	p.serve.Wait()
}

// Contact is the phone's own address.
func (p *Phone) Contact() string { return p.contact.String() }

// Register registers the phone for so long, or unregisters it with 0. It returns
// the life that the server granted.
func (p *Phone) Register(ctx context.Context, life time.Duration) (time.Duration, error) {
	to := sip.ToHeader{Address: sip.Uri{Scheme: "sip", User: p.opts.User, Host: p.opts.Domain}}
	p.mu.Lock()
	p.regSeq += 2 // the request with credentials takes the next
	seq := p.regSeq
	p.mu.Unlock()
	req := p.request(sip.REGISTER, sip.Uri{Scheme: "sip", Host: p.opts.Domain}, p.regID, seq, from(p, rand.Text()), to)
	req.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(int(life/time.Second))))
	res, _, err := p.authenticated(ctx, req, nil)
	switch {
	case err != nil:
		return 0, fmt.Errorf("register %s: %w", p.opts.User, err)
	case res.StatusCode != 200:
		return 0, &StatusError{res.StatusCode, res.Reason}
	}
	granted := time.Duration(0)
	for _, h := range res.GetHeaders("Contact") {
		c, ok := h.(*sip.ContactHeader)
		if ok && c.Address.Port == p.contact.Port && c.Address.Host == p.contact.Host {
			s, _ := strconv.Atoi(c.Params.GetOr("expires", "0"))
			granted = time.Duration(s) * time.Second
		}
	}
	p.tell(Event{Event: "registered", Expires: int(granted / time.Second)})
	return granted, nil
}

// StatusError is a final response that refused a request.
type StatusError struct {
	Status int
	Reason string
}

func (e *StatusError) Error() string { return fmt.Sprintf("%d %s", e.Status, e.Reason) }

// request is a request of ours with everything but its body.
func (p *Phone) request(method sip.RequestMethod, uri sip.Uri, id string, seq uint32, from sip.FromHeader, to sip.ToHeader) *sip.Request {
	req := sip.NewRequest(method, uri)
	via := &sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: p.opts.Network, Host: p.contact.Host, Port: p.contact.Port}
	via.Params.Add("branch", sip.RFC3261BranchMagicCookie+rand.Text())
	via.Params.Add("rport", "")
	hops, callID := sip.MaxForwardsHeader(70), sip.CallIDHeader(id)
	for _, h := range []sip.Header{via, &hops, &from, &to, &callID, &sip.CSeqHeader{SeqNo: seq, MethodName: method},
		&sip.ContactHeader{Address: p.contact}, sip.NewHeader("User-Agent", "phonesim")} {
		req.AppendHeader(h)
	}
	req.SetBody(nil)
	req.SetTransport(p.opts.Network)
	req.SetDestination(p.opts.Server)
	if p.opts.Network == "UDP" {
		req.Laddr = sip.Addr{IP: net.ParseIP(p.contact.Host), Port: p.contact.Port}
	}
	return req
}

func from(p *Phone, tag string) sip.FromHeader {
	h := sip.FromHeader{DisplayName: p.opts.Name, Address: sip.Uri{Scheme: "sip", User: p.opts.User, Host: p.opts.Domain}}
	h.Params.Add("tag", tag)
	return h
}

// authenticated sends a request, and once more with credentials when it is
// challenged. It returns the final response and the request that got it.
func (p *Phone) authenticated(ctx context.Context, req *sip.Request, provisional func(*sip.Request, *sip.Response)) (*sip.Response, *sip.Request, error) {
	res, err := p.send(ctx, req, provisional)
	if err != nil || res.StatusCode != 401 {
		return res, req, err
	}
	again := req.Clone()
	again.RemoveHeader("Via")
	via := sip.HeaderClone(req.Via()).(*sip.ViaHeader)
	via.Params.Add("branch", sip.RFC3261BranchMagicCookie+rand.Text())
	again.PrependHeader(via)
	again.CSeq().SeqNo++
	credentials, err := p.credentials(req, res)
	if err != nil {
		return nil, nil, err
	}
	again.AppendHeader(sip.NewHeader("Authorization", credentials))
	again.SetDestination(p.opts.Server)
	res, err = p.send(ctx, again, provisional)
	return res, again, err
}

var errNoChallenge = errors.New("no challenge that the phone understands")

func (p *Phone) credentials(req *sip.Request, res *sip.Response) (string, error) {
	for _, h := range res.GetHeaders("WWW-Authenticate") {
		chal, err := digest.ParseChallenge(h.Value())
		if err != nil || p.opts.Algorithm != "" && !strings.EqualFold(chal.Algorithm, p.opts.Algorithm) {
			continue
		}
		cred, err := digest.Digest(chal, digest.Options{Method: string(req.Method), URI: req.Recipient.String(),
			Username: p.opts.User, Password: p.opts.Password, Count: 1})
		if err == nil {
			return cred.String(), nil
		}
	}
	return "", errNoChallenge
}

// send sends a request and waits for the final response.
func (p *Phone) send(ctx context.Context, req *sip.Request, provisional func(*sip.Request, *sip.Response)) (*sip.Response, error) {
	tx, err := p.tx.Request(ctx, req)
	if err != nil {
		return nil, err
	}
	for {
		select {
		case res := <-tx.Responses():
			if res.StatusCode >= 200 {
				return res, nil
			}
			if provisional != nil {
				provisional(req, res)
			}
		case <-tx.Done():
			return nil, tx.Err()
		case <-ctx.Done():
			tx.Terminate()
			return nil, ctx.Err()
		}
	}
}

func (p *Phone) tell(e Event) {
	e.At, e.Phone = p.opts.Clock.Now(), p.opts.User
	if p.opts.Event != nil {
		p.opts.Event(e)
	}
}

// receive takes every request from the server.
func (p *Phone) receive(req *sip.Request, tx *sip.ServerTx) {
	if req.CallID() == nil || req.To() == nil || req.From() == nil || req.CSeq() == nil {
		tx.Terminate()
		return
	}
	p.mu.Lock()
	c := p.calls[req.CallID().Value()]
	p.mu.Unlock()
	switch {
	case c != nil:
		c.receive(req, tx)
	case req.IsAck():
		tx.Terminate()
	case req.IsInvite() && !req.To().Params.Has("tag"):
		p.ring(req, tx)
	case req.Method == sip.OPTIONS:
		_ = tx.Respond(sip.NewResponseFromRequest(req, 200, "OK", nil))
	default:
		_ = tx.Respond(sip.NewResponseFromRequest(req, 481, "Call/Transaction Does Not Exist", nil))
	}
}
