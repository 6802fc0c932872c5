package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"sync/atomic"
	"time"
)

// floor is the command "floor": the least that a relay in Go can be, with a socket and
// a goroutine for each party and no idea what it forwards. It prints its ports, two by
// two, and ends with its standard input. Load measures the box against it.
func floor(args []string) error {
	var calls int
	fs := flag.NewFlagSet("floor", flag.ContinueOnError)
	fs.IntVar(&calls, "calls", 100, "calls, each with two ports")
	if err := fs.Parse(args); err != nil {
		return err
	}
	for range calls {
		a, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(loopback))
		if err != nil {
			return err
		}
		b, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(loopback))
		if err != nil {
			return err
		}
		var atA, atB atomic.Pointer[netip.AddrPort]
		go forward(a, b, &atA, &atB)
		go forward(b, a, &atB, &atA)
		fmt.Println(a.LocalAddr().(*net.UDPAddr).Port, b.LocalAddr().(*net.UDPAddr).Port)
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// forward sends what comes on one socket out of the other, to where the other party is.
func forward(in, out *net.UDPConn, here, there *atomic.Pointer[netip.AddrPort]) {
	b := make([]byte, 1500)
	var last netip.AddrPort
	for {
		n, from, err := in.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		if from != last {
			last = from
			here.Store(new(from))
		}
		if to := there.Load(); to != nil {
			_, _ = out.WriteToUDPAddrPort(b[:n], *to) // loss is counted at the other end
		}
	}
}

// measureFloor lets calls talk over a floor for a while.
func measureFloor(ctx context.Context, near, far *crowd, calls int, span time.Duration) (m sample, err error) {
	self, err := os.Executable()
	if err != nil {
		return m, err
	}
	cmd := exec.CommandContext(ctx, self, "floor", "--calls", fmt.Sprint(calls))
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return m, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return m, err
	}
	if err := cmd.Start(); err != nil {
		return m, err
	}
	defer func() { stdin.Close(); _ = cmd.Wait() }()
	defer near.part()
	defer far.part()
	ports := bufio.NewScanner(stdout)
	for i := 0; i < calls && ports.Scan(); i++ {
		var a, b uint16
		if _, err := fmt.Sscan(ports.Text(), &a, &b); err != nil {
			return m, err
		}
		near.Inside(netip.AddrPortFrom(loopback.Addr(), a))
		far.Inside(netip.AddrPortFrom(loopback.Addr(), b))
	}
	m = watch(ctx, cmd.Process.Pid, span, true, near, far)
	if m.packets == 0 {
		return m, errors.New("nothing came over the floor")
	}
	return m, nil
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
