//go:build amd64 || arm64 || arm

package media

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"syscall"
	"unsafe"
)

// socket is a UDP socket that a poller reads. Its system calls do not block, so the
// Go scheduler is not told of them, and they make no garbage.
type socket struct {
	pollers *pollers
	poller  *poller
	six     bool // of IPv6, or of both families
	deliver func([]byte, netip.AddrPort)

	// mu is held for reading during a call with fd, for writing to close it: no call
	// may meet a descriptor that is already somebody else's.
	mu sync.RWMutex
	fd int // -1 once closed
}

// expedited is the DSCP of voice, in the place it has in a header (RFC 3246, RFC 4594 2.3).
const expedited = 46 << 2

// listen binds a UDP socket and lets the least busy poller read it. The unspecified
// address is that of both families where the kernel has IPv6. deliver gets what
// comes, one after the other, and may keep nothing of it.
func (p *pollers) listen(at netip.AddrPort, deliver func([]byte, netip.AddrPort)) (conn, error) {
	s := &socket{six: at.Addr().Is6() || at.Addr().IsUnspecified(), deliver: deliver}
	err := s.bind(at)
	if errors.Is(err, syscall.EAFNOSUPPORT) && at.Addr() == netip.IPv4Unspecified() {
		s.six = false
		err = s.bind(at)
	}
	if err != nil {
		return nil, err
	}
	if err := p.add(s); err != nil {
		syscall.Close(s.fd)
		return nil, err
	}
	return s, nil
}

func (s *socket) bind(at netip.AddrPort) (err error) {
	family := syscall.AF_INET
	if s.six {
		family = syscall.AF_INET6
	}
	if s.fd, err = syscall.Socket(family, syscall.SOCK_DGRAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0); err != nil {
		return os.NewSyscallError("socket", err)
	}
	s.mark(expedited)
	var a address
	size := s.encode(&a, at)
	if _, _, e := syscall.RawSyscall(syscall.SYS_BIND, uintptr(s.fd), uintptr(unsafe.Pointer(&a)), size); e != 0 {
		syscall.Close(s.fd)
		return os.NewSyscallError("bind", e)
	}
	return nil
}

// mark sets the class of service of what is sent, in the place it has in a header.
func (s *socket) mark(class int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.fd < 0 {
		return
	}
	// A kernel that will not mark packets carries them all the same.
	_ = syscall.SetsockoptInt(s.fd, syscall.IPPROTO_IP, syscall.IP_TOS, class)
	if s.six {
		_ = syscall.SetsockoptInt(s.fd, syscall.IPPROTO_IPV6, syscall.IPV6_TCLASS, class)
	}
}

// address is room for a socket address of the kernel: family, port in network
// order, then IPv4: the address; IPv6: flow, address, scope.
type address = syscall.RawSockaddrInet6

// encode writes an address as the socket's family has it and returns its length.
func (s *socket) encode(a *address, at netip.AddrPort) uintptr {
	port := (*[2]byte)(unsafe.Pointer(&a.Port))
	port[0], port[1] = byte(at.Port()>>8), byte(at.Port())
	if !s.six {
		a.Family = syscall.AF_INET
		*(*[4]byte)(unsafe.Pointer(&a.Flowinfo)) = at.Addr().Unmap().As4()
		return syscall.SizeofSockaddrInet4
	}
	a.Family = syscall.AF_INET6
	if !at.Addr().IsUnspecified() {
		a.Addr = at.Addr().As16()
	}
	if zone := at.Addr().Zone(); zone != "" {
		a.Scope_id = scope(zone)
	}
	return syscall.SizeofSockaddrInet6
}

// scope is the number of a network interface that a link-local address is on.
func scope(zone string) uint32 {
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n)
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index)
	}
	return 0
}

// decode is the address that the kernel has written.
func decode(a *address) netip.AddrPort {
	port := (*[2]byte)(unsafe.Pointer(&a.Port))
	var ip netip.Addr
	if a.Family == syscall.AF_INET {
		ip = netip.AddrFrom4(*(*[4]byte)(unsafe.Pointer(&a.Flowinfo)))
	} else if ip = netip.AddrFrom16(a.Addr).Unmap(); a.Scope_id != 0 && ip.IsLinkLocalUnicast() {
		ip = ip.WithZone(strconv.Itoa(int(a.Scope_id)))
	}
	return netip.AddrPortFrom(ip, uint16(port[0])<<8|uint16(port[1]))
}

// receive takes a datagram, if there is one. An error of the socket is gone once told.
func (s *socket) receive(b []byte, a *address) (int, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.fd < 0 {
		return 0, net.ErrClosed
	}
	size := uint32(syscall.SizeofSockaddrInet6)
	n, _, e := syscall.RawSyscall6(syscall.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0,
		uintptr(unsafe.Pointer(a)), uintptr(unsafe.Pointer(&size)))
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

// WriteToUDPAddrPort sends a datagram.
func (s *socket) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	var a address
	size := s.encode(&a, to)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.fd < 0 {
		return 0, net.ErrClosed
	}
	n, _, e := syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(s.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0,
		uintptr(unsafe.Pointer(&a)), size)
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

// Close ends the socket; nothing is in a call with it afterwards. What was received
// before may still be delivered.
func (s *socket) Close() error {
	s.mu.Lock()
	fd := s.fd
	s.fd = -1
	s.mu.Unlock()
	if fd < 0 {
		return net.ErrClosed
	}
	s.pollers.remove(s.poller, fd)
	return os.NewSyscallError("close", syscall.Close(fd))
}
