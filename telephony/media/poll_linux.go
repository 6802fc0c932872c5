//go:build amd64 || arm64 || arm

package media

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// pollers share the sockets of an engine. One reads all while they are few, so that
// packets that come together are taken in one go.
type pollers struct {
	readers sync.WaitGroup

	mu  sync.Mutex
	all []*poller
}

// poller reads sockets in one goroutine. It lives while it has any. Its epoll is a
// file that the Go runtime watches: waiting for packets holds no thread.
type poller struct {
	fd      int
	epoll   *os.File
	sockets map[int32]*socket // by descriptor; guarded by pollers.mu
}

const (
	// crowd is how many sockets a poller has before the next one joins in, up to one
	// for each processor. A leg has two, with that of RTCP.
	crowd = 1024
	// batch is how many sockets with packets are taken in one go.
	batch = 128
)

// add lets a poller read the socket.
func (p *pollers) add(s *socket) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := p.choose()
	if q == nil {
		var err error
		if q, err = newPoller(); err != nil {
			return err
		}
		p.all = append(p.all, q)
		p.readers.Go(func() { p.read(q) })
	}
	s.pollers, s.poller = p, q
	q.sockets[int32(s.fd)] = s
	if err := syscall.EpollCtl(q.fd, syscall.EPOLL_CTL_ADD, s.fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(s.fd)}); err != nil {
		p.drop(q, s.fd)
		return os.NewSyscallError("epoll_ctl", err)
	}
	return nil
}

// choose is the poller for one more socket, nil for a new one.
func (p *pollers) choose() *poller {
	for _, q := range p.all {
		if len(q.sockets) < crowd {
			return q
		}
	}
	if len(p.all) < runtime.GOMAXPROCS(0) {
		return nil
	}
	return slices.MinFunc(p.all, func(a, b *poller) int { return len(a.sockets) - len(b.sockets) })
}

// remove lets the poller know of a descriptor no more; it is closed afterwards.
func (p *pollers) remove(q *poller, fd int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop(q, fd)
}

func (p *pollers) drop(q *poller, fd int) {
	delete(q.sockets, int32(fd))
	if len(q.sockets) == 0 {
		p.all = slices.DeleteFunc(p.all, func(x *poller) bool { return x == q })
		q.epoll.Close() // ends its reader
	}
}

func newPoller() (*poller, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	_ = syscall.SetNonblock(fd, true) // tells os that the runtime is to watch it
	q := &poller{fd: fd, epoll: os.NewFile(uintptr(fd), "epoll"), sockets: map[int32]*socket{}}
	if err := q.epoll.SetReadDeadline(time.Time{}); err != nil {
		q.epoll.Close()
		return nil, fmt.Errorf("watch epoll: %w", err)
	}
	return q, nil
}

// read delivers what comes to the sockets of q until it is closed.
func (p *pollers) read(q *poller) {
	var (
		events [batch]syscall.EpollEvent
		ready  [batch]*socket
		b      [maxPacket]byte
		from   address
		n      int
	)
	conn, err := q.epoll.SyscallConn()
	if err != nil {
		return
	}
	// A socket with more packets than one comes up again in the next round.
	ask := func(uintptr) bool { n = wait(q.fd, events[:]); return n > 0 }
	for conn.Read(ask) == nil {
		p.mu.Lock()
		for i, e := range events[:n] {
			ready[i] = q.sockets[e.Fd]
		}
		p.mu.Unlock()
		for i, s := range ready[:n] {
			ready[i] = nil
			if s == nil { // closed in between
				continue
			}
			if k, err := s.receive(b[:], &from); err == nil {
				s.deliver(b[:k], decode(&from))
			}
		}
	}
}

// wait is epoll_wait that does not wait.
func wait(epoll int, events []syscall.EpollEvent) int {
	n, _, e := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), 0, 0, 0)
	if e != 0 {
		return 0
	}
	return int(n)
}
