package sip

import (
	"fmt"
	"net"
	"runtime"
	"testing"
)

// TestStrangersLeaveNothingBehind sends what proves nothing and what is refused: no
// transaction may outlive its answer, or a flood would fill the memory with them.
func TestStrangersLeaveNothingBehind(t *testing.T) {
	r := newRig(t)
	c, err := net.Dial("udp", r.Addr("UDP").String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	answer := make([]byte, 4096)
	ask := func(i int) {
		method := []string{"REGISTER", "OPTIONS", "BYE", "SPAM"}[i%4] // the trace keeps INVITEs
		fmt.Fprintf(c, "%[1]s sip:1002@box.test SIP/2.0\r\nVia: SIP/2.0/UDP %[2]s;branch=z9hG4bK%[3]d;rport\r\nMax-Forwards: 70\r\n"+
			"From: <sip:1001@box.test>;tag=%[3]d\r\nTo: <sip:1001@box.test>\r\nCall-ID: f%[3]d\r\nCSeq: 1 %[1]s\r\nContact: <sip:1001@%[2]s>\r\nContent-Length: 0\r\n\r\n",
			method, c.LocalAddr(), i)
		if _, err := c.Read(answer); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 8 {
		ask(i)
	}
	before := runtime.NumGoroutine()
	var start, end runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&start)
	for i := range 1000 {
		ask(8 + i)
	}
	eventually(t, "end of all transactions", func() bool { return runtime.NumGoroutine() <= before+5 })
	runtime.GC()
	runtime.ReadMemStats(&end)
	t.Logf("%d KiB more, %d goroutines", (int64(end.HeapAlloc)-int64(start.HeapAlloc))>>10, runtime.NumGoroutine()-before)
	if grown := int64(end.HeapAlloc) - int64(start.HeapAlloc); grown > 256<<10 {
		t.Errorf("1000 messages left %d KiB", grown>>10)
	}
}
