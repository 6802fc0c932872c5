package sip

import (
	"net"
	"syscall"
)

// signalling is the DSCP of calls being set up, CS3, in the place it has in a header
// (RFC 4594 4.2, as most of the trade marks it).
const signalling = 24 << 2

// marked opens sockets whose packets carry it; a TCP connection that comes has it
// from its listener. A kernel that will not mark packets carries them all the same.
func marked() *net.ListenConfig {
	return &net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_TOS, signalling)
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IPV6, syscall.IPV6_TCLASS, signalling)
		})
	}}
}
