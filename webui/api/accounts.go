package api

import "github.com/pasokh/pasokh/firmware/identity"

// UserList is the answer of GET /api/users, and of what changes users.
type UserList struct {
	Users []identity.User `json:"users"`
	Roles []identity.Role `json:"roles"` // that the asker can give
}

// Invite is the body of POST /api/users; without Name that of POST /api/users/{name}, which
// gives a user another part.
type Invite struct {
	Name      string        `json:"name,omitempty"`
	Role      identity.Role `json:"role"`
	Queues    []string      `json:"queues"`    // of a supervisor
	Extension string        `json:"extension"` // of an agent
}

// Invitation is told once: with its code a user takes his password, within three days.
type Invitation struct {
	Name string `json:"name"`
	Code string `json:"code"`
}

// Accept is the body of POST /api/accept, which takes an invitation and signs in.
type Accept struct {
	User       string `json:"user"`
	Invitation string `json:"invitation"`
	Password   string `json:"password"`
}

// AccountView is the answer of GET /api/account: what a user may know about himself.
type AccountView struct {
	User     identity.User          `json:"user"`
	Sessions []identity.SessionView `json:"sessions"`
	Tokens   []identity.TokenView   `json:"tokens"`
	Scopes   []identity.Right       `json:"scopes"` // that a token of his can have
}

// NewPassword is the body of POST /api/account/password.
type NewPassword struct {
	Old      string `json:"old"`
	Password string `json:"password"`
}

// Proof is the body of POST /api/account/second/confirm (Code of the new key) and, with
// Password, of /begin and /end.
type Proof struct {
	Code     string `json:"code,omitempty"`
	Password string `json:"password,omitempty"`
}

// Recovery is told once: codes that replace that of the phone, each once.
type Recovery struct {
	Codes []string `json:"codes"`
}

// NewToken is the body of POST /api/account/tokens.
type NewToken struct {
	Name     string           `json:"name"`
	Scopes   []identity.Right `json:"scopes"`
	Days     int              `json:"days"`     // that it lives, 1 to 366
	Password string           `json:"password"` // of the user
}

// MadeToken is told once: the token itself, for "Authorization: Bearer".
type MadeToken struct {
	Token string `json:"token"`
}
