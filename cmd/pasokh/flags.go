package main

import (
	"flag"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
)

// settings are serve's flags: what must be known before any configuration can
// be read or any page shown.
type settings struct {
	demo     bool
	data     string
	config   string // YAML file that becomes the configuration at start
	listen   netip.Addr
	sipPort  int
	sipsPort int
	httpPort int
	rtpMin   int
	rtpMax   int
	verbose  bool
	profile  string // file for a CPU profile
}

func parseFlags(args []string, out io.Writer) (settings, error) {
	var s settings
	var listen, rtp string
	f := flag.NewFlagSet("pasokh serve", flag.ContinueOnError)
	f.SetOutput(out)
	f.BoolVar(&s.demo, "demo", false, "run the demo: loopback only, simulated board, its own configuration")
	f.StringVar(&s.data, "data", "var", "data `directory`")
	f.StringVar(&s.config, "config", "", "configuration `file` (YAML) to start with")
	f.StringVar(&listen, "listen", "", "`address` to listen on (default 127.0.0.1 in the demo, else all)")
	f.IntVar(&s.sipPort, "sip-port", 5060, "SIP `port`, UDP and TCP")
	f.IntVar(&s.sipsPort, "sips-port", 5061, "SIP over TLS `port`")
	f.IntVar(&s.httpPort, "http-port", 0, "page `port` (default 8080 in the demo, else 443)")
	f.StringVar(&rtp, "rtp-ports", "20000-29999", "RTP port range `A-B`")
	f.BoolVar(&s.verbose, "verbose", false, "log debugging detail")
	f.StringVar(&s.profile, "cpu-profile", "", "write a CPU profile for `go tool pprof` to a `file` until the box stops")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if f.NArg() > 0 {
		return s, fmt.Errorf("serve takes no argument %q", f.Arg(0))
	}
	s.listen = netip.IPv4Unspecified()
	if s.demo {
		s.listen = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if listen != "" {
		addr, err := netip.ParseAddr(listen)
		if err != nil {
			return s, fmt.Errorf("--listen: %w", err)
		}
		if s.demo && !addr.IsLoopback() {
			return s, fmt.Errorf("--listen %s: the demo listens on loopback only", addr)
		}
		s.listen = addr
	}
	if s.httpPort == 0 {
		s.httpPort = 443
		if s.demo {
			s.httpPort = 8080
		}
	}
	var err error
	if s.rtpMin, s.rtpMax, err = portRange(rtp); err != nil {
		return s, fmt.Errorf("--rtp-ports: %w", err)
	}
	for name, p := range map[string]int{"sip-port": s.sipPort, "sips-port": s.sipsPort, "http-port": s.httpPort} {
		if p < 1 || p > 65535 {
			return s, fmt.Errorf("--%s %d: a port is 1 to 65535", name, p)
		}
	}
	return s, nil
}

func portRange(text string) (low, high int, err error) {
	a, b, ok := strings.Cut(text, "-")
	if !ok {
		return 0, 0, fmt.Errorf("%q is not a range like 20000-29999", text)
	}
	if low, err = strconv.Atoi(a); err != nil {
		return 0, 0, fmt.Errorf("%q is not a range like 20000-29999", text)
	}
	if high, err = strconv.Atoi(b); err != nil {
		return 0, 0, fmt.Errorf("%q is not a range like 20000-29999", text)
	}
	if low < 1024 || high > 65535 || high-low < 3 {
		return 0, 0, fmt.Errorf("%q: ports are 1024 to 65535, at least four of them", text)
	}
	return low, high, nil
}
