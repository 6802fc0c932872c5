package dialog

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// Referral is what a peer asks with REFER (RFC 3515).
type Referral struct {
	To       sip.Uri
	Replaces *Replaces // set for an attended transfer
	// Report tells the peer what becomes of it: CauseNone that the target rings,
	// Normal that it answered, else why it failed. What follows an outcome is not
	// told, nor anything once the dialog has ended.
	Report func(call.Cause)
}

// referred takes REFER: 202 and a first NOTIFY; the others follow as the party
// reports. The subscription is an implicit one and lives as long as the dialog.
func (d *Dialog) referred(in inbound) {
	if d.state != up {
		respond(in.tx, Reply(in.req, 403))
		return
	}
	r, ok := parseReferTo(in.req)
	if !ok {
		respond(in.tx, Reply(in.req, 400))
		return
	}
	wanted := true
	extra := []sip.Header{d.contact()}
	if h := in.req.GetHeader("Refer-Sub"); h != nil && strings.EqualFold(strings.TrimSpace(h.Value()), "false") { // RFC 4488
		wanted, extra = false, append(extra, sip.NewHeader("Refer-Sub", "false"))
	}
	respond(in.tx, Reply(in.req, 202, extra...))
	id := in.seq()
	notify := func(code int, state string) {
		if wanted && d.state == up {
			d.notify(id, code, state)
		}
	}
	done := false
	r.Report = func(c call.Cause) {
		d.do(func() {
			switch {
			case done:
			case c == call.CauseNone:
				notify(180, "active;expires=180")
			default:
				done = true
				notify(c.SIP(), "terminated;reason=noresource")
			}
		})
	}
	notify(100, "active;expires=180")
	d.party.Refer(r)
}

// notify tells the peer how its REFER is going, in a line of SIP (RFC 3515 2.4.5).
func (d *Dialog) notify(id uint32, code int, state string) {
	req := d.request(sip.NOTIFY, d.nextSeq(), sip.NewHeader("Event", fmt.Sprintf("refer;id=%d", id)),
		sip.NewHeader("Subscription-State", state), sip.NewHeader("Content-Type", "message/sipfrag;version=2.0"))
	req.SetBody(fmt.Appendf(nil, "SIP/2.0 %d %s\r\n", code, phrases[code]))
	d.notifying++
	settled := func() {
		if d.notifying--; d.notifying == 0 && d.state == up && d.closing != call.CauseNone {
			d.bye(d.closing)
		}
	}
	each := func(res *sip.Response) {
		if res.StatusCode >= 200 {
			settled()
		}
	}
	if err := d.send(req, each, settled); err != nil {
		d.log.Info("NOTIFY not sent", "error", err)
		settled()
	}
}

// parseReferTo reads the one Refer-To of a REFER.
func parseReferTo(req *sip.Request) (r Referral, ok bool) {
	list := append(req.GetHeaders("Refer-To"), req.GetHeaders("r")...)
	if len(list) != 1 || len(list[0].Value()) > MaxField {
		return r, false
	}
	value := strings.TrimSpace(list[0].Value())
	if _, rest, bracketed := strings.Cut(value, "<"); bracketed {
		if value, _, ok = strings.Cut(rest, ">"); !ok {
			return r, false
		}
	} else {
		value, _, _ = strings.Cut(value, ";")
	}
	value, headers, _ := strings.Cut(value, "?")
	if sip.ParseUri(value, &r.To) != nil || r.To.User == "" {
		return r, false
	}
	for h := range strings.SplitSeq(headers, "&") {
		if name, v, _ := strings.Cut(h, "="); strings.EqualFold(name, "Replaces") {
			plain, err := url.PathUnescape(v)
			if err != nil {
				return r, false
			}
			if r.Replaces, ok = parseReplaces(plain); !ok {
				return r, false
			}
		}
	}
	return r, true
}
