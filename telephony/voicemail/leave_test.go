package voicemail

import (
	"encoding/binary"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sound"
)

// TestHowAMessageEnds: by hanging up, #, silence and the limit.
func TestHowAMessageEnds(t *testing.T) {
	for _, c := range []struct {
		name   string
		speaks time.Duration
		then   func(v *caller, tap call.Tap)
		left   time.Duration
	}{
		{"hung up", 3 * time.Second, func(v *caller, _ call.Tap) { v.hangsUp() }, 3 * time.Second},
		{"hash", 3 * time.Second, func(v *caller, _ call.Tap) { v.key('#'); v.hears("vm-review"); v.hangsUp() }, 3 * time.Second},
		{"silence", 3 * time.Second, func(v *caller, tap call.Tap) { says(tap, 9*time.Second, 100); v.hears("vm-review"); v.hangsUp() }, 4 * time.Second},
		{"the limit", 20 * time.Second, func(v *caller, _ call.Tap) { <-v.done }, 15 * time.Second},
		{"no choice", 3 * time.Second, func(v *caller, _ call.Tap) { v.key('#'); <-v.done }, 3 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				defer func() { g.stop() }()
				g.cfg.Voicemail.MaxLength = 15e9
				v := g.leaves("1001", call.NoAnswer)
				tap := v.recorded()
				says(tap, c.speaks, 5000)
				c.then(v, tap)
				g.wants("1001", 1, 0)
				v.wants("1001 left " + c.left.String())
				m := g.List("1001")[0]
				path, _, err := g.File("1001", m.ID)
				info, e := os.Stat(path)
				if err != nil || e != nil || info.Size() != sound.ALawHeadSize+int64(c.left)*rate/1e9 || m.Length != c.left.Milliseconds() || m.From.Number != "0912" {
					t.Errorf("%+v, %d bytes, %v %v", m, info.Size(), err, e)
				}
				if len(g.news.C) == 0 {
					t.Error("nobody is told")
				}
				g.stop()
				g.open()
				if again := g.List("1001"); len(again) != 1 || again[0] != m {
					t.Errorf("after a restart there is %+v, want %+v", again, m)
				}
			})
		})
	}
}

// TestNothingToKeep: too short, silent, said again, or hung up before the beep.
func TestNothingToKeep(t *testing.T) {
	for name, c := range map[string]struct {
		does func(v *caller)
		want []string
	}{
		"short":     {func(v *caller) { says(v.recorded(), 900*time.Millisecond, 5000); v.hangsUp() }, []string{"1001 none shorter than a second"}},
		"silent":    {func(v *caller) { says(v.recorded(), 3*time.Second, 100); v.hangsUp() }, []string{"1001 none nothing was said"}},
		"before":    {func(v *caller) { v.hangsUp() }, []string{"1001 none hung up before the tone"}},
		"silent, #": {func(v *caller) { says(v.recorded(), 3*time.Second, 100); v.key('#'); <-v.done }, []string{"1001 none nothing was said"}},
		"said again": {func(v *caller) {
			says(v.recorded(), 3*time.Second, 5000)
			v.key('#')
			v.key('2')
			v.recorded()
			v.hangsUp()
		}, []string{"1001 none shorter than a second"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				defer func() { g.stop() }()
				v := g.leaves("1001", call.NoAnswer)
				c.does(v)
				g.wants("1001", 0, 0)
				v.wants(c.want...)
				if n := g.files(); n != 0 {
					t.Errorf("%d files are left", n)
				}
			})
		})
	}
}

// TestAKilledBoxLeavesTheMessage that was being spoken, with the sizes in its head.
func TestAKilledBoxLeavesTheMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		v := g.leaves("1001", call.NoAnswer)
		says(v.recorded(), 5500*time.Millisecond, 5000) // the head was written half a second ago
		old, stop := g.Room, g.stop
		g.open() // as if the old one were dead
		list := g.List("1001")
		if len(list) != 1 || list[0].Length < 4000 || list[0].From.Number != "0912" || list[0].Heard {
			t.Fatalf("%+v", list)
		}
		path, _, _ := g.File("1001", list[0].ID)
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		src, err := sound.Open(f)
		if err != nil || src.Rate() != 8000 || src.Channels() != 1 {
			t.Fatalf("%v", err)
		}
		data, err := os.ReadFile(path)
		if size := int(binary.LittleEndian.Uint32(data[sound.ALawHeadSize-4:])); err != nil || size != len(data)-sound.ALawHeadSize || size < 4*rate {
			t.Errorf("the head tells of %d bytes, the file has %d, %v", size, len(data), err)
		}
		g.stop()
		g.Room = old
		v.hangsUp()
		stop()
	})
}

// TestFullBoxesAndDisks are told of in words.
func TestFullBoxesAndDisks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.cfg.Voicemail.MaxMessages = 1
		g.message("1001")
		v := g.leaves("1001", call.NoAnswer)
		v.hears("vm-full")
		<-v.done
		v.wants("1001 refused the box is full")

		v = g.leaves("1002", call.NoAnswer)
		tap := v.recorded()
		says(tap, 3*time.Second, 5000)
		g.setFree(100 * megabyte)
		says(tap, 2*time.Second, 5000)
		v.hears("vm-review") // what was said until then is kept
		v.hangsUp()
		g.wants("1002", 1, 0)
		v = g.leaves("1002", call.NoAnswer)
		<-v.done
		g.cfg.Voicemail.MaxMessages = 9
		v = g.leaves("1002", call.NoAnswer)
		v.hears("vm-unable")
		<-v.done
		v.wants("1002 refused the disk is full")
		g.setFree(1000 * megabyte)
		time.Sleep(2 * time.Second)
		g.message("1002")
		g.stop()
	})
}

func TestFramesMakeNoGarbage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		defer func() { g.stop() }()
		v := g.leaves("1001", call.NoAnswer)
		tap, frame := v.recorded(), make([]int16, 320)
		if n := testing.AllocsPerRun(50, func() { tap.Frame(frame, frame) }); n != 0 {
			t.Errorf("%v allocations a frame", n)
		}
		v.hangsUp()
	})
}
