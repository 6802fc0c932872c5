package media

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media/rtcp"
)

// ErrNoPort: all RTP ports of the range are in use.
var ErrNoPort = errors.New("no free RTP port")

// Options are what the engine needs from the house.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger
	// Address is where RTP sockets are bound.
	Address netip.Addr
	// PortMin and PortMax bound the ports of sockets: the even ones are for RTP, the
	// odd one after each for its RTCP.
	PortMin, PortMax int
	// Timeout is how long a party that should send may be silent; nil or 0 is for
	// ever. It is asked 50 times a second for every such party.
	Timeout func() time.Duration
	Library *Library
	// Country is the ISO 3166-1 code whose progress tones parties hear.
	Country string
}

// Engine carries the sound of all calls. It is safe for concurrent use.
type Engine struct {
	opts    Options
	library *Library
	shard   *shard
	ports   *portRange
	pollers pollers
	cname   string // of the box in RTCP, until it restarts (RFC 7022 4.2)
	listen  func(at netip.AddrPort, deliver func([]byte, netip.AddrPort)) (conn, error)

	// control guards changes of plans, which may concern two streams at once. The
	// packet path never takes it.
	control sync.Mutex
}

// conn is a UDP socket that is being read. It may be used and closed by several
// goroutines at once.
type conn interface {
	WriteToUDPAddrPort([]byte, netip.AddrPort) (int, error)
	Close() error
}

// New makes an engine. Nothing is heard before Run.
func New(o Options) *Engine {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{opts: o, library: o.Library, shard: newShard(o.Clock, o.Log), ports: newPortRange(o.PortMin, o.PortMax), cname: crand.Text()}
	if e.library == nil {
		e.library = NewLibrary()
	}
	c, ok := country.ByCode(o.Country)
	if !ok {
		o.Log.Warn("no tones of this country, using the international ones", "country", o.Country)
	}
	for name, spec := range c.Tones() {
		e.library.SetTone(name, spec)
	}
	e.listen = e.pollers.listen
	return e
}

// Run turns the 20 ms clock until ctx ends, then closes every stream that is
// still open.
func (e *Engine) Run(ctx context.Context) error {
	var reader sync.WaitGroup
	reader.Go(func() { e.library.run(ctx, e.shard.now.Load, e.opts.Log) })
	e.shard.run(ctx)
	for _, s := range e.shard.list() {
		s.Close()
	}
	e.pollers.readers.Wait()
	reader.Wait()
	return nil
}

// NewRTP opens the audio side of a leg on an RTP port of its own. Events of the
// leg go to post, which must not block; onSilence, which may be nil, is called
// once if nothing is heard for the media time-out. The error is ErrNoPort when
// the range is used up.
func (e *Engine) NewRTP(leg call.LegID, post func(call.Event), onSilence func()) (*Stream, error) {
	return e.newRTP(leg, post, &session{onSilence: onSilence})
}

func (e *Engine) newRTP(leg call.LegID, post func(call.Event), r *session) (*Stream, error) {
	s := e.newStream(leg, post)
	s.rtp = r
	r.control.session = rtcp.New(e.cname)
	if err := e.open(s); err != nil { // nothing is believed before Set
		return nil, err
	}
	r.out.begin(hal.Rate)
	e.shard.add(s)
	return s, nil
}

// NewLine makes the audio side of a leg on an analog port. The port's goroutine
// calls Push and Pull.
func (e *Engine) NewLine(leg call.LegID, post func(call.Event)) *Stream {
	s := e.newStream(leg, post)
	s.line = &port{}
	e.shard.add(s)
	return s
}

// patience is the time-out in samples.
func (e *Engine) patience() int64 {
	if e.opts.Timeout == nil {
		return 0
	}
	return int64(dsp.Samples(e.opts.Timeout()))
}

// open binds the next free port for the RTP of s and the one after it for its RTCP, and
// begins to read them. Ports of which somebody else has taken one are passed over.
func (e *Engine) open(s *Stream) error {
	last := ErrNoPort
	for range e.ports.size() {
		port, ok := e.ports.take()
		if !ok {
			break
		}
		s.rtp.port = port
		c, err := e.listen(netip.AddrPortFrom(e.opts.Address, uint16(port)), s.receive)
		if err == nil {
			s.rtp.conn = c
			s.rtp.mark(c)
			if err = s.openSecond(); err == nil {
				return nil
			}
			_ = c.Close()
		}
		e.ports.release(port)
		last = fmt.Errorf("%w: %w", ErrNoPort, err)
	}
	return fmt.Errorf("open RTP socket: %w", last)
}
