package sip

import (
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// maxField bounds a field that we keep, in bytes.
const maxField = dialog.MaxField

// receive takes every request that is no retransmission. A panic loses this
// message and nothing else.
func (s *Server) receive(req *sip.Request, tx *sip.ServerTx) {
	defer func() {
		if p := recover(); p != nil {
			id := ""
			if h := req.CallID(); h != nil {
				id = h.Value()
			}
			s.faulted(string(req.Method), id, p)
			if !req.IsAck() {
				s.respond(tx, dialog.Reply(req, 500))
			}
			tx.Terminate()
		}
	}()
	dialog.Deepen()
	s.serve(req, tx)
}

func (s *Server) serve(req *sip.Request, tx *sip.ServerTx) {
	if !s.sound(req, tx) {
		return
	}
	tagged := req.To().Params.Has("tag")
	switch {
	case req.IsAck() && !tagged:
		tx.Terminate()
	case req.IsAck():
		s.dialogs.Request(req, tx)
	case req.IsCancel(): // sipgo found no INVITE for it
		s.respondOnce(tx, dialog.Reply(req, 481))
	case req.Method == sip.REGISTER:
		s.register(req, tx)
	case req.Method == sip.SUBSCRIBE:
		s.subscribe(req, tx)
	case tagged:
		s.dialogs.Request(req, tx)
	case req.Method == sip.INVITE:
		s.invited(req, tx)
	case req.Method == sip.OPTIONS:
		s.respondOnce(tx, dialog.Capabilities(req))
	case req.Method == sip.BYE, req.Method == sip.UPDATE, req.Method == sip.INFO, req.Method == sip.PRACK, req.Method == sip.REFER:
		s.respondOnce(tx, dialog.Reply(req, 481))
	default:
		s.respondOnce(tx, dialog.Refuse(req))
	}
}

// sound tells whether a request is one that can be served (RFC 3261 8.2). Any other
// is refused.
func (s *Server) sound(req *sip.Request, tx replier) bool {
	if code := dialog.Malformed(req); code != 0 {
		s.refuse(req, tx, code)
		return false
	}
	if req.IsAck() || req.IsCancel() {
		return true
	}
	if !req.To().Params.Has("tag") && s.merged.again(req) {
		s.respondOnce(tx, dialog.Reply(req, 482))
		return false
	}
	if tags := required(req); tags != "" {
		s.respondOnce(tx, dialog.Reply(req, 420, sip.NewHeader("Unsupported", tags)))
		return false
	}
	if _, ok := dialog.ReplacesOf(req); !ok {
		s.respondOnce(tx, dialog.Reply(req, 400))
		return false
	}
	return true
}

// required are the option tags that the peer insists on and that we do not
// understand (RFC 3261 8.2.2.3).
func required(req *sip.Request) string {
	var tags []string
	for _, h := range req.GetHeaders("Require") {
		for tag := range strings.SplitSeq(h.Value(), ",") {
			if tag = strings.TrimSpace(tag); tag != "" && !dialog.Supports(tag) {
				tags = append(tags, tag)
			}
		}
	}
	return strings.Join(tags, ", ")
}

// refuse answers with an error, unless the request is an ACK.
func (s *Server) refuse(req *sip.Request, tx replier, code int) {
	if req.IsAck() {
		tx.Terminate()
		return
	}
	s.respondOnce(tx, dialog.Reply(req, code))
}

func (s *Server) respond(tx replier, res *sip.Response) {
	if err := tx.Respond(res); err != nil {
		s.log.Debug("response not sent", "status", res.StatusCode, "error", err)
		tx.Terminate()
	}
}
