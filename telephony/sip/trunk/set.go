package trunk

import (
	"context"
	"log/slog"
	"net/netip"
	"reflect"
	"slices"
	"sync"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/locate"
)

// Options are what trunks need from their server.
type Options struct {
	Clock        clock.Clock
	Log          *slog.Logger
	News         *event.News
	Config       func() *config.Config
	Transactions *sip.TransactionLayer
	// Local is our own address towards a server.
	Local func(dialog.Flow) dialog.Local
	// Find finds the addresses of a server. It may block.
	Find func(context.Context, locate.Query) (locate.Result, error)
	// Connect sees to it that there is a connection to a server, and tells whether
	// it is a new one. It may block.
	Connect func(context.Context, dialog.Flow, Proof) (fresh bool, err error)
	// Raise and Clear tell the box's health; the ID is "trunk-down/NAME",
	// "trunk-certificate/NAME" or "trunk-name/NAME/SERVER".
	Raise func(id, detail string)
	Clear func(id string)
}

// Set is the trunks of the configuration in force. It is safe for concurrent use.
type Set struct {
	opts Options

	mu     sync.Mutex
	trunks []*Trunk       // in the order of the configuration
	calls  map[string]int // by name: a change of the configuration ends no call
}

// NewSet makes a set without trunks.
func NewSet(o Options) *Set { return &Set{opts: o, calls: make(map[string]int)} }

// Run keeps the trunks of the configuration until ctx ends.
func (s *Set) Run(ctx context.Context) {
	news := s.opts.News.Subscribe(16, event.Config)
	defer news.Close()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		s.follow(ctx, &all)
		select {
		case <-ctx.Done():
			return
		case <-news.C:
		}
	}
}

// follow makes the trunks those of the configuration. One that did not change is
// left alone.
func (s *Set) follow(ctx context.Context, all *sync.WaitGroup) {
	list := s.opts.Config().Trunks
	s.mu.Lock()
	old := s.trunks
	next := make([]*Trunk, len(list))
	for i, c := range list {
		for j, t := range old {
			if t != nil && reflect.DeepEqual(t.Config, c) {
				next[i], old[j] = t, nil
			}
		}
	}
	var leaving []<-chan struct{}
	for _, t := range old {
		if t != nil {
			t.stop()
			leaving = append(leaving, t.gone)
		}
	}
	for i, c := range list {
		if next[i] != nil {
			continue
		}
		t := s.newTrunk(c)
		life, stop := context.WithCancel(ctx)
		t.stop, t.after, next[i] = stop, leaving, t
		all.Go(func() { t.run(life) })
	}
	s.trunks = next
	s.mu.Unlock()
	s.opts.News.Publish(event.Trunks)
}

func (s *Set) list() []*Trunk {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trunks
}

// Named finds a trunk.
func (s *Set) Named(name string) (*Trunk, bool) {
	for _, t := range s.list() {
		if t.Config.Name == name {
			return t, true
		}
	}
	return nil, false
}

// Sender finds the trunk that an INVITE comes from: the flow of a registration,
// or a source that is let in. Of several accounts on one flow it is the one that
// the request names.
func (s *Set) Sender(network, source, user string) (t *Trunk, ok bool) {
	at, err := netip.ParseAddrPort(source)
	if err != nil {
		return nil, false
	}
	at = netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	plan := s.opts.Config().Plan()
	for _, each := range s.list() {
		if !each.lets(at, network) {
			continue
		}
		_, _, did := each.Config.DID(user, plan)
		if did || user == each.Config.User {
			return each, true
		}
		if t == nil {
			t = each
		}
	}
	return t, t != nil
}

// Has tells whether an address is a server of a trunk, or a source of one.
func (s *Set) Has(ip netip.Addr) bool {
	return slices.ContainsFunc(s.list(), func(t *Trunk) bool { return t.Has(ip) })
}

// Take enters a call of a trunk unless it has as many as it may have; a call for help
// leaves it to the provider whether there is a channel. done takes it off again.
func (s *Set) Take(t *Trunk, urgent bool) (done func(), ok bool) {
	name, most := t.Config.Name, t.Config.MaxCalls
	s.mu.Lock()
	defer s.mu.Unlock()
	if most > 0 && s.calls[name] >= most && !urgent {
		return nil, false
	}
	s.calls[name]++
	s.opts.News.Publish(event.Trunks)
	return sync.OnceFunc(func() {
		s.mu.Lock()
		s.calls[name]--
		s.mu.Unlock()
		s.opts.News.Publish(event.Trunks)
	}), true
}

// Status is every trunk for the board, in the order of the configuration.
func (s *Set) Status() []Status {
	list := []Status{}
	for _, t := range s.list() {
		st := t.status()
		s.mu.Lock()
		st.Calls = s.calls[st.Name]
		s.mu.Unlock()
		list = append(list, st)
	}
	return list
}
