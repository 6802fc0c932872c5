package webtest

import (
	"context"
	"errors"
	"fmt"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/webui/api"
)

// unsettled are the settings of a box that cannot be changed.
type unsettled struct {
	api.Changes
	b *Box
}

func (u unsettled) Current() (*config.Config, int)         { return u.b.current(), 1 }
func (u unsettled) OnTrial() (t config.Trial, trying bool) { return t, false }
func (u unsettled) History(int) ([]config.Revision, error) { return nil, nil }

// Shop is a small business with one of everything that the page edits.
const Shop = `
schema: 1
system: {name: Demo shop, time_zone: Asia/Tehran}
extensions:
  - {number: 1001, name: Sara, secret: a long password, voicemail: {enabled: true, pin: 1234}}
  - {number: 1002, name: "رضا احمدی"}
  - {number: 1003, name: "علي‌رضا كيان"}
lines: [{port: fxo1, name: Shop, destination: 500}]
trunks: [{name: telco, servers: [sip.example.com], user: box, secret: their password, destination: 700}]
routes: [{name: outside, prefix: 9, strip: 1, trunks: [telco]}]
menus: [{number: 500, name: Main, greeting: [welcome], keys: {1: 700}, otherwise: 1001}]
queues: [{number: 700, name: Sales, agents: [1001, 1002], otherwise: 500}]
conferences: [{number: 800, name: Room}]
services: [{number: 600, kind: echo}]
switches: [{number: "*28", name: Night}]
parking: {number: 750, first: 751}
music: [{name: sales, files: [calm]}]
webhooks: [{name: crm, url: "https://crm.example.com/pasokh", key: their long secret key, events: [call, queue]}]
`

// Settle gives the box settings that can be changed, kept in a folder, beginning with
// those of a file. What is on trial is taken back until stop is called, after which
// nothing is written to the folder any more.
func (b *Box) Settle(dir, file string) (stop func(), err error) {
	first, err := config.Parse("shop", []byte(file))
	if err != nil {
		return nil, fmt.Errorf("settings of the test: %w", err)
	}
	st, err := store.Open(dir, store.Options{Clock: b.Clock})
	if err != nil {
		return nil, err
	}
	if b.Revisions, err = config.OpenRevisions(st, b.Clock, &b.News); err == nil {
		err = b.Revisions.Seed(first)
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = b.Revisions.Run(ctx) // ends with ctx
	}()
	return func() {
		cancel()
		<-ended
		_ = st.Close() // nobody is left to tell
	}, nil
}
