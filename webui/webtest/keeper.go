package webtest

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
)

// Password is the password of the user "admin" of New's box, Token its set-up
// code.
const (
	Password = "seven quiet lines"
	Token    = "K7QD-4M2P"
)

// Keeper keeps one user in memory.
type Keeper struct {
	mu             sync.Mutex
	user, password string
	sessions       map[string]identity.Identity
}

// NewKeeper knows one user; with an empty name the box is unclaimed.
func NewKeeper(user, password string) *Keeper {
	return &Keeper{user: user, password: password, sessions: make(map[string]identity.Identity)}
}

// Claimed tells whether there is a user.
func (k *Keeper) Claimed() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.user != ""
}

// Claim makes the user for whoever knows Token.
func (k *Keeper) Claim(token, user, password string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.user != "":
		return identity.ErrClaimed
	case token != Token:
		return identity.ErrToken
	case len(password) < 8:
		return identity.ErrWeak
	}
	k.user, k.password = user, password
	return nil
}

// Verify refuses "slow down" as if it had been tried too often.
func (k *Keeper) Verify(_ context.Context, user, password string) (identity.Identity, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case password == "slow down":
		return identity.Identity{}, &identity.ThrottledError{RetryAfter: 90 * time.Second}
	case user != k.user || password != k.password:
		return identity.Identity{}, identity.ErrPassword
	}
	return identity.Identity{User: user, Role: identity.Owner}, nil
}

// NewSession starts a session without end.
func (k *Keeper) NewSession(who identity.Identity, _ identity.Via) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	token := rand.Text()
	k.sessions[token] = who
	return token
}

// Session is the user of a session.
func (k *Keeper) Session(token string) (identity.Identity, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	who, ok := k.sessions[token]
	return who, ok
}

// EndSession ends one session.
func (k *Keeper) EndSession(token string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.sessions, token)
}

// EndAll ends every session, as a change of password does.
func (k *Keeper) EndAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.sessions)
}
