package api

import (
	"net/http"

	"github.com/pasokh/pasokh/firmware/audit"
	"github.com/pasokh/pasokh/firmware/identity"
)

// Audit is the answer of GET /api/audit: who did what, newest first.
type Audit struct {
	Entries []audit.Deed `json:"entries"`
}

func (r *Rooms) auditRoutes() []Route {
	return []Route{{Pattern: "GET /api/audit", Right: identity.Users, Handle: r.getAudit,
		About: "Who did what, newest first.", Gives: Audit{},
		Query: []Param{
			moment("before", "What is older only."), whole("limit", 1, 500, "How many at most; 100 when it is not said.")}}}
}

// getAudit answers with ?limit entries before ?before.
func (r *Rooms) getAudit(w http.ResponseWriter, req *http.Request) error {
	limit, err := limitOf(req, 100, 500)
	if err != nil {
		return err
	}
	before, err := beforeOf(req)
	if err != nil {
		return err
	}
	all, err := r.Audit(req.Context(), before, limit)
	if err != nil {
		return err
	}
	return Send(w, Audit{list(all)})
}
