package events

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/webui/api"
)

var owner = identity.Identity{User: "sara", Role: identity.Owner}

// read is what the stream sends in a second to somebody who had an event last.
func read(t *testing.T, r *Ring, who identity.Identity, last, kinds string, still bool) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(api.WithViewer(t.Context(), who), time.Second)
	defer cancel()
	if !still {
		ctx = api.WithViewer(t.Context(), who)
	}
	req := httptest.NewRequestWithContext(ctx, "GET", "/api/events?kinds="+kinds, nil)
	req.Header.Set("Last-Event-ID", last)
	w := httptest.NewRecorder()
	rt := r.Route(func(*http.Request) bool { return still })
	if err := rt.Handle(w, req); err != nil {
		t.Fatal(err)
	}
	return w.Body.String()
}

func step(id call.ID, t call.StepType, change func(*call.Step)) call.Step {
	s := call.Step{Call: id, At: time.Now(), Type: t}
	if change != nil {
		change(&s)
	}
	return s
}

func TestReaderGoesOnWhereHeWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Options{Clock: clock.System()})
		for _, typ := range []call.StepType{call.StepArrived, call.StepQueueJoined, call.StepEnded} {
			r.Note(step("c1", typ, nil))
		}
		got := read(t, r, owner, r.id(0), "", true)
		if strings.Contains(got, `"arrived"`) || !strings.Contains(got, "event: queue\n") || !strings.Contains(got, "id: "+r.id(2)+"\nevent: call\n") || strings.Contains(got, "event: gap") {
			t.Errorf("after the first event came\n%s", got)
		}
		if got := read(t, r, owner, r.id(-1), "queue", true); strings.Count(got, "data: ") != 1 || !strings.Contains(got, "queue-joined") {
			t.Errorf("of queues came\n%s", got)
		}
		if got := read(t, r, owner, "", "", true); strings.Contains(got, "data: ") {
			t.Errorf("a new reader gets what is over:\n%s", got)
		}
	})
}

func TestWhoMissedSomethingIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Options{Clock: clock.System()})
		for range Size + 10 {
			r.Note(step("c1", call.StepSaid, nil))
		}
		got := read(t, r, owner, r.id(2), "", true)
		if !strings.Contains(got, "id: "+r.id(9)+"\nevent: gap\n") || !strings.Contains(got, `"lost":7`) || strings.Count(got, "event: call") != Size {
			t.Errorf("after 7 lost events came %d, the first %.200s", strings.Count(got, "event: call"), got)
		}
		if got := read(t, r, owner, "of-another-run", "", true); strings.Count(got, "event: ") != 1 || !strings.Contains(got, "event: gap") {
			t.Errorf("after a restart came %.300s", got)
		}
	})
}

// TestNobodyHearsOfForeignCalls: a supervisor hears of a call from when it is his queue's, an
// agent of his own; lines and health are the installer's.
func TestNobodyHearsOfForeignCalls(t *testing.T) {
	r := New(Options{Clock: clock.System()})
	r.Note(step("c1", call.StepArrived, func(s *call.Step) { s.Number = "1005" }))
	r.Note(step("c1", call.StepQueueJoined, func(s *call.Step) { s.Queue = "700" }))
	r.Note(step("c1", call.StepBridged, func(s *call.Step) { s.Agent = "1002" }))
	r.Note(step("c1", call.StepEnded, nil))
	r.Note(step("c2", call.StepEnded, nil))
	r.add(Event{Kind: Line, Line: &line.Status{Port: "fxo1", Caller: call.Party{Number: "0912"}}}, scope{})
	r.add(Event{Kind: Health, Problem: &health.Problem{ID: "disk-full"}}, scope{})
	for _, c := range []struct {
		who  identity.Identity
		want int
	}{
		{owner, 7},
		{identity.Identity{Role: identity.Supervisor, Queues: []string{"700"}}, 3},
		{identity.Identity{Role: identity.Supervisor, Queues: []string{"710"}}, 0},
		{identity.Identity{Role: identity.Agent, Extension: "1002"}, 2},
		{identity.Identity{Role: identity.Agent, Extension: "1005"}, 4},
		{identity.Identity{Role: identity.Installer}, 2},
		{identity.Identity{Role: identity.Owner, Scopes: []identity.Right{identity.Own, identity.Calls}}, 5},
		{identity.Identity{Role: identity.Owner, Scopes: []identity.Right{identity.Own}}, 0},
		{identity.Identity{}, 0},
	} {
		list, _, _, _ := r.Since(0, &c.who, Kinds())
		if len(list) != c.want {
			t.Errorf("%s hears of %d events, want %d", c.who.View(), len(list), c.want)
		}
		for _, e := range list {
			if e.Line != nil && !c.who.May(identity.Calls) && e.Line.Caller.Number != "" {
				t.Errorf("%s hears who calls", c.who.View())
			}
		}
	}
	if len(r.calls) != 0 {
		t.Errorf("%d calls are still waited for", len(r.calls))
	}
}

func TestLinesAndHealthAreWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var news event.News
		lines, problems := []line.Status{{Port: "fxo1", State: "idle"}}, []health.Problem{}
		r := New(Options{Clock: clock.System(), News: &news, Lines: func() []line.Status { return lines }, Health: func() []health.Problem { return problems }})
		go r.Run(t.Context())
		synctest.Wait()
		lines = []line.Status{{Port: "fxo1", State: "unplugged", Volts: 0.1}}
		news.Publish(event.Lines)
		synctest.Wait()
		lines = []line.Status{{Port: "fxo1", State: "unplugged", Volts: 0.2}} // no news
		problems = []health.Problem{{ID: "line-unplugged", Detail: "fxo1"}}
		news.Publish(event.Health)
		synctest.Wait()
		problems = nil
		news.Publish(event.Health)
		synctest.Wait()
		list, _, _, _ := r.Since(0, &owner, Kinds())
		var got []string
		for _, e := range list {
			got = append(got, string(e.Kind)+strconv.FormatBool(e.Over))
		}
		if s := strings.Join(got, " "); s != "linefalse healthfalse healthtrue" {
			t.Errorf("came %s", s)
		}
	})
}

// TestReaderWithoutSessionIsLetGo: with the next beat.
func TestReaderWithoutSessionIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		read(t, New(Options{Clock: clock.System()}), owner, "", "", false)
		if since := time.Since(began); since != Beat {
			t.Errorf("he was let go after %v", since)
		}
	})
}
