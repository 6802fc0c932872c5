package wire

import (
	"strings"
	"testing"
)

func BenchmarkRead(b *testing.B) {
	data := []byte(strings.ReplaceAll(`INVITE sip:600@box.test SIP/2.0
Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-1;rport
Max-Forwards: 70
From: <sip:1001@box.test>;tag=a
To: <sip:600@box.test>
Call-ID: a84b4c76e66710
CSeq: 1 INVITE
Contact: <sip:1001@192.0.2.9:5060>
User-Agent: phone
Content-Length: 0

`, "\n", "\r\n"))
	b.ReportAllocs()
	for b.Loop() {
		Read(data)
	}
}
