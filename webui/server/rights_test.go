package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/record"
	"github.com/pasokh/pasokh/telephony/voicemail"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/events"
	"github.com/pasokh/pasokh/webui/webtest"
)

// foreign is in the name of everybody who is nobody's business but that of queue 700.
const foreign = "Sara Karimi"

// foreignShelf and foreignBox have one recording and one message, of queue 700.
type foreignShelf struct{ api.RecordingsRoom }

func (foreignShelf) entry() record.Entry {
	return record.Entry{ID: "rec1", Call: "r1", Queue: "700", Began: time.Now(), From: call.Party{Name: foreign}, State: record.Kept,
		With: []string{}, Gaps: []record.Gap{}, Heard: []record.Act{}}
}
func (f foreignShelf) List(_ context.Context, q record.Query) ([]record.Entry, bool, error) {
	return []record.Entry{f.entry()}, false, nil
}
func (f foreignShelf) Of(context.Context, call.ID) ([]record.Entry, error) {
	return []record.Entry{f.entry()}, nil
}
func (f foreignShelf) Find(_ context.Context, id string) (record.Entry, error) {
	if id != "rec1" {
		return record.Entry{}, record.ErrUnknown
	}
	return f.entry(), nil
}
func (f foreignShelf) Open(context.Context, string, string) (*os.File, record.Entry, error) {
	file, err := os.Open(os.DevNull)
	return file, f.entry(), err
}
func (foreignShelf) Delete(context.Context, string, string) error { return nil }
func (foreignShelf) Peaks(context.Context, string) (record.Peaks, error) {
	return record.Peaks{Channels: [][]int{}}, nil
}

type foreignBox struct{}

func (foreignBox) List(string) []voicemail.Message {
	return []voicemail.Message{{ID: "msg1", Box: "700", From: call.Party{Name: foreign}}}
}
func (foreignBox) Count(string) voicemail.Counts { return voicemail.Counts{New: 1} }
func (foreignBox) File(string, string) (string, voicemail.Message, error) {
	return os.DevNull, voicemail.Message{ID: "msg1"}, nil
}
func (foreignBox) Mark(string, string, bool) error     { return nil }
func (foreignBox) Delete(string, string, string) error { return nil }

// rightsHouse is a busy box, and requests as anybody.
func rightsHouse(t *testing.T) house {
	scene := webtest.Busy(time.Now())
	scene.Records[0].From.Name = foreign
	scene.Records[0].Visits = []ledger.Visit{{Queue: "700", Offered: scene.Records[0].Started}}
	scene.Steps["r1"][0].Party.Name = foreign
	scene.Floor.Queues[0].Waiting[0].Party.Name = foreign
	_, keeper := people(t)
	return newHouse(t, func(o *Options) {
		box := webtest.New(scene)
		*o = Options{Rooms: box.Rooms(), Extra: box.Hooks().Routes(), Keeper: o.Keeper, Accounts: keeper, News: o.News, Log: o.Log, Pages: o.Pages}
		cfg := config.Config{Schema: config.Schema, System: config.System{Name: "Shop", Language: config.English},
			Queues: []config.Queue{{Number: "700", Name: "Support"}, {Number: "710", Name: "Sales"}}}
		o.Rooms.Config = func() *config.Config { return &cfg }
		o.Rooms.Recordings, o.Rooms.Voicemail = foreignShelf{o.Rooms.Recordings}, foreignBox{}
		o.Rooms.Chief = &webtest.Chief{}
		o.Events = happened(o.Rooms.Steps)
	})
}

// happened are events of a call of queue 700.
func happened(steps func(context.Context, call.ID) ([]call.Step, error)) *events.Ring {
	ring := events.New(events.Options{Clock: clock.System()})
	list, err := steps(context.Background(), "r1")
	for _, s := range list {
		ring.Note(s)
	}
	if err != nil || len(list) == 0 {
		panic("the scene has no story of r1")
	}
	return ring
}

func (h house) as(t *testing.T, who identity.Identity, rt *api.Route, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	method, _, _ := strings.Cut(rt.Pattern, " ")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond) // ends streams
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	if h.opts.Events != nil {
		r.Header.Set("Last-Event-ID", h.opts.Events.First())
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.mux(func(*http.Request) identity.Identity { return who }).ServeHTTP(w, r)
	return w
}

// pathOf fills a pattern with objects of queue 700.
func pathOf(rt *api.Route) string {
	_, path, _ := strings.Cut(rt.Pattern, " ")
	id := "r1"
	switch {
	case strings.Contains(path, "/recordings/"):
		id = "rec1"
	case strings.Contains(path, "/voicemail/"):
		id = "msg1"
	case strings.Contains(path, "/callbacks/"), strings.HasSuffix(path, "/hangup"), strings.HasSuffix(path, "/sound"):
		id = "c2"
	}
	number := "700"
	if strings.Contains(path, "/agents/") {
		number = "1002"
	}
	return strings.NewReplacer("{id}", id, "{number}", number, "{extension}", "1002", "{box}", "700", "{port}", "fxo1", "{name}", "x").Replace(path)
}

func who(role identity.Role) identity.Identity {
	i := identity.Identity{User: "sara", Role: role}
	switch role {
	case identity.Supervisor:
		i.Queues = []string{"710"}
	case identity.Agent:
		i.Extension = "1009"
	}
	return i
}

// TestNobodyDoesMoreThanHisRole tries every route as a stranger and in every role.
func TestNobodyDoesMoreThanHisRole(t *testing.T) {
	h := rightsHouse(t)
	for i := range h.routes {
		rt := &h.routes[i]
		if rt.Right == identity.Public {
			continue
		}
		if w := h.as(t, identity.Identity{}, rt, pathOf(rt), "{}"); w.Code != http.StatusUnauthorized {
			t.Errorf("%s by a stranger: %d, want 401", rt.Pattern, w.Code)
		}
		for _, role := range append(identity.Roles(), "cleaner") {
			i := who(role)
			if slices.Contains(role.Rights(), rt.Right) {
				i.Scopes = []identity.Right{} // a token that may do nothing
			}
			if w := h.as(t, i, rt, pathOf(rt), "{}"); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), foreign) {
				t.Errorf("%s by %s with scopes %v: %d, want 403", rt.Pattern, role, i.Scopes, w.Code)
			}
		}
	}
}

// asks are bodies and queries with which an operation would be done; those of routes that
// name an object must be here.
var asks = map[string]string{
	"POST /api/calls/{id}/hangup":              "",
	"POST /api/calls/{id}/recording":           `{"do":"start"}`,
	"POST /api/calls/{id}/listen":              `{"by":"1001","how":"listen"}`,
	"POST /api/calls/{id}/queue":               `{"do":"first"}`,
	"POST /api/calls/{id}/disposition":         `{"code":"1"}`,
	"POST /api/conferences/{number}":           `{"do":"lock"}`,
	"POST /api/conferences/{number}/recording": `{"do":"start"}`,
	"POST /api/agents/{extension}":             `{"do":"pause"}`,
	"POST /api/queues/{number}/callbacks":      `{"number":"09121234567"}`,
	"POST /api/callbacks/{id}":                 `{"do":"withdraw"}`,
	"POST /api/voicemail/{box}/{id}/heard":     `{"heard":true}`,
	"GET /api/agents/{number}/timeline":        "?period=today",
	"GET /api/reports":                         "?period=today&queue=700",
	"GET /api/reports.csv":                     "?period=today&queue=700",
	"GET /api/reports.xlsx":                    "?period=today&queue=700",
	"GET /api/reports/contacts":                "?period=today&queue=700",
	"GET /api/reports/contacts.csv":            "?period=today&queue=700",
	"GET /api/reports/contacts.xlsx":           "?period=today&queue=700",
	"GET /api/staffing":                        "?day=today&queue=700",
	"GET /api/whatif":                          "?day=today&queue=700",
}

// TestNobodySeesWhatIsForeign tries every route as a supervisor of another queue and an
// agent of another extension: nothing of queue 700 may come out, nor anything be done to it.
func TestNobodySeesWhatIsForeign(t *testing.T) {
	h := rightsHouse(t)
	shown := 0
	for i := range h.routes {
		rt := &h.routes[i]
		path, body := pathOf(rt), asks[rt.Pattern]
		if strings.HasPrefix(body, "?") {
			path, body = path+body, ""
		}
		named := strings.Contains(rt.Pattern, "{") || strings.Contains(path, "queue=700")
		for _, role := range []identity.Role{identity.Supervisor, identity.Agent} {
			i := who(role)
			if rt.Right == identity.Public || !i.May(rt.Right) || rt.Pattern == "GET /api/openapi.json" { // which is the same on every box
				continue
			}
			if body == "" && named && !strings.HasPrefix(rt.Pattern, "GET ") {
				body = "{}"
			}
			w := h.as(t, i, rt, path, body)
			if strings.Contains(w.Body.String(), foreign) || strings.Contains(w.Body.String(), "1002") {
				t.Errorf("%s by %s of others shows %.300s", rt.Pattern, role, w.Body)
			}
			if named && w.Code != http.StatusForbidden && w.Code != http.StatusNotFound && !strings.Contains(w.Body.String(), `"field":"queue"`) {
				t.Errorf("%s by %s of others: %d %.200s, want 403 or 404", rt.Pattern, role, w.Code, w.Body)
			}
		}
		if strings.HasPrefix(rt.Pattern, "GET ") {
			if w := h.as(t, who(identity.Owner), rt, path, body); strings.Contains(w.Body.String(), foreign) {
				shown++
			}
		}
	}
	if shown < 6 {
		t.Errorf("only %d routes show the owner what this test looks for", shown)
	}
	if len(h.box.Released()) > 0 {
		t.Error("a foreign call was hung up")
	}
}

// TestOwnQueueIsSeen: those whose it is see and do it.
func TestOwnQueueIsSeen(t *testing.T) {
	h := rightsHouse(t)
	mina := identity.Identity{User: "mina", Role: identity.Supervisor, Queues: []string{"700"}}
	reza := identity.Identity{User: "reza", Role: identity.Agent, Extension: "1002"}
	for _, c := range []struct {
		who           identity.Identity
		pattern, path string
		want          string
	}{
		{mina, "GET /api/state", "/api/state", foreign},
		{mina, "GET /api/calls/{id}", "/api/calls/r1", foreign},
		{mina, "GET /api/records", "/api/records", foreign},
		{mina, "GET /api/recordings", "/api/recordings", foreign},
		{mina, "GET /api/voicemail", "/api/voicemail", foreign},
		{mina, "GET /api/reports", "/api/reports?period=today", `"offered"`},
		{mina, "POST /api/calls/{id}/hangup", "/api/calls/c2/hangup", "true"},
		{reza, "GET /api/state", "/api/state", foreign},
		{reza, "GET /api/calls/{id}", "/api/calls/r1", foreign},
		{reza, "POST /api/calls/{id}/hangup", "/api/calls/c1/hangup", "true"},
		{reza, "POST /api/calls/{id}/hangup", "/api/calls/c3/hangup", "unknown-call"},
	} {
		if w := h.as(t, c.who, &api.Route{Pattern: c.pattern}, c.path, ""); !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s by %s: %d %.300s, want %s", c.path, c.who.User, w.Code, w.Body, c.want)
		}
	}
}

func TestARouteWithoutRightDoesNotStart(t *testing.T) {
	for _, right := range []identity.Right{"", "everything"} {
		b := webtest.New(webtest.Scene{})
		h := newHouse(t, nil)
		h.opts.Extra = []api.Route{{Pattern: "GET /api/forgotten", Right: right}}
		if _, err := New(Options{Rooms: b.Rooms(), Keeper: b.Keeper, News: &b.News, Log: b.Log, Pages: h.opts.Pages, Extra: h.opts.Extra}); err == nil {
			t.Errorf("a server with a route of right %q starts", right)
		}
	}
}
