package server

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

// house is a server over a box without telephony.
type house struct {
	*Server
	box *webtest.Box
}

func newHouse(t *testing.T, change func(*Options)) house {
	t.Helper()
	b := webtest.New(webtest.Scene{Floor: queue.Board{Queues: []queue.QueueView{{Number: "700"}, {Number: "710"}}}, Calls: []call.Snapshot{{ID: "c1", Legs: []call.LegView{}}}})
	o := Options{Rooms: b.Rooms(), Keeper: b.Keeper, News: &b.News, Log: b.Log, Pages: fstest.MapFS{
		"index.html":       {Data: []byte("<!doctype html><title>Pasokh</title>" + strings.Repeat(" ", 500))},
		"app.js":           {Data: []byte(strings.Repeat("pasokh();", 100))},
		"fonts/f-1.woff2":  {Data: []byte("wOF2")},
		"fonts/OFL.txt":    {Data: []byte("SIL")},
		"fonts/LICENSE.md": {Data: []byte("x")},
	}, Extra: []api.Route{
		{Pattern: "GET /ws", Right: identity.Public, Stream: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, _, err := http.NewResponseController(w).Hijack()
			return err
		}},
		{Pattern: "POST /api/panic", Right: identity.Own, Handle: func(http.ResponseWriter, *http.Request) error { panic("a fault") }},
		{Pattern: "POST /api/panic-for-all", Right: identity.Public, Handle: func(http.ResponseWriter, *http.Request) error { panic("a fault") }},
	}}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return house{s, b}
}

func (h house) do(method, path, body string, with func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if with != nil {
		with(r)
	}
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, r)
	return w
}

// signIn returns what makes a request one of the signed-in user's.
func (h house) signIn(t *testing.T) func(*http.Request) {
	t.Helper()
	w := h.do("POST", "/api/sign-in", `{"user":"admin","password":"`+webtest.Password+`"}`, nil)
	cookies := w.Result().Cookies()
	if w.Code != http.StatusOK || len(cookies) != 1 {
		t.Fatalf("sign-in: %d %s with %d cookies", w.Code, w.Body, len(cookies))
	}
	return func(r *http.Request) { r.AddCookie(cookies[0]) }
}

// TestStrangersGetNothing walks the route table: whatever is not declared Public
// must answer 401 without a session, and with a wrong or ended one.
func TestStrangersGetNothing(t *testing.T) {
	h := newHouse(t, nil)
	session := h.signIn(t)
	h.do("POST", "/api/sign-out", "", session)
	guarded := 0
	try := func(method, path string) {
		for name, with := range map[string]func(*http.Request){
			"no session":       nil,
			"an ended session": session,
			"a made-up session": func(r *http.Request) {
				r.AddCookie(&http.Cookie{Name: "pasokh", Value: "AAAAAAAAAAAAAAAAAAAAAAAAAA"})
				r.Header.Set("X-Forwarded-User", "admin")
				r.Header.Set("Authorization", "Basic YWRtaW46YWRtaW4=")
			},
		} {
			if w := h.do(method, path, "{}", with); w.Code != http.StatusUnauthorized {
				t.Errorf("%s %s with %s: %d, want 401", method, path, name, w.Code)
			}
		}
	}
	for _, rt := range h.routes {
		if rt.Right == identity.Public {
			continue
		}
		guarded++
		method, path, _ := strings.Cut(rt.Pattern, " ")
		try(method, strings.NewReplacer("{id}", "c1", "{port}", "fxo1").Replace(path))
	}
	if guarded < 20 {
		t.Errorf("only %d guarded routes: is the table complete?", guarded)
	}
	try("GET", "/api/")
	try("GET", "/api/nothing-here")
	try("DELETE", "/api/state")
	if len(h.box.Released()) > 0 || h.box.Town.Last() != (api.SimCall{}) {
		t.Error("a stranger's request reached a room")
	}
}

// TestPublicRoutesAreThese must be changed by hand when a door is opened.
func TestPublicRoutesAreThese(t *testing.T) {
	h, _ := people(t)
	var open []string
	for _, rt := range h.routes {
		if rt.Right == identity.Public {
			open = append(open, rt.Pattern)
		}
	}
	if got := strings.Join(open, ", "); got != "GET /.well-known/security.txt, GET /api/trust/pasokh.crt, GET /api/trust/pasokh.mobileconfig, GET /api/me, POST /api/claim, POST /api/sign-in, POST /api/accept, GET /ws, POST /api/panic-for-all" {
		t.Errorf("public routes are %s", got)
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	h := newHouse(t, nil)
	session := h.signIn(t)
	for name, foreign := range map[string]func(*http.Request){
		"fetch metadata": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"same site":      func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"origin":         func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
	} {
		for _, rt := range h.routes {
			method, path, _ := strings.Cut(rt.Pattern, " ")
			if method == "GET" {
				continue
			}
			w := h.do(method, strings.NewReplacer("{id}", "c1", "{port}", "fxo1").Replace(path), "{}",
				func(r *http.Request) { session(r); foreign(r) })
			if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "cross-origin") {
				t.Errorf("%s by another site (%s): %d %s, want 403", rt.Pattern, name, w.Code, w.Body)
			}
		}
	}
	w := h.do("POST", "/api/calls/c1/hangup", "", func(r *http.Request) { session(r); r.Header.Set("Sec-Fetch-Site", "same-origin") })
	if w.Code != http.StatusOK || len(h.box.Released()) != 1 {
		t.Errorf("our own page's hang-up: %d, released %v", w.Code, h.box.Released())
	}
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.TLS = true })
	for _, path := range []string{"/", "/app.js", "/none.css", "/api/me", "/api/state", "/api/none"} {
		head := h.do("GET", path, "", nil).Header()
		csp := head.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy %q lacks %s", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: policy %q is loose", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=31536000", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := head.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if strings.HasPrefix(path, "/api/") && head.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be cached", path)
		}
	}
}

func TestCookieCannotBeReadOrSentAcross(t *testing.T) {
	for _, tls := range []bool{false, true} {
		h := newHouse(t, func(o *Options) { o.TLS = tls })
		w := h.do("POST", "/api/sign-in", `{"user":"admin","password":"`+webtest.Password+`"}`, nil)
		c := w.Result().Cookies()[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.Secure != tls || len(c.Value) < 22 {
			t.Errorf("with TLS %v the cookie is %v", tls, c)
		}
		if tls && !strings.HasPrefix(c.Name, "__Host-") {
			t.Errorf("under TLS the cookie is called %s", c.Name)
		}
	}
}

func TestSignInRefusesAlike(t *testing.T) {
	h := newHouse(t, nil)
	first := ""
	for _, body := range []string{
		`{"user":"admin","password":"wrong"}`, `{"user":"nobody","password":"wrong"}`, `{"user":"","password":""}`,
		`{"user":"` + strings.Repeat("a", 65) + `","password":"x"}`, `{"user":"(local)","password":"x"}`,
		`{"user":"admin","password":"` + strings.Repeat("p", 2000) + `"}`,
	} {
		w := h.do("POST", "/api/sign-in", body, nil)
		if first == "" {
			first = w.Body.String()
		}
		if w.Code != http.StatusUnauthorized || w.Body.String() != first || len(w.Result().Cookies()) != 0 {
			t.Errorf("%.60s: %d %s, want the same 401 for every wrong pair", body, w.Code, w.Body)
		}
	}
	w := h.do("POST", "/api/sign-in", `{"user":"admin","password":"slow down"}`, nil)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "90" {
		t.Errorf("too many tries: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	w = h.do("POST", "/api/sign-in?lang=fa", `{"user":"admin","password":"wrong"}`, nil)
	if !strings.Contains(w.Body.String(), "گذرواژه") {
		t.Errorf("in Persian the refusal is %s", w.Body)
	}
}

func TestClaimMakesTheOwnerOnce(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Keeper = webtest.NewKeeper("", "") })
	claim := func(token, password string) *httptest.ResponseRecorder {
		return h.do("POST", "/api/claim", `{"token":"`+token+`","user":"sara","password":"`+password+`"}`, nil)
	}
	for _, try := range []struct{ token, password, code string }{
		{"wrong", "long enough to be good", "wrong-token"}, {webtest.Token, "short", "weak-password"}, {webtest.Token, "", "weak-password"},
	} {
		if w := claim(try.token, try.password); !strings.Contains(w.Body.String(), try.code) {
			t.Errorf("claim with %q %q: %d %s, want %s", try.token, try.password, w.Code, w.Body, try.code)
		}
	}
	w := claim(webtest.Token, "long enough to be good")
	var me api.Me
	if err := json.Unmarshal(w.Body.Bytes(), &me); err != nil || !me.Claimed || me.User != "sara" || len(w.Result().Cookies()) != 1 {
		t.Fatalf("claim: %d %s", w.Code, w.Body)
	}
	if w := claim(webtest.Token, "long enough to be good"); w.Code != http.StatusConflict {
		t.Errorf("second claim: %d, want 409", w.Code)
	}
}

func TestSigningInAgainEndsTheOldSession(t *testing.T) {
	h := newHouse(t, nil)
	old := h.signIn(t)
	h.do("POST", "/api/sign-in", `{"user":"admin","password":"`+webtest.Password+`"}`, old)
	if w := h.do("GET", "/api/state", "", old); w.Code != http.StatusUnauthorized {
		t.Errorf("the old session still works: %d", w.Code)
	}
}

func TestStrangersLearnLittle(t *testing.T) {
	h := newHouse(t, nil)
	var me api.Me
	if err := json.Unmarshal(h.do("GET", "/api/me", "", nil).Body.Bytes(), &me); err != nil || me.Version != "" || me.Demo || me.User != "" || !me.Claimed {
		t.Errorf("a stranger reads %+v (%v)", me, err)
	}
}

func TestAPanicEndsOneRequest(t *testing.T) {
	h := newHouse(t, nil)
	w := h.do("POST", "/api/panic-for-all", "", nil)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "a fault") {
		t.Errorf("panic: %d %s", w.Code, w.Body)
	}
	if w := h.do("GET", "/api/me", "", nil); w.Code != http.StatusOK {
		t.Errorf("after a panic: %d", w.Code)
	}
}

func TestLargeBodiesAreRefused(t *testing.T) {
	h := newHouse(t, func(o *Options) {
		o.Extra = append(o.Extra, api.Route{Pattern: "POST /api/wide", Right: identity.Public, Most: 2 * api.MaxBody, Handle: func(_ http.ResponseWriter, r *http.Request) error {
			var body struct{ User string }
			return api.Decode(r, &body)
		}})
	})
	for path, most := range map[string]int{"/api/sign-in": api.MaxBody, "/api/wide": 2 * api.MaxBody} {
		for size, tooLarge := range map[int]bool{most - 50: false, most: true} {
			w := h.do("POST", path, `{"user":"`+strings.Repeat("a", size)+`"}`, nil)
			if (w.Code == http.StatusRequestEntityTooLarge) != tooLarge {
				t.Errorf("%s, %d bytes of %d: %d %s", path, size, most, w.Code, w.Body)
			}
		}
	}
}

func TestPagesComeCompressedAndAreAskedForOnce(t *testing.T) {
	h := newHouse(t, nil)
	get := func(path, accept, etag string) *httptest.ResponseRecorder {
		return h.do("GET", path, "", func(r *http.Request) {
			r.Header.Set("Accept-Encoding", accept)
			r.Header.Set("If-None-Match", etag)
		})
	}
	packed, plain := get("/app.js", "br, gzip;q=0.9", ""), get("/app.js", "gzip;q=0", "")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= plain.Body.Len() || plain.Header().Get("Content-Encoding") != "" {
		t.Errorf("%d bytes packed (%s), %d plain", packed.Body.Len(), packed.Header().Get("Content-Encoding"), plain.Body.Len())
	}
	if packed.Header().Get("ETag") == plain.Header().Get("ETag") {
		t.Error("two encodings share a strong ETag")
	}
	if w := get("/app.js", "gzip", packed.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("asked again: %d with %d bytes, want 304", w.Code, w.Body.Len())
	}
	for path, want := range map[string]int{"/": 200, "/calls": 200, "/fonts/f-1.woff2": 200, "/none.js": 404, "/go.mod": 404} {
		if w := get(path, "", ""); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if got := get("/fonts/f-1.woff2", "gzip", "").Header(); !strings.Contains(got.Get("Cache-Control"), "immutable") || got.Get("Content-Type") != "font/woff2" {
		t.Errorf("font headers %v", got)
	}
}

// listen serves a handler on a loopback port or a socket until the test ends.
func (h house) listen(t *testing.T, network, address string, handler http.Handler) net.Addr {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- h.Run(ctx) }()
	go func() { done <- h.Serve(ctx, l, handler) }()
	t.Cleanup(func() {
		cancel()
		for range 2 {
			select {
			case err := <-done:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(2 * farewellTime):
				t.Error("the server did not stop")
			}
		}
	})
	return l.Addr()
}

func TestTheSocketHasTheOwnersRights(t *testing.T) {
	h := newHouse(t, nil)
	socket := filepath.Join(t.TempDir(), "s")
	h.listen(t, "unix", socket, h.Local())
	client := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return net.Dial("unix", socket)
	}}}
	defer client.CloseIdleConnections()
	for _, path := range []string{"/api/state", "/api/me"} {
		r, err := client.Get("http://box" + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s %v", path, r.StatusCode, body, err)
		}
	}
	r, err := client.Post("http://box/api/calls/c1/hangup", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK || len(h.box.Released()) != 1 {
		t.Errorf("hang-up over the socket: %d, released %v", r.StatusCode, h.box.Released())
	}
}

// TestTheStreamOutlivesTheAnswerDeadline gives answers a fraction of a second.
func TestTheStreamOutlivesTheAnswerDeadline(t *testing.T) {
	h := newHouse(t, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	go func() { _ = h.Run(ctx) }()
	srv := h.httpServer(ctx, h.Handler())
	srv.ReadTimeout, srv.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	go func() { _ = srv.Serve(l) }()
	defer srv.Close()
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+l.Addr().String()+"/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	h.signIn(t)(req)
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %s", r.StatusCode, r.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(r.Body)
	until := func(prefix string) {
		t.Helper()
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), prefix) {
				return
			}
		}
		t.Fatalf("the stream ended before %q: %v", prefix, lines.Err())
	}
	until("event: simulator")
	for began := time.Now(); time.Since(began) < 4*srv.WriteTimeout; { // news for longer than one answer may take
		if err := h.box.Town.Call("fxo1", api.SimCall{Number: "1"}); err != nil {
			t.Fatal(err)
		}
		until(`data: {"lines":[{"port":"fxo1","state":"ringing"`)
		if err := h.box.Town.HangUp("fxo1"); err != nil {
			t.Fatal(err)
		}
		until(`data: {"lines":[{"port":"fxo1","state":"idle"`)
	}
}

func TestASlowSenderIsCutOff(t *testing.T) {
	h := newHouse(t, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := h.httpServer(t.Context(), h.Handler())
	if srv.ReadHeaderTimeout > 10*time.Second || srv.ReadTimeout == 0 || srv.WriteTimeout == 0 || srv.IdleTimeout == 0 || srv.MaxHeaderBytes == 0 {
		t.Error("the server has an endless deadline")
	}
	srv.ReadHeaderTimeout = 50 * time.Millisecond
	go func() { _ = srv.Serve(l) }()
	defer srv.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: box\r\nX-Slow: ")); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Errorf("a sender that never finishes its header was not cut off: %v", err)
	}
}
