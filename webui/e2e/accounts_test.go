package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/webui"
	"github.com/pasokh/pasokh/webui/server"
	"github.com/pasokh/pasokh/webui/webtest"
)

// openWithPeople is the real server with the real keeper of users.
func openWithPeople(t *testing.T) *site {
	t.Helper()
	st, err := store.Open(t.TempDir(), store.Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	keeper, err := identity.Open(st, clock.System())
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.SetPassword("admin", webtest.Password); err != nil {
		t.Fatal(err)
	}
	pages, err := webui.Dist()
	if err != nil {
		t.Fatal(err)
	}
	box := webtest.New(webtest.Busy(time.Now()))
	s, err := server.New(server.Options{Rooms: box.Rooms(), Extra: box.Hooks().Routes(), Keeper: keeper, Accounts: keeper, News: &box.News, Log: box.Log, Pages: pages})
	if err != nil {
		t.Fatal(err)
	}
	si := &site{box: box, server: s, address: "127.0.0.1:0"}
	si.start(t)
	t.Cleanup(func() { si.stop() })
	return si
}

// TestPeopleAreInvitedAndSignInInTwoSteps invites a supervisor, sets up the second step
// with the key that the page shows, signs in with it, and takes the invitation.
func TestPeopleAreInvitedAndSignInInTwoSteps(t *testing.T) {
	b := openWithPeople(t).browse(t)
	b.do("signin")
	b.do("goto", "path", "/#/people")
	b.sees("people", "admin")
	b.do("fill", "testid", "invite-name", "value", "a b")
	b.do("fill", "testid", "invite-queues", "value", "۷۱۰")
	b.do("click", "testid", "invite-save")
	b.sees("invite-fault", "user name")
	b.do("fill", "testid", "invite-name", "value", "mina")
	b.do("click", "testid", "invite-save")
	b.sees("invitation", "three days")
	b.sound("users")
	b.looks("people-en")
	link, _ := b.do("eval", "script", "document.querySelectorAll('[data-testid=invitation-text]')[1].textContent").Value.(string)

	b.do("goto", "path", "/#/account")
	b.do("lang", "lang", "fa")
	b.do("fill", "testid", "second-password", "value", webtest.Password)
	b.do("click", "testid", "second-save")
	b.until("document.querySelector('[data-testid=second-qr] path') !== null", true)
	b.sound("the second step")
	b.looks("account-fa")
	key := b.do("text", "testid", "second-key").Text
	code := func(at time.Time) string {
		c, err := totp.GenerateCode(key, at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	b.do("fill", "testid", "second-code", "value", code(time.Now()))
	b.do("click", "testid", "second-confirm-save")
	b.do("wait", "testid", "recovery")
	recovery := b.do("text", "testid", "recovery-text").Text
	b.do("click", "testid", "signout")
	b.do("fill", "testid", "signin-user", "value", "admin")
	b.do("fill", "testid", "signin-password", "value", webtest.Password)
	b.do("click", "testid", "signin-submit")
	b.do("fill", "testid", "signin-code", "value", "000000")
	b.do("click", "testid", "signin-submit")
	b.do("wait", "testid", "signin-error")
	b.do("fill", "testid", "signin-code", "value", recovery)
	b.do("click", "testid", "signin-submit")
	b.do("wait", "testid", "board")
	b.do("click", "testid", "signout")

	b.do("click", "testid", "trust-link")
	b.sees("trust", "Firefox")
	b.sound("the guide to trust")
	b.looks("trust-fa")

	_, hash, ok := strings.Cut(link, "/#")
	if !ok {
		t.Fatalf("the link is %q", link)
	}
	b.do("goto", "path", "/#"+hash)
	b.do("fill", "testid", "accept-password", "value", "her own quiet lines")
	b.do("click", "testid", "accept-submit")
	b.do("wait", "testid", "board")
	b.until("['overview', 'calls', 'account'].every((p) => document.querySelector(`[data-testid=nav-${p}]`)) && !document.querySelector('[data-testid=nav-settings], [data-testid=nav-people]')", true)
	if r := b.do("eval", "script", "document.body.innerText"); strings.Contains(r.Value.(string), "Sara Karimi") {
		t.Error("the page shows her what it showed to the owner before")
	}
	b.sound("the overview of a supervisor")
	b.looks("supervisor-fa")
}
