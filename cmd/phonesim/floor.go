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
	"sync"
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

var loopback = netip.MustParseAddrPort("127.0.0.1:0")

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

// measureFloor lets calls talk over a floor for a while and gives its processor time
// per packet.
func measureFloor(ctx context.Context, calls int, span time.Duration) (time.Duration, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, self, "floor", "--calls", fmt.Sprint(calls))
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer func() { stdin.Close(); _ = cmd.Wait() }()
	var heard atomic.Int64
	var talking sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	defer func() { stop(); talking.Wait() }()
	ports := bufio.NewScanner(stdout)
	for i := 0; i < calls && ports.Scan(); i++ {
		var pair [2]uint16
		if _, err := fmt.Sscan(ports.Text(), &pair[0], &pair[1]); err != nil {
			return 0, err
		}
		for k, port := range pair {
			c, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(loopback))
			if err != nil {
				return 0, err
			}
			phase := time.Duration(2*i+k) * 20 * time.Millisecond / time.Duration(2*calls)
			talking.Go(func() { talk(ctx, c, netip.AddrPortFrom(loopback.Addr(), port), phase) })
			talking.Go(func() { listen(c, &heard) })
		}
	}
	rest(ctx, time.Second)
	before, _ := spent(cmd.Process.Pid)
	begun := heard.Load()
	rest(ctx, span)
	after, _ := spent(cmd.Process.Pid)
	n := heard.Load() - begun
	if n == 0 {
		return 0, errors.New("nothing came over the floor")
	}
	return (after - before) / time.Duration(n), nil
}

// talk sends a packet of 20 ms of G.711 every 20 ms and closes the socket at the end.
func talk(ctx context.Context, c *net.UDPConn, to netip.AddrPort, phase time.Duration) {
	defer c.Close()
	rest(ctx, phase)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	packet := make([]byte, 172)
	for {
		_, _ = c.WriteToUDPAddrPort(packet, to)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func listen(c *net.UDPConn, heard *atomic.Int64) {
	b := make([]byte, 1500)
	for {
		if _, err := c.Read(b); err != nil {
			return
		}
		heard.Add(1)
	}
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
