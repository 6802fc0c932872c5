// Package icmp lets a UDP socket hear what the network says of packets that did not
// arrive: "nobody is there". Without it a server that is down costs each call its
// patience. Linux tells it to sockets that ask, as an error of whatever is done
// next, with the address in a queue of its own (ip(7), IP_RECVERR).
//
// A socket is owned by who reads and writes it; nothing runs here by itself.
package icmp

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"syscall"
)

// attentive is a socket that hears.
type attentive struct {
	*net.UDPConn
	raw  syscall.RawConn
	tell func(netip.AddrPort)
}

// Hear makes a socket tell of addresses at which nobody is, from the goroutine that
// reads or writes. A system that does not do that leaves the socket as it is.
func Hear(c *net.UDPConn, tell func(netip.AddrPort)) net.PacketConn {
	raw, err := c.SyscallConn()
	if err != nil {
		return c
	}
	var v4, v6 error
	err = raw.Control(func(fd uintptr) {
		v4 = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_RECVERR, 1)
		v6 = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IPV6, syscall.IPV6_RECVERR, 1)
	})
	if err != nil || v4 != nil && v6 != nil {
		return c
	}
	return &attentive{c, raw, tell}
}

// ReadFrom waits for a packet.
func (a *attentive) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := a.UDPConn.ReadFrom(b)
		if !told(err) {
			return n, from, err
		}
		a.hearAll()
	}
}

// maxTries bounds how often a packet is sent that the errors of others kept back.
const maxTries = 32

// WriteTo sends a packet. The errors of earlier ones are not this one's, and while
// several phones are dead the next may have come before it is sent again: a CANCEL that is
// given up for them would let a living phone ring on.
func (a *attentive) WriteTo(b []byte, to net.Addr) (n int, err error) {
	for range maxTries {
		if n, err = a.UDPConn.WriteTo(b, to); !told(err) {
			break
		}
		a.hearAll()
	}
	return n, err
}

// told tells whether an error is what the network said of an earlier packet.
func told(err error) bool {
	for _, each := range []error{syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EMSGSIZE, syscall.EPROTO} {
		if errors.Is(err, each) {
			return true
		}
	}
	return false
}

// maxHeard bounds what is heard at once.
const maxHeard = 64

// hearAll empties the socket's queue of errors.
func (a *attentive) hearAll() {
	var nobody []netip.AddrPort
	_ = a.raw.Control(func(fd uintptr) {
		var packet, control [256]byte
		for range maxHeard {
			_, n, _, to, err := syscall.Recvmsg(int(fd), packet[:], control[:], syscall.MSG_ERRQUEUE|syscall.MSG_DONTWAIT)
			if err != nil {
				return
			}
			if at := addrOf(to); at.IsValid() && refused(control[:n]) {
				nobody = append(nobody, at)
			}
		}
	})
	for _, at := range nobody {
		a.tell(at)
	}
}

// refused reads what was said: struct sock_extended_err, errno first.
func refused(control []byte) bool {
	list, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return false
	}
	for _, m := range list {
		asked := m.Header.Level == syscall.IPPROTO_IP && m.Header.Type == syscall.IP_RECVERR ||
			m.Header.Level == syscall.IPPROTO_IPV6 && m.Header.Type == syscall.IPV6_RECVERR
		if !asked || len(m.Data) < 4 {
			continue
		}
		switch syscall.Errno(binary.NativeEndian.Uint32(m.Data)) {
		case syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH:
			return true
		}
	}
	return false
}

func addrOf(a syscall.Sockaddr) netip.AddrPort {
	switch a := a.(type) {
	case *syscall.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *syscall.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port))
	}
	return netip.AddrPort{}
}
