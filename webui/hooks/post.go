package hooks

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/firmware/alert"
	"github.com/pasokh/pasokh/firmware/config"
)

// postTime is how long a webhook may take to answer.
const postTime = 15 * time.Second

// newClient calls other machines by themselves only: no redirect, and no address that is
// nobody's or of the machine's own link, whatever name led there.
func newClient() *http.Client {
	dial := net.Dialer{Timeout: postTime, ControlContext: func(ctx context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return reachable(at.Addr().Unmap(), ctx.Value(plainKey{}) != nil)
	}}
	return &http.Client{
		Transport:     &http.Transport{DialContext: dial.DialContext, MaxResponseHeaderBytes: 64 << 10, MaxIdleConns: 8, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: postTime},
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

// errRefused: the receiver does not want this message, now or later.
var errRefused = errors.New("refused")

func isRefusal(err error) bool { return errors.Is(err, errRefused) }

// post sends a body once.
func (r *Room) post(ctx context.Context, w *config.Webhook, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, postTime)
	defer cancel()
	if strings.HasPrefix(w.URL, "http:") {
		ctx = context.WithValue(ctx, plainKey{}, true)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(alert.Signature, alert.Sign(w.Key, r.opts.Clock.Now(), body))
	resp, err := r.opts.Client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	switch code := resp.StatusCode; {
	case code/100 == 2:
		return nil
	case code/100 == 4 && code != http.StatusRequestTimeout && code != http.StatusTooManyRequests:
		return fmt.Errorf("%w: %s", errRefused, resp.Status)
	}
	return errors.New(resp.Status)
}

// Test sends a webhook a message that tells of nothing, and how that went.
func (r *Room) Test(ctx context.Context, name string) error {
	cfg := r.opts.Config()
	for i := range cfg.Webhooks {
		if w := &cfg.Webhooks[i]; w.Name == name {
			body, err := json.Marshal(Told{ID: strings.ToLower(rand.Text()[:16]), Box: cfg.System.Name, Test: true})
			if err != nil {
				return err
			}
			return r.post(ctx, w, body)
		}
	}
	return ErrUnknown
}

// ErrUnknown: no webhook has that name.
var ErrUnknown = errors.New("hooks: no such webhook")
