package main

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/insomniacslk/dhcp/dhcpv4/server4"
	"golang.org/x/sys/unix"

	"github.com/pasokh/pasokh/firmware/need"
)

// Addresses on a wire, and the name of the test's end of it.
const (
	here    = "10.77.0.1"
	there   = "10.77.0.2"
	hereDev = "board"
)

// wire is a network in a namespace of its own, with one board at its other end, which
// gets its address by DHCP. Nothing on it reaches the world.
type wire struct{ jobs chan func() }

func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{make(chan func())}
	made := make(chan error)
	go func() {
		runtime.LockOSThread() // for ever: the thread ends, and the namespace with it
		made <- unix.Unshare(unix.CLONE_NEWNET)
		for job := range w.jobs {
			job()
		}
	}()
	t.Cleanup(func() { close(w.jobs) })
	if err := <-made; err != nil {
		need.Missing(t, "no network namespace, which needs root: "+err.Error())
	}
	for _, args := range []string{"link set lo up", "tuntap add dev " + hereDev + " mode tap", "addr add " + here + "/24 dev " + hereDev, "link set " + hereDev + " up"} {
		var out []byte
		var err error
		w.in(func() { out, err = exec.Command("ip", strings.Fields(args)...).CombinedOutput() })
		if err != nil {
			need.Missing(t, fmt.Sprintf("no tap device: ip %s: %v %s", args, err, out))
		}
	}
	var dhcp *server4.Server
	var err error
	w.in(func() { dhcp, err = server4.NewServer(hereDev, &net.UDPAddr{Port: dhcpv4.ServerPort}, lease) })
	if err != nil {
		t.Fatal(err)
	}
	go dhcp.Serve() // until it is closed
	t.Cleanup(func() { dhcp.Close() })
	return w
}

// in does something inside the namespace: sockets and processes that it makes belong there.
func (w *wire) in(job func()) {
	done := make(chan struct{})
	w.jobs <- func() { defer close(done); job() }
	<-done
}

func (w *wire) dial(ctx context.Context, network, address string) (c net.Conn, err error) {
	w.in(func() { c, err = new(net.Dialer).DialContext(ctx, network, address) })
	return c, err
}

// lease gives everybody who asks the board's address (RFC 2131).
func lease(conn net.PacketConn, peer net.Addr, asked *dhcpv4.DHCPv4) {
	kind := dhcpv4.MessageTypeOffer
	if asked.MessageType() == dhcpv4.MessageTypeRequest {
		kind = dhcpv4.MessageTypeAck
	}
	answer, err := dhcpv4.NewReplyFromRequest(asked, dhcpv4.WithMessageType(kind), dhcpv4.WithYourIP(net.ParseIP(there)), dhcpv4.WithServerIP(net.ParseIP(here)),
		dhcpv4.WithNetmask(net.CIDRMask(24, 32)), dhcpv4.WithLeaseTime(uint32(time.Hour/time.Second)), dhcpv4.WithOption(dhcpv4.OptServerIdentifier(net.ParseIP(here))))
	if err == nil {
		_, _ = conn.WriteTo(answer.ToBytes(), peer) // who hears nothing asks again
	}
}
