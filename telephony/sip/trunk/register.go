package trunk

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// How registrations are kept.
const (
	askedLife    = 600 // s
	longestLife  = 86400
	shortestLife = 10
	answerTime   = 4 * time.Second // for each REGISTER
	leaveTime    = 2 * time.Second // for the last
	basePause    = 30 * time.Second
	longestPause = 30 * time.Minute
)

// keepRegistered registers the trunk again and again until ctx ends.
func (t *Trunk) keepRegistered(ctx context.Context) {
	clock := t.set.opts.Clock
	t.still() // the news of its servers is what we begin with
	for fails := 0; ctx.Err() == nil; {
		home, life, err := t.register(ctx)
		if ctx.Err() != nil {
			t.mu.Lock()
			t.home = cmp.Or(home, t.home) // to be taken back
			t.mu.Unlock()
			return
		}
		refused, _ := errors.AsType[*refusal](err)
		wait := life * 4 / 5
		t.mu.Lock()
		t.home, t.trouble, t.refused = home, err, refused != nil && refused.final
		if err == nil {
			fails = 0
			t.expires = clock.Now().Add(life)
		} else {
			fails++
			wait = pause(fails)
			if refused != nil {
				wait = max(wait, min(refused.after, longestPause))
			}
		}
		t.mu.Unlock()
		t.judge()
		if err != nil {
			t.log.Warn("trunk not registered", "error", err, "again_in", wait)
		}
		t.rest(ctx, wait)
	}
}

// still forgets the news up to now.
func (t *Trunk) still() {
	select {
	case <-t.kick:
	default:
	}
}

// rest waits so long, or until there is news of a server.
func (t *Trunk) rest(ctx context.Context, d time.Duration) {
	wake := make(chan struct{})
	defer t.set.opts.Clock.AfterFunc(d, func() { close(wake) }).Stop()
	select {
	case <-wake:
	case <-t.kick:
	case <-ctx.Done():
	}
}

// pause is how long to wait after so many failures in a row: a random time from
// half of it up to 30 s, 1 min, 2 min ... 30 min (RFC 5626 4.5).
func pause(fails int) time.Duration {
	most := longestPause
	if fails < 8 {
		most = min(basePause<<(fails-1), longestPause)
	}
	n, err := rand.Int(rand.Reader, big.NewInt(int64(most/2)))
	if err != nil {
		return most // crypto/rand does not fail on a supported kernel
	}
	return most - time.Duration(n.Int64())
}

// refusal is a registrar's answer that is no.
type refusal struct {
	server string
	status int
	reason string
	after  time.Duration // Retry-After
	final  bool          // another server of the same provider would say the same
	why    error         // it was not given what it asked for
}

func (r *refusal) Error() string {
	if r.why != nil {
		return r.server + ": " + r.why.Error()
	}
	return fmt.Sprintf("%s: %d %s", r.server, r.status, r.reason)
}

// register tries the trunk's servers in order.
func (t *Trunk) register(ctx context.Context) (home *hop, life time.Duration, err error) {
	t.mu.Lock()
	hops := t.order(false)
	err = cmp.Or(t.unfound, errSilent)
	t.mu.Unlock()
	for _, h := range hops {
		if life, err = t.registerWith(ctx, h, askedLife); err == nil || ctx.Err() != nil {
			return h, life, err
		}
		refused, _ := errors.AsType[*refusal](err)
		if refused != nil && refused.final {
			break
		}
		t.mu.Lock()
		wish := time.Duration(0)
		if refused != nil {
			wish = refused.after
		}
		h.bar(t.set.opts.Clock.Now(), wish)
		t.mu.Unlock()
	}
	return nil, 0, err
}

// unregister takes the registration back, if there is one.
func (t *Trunk) unregister() {
	t.mu.Lock()
	home := t.home
	t.home = nil
	t.mu.Unlock()
	if home == nil || !t.Config.Register {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	if _, err := t.registerWith(ctx, home, 0); err != nil {
		t.log.Info("registration not taken back", "error", err)
	}
}

// registerWith registers with one server for so many seconds, 0 to take it back,
// and returns the life that it grants.
func (t *Trunk) registerWith(ctx context.Context, h *hop, life int) (time.Duration, error) {
	login := t.Login()
	var credentials []sip.Header
	for longer := false; ; {
		req := t.request(sip.REGISTER, h, sip.Uri{Scheme: "sip", Host: t.Config.Host()})
		contact := t.contact(h)
		req.AppendHeader(&contact)
		req.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(life)))
		for _, c := range credentials {
			req.AppendHeader(c)
		}
		res, err := t.timed(ctx, h, req)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", h.name, err)
		}
		no := &refusal{server: h.name, status: res.StatusCode, reason: short(res.Reason), after: seconds(res, "Retry-After")}
		switch code := res.StatusCode; {
		case code < 300:
			login.taken()
			t.mu.Lock()
			h.pardon()
			t.mu.Unlock()
			return granted(res, contact.Address, life), nil
		case code == 401 || code == 407:
			if c := login.Answer(req, res); c != nil {
				credentials = append(slices.DeleteFunc(credentials, func(h sip.Header) bool { return h.Name() == c.Name() }), c)
				continue
			}
			no.final, no.why = true, login.why
		case code == 423 && !longer:
			longer = true
			if least := int(seconds(res, "Min-Expires") / time.Second); least > life && least <= longestLife {
				life, credentials = least, nil
				continue
			}
		case code < 500 && code != 408 || code >= 600:
			no.final = true
		}
		return 0, no
	}
}

func (t *Trunk) timed(ctx context.Context, h *hop, req *sip.Request) (*sip.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if err := t.connect(ctx, h); err != nil {
		return nil, err
	}
	return t.send(ctx, h, req)
}

// granted is the life of the registration: the expires parameter of our contact,
// else the Expires field, else what we asked for (RFC 3261 10.2.4).
func granted(res *sip.Response, ours sip.Uri, asked int) time.Duration {
	life := time.Duration(asked) * time.Second
	if s := seconds(res, "Expires"); s > 0 {
		life = s
	}
	for _, h := range res.GetHeaders("Contact") {
		c, ok := h.(*sip.ContactHeader)
		if !ok || c.Address.User != ours.User || c.Address.Host != ours.Host || c.Address.Port != ours.Port {
			continue
		}
		if v, ok := c.Params.Get("expires"); ok {
			if n, err := strconv.Atoi(v); err == nil {
				life = time.Duration(n) * time.Second
			}
		}
	}
	return min(max(life, shortestLife*time.Second), longestLife*time.Second)
}

// seconds reads a header field of delta-seconds; 0 when there is none.
func seconds(res *sip.Response, name string) time.Duration {
	h := res.GetHeader(name)
	if h == nil {
		return 0
	}
	v, _, _ := strings.Cut(h.Value(), ";")
	v, _, _ = strings.Cut(v, "(")
	n, err := strconv.ParseUint(strings.TrimSpace(v), 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

func short(s string) string {
	if len(s) > 64 {
		s = s[:64]
	}
	return strings.ToValidUTF8(s, "")
}

// contact is where the provider sends calls.
func (t *Trunk) contact(h *hop) sip.ContactHeader {
	f := h.flow()
	l := t.set.opts.Local(f)
	c := sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: t.Config.User, Host: l.Host, Port: l.Port}}
	if f.Network != "UDP" {
		c.Address.UriParams.Add("transport", sip.NetworkToLower(f.Network))
	}
	return c
}

// request is a request of the trunk's own, to a server.
func (t *Trunk) request(method sip.RequestMethod, h *hop, uri sip.Uri) *sip.Request {
	t.mu.Lock()
	t.seq++
	seq, f := t.seq, h.flow()
	t.mu.Unlock()
	l := t.set.opts.Local(f)
	us := sip.Uri{Scheme: "sip", User: t.Config.User, Host: t.Config.Host()}
	if us.User == "" {
		us = sip.Uri{Scheme: "sip", User: "pasokh", Host: l.Host}
	}
	id := t.callID
	to := sip.ToHeader{Address: us}
	if method != sip.REGISTER {
		id, to.Address = rand.Text(), uri
	}
	req := sip.NewRequest(method, uri)
	via := &sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: f.Network, Host: l.Host, Port: l.Port}
	via.Params.Add("branch", sip.RFC3261BranchMagicCookie+rand.Text())
	via.Params.Add("rport", "")
	from := &sip.FromHeader{Address: us}
	from.Params.Add("tag", rand.Text())
	hops, callID := sip.MaxForwardsHeader(70), sip.CallIDHeader(id)
	for _, each := range []sip.Header{via, &hops, from, &to, &callID, &sip.CSeqHeader{SeqNo: seq, MethodName: method},
		sip.NewHeader("User-Agent", dialog.Agent)} {
		req.AppendHeader(each)
	}
	req.SetBody(nil)
	req.Laddr = l.Bind
	req.SetTransport(f.Network)
	req.SetDestination(f.Addr)
	return req
}

// send sends a request and waits for its final response.
func (t *Trunk) send(ctx context.Context, h *hop, req *sip.Request) (*sip.Response, error) {
	t.mu.Lock()
	refused := h.refused
	t.mu.Unlock()
	tx, err := t.set.opts.Transactions.Request(ctx, req)
	if err != nil {
		return nil, err
	}
	defer tx.Terminate()
	for {
		select {
		case res := <-tx.Responses():
			if res.StatusCode >= 200 {
				return res, nil
			}
		case <-tx.Done():
			return nil, fmt.Errorf("no answer to %s: %w", req.Method, tx.Err())
		case <-refused:
			return nil, fmt.Errorf("nobody is there to answer %s", req.Method)
		case <-ctx.Done():
			return nil, fmt.Errorf("no answer to %s", req.Method)
		}
	}
}
