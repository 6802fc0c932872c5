package dialog

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"pgregory.net/rapid"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/siptest"
)

// chaos is a peer that says anything at any moment, over a network that loses,
// doubles and delays.
type chaos struct {
	peer *siptest.Socket
	d    *Dialog
	dice *rand.Rand

	id, local, remote string // of the dialog, as the peer knows it; remote is our tag
	invite            *sip.Request
	seq, acked        int
	branch            int
	rack              string
	refused           map[string]bool // branches of INVITEs
}

var oddBodies = []string{"", withSDP, moved("4002"), "Content-Type: application/sdp\n\nv=0\n", "Content-Type: application/sdp\n\n\x00",
	strings.Replace(withSDP, "m=audio 4000", "m=audio 0", 1), mixed("", "<x/>"), "Content-Encoding: gzip\n" + withSDP,
	"Content-Type: application/dtmf-relay\n\nSignal=5\nDuration=100\n", "Refer-To: <sip:600@box.test>\n",
	"Session-Expires: 90;refresher=uas\nSupported: timer\n" + withSDP, "Session-Expires: 5\nSupported: timer\n"}

// say sends a request of the dialog, well-formed but at a moment of the dice's.
func (c *chaos) say(method, body string) {
	to := "<sip:600@box.test>"
	if c.remote != "" {
		to += ";tag=" + c.remote
	}
	c.branch++
	branch, seq := fmt.Sprintf("z9hG4bK-%d", c.branch), c.seq+1
	switch method {
	case "CANCEL":
		branch, seq = "z9hG4bK-first", 1
	case "ACK":
		seq = c.acked
	default:
		c.seq++
	}
	if method == "PRACK" {
		body = "RAck: " + c.rack + "\n" + body
	}
	c.send(packet(fmt.Sprintf("%s sip:600@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP %s;branch=%s;rport\nMax-Forwards: 70\nFrom: <sip:1001@box.test>;tag=%s\n"+
		"To: %s\nCall-ID: %s\nCSeq: %d %s\nContact: <sip:1001@%s>\n%s", method, peerAddr, branch, c.local, to, c.id, seq, method, peerAddr, body)))
}

func packet(text string) []byte {
	head, body, _ := strings.Cut(text, "\n\n")
	head = strings.ReplaceAll(strings.TrimSpace(head), "\n", "\r\n")
	return fmt.Appendf(nil, "%s\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
}

// send lets the network do its worst.
func (c *chaos) send(b []byte) {
	for range []int{1, 1, 1, 1, 1, 2, 0}[c.dice.IntN(7)] {
		late := time.Duration(c.dice.IntN(4)*c.dice.IntN(40)) * time.Millisecond
		time.AfterFunc(late, func() { _, _ = c.peer.WriteTo(b, siptest.Addr(boxAddr)) })
	}
}

// hear takes what we said and answers our requests, or does not.
func (c *chaos) hear(m sip.Message) {
	switch m := m.(type) {
	case *sip.Response:
		if tag, ok := m.To().Params.Get("tag"); ok && c.invite == nil {
			c.remote = tag
		}
		if h := m.GetHeader("RSeq"); h != nil {
			c.rack = h.Value() + " " + m.CSeq().Value()
		}
		if m.CSeq().MethodName == sip.INVITE && m.StatusCode >= 200 {
			c.acked = int(m.CSeq().SeqNo)
			if c.dice.IntN(3) > 0 {
				c.say("ACK", []string{"", withSDP}[c.dice.IntN(2)])
			}
		}
	case *sip.Request:
		if m.IsAck() || c.dice.IntN(4) == 0 {
			return
		}
		if m.IsInvite() && c.invite == nil {
			c.invite, c.id = m, m.CallID().Value()
			c.remote, _ = m.From().Params.Get("tag")
		}
		codes := []int{100, 180, 183, 200, 200, 200, 302, 401, 408, 422, 481, 486, 487, 488, 491, 500, 603}
		c.answer(m, codes[c.dice.IntN(len(codes))])
	}
}

// answer answers a request. An INVITE is refused only once: sipgo sleeps with its
// transaction locked over a second refusal, and a lock stops the bubble's time.
func (c *chaos) answer(req *sip.Request, code int) {
	branch, _ := req.Via().Params.Get("branch")
	if c.refused[branch] {
		return
	}
	once := req.IsInvite() && code >= 300
	if once {
		c.refused[branch] = true
	}
	res := sip.NewResponseFromRequest(req, code, "Whatever", nil)
	res.RemoveHeader("Content-Length")
	if code > 100 {
		res.To().Params.Add("tag", c.local)
	}
	rest := "Contact: <sip:1002@192.0.2.9:5060>\n"
	if code < 200 && c.dice.IntN(3) == 0 {
		rest += reliably(c.dice.IntN(3) + 1)
	}
	rest += oddBodies[c.dice.IntN(len(oddBodies))]
	b := packet(strings.ReplaceAll(strings.TrimSpace(res.String()), "\r\n", "\n") + "\n" + rest)
	if once {
		_, _ = c.peer.WriteTo(b, siptest.Addr(boxAddr))
		return
	}
	c.send(b)
}

// step is one thing that happens.
func (c *chaos) step(what string, body string) {
	switch {
	case what == "our answer":
		c.d.Answer()
	case what == "our ring":
		c.d.Alert(c.dice.IntN(2) == 0)
	case what == "our offer":
		c.d.Reoffer()
	case what == "our end":
		c.d.Hangup(call.Normal)
	case strings.HasPrefix(what, "answer ") && c.invite != nil:
		c.answer(c.invite, map[string]int{"answer 183": 183, "answer 200": 200, "answer 486": 486}[what])
	case !strings.HasPrefix(what, "answer "):
		c.say(what, body)
	}
}

// checked is a party that notices what must not happen to it.
type checked struct {
	fakeParty
	over, up int
	cause    call.Cause
	late     []string
}

func (p *checked) alive(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over > 0 {
		p.late = append(p.late, what)
	}
}

func (p *checked) Offer() []byte                     { p.alive("offer"); return []byte(someSDP) }
func (p *checked) Consider(b []byte) ([]byte, error) { p.alive("consider"); return p.judge(b) }
func (p *checked) Accept(b []byte) error             { p.alive("accept"); _, err := p.judge(b); return err }
func (p *checked) Ringing(bool)                      { p.alive("ringing") }
func (p *checked) Up()                               { p.alive("up"); p.up++ }
func (p *checked) Stale() bool                       { p.alive("stale"); return false }
func (p *checked) Tuned(string)                      { p.alive("tuned") }
func (p *checked) Refused()                          { p.alive("refused") }
func (p *checked) Key(byte, time.Duration)           { p.alive("key") }
func (p *checked) Refer(r Referral)                  { p.alive("refer"); r.Report(call.Normal) }
func (p *checked) Over(c call.Cause) {
	p.alive("over")
	p.over++
	p.cause = c
}

func (p *checked) judge(b []byte) ([]byte, error) {
	if !strings.Contains(string(b), "m=audio 4") {
		return nil, errFake
	}
	return []byte(someSDP), nil
}

// TestChaos lets anything happen at any moment, on calls in both directions. Each
// ends for its owner once, for one cause that is no fault of ours; nothing is told
// after that, and when all is said no dialog, timer or goroutine is left (the bubble
// does not end with one).
func TestChaos(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		outgoing := rapid.Bool().Draw(rt, "we call")
		reliable := rapid.SampledFrom([]string{"", insists}).Draw(rt, "reliable")
		first := rapid.SampledFrom(oddBodies[:3]).Draw(rt, "first body")
		seed := rapid.Uint64().Draw(rt, "seed")
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{"INVITE", "INVITE", "UPDATE", "INFO", "PRACK", "CANCEL", "BYE", "ACK", "REFER", "OPTIONS", "DANCE",
			"answer 183", "answer 200", "answer 486", "our answer", "our ring", "our offer", "our end"}), 1, 25).Draw(rt, "steps")
		waits := rapid.SliceOfN(rapid.SampledFrom([]int{0, 0, 1, 15, 25, 600, 5000, 40000}), len(steps), len(steps)).Draw(rt, "waits")
		var fault string
		synctest.Test(t, func(t *testing.T) {
			fault = runChaos(t, outgoing, reliable+first, seed, steps, waits)
		})
		if fault != "" {
			rt.Fatal(fault)
		}
	})
}

func runChaos(t *testing.T, outgoing bool, first string, seed uint64, steps []string, waits []int) string {
	n := siptest.NewNet()
	c := &chaos{dice: rand.New(rand.NewPCG(seed, 2)), id: "one", local: "peer", seq: 1, refused: make(map[string]bool)}
	parties := []*checked{{}}
	p := parties[0]
	e := newEnd(t, n, boxAddr, nil)
	c.peer = n.Listen(peerAddr)
	arrived := make(chan *Dialog, 1)
	var more sync.Mutex
	e.begin = func(d *Dialog) { // an INVITE without our tag is a call of its own
		more.Lock()
		mine := &checked{}
		if !outgoing && len(parties) == 1 && len(arrived) == 0 {
			mine = p
		}
		more.Unlock()
		if !d.Begin(mine) {
			return
		}
		more.Lock()
		defer more.Unlock()
		if mine != p {
			parties = append(parties, mine)
			return
		}
		arrived <- d
	}
	heard := make(chan sip.Message, 256)
	go func() {
		b := make([]byte, 65536)
		for {
			k, _, err := c.peer.ReadFrom(b)
			if err != nil {
				close(heard)
				return
			}
			if m, err := sip.ParseMessage(b[:k]); err == nil {
				heard <- m
			}
		}
	}()
	defer func() {
		_ = c.peer.Close()
		for range heard {
		}
	}()
	if outgoing {
		c.d = e.set.Outgoing(Target{URI: sip.Uri{Scheme: "sip", User: "1002", Host: "192.0.2.9", Port: 5060}, Flow: Flow{"UDP", peerAddr},
			From: sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: "1001", Host: "box.test"}},
			To:   sip.ToHeader{Address: sip.Uri{Scheme: "sip", User: "1002", Host: "box.test"}}})
		c.d.Call(p)
	} else {
		_, _ = c.peer.WriteTo(firstInvite(first), siptest.Addr(boxAddr))
		synctest.Wait()
		select {
		case c.d = <-arrived:
		default:
			return ""
		}
	}
	listen := func(d time.Duration) {
		for end := time.After(d); ; {
			select {
			case m := <-heard:
				c.hear(m)
			case <-end:
				return
			}
		}
	}
	for i, what := range steps {
		listen(time.Duration(waits[i])*time.Millisecond + 1)
		c.step(what, oddBodies[c.dice.IntN(len(oddBodies))])
	}
	listen(time.Second)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	e.set.Shutdown(ctx, call.Shutdown)
	listen(5 * time.Minute)
	synctest.Wait()
	for _, p := range parties {
		switch {
		case p.over != 1:
			return fmt.Sprintf("ended %d times", p.over)
		case len(p.late) > 0:
			return fmt.Sprintf("told after the end: %v", p.late)
		case p.up > 1:
			return fmt.Sprintf("up %d times", p.up)
		case p.cause == call.CauseNone, p.cause == call.InternalError && !outgoing: // a phone that we call may answer 500
			return "ended for " + p.cause.String()
		}
	}
	if e.set.Len() != 0 {
		return fmt.Sprintf("%d dialogs left", e.set.Len())
	}
	return ""
}

func firstInvite(extra string) []byte {
	return packet("INVITE sip:600@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP " + peerAddr + ";branch=z9hG4bK-first;rport\nMax-Forwards: 70\n" +
		"From: <sip:1001@box.test>;tag=peer\nTo: <sip:600@box.test>\nCall-ID: one\nCSeq: 1 INVITE\nContact: <sip:1001@" + peerAddr + ">\n" + extra)
}

// TestLateRefusalOfAReoffer: our re-INVITE is refused after the session has ended.
func TestLateRefusalOfAReoffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if fault := runChaos(t, true, "", 0x3737d5a, []string{"INVITE", "our offer"}, []int{0, 15}); fault != "" {
			t.Error(fault)
		}
	})
}
