//go:build !linux || !(amd64 || arm64 || arm)

package media

import (
	"net"
	"net/netip"
	"sync"
)

// pollers are one goroutine for each socket.
type pollers struct{ readers sync.WaitGroup }

// listen binds a UDP socket. deliver gets what comes, one after the other, and may
// keep nothing of it.
func (p *pollers) listen(at netip.AddrPort, deliver func([]byte, netip.AddrPort)) (conn, error) {
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return nil, err
	}
	p.readers.Go(func() {
		var b [maxPacket]byte
		for {
			n, from, err := c.ReadFromUDPAddrPort(b[:])
			if err != nil {
				return
			}
			deliver(b[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
		}
	})
	return c, nil
}
