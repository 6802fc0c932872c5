package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"time"

	"github.com/zaf/g711"
)

// caller is a customer: a SIPp of his own that calls from the trunk's address, keeps to
// his plan, and leaves a log of its messages. His ear is a socket of the test, since SIPp
// keeps no sound.
type caller struct {
	callPlan
	dir   string
	from  string // address
	ports int    // the first of eight for SIPp: sound and video have theirs
	ear   *ear

	cmd  *exec.Cmd
	end  error
	done chan struct{}
	said []sippMessage // in order, repetitions too; read once done
}

// callPlan is what a caller means to do.
type callPlan struct {
	At       time.Duration // after the beginning
	Number   string
	DID      string
	Patience int // ms, after the last key
	Presses  []press
	Talks    bool // he says something: a message wants a voice
	Port     int  // of his ear
}

// press is a key in a caller's plan.
type press struct {
	Key   string
	After int // ms, after the answer or the key before
	Seq   int
}

// sippMessage is a line of SIPp's log of short messages.
type sippMessage struct {
	at   time.Time
	sent bool
	what string // "1 INVITE SIP/2.0 200 OK"
}

// telcos counts the addresses that telco has given out.
var telcos atomic.Int32

// telco is a loopback address for a test's trunk and the SIPps behind it, where nobody else
// takes a port.
func telco() string { return fmt.Sprintf("127.%d.%d.7", 1+os.Getpid()%250, telcos.Add(1)%250) }

// calls begins the call. done is closed when it is over.
func (c *caller) calls(d *demo) {
	if err := c.begins(d); err != nil {
		d.t.Errorf("%s: %v", c.Number, err)
		close(c.done)
	}
}

func (c *caller) begins(d *demo) (err error) {
	if c.ear, err = newEar(c.Talks); err != nil {
		return err
	}
	c.Port = c.ear.port()
	for i := range c.Presses {
		c.Presses[i].Seq = 2 + i
	}
	scenario, err := template.ParseFiles(filepath.Join("testdata", "centre.xml"))
	if err != nil {
		return err
	}
	var text strings.Builder
	if err := scenario.Execute(&text, c.callPlan); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.dir, "centre.xml"), []byte(text.String()), 0o600); err != nil {
		return err
	}
	c.cmd = exec.Command("sipp", "-sf", "centre.xml", "-m", "1", "-i", c.from, "-p", fmt.Sprint(c.ports), "-mp", fmt.Sprint(c.ports+2), "-nostdin", "-timeout", "300s", "-timeout_error",
		"-trace_err", "-error_file", "errors", "-trace_shortmsg", "-shortmessage_file", "messages", d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	c.cmd.Dir = c.dir
	if err := c.cmd.Start(); err != nil {
		return err
	}
	go func() {
		c.end = c.cmd.Wait()
		c.read()
		c.ear.close()
		close(c.done)
	}()
	return nil
}

// read takes in the log.
func (c *caller) read() {
	text, _ := os.ReadFile(filepath.Join(c.dir, "messages"))
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		at, err := time.ParseInLocation("2006-01-02\t15:04:05.000000", strings.Join(f[:min(2, len(f))], "\t"), time.Local)
		if err != nil || len(f) < 5 {
			continue
		}
		for i, word := range f {
			if word == "S" || word == "R" {
				c.said = append(c.said, sippMessage{at: at, sent: word == "S", what: strings.TrimPrefix(strings.Join(f[i+2:], " "), "CSeq:")})
				break
			}
		}
	}
}

// drops is the caller's line failing: his SIPp is gone without a word.
func (c *caller) drops() { _ = c.cmd.Process.Kill() }

// complains is what SIPp did not like.
func (c *caller) complains() string {
	text, _ := os.ReadFile(filepath.Join(c.dir, "errors"))
	return strings.TrimSpace(string(text))
}

// first is when a message that has all these words in it first went or came.
func (c *caller) first(sent bool, words ...string) (at time.Time) {
search:
	for _, m := range c.said {
		for _, w := range words {
			if m.sent != sent || !strings.Contains(m.what, w) {
				continue search
			}
		}
		return m.at
	}
	return time.Time{}
}

// ear is where a caller's sound arrives. It keeps what it hears by RTP's own time, and
// when each packet came. It says something now and then, as a phone that saves silence does.
type ear struct {
	conn  *net.UDPConn
	talks bool

	mu    sync.Mutex
	first uint32
	began bool
	pcm   []int16
	came  []time.Time // of every 20 ms of pcm; zero: lost
	ssrcs map[uint32]bool
}

const earFrame = 160

func newEar(talks bool) (*ear, error) {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	e := &ear{conn: conn, talks: talks, ssrcs: map[uint32]bool{}}
	go e.listen()
	return e, nil
}

func (e *ear) port() int { return e.conn.LocalAddr().(*net.UDPAddr).Port }
func (e *ear) close()    { _ = e.conn.Close() }

func (e *ear) listen() {
	buf := make([]byte, 2048)
	packet, seq, pos := make([]byte, 12+earFrame), uint16(0), 0
	for {
		n, from, err := e.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		if n < 12 || buf[0]>>6 != 2 || buf[1]&0x7f != 8 {
			continue
		}
		e.hear(binary.BigEndian.Uint32(buf[4:]), binary.BigEndian.Uint32(buf[8:]), buf[12:n])
		// What comes in beats the time for what goes out.
		if seq++; !e.talks && seq%100 != 0 {
			continue
		}
		packet[0], packet[1] = 0x80, 8
		binary.BigEndian.PutUint16(packet[2:], seq)
		binary.BigEndian.PutUint32(packet[4:], uint32(seq)*earFrame)
		binary.BigEndian.PutUint32(packet[8:], 0x70a50c)
		for i := range earFrame {
			packet[12+i] = g711.EncodeAlawFrame(0)
			if e.talks {
				packet[12+i] = g711.EncodeAlawFrame(int16(6000 * (pos / 4 % 2)))
			}
			pos++
		}
		_, _ = e.conn.WriteToUDPAddrPort(packet, from)
	}
}

func (e *ear) hear(stamp, ssrc uint32, law []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.began {
		e.began, e.first = true, stamp
	}
	e.ssrcs[ssrc] = true
	at := int(int32(stamp - e.first))
	if at < 0 || at > 20*60*8000 {
		return
	}
	for len(e.pcm) < at+len(law) {
		e.pcm = append(e.pcm, make([]int16, earFrame)...)
		e.came = append(e.came, time.Time{})
	}
	for i, b := range law {
		e.pcm[at+i] = g711.DecodeAlawFrame(b)
	}
	e.came[at/earFrame] = time.Now()
}

// lost is how many packets of 20 ms never came.
func (e *ear) lost() (n int) {
	for _, at := range e.came {
		if at.IsZero() {
			n++
		}
	}
	return n
}

// hearing tells whether a tone is heard now.
func (e *ear) hearing(hz int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.pcm) > 4000 && goertzelShare(e.pcm[len(e.pcm)-4000:], float64(hz)) > 0.9
}

// hears is when, and at which sample, a tone is heard first for 60 ms, after a time: music
// has pure notes too. ok is false if never.
func (e *ear) hears(hz int, after time.Time) (at time.Time, sample int, ok bool) {
	run := 0
	for i := range e.came {
		if e.came[i].Before(after) { // or lost
			continue
		}
		if goertzelShare(e.pcm[i*earFrame:(i+1)*earFrame], float64(hz)) < 0.8 {
			run = 0
			continue
		}
		if run++; run == 3 {
			for i -= 2; e.came[i].IsZero(); i++ {
			}
			return e.came[i], i * earFrame, true
		}
	}
	return time.Time{}, 0, false
}
