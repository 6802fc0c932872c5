//go:build !linux

package main

import (
	"net"
	"time"
)

func stampArrivals(*net.UDPConn) {}

func arrival([]byte) time.Time { return time.Now() }

func nap(d time.Duration) { time.Sleep(d) }
