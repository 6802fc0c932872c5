package ledger_test

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// TestADaysWritesSpareTheFlash notes the steps of calls as a busy day has them, each
// second on the disk by itself, and measures what the process really writes: pages of
// the store, not bytes of steps. A day of 1000 calls must stay below a gigabyte.
func TestADaysWritesSpareTheFlash(t *testing.T) {
	const calls, most = 60, 1_000_000_000 / 1000 // bytes of one call
	s, err := store.Open(t.TempDir(), store.Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	logs := []*store.Log{s.Log("ledger"), s.Log("calls"), s.Log("floor")}
	l := ledger.New(ledger.Options{Clock: clock.System(), Log: logs[0], Calls: logs[1], Floor: logs[2], News: &event.News{},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	begin := time.Now().Add(-24 * time.Hour)
	if err := l.Take(t.Context(), nil); err != nil { // what a start of the box writes is not of a call
		t.Fatal(err)
	}
	before := written(t)
	for i := range calls {
		at := begin.Add(time.Duration(i) * 90 * time.Second)
		if err := l.Take(t.Context(), lifeOf(call.NewID(at), at)); err != nil {
			t.Fatal(err)
		}
	}
	perCall := (written(t) - before) / calls
	t.Logf("%d bytes written for a call, %d MB for 1000", perCall, perCall/1000)
	if perCall > most {
		t.Errorf("%d bytes are written for a call, want at most %d", perCall, most)
	}
}

// written is what this process has handed to the kernel to write.
func written(t *testing.T) (n int64) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		need.Missing(t, err.Error())
	}
	for line := range strings.Lines(string(text)) {
		if _, err := fmt.Sscanf(line, "wchar: %d", &n); err == nil {
			return n
		}
	}
	t.Fatalf("no wchar in %s", text)
	return 0
}

// lifeOf are the steps of a call of three minutes that two agents were rung for.
func lifeOf(id call.ID, at time.Time) []call.Step {
	var steps []call.Step
	note := func(after time.Duration, s call.Step) {
		s.Call, s.At = id, at.Add(after)
		if s.Type == call.StepAgent {
			s.Call = ""
		}
		steps = append(steps, s)
	}
	sec := time.Second
	q := &call.Quality{}
	note(0, call.Step{Type: call.StepArrived, Leg: "fxo1-1", Device: "fxo1", Party: call.Party{Number: "09121234567"}, Number: "500", Origin: call.Origin{Line: "fxo1"}})
	note(0, call.Step{Type: call.StepRouted, Number: "500", Reason: "500 is menu Main menu"})
	note(0, call.Step{Type: call.StepAnswered, Leg: "fxo1-1", Device: "fxo1"})
	note(0, call.Step{Type: call.StepSaid, Value: "fa/welcome fa/menu-main"})
	note(5*sec, call.Step{Type: call.StepPressed, Leg: "fxo1-1", Value: "1"})
	note(5*sec, call.Step{Type: call.StepRouted, Number: "700", Reason: "key 1"})
	note(5*sec, call.Step{Type: call.StepQueueJoined, Queue: "700", Value: "1"})
	for i, agent := range []string{"1001", "1002"} {
		from := time.Duration(5+20*i) * sec
		note(from, call.Step{Type: call.StepQueueOffered, Queue: "700", Agent: agent, Reason: "longest idle 4m12s; 1003 wrapping up, 12s left; 1004 offline; 1005 talking"})
		note(from, call.Step{Type: call.StepAgent, Agent: agent, Value: "ringing", Queue: "700"})
		note(from+sec, call.Step{Type: call.StepRinging, Leg: "a", Device: "sip:1001@192.0.2.1:5060", Agent: agent})
		note(from+sec*10, call.Step{Type: call.StepQueueAnnounced, Queue: "700", Value: "1"})
	}
	note(25*sec, call.Step{Type: call.StepQueueMissed, Queue: "700", Agent: "1001", Cause: "no-answer"})
	note(25*sec, call.Step{Type: call.StepAgent, Agent: "1001", Value: "missed"})
	note(30*sec, call.Step{Type: call.StepAgent, Agent: "1001", Value: "free"})
	note(35*sec, call.Step{Type: call.StepAnswered, Leg: "a", Device: "sip:1001@192.0.2.1:5060", Agent: "1002"})
	note(35*sec, call.Step{Type: call.StepQueueConnected, Queue: "700", Agent: "1002", Leg: "a"})
	note(35*sec, call.Step{Type: call.StepBridged, Agent: "1002", Leg: "a"})
	note(35*sec, call.Step{Type: call.StepAgent, Agent: "1002", Value: "talking", Queue: "700"})
	note(90*sec, call.Step{Type: call.StepHeld, Leg: "a"})
	note(110*sec, call.Step{Type: call.StepResumed, Leg: "a"})
	note(180*sec, call.Step{Type: call.StepUnbridged, Leg: "a", Agent: "1002", Cause: "normal"})
	note(180*sec, call.Step{Type: call.StepQuality, Leg: "a", Agent: "1002", Quality: q})
	note(181*sec, call.Step{Type: call.StepEnded, Cause: "normal"})
	note(181*sec, call.Step{Type: call.StepWrapUp, Queue: "700", Agent: "1002", Value: "10"})
	note(181*sec, call.Step{Type: call.StepAgent, Agent: "1002", Value: "wrap-up", Queue: "700"})
	note(191*sec, call.Step{Type: call.StepReady, Queue: "700", Agent: "1002"})
	note(191*sec, call.Step{Type: call.StepAgent, Agent: "1002", Value: "free"})
	return steps
}
