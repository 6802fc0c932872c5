// Gents writes the TypeScript twins of the types that package api sends and
// receives. Its output is committed; a test proves that it is current.
//
//	go run ./webui/api/gents webui/src/api.ts
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/backup"
	"github.com/pasokh/pasokh/firmware/cert"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/firmware/setup"
	"github.com/pasokh/pasokh/firmware/storage"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/record"
	"github.com/pasokh/pasokh/telephony/whatif"
	"github.com/pasokh/pasokh/webui/api"
)

// roots are what is sent and received; whatever they hold follows by itself.
var roots = []reflect.Type{
	reflect.TypeFor[api.Me](),
	reflect.TypeFor[api.SignIn](),
	reflect.TypeFor[api.Claim](),
	reflect.TypeFor[api.UserList](),
	reflect.TypeFor[api.Invite](),
	reflect.TypeFor[api.Invitation](),
	reflect.TypeFor[api.Accept](),
	reflect.TypeFor[api.AccountView](),
	reflect.TypeFor[api.NewPassword](),
	reflect.TypeFor[api.Proof](),
	reflect.TypeFor[identity.Offer](),
	reflect.TypeFor[api.Recovery](),
	reflect.TypeFor[api.NewToken](),
	reflect.TypeFor[api.MadeToken](),
	reflect.TypeFor[api.State](),
	reflect.TypeFor[api.Records](),
	reflect.TypeFor[api.Legs](),
	reflect.TypeFor[api.Causes](),
	reflect.TypeFor[record.Peaks](),
	reflect.TypeFor[api.Wall](),
	reflect.TypeFor[api.BulletinList](),
	reflect.TypeFor[api.BulletinName](),
	reflect.TypeFor[api.Story](),
	reflect.TypeFor[ledger.Decision](),
	reflect.TypeFor[api.Tried](),
	reflect.TypeFor[api.FlowView](),
	reflect.TypeFor[api.FlowDetail](),
	reflect.TypeFor[figures.Report](),
	reflect.TypeFor[api.Formulas](),
	reflect.TypeFor[api.Contacts](),
	reflect.TypeFor[api.Timeline](),
	reflect.TypeFor[api.Staffing](),
	reflect.TypeFor[whatif.Comparison](),
	reflect.TypeFor[api.SIPTrace](),
	reflect.TypeFor[api.Watch](),
	reflect.TypeFor[api.Watching](),
	reflect.TypeFor[api.Lift](),
	reflect.TypeFor[cert.View](),
	reflect.TypeFor[api.Problem](),
	reflect.TypeFor[api.Done](),
	reflect.TypeFor[api.SoundList](),
	reflect.TypeFor[api.Rename](),
	reflect.TypeFor[api.Settings](),
	reflect.TypeFor[api.Description](),
	reflect.TypeFor[api.Things](),
	reflect.TypeFor[api.Names](),
	reflect.TypeFor[api.Audit](),
	reflect.TypeFor[api.ThingView](),
	reflect.TypeFor[api.Wrong](),
	reflect.TypeFor[api.Overtaken](),
	reflect.TypeFor[api.Confirm](),
	reflect.TypeFor[api.History](),
	reflect.TypeFor[api.Difference](),
	reflect.TypeFor[api.Confirm](),
	reflect.TypeFor[api.File](),
	reflect.TypeFor[api.QueueForms](),
	reflect.TypeFor[api.CallSound](),
	reflect.TypeFor[api.Turn](),
	reflect.TypeFor[api.HoursView](),
	reflect.TypeFor[api.SetupView](),
	reflect.TypeFor[api.SetupPeople](),
	reflect.TypeFor[api.SetupMade](),
	reflect.TypeFor[api.SetupMove](),
	reflect.TypeFor[setup.Way](),
	reflect.TypeFor[setup.Hours](),
	reflect.TypeFor[setup.Greeting](),
	reflect.TypeFor[api.SetupCall](),
	reflect.TypeFor[api.SetupCalled](),
	reflect.TypeFor[api.Appliance](),
	reflect.TypeFor[api.CallBack](),
	reflect.TypeFor[api.CalledBack](),
	reflect.TypeFor[api.CallbackDo](),
	reflect.TypeFor[api.Supervise](),
	reflect.TypeFor[api.Usher](),
	reflect.TypeFor[api.Dispose](),
	reflect.TypeFor[api.Recordings](),
	reflect.TypeFor[api.RecordCall](),
	reflect.TypeFor[api.Voicemail](),
	reflect.TypeFor[api.MarkMessage](),
	reflect.TypeFor[api.CareSettings](),
	reflect.TypeFor[api.MailTest](),
	reflect.TypeFor[backup.State](),
	reflect.TypeFor[storage.State](),
	reflect.TypeFor[api.Logs](),
	reflect.TypeFor[api.TimeState](),
	reflect.TypeFor[api.ZoneForm](),
	reflect.TypeFor[api.BackupList](),
	reflect.TypeFor[api.BackupDo](),
	reflect.TypeFor[api.BackupPrepare](),
	reflect.TypeFor[api.Outcome](),
	reflect.TypeFor[mail.View](),
	reflect.TypeFor[api.SimCall](),
	reflect.TypeFor[api.SimKeys](),
	reflect.TypeFor[api.SimTone](),
}

// renamed are types whose Go name says too little without its package.
var renamed = map[string]string{
	"line.Status": "Line", "trunk.Status": "Trunk", "sip.Phone": "Phone", "queue.Board": "Floor", "queue.QueueView": "Queue",
	"queue.CallerView": "Waiting", "queue.HeldView": "Held", "queue.AgentView": "Agent", "night.View": "Switch", "cert.View": "CertificateView", "mail.View": "MailState", "storage.State": "StorageState", "storage.Chip": "StorageChip", "storage.Day": "StorageDay", "storage.Write": "StorageWrite", "logring.Attr": "LogAttr", "backup.State": "BackupState", "backup.Job": "BackupJob", "backup.Result": "BackupResult", "backup.Proof": "BackupProof", "backup.Summary": "BackupSummary", "backup.Header": "BackupHeader", "backup.Stored": "BackupStored", "backup.Pending": "BackupPending", "backup.JobKind": "BackupJobKind", "conference.View": "Conference", "conference.MemberView": "ConferenceMember", "conference.Verb": "ConferenceVerb", "call.Snapshot": "Call", "call.LegView": "Leg",
	"setup.Box": "SetupBox", "setup.Way": "SetupWay", "setup.Hours": "SetupHours", "setup.Greeting": "SetupGreet", "setup.To": "SetupTo", "setup.Provider": "SetupProvider", "setup.Standing": "SetupStanding",
	"ledger.Record": "CallRecord", "call.Step": "Step", "health.Problem": "Trouble",
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: gents FILE")
	}
	if err := os.WriteFile(os.Args[1], generate(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func generate() []byte {
	g := &generator{done: make(map[reflect.Type]bool)}
	for _, t := range roots {
		g.name(t)
	}
	for len(g.queue) > 0 {
		t := g.queue[0]
		g.queue = g.queue[1:]
		g.interfaceOf(t)
	}
	slices.Sort(g.out)
	return []byte("// Written by webui/api/gents from the Go types. Do not edit.\n\n" +
		"/** A time, RFC 3339. */\nexport type Time = string;\n/** A duration in milliseconds. */\nexport type Millis = number;\n\n" +
		strings.Join(g.out, "\n"))
}

type generator struct {
	done  map[reflect.Type]bool
	queue []reflect.Type
	out   []string
}

// name is the TypeScript type of t; a struct is put in line to be written.
func (g *generator) name(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "Time"
	case reflect.TypeFor[ledger.Millis](), reflect.TypeFor[api.Millis]():
		return "Millis"
	}
	if t == reflect.TypeFor[json.RawMessage]() {
		return "unknown"
	}
	switch t.Kind() {
	case reflect.Interface:
		return "unknown"
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Uint8, reflect.Float64:
		return "number"
	case reflect.Slice:
		return g.name(t.Elem()) + "[]"
	case reflect.Map:
		return "{ [key: string]: " + g.name(t.Elem()) + " }"
	case reflect.Pointer:
		return g.name(t.Elem())
	case reflect.Struct:
		if !g.done[t] {
			g.done[t] = true
			g.queue = append(g.queue, t)
		}
		if n, ok := renamed[t.String()]; ok {
			return n
		}
		return t.Name()
	}
	log.Fatalf("no TypeScript for %v", t)
	return ""
}

func (g *generator) interfaceOf(t reflect.Type) {
	var b strings.Builder
	fmt.Fprintf(&b, "export interface %s {\n", g.name(t))
	for f := range fields(t) {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "-" {
			continue
		}
		optional := ""
		if strings.Contains(options, "omit") {
			optional = "?"
		}
		fmt.Fprintf(&b, "  %s%s: %s;\n", tag, optional, g.name(f.Type))
	}
	b.WriteString("}\n")
	g.out = append(g.out, b.String())
}

// fields yields the exported fields, which all have a JSON name, and those of embedded
// structs among them, as JSON has them.
func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Anonymous && f.Tag.Get("json") == "" {
				for inner := range fields(f.Type) {
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
