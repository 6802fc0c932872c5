package dialog

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Accepted is the Accept field: the bodies that an INVITE or UPDATE may have.
const Accepted = SDP + ", multipart/mixed"

// maxParts bounds the parts of a multipart body that are looked at. Gateways send
// two or three: the description, the caller's place, the telephone network's own
// message.
const maxParts = 8

// described is the session description of a message, alone or among the parts of a
// multipart body (RFC 5621); nil when there is none. code is 0 unless a request
// is to be refused with it, because the sender insists on a body that we do not
// understand. A single body is insisted on unless it says otherwise (RFC 3261
// 20.11). A part is not unless it says so: many gateways add parts that they know
// to be passed over, without saying so.
func described(m sip.Message) (sdp []byte, code int) {
	body := m.Body()
	if len(body) == 0 {
		return nil, 0
	}
	kind, params := contentType(text(m, "Content-Type", "c"))
	insists := handling(text(m, "Content-Disposition", ""), "required") == "required"
	switch plain := unencoded(text(m, "Content-Encoding", "e")); {
	case plain && kind == SDP:
		return body, 0
	case plain && strings.HasPrefix(kind, "multipart/"):
		return part(body, params["boundary"])
	case insists:
		return nil, 415
	}
	return nil, 0
}

// part finds the session description in a multipart body.
func part(body []byte, boundary string) (sdp []byte, code int) {
	if boundary == "" {
		return nil, 415
	}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for range maxParts {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return sdp, 0
		}
		if err != nil {
			return nil, 415
		}
		kind, _ := contentType(p.Header.Get("Content-Type"))
		switch {
		case sdp == nil && kind == SDP && readable(p.Header):
			if sdp, err = io.ReadAll(p); err != nil {
				return nil, 415
			}
		case handling(p.Header.Get("Content-Disposition"), "optional") == "required":
			return nil, 415
		}
	}
	return sdp, 0
}

// readable tells whether a part is written as it is.
func readable(h textproto.MIMEHeader) bool {
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "", "7bit", "8bit", "binary":
		return unencoded(h.Get("Content-Encoding"))
	}
	return false
}

func unencoded(encoding string) bool {
	return encoding == "" || strings.EqualFold(encoding, "identity")
}

func contentType(value string) (kind string, params map[string]string) {
	kind, params, err := mime.ParseMediaType(value)
	if err != nil {
		return mediaType(value), nil
	}
	return kind, params
}

// handling is what a Content-Disposition says about a body that is not understood.
func handling(disposition, otherwise string) string {
	for p := range strings.SplitSeq(disposition, ";") {
		if name, v, ok := strings.Cut(p, "="); ok && strings.EqualFold(strings.TrimSpace(name), "handling") {
			return strings.ToLower(strings.TrimSpace(v))
		}
	}
	return otherwise
}

// text is the value of a field, under its long or its compact name.
func text(m sip.Message, name, short string) string {
	for _, n := range []string{name, short} {
		if list := m.GetHeaders(n); len(list) > 0 {
			return strings.TrimSpace(list[0].Value())
		}
	}
	return ""
}
