//go:build linux

package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pasokh/pasokh/firmware/chief"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/disk"
	"github.com/pasokh/pasokh/firmware/network"
	"github.com/pasokh/pasokh/firmware/slot"
	"github.com/pasokh/pasokh/firmware/supervise"
	"github.com/pasokh/pasokh/firmware/update"
)

// Where things are once the box is made.
const (
	ownerDir = "/data/pasokh" // pasokh's
	boxDir   = "/data/box"    // process 1's
)

// release is what the root file system says of itself: /etc/pasokh/release.json, written
// by boximage.
type release struct {
	Board    string            `json:"board"`
	Version  string            `json:"version"`
	Serial   int64             `json:"serial"`
	Made     time.Time         `json:"made"`
	Selector string            `json:"selector"` // "raw" or "tryboot"
	Key      ed25519.PublicKey `json:"key"`      // of whoever signs updates
}

// machine is the box as process 1 sees it.
type machine struct {
	release release
	slot    slot.Name
	disk    disk.Found
	clock   clock.Clock
	log     *slog.Logger
	started time.Time

	updater *update.Updater
	network *network.Manager
	program *supervise.Supervisor
	health  *health
	ends    *ends
	leave   chan string // the argument of the restart
}

// box makes the box and looks after it. It returns when the board is to restart, with
// what it says about that.
func box() error {
	for _, m := range []mount{
		{"tmpfs", "/run", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=0755,size=16m"},
		{"tmpfs", "/tmp", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC, "mode=1777,size=64m"},
	} {
		if err := m.do(); err != nil {
			return err
		}
	}
	m := &machine{clock: clock.System(), log: slog.New(slog.NewTextHandler(kernelLog{}, nil)), leave: make(chan string, 1)}
	m.slot = slot.A
	if len(os.Args) > 1 && slot.Name(os.Args[1]) == slot.B {
		m.slot = slot.B
	}
	text, err := os.ReadFile("/etc/pasokh/release.json")
	if err == nil {
		err = json.Unmarshal(text, &m.release)
	}
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	if err := loadModules("/lib/modules"); err != nil {
		m.log.Warn("some drivers are missing", "error", err)
	}
	m.health = newHealth(askPasokh())
	dog, err := openDog()
	if err != nil {
		m.log.Warn("no watchdog", "error", err)
	}
	go m.health.feed(context.Background(), dog) // also while the box goes down
	m.setClock(m.release.Made)
	if err := unix.Setrlimit(unix.RLIMIT_NICE, &unix.Rlimit{Cur: mostNice, Max: mostNice}); err != nil {
		m.log.Warn("the program will not go before other work", "error", err)
	}
	if m.disk, err = waitForDisk(10 * time.Second); err != nil {
		return err
	}
	if err := m.openData(); err != nil {
		return err
	}
	if last, err := os.Stat(filepath.Join(boxDir, "clock")); err == nil {
		m.setClock(last.ModTime())
	}
	if m.ends, err = openEnds(filepath.Join(boxDir, "ends.json")); err != nil {
		m.log.Warn("how pasokh ended before is forgotten", "error", err)
	}
	m.started = m.clock.Now()
	_ = unix.Sethostname([]byte("pasokh")) // cannot fail for process 1
	m.make()
	m.log.Info("the box is made", "version", m.release.Version, "slot", m.slot, "up", uptime())
	return m.run()
}

// make puts the rooms together.
func (m *machine) make() {
	var selector slot.Selector = slot.Raw{Disk: rawDisk{m.disk.Device()}}
	if m.release.Selector == "tryboot" {
		selector = slot.Tryboot{Dir: "/boot", Writable: m.writableBoot}
	}
	m.updater = update.New(update.Options{Clock: m.clock, Selector: selector, Key: m.release.Key, Board: m.release.Board,
		Version: m.release.Version, Serial: m.release.Serial, Running: m.slot, Open: m.openSlot})
	m.network = network.New(network.Options{Clock: m.clock, Log: m.log, File: filepath.Join(boxDir, "network.json"), Resolv: "/run/resolv.conf"})
	m.program = supervise.New(supervise.Options{Clock: m.clock, Log: m.log, Program: m.pasokh, Line: func(line string) { fmt.Fprintln(kernelLog{}, line) }, Ended: m.ends.add})
}

// run looks after the box until it is to restart.
func (m *machine) run() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var rooms sync.WaitGroup
	start := func(name string, run func(context.Context) error) {
		rooms.Go(func() {
			if err := run(ctx); err != nil && !errors.Is(err, context.Canceled) {
				m.log.Error(name, "error", err)
			}
		})
	}
	start("network", m.network.Run)
	start("pasokh", m.program.Run)
	start("requests", m.serve)
	start("clock", m.keepClock)
	start("health", func(ctx context.Context) error { return m.health.watch(ctx, m.program) })
	rooms.Go(func() {
		if err := m.updater.Watch(ctx, m.works); err != nil && ctx.Err() == nil {
			m.log.Error("version", "error", err)
			if errors.Is(err, update.ErrUnwell) {
				m.askRestart()
			}
		}
	})
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, unix.SIGTERM, unix.SIGINT) // the kernel sends SIGINT for Ctrl-Alt-Del
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_CAD_OFF)
	var argument string
	select {
	case argument = <-m.leave:
	case <-asked:
	}
	m.log.Info("restarting")
	cancel()
	rooms.Wait()
	m.closeData()
	restart(argument, func() any { return nil })
	return nil
}

// works tells whether this version does what a box is for. One whose program cannot even
// start needs no more time.
func (m *machine) works(ctx context.Context) error {
	if m.program.Failing() {
		return fmt.Errorf("%w: pasokh does not start", update.ErrUnwell)
	}
	return m.health.well(ctx)
}

// serve answers pasokh.
func (m *machine) serve(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Dir(chief.Path), 0o755); err != nil {
		return err
	}
	l, err := net.Listen("unix", chief.Path)
	if err != nil {
		return err
	}
	if err := errors.Join(os.Chmod(chief.Path, 0o600), os.Chown(chief.Path, ownerID, ownerID)); err != nil {
		return err
	}
	s := &http.Server{Handler: chief.Handler(m), ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan struct{})
	context.AfterFunc(ctx, func() { // whoever asked for the restart hears that it comes
		defer close(ended)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		_ = s.Shutdown(grace)
	})
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-ended
	return nil
}

// Box is what runs.
func (m *machine) Box() chief.Box {
	trial, _ := m.updater.Trial()
	return chief.Box{Board: m.release.Board, Version: m.release.Version, Made: m.release.Made, Slot: string(m.slot), Trial: trial,
		Started: m.started, Update: m.updater.Progress(), Network: m.network.State(), Ends: m.ends.all()}
}

// Update writes a bundle to the free slot.
func (m *machine) Update(ctx context.Context, from io.Reader) error {
	err := m.updater.Apply(ctx, from)
	m.log.Info("update", "version", m.updater.Progress().Version, "error", err)
	return err
}

// Restart restarts the board.
func (m *machine) Restart() { m.askRestart() }

func (m *machine) askRestart() {
	argument := ""
	if m.updater.Progress().Waiting && m.release.Selector == "tryboot" {
		argument = "0 tryboot"
	}
	select {
	case m.leave <- argument:
	default: // it is restarting already
	}
}

// TryNetwork puts settings in force for so long.
func (m *machine) TryNetwork(s network.Settings, within time.Duration) error {
	return m.network.Try(s, within)
}

// ConfirmNetwork keeps them.
func (m *machine) ConfirmNetwork() error { return m.network.Confirm() }

// Forget marks everything as to be forgotten, and restarts.
func (m *machine) Forget() error {
	if err := mark(filepath.Join(boxDir, "forget")); err != nil {
		return err
	}
	m.askRestart()
	return nil
}
