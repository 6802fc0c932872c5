package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/pasokh/pasokh/firmware/config"
)

// Tokens of programs that use the box's interface in the name of a user.
const (
	tokenBucket = "tokens"
	tokenPrefix = "pasokh_"
	maxTokens   = 200
	// LongestToken is how long a token lives at most.
	LongestToken = 366 * 24 * time.Hour
	// usedEvery is how often the use of a token is written down.
	usedEvery = time.Hour
)

// tokens are all of the box.
type tokens struct {
	mu   sync.Mutex // held while they change, on disk too
	list map[string]token
}

// token is how a token is kept.
type token struct {
	TokenView
	User string `json:"user"`
	Hash []byte `json:"hash"`
}

// TokenView is a token for its user.
type TokenView struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Scopes  []Right   `json:"scopes"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Used    time.Time `json:"used,omitzero"` // to the hour
}

// TokenScopes are the rights that a token of somebody can have: none that would let it
// make itself mightier.
func (i *Identity) TokenScopes() []Right {
	return slices.DeleteFunc(i.Rights(), func(r Right) bool { return r == Own || r == Account || r == Users })
}

func (k *Keeper) readTokens() error {
	k.tokens.list = make(map[string]token)
	err := k.store.Each(tokenBucket, func(id string, value []byte) error {
		var t token
		if err := json.Unmarshal(value, &t); err != nil {
			return fmt.Errorf("token %s: %w", id, err)
		}
		k.tokens.list[id] = t
		return nil
	})
	if err != nil {
		return fmt.Errorf("read tokens: %w", err)
	}
	return nil
}

// NewToken makes a token for a user, which lives for so long; it is told once, here, and
// only its hash is kept. Errors: ErrName, ErrScope, ErrMany.
func (k *Keeper) NewToken(by *Identity, name string, scopes []Right, life time.Duration) (config.Secret, error) {
	if n := utf8.RuneCountInString(name); n < 1 || n > maxUser {
		return "", ErrName
	}
	may := by.TokenScopes()
	if len(scopes) == 0 || len(scopes) > len(may) || slices.ContainsFunc(scopes, func(r Right) bool { return !slices.Contains(may, r) }) {
		return "", ErrScope
	}
	if life <= 0 || life > LongestToken {
		return "", ErrScope
	}
	raw := make([]byte, 40)
	rand.Read(raw) // it never fails
	id := hex.EncodeToString(raw[:8])
	text := tokenPrefix + id + "_" + hex.EncodeToString(raw[8:])
	sum := sha256.Sum256([]byte(text))
	now := k.clock.Now().UTC()
	t := token{TokenView{ID: id, Name: name, Scopes: slices.Clone(scopes), Created: now, Expires: now.Add(life)}, by.User, sum[:]}
	k.tokens.mu.Lock()
	defer k.tokens.mu.Unlock()
	if len(k.tokens.list) >= maxTokens {
		return "", ErrMany
	}
	return config.Secret(text), k.keepToken(t)
}

// keepToken writes a token. The caller holds k.tokens.mu.
func (k *Keeper) keepToken(t token) error {
	data, err := json.Marshal(t)
	if err == nil {
		err = k.store.Put(tokenBucket, t.ID, data)
	}
	if err != nil {
		return fmt.Errorf("keep token %s: %w", t.ID, err)
	}
	k.tokens.list[t.ID] = t
	return nil
}

// Tokens are those of a user, the newest first, old ones too.
func (k *Keeper) Tokens(name string) []TokenView {
	k.tokens.mu.Lock()
	defer k.tokens.mu.Unlock()
	list := []TokenView{}
	for _, t := range k.tokens.list {
		if t.User == name {
			list = append(list, t.TokenView)
		}
	}
	slices.SortFunc(list, func(a, b TokenView) int { return b.Created.Compare(a.Created) })
	return list
}

// EndToken ends a token of a user. Errors: ErrNoToken.
func (k *Keeper) EndToken(name, id string) error {
	k.tokens.mu.Lock()
	defer k.tokens.mu.Unlock()
	if t, ok := k.tokens.list[id]; !ok || t.User != name {
		return ErrNoToken
	}
	return k.dropToken(id)
}

// dropToken forgets a token. The caller holds k.tokens.mu.
func (k *Keeper) dropToken(id string) error {
	if err := k.store.Delete(tokenBucket, id); err != nil {
		return fmt.Errorf("end token %s: %w", id, err)
	}
	delete(k.tokens.list, id)
	return nil
}

// dropTokens ends all tokens of a user who goes.
func (k *Keeper) dropTokens(name string) error {
	k.tokens.mu.Lock()
	defer k.tokens.mu.Unlock()
	for id, t := range k.tokens.list {
		if t.User == name {
			if err := k.dropToken(id); err != nil {
				return err
			}
		}
	}
	return nil
}

// Bearer is whose token a text is, with the rights that its scopes leave of what his role
// has now.
func (k *Keeper) Bearer(text string) (Identity, bool) {
	id, _, ok := strings.Cut(strings.TrimPrefix(text, tokenPrefix), "_")
	if !ok || !strings.HasPrefix(text, tokenPrefix) {
		return Identity{}, false
	}
	sum, now := sha256.Sum256([]byte(text)), k.clock.Now()
	k.tokens.mu.Lock()
	t, ok := k.tokens.list[id]
	if !ok || subtle.ConstantTimeCompare(t.Hash, sum[:]) != 1 || !now.Before(t.Expires) {
		k.tokens.mu.Unlock()
		return Identity{}, false
	}
	if now.Sub(t.Used) >= usedEvery {
		t.Used = now.UTC()
		_ = k.keepToken(t) // a disk that is full does not shut programs out
	}
	k.tokens.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	u, known := k.users[t.User]
	if !known || u.Hash == "" {
		return Identity{}, false
	}
	who := u.who(t.User)
	who.Scopes = append([]Right{Own}, t.Scopes...)
	return who, true
}
