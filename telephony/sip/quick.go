package sip

import (
	"hash/maphash"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/wire"
)

// Requests that begin nothing are served where they are read, in the reader's own
// goroutine: registrations, OPTIONS, and the challenge to whoever comes without
// credentials. That takes a fraction of what a transaction costs with its
// goroutine and timers, and is most of what the box hears.

// replier answers one request. A *sip.ServerTx is one, a *quick another.
type replier interface {
	Respond(*sip.Response) error
	// Terminate forgets the request and its answer.
	Terminate()
}

// quick answers a request that is being served where it was read.
type quick struct {
	message *wire.Message
	from    netip.AddrPort
	write   func(*wire.Message, []byte)
	sent    []byte // kept for the request's repetitions
}

// Respond sends a response, with a tag that is the same for every copy of the
// request (RFC 3261 8.2.7).
func (q *quick) Respond(res *sip.Response) error {
	if q.message.Tag() == "" {
		res.To().Params.Add("tag", q.message.OwnTag())
	}
	q.send([]byte(res.String()))
	return nil
}

func (q *quick) send(b []byte) {
	if q.sent = b; b != nil {
		q.write(q.message, b)
	}
}

func (q *quick) Terminate() { q.sent = nil }

// reply answers with a status and further fields ("Name: value"): where the request is
// served as it was read, from the bytes of it.
func (s *Server) reply(tx replier, req *sip.Request, code int, fields ...string) {
	if q, ok := tx.(*quick); ok {
		q.send(q.message.Reply(code, dialog.Agent, q.from, fields...))
		return
	}
	var list []sip.Header
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		list = append(list, sip.NewHeader(name, value))
	}
	s.respond(tx, dialog.Reply(req, code, list...))
}

// quickly serves a request if it is one of those that can be served at once. It
// reports false for one that needs a transaction.
func (s *Server) quickly(req *sip.Request, m *wire.Message, network string, from netip.AddrPort, write func(*wire.Message, []byte)) bool {
	req.SetTransport(network)
	req.SetSource(from.String())
	if !s.beginsNothing(req) {
		return false
	}
	var key asked
	if network == "UDP" && req.Method == sip.REGISTER {
		key = s.answers.asked(from, m)
		if b := s.answers.to(key); b != nil {
			write(m, b)
			return true
		}
	}
	q := &quick{message: m, from: from, write: write}
	s.serveAtOnce(req, q)
	if key.from.IsValid() && q.sent != nil {
		s.answers.keep(key, q.sent)
	}
	return true
}

func (s *Server) serveAtOnce(req *sip.Request, q *quick) {
	defer func() {
		if p := recover(); p != nil {
			s.faulted(string(req.Method), q.message.Get("call-id"), p)
			s.respondOnce(q, dialog.Reply(req, 500))
		}
	}()
	switch {
	case !s.sound(req, q):
	case req.Method == sip.REGISTER:
		s.register(req, q)
	case req.Method == sip.OPTIONS:
		s.respondOnce(q, dialog.Capabilities(req))
	default:
		s.authenticate(req, q, userOf(&req.From().Address))
	}
}

// beginsNothing tells whether a request neither belongs to a dialog nor makes one.
// What a phone wants to begin must have credentials.
func (s *Server) beginsNothing(req *sip.Request) bool {
	if req.From() == nil || req.To() == nil || req.To().Params.Has("tag") {
		return false
	}
	switch req.Method {
	case sip.REGISTER, sip.OPTIONS:
		return true
	case sip.SUBSCRIBE:
		return req.GetHeader("Authorization") == nil
	case sip.INVITE:
		_, trunk := s.trunks.Sender(req.Transport(), req.Source(), userOf(&req.Recipient))
		return !trunk && req.GetHeader("Authorization") == nil
	}
	return false
}

// answers are the responses given lately to requests that must not be served
// again when they are repeated (RFC 3261 17.2.2). It is safe for concurrent use.
type answers struct {
	clock clock.Clock
	seed  maphash.Seed

	mu        sync.Mutex
	now, then map[asked][]byte // of this lifetime and the one before
	turned    time.Time
}

// asked is what is the same of a request whenever it is repeated: who sent it, and a sum
// of the fields that make it this one (RFC 3261 17.2.3). Nobody outside knows the seed, so
// nobody finds two requests of one sum.
type asked struct {
	from netip.AddrPort
	sum  uint64
}

func (a *answers) asked(from netip.AddrPort, m *wire.Message) asked {
	var sum maphash.Hash
	sum.SetSeed(a.seed)
	for _, name := range [...]string{"via", "call-id", "cseq"} {
		sum.WriteString(m.Get(name))
		sum.WriteByte('\n')
	}
	return asked{from, sum.Sum64()}
}

// Bounds of the memory: how many answers are kept of the time in which a request may
// be repeated, and of what size.
const (
	maxAnswers = 4096
	maxAnswer  = 2048
)

func newAnswers(c clock.Clock) *answers {
	return &answers{clock: c, seed: maphash.MakeSeed(), now: make(map[asked][]byte), turned: c.Now()}
}

func (a *answers) to(request asked) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn()
	if b := a.now[request]; b != nil {
		return b
	}
	return a.then[request]
}

func (a *answers) keep(request asked, b []byte) {
	if len(b) > maxAnswer {
		return // served again, and refused for its order
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn()
	a.now[request] = b
}

// turn forgets what is old.
func (a *answers) turn() {
	now, life := a.clock.Now(), 64*sip.T1
	if now.Sub(a.turned) <= life && len(a.now) < maxAnswers {
		return
	}
	if a.then = a.now; now.Sub(a.turned) > 2*life {
		a.then = nil
	}
	a.now, a.turned = make(map[asked][]byte), now
}
