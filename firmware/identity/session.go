package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
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
	started, used time.Time
}

func (s session) ended(now time.Time) bool {
	return now.Sub(s.used) >= IdleLimit || now.Sub(s.started) >= TotalLimit
}

// NewSession starts a session and returns the secret that stands for it. When
// there are 1000 already, the one not used for the longest time ends.
func (k *Keeper) NewSession(who Identity) (token string) {
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
	s.open[sha256.Sum256([]byte(token))] = session{who, now, now}
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
