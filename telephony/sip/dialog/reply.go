package dialog

import (
	"errors"
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Agent names us in Server and User-Agent header fields.
const Agent = "Pasokh"

// Allow lists the methods that we serve (RFC 3261 20.5).
const Allow = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REGISTER, PRACK, REFER, SUBSCRIBE"

// Supported are the extensions that we know (RFC 3261 20.37).
const Supported = "100rel, path, replaces, timer"

// Supports tells whether we know an extension.
func Supports(tag string) bool {
	for known := range strings.SplitSeq(Supported, ", ") {
		if strings.EqualFold(tag, known) {
			return true
		}
	}
	return false
}

// SDP is the media type of session descriptions.
const SDP = "application/sdp"

// known are the methods of the standards; any other is answered 501, not 405.
var known = map[sip.RequestMethod]bool{
	sip.INVITE: true, sip.ACK: true, sip.BYE: true, sip.CANCEL: true, sip.OPTIONS: true, sip.REGISTER: true,
	sip.INFO: true, sip.UPDATE: true, sip.PRACK: true, sip.SUBSCRIBE: true, sip.NOTIFY: true, sip.REFER: true,
	sip.MESSAGE: true, sip.PUBLISH: true,
}

var phrases = map[int]string{
	100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted",
	400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
	406: "Not Acceptable", 408: "Request Timeout", 415: "Unsupported Media Type", 420: "Bad Extension", 423: "Interval Too Brief",
	480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops", 486: "Busy Here",
	422: "Session Interval Too Small", 487: "Request Terminated", 488: "Not Acceptable Here", 489: "Bad Event", 491: "Request Pending", 500: "Server Internal Error",
	501: "Not Implemented", 503: "Service Unavailable", 504: "Server Time-out", 513: "Message Too Large", 603: "Decline",
}

// Reply is a response to req with the usual reason phrase, our name and further
// header fields.
func Reply(req *sip.Request, code int, extra ...sip.Header) *sip.Response {
	res := sip.NewResponseFromRequest(req, code, phrases[code], nil)
	if code > 100 {
		res.AppendHeader(sip.NewHeader("Server", Agent))
	}
	for _, h := range extra {
		res.AppendHeader(h)
	}
	return res
}

// Refuse answers a method that is not served: 405 with what is, 501 if nobody
// ever heard of it (RFC 3261 8.2.1, 21.5.2).
func Refuse(req *sip.Request) *sip.Response {
	code := 405
	if !known[req.Method] {
		code = 501
	}
	return Reply(req, code, sip.NewHeader("Allow", Allow))
}

// Capabilities answers OPTIONS (RFC 3261 11.2).
func Capabilities(req *sip.Request) *sip.Response {
	return Reply(req, 200, sip.NewHeader("Allow", Allow), sip.NewHeader("Accept", Accepted+", application/dtmf-relay, application/dtmf"),
		sip.NewHeader("Accept-Language", "fa, en"), sip.NewHeader("Supported", Supported))
}

// warning is the header field that tells a peer why its offer is refused (RFC 3261
// 20.43), none if the error does not say.
func warning(err error) []sip.Header {
	var w interface {
		Warning() (code int, text string)
	}
	if !errors.As(err, &w) {
		return nil
	}
	code, text := w.Warning()
	return []sip.Header{sip.NewHeader("Warning", fmt.Sprintf("%d %s %q", code, strings.ToLower(Agent), text))}
}

// Describe puts a session description into a message.
func Describe(m sip.Message, sdp []byte) {
	if len(sdp) == 0 {
		return
	}
	m.AppendHeader(sip.NewHeader("Content-Type", SDP))
	m.SetBody(sdp)
}
