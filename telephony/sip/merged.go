package sip

import (
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
)

// merged finds requests that reached us over more than one path (RFC 3261
// 8.2.2.2): all but the first are refused. It remembers only requests whose
// sender has proven who it is.
type merged struct {
	clock clock.Clock

	mu        sync.Mutex
	now, then map[requestID]string // branch by request, of this time and the one before
	turned    time.Time
}

// maxMerged is how many requests of one time are remembered; more make it end early.
const maxMerged = 16384

func newMerged(c clock.Clock) *merged {
	return &merged{clock: c, now: make(map[requestID]string), turned: c.Now()}
}

// requestID is what is the same of a request on all paths.
type requestID struct {
	tag, callID string
	seq         uint32
	method      sip.RequestMethod
}

// request is what is the same on all paths, branch what is not.
func (m *merged) request(req *sip.Request) (id requestID, branch string) {
	tag, _ := req.From().Params.Get("tag")
	if via := req.Via(); via != nil {
		branch, _ = via.Params.Get("branch")
	}
	seq := req.CSeq()
	return requestID{tag, req.CallID().Value(), seq.SeqNo, seq.MethodName}, branch
}

// add remembers a request.
func (m *merged) add(req *sip.Request) {
	id, branch := m.request(req)
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.clock.Now(); now.Sub(m.turned) > 64*sip.T1 || len(m.now) >= maxMerged {
		m.then, m.now, m.turned = m.now, make(map[requestID]string), now
	}
	m.now[id] = branch
}

// again tells whether a request was here before, by another path.
func (m *merged) again(req *sip.Request) bool {
	id, branch := m.request(req)
	m.mu.Lock()
	defer m.mu.Unlock()
	first, ok := m.now[id]
	if !ok {
		first, ok = m.then[id]
	}
	return ok && first != branch
}
