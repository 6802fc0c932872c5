package sip

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sdp"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

const (
	noVideo = "m=video 0 RTP/AVP 99\r\n"
	h264    = "m=video 40002 RTP/AVP 99\r\nb=AS:512\r\na=rtpmap:99 H264/90000\r\na=fmtp:99 profile-level-id=42801f;packetization-mode=1\r\na=rtcp-fb:99 nack pli\r\n"
	single  = "m=video 40002 RTP/AVP 98\r\na=rtpmap:98 H264/90000\r\n" // one NAL unit in a packet
	twoOf   = "m=video 40002 RTP/AVP 96 97 98\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=rtpmap:98 H264/90000\r\na=fmtp:98 packetization-mode=1\r\n"
	justVP8 = "m=video 40002 RTP/AVP 100\r\na=rtpmap:100 VP8/90000\r\n"
)

func withVideo(video string) []byte {
	return []byte("v=0\r\no=x 1 1 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=audio 40000 RTP/AVP 8\r\n" + video)
}

// viewers are two legs that are connected, without dialogs: the test is their phones.
func viewers(t *testing.T) (a, b *leg) {
	r := newRig(t)
	legs := make([]*leg, 2)
	for i := range legs {
		l := r.newLeg(&config.Extension{Number: "1001"}, call.Party{Number: "1001"}, "sip:1001@127.0.0.1:5070")
		if err := l.open(dialog.Flow{Network: "UDP", Addr: "127.0.0.1:5070"}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(l.close)
		legs[i] = l
	}
	a, b = legs[0], legs[1]
	a.facing.Store(b)
	b.facing.Store(a)
	return a, b
}

// offers is what a phone gets for its offer.
func (l *leg) offers(t *testing.T, video string) string {
	t.Helper()
	b, err := l.Consider(withVideo(video))
	if err != nil {
		t.Fatal(err)
	}
	return section(string(b))
}

// asked is what a phone is offered by a leg that must be stale, and answers.
func (l *leg) asked(t *testing.T, answer string) string {
	t.Helper()
	if !l.Stale() {
		t.Fatal("the phone is offered nothing new")
	}
	offer := section(string(l.Offer()))
	if err := l.Accept(withVideo(answer)); err != nil {
		t.Fatal(err)
	}
	return offer
}

func settled(t *testing.T, legs ...*leg) {
	t.Helper()
	for _, l := range legs {
		if l.Stale() {
			t.Errorf("leg with video %+v is still stale", l.video.sight)
		}
	}
}

func section(description string) string {
	_, video, ok := strings.Cut(description, "m=video ")
	if !ok {
		return ""
	}
	return video
}

func wantIn(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s lacks %q:\n%s", what, p, text)
		}
	}
}

func TestVideoIsAddedAndDropped(t *testing.T) {
	a, b := viewers(t)
	if got := a.offers(t, ""); got != "" {
		t.Errorf("answered without being asked: %s", got)
	}
	if err := b.Accept(withVideo("")); err != nil {
		t.Fatal(err)
	}
	settled(t, a, b)

	got := a.offers(t, h264)
	port := a.video.stream.Local().Port()
	wantIn(t, "the answer", got, fmt.Sprintf("%d RTP/AVP 99\r\n", port), "a=fmtp:99 profile-level-id=42801f;packetization-mode=1", "a=rtcp-fb:99 nack pli", "b=AS:1024", "a=sendrecv")
	offer := b.asked(t, "m=video 50002 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\na=fmtp:99 packetization-mode=1;profile-level-id=420015\r\n")
	wantIn(t, "the offer to the other", offer, "RTP/AVP 99\r\n", "packetization-mode=1", "b=AS:512")
	settled(t, a, b)

	if got := a.offers(t, noVideo); !strings.HasPrefix(got, "0 ") {
		t.Errorf("dropped, and answered %s", got)
	}
	if offer := b.asked(t, noVideo); !strings.HasPrefix(offer, "0 ") {
		t.Errorf("the other is still offered %s", offer)
	}
	settled(t, a, b)
	wantIn(t, "the answer to video once more", a.offers(t, h264), fmt.Sprintf("%d RTP/AVP 99\r\n", port))
	b.asked(t, h264)
	settled(t, a, b)
}

func TestVideoThatTheOtherRefusesEnds(t *testing.T) {
	a, b := viewers(t)
	a.offers(t, "")
	if err := b.Accept(withVideo("")); err != nil {
		t.Fatal(err)
	}
	a.offers(t, h264)
	b.asked(t, noVideo)
	if offer := a.asked(t, noVideo); !strings.HasPrefix(offer, "0 ") {
		t.Errorf("offered %s", offer)
	}
	settled(t, a, b)

	a, b = viewers(t)
	a.offers(t, "")
	if err := b.Accept(withVideo("")); err != nil {
		t.Fatal(err)
	}
	a.offers(t, h264)
	b.Offer()
	b.Refused() // by 488
	settled(t, b)
	if !a.Stale() {
		t.Error("goes on to send to nobody")
	}
}

func TestVideoOfOneCodecOnly(t *testing.T) {
	for _, c := range []struct {
		name, first, second, agreed string
	}{
		{"the second of two", twoOf, h264, "98 99"},
		{"the other's only one", twoOf, justVP8, "96 100"},
		{"H.264 cut in another way", h264, single, ""},
		{"different", h264, justVP8, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := viewers(t)
			a.facing.Store(nil) // nobody is called yet
			if got := a.offers(t, c.first); !strings.HasPrefix(got, "0 ") {
				t.Fatalf("answered before there is anybody: %s", got)
			}
			b.offers(t, c.second) // both have offered: they were connected by a transfer
			a.facing.Store(b)
			for range 5 {
				for _, l := range []*leg{a, b} {
					if l.Stale() {
						offer, err := sdp.Parse(l.Offer())
						if err != nil {
							t.Fatal(err)
						}
						theirs := map[*leg]string{a: c.first, b: c.second}[l]
						has, _ := parsed(t, withVideo(theirs)).Pictures()
						answer := noVideo
						wanted, _ := offer.Pictures()
						for _, f := range wanted {
							if i := slices.IndexFunc(has, f.Like); i >= 0 {
								answer = fmt.Sprintf("m=video 40002 RTP/AVP %d\r\na=rtpmap:%[1]d %[2]s\r\na=fmtp:%[1]d %[3]s\r\n", has[i].Type, has[i].Name, has[i].Params)
								break
							}
						}
						if err := l.Accept(withVideo(answer)); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			settled(t, a, b)
			got := ""
			if x, y := a.video.agreed, b.video.agreed; x.Name != "" || y.Name != "" {
				if got = fmt.Sprint(x.Type, " ", y.Type); !x.Like(y) {
					t.Errorf("they agreed on %+v and %+v", x, y)
				}
			}
			if got != c.agreed {
				t.Errorf("agreed on %q, want %q", got, c.agreed)
			}
		})
	}
}

func parsed(t *testing.T, b []byte) *sdp.Session {
	t.Helper()
	s, err := sdp.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
