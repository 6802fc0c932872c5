// Package contract is what the box's interface promises to programs: all of its routes,
// and what their types are called outside Go. The writers of webui/src/api.ts (gents) and
// of webui/api/openapi.json (openapi) read it; the box itself does not.
package contract

import (
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"testing/fstest"
	"time"

	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/events"
	"github.com/pasokh/pasokh/webui/server"
	"github.com/pasokh/pasokh/webui/webtest"
)

// Routes are those of a box that has everything. Nothing can be asked of them.
func Routes() ([]api.Route, error) {
	box := webtest.New(webtest.Busy(time.Unix(0, 0)))
	rooms := box.Rooms()
	rooms.Chief = &webtest.Chief{}
	pages := fs.FS(fstest.MapFS{"index.html": {}})
	s, err := server.New(server.Options{Rooms: rooms, Keeper: box.Keeper, Accounts: struct{ server.Accounts }{}, News: &box.News, Events: events.New(events.Options{}),
		Log: slog.New(slog.DiscardHandler), Pages: pages, Extra: box.Hooks().Routes()})
	if err != nil {
		return nil, fmt.Errorf("a server with all routes: %w", err)
	}
	return s.Routes(), nil
}

// Types are the types of all bodies and answers, those that others hold not among them.
func Types(routes []api.Route) []reflect.Type {
	types := []reflect.Type{reflect.TypeFor[api.Problem]()}
	for i := range routes {
		rt := &routes[i]
		for _, v := range slices.AppendSeq([]any{rt.Takes, rt.Gives}, maps.Values(rt.Refuses)) {
			if stream, ok := v.(api.EventStream); ok {
				v = stream.Of
			}
			if _, file := v.(api.Media); v != nil && !file && !slices.Contains(types, reflect.TypeOf(v)) {
				types = append(types, reflect.TypeOf(v))
			}
		}
	}
	return types
}

// renamed are types whose Go name says too little without its package.
var renamed = map[string]string{
	"line.Status": "Line", "trunk.Status": "Trunk", "sip.Phone": "Phone", "queue.Board": "Floor",
	"queue.QueueView": "Queue", "queue.CallerView": "Waiting", "queue.HeldView": "Held", "queue.AgentView": "Agent",
	"night.View": "Switch", "cert.View": "CertificateView", "mail.View": "MailState", "storage.State": "StorageState",
	"storage.Chip": "StorageChip", "storage.Day": "StorageDay", "storage.Write": "StorageWrite", "logring.Attr": "LogAttr",
	"backup.State": "BackupState", "backup.Job": "BackupJob", "backup.Result": "BackupResult", "backup.Proof": "BackupProof",
	"backup.Summary": "BackupSummary", "backup.Header": "BackupHeader", "backup.Stored": "BackupStored", "backup.Pending": "BackupPending",
	"backup.JobKind": "BackupJobKind", "conference.View": "Conference", "conference.MemberView": "ConferenceMember", "conference.Verb": "ConferenceVerb",
	"call.Snapshot": "Call", "call.LegView": "Leg", "setup.Box": "SetupBox", "setup.Way": "SetupWay",
	"setup.Hours": "SetupHours", "setup.Greeting": "SetupGreet", "setup.To": "SetupTo", "setup.Provider": "SetupProvider",
	"setup.Standing": "SetupStanding", "config.Problem": "ConfigurationProblem", "hooks.View": "WebhookState", "hooks.List": "WebhookList", "hooks.Delivery": "WebhookDelivery", "calendar.Names": "HolidayNames", "ledger.Record": "CallRecord", "call.Step": "Step", "health.Problem": "Trouble",
}

// Name is what a struct is called.
func Name(t reflect.Type) string {
	if n, ok := renamed[t.String()]; ok {
		return n
	}
	return t.Name()
}

// Fields yields the exported fields of a struct, which all have a JSON name, and those of
// embedded structs among them, as JSON has them.
func Fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Anonymous && f.Tag.Get("json") == "" {
				for inner := range Fields(f.Type) {
					if !yield(inner) {
						return
					}
				}
				continue
			}
			if f.IsExported() && !yield(f) {
				return
			}
		}
	}
}
