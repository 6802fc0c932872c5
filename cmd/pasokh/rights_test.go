package main

import (
	"testing"
	"testing/fstest"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/server"
	"github.com/pasokh/pasokh/webui/webtest"
)

// TestDoorsOfThePageNameTheirRight: a route that does not say whom it is for keeps the box
// from starting.
func TestDoorsOfThePageNameTheirRight(t *testing.T) {
	b := webtest.New(webtest.Scene{})
	if _, err := server.New(server.Options{Rooms: b.Rooms(), Keeper: b.Keeper, News: &b.News, Log: b.Log, Accounts: &identity.Keeper{},
		Pages: fstest.MapFS{"index.html": {}}}); err != nil {
		t.Fatal(err)
	}
}
