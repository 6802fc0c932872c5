// Fakebox serves the real pages over a box without telephony, for work on them:
//
//	go run ./webui/e2e/fakebox -scene busy    # http://127.0.0.1:8765
//
// The user is admin, the password webtest.Password; with -new the box is
// unclaimed and the set-up code webtest.Token. -pages serves pages from a folder
// instead of the embedded ones.
package main

import (
	"context"
	"flag"
	"io/fs"
	"log"
	"net"
	"os"
	"os/signal"
	"time"

	"github.com/pasokh/pasokh/webui"
	"github.com/pasokh/pasokh/webui/server"
	"github.com/pasokh/pasokh/webui/webtest"
)

func main() {
	log.SetFlags(0)
	address := flag.String("address", "127.0.0.1:8765", "where to listen")
	scene := flag.String("scene", "busy", "busy, quiet, month or empty")
	unclaimed := flag.Bool("new", false, "no user yet")
	folder := flag.String("pages", "", "folder of built pages")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *address, *scene, *folder, *unclaimed); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, address, scene, folder string, unclaimed bool) error {
	now := time.Now()
	box := webtest.New(map[string]webtest.Scene{"busy": webtest.Busy(now), "quiet": webtest.Quiet(now), "month": webtest.Month(now, 60)}[scene])
	settings, err := os.MkdirTemp("", "fakebox")
	if err != nil {
		return err
	}
	defer os.RemoveAll(settings)
	stop, err := box.Settle(settings, webtest.Shop)
	if err != nil {
		return err
	}
	defer stop()
	pages, err := webui.Dist()
	if folder != "" {
		pages, err = fs.FS(os.DirFS(folder)), nil
	}
	if err != nil {
		return err
	}
	keeper := box.Keeper
	if unclaimed {
		keeper = webtest.NewKeeper("", "")
	}
	s, err := server.New(server.Options{Rooms: box.Rooms(), Extra: box.Hooks().Routes(), Keeper: keeper, News: &box.News, Log: box.Log, Audit: box.Note, Pages: pages})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	log.Printf("http://%s admin %q code %q", l.Addr(), webtest.Password, webtest.Token)
	go func() { _ = s.Run(ctx) }() // ends with ctx
	return s.Serve(ctx, l, s.Handler())
}
