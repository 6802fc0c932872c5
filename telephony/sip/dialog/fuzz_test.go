package dialog

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// FuzzDialog sends whole packets into a call that is up, at an odd moment or not.
// TAG in them is our tag. The call must be wound up by a hang-up whatever came.
func FuzzDialog(f *testing.F) {
	seed := func(method string, seq int, extra string) {
		f.Add(fmt.Appendf(nil, "%s sip:600@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK-%d;rport\r\n"+
			"From: <sip:1001@box.test>;tag=peer\r\nTo: <sip:600@box.test>;tag=TAG\r\nCall-ID: one\r\nCSeq: %d %s\r\n%s\r\n",
			method, peerAddr, seq, seq, method, extra), seq%2 == 0)
	}
	seed("ACK", 1, "")
	seed("BYE", 2, "Reason: Q.850;cause=16\r\n")
	seed("INVITE", 2, "Contact: <sip:x>\r\nContent-Type: application/sdp\r\n")
	seed("INVITE", 4, "Content-Length: 0\r\n")
	seed("INFO", 5, "Content-Type: application/dtmf-relay\r\n\r\nSignal=1")
	seed("UPDATE", 6, "Record-Route: <sip:a>, <sip:b>\r\n")
	seed("CANCEL", 1, "")
	seed("INVITE", 6, "Supported: timer\r\nSession-Expires: 91;refresher=uac, 5\r\nMin-SE: 99999999999\r\n")
	seed("UPDATE", 7, "k: timer\r\nx: 1 ; refresher = uas\r\n")
	seed("PRACK", 2, "RAck: 1 1 INVITE\r\n")
	f.Fuzz(func(t *testing.T, packet []byte, early bool) {
		bubble(t, func(r *rig) {
			if early {
				r.invite(withSDP)
				r.d.Alert(false)
				r.learn(r.Status(180))
			} else {
				r.talking()
			}
			r.Raw(bytes.ReplaceAll(packet, []byte("TAG"), []byte(r.tag)))
			synctest.Wait()
			time.Sleep(time.Second)
			r.d.Hangup(call.Normal)
		})
	})
}

func FuzzDescribed(f *testing.F) {
	for _, x := range oddBodies {
		head, body, _ := strings.Cut(x, "\n\n")
		kind, _, _ := strings.Cut(strings.TrimPrefix(head, "Content-Type: "), "\n")
		f.Add(kind, "render;handling=optional", []byte(body))
	}
	f.Fuzz(func(t *testing.T, kind, disposition string, body []byte) {
		req := sip.NewRequest(sip.INVITE, sip.Uri{})
		req.AppendHeader(sip.NewHeader("Content-Type", kind))
		req.AppendHeader(sip.NewHeader("Content-Disposition", disposition))
		req.SetBody(body)
		sdp, code := described(req)
		if code != 0 && (code != 415 || sdp != nil) || len(sdp) > len(body) {
			t.Errorf("%d, %d bytes of %d", code, len(sdp), len(body))
		}
	})
}
