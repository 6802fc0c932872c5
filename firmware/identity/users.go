package identity

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// InvitationLife is how long an invitation can be taken.
const InvitationLife = 72 * time.Hour

// maxQueues is the most queues that a supervisor has.
const maxQueues = 200

// Part is what a user is on the box.
type Part struct {
	Role      Role
	Queues    []string // of a supervisor
	Extension string   // of an agent
}

// check tells whether by may give the part, and puts it in its plainest form.
func (p *Part) check(by *Identity) error {
	if !slices.Contains(Roles(), p.Role) || p.Role == Owner && by.Role != Owner {
		return ErrRole
	}
	if p.Role != Supervisor {
		p.Queues = nil
	}
	if p.Role != Agent {
		p.Extension = ""
	}
	if len(p.Queues) > maxQueues || len(p.Extension) > maxUser {
		return ErrRole
	}
	p.Queues = slices.Clone(p.Queues)
	slices.Sort(p.Queues)
	p.Queues = slices.Compact(p.Queues)
	return nil
}

// User is a user as others may see him.
type User struct {
	Name      string    `json:"name"`
	Role      Role      `json:"role"`
	Queues    []string  `json:"queues"`
	Extension string    `json:"extension"`
	Invited   time.Time `json:"invited,omitzero"` // until when his invitation can be taken
	Active    bool      `json:"active"`           // has a password
	Second    bool      `json:"second"`           // signs in in two steps
	Changed   time.Time `json:"changed,omitzero"` // his password
}

// Users are all users by name.
func (k *Keeper) Users() []User {
	k.mu.Lock()
	defer k.mu.Unlock()
	list := make([]User, 0, len(k.users))
	for name, u := range k.users {
		v := User{Name: name, Role: u.Role, Queues: append([]string{}, u.Queues...), Extension: u.Extension, Active: u.Hash != "", Second: u.Second != "", Changed: u.Changed}
		if u.Until.After(k.clock.Now()) {
			v.Invited = u.Until
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b User) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// Invite makes a user without password and returns the code with which he takes one,
// once and within InvitationLife; only its hash is kept. Errors: ErrUser, ErrTaken,
// ErrRole, ErrMany.
func (k *Keeper) Invite(by *Identity, name string, p Part) (config.Secret, error) {
	if !isUser(name) {
		return "", ErrUser
	}
	if err := p.check(by); err != nil {
		return "", err
	}
	code := RandomSecret(24)
	return code, k.change(name, func(u *user, known bool) error {
		if known {
			return ErrTaken
		}
		u.Role, u.Queues, u.Extension = p.Role, p.Queues, p.Extension
		k.invite(u, code)
		return nil
	})
}

// InviteAgain gives a user who lost his password, or his first invitation, another
// code. The password that he has counts until he takes it. Errors: ErrNoUser, ErrRole.
func (k *Keeper) InviteAgain(by *Identity, name string) (config.Secret, error) {
	code := RandomSecret(24)
	return code, k.change(name, func(u *user, known bool) error {
		if err := touches(by, u, known); err != nil {
			return err
		}
		k.invite(u, code)
		return nil
	})
}

func (k *Keeper) invite(u *user, code config.Secret) {
	sum := sha256.Sum256([]byte(code.Reveal())) // to be compared with; it has 120 random bits
	u.Invited, u.Until = sum[:], k.clock.Now().Add(InvitationLife).UTC()
}

// touches tells whether by may change a user: only an owner changes an owner.
func touches(by *Identity, u *user, known bool) error {
	switch {
	case !known:
		return ErrNoUser
	case u.Role == Owner && by.Role != Owner:
		return ErrRole
	}
	return nil
}

// Accept takes an invitation: its user has the password from now on. Errors:
// ErrInvitation (also of an unknown user), ErrThrottled, ErrWeak.
func (k *Keeper) Accept(ctx context.Context, name, code, password string) (Identity, error) {
	from, _ := ctx.Value(source{}).(string)
	guesser := from + " invitation " + name[:min(len(name), maxUser)]
	if err := k.throttle.try(k.clock.Now(), guesser); err != nil {
		return Identity{}, err
	}
	sum := sha256.Sum256([]byte(code))
	valid := func(u *user) bool {
		return subtle.ConstantTimeCompare(u.Invited, sum[:]) == 1 && k.clock.Now().Before(u.Until)
	}
	k.mu.Lock()
	u := k.users[name]
	k.mu.Unlock()
	if !valid(&u) {
		return Identity{}, ErrInvitation
	}
	if !good(password) {
		return Identity{}, ErrWeak
	}
	hash := k.hasher.hash(password)
	var who Identity
	err := k.change(name, func(u *user, _ bool) error {
		if !valid(u) { // taken meanwhile
			return ErrInvitation
		}
		u.Hash, u.Changed, u.Invited, u.Until = hash, k.clock.Now().UTC(), nil, time.Time{}
		u.Second, u.Recovery = "", nil // whoever needs a new password may have lost his phone too
		who = u.who(name)
		return nil
	})
	if err == nil {
		k.throttle.passed(guesser)
	}
	return who, err
}

// Alter gives a user another part. Errors: ErrNoUser, ErrRole, ErrLastOwner.
func (k *Keeper) Alter(by *Identity, name string, p Part) error {
	if err := p.check(by); err != nil {
		return err
	}
	return k.change(name, func(u *user, known bool) error {
		if err := touches(by, u, known); err != nil {
			return err
		}
		u.Role, u.Queues, u.Extension = p.Role, p.Queues, p.Extension
		return nil
	})
}

// Remove ends a user. Errors: ErrNoUser, ErrRole, ErrLastOwner.
func (k *Keeper) Remove(by *Identity, name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	u, known := k.users[name]
	if err := touches(by, &u, known); err != nil {
		return err
	}
	if u.owns() && k.owners() == 1 {
		return ErrLastOwner
	}
	if err := k.store.Delete(userBucket, name); err != nil {
		return fmt.Errorf("remove user %s: %w", name, err)
	}
	delete(k.users, name)
	k.sessions.endAll(name)
	return k.dropTokens(name)
}

// ChangePassword is by the user himself, who must know the old one; it ends all his
// sessions. Errors: those of Verify, ErrWeak.
func (k *Keeper) ChangePassword(ctx context.Context, name, old, password string) error {
	if _, err := k.Verify(ctx, name, old); err != nil {
		return err
	}
	if !good(password) {
		return ErrWeak
	}
	hash := k.hasher.hash(password)
	err := k.change(name, func(u *user, known bool) error {
		if !known {
			return ErrNoUser
		}
		u.Hash, u.Changed = hash, k.clock.Now().UTC()
		return nil
	})
	if errors.Is(err, ErrNoUser) {
		return ErrPassword
	}
	return err
}
