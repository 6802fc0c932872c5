package server

import (
	"net/http"
	"slices"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
)

// userRoutes are what is done about others. Who may do what to whom is the keeper's
// business: only an owner touches an owner.
func (s *Server) userRoutes() []api.Route {
	return []api.Route{
		{Pattern: "POST /api/accept", Right: identity.Public, Handle: s.accept,
			About: "Takes an invitation and signs in.", Takes: api.Accept{}, Gives: api.Me{}},
		{Pattern: "GET /api/users", Right: identity.Users, Handle: s.getUsers,
			About: "Who may sign in.", Gives: api.UserList{}},
		{Pattern: "POST /api/users", Right: identity.Users, Handle: s.invite,
			About: "Invites somebody.", Takes: api.Invite{}, Gives: api.Invitation{}},
		{Pattern: "POST /api/users/{name}", Right: identity.Users, Handle: s.alter,
			About: "Gives a user another role.", Takes: api.Invite{}, Gives: api.UserList{}},
		{Pattern: "POST /api/users/{name}/invite", Right: identity.Users, Handle: s.inviteAgain,
			About: "Invites a user again, who has lost his password.", Gives: api.Invitation{}},
		{Pattern: "POST /api/users/{name}/delete", Right: identity.Users, Handle: s.remove,
			About: "Removes a user.", Gives: api.UserList{}},
	}
}

func (s *Server) getUsers(w http.ResponseWriter, r *http.Request) error {
	roles := identity.Roles()
	if api.Viewer(r.Context()).Role != identity.Owner {
		roles = slices.DeleteFunc(roles, func(role identity.Role) bool { return role == identity.Owner })
	}
	return api.Send(w, api.UserList{Users: s.opts.Accounts.Users(), Roles: roles})
}

func (s *Server) invite(w http.ResponseWriter, r *http.Request) error {
	var ask api.Invite
	if err := api.Decode(r, &ask); err != nil {
		return err
	}
	code, err := s.opts.Accounts.Invite(api.Viewer(r.Context()), ask.Name, part(ask))
	if err != nil {
		return refusal(err)
	}
	s.opts.Log.Info("user invited", "user", ask.Name, "role", ask.Role, "by", api.User(r.Context()))
	return api.Send(w, api.Invitation{Name: ask.Name, Code: code.Reveal()}) // told once, to be handed on
}

func part(a api.Invite) identity.Part {
	return identity.Part{Role: a.Role, Queues: a.Queues, Extension: a.Extension}
}

func (s *Server) inviteAgain(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	code, err := s.opts.Accounts.InviteAgain(api.Viewer(r.Context()), name)
	if err != nil {
		return refusal(err)
	}
	s.opts.Log.Info("user invited again", "user", name, "by", api.User(r.Context()))
	return api.Send(w, api.Invitation{Name: name, Code: code.Reveal()}) // told once, to be handed on
}

func (s *Server) alter(w http.ResponseWriter, r *http.Request) error {
	var ask api.Invite
	if err := api.Decode(r, &ask); err != nil {
		return err
	}
	name := r.PathValue("name")
	if err := s.opts.Accounts.Alter(api.Viewer(r.Context()), name, part(ask)); err != nil {
		return refusal(err)
	}
	s.opts.Log.Info("user changed", "user", name, "role", ask.Role, "by", api.User(r.Context()))
	return s.getUsers(w, r)
}

func (s *Server) remove(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	if err := s.opts.Accounts.Remove(api.Viewer(r.Context()), name); err != nil {
		return refusal(err)
	}
	s.opts.Log.Info("user removed", "user", name, "by", api.User(r.Context()))
	return s.getUsers(w, r)
}

// accept takes an invitation and signs its user in.
func (s *Server) accept(w http.ResponseWriter, r *http.Request) error {
	var a api.Accept
	if err := api.Decode(r, &a); err != nil {
		return err
	}
	if err := credible(a.User, a.Password); err != nil {
		return err
	}
	if len(a.Invitation) > maxToken {
		return api.ErrInvitation
	}
	who, err := s.opts.Accounts.Accept(identity.WithSource(r.Context(), source(r)), a.User, a.Invitation, a.Password)
	if err != nil {
		s.opts.Log.Warn("invitation refused", "user", a.User, "from", r.RemoteAddr, "error", err)
		return refusal(err)
	}
	s.opts.Log.Info("invitation taken", "user", a.User, "from", r.RemoteAddr)
	return s.admit(w, r, who)
}
