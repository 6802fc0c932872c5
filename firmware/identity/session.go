package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"sync"
	"time"
)

// How long a session lives. They live in memory: a restart ends all.
const (
	IdleLimit   = 12 * time.Hour
	TotalLimit  = 7 * 24 * time.Hour
	maxSessions = 1000
)

type sessions struct {
	mu   sync.Mutex
	open map[[sha256.Size]byte]session
}

type session struct {
	who           Identity
	via           Via
	started, used time.Time
}

// Via is what somebody signs in with and from where.
type Via struct {
	Device string // what the browser calls itself
	From   string // address
}

// SessionView is a session for its user.
type SessionView struct {
	ID      string    `json:"id"`
	Device  string    `json:"device"`
	From    string    `json:"from"`
	Started time.Time `json:"started"`
	Used    time.Time `json:"used"`
	Here    bool      `json:"here"` // the one that asks
}

// id names a session without telling its token: a part of the token's hash.
func id(key [sha256.Size]byte) string { return hex.EncodeToString(key[:8]) }

// Sessions are those of a user, the last used first; token is that of who asks.
func (k *Keeper) Sessions(name, token string) []SessionView {
	here, now := sha256.Sum256([]byte(token)), k.clock.Now()
	s := &k.sessions
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []SessionView{}
	for key, one := range s.open {
		if one.who.User == name && !one.ended(now) {
			list = append(list, SessionView{id(key), one.via.Device, one.via.From, one.started, one.used, key == here})
		}
	}
	slices.SortFunc(list, func(a, b SessionView) int { return b.Used.Compare(a.Used) })
	return list
}

// EndSessionOf ends a session of a user by its ID; false means that he has none such.
func (k *Keeper) EndSessionOf(name, session string) bool {
	s := &k.sessions
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, one := range s.open {
		if one.who.User == name && id(key) == session {
			delete(s.open, key)
			return true
		}
	}
	return false
}

func (s session) ended(now time.Time) bool {
	return now.Sub(s.used) >= IdleLimit || now.Sub(s.started) >= TotalLimit
}

// NewSession starts a session and returns the secret that stands for it. When
// there are 1000 already, the one not used for the longest time ends.
func (k *Keeper) NewSession(who Identity, via Via) (token string) {
	raw := make([]byte, 32)
	rand.Read(raw) // it never fails
	token = base64.RawURLEncoding.EncodeToString(raw)
	now := k.clock.Now()
	s := &k.sessions
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = make(map[[sha256.Size]byte]session)
	}
	s.makeRoom(now)
	s.open[sha256.Sum256([]byte(token))] = session{who, via, now, now}
	return token
}

// Session is whose session it is, if it has not ended, and marks it as used.
func (k *Keeper) Session(token string) (Identity, bool) {
	key := sha256.Sum256([]byte(token))
	now := k.clock.Now()
	s := &k.sessions
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.open[key]
	if !ok {
		return Identity{}, false
	}
	if found.ended(now) {
		delete(s.open, key)
		return Identity{}, false
	}
	found.used = now
	s.open[key] = found
	return found.who, true
}

// EndSession ends a session; an unknown one is no error.
func (k *Keeper) EndSession(token string) {
	k.sessions.mu.Lock()
	defer k.sessions.mu.Unlock()
	delete(k.sessions.open, sha256.Sum256([]byte(token)))
}

// endAll ends a user's sessions.
func (s *sessions) endAll(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, one := range s.open {
		if one.who.User == name {
			delete(s.open, key)
		}
	}
}

// makeRoom forgets ended sessions and keeps their number bounded. The caller holds s.mu.
func (s *sessions) makeRoom(now time.Time) {
	if len(s.open) < maxSessions {
		return
	}
	var oldest [sha256.Size]byte
	first := now
	for key, one := range s.open {
		if one.ended(now) {
			delete(s.open, key)
		} else if !one.used.After(first) {
			oldest, first = key, one.used
		}
	}
	if len(s.open) >= maxSessions {
		delete(s.open, oldest)
	}
}
