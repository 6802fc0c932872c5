package hooks

import (
	"errors"
	"net/http"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
)

// List is the answer of GET /api/webhooks.
type List struct {
	Webhooks []View `json:"webhooks"`
}

// Routes are what is done with webhooks that are set; they are set as the things "webhooks".
func (r *Room) Routes() []api.Route {
	return []api.Route{
		{Pattern: "GET /api/webhooks", Right: identity.Keep, Handle: r.list,
			About: "How webhooks stand, and what they were told of late. They are set as things of the kind webhooks.", Gives: List{}},
		{Pattern: "POST /api/webhooks/{name}/test", Right: identity.Keep, Handle: r.test,
			About: "Sends a webhook a message that tells of nothing.", Gives: api.Outcome{}},
		{Pattern: "POST /api/webhooks/{name}/on", Right: identity.Keep, Handle: r.on,
			About: "Switches a webhook on again that the box has switched off.", Gives: List{}},
	}
}

func (r *Room) list(w http.ResponseWriter, _ *http.Request) error {
	return api.Send(w, List{r.Views()})
}

func (r *Room) test(w http.ResponseWriter, req *http.Request) error {
	switch err := r.Test(req.Context(), req.PathValue("name")); {
	case errors.Is(err, ErrUnknown):
		return api.ErrNotFound
	case err != nil:
		return api.Send(w, api.Outcome{Detail: err.Error()})
	}
	return api.Send(w, api.Outcome{OK: true})
}

func (r *Room) on(w http.ResponseWriter, req *http.Request) error {
	if r.On(req.PathValue("name")) != nil {
		return api.ErrNotFound
	}
	return r.list(w, req)
}
