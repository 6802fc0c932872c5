package sip

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/icmp"
	"github.com/pasokh/pasokh/telephony/sip/locate"
	"github.com/pasokh/pasokh/telephony/sip/notify"
	"github.com/pasokh/pasokh/telephony/sip/shield"
	"github.com/pasokh/pasokh/telephony/sip/trace"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
)

// Options are what the server needs from the house.
type Options struct {
	Clock  clock.Clock
	Log    *slog.Logger
	News   *event.News
	Health Health // nil: nobody is told
	Media  *media.Engine
	Vault  Vault // keeps registrations and the like over a restart; nil: they are forgotten
	Config func() *config.Config
	// Arrive takes the leg of a call that a phone makes.
	Arrive func(call.Arrival)
	// State is what a number is doing, for an extension that watches it; nil: nothing.
	State func(watcher, number string) notify.State
	// UDP, TCP and TLS are addresses to listen on, "127.0.0.1:5060"; empty: not.
	UDP, TCP, TLS string
	TLSConfig     *tls.Config // with the certificate, when TLS is set
	// Address is where phones reach us. The zero Addr: the address that each of
	// them is reached from.
	Address netip.Addr
}

// Health takes problems of the box. *health.Board is one.
type Health interface {
	Raise(id, detail string)
	Clear(id string)
}

// Server is the SIP service.
type Server struct {
	opts      Options
	log       *slog.Logger
	transport *sip.TransportLayer
	parser    *sip.Parser // the transports'
	requests  *sip.TransactionLayer
	dialogs   *dialog.Set
	guard     *guard
	registrar *registrar
	watchers  *notify.Set
	pickups   *pickups
	trace     *trace.Recorder
	finder    *locate.Locator
	trunks    *trunk.Set
	websocket *hijacked
	outward   *outward

	bans    *shield.Bans
	rates   *shield.Rates
	doors   *shield.Doors
	calls   *shield.Shares
	merged  *merged
	answers *answers
	turned  turned

	overload, flood, fault alarm
	queueing               queueing
	few                    *shield.Bucket // new calls while the box is behind

	ready   chan struct{}
	bound   map[string]netip.AddrPort // by network, written before ready is closed
	packets net.PacketConn            // of UDP, for those who read from it
	closing atomic.Bool
}

// Limits of a connection. A phone on TCP is heard from at least as often as its
// registration is refreshed.
const (
	idleTimeout  = 2 * time.Hour
	writeTimeout = 5 * time.Second
)

// sipgo refuses to send more than one Ethernet frame by UDP. A phone reached by
// UDP cannot be told anything otherwise, so fragments it is (RFC 3261 18.1.1
// leaves no better way without a TCP listener on the phone).
func init() { sip.UDPMTUSize = 65507 }

// New makes a server. Nothing is opened before Run.
func New(o Options) *Server {
	s := &Server{opts: o, log: o.Log, ready: make(chan struct{}), bound: make(map[string]netip.AddrPort), parser: sip.NewParser()}
	quiet := slog.New(quietHandler{o.Log.Handler()})
	stream := func() *sip.TransportTCP {
		return &sip.TransportTCP{ReadTimeout: idleTimeout, WriteTimeout: writeTimeout}
	}
	s.transport = sip.NewTransportLayer(net.DefaultResolver, s.parser, o.TLSConfig,
		sip.WithTransportLayerLogger(quiet),
		sip.WithTransportLayerReadFilter(s.filter), // before the transports, which copy it
		sip.WithTransportLayerTransports(sip.TransportsConfig{
			TCP: stream(), TLS: &sip.TransportTLS{TransportTCP: stream()},
			WS: &sip.TransportWS{ReadTimeout: idleTimeout, WriteTimeout: writeTimeout},
		}))
	s.trace = trace.NewRecorder(o.Clock)
	s.requests = sip.NewTransactionLayer(s.transport, sip.WithTransactionLayerLogger(quiet),
		sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {}))
	s.requests.OnRequest(s.receive)
	s.dialogs = dialog.NewSet(dialog.Options{Clock: o.Clock, Log: o.Log, Transactions: s.requests, Local: s.local,
		Fault: func(callID string, p any) { s.faulted("dialog", callID, p) }})
	s.guard = newGuard(o.Clock, s.ourHost)
	s.bans, s.rates, s.calls = shield.NewBans(o.Clock), shield.NewRates(o.Clock), shield.NewShares(o.Clock)
	s.doors = shield.NewDoors(o.Clock, s.trusted, s.bans.Banned)
	s.merged, s.answers = newMerged(o.Clock), newAnswers(o.Clock)
	s.queueing.clock, s.few = o.Clock, shield.NewBucket(o.Clock)
	s.overload = alarm{clock: o.Clock, health: o.Health, id: "overload", quiet: quietTime}
	s.flood = alarm{clock: o.Clock, health: o.Health, id: "sip-flood", quiet: quietTime}
	s.fault = alarm{clock: o.Clock, health: o.Health, id: "sip-fault", quiet: faultTime}
	s.registrar = newRegistrar(o.Clock, func() { o.News.Publish(event.Phones) })
	s.pickups = newPickups()
	if o.State == nil {
		o.State = func(string, string) notify.State { return notify.State{} }
	}
	s.watchers = notify.NewSet(notify.Options{Clock: o.Clock, Log: o.Log, News: o.News, Transactions: s.requests, Local: s.local, Warrant: s.warranted, State: o.State})
	s.outward = newOutward(s)
	s.finder = locate.New(locate.Options{Clock: o.Clock, Log: o.Log, Servers: func() []string { return o.Config().System.NameServers() }})
	s.trunks = s.newTrunks()
	s.websocket = newHijacked()
	return s
}

// Ready is closed once every listener is open.
func (s *Server) Ready() <-chan struct{} { return s.ready }

// Addr is the address that network ("UDP", "TCP", "TLS") listens on. It is valid
// once Ready is closed.
func (s *Server) Addr(network string) netip.AddrPort {
	<-s.ready
	return s.bound[network]
}

// drainTime is how long phones get to confirm the end of their calls.
const drainTime = 2 * time.Second

// Run serves until ctx ends, then ends every call. The error names the address
// that could not be had.
func (s *Server) Run(ctx context.Context) error {
	open, err := s.listen()
	var all sync.WaitGroup
	defer func() {
		for _, l := range open {
			_ = l.Close()
		}
		s.requests.Close()
		_ = s.transport.Close()
		all.Wait()
	}()
	if err != nil {
		return err
	}
	if s.opts.Vault != nil {
		s.restore()
		all.Go(func() { s.remember(ctx, everyPhone, s.registrar.take, s.registrar.export) })
		all.Go(func() { s.remember(ctx, everyWatcher, s.watchers.Take, s.watchers.Export) })
		all.Go(func() { s.remember(ctx, everyBan, s.bans.Take, s.exportBans) })
		all.Go(func() { s.remember(ctx, everyName, s.finder.Take, s.finder.Export) })
	}
	all.Go(func() { s.watchers.Run(ctx) })
	all.Go(func() { s.revoke(ctx) })
	for _, l := range open { // only now: bound is not written any more
		all.Go(func() { s.keep(ctx, l) })
	}
	left := make(chan struct{})
	all.Go(func() { defer close(left); s.trunks.Run(ctx) })
	close(s.ready)
	<-ctx.Done()
	s.closing.Store(true)
	drain, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer s.opts.Clock.AfterFunc(drainTime, cancel).Stop()
	s.dialogs.Shutdown(drain, call.Shutdown)
	select {
	case <-left: // and the providers know it
	case <-drain.Done():
	}
	return nil
}

// listener is an open socket and how to serve it.
type listener struct {
	io.Closer
	network string
	serve   func(context.Context) error
}

// listen opens the sockets. With an error it returns those that are open already.
func (s *Server) listen() (open []listener, err error) {
	if at := s.opts.UDP; at != "" {
		c, err := marked().ListenPacket(context.Background(), "udp", at)
		if err != nil {
			return open, fmt.Errorf("sip: listen on UDP %s: %w", at, err)
		}
		s.bound["UDP"] = c.LocalAddr().(*net.UDPAddr).AddrPort()
		if u, ok := c.(*net.UDPConn); ok {
			c = icmp.Hear(u, s.nobodyAt)
		}
		c = s.trace.Packets(c)
		dialog.Pool(s.transport, c)
		open = append(open, listener{c, "UDP", func(ctx context.Context) error { return s.serveUDP(ctx, c) }})
	}
	if at := s.opts.TCP; at != "" {
		l, err := s.listenTCP("TCP", at)
		if err != nil {
			return open, err
		}
		l = screened{l, s, "TCP"}
		open = append(open, listener{l, "TCP", func(context.Context) error { return s.transport.ServeTCP(s.trace.Streams("TCP", l)) }})
	}
	if at := s.opts.TLS; at != "" {
		l, err := s.listenTCP("TLS", at)
		if err != nil {
			return open, err
		}
		l = screened{tls.NewListener(l, s.opts.TLSConfig), s, "TLS"}
		open = append(open, listener{l, "TLS", func(context.Context) error { return s.transport.ServeTLS(s.trace.Streams("TLS", l)) }})
	}
	for network, made := range s.outward.made {
		serve := s.transport.ServeTCP
		if network == "TLS" {
			serve = s.transport.ServeTLS
		}
		open = append(open, listener{made, network, func(context.Context) error { return serve(made) }})
	}
	ws := s.websocket
	return append(open, listener{ws, "WS", func(context.Context) error { return s.transport.ServeWS(s.trace.Streams("WS", ws)) }}), nil
}

func (s *Server) listenTCP(network, at string) (net.Listener, error) {
	l, err := marked().Listen(context.Background(), "tcp", at)
	if err != nil {
		return nil, fmt.Errorf("sip: listen on %s %s: %w", network, at, err)
	}
	s.bound[network] = l.Addr().(*net.TCPAddr).AddrPort()
	return s.doors.Listen(l), nil
}

// keep serves a listener until ctx ends. sipgo gives a listener up at the first
// error, such as a moment without free file descriptors, and its parser runs in
// this goroutine: neither may silence the box.
func (s *Server) keep(ctx context.Context, l listener) {
	for ctx.Err() == nil {
		err := guarded(func() error { return l.serve(ctx) })
		if ctx.Err() != nil {
			return
		}
		s.log.Error("SIP listener stopped, serving again", "network", l.network, "error", err)
		s.opts.Clock.Sleep(ctx, s.opts.Clock.Now().Add(retryTime))
	}
}

const retryTime = 100 * time.Millisecond

func guarded(serve func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return serve()
}

// local is our address towards a phone.
func (s *Server) local(f dialog.Flow) dialog.Local {
	bound, ok := s.bound[f.Network]
	if !ok {
		bound = s.bound["TCP"] // WebSocket: the address is never used, but must look like one
	}
	addr := s.opts.Address
	if !addr.IsValid() {
		addr = bound.Addr()
	}
	if !addr.IsValid() || addr.IsUnspecified() {
		addr = towards(f.Addr)
	}
	l := dialog.Local{Host: addr.Unmap().String(), Port: int(bound.Port())}
	if f.Network == "UDP" {
		l.Bind = sip.Addr{IP: bound.Addr().AsSlice(), Port: int(bound.Port())}
	}
	return l
}

// towards is the address of the interface that leads to a peer. Connecting a UDP
// socket sends nothing.
func towards(peer string) netip.Addr {
	c, err := net.Dial("udp", peer)
	if err != nil {
		return netip.IPv4Unspecified()
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}
