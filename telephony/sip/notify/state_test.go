package notify

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/telephony/call"
)

func TestCallsOf(t *testing.T) {
	ali, rings := call.Party{Number: "0912", Name: "Ali"}, call.Dialog{CallID: "a", Ours: "b", Theirs: "c"}
	running := []call.Snapshot{
		{ID: "1", From: call.Party{Number: "1001"}, To: "600", Origin: call.Origin{Extension: "1001"}, Legs: []call.LegView{{State: "held"}}},
		{ID: "2", From: ali, To: "500", Legs: []call.LegView{{State: "up"}, {Agent: "1002", State: "new"}, {Agent: "1002", State: "ringing", Dialog: rings}, {Agent: "1003", State: "held"}}},
		{ID: "3", From: call.Party{Number: "1003"}, To: "1002", Origin: call.Origin{Extension: "1003"}, Legs: []call.LegView{{State: "ended"}, {Agent: "1002", State: "up"}}},
		{ID: "4", From: call.Party{Number: "1004"}, To: "1004", Origin: call.Origin{Extension: "1004"}, Legs: []call.LegView{{State: "up"}, {Agent: "1004", State: "ringing"}}},
	}
	for ext, want := range map[string][]Call{
		"1001": {{ID: "1", Up: true, Held: true, Made: true, Remote: call.Party{Number: "600"}}},
		"1002": {{ID: "2", Remote: ali, Dialog: rings}, {ID: "3", Up: true, Remote: call.Party{Number: "1003"}}},
		"1003": {{ID: "2", Up: true, Held: true, Remote: ali}},
		"1004": {{ID: "4", Up: true, Made: true, Remote: call.Party{Number: "1004"}}, {ID: "4", Remote: call.Party{Number: "1004"}}},
		"1005": nil,
	} {
		if diff := cmp.Diff(want, CallsOf(ext, running)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", ext, diff)
		}
	}
}

// TestWhoKnowsTheNameOfADialog can pick it up: only one that rings has it.
func TestWhoKnowsTheNameOfADialog(t *testing.T) {
	c := Call{ID: "1", Remote: call.Party{Number: "0912"}, Dialog: call.Dialog{CallID: "a<b", Ours: "ours", Theirs: "theirs"}}
	const name = ` call-id="a&lt;b" local-tag="theirs" remote-tag="ours"`
	for _, up := range []bool{false, true} {
		c.Up = up
		doc := string(dialogInfo("sip:1002@box.test", "1002", 0, State{Calls: []Call{c}}))
		if strings.Contains(doc, name) == up || up && strings.Contains(doc, "-tag") {
			t.Errorf("up %v:\n%s", up, doc)
		}
	}
}

func FuzzPackOf(f *testing.F) {
	for _, s := range []string{"dialog", "Presence ; id=7", "message-summary;id", ";id=", "dialog;x=;id=a=b;;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, event string) {
		if p, id := packOf(event); p == nil && id != "" || len(id) > len(event) {
			t.Errorf("%q is %v with id %q", event, p, id)
		}
	})
}
