package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

// TestTheMailServerIsSetAndTried: its password goes in and never comes out, and who
// tries it reads the server's own words.
func TestTheMailServerIsSetAndTried(t *testing.T) {
	b := webtest.New(webtest.Scene{})
	c := config.Default()
	c.Mail = config.Mail{Server: "post.example", Security: config.MailTLS, User: "box", Password: "s3cret-of-the-box", From: "box@shop.example"}
	b.SetConfig(*c)
	w := do(t, b, "GET", "/api/care/settings", "")
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "s3cret") || !strings.Contains(w.Body.String(), `"password":"[secret]"`) {
		t.Errorf("settings: %d %s", w.Code, w.Body)
	}
	if w := do(t, b, "POST", "/api/care/mail/test", `{"to":"sara@shop.example"}`); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"ok":true`) || len(b.Post.Sent()) != 1 {
		t.Errorf("a test letter: %d %s, sent %v", w.Code, w.Body, b.Post.Sent())
	}
	if w := do(t, b, "POST", "/api/care/mail/test", `{"to":"sara@nowhere.example"}`); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "550 no such mailbox") {
		t.Errorf("one that is refused: %d %s", w.Code, w.Body)
	}
	if w := do(t, b, "POST", "/api/care/mail/test", `{"to":"sara"}`); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"to"`) {
		t.Errorf("to nobody: %d %s", w.Code, w.Body)
	}
}

// TestLogsAreFound by weight and by words, in the message or in what it is about.
func TestLogsAreFound(t *testing.T) {
	b := webtest.New(webtest.Scene{})
	b.Log.Info("rings", "phone", "1002", "secret", config.Secret("hunter22"))
	b.Log.Warn("trunk is down", "trunk", "telco")
	for query, want := range map[string]string{"": "trunk is down,rings", "?level=warn": "trunk is down", "?text=PHONE+1002": "rings", "?text=telco+down": "trunk is down", "?text=1003": "", "?limit=1": "trunk is down"} {
		w := do(t, b, "GET", "/api/care/logs"+query, "")
		var got struct{ Records []struct{ Text string } }
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, r := range got.Records {
			texts = append(texts, r.Text)
		}
		if strings.Join(texts, ",") != want || strings.Contains(w.Body.String(), "hunter22") {
			t.Errorf("%q finds %s", query, w.Body)
		}
	}
	for _, query := range []string{"?level=loud", "?limit=0"} {
		if w := do(t, b, "GET", "/api/care/logs"+query, ""); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", query, w.Code)
		}
	}
	if w := do(t, b, "GET", "/api/care/time", ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"now":"2`) {
		t.Errorf("time: %d %s", w.Code, w.Body)
	}
}

// TestOnlyAnOwnerCapturesSound, whatever rights others have.
func TestOnlyAnOwnerCapturesSound(t *testing.T) {
	b := webtest.New(webtest.Scene{Calls: []call.Snapshot{{ID: "c1", Legs: []call.LegView{{ID: "l1"}}}}})
	for role, want := range map[identity.Role]int{identity.Owner: http.StatusOK, identity.Admin: http.StatusForbidden, identity.Installer: http.StatusForbidden, "": http.StatusForbidden} {
		rooms := b.Rooms()
		for _, rt := range rooms.Routes() {
			if rt.Pattern != "GET /api/calls/{id}/rtp.pcap" {
				continue
			}
			r := httptest.NewRequest("GET", "/api/calls/c1/rtp.pcap", nil)
			r.SetPathValue("id", "c1")
			w := httptest.NewRecorder()
			if err := rt.Handle(w, r.WithContext(api.WithViewer(r.Context(), identity.Identity{User: "x", Role: role}))); err != nil {
				api.Fail(w, r, err)
			}
			if w.Code != want {
				t.Errorf("%q: %d, want %d", role, w.Code, want)
			}
		}
	}
}
