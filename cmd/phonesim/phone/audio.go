package phone

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/zaf/g711"

	"github.com/pasokh/pasokh/firmware/clock"
)

const (
	rate     = 8000
	frame    = rate / 50
	pace     = 20 * time.Millisecond
	maxHeard = 10 * time.Minute // of sound kept
	level    = 8000             // amplitude of the tone sent, about -9 dBm0
)

// Audio is the sound of a call: it sends a tone or silence every 20 ms and keeps
// what comes in.
type Audio struct {
	clock   clock.Clock
	tone    int
	between Between

	mu      sync.Mutex
	conn    *net.UDPConn
	peer    session
	open    bool
	keys    []byte // to send
	pcm     []int16
	packets int
	lost    int
	breaks  int
	last    uint16
	ssrc    uint32
	ts      uint32
	at      time.Time     // of the last packet
	pause   time.Duration // longest between two packets
	lastKey uint32        // RTP time of the last key heard
	heard   func(digit byte)
	stop    context.CancelFunc
	done    sync.WaitGroup
}

func openAudio(c clock.Clock, at netip.Addr, tone int, between Between, heard func(byte)) (*Audio, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(at, 0)))
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	a := &Audio{conn: conn, clock: c, tone: tone, between: between, heard: heard, stop: stop}
	a.done.Go(func() { a.send(ctx, c) })
	a.done.Go(func() { a.receive(conn) })
	return a, nil
}

// move takes another port. The old one is closed by the function returned: the server
// sends there until it knows.
func (a *Audio) move() (leave func(), err error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(a.Local().Addr(), 0)))
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	old := a.conn
	a.conn = conn
	a.mu.Unlock()
	a.done.Go(func() { a.receive(conn) })
	return func() { _ = old.Close() }, nil
}

func (a *Audio) socket() *net.UDPConn {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.conn
}

func (a *Audio) close() {
	a.stop()
	_ = a.socket().Close()
	a.done.Wait()
}

// Local is the socket of the call's sound.
func (a *Audio) Local() netip.AddrPort {
	ap := a.socket().LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// announced is where the server is to send.
func (a *Audio) announced() netip.AddrPort {
	if a.between != nil {
		return a.between.Outside(a.Local())
	}
	return a.Local()
}

// set tells where to send; send is false while there is nothing to be sent.
func (a *Audio) set(s session, send bool) {
	if a.between != nil {
		s.remote = a.between.Inside(s.remote)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.peer, a.open = s, send && s.remote.IsValid()
}

// Press sends keys as RFC 4733 events, one after another.
func (a *Audio) Press(keys string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keys = append(a.keys, keys...)
}

const keyNames = "0123456789*#ABCD"

// keyFrames is how many packets a key lasts, and how many its end and the pause
// after it.
const (
	keyFrames   = 8
	endFrames   = 3
	pauseFrames = 4
)

func (a *Audio) send(ctx context.Context, c clock.Clock) {
	grid := clock.NewGrid(c, pace)
	h := rtp.Header{Version: 2, SSRC: rand.Uint32(), SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32(), Marker: true}
	pos, keyAt := 0, 0 // keyAt: packets into the current key
	var keyStart uint32
	for {
		if _, _, ok := grid.Wait(ctx); !ok {
			return
		}
		a.mu.Lock()
		conn, peer, open := a.conn, a.peer, a.open
		key := byte(0)
		if open && len(a.keys) > 0 {
			key = a.keys[0]
			if keyAt == keyFrames+endFrames+pauseFrames-1 {
				a.keys = a.keys[1:]
			}
		}
		a.mu.Unlock()
		if open {
			p := rtp.Packet{Header: h}
			switch {
			case key != 0 && keyAt < keyFrames+endFrames && peer.dtmf != 0:
				if keyAt == 0 {
					keyStart = h.Timestamp
				}
				p.Timestamp, p.PayloadType, p.Marker = keyStart, peer.dtmf, keyAt == 0
				p.Payload = keyPayload(key, keyAt)
			default:
				p.PayloadType = peer.payload
				p.Payload = encode(peer.payload, tone(a.tone, pos))
			}
			if key != 0 {
				keyAt = (keyAt + 1) % (keyFrames + endFrames + pauseFrames)
			}
			if b, err := p.Marshal(); err == nil {
				_, _ = conn.WriteToUDPAddrPort(b, peer.remote)
			}
			h.SequenceNumber++
			h.Marker = false
		}
		h.Timestamp += frame
		pos += frame
	}
}

func keyPayload(key byte, at int) []byte {
	b := []byte{0, 10, 0, 0}
	for i := range len(keyNames) {
		if keyNames[i] == key {
			b[0] = byte(i)
		}
	}
	length := min(at+1, keyFrames) * frame
	if at >= keyFrames {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], uint16(length))
	return b
}

func tone(hz, pos int) []int16 {
	pcm := make([]int16, frame)
	if hz > 0 {
		for i := range pcm {
			pcm[i] = int16(level * math.Sin(2*math.Pi*float64(hz)*float64(pos+i)/rate))
		}
	}
	return pcm
}

func encode(payload uint8, pcm []int16) []byte {
	b := make([]byte, len(pcm))
	for i, v := range pcm {
		if payload == 0 {
			b[i] = g711.EncodeUlawFrame(v)
		} else {
			b[i] = g711.EncodeAlawFrame(v)
		}
	}
	return b
}

func (a *Audio) receive(conn *net.UDPConn) {
	buf := make([]byte, 2048)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		var p rtp.Packet
		if p.Unmarshal(buf[:n]) == nil {
			a.take(&p)
		}
	}
}

func (a *Audio) take(p *rtp.Packet) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if gap := p.SequenceNumber - a.last; a.packets > 0 && gap > 1 && gap < 1000 {
		a.lost += int(gap) - 1
	}
	if key := p.PayloadType == a.peer.dtmf; a.packets > 0 && (p.SSRC != a.ssrc || !key && int32(p.Timestamp-a.ts) < 0) {
		a.breaks++
	}
	if a.ssrc = p.SSRC; p.PayloadType != a.peer.dtmf {
		a.ts = p.Timestamp
	}
	now := a.clock.Now()
	if !a.at.IsZero() {
		a.pause = max(a.pause, now.Sub(a.at))
	}
	a.at = now
	a.packets++
	a.last = p.SequenceNumber
	switch {
	case p.PayloadType == a.peer.dtmf && a.peer.dtmf != 0:
		if len(p.Payload) >= 4 && p.Payload[1]&0x80 != 0 && p.Timestamp != a.lastKey && int(p.Payload[0]) < len(keyNames) {
			a.lastKey = p.Timestamp
			a.heard(keyNames[p.Payload[0]])
		}
	case len(a.pcm) > int(maxHeard/time.Second)*rate:
	case p.PayloadType == 0:
		for _, b := range p.Payload {
			a.pcm = append(a.pcm, g711.DecodeUlawFrame(b))
		}
	case p.PayloadType == 8:
		for _, b := range p.Payload {
			a.pcm = append(a.pcm, g711.DecodeAlawFrame(b))
		}
	}
}
