package identity

import (
	"fmt"
	"slices"
)

// Right is what somebody may do. Every operation of the box's interface needs one;
// scopes of API tokens are rights too. The names are stable: tokens keep them.
type Right string

// The rights. Those marked with * reach only what an Identity sees: see Sees, Owns and All.
const (
	Public   Right = "public"   // anybody who reaches the box
	Own      Right = "own"      // everybody signed in: parts of the board by their rights
	Account  Right = "account"  // everybody signed in, and never a token: his password, sessions and tokens
	Calls    Right = "calls"    // * read calls and their stories
	Act      Right = "act"      // * hang up and code his calls, log in and pause as an agent
	Direct   Right = "direct"   // * move waiting callers, listen in, start recordings, call back
	Hear     Right = "hear"     // * hear and delete recordings
	Messages Right = "messages" // * hear and delete voice messages
	Reports  Right = "reports"  // * figures, and the contacts behind them
	Plant    Right = "plant"    // lines, trunks, phones, network, certificate, health, update
	Settings Right = "settings" // how calls are handled: queues, menus, hours, sounds, revisions
	Trace    Right = "trace"    // signalling, with the numbers in it
	Keep     Right = "keep"     // backups, mail, alarms, support
	Users    Right = "users"    // who may sign in; only an owner can make owners
)

// Role is the part that a user plays. Every role has the rights Own and Account.
type Role string

// The roles.
const (
	Owner      Role = "owner"
	Admin      Role = "admin"
	Supervisor Role = "supervisor" // of his queues
	Agent      Role = "agent"      // of his extension
	Reader     Role = "reader"     // of reports
	Installer  Role = "installer"  // no calls, no recordings
)

// Roles are all roles, the mightiest first.
func Roles() []Role { return []Role{Owner, Admin, Supervisor, Agent, Reader, Installer} }

// Rights are what a role may do; none for a role that does not exist.
func (r Role) Rights() []Right {
	switch r {
	case Owner, Admin:
		return []Right{Own, Account, Calls, Act, Direct, Hear, Messages, Reports, Plant, Settings, Trace, Keep, Users}
	case Supervisor:
		return []Right{Own, Account, Calls, Act, Direct, Hear, Messages, Reports}
	case Agent:
		return []Right{Own, Account, Calls, Act, Messages}
	case Reader:
		return []Right{Own, Account, Reports}
	case Installer:
		return []Right{Own, Account, Plant}
	}
	return nil
}

// Identity is somebody who has proved who he is. The zero value is a stranger, who has
// no right but Public.
type Identity struct {
	User string
	Role Role
	// Queues are those that a supervisor has.
	Queues []string
	// Extension is an agent's own.
	Extension string
	// Scopes narrow what a token may do; nil: all that the role may.
	Scopes []Right
}

// May tells whether somebody has a right. An empty right is nobody's.
func (i *Identity) May(r Right) bool {
	switch {
	case r == Public:
		return true
	case i.Scopes != nil && !slices.Contains(i.Scopes, r):
		return false
	}
	return slices.Contains(i.Role.Rights(), r)
}

// Rights are what somebody may do.
func (i *Identity) Rights() []Right {
	return slices.DeleteFunc(append([]Right{}, i.Role.Rights()...), func(r Right) bool { return !i.May(r) })
}

// All tells whether the rights reach every queue and every extension.
func (i *Identity) All() bool {
	switch i.Role {
	case Owner, Admin, Reader, Installer:
		return true
	}
	return false
}

// Sees tells whether a queue is one that somebody may look at.
func (i *Identity) Sees(queue string) bool {
	return i.All() || i.Role == Supervisor && slices.Contains(i.Queues, queue)
}

// Owns tells whether an extension is his own.
func (i *Identity) Owns(extension string) bool {
	return i.All() || i.Role == Agent && i.Extension != "" && i.Extension == extension
}

// View is the same text for all who see the same things.
func (i *Identity) View() string {
	return fmt.Sprintf("%q %q %q %q", i.Role, i.Queues, i.Extension, i.Scopes)
}
