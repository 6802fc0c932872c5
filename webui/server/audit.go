package server

import (
	"net/http"
	"strconv"

	"github.com/pasokh/pasokh/firmware/audit"
)

// noted is an answer whose status is remembered for the audit log.
type noted struct {
	http.ResponseWriter
	status int
}

func (n *noted) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (n *noted) Unwrap() http.ResponseWriter { return n.ResponseWriter }

// note tells the audit log what somebody did, or tried when the status is no good one.
func (s *Server) note(r *http.Request, user, what string, status int) {
	if s.opts.Audit == nil {
		return
	}
	e := audit.Deed{User: user, From: source(r), What: what}
	if status >= 400 {
		e.Code = strconv.Itoa(status)
	}
	s.opts.Audit(e)
}
