package rtcp

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

var start = time.Date(2026, 3, 20, 14, 45, 0, 123456789, time.UTC)

func parse(t *testing.T, b []byte) []rtcp.Packet {
	t.Helper()
	list, err := rtcp.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := rtcp.CompoundPacket(list).Validate(); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestASenderReports(t *testing.T) {
	s := New("box")
	list := parse(t, s.Report(start, Sent{SSRC: 7, Packets: 250, Octets: 40000, Timestamp: 99}, nil))
	sr, ok := list[0].(*rtcp.SenderReport)
	if !ok || sr.SSRC != 7 || sr.PacketCount != 250 || sr.OctetCount != 40000 || sr.RTPTime != 99 || len(sr.Reports) != 0 {
		t.Fatalf("report %+v", list[0])
	}
	if at := time.Unix(int64(sr.NTPTime>>32)-2208988800, int64(sr.NTPTime&0xffffffff)*1e9>>32).Sub(start); at.Abs() > 2 {
		t.Errorf("its time is off by %s", at)
	}
	if d, ok := list[1].(*rtcp.SourceDescription); !ok || d.Chunks[0].Items[0].Text != "box" {
		t.Errorf("no CNAME: %+v", list[1])
	}
}

func TestWhoSendsNothingForTwoReportsIsAReceiver(t *testing.T) {
	s := New("box")
	for i, want := range []bool{false, true, true, false, true} {
		sent := []uint64{0, 10, 10, 10, 20}
		_, sender := parse(t, s.Report(start, Sent{Packets: sent[i]}, nil))[0].(*rtcp.SenderReport)
		if sender != want {
			t.Errorf("report %d, %d packets sent: sender %v", i, sent[i], sender)
		}
	}
}

func TestByeIsLast(t *testing.T) {
	list := parse(t, New("box").Bye(start, Sent{SSRC: 7}, nil))
	if b, ok := list[len(list)-1].(*rtcp.Goodbye); !ok || len(b.Sources) != 1 || b.Sources[0] != 7 {
		t.Errorf("last is %+v", list[len(list)-1])
	}
}

// block is the report block of a report on r.
func block(t *testing.T, s *Session, now time.Time, r Received) rtcp.ReceptionReport {
	t.Helper()
	return parse(t, s.Report(now, Sent{}, &r))[0].(*rtcp.ReceiverReport).Reports[0]
}

func TestLossIsThatSinceTheLastReport(t *testing.T) {
	s := New("box")
	for _, c := range []struct {
		r        Received
		fraction uint8
		total    uint32
	}{
		{Received{SSRC: 1, Highest: 99, Expected: 100, Packets: 75, Jitter: 12}, 64, 25},
		{Received{SSRC: 1, Highest: 199, Expected: 200, Packets: 175}, 0, 25},
		{Received{SSRC: 1, Highest: 199, Expected: 200, Packets: 175}, 0, 25},
		{Received{SSRC: 1, Highest: 209, Expected: 210, Packets: 190}, 0, 20}, // late ones came
		{Received{SSRC: 2, Highest: 9, Expected: 10, Packets: 5}, 128, 5},     // another source
		{Received{SSRC: 2, Highest: 3, Expected: 4, Packets: 4}, 0, 0},        // began anew
		{Received{SSRC: 2, Highest: 1<<30 + 4, Expected: 1 << 30, Packets: 4}, 255, 1<<23 - 1},
	} {
		b := block(t, s, start, c.r)
		if b.SSRC != c.r.SSRC || b.FractionLost != c.fraction || b.TotalLost != c.total || b.LastSequenceNumber != c.r.Highest || b.Jitter != c.r.Jitter {
			t.Errorf("%+v is told as %+v, want fraction %d, total %d", c.r, b, c.fraction, c.total)
		}
	}
}

// Two sessions that report to each other over a path of 35 ms each way.
func TestRoundTrip(t *testing.T) {
	const way = 35 * time.Millisecond
	a, b := New("a"), New("b")
	sentA, sentB := Sent{SSRC: 1, First: 100, Packets: 250}, Sent{SSRC: 2, Packets: 200}
	if !b.Take(a.Report(start, sentA, nil), start.Add(way), sentB) {
		t.Fatal("report not taken")
	}
	if _, told := b.Told(); told {
		t.Error("told of nothing")
	}
	later := start.Add(3 * time.Second)
	if !a.Take(b.Report(later, sentB, &Received{SSRC: 1, Highest: 349, Expected: 250, Packets: 240, Jitter: 80}), later.Add(way), sentA) {
		t.Fatal("report not taken")
	}
	told, ok := a.Told()
	if !ok || told.Packets != 240 || told.Lost != 10 || told.Jitter != 80 || (told.RoundTrip-2*way).Abs() > time.Millisecond {
		t.Errorf("told %+v, want 240 packets, 10 lost, a round trip of %s", told, 2*way)
	}
}

func TestOddReportsAreTakenAsFarAsTheyMakeSense(t *testing.T) {
	rr := func(r rtcp.ReceptionReport) []byte {
		b, err := rtcp.ReceiverReport{SSRC: 9, Reports: []rtcp.ReceptionReport{{SSRC: 3}, r}}.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	sent := Sent{SSRC: 1, First: 1000, Packets: 100}
	good := rr(rtcp.ReceptionReport{SSRC: 1, LastSequenceNumber: 1099, TotalLost: 5})
	unknown := []byte{0x80, 222, 0, 1, 0, 0, 0, 0}
	for name, c := range map[string]struct {
		b    []byte
		want Told
		ok   bool
	}{
		"alone":                       {good, Told{Packets: 95, Lost: 5}, true},
		"after a type nobody knows":   {append(bytes.Clone(unknown), good...), Told{Packets: 95, Lost: 5}, true},
		"before garbage":              {append(bytes.Clone(good), 1, 2, 3), Told{Packets: 95, Lost: 5}, true},
		"negative loss":               {rr(rtcp.ReceptionReport{SSRC: 1, LastSequenceNumber: 1099, TotalLost: 1<<24 - 4}), Told{Packets: 100}, true},
		"more lost than sent":         {rr(rtcp.ReceptionReport{SSRC: 1, LastSequenceNumber: 1099, TotalLost: 5000}), Told{Lost: 100}, true},
		"a number we never sent":      {rr(rtcp.ReceptionReport{SSRC: 1, LastSequenceNumber: 7 << 20, TotalLost: 1}), Told{Packets: 99, Lost: 1}, true},
		"a report we never made":      {rr(rtcp.ReceptionReport{SSRC: 1, LastSequenceNumber: 1099, LastSenderReport: 5, Delay: 9}), Told{Packets: 100}, true},
		"of others":                   {rr(rtcp.ReceptionReport{SSRC: 4}), Told{}, true},
		"nothing that anybody knows":  {unknown, Told{}, false},
		"cut":                         {good[:20], Told{}, false},
		"empty":                       {nil, Told{}, false},
		"RTP":                         {append([]byte{0x80, 8, 0, 1}, make([]byte, 168)...), Told{}, false},
		"extended":                    {[]byte{0x80, 207, 0, 1, 0, 0, 0, 9}, Told{}, true},
		"more packets than are read":  {bytes.Repeat([]byte{0x80, 203, 0, 0}, 300), Told{}, true},
		"after more than we look at":  {append(bytes.Repeat([]byte{0x80, 203, 0, 0}, maxPackets), good...), Told{}, true},
		"length beyond what is there": {[]byte{0x80, 201, 0xff, 0xff, 0, 0, 0, 1}, Told{}, false},
	} {
		s := New("box")
		ok := s.Take(c.b, start, sent)
		if told, _ := s.Told(); told != c.want || ok != c.ok {
			t.Errorf("%s: told %+v, taken %v; want %+v, %v", name, told, ok, c.want, c.ok)
		}
	}
}

func FuzzTake(f *testing.F) {
	s := New("box")
	f.Add(s.Report(start, Sent{SSRC: 1, Packets: 1}, &Received{SSRC: 2, Expected: 3, Packets: 1}))
	f.Add(s.Bye(start, Sent{SSRC: 1}, nil))
	f.Add([]byte{0x80, 207, 0, 1, 0, 0, 0, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, sent := New("box"), Sent{SSRC: 1, First: 5, Packets: 1000}
		s.Take(b, start, sent)
		if told, _ := s.Told(); told.RoundTrip < 0 || told.RoundTrip > longestTrip || told.Packets+told.Lost > sent.Packets+strangest {
			t.Errorf("believes %+v", told)
		}
		if _, err := rtcp.Unmarshal(s.Report(start.Add(time.Second), sent, &Received{SSRC: 1, Expected: 9, Packets: 9})); err != nil {
			t.Errorf("wrote what cannot be read: %v", err)
		}
	})
}
