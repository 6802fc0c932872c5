package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

// shop is a box whose settings can be changed.
func shop(t *testing.T) *webtest.Box {
	t.Helper()
	b := webtest.New(webtest.Quiet(time.Now()))
	stop, err := b.Settle(t.TempDir(), webtest.Shop)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return b
}

// asks sends a request and reads the answer.
func asks[T any](t *testing.T, b *webtest.Box, want int, method, path, body string, header ...string) (answer T) {
	t.Helper()
	w := do(t, b, method, path, body, header...)
	if w.Code != want {
		t.Fatalf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, want)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestAThingIsMadeChangedAndDeleted(t *testing.T) {
	b := shop(t)
	all := asks[api.Things](t, b, 200, "GET", "/api/things/extensions", "")
	if len(all.Things) != 3 || strings.Contains(string(all.Things[0].Value), "a long password") {
		t.Fatalf("extensions: %s", all.Things)
	}
	match := func(rev int) []string { return []string{"If-Match", fmt.Sprint(rev)} }
	made := asks[api.ThingView](t, b, 200, "POST", "/api/things/extensions", `{"number":"1010","name":"New"}`, match(all.Revision)...)
	if made.Thing.ID != "1010" || made.Revision != all.Revision+1 {
		t.Fatalf("made %+v", made)
	}
	refused := asks[api.Wrong](t, b, 422, "PUT", "/api/things/extensions/1010", `{"number":"1010","ring_for":"1s","voicemail":{"pin":"1"}}`, match(made.Revision)...)
	if len(refused.Fields) != 2 || refused.Fields[0].Path != "ring_for" || refused.Fields[1].Path != "voicemail.pin" {
		t.Errorf("refused %+v, want both fields", refused)
	}
	asks[api.ThingView](t, b, 200, "PUT", "/api/things/extensions/1010", `{"number":"1011","name":"Moved"}`, match(made.Revision)...)
	asks[api.Problem](t, b, 404, "GET", "/api/things/extensions/1010", "")
	asks[api.Done](t, b, 200, "DELETE", "/api/things/extensions/1011", "", match(made.Revision+1)...)
	used := asks[api.ThingView](t, b, 200, "GET", "/api/things/extensions/1001", "")
	if len(used.Uses) != 2 {
		t.Errorf("1001 is used by %+v, want a menu and a queue", used.Uses)
	}
	asks[api.Problem](t, b, 409, "DELETE", "/api/things/extensions/1001", "", match(used.Revision)...)
	asks[api.Problem](t, b, 422, "DELETE", "/api/things/extensions/1003", "") // without If-Match
	asks[api.Problem](t, b, 404, "GET", "/api/things/nothings", "")
	asks[api.Problem](t, b, 404, "POST", "/api/things/system", `{}`, match(used.Revision)...)
}

// TestTwoAdminsDoNotOverwriteEachOther: a change of what another one has changed is refused
// with what he did; of anything else it is made.
func TestTwoAdminsDoNotOverwriteEachOther(t *testing.T) {
	b := shop(t)
	rev := fmt.Sprint(asks[api.Things](t, b, 200, "GET", "/api/things/extensions", "").Revision)
	asks[api.ThingView](t, b, 200, "PUT", "/api/things/extensions/1002", `{"number":"1002","name":"First","ring_for":"30s"}`, "If-Match", rev)
	asks[api.ThingView](t, b, 200, "PUT", "/api/things/extensions/1003", `{"number":"1003","name":"Elsewhere"}`, "If-Match", rev)
	lost := asks[api.Overtaken](t, b, http.StatusPreconditionFailed, "PUT", "/api/things/extensions/1002", `{"number":"1002","name":"Second"}`, "If-Match", rev)
	if lost.Thing == nil || len(lost.Changes) != 2 || lost.Changes[0].New != "First" || lost.Changes[1].Path != "ring_for" {
		t.Fatalf("told %+v", lost)
	}
	asks[api.ThingView](t, b, 200, "PUT", "/api/things/extensions/1002", `{"number":"1002","name":"Second","ring_for":"30s"}`, "If-Match", fmt.Sprint(lost.Revision))
}

func TestRiskyChangesAreOnTrial(t *testing.T) {
	b := shop(t)
	rev := asks[api.Things](t, b, 200, "GET", "/api/things/trunks", "").Revision
	edit := `{"name":"telco","servers":["other.example.com"],"user":"box","secret":"[secret]","destination":"700"}`
	view := asks[api.ThingView](t, b, 200, "PUT", "/api/things/trunks/telco", edit, "If-Match", fmt.Sprint(rev))
	if view.Trial == nil || view.Trial.Revision != rev+1 {
		t.Fatalf("the change is not on trial: %+v", view)
	}
	if c, _ := b.Revisions.Current(); c.Trunks[0].Secret.Reveal() != "their password" {
		t.Error("a masked secret was lost")
	}
	asks[api.Problem](t, b, 409, "PUT", "/api/things/system/system", `{"name":"Other"}`, "If-Match", fmt.Sprint(rev+1))
	asks[api.History](t, b, 200, "POST", "/api/trial", fmt.Sprintf(`{"revision":%d,"keep":false}`, rev+1))
	if c, _ := b.Revisions.Current(); c.Trunks[0].Servers[0] != "sip.example.com" {
		t.Error("the change was not taken back")
	}
	asks[api.Problem](t, b, 409, "POST", "/api/trial", fmt.Sprintf(`{"revision":%d,"keep":true}`, rev+1))
}

func TestHistoryIsComparedAndRestored(t *testing.T) {
	b := shop(t)
	rev := asks[api.Things](t, b, 200, "GET", "/api/things/system", "").Revision
	asks[api.ThingView](t, b, 200, "PUT", "/api/things/system/system", `{"name":"Renamed","time_zone":"Asia/Tehran","language":"fa","country":"IR","max_calls":200}`, "If-Match", fmt.Sprint(rev))
	d := asks[api.Difference](t, b, 200, "GET", fmt.Sprintf("/api/revisions/%d/changes", rev+1), "")
	if len(d.Changes) != 2 || d.Changes[1].Path != "name" || d.Changes[1].Old != "Demo shop" || d.Changes[1].Label.FA != "نام" {
		t.Errorf("changes %+v", d.Changes)
	}
	asks[api.Problem](t, b, 404, "GET", "/api/revisions/99/changes", "")
	h := asks[api.History](t, b, 200, "POST", fmt.Sprintf("/api/revisions/%d/restore", rev), "")
	if len(h.Revisions) != rev+2 || b.Rooms().Config().System.Name != "Demo shop" {
		t.Errorf("%d revisions, name %s", len(h.Revisions), b.Rooms().Config().System.Name)
	}
	f := asks[api.File](t, b, 200, "GET", "/api/configuration", "")
	if strings.Contains(f.YAML, "a long password") || strings.Contains(f.YAML, "1234") {
		t.Fatal("the export has secrets")
	}
	f.YAML = strings.Replace(f.YAML, "Demo shop", "Imported", 1)
	body, _ := json.Marshal(f)
	if d := asks[api.Difference](t, b, 200, "POST", "/api/configuration/check", string(body)); len(d.Changes) != 1 || d.Changes[0].New != "Imported" {
		t.Errorf("the import would change %+v", d)
	}
	asks[api.History](t, b, 200, "POST", "/api/configuration", string(body))
	if c := b.Rooms().Config(); c.System.Name != "Imported" || c.Extensions[0].Voicemail.PIN.Reveal() != "1234" {
		t.Error("the import lost something")
	}
	if d := asks[api.Difference](t, b, 200, "POST", "/api/configuration/check", `{"yaml":"schema: 1\nnonsense: 2"}`); len(d.Wrong) != 1 {
		t.Errorf("nonsense: %+v", d)
	}
}
