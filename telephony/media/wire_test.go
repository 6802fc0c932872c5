package media

import (
	"bytes"
	"testing"

	"github.com/pion/rtp"
)

// TestAWireKeepsWhatIsOnTheWire: both directions of a relayed call, sealed as it is
// sent, as far as there is room and no longer than it is set; without garbage.
func TestAWireKeepsWhatIsOnTheWire(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
	a.Connect(b.Stream)
	a.say(440)
	w := NewWire(40)
	a.SetWire(w)
	for range 10 {
		a.say(440)
		b.say(880)
	}
	a.SetWire(nil)
	a.say(440)
	list, more := w.Packets()
	in, out := 0, 0
	for _, p := range list {
		var pk rtp.Packet
		if err := pk.Unmarshal(bytes.Clone(p.Data)); err != nil || len(pk.Payload) != 160 || p.Peer != a.at || p.Local != a.Local() || p.At.IsZero() {
			t.Fatalf("%+v %v", p, err)
		}
		if p.In {
			in++
		} else {
			out++
		}
	}
	if in != 10 || out != 10 || more {
		t.Errorf("%d in, %d out, more %v", in, out, more)
	}
	if line := e.NewLine("line", nil); line != nil {
		line.SetWire(w) // a line has no packets
		line.Close()
	}

	small := NewWire(5)
	a.SetWire(small)
	if n := testing.AllocsPerRun(100, func() { a.rtp.shown(a.Stream, true, a.at, make([]byte, 0)) }); n != 0 {
		t.Errorf("%.1f allocations per packet", n)
	}
	if list, more := small.Packets(); len(list) != 5 || !more {
		t.Errorf("a full wire keeps %d, more %v", len(list), more)
	}
}
