package identity

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/store"
)

func openKeeper(t *testing.T, dir string) *Keeper {
	t.Helper()
	st, err := store.Open(dir, store.Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	k, err := Open(st, clock.System())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func setPassword(t *testing.T, k *Keeper, name, password string) {
	t.Helper()
	if err := k.SetPassword(name, password); err != nil {
		t.Fatal(err)
	}
}

func TestWhoKnowsTheTokenClaimsTheBoxOnce(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	k, err := Open(st, clock.System())
	if err != nil {
		t.Fatal(err)
	}
	token := k.ClaimToken().Reveal()
	for _, c := range []struct {
		token, name, password string
		want                  error
	}{
		{"", "admin", "long enough", ErrToken},
		{token + "x", "admin", "long enough", ErrToken},
		{token, "admin", "short", ErrWeak},
		{token, "admin", strings.Repeat("x", maxPassword+1), ErrWeak},
		{token, "", "long enough", ErrUser},
		{token, "a b", "long enough", ErrUser},
		{token, strings.Repeat("a", maxUser+1), "long enough", ErrUser},
		{token, "admin", "گذرواژه", ErrWeak}, // 7 characters of 14 bytes
	} {
		if err := k.Claim(c.token, c.name, c.password); !errors.Is(err, c.want) || k.Claimed() {
			t.Errorf("Claim(%q, %q, %q) is %v, want %v", c.token, c.name, c.password, err, c.want)
		}
	}
	if err := k.Claim(token, "admin", "long enough"); err != nil || !k.Claimed() {
		t.Fatalf("the owner is refused: %v", err)
	}
	if err := k.Claim(token, "other", "long enough"); !errors.Is(err, ErrClaimed) {
		t.Errorf("claiming twice: %v", err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	k = openKeeper(t, dir)
	if !k.Claimed() || k.ClaimToken().Reveal() == token {
		t.Error("after a restart the box is free, or its token the same")
	}
	if who, err := k.Verify(t.Context(), "admin", "long enough"); err != nil || who.User != "admin" {
		t.Errorf("after a restart: %v, %v", who, err)
	}
}

func TestOnlyOneOfManyClaimsTheBox(t *testing.T) {
	k := openKeeper(t, t.TempDir())
	var won sync.Map
	var all sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d"} {
		all.Go(func() {
			if k.Claim(k.ClaimToken().Reveal(), name, "long enough") == nil {
				won.Store(name, true)
			}
		})
	}
	all.Wait()
	n := 0
	won.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d claims succeeded", n)
	}
}

func TestAStrangerLearnsNothing(t *testing.T) {
	k := openKeeper(t, t.TempDir())
	setPassword(t, k, "sara", "long enough")
	for _, c := range [][2]string{{"sara", "wrong password"}, {"nobody", "long enough"}, {"sara", ""}, {"", ""}, {"nobody", strings.Repeat("x", 10*maxPassword)}} {
		if _, err := k.Verify(t.Context(), c[0], c[1]); err != ErrPassword {
			t.Errorf("%q: %v, want exactly ErrPassword", c, err)
		}
	}
	// The work, not only the words, is the same: both wait for their turn to hash.
	k.hasher.turn <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range []string{"sara", "nobody"} {
		if _, err := k.Verify(ctx, name, "x"); !errors.Is(err, context.Canceled) {
			t.Errorf("%s is answered without hashing: %v", name, err)
		}
	}
	<-k.hasher.turn
}

func TestGuessingGetsSlower(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := openKeeper(t, dir)
		setPassword(t, k, "sara", "long enough")
		near, far := WithSource(t.Context(), "10.0.0.1"), WithSource(t.Context(), "10.0.0.2")
		wrong := func(ctx context.Context) error {
			_, err := k.Verify(ctx, "sara", "wrong password")
			return err
		}
		for range freeTries {
			if err := wrong(far); err != ErrPassword {
				t.Fatal(err)
			}
		}
		for _, wait := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second} {
			var throttled *ThrottledError
			if err := wrong(far); !errors.As(err, &throttled) || !errors.Is(err, ErrThrottled) || throttled.RetryAfter != wait {
				t.Fatalf("want a wait of %v, got %v", wait, err)
			}
			time.Sleep(wait)
			if err := wrong(far); err != ErrPassword {
				t.Fatal(err)
			}
		}
		if _, err := k.Verify(near, "sara", "long enough"); err != nil {
			t.Errorf("her own browser is locked out: %v", err)
		}
		time.Sleep(16 * time.Second)
		if _, err := k.Verify(far, "sara", "long enough"); err != nil {
			t.Errorf("the right password after the wait: %v", err)
		}
		if err := wrong(far); err != ErrPassword {
			t.Errorf("a success did not forget the tries: %v", err)
		}
		for range freeTries - 1 {
			if err := wrong(far); err != ErrPassword {
				t.Fatal(err)
			}
		}
		time.Sleep(tryWindow + 3*time.Second)
		for range freeTries {
			if err := wrong(far); err != ErrPassword {
				t.Fatalf("tries of ten minutes ago still count: %v", err)
			}
		}
	})
}

func TestManyGuessesAtOnceDoNotSlipThrough(t *testing.T) {
	k := openKeeper(t, t.TempDir())
	var throttled, wrong int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := k.Verify(t.Context(), "sara", "wrong password")
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, ErrThrottled) {
				throttled++
			} else {
				wrong++
			}
		})
	}
	all.Wait()
	if wrong > freeTries {
		t.Errorf("%d of 20 guesses at once were answered, want %d", wrong, freeTries)
	}
}

func TestTheTableOfGuessersIsBounded(t *testing.T) {
	var th throttle
	now := time.Now()
	for i := range 3 * maxGuessers {
		if err := th.try(now, strings.Repeat("x", i%7)+string(rune('a'+i%26))+time.Duration(i).String()); err != nil {
			t.Fatal(err)
		}
	}
	if len(th.guessers) > maxGuessers {
		t.Errorf("%d guessers are kept", len(th.guessers))
	}
}

func TestSessionsEnd(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := openKeeper(t, dir)
		alive := func(token string) bool {
			who, ok := k.Session(token)
			return ok && who.User == "sara"
		}
		sara := Identity{User: "sara"}
		idle, busy, left := k.NewSession(sara, Via{}), k.NewSession(sara, Via{}), k.NewSession(sara, Via{})
		if len(idle) < 43 || idle == busy {
			t.Errorf("tokens %q, %q", idle, busy)
		}
		if _, ok := k.Session("guess"); ok {
			t.Error("a guessed token is accepted")
		}
		k.EndSession(left)
		k.EndSession("unknown")
		if alive(left) {
			t.Error("an ended session lives")
		}
		for range int(TotalLimit/time.Hour) - 1 {
			time.Sleep(time.Hour)
			if !alive(busy) {
				t.Fatal("a used session ended early")
			}
		}
		if alive(idle) {
			t.Error("an unused session lives on")
		}
		time.Sleep(time.Hour)
		if alive(busy) {
			t.Error("a session outlived its total limit")
		}
		mine, other := k.NewSession(sara, Via{}), k.NewSession(Identity{User: "reza"}, Via{})
		setPassword(t, k, "sara", "another password")
		if _, ok := k.Session(other); alive(mine) || !ok {
			t.Error("a changed password must end her sessions and only hers")
		}
	})
}

func TestSessionsAreBounded(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := openKeeper(t, dir)
		first := k.NewSession(Identity{User: "sara"}, Via{})
		time.Sleep(time.Second)
		for range maxSessions {
			k.NewSession(Identity{User: "sara"}, Via{})
		}
		if _, ok := k.Session(first); ok || len(k.sessions.open) != maxSessions {
			t.Errorf("%d sessions are open; the oldest lives: %v", len(k.sessions.open), ok)
		}
	})
}

func TestRandomSecretsAreLongAndDiffer(t *testing.T) {
	a, b := RandomSecret(1).Reveal(), RandomSecret(24).Reveal()
	if len(a) != 16 || len(b) != 24 || strings.ContainsAny(a+b, "lo01 ") || a == b[:16] {
		t.Errorf("secrets %q and %q", a, b)
	}
}
