package studio

import (
	"errors"
	"log/slog"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// visit is somebody in the studio.
type visit struct {
	caller  *calltest.Leg
	journal *calltest.Journal
	drafts  map[string]int // samples by name, of those that can be heard
	kept    map[string]int // by unit
	fails   error          // of keeping
	done    chan call.Cause
}

func enter(ext, number string, fails error) *visit {
	v := &visit{caller: calltest.NewLeg("caller", clock.System()), journal: &calltest.Journal{}, drafts: make(map[string]int), kept: make(map[string]int),
		fails: fails, done: make(chan call.Cause, 1)}
	cfg := config.Default()
	cfg.Listening.Supervisors = []string{"1001"}
	cfg.Features.PromptsPIN = "4321"
	room := New(Options{Config: func() *config.Config { return cfg },
		Add:    func(name string, pcm []int16) { v.drafts[name] = len(pcm) },
		Remove: func(name string) { delete(v.drafts, name) },
		Keep: func(unit, by string, pcm []int16) error {
			time.Sleep(time.Second) // a slow disk
			v.kept[unit+" by "+by] = len(pcm)
			return v.fails
		}})
	c := call.New(call.Arrival{Leg: v.caller, To: "*77", From: call.Party{Number: ext}, Language: "en"},
		call.Options{Clock: clock.System(), Journal: v.journal, Log: slog.New(slog.DiscardHandler)})
	go c.Run(func(c *call.Call) call.Cause {
		cause := room.Serve(c, ext, number)
		v.done <- cause
		return cause
	})
	synctest.Wait()
	return v
}

// press keys, after a while.
func (v *visit) press(keys string) {
	for _, k := range keys {
		time.Sleep(time.Second)
		v.caller.Press(byte(k))
		synctest.Wait()
	}
}

// speak says a tone of so long after half a second of silence, and presses hash.
func (v *visit) speak(lasts time.Duration) {
	time.Sleep(time.Second) // the invitation and its tone
	synctest.Wait()
	var pcm []int16
	for i := range int((lasts + time.Second).Seconds() * rate) {
		x := 0.0
		if s := float64(i) / rate; s >= 0.5 && s < 0.5+lasts.Seconds() {
			x = 8000 * math.Sin(2*math.Pi*500*s)
		}
		pcm = append(pcm, int16(x))
	}
	for frame := range slices.Chunk(pcm, 160) {
		for _, tap := range v.caller.Audio().(*calltest.Audio).Taps() {
			tap.Frame(frame, nil)
		}
	}
	v.caller.Press('#')
	synctest.Wait()
}

// heard is everything that was said.
func (v *visit) heard() string {
	var said []string
	for _, s := range v.journal.Steps() {
		if s.Type == call.StepSaid || s.Type == call.StepPrompt || s.Type == call.StepRefused {
			said = append(said, s.Value+s.Reason)
		}
	}
	return strings.Join(said, " | ")
}

func (v *visit) ends(t *testing.T, want call.Cause, heard ...string) {
	t.Helper()
	if got := <-v.done; got != want {
		t.Errorf("ended with %v, want %v", got, want)
	}
	synctest.Wait()
	all := v.heard()
	for _, h := range heard {
		if !strings.Contains(all, h) {
			t.Errorf("heard %s, want %s in it", all, h)
		}
	}
	if len(v.drafts) > 0 || len(v.caller.Audio().(*calltest.Audio).Taps()) > 0 {
		t.Errorf("left behind: %v", v.drafts)
	}
}

// TestRecordHearRedoKeep: a supervisor hears the prompt, records it, hears that, records
// it again and keeps it, without the silence.
func TestRecordHearRedoKeep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := enter("1001", "2000", nil)
		v.speak(time.Second)
		if len(v.drafts) != 1 {
			t.Fatalf("drafts: %v; heard %s", v.drafts, v.heard())
		}
		v.press("2")
		v.press("3")
		v.speak(2 * time.Second)
		v.press("1")
		v.ends(t, call.Normal, "fa/welcome | en/prompt-speak sound/beep | take/", "en/prompt-kept")
		if n := v.kept["fa/welcome by 1001"]; len(v.kept) != 1 || math.Abs(float64(n)-2*rate) > 2*margin+window {
			t.Errorf("kept %v", v.kept)
		}
	})
}

func TestOthersNeedThePIN(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := enter("1002", "", nil)
		v.press("1111#")
		v.press("4321#")
		v.press("2999#") // there is none
		v.press("2000#")
		v.speak(time.Second)
		v.press("0")
		v.ends(t, call.Normal, "en/conference-pin-wrong", "en/prompt-unknown", "fa/welcome | en/prompt-speak")
		keys := ""
		for _, s := range v.journal.Steps() {
			if s.Type == call.StepPressed {
				keys += s.Value
			}
		}
		if len(v.kept) > 0 || !strings.HasPrefix(keys, "2999#2000") {
			t.Errorf("kept %v, the journal has the keys %s", v.kept, keys)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		v := enter("1002", "2000", nil)
		v.press("1111#2222#3333#")
		v.ends(t, call.NotAllowed, "no right PIN")
	})
}

func TestSilenceIsNoPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := enter("1001", "2000", nil)
		v.speak(0)
		v.speak(100 * time.Millisecond) // a click
		v.speak(time.Second)
		v.press("1")
		v.ends(t, call.Normal, "en/prompt-speak sound/beep | en/prompt-speak sound/beep | en/prompt-speak sound/beep | take/")
	})
}

func TestKeepingFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := enter("1001", "2000", errors.New("disk full"))
		v.speak(time.Second)
		v.press("1")
		v.ends(t, call.Normal, "prompt-failed")
	})
}

// TestHangUp: whoever hangs up before he has accepted leaves the prompt as it was, and
// after that it is kept.
func TestHangUp(t *testing.T) {
	for _, at := range []string{"", "speak", "choose", "keep"} {
		synctest.Test(t, func(t *testing.T) {
			v := enter("1001", "2000", nil)
			if at != "" {
				time.Sleep(time.Second)
			}
			if at == "choose" || at == "keep" {
				v.speak(time.Second)
			}
			if at == "keep" {
				v.press("1")
			}
			v.caller.End(call.Normal)
			v.ends(t, call.Normal)
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if (len(v.kept) > 0) != (at == "keep") {
				t.Errorf("hung up at %q: kept %v", at, v.kept)
			}
		})
	}
}

// TestLongest: a phone that is put down beside the telephone does not record for ever.
func TestLongest(t *testing.T) {
	tp := newTape()
	frame := make([]int16, 320) // of a wide phone
	for i := range frame {
		frame[i] = int16(5000 * math.Sin(2*math.Pi*440*float64(i)/16000))
	}
	if n := testing.AllocsPerRun(50*60+10, func() { tp.Frame(frame, nil) }); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
	if len(tp.pcm) != int(longest.Seconds())*rate {
		t.Errorf("%d samples", len(tp.pcm))
	}
	if words := tp.words(); len(words) < 59*rate {
		t.Errorf("%d samples of words", len(words))
	}
}
