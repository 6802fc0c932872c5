package main

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/webui/api"
)

// centreSecret is the password of the agents of the contact centre.
const centreSecret = "a secret of the agents"

// centreAgent is an agent with a phone and whims: he answers late, refuses, lets it ring,
// pauses, goes and comes back by code, cuts his wrap-up short, and his phone dies. He
// writes down whom he talked to.
type centreAgent struct {
	d      *demo
	number string
	tone   int
	whim   *rand.Rand // of his own goroutine
	calm   bool       // keeps to his phone: no code, no death

	mu      sync.Mutex
	phone   *phone.Phone
	current []*phone.Call // customers' calls at his phone
	talks   []agentTalk
	did     map[string]int
	rings   chan *phone.Call
}

// agentTalk is a customer's call that the agent answered.
type agentTalk struct {
	with string
	at   time.Time
	died bool // his phone, in the middle of it
}

func newCentreAgent(d *demo, number string, tone int, seed uint64) *centreAgent {
	a := &centreAgent{d: d, number: number, tone: tone, whim: rand.New(rand.NewPCG(seed, uint64(tone))), did: map[string]int{}, rings: make(chan *phone.Call, 100)}
	return a
}

// plugIn opens a phone and registers it. It has an address where no other test's phones
// are: the box goes on to ring phones that have died, and their ports may be others' by then.
func (a *centreAgent) plugIn() {
	p, err := phone.Open(phone.Options{Address: netip.MustParseAddr("127.0.0.11"), Server: a.d.env["SIP_HOST"] + ":" + a.d.env["SIP_PORT"], Domain: a.d.env["SIP_DOMAIN"],
		User: a.number, Password: centreSecret, Tone: a.tone, Incoming: a.rung})
	if err != nil {
		a.d.t.Error(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	if _, err := p.Register(ctx, time.Hour); err != nil {
		a.d.t.Errorf("agent %s: %v", a.number, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.phone = p
}

// rung takes a call that rings. Nobody may be given a second one.
func (a *centreAgent) rung(c *phone.Call) {
	if c.Invite.Recipient.User != a.number { // meant for a phone that died, whose port this one was given
		c.Reject(404, "Not Found")
		return
	}
	a.mu.Lock()
	others := slices.Clone(a.current)
	a.current = append(a.current, c)
	a.mu.Unlock()
	for _, other := range others {
		// An offer that was withdrawn just now may still be on its way, or come here later
		// than the next one.
		if lasts(other, time.Second) && lasts(c, ms(1)) {
			a.d.t.Errorf("agent %s is rung by %s while he has %s: %s", a.number, c.From, other.From, other)
		}
	}
	a.rings <- c
	<-c.Done()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.current = slices.DeleteFunc(a.current, func(x *phone.Call) bool { return x == c })
}

// works until the context ends, and then to the end of his call.
func (a *centreAgent) works(ctx context.Context) {
	for {
		idle := time.Duration(4+a.whim.IntN(20)) * time.Second
		if a.calm {
			idle = time.Hour
		}
		select {
		case c := <-a.rings:
			a.meets(c)
			if !a.calm && a.whim.IntN(100) < 12 {
				a.rests(ctx)
			}
		case <-time.After(idle):
			a.rests(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func (a *centreAgent) notes(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.did[what]++
}

// meets does with a call what he feels like.
func (a *centreAgent) meets(c *phone.Call) {
	if !lasts(c, ms(300+a.whim.IntN(2500))) {
		a.notes("too late")
		return
	}
	switch chance := a.whim.IntN(100); {
	case chance < 8:
		a.notes("busy")
		c.Reject(486, "Busy Here")
		return
	case chance < 14:
		a.notes("declined")
		c.Reject(603, "Decline")
		return
	case chance < 22:
		a.notes("slept")
		if lasts(c, time.Minute) {
			a.d.t.Errorf("the phone of agent %s rings for a minute: %s", a.number, c)
		}
		return
	}
	if c.Answer() != nil || !answered(c) {
		a.notes("too late")
		return
	}
	a.notes("answered")
	a.mu.Lock()
	a.talks = append(a.talks, agentTalk{with: c.From, at: time.Now()})
	a.mu.Unlock()
	talk := ms(3000 + a.whim.IntN(11000))
	if !a.calm && a.whim.IntN(100) < 8 {
		lasts(c, talk/2)
		a.dies()
		return
	}
	lasts(c, talk)
	c.Hangup()
	if a.whim.IntN(3) == 0 {
		time.Sleep(ms(500)) // his work after the call has begun
		a.enough()
	}
}

// dies: his phone falls silent, and is another one some seconds later.
func (a *centreAgent) dies() {
	a.notes("died")
	a.mu.Lock()
	p := a.phone
	a.talks[len(a.talks)-1].died = true
	a.mu.Unlock()
	p.Close()
	time.Sleep(ms(3000 + a.whim.IntN(4000)))
	a.plugIn()
}

// enough ends his wrap-up before its time.
func (a *centreAgent) enough() {
	if err := a.d.tryCall("POST", "/api/agents/"+a.number, api.Supervise{Do: "enough"}, nil); err == nil {
		a.notes("wrap-up cut short")
	}
}

// rests pauses or logs out by code, and comes back.
func (a *centreAgent) rests(ctx context.Context) {
	code := "*46"
	if a.whim.IntN(3) == 0 {
		code = "*45"
	}
	if !a.dials(code) {
		return
	}
	a.notes(code)
	select {
	case <-time.After(ms(1000 + a.whim.IntN(5000))):
	case <-ctx.Done():
	}
	for tries := 0; !a.dials(code); tries++ {
		if tries == 5 {
			a.d.t.Errorf("agent %s cannot come back by %s", a.number, code)
			return
		}
	}
}

// dials a code and hears it out.
func (a *centreAgent) dials(code string) bool {
	a.mu.Lock()
	p := a.phone
	a.mu.Unlock()
	c, err := p.Call(code)
	if err != nil {
		a.d.t.Error(err)
		return false
	}
	defer c.Hangup()
	if lasts(c, 20*time.Second) {
		a.d.t.Errorf("agent %s dialled %s, which does not end: %s", a.number, code, c)
		return false
	}
	status, _ := c.Ended()
	return status == 0
}

// talkedTo are his talks with a customer.
func (a *centreAgent) talkedTo(number string) (list []agentTalk) {
	for _, t := range a.talks {
		if strings.HasSuffix(t.with, strings.TrimPrefix(number, "0")) {
			list = append(list, t)
		}
	}
	return list
}

// leaves takes the phone off the box.
func (a *centreAgent) leaves(t *testing.T) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := a.phone.Register(ctx, 0); err != nil {
		t.Errorf("agent %s: %v", a.number, err)
	}
	a.phone.Close()
}
