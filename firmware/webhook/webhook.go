// Package webhook sends signed messages to programs elsewhere: once; who sends keeps what
// was not taken and tries again.
//
// The header Pasokh-Signature proves that a message is of this box and not of long ago:
// "t=UNIX-SECONDS,v1=HEX", the HMAC-SHA256 by the webhook's key of "UNIX-SECONDS.BODY".
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// Signature is the header with a message's signature.
const Signature = "Pasokh-Signature"

// Timeout is how long a receiver may take to answer.
const Timeout = 15 * time.Second

// ErrRefused: the receiver does not want this message, now or later.
var ErrRefused = errors.New("refused")

// NewID names a message; it has the same name at each try.
func NewID() string { return strings.ToLower(rand.Text()[:16]) }

// Sign is the signature of a body sent at a time.
func Sign(key config.Secret, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key.Reveal())) // it never leaves: its digest does
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// Post sends a body once, signed as of now. Any answer 2xx takes it; 4xx but 408 and 429
// is [ErrRefused]; everything else, and silence, may be tried again.
func Post(ctx context.Context, c *http.Client, url string, key config.Secret, now time.Time, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	if strings.HasPrefix(url, "http:") {
		ctx = context.WithValue(ctx, plainKey{}, true)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(Signature, Sign(key, now, body))
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	switch code := resp.StatusCode; {
	case code/100 == 2:
		return nil
	case code/100 == 4 && code != http.StatusRequestTimeout && code != http.StatusTooManyRequests:
		return fmt.Errorf("%w: %s", ErrRefused, resp.Status)
	}
	return errors.New(resp.Status)
}

// NewClient calls other machines by themselves only: no redirect, and no address that is
// nobody's or of the machine's own link, whatever name led there.
func NewClient() *http.Client {
	dial := net.Dialer{Timeout: Timeout, ControlContext: func(ctx context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return reachable(at.Addr().Unmap(), ctx.Value(plainKey{}) != nil)
	}}
	return &http.Client{
		Transport:     &http.Transport{DialContext: dial.DialContext, MaxResponseHeaderBytes: 64 << 10, MaxIdleConns: 8, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: Timeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// plainKey marks the context of a request that goes out in the clear.
type plainKey struct{}

// reachable tells whether messages may go to an address: link-local ones (where clouds keep
// their secrets), multicast and the like are nobody's webhook, and what goes out in the clear
// stays in the own network.
func reachable(ip netip.Addr, plain bool) error {
	switch {
	case ip.IsLinkLocalUnicast(), ip.IsMulticast(), ip.IsUnspecified(), ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return fmt.Errorf("%v is no address of a webhook", ip)
	case plain && !ip.IsLoopback() && !ip.IsPrivate():
		return fmt.Errorf("%v is outside, and http is for the own network", ip)
	}
	return nil
}
