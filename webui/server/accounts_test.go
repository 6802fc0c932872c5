package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/webui/api"
)

// people is a box whose owner is sara, with the real keeper.
func people(t *testing.T) (house, *identity.Keeper) {
	st, err := store.Open(t.TempDir(), store.Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	keeper, err := identity.Open(st, clock.System())
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.SetPassword("sara", "seven quiet lines"); err != nil {
		t.Fatal(err)
	}
	return newHouse(t, func(o *Options) { o.Keeper, o.Accounts = keeper, keeper }), keeper
}

// TestPeopleOverHTTP invites, signs in, makes a token and uses it.
func TestPeopleOverHTTP(t *testing.T) {
	h, _ := people(t)
	post := func(path, body string, with func(*http.Request), want int, into any) func(*http.Request) {
		t.Helper()
		w := h.do("POST", path, body, with)
		if w.Code != want {
			t.Fatalf("%s: %d %s, want %d", path, w.Code, w.Body, want)
		}
		if into != nil {
			if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
				t.Fatal(err)
			}
		}
		if c := w.Result().Cookies(); len(c) == 1 {
			return func(r *http.Request) { r.AddCookie(c[0]) }
		}
		return with
	}
	sara := post("/api/sign-in", `{"user":"sara","password":"seven quiet lines"}`, nil, 200, nil)
	var invitation api.Invitation
	post("/api/users", `{"name":"mina","role":"supervisor","queues":["700"],"extension":""}`, sara, 200, &invitation)
	post("/api/users", `{"name":"mina","role":"reader","queues":[],"extension":""}`, sara, 409, nil)
	var me api.Me
	mina := post("/api/accept", `{"user":"mina","invitation":"`+invitation.Code+`","password":"eight quiet lines"}`, nil, 200, &me)
	if me.Role != identity.Supervisor || len(me.Queues) != 1 || strings.Contains(strings.Join(rights(me), " "), "settings") {
		t.Errorf("she is %+v", me)
	}
	post("/api/users", `{"name":"evil","role":"owner","queues":[],"extension":""}`, mina, 403, nil)
	post("/api/users/sara/delete", "", sara, 409, nil)

	var made api.MadeToken
	post("/api/account/tokens", `{"name":"crm","scopes":["reports"],"days":1,"password":"wrong"}`, mina, 401, nil)
	post("/api/account/tokens", `{"name":"crm","scopes":["settings"],"days":1,"password":"eight quiet lines"}`, mina, 422, nil)
	post("/api/account/tokens", `{"name":"crm","scopes":["calls"],"days":1,"password":"eight quiet lines"}`, mina, 200, &made)
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+made.Token) }
	for path, want := range map[string]int{"/api/state": 200, "/api/records": 200, "/api/recordings": 403, "/api/account": 403, "/api/users": 403} {
		if w := h.do("GET", path, "", bearer); w.Code != want {
			t.Errorf("%s with the token: %d, want %d", path, w.Code, want)
		}
	}
	if w := h.do("GET", "/api/state", "", func(r *http.Request) { sara(r); r.Header.Set("Authorization", "Bearer pasokh_0_0") }); w.Code != 401 {
		t.Errorf("a wrong token with an owner's cookie: %d", w.Code)
	}
	var account api.AccountView
	if err := json.Unmarshal(h.do("GET", "/api/account", "", mina).Body.Bytes(), &account); err != nil || len(account.Tokens) != 1 || len(account.Sessions) != 1 {
		t.Fatalf("%+v, %v", account, err)
	}
	post("/api/account/tokens/"+account.Tokens[0].ID+"/end", "", sara, 404, nil)
	post("/api/account/tokens/"+account.Tokens[0].ID+"/end", "", mina, 200, nil)
	if w := h.do("GET", "/api/state", "", bearer); w.Code != 401 {
		t.Errorf("an ended token: %d", w.Code)
	}
	// A token of hers for reports shows a board on a wall, of her queues alone.
	post("/api/account/tokens", `{"name":"wall","scopes":["reports"],"days":1,"password":"eight quiet lines"}`, mina, 200, &made)
	var board api.Wall
	w := h.do("GET", "/api/wall", "", bearer)
	if err := json.Unmarshal(w.Body.Bytes(), &board); err != nil || w.Code != 200 || len(board.Queues) != 1 || board.Queues[0].Number != "700" {
		t.Errorf("the wall: %d %+v, %v", w.Code, board, err)
	}
	post("/api/account/sessions/"+account.Sessions[0].ID+"/end", "", sara, 404, nil)
	fresh := post("/api/account/password", `{"old":"eight quiet lines","password":"nine quiet lines"}`, mina, 200, nil)
	if h.do("GET", "/api/state", "", mina).Code != 401 || h.do("GET", "/api/state", "", fresh).Code != 200 {
		t.Error("the old session goes on, or the new one does not")
	}
	post("/api/users/mina", `{"role":"reader","queues":[],"extension":""}`, sara, 200, nil)
	if h.do("GET", "/api/state", "", fresh).Code != 401 {
		t.Error("a session outlives its role")
	}
}

func rights(m api.Me) (list []string) {
	for _, r := range m.Rights {
		list = append(list, string(r))
	}
	return list
}
