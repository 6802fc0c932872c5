package api_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

// do sends a request straight to the routes, without sessions.
func do(t *testing.T, b *webtest.Box, method, path, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	rooms := b.Rooms()
	mux := http.NewServeMux()
	for _, rt := range rooms.Routes() {
		mux.HandleFunc(rt.Pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := rt.Handle(w, r); err != nil {
				api.Fail(w, r, err)
			}
		})
	}
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r.WithContext(api.WithViewer(r.Context(), identity.Identity{User: "admin", Role: identity.Owner})))
	return w
}

func TestEmptyBoardHasListsAndNoNulls(t *testing.T) {
	b := webtest.New(webtest.Scene{Floor: queue.Board{Queues: []queue.QueueView{{Number: "700"}}}})
	w := do(t, b, "GET", "/api/state", "")
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "null") {
		t.Errorf("%d %s, want an empty board without null", w.Code, w.Body)
	}
}

func TestRecordsComeInPages(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	b := webtest.New(webtest.Scene{Records: []ledger.Record{
		{Call: "c", Started: noon}, {Call: "b", Started: noon.Add(-time.Minute)}, {Call: "a", Started: noon.Add(-time.Hour)},
	}})
	var got struct {
		Records []struct{ Call string }
		More    bool
	}
	read := func(path string) (calls string) {
		w := do(t, b, "GET", path, "")
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v in %s", path, err, w.Body)
		}
		for _, r := range got.Records {
			calls += r.Call
		}
		return calls
	}
	if calls := read("/api/records?limit=2"); calls != "cb" || !got.More {
		t.Errorf("first page %q more=%v, want cb and more", calls, got.More)
	}
	if calls := read("/api/records?limit=2&before=2026-11-22T11:59:00Z"); calls != "a" || got.More {
		t.Errorf("last page %q more=%v, want a and no more", calls, got.More)
	}
	for _, query := range []string{"limit=0", "limit=501", "limit=x", "before=yesterday"} {
		if w := do(t, b, "GET", "/api/records?"+query, ""); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("?%s gave %d, want 422", query, w.Code)
		}
	}
}

func TestStoryIsToldInTheCallersLanguage(t *testing.T) {
	b := webtest.New(webtest.Scene{Steps: map[call.ID][]call.Step{"c1": {{Type: call.StepArrived, Origin: call.Origin{Line: "fxo1"}}}}})
	for _, way := range []struct{ path, accept, want string }{
		{"/api/calls/c1", "fa-IR,fa;q=0.9,en;q=0.8", "زنگ زد"},
		{"/api/calls/c1", "de, en-GB;q=0.5", "called on"},
		{"/api/calls/c1?lang=fa", "en", "زنگ زد"},
	} {
		w := do(t, b, "GET", way.path, "", "Accept-Language", way.accept)
		if !strings.Contains(w.Body.String(), way.want) {
			t.Errorf("%s in %q told %s, want %q", way.path, way.accept, w.Body, way.want)
		}
	}
	w := do(t, b, "GET", "/api/calls/nobody", "", "Accept-Language", "fa")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "unknown-call") || !strings.Contains(w.Body.String(), "تماس") {
		t.Errorf("unknown call: %d %s", w.Code, w.Body)
	}
}

func TestHangupReleasesARunningCallOnly(t *testing.T) {
	b := webtest.New(webtest.Scene{Calls: []call.Snapshot{{ID: "c1"}}})
	if w := do(t, b, "POST", "/api/calls/c1/hangup", ""); w.Code != http.StatusOK {
		t.Errorf("running call: %d %s", w.Code, w.Body)
	}
	if w := do(t, b, "POST", "/api/calls/c2/hangup", ""); w.Code != http.StatusNotFound {
		t.Errorf("unknown call: %d, want 404", w.Code)
	}
	if got := b.Released(); len(got) != 1 || got[0] != "c1" {
		t.Errorf("released %v, want c1", got)
	}
}

func TestSimulatedCallIsCheckedAndMade(t *testing.T) {
	b := webtest.New(webtest.Scene{})
	long := strings.Repeat("9", 33)
	for _, bad := range []struct{ path, body, code, field string }{
		{"fxo1/call", `{"number":"12a","name":"","release":""}`, "bad-value", "number"},
		{"fxo1/call", `{"number":"` + long + `","name":"","release":""}`, "bad-value", "number"},
		{"fxo1/call", `{"number":"1","name":"a\nb","release":""}`, "bad-value", "name"},
		{"fxo1/call", `{"number":"1","name":"","release":"smoke"}`, "bad-value", "release"},
		{"fxo1/call", `{"number":1}`, "bad-request", "number"},
		{"fxo1/call", `{"nmber":"1"}`, "bad-request", ""},
		{"fxo1/call", `{} {}`, "bad-request", ""},
		{"fxo9/call", `{"number":"1"}`, "unknown-port", "port"},
		{"fxo1/press", `{"digits":""}`, "bad-value", "digits"},
		{"fxo1/press", `{"digits":"1"}`, "line-idle", ""},
	} {
		var p api.Problem
		w := do(t, b, "POST", "/api/sim/lines/"+bad.path, bad.body)
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Error.Code != bad.code || p.Error.Field != bad.field {
			t.Errorf("%s %s: %d %s, want %s of %q", bad.path, bad.body, w.Code, w.Body, bad.code, bad.field)
		}
	}
	w := do(t, b, "POST", "/api/sim/lines/fxo1/call", `{"number":"02188776655","name":"Sara"}`)
	if want := (api.SimCall{Number: "02188776655", Name: "Sara", Release: api.LoopDrop}); w.Code != http.StatusOK || b.Town.Last() != want {
		t.Errorf("%d %s, made %+v, want %+v", w.Code, w.Body, b.Town.Last(), want)
	}
	if w := do(t, b, "POST", "/api/sim/lines/fxo1/call", `{}`); w.Code != http.StatusConflict {
		t.Errorf("second call on a busy line: %d, want 409", w.Code)
	}
	do(t, b, "POST", "/api/sim/lines/fxo1/press", `{"digits":"1#"}`)
	if b.Town.Keys() != "1#" {
		t.Errorf("keys %q, want 1#", b.Town.Keys())
	}
}

func TestFormsAreRefused(t *testing.T) {
	w := do(t, webtest.New(webtest.Scene{}), "POST", "/api/sim/lines/fxo1/call", `{"number":"1"}`, "Content-Type", "text/plain")
	if w.Code != http.StatusBadRequest {
		t.Errorf("a text/plain body gave %d, want 400", w.Code)
	}
}

func TestHeardIsAWaveFile(t *testing.T) {
	b := webtest.New(webtest.Scene{})
	w := do(t, b, "GET", "/api/sim/lines/fxo1/heard.wav", "")
	f := w.Body.Bytes()
	samples, err := b.Town.Heard("fxo1")
	if err != nil || len(f) != 44+2*len(samples) {
		t.Fatalf("%d bytes for %d samples (%v)", len(f), len(samples), err)
	}
	le := binary.LittleEndian
	if string(f[0:4])+string(f[8:16])+string(f[36:40]) != "RIFFWAVEfmt data" || le.Uint32(f[24:]) != 8000 ||
		le.Uint16(f[34:]) != 16 || int(le.Uint32(f[40:])) != 2*len(samples) || int(le.Uint32(f[4:])) != len(f)-8 {
		t.Errorf("header %q", f[:44])
	}
	if got := int16(le.Uint16(f[44+2*1001:])); got != samples[1001] {
		t.Errorf("sample 1001 is %d, want %d", got, samples[1001])
	}
	if w := do(t, b, "GET", "/api/sim/lines/fxo1/heard.wav", "", "Range", "bytes=0-43"); w.Code != http.StatusPartialContent {
		t.Errorf("a player that seeks got %d, want 206", w.Code)
	}
}

func TestARealBoxHasNoSimulator(t *testing.T) {
	rooms := webtest.New(webtest.Scene{}).Rooms()
	rooms.Simulator = nil
	for _, rt := range rooms.Routes() {
		if strings.Contains(rt.Pattern, "/sim") {
			t.Errorf("%s exists without a simulator", rt.Pattern)
		}
	}
	if rooms.State(&identity.Identity{Role: identity.Owner}).Simulator != nil {
		t.Error("the board shows a simulator that does not exist")
	}
}

// TestExportHasNoSecret fills every secret of the tree, wherever later issues put one.
func TestExportHasNoSecret(t *testing.T) {
	const marker = "hunter2-hunter2-hunter2"
	var c config.Config
	if n := plant(reflect.ValueOf(&c).Elem(), marker); n == 0 {
		t.Fatal("the tree has no secret to hide")
	}
	b := webtest.New(webtest.Scene{})
	b.SetConfig(c)
	w := do(t, b, "GET", "/api/config", "")
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), marker) || !strings.Contains(w.Body.String(), "[secret]") {
		t.Errorf("%d, export:\n%s", w.Code, w.Body)
	}
	if c.Extensions[0].Secret.Reveal() != marker {
		t.Error("masking changed the tree in force")
	}
}

// plant sets every secret below v, making one element in every slice.
func plant(v reflect.Value, text string) (n int) {
	if v.Type() == reflect.TypeFor[config.Secret]() {
		v.SetString(text)
		return 1
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			n += plant(v.Field(i), text)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		n += plant(v.Index(0), text)
	}
	return n
}

func TestRefusalsHideFaults(t *testing.T) {
	if got := api.Refusal(errors.New("open /data/secret: denied")); got != api.ErrInternal {
		t.Errorf("an inner error became %v, want ErrInternal", got)
	}
	if !errors.Is(api.ErrValue.Of("number"), api.ErrValue) {
		t.Error("a refusal about a field is another refusal")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"number":"02188776655","name":"Sara","release":"loop-drop"}`)
	f.Add(`{"number":1e999}`)
	f.Add(`[[[[`)
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		var c api.SimCall
		if err := api.Decode(r, &c); err != nil && api.Refusal(err) == api.ErrInternal {
			t.Errorf("%q: %v is no refusal", body, err)
		}
	})
}
