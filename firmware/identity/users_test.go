package identity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pquerna/otp/totp"
)

const goodPassword = "seven quiet lines"

// owned is a keeper with the owner sara.
func owned(t *testing.T) (*Keeper, *Identity) {
	k := openKeeper(t, t.TempDir())
	setPassword(t, k, "sara", goodPassword)
	sara, err := k.Verify(t.Context(), "sara", goodPassword)
	if err != nil || sara.Role != Owner {
		t.Fatalf("%+v, %v", sara, err)
	}
	return k, &sara
}

func must[T any](t *testing.T, is error) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if !errors.Is(err, is) || (is == nil) != (err == nil) {
			t.Fatalf("got %v, want %v", err, is)
		}
		return v
	}
}

func TestAnInvitationCountsOnceAndNotForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, sara := owned(t)
		part := Part{Role: Supervisor, Queues: []string{"710", "700", "700"}, Extension: "1001"}
		code, err := k.Invite(sara, "mina", part)
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		if _, err := k.Verify(ctx, "mina", ""); !errors.Is(err, ErrPassword) {
			t.Errorf("before her password: %v", err)
		}
		must[Identity](t, ErrInvitation)(k.Accept(ctx, "mina", "wrong", goodPassword))
		must[Identity](t, ErrInvitation)(k.Accept(ctx, "nobody", code.Reveal(), goodPassword))
		must[Identity](t, ErrWeak)(k.Accept(ctx, "mina", code.Reveal(), "short"))
		mina := must[Identity](t, nil)(k.Accept(ctx, "mina", code.Reveal(), goodPassword))
		if mina.Role != Supervisor || !slices.Equal(mina.Queues, []string{"700", "710"}) || mina.Extension != "" {
			t.Errorf("she is %+v", mina)
		}
		must[Identity](t, ErrInvitation)(k.Accept(ctx, "mina", code.Reveal(), "another one of hers"))
		again, err := k.InviteAgain(sara, "mina")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(InvitationLife)
		must[Identity](t, ErrInvitation)(k.Accept(ctx, "mina", again.Reveal(), "another one of hers"))
		must[Identity](t, nil)(k.Verify(ctx, "mina", goodPassword))
	})
}

func TestOnlyOwnersMakeOwnersAndTheLastStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, sara := owned(t)
		code, err := k.Invite(sara, "omid", Part{Role: Admin})
		if err != nil {
			t.Fatal(err)
		}
		omid := must[Identity](t, nil)(k.Accept(t.Context(), "omid", code.Reveal(), goodPassword))
		if _, err := k.Invite(&omid, "evil", Part{Role: Owner}); !errors.Is(err, ErrRole) {
			t.Errorf("an admin invites an owner: %v", err)
		}
		if _, err := k.InviteAgain(&omid, "sara"); !errors.Is(err, ErrRole) {
			t.Errorf("an admin gets a code for an owner: %v", err)
		}
		for what, err := range map[string]error{
			"makes himself owner": k.Alter(&omid, "omid", Part{Role: Owner}), "lowers the owner": k.Alter(&omid, "sara", Part{Role: Reader}),
			"removes the owner": k.Remove(&omid, "sara"), "gives an unknown role": k.Alter(&omid, "omid", Part{Role: "king"}),
		} {
			if !errors.Is(err, ErrRole) {
				t.Errorf("an admin %s: %v", what, err)
			}
		}
		if err := k.Remove(sara, "sara"); !errors.Is(err, ErrLastOwner) {
			t.Errorf("the last owner goes: %v", err)
		}
		if err := k.Alter(sara, "sara", Part{Role: Reader}); !errors.Is(err, ErrLastOwner) {
			t.Errorf("the last owner is lowered: %v", err)
		}
		if _, err := k.Invite(sara, "reza", Part{Role: Owner}); err != nil {
			t.Fatal(err)
		}
		if err := k.Remove(sara, "sara"); !errors.Is(err, ErrLastOwner) {
			t.Errorf("an owner who cannot sign in yet counts: %v", err)
		}
		if err := k.Alter(sara, "omid", Part{Role: Owner}); err != nil {
			t.Fatal(err)
		}
		if err := k.Remove(sara, "sara"); err != nil {
			t.Errorf("one of two owners: %v", err)
		}
	})
}

func TestTheSecondStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, _ := owned(t)
		if err := k.SecondStep("sara", ""); err != nil {
			t.Errorf("without a second step: %v", err)
		}
		offer, err := k.OfferSecond("sara", "Shop: one")
		if err != nil || !strings.Contains(offer.URI, offer.Secret) || !strings.HasPrefix(offer.Path, "M4 4h1v1h-1z") || offer.Size < 29 {
			t.Fatalf("%+v, %v", offer, err)
		}
		now := func() string { // as the phone computes it
			code, err := totp.GenerateCode(offer.Secret, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
		session := k.NewSession(Identity{User: "sara", Role: Owner}, Via{})
		must[[]string](t, ErrCode)(k.ConfirmSecond("sara", "000000"))
		codes := must[[]string](t, nil)(k.ConfirmSecond("sara", now()))
		if _, ok := k.Session(session); ok || len(codes) != recoveryCodes {
			t.Errorf("a session of one step goes on; %d codes", len(codes))
		}
		step := func(code string, want error) {
			t.Helper()
			if err := k.SecondStep("sara", code); !errors.Is(err, want) || (want == nil) != (err == nil) {
				t.Errorf("code %q: %v, want %v", code, err, want)
			}
		}
		step("", ErrSecond)
		step(now(), ErrCode) // seen at the confirmation
		time.Sleep(codeStep)
		used := now()
		step(used[:3]+" "+used[3:], nil)
		step(used, ErrCode)
		step(codes[0], nil)
		step(codes[0], ErrCode)
		step(strings.ToUpper(codes[1]), nil)
		time.Sleep(time.Hour)
		for range freeTries {
			step("123456", ErrCode)
		}
		step(now(), ErrThrottled)
		time.Sleep(time.Hour)
		step(now(), nil)
		if err := k.EndSecond("sara"); err != nil {
			t.Fatal(err)
		}
		step("", nil)
	})
}

func TestTokensDoWhatTheirScopesSayUntilTheyEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, sara := owned(t)
		for _, scopes := range [][]Right{nil, {Users}, {Account}, {Own}, {"everything"}, {Reports, Public}} {
			if _, err := k.NewToken(sara, "crm", scopes, time.Hour); !errors.Is(err, ErrScope) {
				t.Errorf("a token with %v: %v", scopes, err)
			}
		}
		if _, err := k.NewToken(sara, "", []Right{Reports}, time.Hour); !errors.Is(err, ErrName) {
			t.Errorf("without name: %v", err)
		}
		token, err := k.NewToken(sara, "crm", []Right{Reports, Calls}, 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		who, ok := k.Bearer(token.Reveal())
		if !ok || who.User != "sara" || !who.May(Reports) || !who.May(Own) || who.May(Settings) || who.May(Account) || who.May(Users) {
			t.Errorf("the token is %+v, %v", who, ok)
		}
		if list := k.Tokens("sara"); len(list) != 1 || list[0].Used.IsZero() || strings.Contains(list[0].ID, token.Reveal()) {
			t.Errorf("tokens %+v", list)
		}
		for _, wrong := range []string{"", "pasokh_", "pasokh__", token.Reveal() + "x", token.Reveal()[:len(token.Reveal())-1], token.Reveal()[7:]} {
			if _, ok := k.Bearer(wrong); ok {
				t.Errorf("%q is taken", wrong)
			}
		}
		if err := k.EndToken("omid", k.Tokens("sara")[0].ID); !errors.Is(err, ErrNoToken) {
			t.Errorf("another's token: %v", err)
		}
		time.Sleep(24 * time.Hour)
		if _, ok := k.Bearer(token.Reveal()); ok {
			t.Error("it lives on")
		}
	})
}

func TestATokenIsNeverMoreThanItsUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, sara := owned(t)
		code, err := k.Invite(sara, "omid", Part{Role: Admin})
		if err != nil {
			t.Fatal(err)
		}
		omid := must[Identity](t, nil)(k.Accept(context.Background(), "omid", code.Reveal(), goodPassword))
		token, err := k.NewToken(&omid, "all", omid.TokenScopes(), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Alter(sara, "omid", Part{Role: Reader}); err != nil {
			t.Fatal(err)
		}
		if who, ok := k.Bearer(token.Reveal()); !ok || who.May(Settings) || !who.May(Reports) {
			t.Errorf("of a reader now: %+v, %v", who, ok)
		}
		if err := k.Remove(sara, "omid"); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Invite(sara, "omid", Part{Role: Admin}); err != nil {
			t.Fatal(err)
		}
		if _, ok := k.Bearer(token.Reveal()); ok {
			t.Error("the token of a removed user lives on in another of his name")
		}
	})
}

func TestSessionsAreSeenAndEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, sara := owned(t)
		here := k.NewSession(*sara, Via{Device: "Firefox", From: "192.0.2.1"})
		there := k.NewSession(*sara, Via{Device: "Safari", From: "192.0.2.2"})
		k.NewSession(Identity{User: "omid"}, Via{})
		time.Sleep(time.Minute)
		k.Session(here)
		list := k.Sessions("sara", here)
		if len(list) != 2 || !list[0].Here || list[0].Device != "Firefox" || list[1].From != "192.0.2.2" {
			t.Fatalf("%+v", list)
		}
		if k.EndSessionOf("omid", list[1].ID) || !k.EndSessionOf("sara", list[1].ID) {
			t.Error("ended by the wrong user, or not by the right one")
		}
		if _, ok := k.Session(there); ok {
			t.Error("it goes on")
		}
	})
}
