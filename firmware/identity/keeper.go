package identity

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/store"
)

const (
	userBucket  = "users"
	minPassword = 8    // characters
	maxPassword = 1024 // bytes
	maxUser     = 64   // bytes
	maxUsers    = 200
)

// Refusals.
var (
	// ErrPassword: unknown user or wrong password; which of the two is not told.
	ErrPassword = errors.New("wrong user or password")
	// ErrToken: not the token that the box shows.
	ErrToken = errors.New("wrong claim token")
	// ErrClaimed: the box has an owner already.
	ErrClaimed = errors.New("the box is claimed already")
	// ErrWeak: a password of less than 8 characters, or longer than 1024 bytes.
	ErrWeak = errors.New("a password has 8 characters or more")
	// ErrUser: not a name that a user can have.
	ErrUser = errors.New("a user name has 1 to 64 letters, digits, or . _ - @")
	// ErrNoUser: there is no such user.
	ErrNoUser = errors.New("no such user")
	// ErrTaken: somebody else is called so.
	ErrTaken = errors.New("there is a user of this name")
	// ErrRole: not a role, or one that only an owner gives and takes.
	ErrRole = errors.New("this role cannot be given by you")
	// ErrLastOwner: nobody would own the box.
	ErrLastOwner = errors.New("the last owner stays")
	// ErrMany: no more users.
	ErrMany = errors.New("there are too many users")
	// ErrInvitation: a wrong, used or old invitation.
	ErrInvitation = errors.New("wrong or old invitation")
	// ErrSecond: the password is right, and a one-time code is needed.
	ErrSecond = errors.New("a one-time code is needed")
	// ErrCode: not the one-time code of now, nor a recovery code, or used already.
	ErrCode = errors.New("wrong one-time code")
	// ErrName: the name of a token is 1 to 64 characters.
	ErrName = errors.New("a name has 1 to 64 characters")
	// ErrScope: a right that a token cannot have, or its user has not.
	ErrScope = errors.New("not a scope of yours")
	// ErrNoToken: there is no such token.
	ErrNoToken = errors.New("no such token")
)

// Keeper knows the users.
type Keeper struct {
	store    *store.Store
	clock    clock.Clock
	token    config.Secret
	hasher   hasher
	throttle throttle
	sessions sessions
	seconds  seconds
	tokens   tokens

	mu    sync.Mutex // held while users change, on disk too
	users map[string]user
}

// user is how a user is kept.
type user struct {
	Hash    string    `json:"hash"` // empty while he has not taken his invitation
	Changed time.Time `json:"changed"`
	// Role is empty in what programs before roles wrote: an owner.
	Role      Role     `json:"role,omitempty"`
	Queues    []string `json:"queues,omitempty"`
	Extension string   `json:"extension,omitempty"`
	// Invited is the hash of the code of his invitation, which counts until Until.
	Invited []byte    `json:"invited,omitempty"`
	Until   time.Time `json:"until,omitzero"`
	// Second is the key of his one-time codes, in base32; empty: he signs in in one step.
	// It must be known to compute with, so it is as safe as the disk is. Recovery are the
	// hashes of the codes that replace them, each once.
	Second   string   `json:"second,omitempty"`
	Recovery [][]byte `json:"recovery,omitempty"`
}

// who is the user as he signs in.
func (u *user) who(name string) Identity {
	return Identity{User: name, Role: u.Role, Queues: u.Queues, Extension: u.Extension}
}

// Open reads the users.
func Open(st *store.Store, clk clock.Clock) (*Keeper, error) {
	k := &Keeper{store: st, clock: clk, token: RandomSecret(20), hasher: newHasher(), users: make(map[string]user)}
	err := st.Each(userBucket, func(name string, value []byte) error {
		var u user
		if err := json.Unmarshal(value, &u); err != nil {
			return fmt.Errorf("user %s: %w", name, err)
		}
		if u.Role == "" {
			u.Role = Owner
		}
		k.users[name] = u
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	return k, k.readTokens()
}

// Claimed tells whether the box has an owner.
func (k *Keeper) Claimed() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.users) > 0
}

// ClaimToken is what somebody must know to claim the box; another one each
// start. Show it where only its owner looks: the console.
func (k *Keeper) ClaimToken() config.Secret { return k.token }

// Claim makes the first user, for whoever knows the token. Errors: ErrClaimed,
// ErrToken, ErrThrottled, ErrUser, ErrWeak.
func (k *Keeper) Claim(token, name, password string) error {
	const guesser = "claim" // all guess at one token, wherever they are
	if k.Claimed() {
		return ErrClaimed
	}
	if err := k.throttle.try(k.clock.Now(), guesser); err != nil {
		return err
	}
	// Revealed to be compared, in constant time.
	if subtle.ConstantTimeCompare([]byte(token), []byte(k.token.Reveal())) != 1 {
		return ErrToken
	}
	k.throttle.passed(guesser)
	return k.save(name, password, func() error {
		if len(k.users) > 0 {
			return ErrClaimed
		}
		return nil
	})
}

// SetPassword makes an owner, or gives a user another password and ends his sessions.
// Errors: ErrUser, ErrWeak.
func (k *Keeper) SetPassword(name, password string) error {
	return k.save(name, password, func() error { return nil })
}

func (k *Keeper) save(name, password string, allowed func() error) error {
	if !isUser(name) {
		return ErrUser
	}
	if !good(password) {
		return ErrWeak
	}
	hash := k.hasher.hash(password)
	return k.change(name, func(u *user, known bool) error {
		if !known {
			u.Role = Owner
		}
		u.Hash, u.Changed = hash, k.clock.Now().UTC()
		return allowed()
	})
}

// good tells whether a password can be one.
func good(password string) bool {
	return utf8.RuneCountInString(password) >= minPassword && len(password) <= maxPassword
}

// change lets edit change a user, who is new unless known, keeps him, and ends his
// sessions, since they carry what he was. A box that has an owner keeps one.
func (k *Keeper) change(name string, edit func(u *user, known bool) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	u, known := k.users[name]
	was := u
	if err := edit(&u, known); err != nil {
		return err
	}
	if !known && len(k.users) >= maxUsers {
		return ErrMany
	}
	if was.owns() && !u.owns() && k.owners() == 1 {
		return ErrLastOwner
	}
	data, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("save user %s: %w", name, err)
	}
	if err := k.store.Put(userBucket, name, data); err != nil {
		return fmt.Errorf("save user %s: %w", name, err)
	}
	k.users[name] = u
	k.sessions.endAll(name)
	return nil
}

// owns tells whether the user is an owner who can sign in.
func (u *user) owns() bool { return u.Role == Owner && u.Hash != "" }

// owners counts them. The caller holds k.mu.
func (k *Keeper) owners() (n int) {
	for _, u := range k.users {
		if u.owns() {
			n++
		}
	}
	return n
}

// source is the context key of WithSource.
type source struct{}

// WithSource says where a user of Verify comes from, such as the address of his
// browser: wrong tries are counted by user and source.
func WithSource(ctx context.Context, from string) context.Context {
	return context.WithValue(ctx, source{}, from)
}

// Verify checks a password. It takes about a tenth of a second, and longer when
// many are signing in. Errors: ErrPassword, ErrThrottled, the context's.
func (k *Keeper) Verify(ctx context.Context, name, password string) (Identity, error) {
	from, _ := ctx.Value(source{}).(string)
	guesser := from + " " + name[:min(len(name), maxUser)]
	if err := k.throttle.try(k.clock.Now(), guesser); err != nil {
		return Identity{}, err
	}
	k.mu.Lock()
	u, known := k.users[name]
	k.mu.Unlock()
	if !known || u.Hash == "" || len(password) > maxPassword {
		u.Hash, password = k.hasher.nobody, ""
	}
	right, err := k.hasher.matches(ctx, u.Hash, password)
	if err != nil {
		return Identity{}, fmt.Errorf("verify password: %w", err)
	}
	if !right {
		return Identity{}, ErrPassword
	}
	k.throttle.passed(guesser)
	return u.who(name), nil
}

func isUser(name string) bool {
	if name == "" || len(name) > maxUser {
		return false
	}
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-', r == '@':
		default:
			return false
		}
	}
	return true
}
