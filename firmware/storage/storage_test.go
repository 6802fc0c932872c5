package storage

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
)

// memory is a store of one value.
type memory struct{ text []byte }

func (m *memory) Read() ([]byte, error) { return m.text, nil }
func (m *memory) Keep(text []byte)      { m.text = text }

func ids(b *health.Board) string {
	var all []string
	for _, p := range b.List() {
		all = append(all, p.ID)
	}
	return strings.Join(all, " ")
}

// TestAForecast fills a disk of a gigabyte by 30 MB a day.
func TestAForecast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var free atomic.Int64
		free.Store(1_000_000_000)
		board, most, kept := health.NewBoard(clock.System(), &event.News{}), kept, &memory{}
		open := func() *Room {
			r, err := Open(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), Health: board, Config: config.Default, Memory: kept,
				Dir: t.TempDir(), Sys: t.TempDir(), Disk: func(string) (int64, int64, error) { return free.Load(), 1_000_000_000, nil }})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		run := func(r *Room, days int) {
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() { ended <- r.Run(ctx) }()
			for range days {
				time.Sleep(24 * time.Hour)
				free.Add(-30_000_000)
			}
			cancel()
			<-ended
		}
		r := open()
		run(r, 2)
		if left := r.State().Left; left != -1 {
			t.Errorf("after two days it foresees %d", left)
		}
		run(r, 8)
		if left := r.State().Left; left < 22 || left > 26 || ids(board) != "" {
			t.Errorf("%d days left of 24, %s", left, ids(board))
		}
		if w := r.State().Writes; len(w) < 200 && len(w) != keptWrites {
			t.Errorf("%d writes were timed", len(w))
		}
		again := open()
		run(again, 19)
		if left := again.State().Left; left > fewDays || ids(board) != "disk-filling" {
			t.Errorf("after a restart: %d days left, %q", left, ids(board))
		}
		free.Store(900_000_000)
		run(again, 14)
		if ids(board) != "" {
			t.Errorf("cleaned up: %q", ids(board))
		}
		if n := len(again.State().Days); n > most || n < 30 {
			t.Errorf("%d days are kept", n)
		}
	})
}

// TestAChip reads what kernels tell of an eMMC's partition and of an SD card.
func TestAChip(t *testing.T) {
	sys := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		path := filepath.Join(sys, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const emmc = "devices/mmc0/mmc0:0001/block/mmcblk0"
	put(emmc+"/stat", "    1200    300    90000    1500    4000    800    2000000    9000    0    8000    10500")
	put(emmc+"/device/type", "MMC")
	put(emmc+"/device/name", "BJTD4R")
	put(emmc+"/device/life_time", "0x02 0x0a")
	put(emmc+"/device/pre_eol_info", "0x02")
	put(emmc+"/mmcblk0p2/partition", "2")
	put("devices/sd/block/mmcblk1/device/type", "SD")
	if err := os.MkdirAll(filepath.Join(sys, "dev/block"), 0o700); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"179:2": emmc + "/mmcblk0p2", "179:8": "devices/sd/block/mmcblk1"} {
		if err := os.Symlink(filepath.Join("../..", to), filepath.Join(sys, "dev/block", link)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := chipAt(filepath.Join(sys, "dev/block/179:2"))
	if want := (Chip{"mmcblk0", "MMC", "BJTD4R", 1_024_000_000, 100, 2}); err != nil || got != want {
		t.Errorf("%+v %v, want %+v", got, err, want)
	}
	if got, err := chipAt(filepath.Join(sys, "dev/block/179:8")); err != nil || got != (Chip{Device: "mmcblk1", Kind: "SD"}) {
		t.Errorf("%+v %v", got, err)
	}
	board := health.NewBoard(clock.System(), &event.News{})
	r := &Room{opts: Options{Health: board}}
	r.judge(500, 1000, -1, got)
	if ids(board) != "disk-worn" {
		t.Errorf("a worn chip: %q", ids(board))
	}
	r.judge(500, 1000, -1, Chip{Worn: 10, Reserve: 1})
	for range 3 {
		r.note(Write{MS: 2500})
	}
	if ids(board) != "disk-slow" {
		t.Errorf("three slow writes: %q", ids(board))
	}
	r.note(Write{MS: 5})
	if ids(board) != "" || r.state.Slow != 2500 {
		t.Errorf("well again: %q, slowest %d", ids(board), r.state.Slow)
	}
}

// TestThisMachinesDisk has a size, whatever it is.
func TestThisMachinesDisk(t *testing.T) {
	free, size, err := disk(t.TempDir())
	if err != nil || size <= 0 || free > size {
		t.Errorf("%d of %d, %v", free, size, err)
	}
}
