package server

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/store"
)

// TestWithTheRealKeeper claims a box, guesses, and changes the password, over
// HTTP and with the box's own keeper of users.
func TestWithTheRealKeeper(t *testing.T) {
	st, err := store.Open(t.TempDir(), store.Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	keeper, err := identity.Open(st, clock.System())
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, func(o *Options) { o.Keeper = keeper })
	const password = "seven quiet lines"
	post := func(path, body, from string) *httptest.ResponseRecorder {
		return h.do("POST", path, body, func(r *http.Request) { r.RemoteAddr = from })
	}

	w := post("/api/claim", `{"token":"`+keeper.ClaimToken().Reveal()+`","user":"sara","password":"`+password+`"}`, "192.0.2.1:1000") // as the owner reads it
	if w.Code != http.StatusOK || len(w.Result().Cookies()) != 1 {
		t.Fatalf("claim: %d %s", w.Code, w.Body)
	}
	session := func(r *http.Request) { r.AddCookie(w.Result().Cookies()[0]) }
	if got := h.do("GET", "/api/state", "", session); got.Code != http.StatusOK {
		t.Errorf("after the claim: %d", got.Code)
	}

	guess := func(from string) *httptest.ResponseRecorder {
		return post("/api/sign-in", `{"user":"sara","password":"a guess"}`, from)
	}
	for range 5 {
		if got := guess("192.0.2.66:2000"); got.Code != http.StatusUnauthorized {
			t.Errorf("a guess: %d %s, want 401", got.Code, got.Body)
		}
	}
	if got := guess("192.0.2.66:3000"); got.Code != http.StatusTooManyRequests || got.Header().Get("Retry-After") == "" {
		t.Errorf("the sixth guess, from another port: %d, want 429 and Retry-After", got.Code)
	}
	right := `{"user":"sara","password":"` + password + `"}`
	if got := post("/api/sign-in", right, "192.0.2.1:1001"); got.Code != http.StatusOK {
		t.Errorf("the owner elsewhere is locked out: %d %s", got.Code, got.Body)
	}

	if err := keeper.SetPassword("sara", "eight quiet lines"); err != nil {
		t.Fatal(err)
	}
	if got := h.do("GET", "/api/state", "", session); got.Code != http.StatusUnauthorized {
		t.Errorf("a session outlives its password: %d, want 401", got.Code)
	}
}
