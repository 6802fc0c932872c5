package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/config"
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
