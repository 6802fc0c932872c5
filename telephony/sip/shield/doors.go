package shield

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Limits of connections.
const (
	maxConns     = 512
	maxPerSource = 32
	// A connection must bring a whole message within greetTime, and one that
	// never proves who it is may be silent for strangerTime.
	greetTime    = 10 * time.Second
	strangerTime = 2 * time.Minute
)

// Doors counts connections and cuts off those that bring nothing.
type Doors struct {
	clock   clock.Clock
	trusted func(netip.Addr) bool
	refused func(netip.Addr) bool

	mu     sync.Mutex
	open   map[string]*Conn // by remote address
	perSrc map[netip.Prefix]int
	shut   uint64
}

// NewDoors makes doors that let nobody in who is refused; a trusted source may
// hold as many connections as there are.
func NewDoors(c clock.Clock, trusted, refused func(netip.Addr) bool) *Doors {
	return &Doors{clock: c, trusted: trusted, refused: refused, open: make(map[string]*Conn), perSrc: make(map[netip.Prefix]int)}
}

// Admit counts a connection until it is closed. It reports false for one too many,
// which is closed.
func (d *Doors) Admit(c net.Conn) (*Conn, bool) {
	addr := c.RemoteAddr().String()
	at, err := netip.ParseAddrPort(addr)
	from := source(at.Addr())
	d.mu.Lock()
	full := len(d.open) >= maxConns || d.perSrc[from] >= maxPerSource && !d.trusted(at.Addr())
	if err != nil || full || d.open[addr] != nil || d.refused(at.Addr()) {
		d.shut++
		d.mu.Unlock()
		_ = c.Close()
		return nil, false
	}
	defer d.mu.Unlock()
	conn := &Conn{Conn: c, doors: d, addr: addr, from: from, opened: d.clock.Now()}
	d.open[addr] = conn
	d.perSrc[from]++
	return conn, true
}

// Open is the number of connections.
func (d *Doors) Open() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.open)
}

// Shut is how many connections were not admitted so far.
func (d *Doors) Shut() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shut
}

// Heard notes that a whole message came from a remote address, and whether it
// proved who sent it.
func (d *Doors) Heard(addr string, proven bool) {
	d.mu.Lock()
	c := d.open[addr]
	d.mu.Unlock()
	if c != nil {
		c.heard.Store(true)
		if proven {
			c.proven.Store(true)
		}
	}
}

// Listen is l without the connections that are not admitted.
func (d *Doors) Listen(l net.Listener) net.Listener { return &listener{l, d} }

type listener struct {
	net.Listener
	doors *Doors
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if admitted, ok := l.doors.Admit(c); ok {
			return admitted, nil
		}
	}
}

// Conn is a connection that was admitted.
type Conn struct {
	net.Conn
	doors         *Doors
	addr          string
	from          netip.Prefix
	opened        time.Time
	heard, proven atomic.Bool
	once          sync.Once
}

// SetReadDeadline sets the deadline of reads, or an earlier one if the peer has
// not earned that much patience.
func (c *Conn) SetReadDeadline(t time.Time) error {
	most := t
	switch {
	case c.proven.Load():
	case c.heard.Load():
		most = c.doors.clock.Now().Add(strangerTime)
	default:
		most = c.opened.Add(greetTime)
	}
	if t.IsZero() || most.Before(t) {
		t = most
	}
	return c.Conn.SetReadDeadline(t)
}

// Close closes the connection and stops counting it.
func (c *Conn) Close() error {
	c.once.Do(func() {
		c.doors.mu.Lock()
		defer c.doors.mu.Unlock()
		delete(c.doors.open, c.addr)
		if c.doors.perSrc[c.from]--; c.doors.perSrc[c.from] == 0 {
			delete(c.doors.perSrc, c.from)
		}
	})
	return c.Conn.Close()
}
