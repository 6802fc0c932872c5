package dialog

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/pasokh/pasokh/telephony/call"
)

// Reason is the header field that tells the peer why (RFC 3326). A phone that is
// told "call completed elsewhere" does not list a missed call.
func Reason(c call.Cause) sip.Header {
	if c == call.Elsewhere {
		return sip.NewHeader("Reason", `SIP;cause=200;text="Call completed elsewhere"`)
	}
	return sip.NewHeader("Reason", fmt.Sprintf("Q.850;cause=%d;text=%q", c.Q850(), c.Text("en")))
}

// reasonOf reads the Reason fields of a message; CauseNone if they say nothing.
func reasonOf(m sip.Message) call.Cause {
	for _, h := range m.GetHeaders("Reason") {
		for value := range strings.SplitSeq(h.Value(), ",") {
			protocol, params, _ := strings.Cut(value, ";")
			n, ok := causeParam(params)
			switch protocol = strings.TrimSpace(protocol); {
			case !ok:
			case strings.EqualFold(protocol, "Q.850"):
				return call.FromQ850(n)
			case strings.EqualFold(protocol, "SIP") && n == 200:
				return call.Elsewhere
			}
		}
	}
	return call.CauseNone
}

func causeParam(params string) (int, bool) {
	for p := range strings.SplitSeq(params, ";") {
		if name, value, ok := strings.Cut(strings.TrimSpace(p), "="); ok && strings.EqualFold(name, "cause") {
			n, err := strconv.Atoi(value)
			return n, err == nil
		}
	}
	return 0, false
}

// refusal is the cause of a final response that refused our INVITE.
func refusal(res *sip.Response) call.Cause {
	if c := reasonOf(res); c != call.CauseNone && c != call.Normal {
		return c
	}
	return call.FromSIP(res.StatusCode)
}

// refuseCode is the response with which an INVITE is refused for a cause.
func refuseCode(c call.Cause) int {
	if code := c.SIP(); code >= 300 {
		return code
	}
	return 480
}
