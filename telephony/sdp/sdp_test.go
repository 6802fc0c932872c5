package sdp

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pion "github.com/pion/sdp/v3"
)

var us = Local{
	Address: netip.MustParseAddr("192.0.2.1"), Port: 10000, Codecs: []string{"PCMA", "PCMU"},
	SessionID: 7, Version: 3, DTMF: true,
}

func lines(s ...string) []byte { return []byte(strings.Join(s, "\r\n") + "\r\n") }

func TestOfferIsWhatTheStandardSays(t *testing.T) {
	want := lines("v=0", "o=- 7 3 IN IP4 192.0.2.1", "s=pasokh", "c=IN IP4 192.0.2.1", "t=0 0",
		"m=audio 10000 RTP/AVP 8 0 101", "a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000",
		"a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv")
	if diff := cmp.Diff(string(want), string(Offer(us))); diff != "" {
		t.Error(diff)
	}
	six := us
	six.Address = netip.MustParseAddr("2001:db8::1")
	if got := string(Offer(six)); !strings.Contains(got, "c=IN IP6 2001:db8::1\r\n") {
		t.Errorf("no IPv6 connection line in\n%s", got)
	}
}

func TestAnswer(t *testing.T) {
	remote := netip.MustParseAddrPort("198.51.100.2:4000")
	head := []string{"v=0", "o=x 1 1 IN IP4 198.51.100.2", "s=-", "c=IN IP4 198.51.100.2", "t=0 0"}
	tests := []struct {
		name  string
		offer []string
		local func(*Local)
		want  Agreed
		has   []string // lines of the answer, in order
	}{
		{name: "static types, the offer's order",
			offer: []string{"m=audio 4000 RTP/AVP 0 8"},
			want:  Agreed{Remote: remote, Codec: "PCMU", PayloadType: 0, Ptime: 20},
			has:   []string{"m=audio 10000 RTP/AVP 0", "a=sendrecv"}},
		{name: "dynamic type and keys under other numbers",
			offer: []string{"m=audio 4000 RTP/AVP 96 97 98", "a=rtpmap:96 opus/48000/2", "a=rtpmap:97 pcma/8000/1", "a=rtpmap:98 telephone-event/8000"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 97, DTMF: 98, Ptime: 20},
			has:   []string{"m=audio 10000 RTP/AVP 97 98", "a=rtpmap:97 PCMA/8000", "a=fmtp:98 0-15"}},
		{name: "keys at 48 kHz are not ours",
			offer: []string{"m=audio 4000 RTP/AVP 8 101", "a=rtpmap:101 telephone-event/48000"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 20}},
		{name: "other sections are refused in place",
			offer: []string{"m=video 5000 RTP/AVP 31", "m=audio 4000 RTP/AVP 8", "m=image 6000 udptl t38", "m=audio 7000 RTP/AVP 8"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 20},
			has:   []string{"m=video 0 RTP/AVP 31", "m=audio 10000 RTP/AVP 8", "m=image 0 udptl t38", "m=audio 0 RTP/AVP 8"}},
		{name: "hold",
			offer: []string{"m=audio 4000 RTP/AVP 8", "a=sendonly"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 20, Direction: RecvOnly, Held: true},
			has:   []string{"a=recvonly"}},
		{name: "hold both ways, said for the whole session",
			offer: []string{"a=inactive", "m=audio 4000 RTP/AVP 8"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 20, Direction: Inactive, Held: true},
			has:   []string{"a=inactive"}},
		{name: "hold by an address of zeros",
			offer: []string{"m=audio 4000 RTP/AVP 8", "c=IN IP4 0.0.0.0"},
			want: Agreed{Remote: netip.MustParseAddrPort("0.0.0.0:4000"), Codec: "PCMA", PayloadType: 8,
				Ptime: 20, Direction: RecvOnly, Held: true},
			has: []string{"a=recvonly"}},
		{name: "packet time is the peer's",
			offer: []string{"m=audio 4000 RTP/AVP 8", "a=ptime:30"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 30},
			has:   []string{"a=ptime:30"}},
		{name: "packet time out of bounds",
			offer: []string{"m=audio 4000 RTP/AVP 8", "a=ptime:400", "a=maxptime:10"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 10}},
		{name: "keys on the clock of the codec",
			offer: []string{"m=audio 4000 RTP/AVP 9 0 102 101", "a=rtpmap:102 telephone-event/16000", "a=rtpmap:101 telephone-event/8000"},
			want:  Agreed{Remote: remote, Codec: "PCMU", PayloadType: 0, DTMF: 101, Ptime: 20},
			has:   []string{"m=audio 10000 RTP/AVP 0 101"}},
		{name: "keys at 16 kHz alone are not for G.711",
			offer: []string{"m=audio 4000 RTP/AVP 8 102", "a=rtpmap:102 telephone-event/16000"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 20},
			has:   []string{"m=audio 10000 RTP/AVP 8"}},
		{name: "hold by an address of zeros for the whole session",
			offer: []string{"c=IN IP4 0.0.0.0", "m=audio 4000 RTP/AVP 8"},
			want: Agreed{Remote: netip.MustParseAddrPort("0.0.0.0:4000"), Codec: "PCMA", PayloadType: 8,
				Ptime: 20, Direction: RecvOnly, Held: true},
			has: []string{"a=recvonly"}},
		{name: "a section's own address and direction count",
			offer: []string{"a=inactive", "m=audio 4000 RTP/AVP 8", "c=IN IP4 203.0.113.3", "a=sendrecv"},
			want:  Agreed{Remote: netip.MustParseAddrPort("203.0.113.3:4000"), Codec: "PCMA", PayloadType: 8, Ptime: 20},
			has:   []string{"a=sendrecv"}},
		{name: "RTCP on the port of RTP",
			offer: []string{"m=audio 4000 RTP/AVP 8", "a=rtcp:4000", "a=rtcp-mux"},
			want:  Agreed{Remote: remote, RTCP: remote, Mux: true, Codec: "PCMA", PayloadType: 8, Ptime: 20},
			has:   []string{"a=rtcp-mux"}},
		{name: "RTCP elsewhere",
			offer: []string{"m=audio 4000 RTP/AVP 8", "a=rtcp:4010 IN IP4 203.0.113.3"},
			want:  Agreed{Remote: remote, RTCP: netip.MustParseAddrPort("203.0.113.3:4010"), Codec: "PCMA", PayloadType: 8, Ptime: 20}},
		{name: "a browser's bundle is passed over",
			offer: []string{"a=group:BUNDLE 0 1", "m=audio 4000 RTP/AVPF 8", "a=mid:0", "a=rtcp-fb:8 nack", "a=extmap:1 urn:x", "a=ssrc:1 cname:x",
				"m=video 4000 RTP/AVPF 96", "a=mid:1", "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack pli"},
			want: Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 20},
			has:  []string{"m=audio 10000 RTP/AVPF 8", "m=video 0 RTP/AVPF 96"}},
		{name: "the second audio, when the first does not fit",
			offer: []string{"m=audio 4002 RTP/AVP 18", "m=audio 4000 RTP/AVP 8"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 20},
			has:   []string{"m=audio 0 RTP/AVP 18", "m=audio 10000 RTP/AVP 8"}},
		{name: "IPv6",
			offer: []string{"c=IN IP6 2001:db8::9", "m=audio 4000 RTP/AVP 8"},
			local: func(l *Local) { l.Address = netip.MustParseAddr("2001:db8::1") },
			want:  Agreed{Remote: netip.MustParseAddrPort("[2001:db8::9]:4000"), Codec: "PCMA", PayloadType: 8, Ptime: 20},
			has:   []string{"o=- 7 3 IN IP6 2001:db8::1", "c=IN IP6 2001:db8::1"}},
		{name: "we hold",
			offer: []string{"m=audio 4000 RTP/AVP 8"},
			local: func(l *Local) { l.Direction = SendOnly },
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 20, Direction: SendOnly},
			has:   []string{"a=sendonly"}},
		{name: "odd lines are passed over",
			offer: []string{"", "X-nonsense", "b=AS", "m=audio 4000/2 RTP/AVP 8 ", "a=rtpmap:", "a=ptime:x", "k=", "a=candidate"},
			want:  Agreed{Remote: remote, Codec: "PCMA", PayloadType: 8, Ptime: 20}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := us
			if tt.local != nil {
				tt.local(&l)
			}
			offer, err := Parse(lines(append(slices.Clone(head), tt.offer...)...))
			if err != nil {
				t.Fatal(err)
			}
			answer, agreed, err := Answer(l, offer)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.OwnDTMF = tt.want.DTMF
			if !tt.want.RTCP.IsValid() {
				tt.want.RTCP = netip.AddrPortFrom(tt.want.Remote.Addr(), tt.want.Remote.Port()+1)
			}
			if diff := cmp.Diff(tt.want, agreed, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); diff != "" {
				t.Error(diff)
			}
			rest := string(answer)
			for _, line := range tt.has {
				_, after, ok := strings.Cut(rest, line+"\r\n")
				if !ok {
					t.Fatalf("answer lacks %q, or has it out of order:\n%s", line, answer)
				}
				rest = after
			}
		})
	}
}

func TestRefusalsSayWhy(t *testing.T) {
	secure := us
	secure.Crypto, secure.Secure = ownKeys(1), true
	for _, tt := range []struct {
		name, offer string
		local       Local
		want        *Refusal
	}{
		{"other codec", "c=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 18", us, ErrNoCodec},
		{"renamed type", "c=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 8\na=rtpmap:8 G729/8000", us, ErrNoCodec},
		{"two channels", "c=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 97\na=rtpmap:97 PCMA/8000/2", us, ErrNoCodec},
		{"keys alone", "c=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 101\na=rtpmap:101 telephone-event/8000", us, ErrNoCodec},
		{"encrypted", "c=IN IP4 192.0.2.9\nm=audio 4000 RTP/SAVP 8\n" + goodCrypto, us, ErrEncrypted},
		{"encrypted without keys", "c=IN IP4 192.0.2.9\nm=audio 4000 RTP/SAVP 8", secure, ErrEncrypted},
		{"DTLS", "c=IN IP4 192.0.2.9\nm=audio 4000 UDP/TLS/RTP/SAVPF 8", secure, ErrNoAudio},
		{"plain", "c=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 8", secure, ErrPlain},
		{"plain, and video", "c=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 8\nm=video 4002 RTP/AVP 31", secure, ErrPlain},
		{"switched off", "c=IN IP4 192.0.2.9\nm=audio 0 RTP/AVP 8", us, ErrNoAudio},
		{"video only", "c=IN IP4 192.0.2.9\nm=video 4000 RTP/AVP 31", us, ErrNoAudio},
		{"fax", "c=IN IP4 192.0.2.9\nm=audio 0 RTP/AVP 8\nm=image 4000 udptl t38", us, ErrNoAudio},
		{"no address", "m=audio 4000 RTP/AVP 8", us, ErrAddress},
		{"a host's name", "c=IN IP4 phone.example\nm=audio 4000 RTP/AVP 8", us, ErrAddress},
		{"a group's address", "c=IN IP4 224.2.1.1/127\nm=audio 4000 RTP/AVP 8", us, ErrAddress},
		{"the other family", "c=IN IP6 2001:db8::9\nm=audio 4000 RTP/AVP 8", us, ErrAddress},
		{"nothing", "", us, ErrNoAudio},
	} {
		s, err := Parse([]byte(tt.offer))
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if b, _, err := Answer(tt.local, s); !errors.Is(err, tt.want) || b != nil {
			t.Errorf("%s: Answer error is %v, want %v", tt.name, err, tt.want)
		}
		if _, err := Accept(tt.local, s); !errors.Is(err, tt.want) {
			t.Errorf("%s: Accept error is %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestAcceptTellsWhoHolds(t *testing.T) {
	for _, tt := range []struct{ ours, theirs, want Direction }{
		{SendRecv, SendRecv, SendRecv},
		{SendRecv, SendOnly, RecvOnly},
		{SendRecv, Inactive, Inactive},
		{SendOnly, RecvOnly, SendOnly},
		{RecvOnly, SendOnly, RecvOnly},
		{Inactive, Inactive, Inactive},
	} {
		l := us
		l.Direction = tt.ours
		s, err := Parse([]byte("c=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 8\na=" + tt.theirs.String()))
		if err != nil {
			t.Fatal(err)
		}
		a, err := Accept(l, s)
		if err != nil {
			t.Fatal(err)
		}
		held := tt.ours == SendRecv && tt.theirs != SendRecv
		if a.Direction != tt.want || a.Held != held {
			t.Errorf("offered %v, answered %v: %v held %v, want %v held %v", tt.ours, tt.theirs, a.Direction, a.Held, tt.want, held)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for name, b := range map[string][]byte{
		"too long":    make([]byte, MaxSize+1),
		"not text":    []byte("v=0\nm=audio 1 RTP/AVP \x00"),
		"bad port":    []byte("m=audio 70000 RTP/AVP 0"),
		"no format":   []byte("m=audio 4000 RTP/AVP"),
		"minus port":  []byte("m=audio -1 RTP/AVP 0"),
		"port a word": []byte("m=audio rtp RTP/AVP 0"),
	} {
		if _, err := Parse(b); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// strict reads a description with a parser that is not ours.
func strict(t interface {
	Helper()
	Fatalf(string, ...any)
}, b []byte) *pion.SessionDescription {
	t.Helper()
	var s pion.SessionDescription
	if err := s.Unmarshal(b); err != nil {
		t.Fatalf("a strict parser refuses our text: %v\n%s", err, b)
	}
	return &s
}
