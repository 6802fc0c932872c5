package record

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestPeaksAreComputedOnceAndGoWithTheSound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.run()
		defer func() { g.stop() }()
		tk := g.Begin(someTalk)
		talks(tk, time.Second, 1000, 16000)
		talks(tk, time.Second, 30000, 0)
		tk.End()
		time.Sleep(time.Second)
		synctest.Wait()
		e := g.only()
		p, err := g.Peaks(t.Context(), e.ID)
		if err != nil || p.Length != 2000 || len(p.Channels) != 2 || len(p.Channels[0]) != peakPieces {
			t.Fatalf("%v %+v", err, p)
		}
		near := func(got, want int) bool { return got-want < 3 && want-got < 3 }
		if c := p.Channels[0]; !near(c[10], 3) || !near(c[peakPieces-10], 93) {
			t.Errorf("the caller is %v", c)
		}
		if c := p.Channels[1]; !near(c[10], 50) || !near(c[peakPieces-10], 0) {
			t.Errorf("the other side is %v", c)
		}
		// The second time the sound is not read.
		if err := os.Truncate(path(g.dir, e.ID), headerSize); err != nil {
			t.Fatal(err)
		}
		if again, err := g.Peaks(t.Context(), e.ID); err != nil || again.Length != 2000 {
			t.Errorf("%v %+v", err, again)
		}
		if err := g.Delete(context.Background(), e.ID, "owner"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(peaksPath(g.dir, e.ID)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the peaks are left: %v", err)
		}
		if _, err := g.Peaks(t.Context(), e.ID); !errors.Is(err, ErrUnknown) {
			t.Errorf("peaks of nothing: %v", err)
		}
	})
}
