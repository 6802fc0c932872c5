package sip

import (
	"context"
	"net"
	"syscall"
	"testing"
)

func TestSIPIsMarkedAsSignalling(t *testing.T) {
	udp, err := marked().ListenPacket(context.Background(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	listener, err := marked().Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	dialled, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer dialled.Close()
	tcp, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	for name, c := range map[string]any{"UDP": udp, "TCP": tcp} {
		raw, err := c.(syscall.Conn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		if err := raw.Control(func(fd uintptr) {
			if got, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_TOS); got != signalling || err != nil {
				t.Errorf("%s has the mark %#x (%v), want %#x", name, got, err, signalling)
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
}
