package main

import (
	"bytes"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/webui/api"
)

// leakyRouter stands between a real phone and the box: signalling goes through it, in
// whose descriptions it puts its own ports, and so the sound, of which it loses every so
// manyth packet. RTCP goes through whole.
type leakyRouter struct {
	t          *testing.T
	port       int // where the phone finds the box
	box        *net.UDPConn
	here       *net.UDPConn
	server     netip.AddrPort
	phone      atomic.Pointer[netip.AddrPort]
	sound      [2]leak // RTP and RTCP
	base       int     // ports: RTP and RTCP towards the box, then towards the phone
	ofPhone    int     // one in so many of its packets is lost
	ofBox      int     // of those to it
	boxPort    atomic.Int32
	phonePort  atomic.Int32
	lostOfBoth atomic.Int32
}

// leak is one port of each side.
type leak struct{ toBox, toPhone *net.UDPConn }

func newLeakyRouter(d *demo, ofPhone, ofBox int) *leakyRouter {
	t := d.t
	t.Helper()
	r := &leakyRouter{t: t, ofPhone: ofPhone, ofBox: ofBox, base: freePorts(t, 6),
		server: netip.MustParseAddrPort(d.env["SIP_HOST"] + ":" + d.env["SIP_PORT"])}
	listen := func(port int) *net.UDPConn {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	r.port = r.base + 4
	r.here, r.box = listen(r.port), listen(r.base+5)
	for i := range r.sound {
		r.sound[i] = leak{listen(r.base + i), listen(r.base + 2 + i)}
		go r.carry(r.sound[i].toPhone, r.sound[i].toBox, &r.boxPort, i, r.ofPhone)
		go r.carry(r.sound[i].toBox, r.sound[i].toPhone, &r.phonePort, i, r.ofBox)
	}
	go r.signal(r.here, r.box, &r.phonePort, r.base)
	go r.signal(r.box, r.here, &r.boxPort, r.base+2)
	return r
}

var (
	soundPort = regexp.MustCompile(`m=audio (\d+) `)
	soundHost = regexp.MustCompile(`c=IN IP4 [0-9.]+`)
	bodyLen   = regexp.MustCompile(`(?i)Content-Length: *\d+`)
)

// signal carries SIP from one side to the other.
func (r *leakyRouter) signal(from, by *net.UDPConn, sound *atomic.Int32, ours int) {
	buf := make([]byte, 1<<16)
	for {
		n, at, err := from.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		to := r.server
		if from == r.here {
			r.phone.Store(&at)
		} else if p := r.phone.Load(); p != nil {
			to = *p
		}
		head, body, _ := bytes.Cut(buf[:n], []byte("\r\n\r\n"))
		if m := soundPort.FindSubmatch(body); m != nil {
			port, _ := strconv.Atoi(string(m[1]))
			sound.Store(int32(port))
			body = soundPort.ReplaceAll(body, fmt.Appendf(nil, "m=audio %d ", ours))
			body = soundHost.ReplaceAll(body, []byte("c=IN IP4 127.0.0.1"))
			head = bodyLen.ReplaceAll(head, fmt.Appendf(nil, "Content-Length: %d", len(body)))
		}
		_, _ = by.WriteToUDPAddrPort(bytes.Join([][]byte{head, body}, []byte("\r\n\r\n")), to)
	}
}

// carry takes packets of sound from one side to the other.
func (r *leakyRouter) carry(from, by *net.UDPConn, port *atomic.Int32, second, lost int) {
	buf := make([]byte, 2048)
	for i := 1; ; i++ {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		to := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(int(port.Load())+second))
		if second == 0 && i%lost == 0 {
			r.lostOfBoth.Add(1)
			continue
		}
		_, _ = by.WriteToUDPAddrPort(buf[:n], to)
	}
}

// TestLossIsSeenFromBothEnds: of a baresip behind a router that loses packets its own
// reports tell what it did not hear, the box counts what did not come, and the record's
// score falls with the worse of the two.
func TestLossIsSeenFromBothEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		ofPhone, ofBox int
	}{{"towards the phone", 1000, 10}, {"towards the box", 10, 1000}, {"little towards both", 40, 20}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := startDemo(t)
			r := newLeakyRouter(d, c.ofPhone, c.ofBox)
			behind := *d
			behind.env = maps.Clone(d.env)
			behind.env["SIP_PORT"] = strconv.Itoa(r.port)
			a := startBaresip(&behind, "A", toneA)
			a.do("dial", "sip:"+d.env["EXT_MUSIC"]+"@"+behind.env["SIP_HOST"]+":"+behind.env["SIP_PORT"])
			a.wait("CALL_ESTABLISHED", 10*time.Second)
			id := d.state().Calls[0].ID
			eventually(t, 30*time.Second, "20 seconds of sound", func() bool { return a.recorded() > 20*2*8000 })
			a.do("hangup", "")
			d.becomes(10*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
			record := d.record("1001", d.env["EXT_MUSIC"])
			var q *call.Quality
			for _, step := range d.steps(id)[call.StepQuality] {
				q = step.Quality
			}
			if q == nil {
				t.Fatal("the ledger has no quality")
			}
			story := d.cli("calls", "show", string(id))
			t.Logf("from %.3f (MOS %.2f), to %.3f (MOS %.2f), record %.2f %s; %d packets were lost", q.From.Share(), q.From.MOS, q.To.Share(), q.To.MOS, record.MOS, record.Grade, r.lostOfBoth.Load())
			for way, x := range map[string]struct{ got, want float64 }{
				"from the phone": {q.From.Share(), 1 / float64(c.ofPhone)}, "to the phone": {q.To.Share(), 1 / float64(c.ofBox)}} {
				if x.got < x.want-0.015 || x.got > x.want+0.015 {
					t.Errorf("%s: %.3f lost, want %.3f", way, x.got, x.want)
				}
			}
			if worse := min(q.From.MOS, q.To.MOS); record.MOS != worse || worse > 4.0 || worse < 2 {
				t.Errorf("MOS %.2f and %.2f, the record says %.2f", q.From.MOS, q.To.MOS, record.MOS)
			}
			if percent := fmt.Sprintf("%.1f", 100*q.To.Share()); !strings.Contains(story, percent) {
				t.Errorf("the story does not say %s %%:\n%s", percent, story)
			}
		})
	}
}
