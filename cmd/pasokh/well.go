package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Process 1 of an appliance asks pasokh again and again whether it works, and feeds the
// board's watchdog only while it does. What is asked is what a caller needs.

const (
	wellTime  = 2 * time.Second // for each part
	wellStore = time.Minute     // between two writes: each wears the flash
)

// showWell answers 200 when the box works, else 503 with what does not.
func (b *box) showWell(w http.ResponseWriter, r *http.Request) {
	if err := b.wellness(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "well")
}

// wellness is nil when the store can be written, SIP answers and the media clock ticks.
// A box that carries no calls yet is well when its page answers, which it does here.
func (b *box) wellness(ctx context.Context) error {
	if err := b.storeWell(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if !b.carries() {
		return nil
	}
	if err := b.sipWell(ctx); err != nil {
		return fmt.Errorf("sip: %w", err)
	}
	return nil
}

// storeWell writes to the disk, now and then.
func (b *box) storeWell() error {
	now := b.clock.Now()
	b.wellMu.Lock()
	defer b.wellMu.Unlock()
	if !b.written.IsZero() && now.Sub(b.written) < wellStore {
		return b.writeErr
	}
	b.written = now
	b.writeErr = b.store.Put("well", "written", []byte(now.UTC().Format(time.RFC3339)))
	return b.writeErr
}

// sipWell asks the box's own SIP port as a phone would (RFC 3261 11): any answer will do.
func (b *box) sipWell(ctx context.Context) error {
	at := b.set.listen
	if at.IsUnspecified() {
		at = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	ctx, done := context.WithTimeout(ctx, wellTime)
	defer done()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "udp", netip.AddrPortFrom(at, uint16(b.set.sipPort)).String())
	if err != nil {
		return err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	own := conn.LocalAddr().String()
	tag := strconv.FormatInt(b.clock.Now().UnixNano(), 36)
	ask := strings.Join([]string{"OPTIONS sip:" + conn.RemoteAddr().String() + " SIP/2.0", "Via: SIP/2.0/UDP " + own + ";branch=z9hG4bK" + tag, "Max-Forwards: 1",
		"From: <sip:well@" + own + ">;tag=" + tag, "To: <sip:" + conn.RemoteAddr().String() + ">", "Call-ID: " + tag, "CSeq: 1 OPTIONS", "Content-Length: 0", "", ""}, "\r\n")
	if _, err := conn.Write([]byte(ask)); err != nil {
		return err
	}
	answer := make([]byte, 2048)
	n, err := conn.Read(answer)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(string(answer[:n]), "SIP/2.0 ") {
		return errors.New("the answer is not SIP")
	}
	return nil
}
