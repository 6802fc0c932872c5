package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/pprof"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/firmware/backup"
	"github.com/pasokh/pasokh/firmware/config"
)

// serve is the daemon.
func serve(ctx context.Context, args []string, out io.Writer) error {
	s, err := parseFlags(args, out)
	if err != nil {
		return err
	}
	if s.profile != "" {
		stop, err := profile(s.profile)
		if err != nil {
			return fmt.Errorf("--cpu-profile: %w", err)
		}
		defer stop()
	}
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	for {
		b, err := newBox(s, os.Stderr)
		if err == nil {
			err = b.run(ctx, out)
		}
		restored := err != nil && ctx.Err() == nil && backup.OnTrial(s.data)
		if restored && !errors.Is(err, errAgain) {
			fmt.Fprintln(os.Stderr, "pasokh: with a restored state:", err) // the old one comes back after a few tries
		}
		if !restored && !errors.Is(err, errAgain) {
			return err
		}
	}
}

// profile records where the processor's time goes, until it is stopped.
func profile(name string) (stop func(), err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { pprof.StopCPUProfile(); _ = f.Close() }, nil
}

// run carries the box until ctx ends or a room fails.
func (b *box) run(ctx context.Context, out io.Writer) error {
	h := newHouse()
	defer b.store.Close()
	defer h.stop()

	h.raise()
	h.start("store", b.store.Run)
	h.raise()
	h.start("ledger", b.ledger.Run)
	h.start("figures", b.figures.Run)
	h.start("settings", b.revisions.Run)
	h.start("certificate", b.certificate.Run)
	h.start("mail", b.post.Run)
	h.start("backup", b.backup.Run)
	h.start("bulletins kept", b.issued.Run)
	h.start("bulletins", b.bulletins.Run)
	h.start("alarms kept", b.told.Run)
	h.start("alarms", b.alerts.Run)
	h.start("webhooks kept", b.posted.Run)
	h.start("disk kept", b.days.Run)
	h.start("disk", b.storage.Run)
	if b.chief != nil {
		h.start("endings", endings{b.clock, b.log, b.health, b.chief}.Run)
		h.start("beacon", b.beacon.Run)
	}
	h.start("recordings", b.record.Run)
	h.start("voicemail", b.mail.Run)
	h.start("duties", b.duties.Run)
	h.start("switches", b.turned.Run)
	h.start("hours", b.night.Run)
	h.raise()
	if err := b.openPage(h); err != nil {
		return err
	}
	if !b.carries() {
		fmt.Fprintf(out, "This box has no owner yet and carries no calls. Open %s and claim it with the set-up code\n\n    %s\n\n",
			pageURL(b.set), b.keeper.ClaimToken().Reveal()) // printed so that only who stands at the console can claim
		b.health.Raise("unclaimed", "")
		select {
		case <-b.claimed:
			b.health.Clear("unclaimed")
		case <-b.again:
			return errAgain
		case err := <-h.failed:
			return err
		case <-ctx.Done():
			return nil
		}
	}

	h.raise()
	h.start("media", b.media.Run)
	h.start("queues", b.floor.Run)
	h.start("conferences", b.meetings.Run)
	h.start("sounds", b.jukebox.Run)
	if b.board != nil {
		h.start("board", b.board.Run)
		h.start("town", b.town.Run)
	}
	h.raise()
	h.start("lines", b.lines.Run)
	h.start("sip", b.sip.Run)
	h.start("pulse", b.pulse.Run)
	h.raise()
	h.start("exchange", b.exchange.Run)
	select {
	case <-b.sip.Ready():
	case err := <-h.failed:
		if errors.Is(err, syscall.EADDRINUSE) {
			err = fmt.Errorf("%w (choose another with --sip-port or --sips-port)", err)
		}
		return err
	case <-time.After(10 * time.Second):
		return errors.New("sip: not listening after 10 s")
	}
	settle()
	if !b.set.demo {
		hurry(b.log)
	}
	defer b.clock.AfterFunc(trialTime, b.well).Stop()
	b.log.Info("ready", "sip", b.set.sipPort, "page", pageURL(b.set))
	if b.set.demo {
		if err := writeDemoEnv(b.set, b.config(), b.admin); err != nil {
			return err
		}
		defer removeDemoEnv(b.set.data) // it promises a box that answers
		fmt.Fprint(out, demoHints(b.set, b.admin))
	}
	select {
	case <-b.again:
		return errAgain
	case <-ctx.Done():
		b.log.Info("stopping")
		return nil
	case err := <-h.failed:
		return err
	}
}

// readConfig reads a configuration file; its error names every mistake by file,
// line and field.
func readConfig(name string) (*config.Config, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return config.Parse(name, text)
}

func newLogger(s settings, w io.Writer) slog.Handler {
	level := slog.LevelInfo
	if s.verbose {
		level = slog.LevelDebug
	}
	return slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})
}
