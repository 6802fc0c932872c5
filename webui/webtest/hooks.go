package webtest

import (
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/webui/events"
	"github.com/pasokh/pasokh/webui/hooks"
)

// Hooks are the webhooks of the box's configuration, which nothing happens for.
func (b *Box) Hooks() *hooks.Room {
	r, _ := hooks.Open(hooks.Options{Clock: b.Clock, Log: b.Log, News: &b.News, Health: health.NewBoard(b.Clock, &b.News), Config: b.current,
		Ring: events.New(events.Options{Clock: b.Clock, News: &b.News}), Memory: forgetful{}}) // an empty memory can be read
	return r
}
