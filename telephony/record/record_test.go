package record

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zaf/g711"

	"github.com/pasokh/pasokh/telephony/call"
)

// sides are the samples of both channels of a file, checked by its header.
func sides(t *testing.T, data []byte) (rate int, left, right []int16) {
	t.Helper()
	le := binary.LittleEndian
	n := int(le.Uint32(data[54:]))
	if string(data[:4]) != "RIFF" || int(le.Uint32(data[4:])) != n+headerSize-8 || le.Uint16(data[22:]) != 2 || n+headerSize > len(data) {
		t.Fatalf("header %x of %d bytes", data[:headerSize], len(data))
	}
	for i := range n / 2 {
		left = append(left, g711.DecodeAlawFrame(data[headerSize+2*i]))
		right = append(right, g711.DecodeAlawFrame(data[headerSize+2*i+1]))
	}
	return int(le.Uint32(data[24:])), left, right
}

// about is a companded level.
func about(got, want int16) bool { d := int(got) - int(want); return d > -200 && d < 200 }

func TestEachPartyHasItsChannelAlsoAfterATransfer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.run()
		tk := g.Begin(someTalk)
		talks(tk, time.Second, 1000, 4000)
		tk.Pause(true) // between two talks
		time.Sleep(5 * time.Second)
		tk.Turn()
		tk.With(call.Talk{Agent: "1003"})
		tk.Pause(false)
		talks(tk, time.Second, 4000, 8000) // who was heard is tapped now
		tk.End()
		time.Sleep(time.Second)
		synctest.Wait()
		e := g.only()
		rate, left, right := sides(t, g.file(e.ID))
		if rate != 8000 || len(left) != 16000 || e.Length != 2000 || e.State != Kept || e.Size != headerSize+32000 {
			t.Fatalf("%d samples at %d Hz: %+v", len(left), rate, e)
		}
		if !about(left[100], 1000) || !about(right[100], 4000) || !about(left[9000], 8000) || !about(right[9000], 4000) {
			t.Errorf("left %d then %d, right %d then %d", left[100], left[9000], right[100], right[9000])
		}
		if len(e.Gaps) != 1 || e.Gaps[0] != (Gap{At: 1000, Lasts: 5000}) {
			t.Errorf("gaps %+v", e.Gaps)
		}
		if len(e.With) != 2 || len(g.list(Query{Agent: "1003"})) != 1 || len(g.list(Query{Agent: "1004"})) != 0 || len(g.list(Query{Number: "0912"})) != 1 {
			t.Errorf("found wrongly: %+v", e)
		}
		info, err := os.Stat(path(g.dir, e.ID))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		g.stop()
	})
}

func TestAWidePhoneAfterANarrowOneIsKeptAtTheFirstRate(t *testing.T) {
	for _, first := range []int{160, 320} {
		synctest.Test(t, func(t *testing.T) {
			g := newRig(t)
			g.run()
			tk := g.Begin(someTalk)
			for i := range 50 {
				n := first
				if i >= 25 {
					n = 480 - first
				}
				frame := make([]int16, n)
				for j := range frame {
					frame[j] = 3000
				}
				tk.Frame(frame, frame)
				time.Sleep(20 * time.Millisecond)
			}
			tk.End()
			time.Sleep(time.Second)
			rate, left, right := sides(t, g.file(g.only().ID))
			if rate != first*50 || len(left) != rate || !about(left[len(left)-1], 3000) || !about(right[len(right)-2], 3000) {
				t.Errorf("%d samples at %d Hz", len(left), rate)
			}
			g.stop()
		})
	}
}

// TestWhatAKilledProcessLeaves: without any farewell the header is at most a second
// behind, and the next start puts it right.
func TestWhatAKilledProcessLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		ctx, kill := context.WithCancel(context.Background())
		dead := make(chan struct{})
		go func() { g.Room.Run(ctx); close(dead) }()
		tk := g.Begin(someTalk)
		talks(tk, 5*time.Second, 1000, 4000)
		id := g.only().ID
		_, left, _ := sides(t, g.file(id))
		if len(left) < 3*8000 || len(left) > 5*8000 {
			t.Fatalf("after 5 s the header tells of %d samples", len(left))
		}
		torn := append(g.file(id), make([]byte, 8001)...) // written after the header, half a moment too
		kill()
		<-dead
		g.index.list = g.index.list[:1] // nothing was told of its end
		if err := os.WriteFile(path(g.dir, id), torn, 0o600); err != nil {
			t.Fatal(err)
		}
		g.open()
		g.run()
		e := g.only()
		if e.State != Kept || e.Why == "" || e.Length < 5000 {
			t.Errorf("%+v", e)
		}
		if _, again, _ := sides(t, g.file(id)); len(again) != (len(torn)-headerSize)/2 {
			t.Errorf("%d samples of %d bytes", len(again), len(torn))
		}
		g.stop()
	})
}

func TestAFullDiskEndsRecordingsAndNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.run()
		tk := g.Begin(someTalk)
		talks(tk, 2*time.Second, 1000, 1000)
		g.setFree(199 * megabyte)
		talks(tk, 3*time.Second, 1000, 1000)
		synctest.Wait()
		if e := g.only(); e.State != Kept || e.Why != diskFull || e.Length < 2000 || e.Length > 3500 {
			t.Errorf("%+v", e)
		}
		if !g.ill("recording-stopped") || !g.Space().Full {
			t.Error("nobody is told")
		}
		if g.Begin(someTalk) != nil {
			t.Error("recorded on a full disk")
		}
		g.setFree(300 * megabyte)
		time.Sleep(sweepEvery)
		synctest.Wait()
		if tk := g.Begin(someTalk); tk == nil || g.ill("recording-stopped") {
			t.Error("still nothing is recorded")
		} else {
			tk.End()
		}
		g.stop()
	})
}

func TestAnUnwritableDiskIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		if err := os.WriteFile(g.dir, nil, 0o600); err != nil { // in the way of the directory
			t.Fatal(err)
		}
		g.run()
		tk := g.Begin(someTalk)
		talks(tk, time.Second, 1, 1)
		synctest.Wait()
		if e := g.only(); e.State != Failed || !g.ill("recording-stopped") {
			t.Errorf("%+v", e)
		}
		tk.End()
		g.stop()
	})
}

func TestASlowDiskLosesAndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		tk := g.Begin(someTalk) // nobody writes
		talks(tk, 3*time.Second, 1000, 1000)
		g.run()
		tk.End()
		time.Sleep(time.Second)
		if e := g.only(); e.Lost != 1000 || e.Length != 2000 {
			t.Errorf("lost %d ms, kept %d", e.Lost, e.Length)
		}
		g.stop()
	})
}

func TestAgeAndSizeDeleteTheOldestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.cfg.Recording.KeepDays, g.cfg.Recording.MaxSize = 10, 0
		g.run()
		var ids []string
		for range 12 {
			tk := g.Begin(someTalk)
			ids = append(ids, tk.Name())
			talks(tk, 40*time.Second, 1000, 1000) // 0.64 MB
			tk.End()
			time.Sleep(day - 40*time.Second)
		}
		synctest.Wait()
		gone := func() (n int) {
			for i, e := range g.list(Query{}) {
				_, err := os.Stat(path(g.dir, e.ID))
				if there := err == nil; there != (e.State == Kept) || e.ID != ids[len(ids)-1-i] {
					t.Errorf("%s is %s, on disk: %v", e.ID, e.State, there)
				}
				if e.State == Deleted {
					n++
					if e.Deleted.By != "" {
						t.Errorf("deleted by %q", e.Deleted.By)
					}
				}
			}
			return n
		}
		if n := gone(); n != 1 && n != 2 {
			t.Errorf("%d of 12 are deleted for age", n)
		}
		g.cfg.Recording.KeepDays, g.cfg.Recording.MaxSize = 100, 4
		g.sweep(t.Context())
		if n := gone(); n != 6 || g.Space().Kept > 4*megabyte || !g.ill("recordings-filling") {
			t.Errorf("%d of 12 are deleted, %d bytes left", n, g.Space().Kept)
		}
		g.cfg.Recording.MaxSize = 100
		g.sweep(t.Context())
		if g.ill("recordings-filling") {
			t.Error("warns with room for years")
		}
		g.stop()
	})
}

func TestWhoListensAndWhoDeletesIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.run()
		tk := g.Begin(someTalk)
		talks(tk, time.Second, 1000, 1000)
		if err := g.Delete(t.Context(), tk.Name(), "mina"); !errors.Is(err, ErrUnknown) {
			t.Errorf("deleted while it goes on: %v", err)
		}
		tk.End()
		time.Sleep(time.Second)
		for range 3 { // one listening, in three requests
			f, _, err := g.Open(t.Context(), tk.Name(), "reza")
			if err != nil {
				t.Fatal(err)
			}
			f.Close()
			time.Sleep(30 * time.Second)
		}
		if e := g.only(); len(e.Heard) != 1 || e.Heard[0].By != "reza" {
			t.Errorf("heard %+v", e.Heard)
		}
		if err := g.Delete(t.Context(), tk.Name(), "mina"); err != nil {
			t.Fatal(err)
		}
		if e := g.only(); e.State != Deleted || e.Deleted.By != "mina" || len(e.Heard) != 1 {
			t.Errorf("%+v", e)
		}
		if _, _, err := g.Open(t.Context(), tk.Name(), "reza"); !errors.Is(err, ErrUnknown) {
			t.Errorf("a deleted recording is heard: %v", err)
		}
		for _, id := range []string{"", "../../etc/passwd", "20260101-000000-zzzzzzzz", "20260101-000000-aabbccdd"} {
			if _, _, err := g.Open(t.Context(), id, "reza"); !errors.Is(err, ErrUnknown) {
				t.Errorf("%q: %v", id, err)
			}
		}
		g.stop()
	})
}

func TestTheTableIsALaw(t *testing.T) {
	r := New(Options{})
	for i := range 1 << 16 {
		if x := int16(i); r.law[uint16(x)>>lawShift] != g711.EncodeAlawFrame(x) {
			t.Fatalf("%d becomes %d, want %d", x, r.law[uint16(x)>>lawShift], g711.EncodeAlawFrame(x))
		}
	}
}

func TestFrameAllocatesNothing(t *testing.T) {
	g := newRig(t)
	tk := g.begin(someTalk, false)
	frame := make([]int16, 160)
	if n := testing.AllocsPerRun(1000, func() {
		tk.Frame(frame, frame)
		tk.piece()
	}); n > 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

// BenchmarkFrame is the cost of 20 ms of a recording, writing included.
func BenchmarkFrame(b *testing.B) {
	g := &rig{dir: b.TempDir()}
	g.open()
	tk := g.begin(someTalk, false)
	frame := make([]int16, 160)
	for i := range frame {
		frame[i] = int16(i * 100)
	}
	b.ReportAllocs()
	for i := range b.N {
		tk.Frame(frame, frame)
		if i%12 == 11 {
			g.write()
		}
	}
}
