package sip

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/telephony/sip/wire"
)

// torture is a message of RFC 4475 or 5118 and what it must get.
type torture struct {
	name, class string
	codes       []string
	data        []byte
}

func tortures(t *testing.T) (list []torture) {
	manifest, err := os.ReadFile("testdata/torture/manifest.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(manifest)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		data, err := os.ReadFile(filepath.Join("testdata/torture", f[0]))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f[5] && len(f[5]) == 64 {
			t.Errorf("%s is not as it was published", f[0])
		}
		list = append(list, torture{f[0], f[3], strings.Split(f[4], ","), data})
	}
	if len(list) != 62 {
		t.Fatalf("%d messages, want 62", len(list))
	}
	return list
}

// judge compares a final status, 0 for none, with what the message's class asks.
func (x *torture) judge(t *testing.T, status int) {
	t.Helper()
	ok := false
	for _, code := range x.codes {
		ok = ok || code == strconv.Itoa(status)
	}
	switch x.class {
	case "valid":
		ok = status >= 200 && status != 400 && status < 500 || status == 501 || status >= 600
	case "invalid":
		ok = ok || status >= 400 && status < 500
	case "invalid-liberal":
		ok = status >= 200 && status < 500
	case "semantic":
		for _, code := range []int{401, 403, 404, 407, 416, 420, 481, 488} {
			ok = ok || code == status
		}
	case "response":
		ok = status == 0
	case "unjudged":
		ok = true
	default:
		t.Fatalf("class %q", x.class)
	}
	if !ok {
		t.Errorf("%s (%s, %s) got %d", x.name, x.class, strings.Join(x.codes, " "), status)
	}
}

// silent tells whether no final response is to come, or none need.
func (x *torture) silent() bool {
	return x.class == "response" || x.class == "unjudged"
}

// partial tells whether the message says that there is more of it.
func (x *torture) partial() bool {
	m := wire.Read(x.data)
	n, err := strconv.Atoi(m.Get("content-length"))
	return err == nil && n > len(m.Body) || !bytes.Contains(x.data, []byte("\r\n\r\n"))
}

// lifeSign asks the server for its options.
func (r *rig) lifeSign(t *testing.T) {
	t.Helper()
	if status := r.ask(t, waitTime); status != 200 {
		t.Errorf("OPTIONS afterwards: %d", status)
	}
}

// ask sends OPTIONS and returns the final status, 0 for none.
func (r *rig) ask(t *testing.T, patience time.Duration) int {
	t.Helper()
	c, err := net.Dial("udp", r.Addr("UDP").String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	text := strings.Replace(options("UDP"), "x.invalid;branch=z9hG4bK1", "x.invalid;rport;branch=z9hG4bK"+rand.Text(), 1)
	if _, err := c.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return finalStatus(t, c, "", patience)
}

// calm is how long a peer that wants no answer listens for one all the same.
const calm = 300 * time.Millisecond

// finalStatus reads packets until one is a final response, of a call unless that
// is ""; 0 if none comes for that long. Answers to earlier messages are still repeated.
func finalStatus(t *testing.T, c net.Conn, call string, patience time.Duration) int {
	t.Helper()
	b := make([]byte, 65536)
	_ = c.SetReadDeadline(time.Now().Add(patience))
	for {
		n, err := c.Read(b)
		if err != nil {
			return 0
		}
		res := wire.Read(b[:n])
		if status := statusOf(b[:n]); status >= 200 && (call == "" || res.Get("call-id") == call) {
			return status
		}
	}
}

func statusOf(b []byte) int {
	rest, ok := bytes.CutPrefix(b, []byte("SIP/2.0 "))
	if !ok {
		return 0
	}
	n, _ := strconv.Atoi(string(rest[:min(3, len(rest))]))
	return n
}

func TestTortureByUDP(t *testing.T) {
	r := newRig(t)
	r.lifeSign(t)
	before := descriptors(t)
	ours := netip.AddrFrom4([4]byte{127, 77, byte(os.Getpid() >> 8), byte(os.Getpid()) | 1}) // several of this test may run at once
	goroutines := runtime.NumGoroutine()
	for _, x := range tortures(t) {
		// The answer goes to the port that the Via names.
		m := wire.Read(x.data)
		from := netip.AddrPortFrom(ours, 5060)
		if m.Get("via") != "" {
			from = m.Return(from)
		}
		c, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(from), net.UDPAddrFromAddrPort(r.Addr("UDP")))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write(x.data); err != nil {
			t.Fatal(err)
		}
		patience := waitTime
		if x.silent() {
			patience = calm
		}
		x.judge(t, finalStatus(t, c, m.Get("call-id"), patience))
		_ = c.Close()
		r.lifeSign(t)
	}
	r.flat(t, before, goroutines)
}

func TestTortureByTCP(t *testing.T) {
	r := newRig(t)
	r.lifeSign(t)
	before := descriptors(t)
	goroutines := runtime.NumGoroutine()
	for _, x := range tortures(t) {
		c, err := net.Dial("tcp", r.Addr("TCP").String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write(x.data); err != nil {
			t.Fatal(err)
		}
		patience := waitTime
		switch {
		case x.silent():
			patience = calm
		case x.partial(): // the server waits for the rest
			_ = c.(*net.TCPConn).CloseWrite()
		}
		x.judge(t, finalStatus(t, c, "", patience))
		_ = c.Close()
		r.lifeSign(t)
	}
	r.flat(t, before, goroutines)
}

// flat fails the test unless descriptors and goroutines go back to what they were.
func (r *rig) flat(t *testing.T, fds []string, goroutines int) {
	t.Helper()
	eventually(t, "no connection left", func() bool { return r.doors.Open() == 0 })
	defer func() {
		if t.Failed() {
			t.Logf("open are %q", descriptors(t))
		}
	}()
	eventually(t, "descriptors flat", func() bool { return len(descriptors(t)) <= len(fds) })
	eventually(t, "goroutines flat", func() bool { return runtime.NumGoroutine() <= goroutines })
	if n := r.dialogs.Len(); n != 0 {
		t.Errorf("%d dialogs left", n)
	}
}

// descriptors are the open files of the program, sockets with their addresses.
func descriptors(t *testing.T) (list []string) {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		need.Missing(t, "descriptors cannot be counted here: "+err.Error())
	}
	for _, f := range open {
		what, _ := os.Readlink("/proc/self/fd/" + f.Name())
		if fd, err := strconv.Atoi(f.Name()); err == nil && strings.HasPrefix(what, "socket:") {
			here, _ := syscall.Getsockname(fd)
			there, _ := syscall.Getpeername(fd)
			what += fmt.Sprintf(" %+v to %+v", here, there)
		}
		list = append(list, what)
	}
	return list
}

func TestStrictAndLiberal(t *testing.T) {
	bubble(t, func(m *memory) {
		q := message{"OPTIONS", "1001", "odd", 1, ""}
		for _, x := range []struct {
			name, old, new string
			want           int
		}{
			{"good", "", "", 200},
			{"version", "SIP/2.0\n", "SIP/3.0\n", 505},
			{"telephone number", "OPTIONS sip:box.test", "OPTIONS tel:+15551234", 416},
			{"loop", "Max-Forwards: 70", "Max-Forwards: 0", 483},
			{"hops", "Max-Forwards: 70", "Max-Forwards: 256", 400},
			{"two calls", "Call-ID: odd\n", "Call-ID: odd\ni: other\n", 400},
			{"no call", "Call-ID: odd\n", "", 400},
			{"other method", "1 OPTIONS\n", "1 INVITE\n", 400},
			{"folded", "CSeq: 1 OPTIONS", "CSeq: 1\n OPTIONS", 200},
			{"two spaces", "OPTIONS sip", "OPTIONS  sip", 400},
			{"brackets", "sip:box.test SIP", "<sip:box.test> SIP", 400},
		} {
			q.seq = 1
			text := strings.Replace(q.text(""), x.old, x.new, 1)
			m.Send(strings.Replace(text, "branch=z9hG4bK-", "branch=z9hG4bK-"+strings.ReplaceAll(x.name, " ", ""), 1))
			if res, ok := m.Next().(*sip.Response); !ok || res.StatusCode != x.want {
				t.Errorf("%s: got %v, want %d", x.name, res, x.want)
			}
		}
		m.Send(strings.Replace(message{"ACK", "1001", "odd", 1, ""}.text(""), "Call-ID: odd\n", "", 1))
		m.Quiet(time.Second)
	})
}
