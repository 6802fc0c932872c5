package phone

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Call is a call of the phone, made or received.
type Call struct {
	phone *Phone
	id    string
	// From and Name are the caller as told to an incoming call; Invite is its
	// request.
	From, Name string
	Invite     *sip.Request
	audio      *Audio
	rang       chan struct{} // closed at the first 18x of a made call
	up         chan struct{} // closed when the call is answered
	done       chan struct{} // closed when it has ended

	mu       sync.Mutex
	tx       *sip.ServerTx // of an incoming call until its final response
	asked    *sip.Request  // our INVITE, until its final response
	tried    bool          // it got a provisional response
	giveUp   bool
	from     sip.FromHeader // ours
	to       sip.ToHeader   // the peer
	target   sip.Uri
	seq      uint32
	version  int
	codec    string // changed to; empty: the phone's
	onHold   bool
	held     bool
	peer     session
	acked    chan struct{}
	rangOnce sync.Once
	over     bool
	status   int
	reason   string
	referred chan int // the outcome of our REFER
}

func (p *Phone) newCall(id string) (*Call, error) {
	c := &Call{phone: p, id: id, rang: make(chan struct{}), up: make(chan struct{}), done: make(chan struct{}), referred: make(chan int, 1)}
	a, err := openAudio(p.opts.Clock, p.opts.Address, p.opts.Tone, p.opts.Between, func(digit byte) {
		c.tell(Event{Event: "digit", Digit: string(rune(digit))})
	})
	if err != nil {
		return nil, fmt.Errorf("open RTP: %w", err)
	}
	c.audio = a
	p.mu.Lock()
	p.calls[id] = c
	p.mu.Unlock()
	return c, nil
}

func (c *Call) tell(e Event) { e.Call = c.id; c.phone.tell(e) }

// Audio is the call's sound.
func (c *Call) Audio() *Audio { return c.audio }

// Rang is closed when the called phone rings.
func (c *Call) Rang() <-chan struct{} { return c.rang }

// Up is closed when the call is answered.
func (c *Call) Up() <-chan struct{} { return c.up }

// Done is closed when the call has ended.
func (c *Call) Done() <-chan struct{} { return c.done }

// Ended is the SIP status with which the call was refused, 0 for a BYE, and the
// reason that was told. It is valid once Done is closed.
func (c *Call) Ended() (status int, reason string) { return c.status, c.reason }

// end closes the call, once.
func (c *Call) end(status int, reason string) {
	c.mu.Lock()
	if c.over {
		c.mu.Unlock()
		return
	}
	c.over, c.status, c.reason = true, status, reason
	c.mu.Unlock()
	c.phone.mu.Lock()
	delete(c.phone.calls, c.id)
	c.phone.mu.Unlock()
	c.audio.close()
	c.tell(Event{Event: "ended", Status: status, Reason: reason})
	close(c.done)
}

func (c *Call) payload() uint8 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := payloads[cmp.Or(c.codec, c.phone.opts.Codec)]; ok {
		return p
	}
	return payloads["PCMA"]
}

// Call calls a number, with further header fields in its INVITE. It returns at once;
// Rang, Up and Done tell what becomes of it.
func (p *Phone) Call(number string, headers ...sip.Header) (*Call, error) {
	c, err := p.newCall(rand.Text())
	if err != nil {
		return nil, err
	}
	uri := sip.Uri{Scheme: "sip", User: number, Host: p.opts.Domain}
	c.from, c.to = from(p, rand.Text()), sip.ToHeader{Address: uri}
	c.version, c.seq = 1, 1
	c.tell(Event{Event: "calling", To: number})
	go c.dial(uri, headers)
	return c, nil
}

func (c *Call) dial(uri sip.Uri, headers []sip.Header) {
	req := c.phone.request(sip.INVITE, uri, c.id, c.seq, c.from, c.to)
	for _, h := range headers {
		req.AppendHeader(h)
	}
	if c.phone.opts.Private {
		req.AppendHeader(sip.NewHeader("Privacy", "id"))
	}
	setSDP(req, describe(c.audio.announced(), c.version, c.payload(), c.phone.opts.Ptime, "sendrecv"))
	res, asked, err := c.phone.authenticated(context.Background(), req, c.provisional)
	c.mu.Lock()
	c.asked = nil
	c.mu.Unlock()
	switch {
	case err != nil:
		c.end(408, err.Error())
		return
	case res.StatusCode >= 300:
		c.end(res.StatusCode, reasonOf(res, res.Reason))
		return
	}
	c.mu.Lock()
	c.seq = asked.CSeq().SeqNo
	c.to = *res.To()
	c.target = uri
	if h := res.Contact(); h != nil {
		c.target = h.Address
	}
	gone := c.giveUp
	c.mu.Unlock()
	c.write(c.request(sip.ACK, asked.CSeq().SeqNo))
	if gone || c.use(res.Body()) != nil {
		c.Hangup()
		return
	}
	c.tell(Event{Event: "answered"})
	close(c.up)
}

func (c *Call) provisional(req *sip.Request, res *sip.Response) {
	c.mu.Lock()
	c.asked, c.tried = req, true
	if res.StatusCode > 100 {
		c.to = *res.To() // the early dialog's
	}
	gone := c.giveUp
	c.mu.Unlock()
	if gone {
		c.cancel(req)
	}
	if res.StatusCode > 100 {
		if len(res.Body()) > 0 {
			_ = c.use(res.Body())
		}
		c.rangOnce.Do(func() {
			c.tell(Event{Event: "ringing", Status: res.StatusCode})
			close(c.rang)
		})
	}
}

// ring takes the INVITE of a new call.
func (p *Phone) ring(req *sip.Request, tx *sip.ServerTx) {
	c, err := p.newCall(req.CallID().Value())
	if err != nil {
		_ = tx.Respond(sip.NewResponseFromRequest(req, 500, "Server Internal Error", nil))
		return
	}
	to := *req.To()
	to.Params = to.Params.Clone()
	to.Params.Add("tag", rand.Text())
	req.ReplaceHeader(&to)
	c.mu.Lock()
	c.Invite, c.tx, c.seq, c.version = req, tx, 1, 1
	c.from = to.AsFrom()
	c.to = sip.ToHeader{DisplayName: req.From().DisplayName, Address: req.From().Address, Params: req.From().Params.Clone()}
	c.target = req.From().Address
	if h := req.Contact(); h != nil {
		c.target = h.Address
	}
	c.mu.Unlock()
	c.From = req.From().Address.User
	c.Name = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(req.From().DisplayName)
	if !tx.OnCancel(func(cancel *sip.Request) { go c.end(487, reasonOf(cancel, "cancelled")) }) {
		c.end(487, "cancelled") // before we said a word
		return
	}
	_ = tx.Respond(sip.NewResponseFromRequest(req, 100, "Trying", nil))
	_ = tx.Respond(sip.NewResponseFromRequest(req, 180, "Ringing", nil))
	c.tell(Event{Event: "ringing", From: c.From, Name: c.Name, To: header(req, "P-Called-Party-ID"), Subject: header(req, "Subject")})
	if p.opts.Incoming != nil {
		go p.opts.Incoming(c)
	}
}

// Reject refuses an incoming call with a status.
func (c *Call) Reject(status int, reason string) {
	c.mu.Lock()
	tx := c.tx
	c.tx = nil
	c.mu.Unlock()
	if tx != nil {
		_ = tx.Respond(sip.NewResponseFromRequest(c.Invite, status, reason, nil))
		c.end(status, reason)
	}
}

// Redirect refuses an incoming call with 302 and where to try instead, as a Contact
// field says it: "<sip:1003@box>;q=0.5". Further header fields may follow.
func (c *Call) Redirect(contact string, headers ...sip.Header) {
	c.mu.Lock()
	tx := c.tx
	c.tx = nil
	c.mu.Unlock()
	if tx == nil {
		return
	}
	res := sip.NewResponseFromRequest(c.Invite, 302, "Moved Temporarily", nil)
	res.AppendHeader(sip.NewHeader("Contact", contact))
	for _, h := range headers {
		res.AppendHeader(h)
	}
	_ = tx.Respond(res)
	c.end(302, "moved")
}

// Vanish forgets the call without a word, like a phone that has lost its network.
func (c *Call) Vanish() { c.end(0, "vanished") }

// Answer answers an incoming call.
func (c *Call) Answer() error {
	c.mu.Lock()
	tx := c.tx
	c.tx = nil
	c.mu.Unlock()
	if tx == nil {
		return fmt.Errorf("answer: not ringing")
	}
	if err := c.accept(c.Invite, tx, "sendrecv"); err != nil {
		return err
	}
	c.tell(Event{Event: "answered"})
	close(c.up)
	return nil
}

// accept answers an INVITE with 200 and repeats it until the ACK.
func (c *Call) accept(req *sip.Request, tx *sip.ServerTx, direction string) error {
	if len(req.Body()) > 0 {
		if err := c.use(req.Body()); err != nil {
			_ = tx.Respond(sip.NewResponseFromRequest(req, 488, "Not Acceptable Here", nil))
			return err
		}
	}
	acked := make(chan struct{})
	payload := c.payload()
	c.mu.Lock()
	c.acked = acked
	sdp := describe(c.audio.announced(), c.version, payload, c.phone.opts.Ptime, direction)
	c.mu.Unlock()
	res := sip.NewResponseFromRequest(req, 200, "OK", nil)
	res.AppendHeader(&sip.ContactHeader{Address: c.phone.contact})
	setSDP(res, sdp)
	if err := tx.Respond(res); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	go func() {
		for wait := sip.T1; wait < 64*sip.T1; wait *= 2 {
			wake := make(chan struct{})
			t := c.phone.opts.Clock.AfterFunc(wait, func() { close(wake) })
			select {
			case <-acked:
				t.Stop()
				return
			case <-c.done:
				t.Stop()
				return
			case <-wake:
				_ = tx.Respond(res)
			}
		}
	}()
	return nil
}

// receive takes a request within the call.
func (c *Call) receive(req *sip.Request, tx *sip.ServerTx) {
	reply := func(code int, phrase string) { _ = tx.Respond(sip.NewResponseFromRequest(req, code, phrase, nil)) }
	switch req.Method {
	case sip.ACK:
		tx.Terminate()
		c.mu.Lock()
		if c.acked != nil {
			close(c.acked)
			c.acked = nil
		}
		c.mu.Unlock()
		if len(req.Body()) > 0 {
			_ = c.use(req.Body())
		}
	case sip.BYE:
		reply(200, "OK")
		c.end(0, reasonOf(req, "BYE"))
	case sip.INVITE:
		_ = c.accept(req, tx, c.direction())
	case sip.NOTIFY:
		reply(200, "OK")
		c.notified(req.Body())
	case sip.UPDATE, sip.INFO, sip.OPTIONS:
		reply(200, "OK")
	default:
		reply(405, "Method Not Allowed")
	}
}

func (c *Call) direction() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.onHold {
		return "sendonly"
	}
	return "sendrecv"
}

// use makes the sound follow a description of the server.
func (c *Call) use(sdp []byte) error {
	s, err := read(sdp)
	if err != nil {
		return err
	}
	held := s.direction == "sendonly" || s.direction == "inactive"
	c.mu.Lock()
	changed := held != c.held && !c.onHold
	c.held, c.peer = held, s
	onHold := c.onHold
	c.mu.Unlock()
	c.audio.set(s, !held && !onHold)
	if changed {
		c.tell(Event{Event: map[bool]string{true: "held", false: "resumed"}[held]})
	}
	return nil
}

// String is the call as it stands, for a test that wonders.
func (c *Call) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprintf("call %s to %s: asked %v, tried %v, rung %v, given up %v, over %v", c.id, c.to.Address.User, c.asked != nil, c.tried, c.to.Params.Has("tag"), c.giveUp, c.over)
}

// Hangup ends the call in whatever state it is.
func (c *Call) Hangup() {
	c.mu.Lock()
	tx, asked, tried, over := c.tx, c.asked, c.tried, c.over
	c.giveUp = true
	up := c.to.Params.Has("tag") && tx == nil
	c.mu.Unlock()
	switch {
	case over:
	case tx != nil:
		c.Reject(603, "Decline")
	case asked != nil && tried:
		c.cancel(asked)
	case up:
		req, answered := c.request(sip.BYE, c.next()), make(chan struct{})
		go func() { // repeated for 64*T1 even when nobody waits any more
			_, _ = c.phone.send(context.Background(), req, nil)
			close(answered)
		}()
		given := make(chan struct{})
		defer c.phone.opts.Clock.AfterFunc(byeTime, func() { close(given) }).Stop()
		select {
		case <-answered:
		case <-given:
		}
		c.end(0, "hung up")
	}
}

// byeTime is how long Hangup waits to be told that the call is over.
const byeTime = 5 * time.Second

func (c *Call) cancel(invite *sip.Request) {
	req := c.phone.request(sip.CANCEL, invite.Recipient, c.id, invite.CSeq().SeqNo, *invite.From(), *invite.To())
	req.RemoveHeader("Via")
	req.PrependHeader(sip.HeaderClone(invite.Via()))
	go func() { _, _ = c.phone.send(context.Background(), req, nil) }()
}

// Hold puts the server on hold, or takes it back, with a re-INVITE.
func (c *Call) Hold(ctx context.Context, on bool) error {
	c.mu.Lock()
	c.onHold = on
	c.mu.Unlock()
	return c.reinvite(ctx)
}

// Change goes on with another codec, "PCMA" or "PCMU", on another port.
func (c *Call) Change(ctx context.Context, codec string) error {
	leave, err := c.audio.move()
	if err != nil {
		return err
	}
	defer leave()
	c.mu.Lock()
	c.codec = codec
	c.mu.Unlock()
	return c.reinvite(ctx)
}

func (c *Call) reinvite(ctx context.Context) error {
	c.mu.Lock()
	c.version++
	version := c.version
	c.mu.Unlock()
	req := c.request(sip.INVITE, c.next())
	setSDP(req, describe(c.audio.announced(), version, c.payload(), c.phone.opts.Ptime, c.direction()))
	res, err := c.phone.send(ctx, req, nil)
	if err != nil {
		return fmt.Errorf("re-INVITE: %w", err)
	}
	if res.StatusCode >= 300 {
		return &StatusError{res.StatusCode, res.Reason}
	}
	c.write(c.request(sip.ACK, req.CSeq().SeqNo))
	return c.use(res.Body())
}

func (c *Call) next() uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	return c.seq
}

// request is a request within the call.
func (c *Call) request(method sip.RequestMethod, seq uint32) *sip.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.phone.request(method, c.target, c.id, seq, c.from, c.to)
}

func (c *Call) write(req *sip.Request) { _ = c.phone.transport.WriteMsg(req) }

func setSDP(m sip.Message, sdp []byte) {
	m.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	m.SetBody(sdp)
}

func header(m sip.Message, name string) string {
	if h := m.GetHeaders(name); len(h) > 0 {
		return h[0].Value()
	}
	return ""
}

func reasonOf(m sip.Message, otherwise string) string {
	if r := header(m, "Reason"); r != "" {
		return r
	}
	return otherwise
}
