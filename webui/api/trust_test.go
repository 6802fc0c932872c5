package api_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/cert"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

// rooted has a root that was really made.
type rooted struct{ root []byte }

func (rooted) View() cert.View         { return cert.View{Own: true} }
func (r rooted) Root() ([]byte, error) { return r.root, nil }
func (rooted) Renew() error            { return nil }

// TestTheRootCanBeInstalled: both forms hold the same certificate, which is an authority.
func TestTheRootCanBeInstalled(t *testing.T) {
	dir := t.TempDir()
	if _, err := cert.Load(dir, clock.System(), []string{"box"}); err != nil {
		t.Fatal(err)
	}
	root, err := cert.Root(dir)
	if err != nil {
		t.Fatal(err)
	}
	rooms := webtest.New(webtest.Scene{}).Rooms()
	rooms.Certificate = rooted{root}
	get := func(path string) string {
		for _, rt := range rooms.Routes() {
			if rt.Pattern == "GET "+path {
				w := httptest.NewRecorder()
				if err := rt.Handle(w, httptest.NewRequest("GET", path, nil)); err != nil || w.Code != http.StatusOK {
					api.Fail(w, httptest.NewRequest("GET", path, nil), err)
				}
				return w.Body.String()
			}
		}
		t.Fatalf("no route %s", path)
		return ""
	}
	der := get("/api/trust/pasokh.crt")
	c, err := x509.ParseCertificate([]byte(der))
	if err != nil || !c.IsCA {
		t.Fatalf("%v, %v", c, err)
	}
	profile := get("/api/trust/pasokh.mobileconfig")
	if !strings.Contains(profile, "<data>"+base64.StdEncoding.EncodeToString([]byte(der))+"</data>") || profile != get("/api/trust/pasokh.mobileconfig") {
		t.Errorf("profile %s", profile)
	}
	for d := xml.NewDecoder(strings.NewReader(profile)); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
