package dialog

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
)

// Session timers (RFC 4028) end the call of a peer that vanished without BYE:
// one side refreshes the session in time, or the other hangs up.
const (
	sessionTime = 30 * time.Minute // what we propose
	minSession  = 90 * time.Second // the least that we take (RFC 4028 4)
	maxSession  = 24 * time.Hour   // the most that we let ourselves be raised to
)

// session is what the two sides agreed on last. Each refresh makes a new one.
type session struct {
	lasts   time.Duration
	ours    bool // we refresh it
	refresh clock.Timer
	expiry  clock.Timer
}

// renew begins a session that lasts so long without a refresh; 0 is for ever.
// Whoever does not refresh hangs up shortly before the end (RFC 4028 10).
func (d *Dialog) renew(lasts time.Duration, ours bool) {
	d.stopSession()
	if lasts == 0 || d.state != up {
		return
	}
	s := &session{lasts: lasts, ours: ours}
	d.session = s
	still := func(f func()) func() {
		return func() {
			if d.session == s && d.state == up {
				f()
			}
		}
	}
	if ours {
		s.refresh = d.after(lasts/2, still(d.refreshSession))
	}
	s.expiry = d.after(lasts-min(32*time.Second, lasts/3), still(func() {
		d.log.Info("session was not refreshed", "lasts", lasts)
		d.hangup(call.MediaTimeout)
	}))
}

func (d *Dialog) stopSession() {
	if s := d.session; s != nil {
		s.expiry.Stop()
		if s.refresh != nil {
			s.refresh.Stop()
		}
	}
	d.session = nil
}

// hasty refuses a request whose session would be too short with 422. A peer that
// knows nothing of session timers cannot be told (RFC 4028 9). It reports whether
// it did.
func hasty(req *sip.Request) bool {
	lasts, _, asked := sessionExpires(req)
	return asked && lasts < minSession && lists(req, "Supported", "timer")
}

// leastSession is the field of a 422 that says what would do.
func leastSession() sip.Header { return seconds("Min-SE", minSession, "") }

// agree takes the session time that the peer's INVITE or UPDATE wishes and gives
// the fields of our 2xx (RFC 4028 9). A peer that can refresh does; one that
// neither asks nor can has no timer.
func (d *Dialog) agree(req *sip.Request) []sip.Header {
	d.learnMethods(req)
	fields := []sip.Header{sip.NewHeader("Supported", Supported)}
	lasts, refresher, asked := sessionExpires(req)
	able := lists(req, "Supported", "timer") || lists(req, "Require", "timer")
	switch {
	case asked && lasts < minSession, !asked && !able:
		d.renew(0, false)
		return fields
	case !asked:
		lasts = max(sessionTime, minSE(req))
	}
	if ours := refresher == "uas" || !able; ours {
		d.renew(lasts, true)
		return append(fields, seconds("Session-Expires", lasts, ";refresher=uas"))
	}
	d.renew(lasts, false)
	return append(fields, seconds("Session-Expires", lasts, ";refresher=uac"), sip.NewHeader("Require", "timer"))
}

// propose is the session time in an INVITE or UPDATE of ours (RFC 4028 7.1, 7.4).
// It leaves the refreshing with whoever did it.
func (d *Dialog) propose() []sip.Header {
	fields := []sip.Header{sip.NewHeader("Supported", Supported)}
	refresher := ""
	switch {
	case d.state == calling:
	case d.session == nil:
		return fields // the peer wants none
	case d.session.ours:
		refresher = ";refresher=uac"
	default:
		refresher = ";refresher=uas"
	}
	fields = append(fields, seconds("Session-Expires", max(sessionTime, d.leastSession), refresher))
	if d.leastSession > 0 {
		fields = append(fields, seconds("Min-SE", d.leastSession, ""))
	}
	return fields
}

// agreed takes the session time from a 2xx to our INVITE or UPDATE (RFC 4028 7.2).
func (d *Dialog) agreed(res *sip.Response) {
	d.learnMethods(res)
	lasts, refresher, ok := sessionExpires(res)
	if !ok || lasts < minSession {
		lasts = 0
	}
	d.renew(lasts, refresher != "uas")
}

// raised takes a 422: it reports whether the request is to be sent again, with a
// longer session (RFC 4028 7.3).
func (d *Dialog) raised(res *sip.Response) bool {
	least := minSE(res)
	if least <= d.leastSession || least > maxSession {
		return false
	}
	d.leastSession = least
	return true
}

// refreshSession refreshes by UPDATE, which needs no offer, or else by re-INVITE.
func (d *Dialog) refreshSession() {
	if !d.updates {
		d.again = true
		d.reofferIfAsked()
		return
	}
	req := d.request(sip.UPDATE, d.nextSeq(), d.propose()...)
	lost := func() {
		if d.state == up {
			d.hangup(call.Unreachable)
		}
	}
	if err := d.send(req, d.refreshed, lost); err != nil {
		d.log.Info("UPDATE not sent", "error", err)
		lost()
	}
}

// refreshed takes the response to a refreshing UPDATE. What is neither success
// nor hope leaves the session to its expiry.
func (d *Dialog) refreshed(res *sip.Response) {
	if d.state != up || res.StatusCode < 200 {
		return
	}
	switch code := res.StatusCode; {
	case code < 300:
		d.agreed(res)
	case code == 408 || code == 481:
		d.hangup(call.Unreachable)
	case code == 422 && d.raised(res):
		d.refreshSession()
	case code == 405 || code == 501:
		d.updates = false
		d.refreshSession()
	case code == 491 || code == 500:
		s := d.session
		d.after(glareWait(d.incoming.req == nil), func() {
			if d.session == s && d.state == up {
				d.refreshSession()
			}
		})
	}
}

// learnMethods remembers whether the peer takes UPDATE.
func (d *Dialog) learnMethods(m sip.Message) {
	if len(m.GetHeaders("Allow")) > 0 {
		d.updates = lists(m, "Allow", "UPDATE")
	}
}

// compact are the short names of fields (RFC 3261 7.3.3, RFC 4028 4).
var compact = map[string]string{"Supported": "k", "Session-Expires": "x"}

// fields are the values of a field, comma-separated ones apart.
func fields(m sip.Message, name string) []string {
	headers := m.GetHeaders(name)
	if short := compact[name]; short != "" {
		headers = append(headers, m.GetHeaders(short)...)
	}
	var list []string
	for _, h := range headers {
		for v := range strings.SplitSeq(h.Value(), ",") {
			if v = strings.TrimSpace(v); v != "" {
				list = append(list, v)
			}
		}
	}
	return list
}

// lists tells whether a field of tokens has a certain one.
func lists(m sip.Message, name, token string) bool {
	for _, v := range fields(m, name) {
		if strings.EqualFold(v, token) {
			return true
		}
	}
	return false
}

func sessionExpires(m sip.Message) (lasts time.Duration, refresher string, ok bool) {
	list := fields(m, "Session-Expires")
	if len(list) == 0 {
		return 0, "", false
	}
	value, params, _ := strings.Cut(list[0], ";")
	for p := range strings.SplitSeq(params, ";") {
		if name, who, _ := strings.Cut(strings.TrimSpace(p), "="); strings.EqualFold(strings.TrimSpace(name), "refresher") {
			refresher = strings.ToLower(strings.TrimSpace(who))
		}
	}
	lasts, ok = parseSeconds(value)
	return lasts, refresher, ok
}

// minSE is what a message says is the least, 0 if nothing.
func minSE(m sip.Message) time.Duration {
	list := fields(m, "Min-SE")
	if len(list) == 0 {
		return 0
	}
	value, _, _ := strings.Cut(list[0], ";")
	least, _ := parseSeconds(value)
	return least
}

func parseSeconds(s string) (time.Duration, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0, false
	}
	return time.Duration(min(n, math.MaxInt32)) * time.Second, true
}

func seconds(name string, d time.Duration, params string) sip.Header {
	return sip.NewHeader(name, fmt.Sprintf("%d%s", int(d/time.Second), params))
}
