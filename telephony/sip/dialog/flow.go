package dialog

import (
	"net"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Flow is where a peer's packets come from and ours go to.
type Flow struct {
	Network string // "UDP", "TCP", "TLS", "WS"
	Addr    string // "192.0.2.7:5060"
}

// FlowOf is the flow on which the sender of a request can be reached: where the
// request came from. Only a UDP phone that does not ask for symmetric routing
// (RFC 3581) and says that it listens on another port of the same address is
// believed.
func FlowOf(req *sip.Request) Flow {
	f := Flow{Network: req.Transport(), Addr: req.Source()}
	via, contact := req.Via(), req.Contact()
	if f.Network != "UDP" || via == nil || contact == nil || via.Params.Has("rport") {
		return f
	}
	host, _, err := net.SplitHostPort(f.Addr)
	if err != nil || strings.Trim(contact.Address.Host, "[]") != host {
		return f
	}
	port := contact.Address.Port
	if port == 0 {
		port = sip.DefaultUdpPort
	}
	f.Addr = net.JoinHostPort(host, strconv.Itoa(port))
	return f
}

// Pool makes a UDP socket the one that requests are sent from at once. sipgo does
// so when it begins to serve it, and opens another socket for what is sent before.
func Pool(t *sip.TransportLayer, c net.PacketConn) {
	at := c.LocalAddr().String()
	t.Pool("udp").Add(at, &sip.UDPConnection{PacketConn: c, PacketAddr: at, Listener: true})
}
