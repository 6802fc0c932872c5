package server

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/update"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

func applianceHouse(t *testing.T, c *webtest.Chief) house {
	return newHouse(t, func(o *Options) { o.Rooms.Chief = c })
}

func TestOnlyWhoMayTouchesTheAppliance(t *testing.T) {
	var chief webtest.Chief
	h := applianceHouse(t, &chief)
	for _, c := range []struct {
		pattern, body, asked string
	}{
		{"POST /api/appliance/update", "bundle", "update"},
		{"POST /api/appliance/restart", "{}", "restart"},
		{"POST /api/appliance/network", `{"address":"","gateway":"","dns":[],"vlan":0}`, "network"},
		{"POST /api/appliance/network/confirm", "{}", "confirm"},
		{"POST /api/appliance/forget", "{}", "forget"},
	} {
		_, path, _ := strings.Cut(c.pattern, " ")
		before := len(chief.Asked())
		if w := h.as(t, who(identity.Supervisor), &api.Route{Pattern: c.pattern}, path, c.body); w.Code != http.StatusForbidden || len(chief.Asked()) != before {
			t.Errorf("%s by %s: %d, asked for %v", c.pattern, identity.Supervisor, w.Code, chief.Asked()[before:])
		}
		if w := h.as(t, who(identity.Admin), &api.Route{Pattern: c.pattern}, path, c.body); w.Code != http.StatusOK || !slices.Equal(chief.Asked()[before:], []string{c.asked}) {
			t.Errorf("%s by %s: %d %s, asked for %v", c.pattern, identity.Admin, w.Code, w.Body, chief.Asked()[before:])
		}
	}
	if w := h.as(t, who(identity.Owner), &api.Route{Pattern: "GET /api/appliance"}, "/api/appliance", ""); !strings.Contains(w.Body.String(), "signal: killed") {
		t.Errorf("%d %s does not tell how the program ended", w.Code, w.Body)
	}
}

// TestARefusedUploadHearsWhy sends files slowly by TCP, and looks for the answer only at
// the end, as browsers do.
func TestARefusedUploadHearsWhy(t *testing.T) {
	h := applianceHouse(t, &webtest.Chief{Refusal: update.ErrBoard})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _ = h.Serve(ctx, l, h.Handler()) }()
	signIn := h.signIn(t)
	for path, code := range map[string]string{"/api/appliance/update": "other-board", "/api/sounds?name=x": "disk-full"} {
		t.Run(path, func(t *testing.T) {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			req, err := http.NewRequest("POST", path, nil)
			if err != nil {
				t.Fatal(err)
			}
			signIn(req)
			const chunk, chunks = 64 << 10, 16
			fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: box\r\nCookie: %s\r\nContent-Length: %d\r\n\r\n", path, req.Header.Get("Cookie"), chunk*chunks)
			for i := range chunks {
				time.Sleep(60 * time.Millisecond) // the slow line
				if _, err := c.Write(make([]byte, chunk)); err != nil {
					t.Fatalf("cut off at chunk %d: %v", i, err)
				}
			}
			res, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			text := make([]byte, 1000)
			n, _ := res.Body.Read(text)
			if !strings.Contains(string(text[:n]), code) {
				t.Errorf("%s: %s, want %s", res.Status, text[:n], code)
			}
		})
	}
}

// TestWhoAskedForTheEndHearsIt: a request that ends the server is answered before Serve
// returns.
func TestWhoAskedForTheEndHearsIt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var answered atomic.Bool
	h := newHouse(t, func(o *Options) {
		o.Extra = append(o.Extra, api.Route{Pattern: "POST /api/end", Right: identity.Public, Handle: func(w http.ResponseWriter, _ *http.Request) error {
			cancel()
			time.Sleep(100 * time.Millisecond) // longer than the listener takes to close
			answered.Store(true)
			return api.Send(w, api.Done{Done: true})
		}})
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx, l, h.Handler()) }()
	heard := make(chan error, 1)
	go func() {
		res, err := http.Post("http://"+l.Addr().String()+"/api/end", "application/json", strings.NewReader("{}"))
		if err == nil {
			res.Body.Close()
		}
		heard <- err
	}()
	if err := <-served; err != nil || !answered.Load() {
		t.Errorf("the server ended with %v, answered: %v", err, answered.Load())
	}
	if err := <-heard; err != nil {
		t.Error(err)
	}
}
