package phone

import (
	"context"
	"fmt"
	"net/url"

	"github.com/emiago/sipgo/sip"
)

// Transfer sends the other party to a number (RFC 3515) and returns the status
// with which that came out. The server hangs our call up when the number answers.
func (c *Call) Transfer(ctx context.Context, number string) (int, error) {
	uri := sip.Uri{Scheme: "sip", User: number, Host: c.phone.opts.Domain}
	return c.refer(ctx, "<"+uri.String()+">")
}

// TransferTo joins the other parties of this call and of another one of ours (RFC
// 3891).
func (c *Call) TransferTo(ctx context.Context, other *Call) (int, error) {
	other.mu.Lock()
	uri := other.to.Address
	other.mu.Unlock()
	return c.refer(ctx, "<sip:"+uri.User+"@"+uri.Host+"?Replaces="+url.QueryEscape(other.Replaces())+">")
}

// Replaces names the call's dialog to its peer, as a Replaces field does (RFC 3891).
func (c *Call) Replaces() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	theirs, _ := c.to.Params.Get("tag")
	ours, _ := c.from.Params.Get("tag")
	return c.id + ";to-tag=" + theirs + ";from-tag=" + ours
}

func (c *Call) refer(ctx context.Context, to string) (int, error) {
	req := c.request(sip.REFER, c.next())
	req.AppendHeader(sip.NewHeader("Refer-To", to))
	req.AppendHeader(&sip.ContactHeader{Address: c.phone.contact})
	res, err := c.phone.send(ctx, req, nil)
	switch {
	case err != nil:
		return 0, fmt.Errorf("transfer: %w", err)
	case res.StatusCode >= 300:
		return 0, &StatusError{res.StatusCode, res.Reason}
	}
	select {
	case status := <-c.referred:
		return status, nil
	case <-ctx.Done():
		return 0, fmt.Errorf("transfer: %w", ctx.Err())
	}
}

// notified takes what the server tells of a transfer.
func (c *Call) notified(frag []byte) {
	var status int
	if _, err := fmt.Sscanf(string(frag), "SIP/2.0 %d", &status); err != nil || status < 200 {
		return
	}
	select {
	case c.referred <- status:
	default:
	}
}
