package backup

import (
	"context"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// retryAfter is how long a backup that failed waits for its next try.
const retryAfter = time.Hour

// next is when the schedule makes the next backup; zero: never.
func (r *Room) next(cfg *config.Config) time.Time {
	turn := lastTurn(cfg, r.opts.Clock.Now())
	if turn.IsZero() {
		return time.Time{}
	}
	tried, err := time.Parse(time.RFC3339, r.state.Tried)
	if err != nil || tried.Before(turn) {
		return turn // due
	}
	if retry, err := time.Parse(time.RFC3339, r.state.Retry); err == nil {
		return retry
	}
	return nextTurn(cfg, turn)
}

// lastTurn is the latest time of the schedule that has passed, at which a backup should
// have been made; zero: there is no schedule.
func lastTurn(cfg *config.Config, now time.Time) time.Time {
	zone, bad := time.LoadLocation(cfg.System.TimeZone)
	at, err := time.Parse("15:04", cfg.Backup.At)
	if bad != nil || err != nil || cfg.Backup.Every == config.BackupNever {
		return time.Time{}
	}
	now = now.In(zone)
	day := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, zone)
	for day.After(now) || cfg.Backup.Every == config.BackupWeekly && day.Weekday() != time.Friday {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

func nextTurn(cfg *config.Config, last time.Time) time.Time {
	if cfg.Backup.Every == config.BackupWeekly {
		return last.AddDate(0, 0, 7)
	}
	return last.AddDate(0, 0, 1)
}

// scheduled makes a backup when its turn has come, also one that was missed while the
// box was off, and rehearses a restore once a week after one that went well.
func (r *Room) scheduled() {
	cfg, now := r.opts.Config(), r.opts.Clock.Now()
	r.mu.Lock()
	at := r.next(cfg)
	first := r.state.Tried == ""
	r.mu.Unlock()
	if at.IsZero() {
		return
	}
	if first { // the schedule is new: its first turn is still to come
		r.keep(func(s *State) { s.Tried = now.UTC().Format(time.RFC3339) })
		return
	}
	if at.After(now) {
		r.rehearseWeekly(cfg, now)
		return
	}
	err := r.begin(Making, func(ctx context.Context) error {
		err := r.make(ctx)
		if ctx.Err() != nil {
			return err
		}
		r.keep(func(s *State) {
			s.Tried, s.Retry = now.UTC().Format(time.RFC3339), ""
			if err != nil {
				s.Retry = r.opts.Clock.Now().Add(retryAfter).UTC().Format(time.RFC3339)
			}
		})
		return err
	})
	if err != nil {
		r.opts.Log.Info("backup waits", "err", err)
	}
}

// rehearseWeekly proves the newest backup when the last proof is a week old.
func (r *Room) rehearseWeekly(cfg *config.Config, now time.Time) {
	s := r.State()
	if s.Proof != nil && now.Sub(s.Proof.At) < 7*24*time.Hour {
		return
	}
	for _, last := range s.Last {
		if _, ok := cfg.Backup.Place(last.Place); ok && last.Fault == "" {
			if err := r.Rehearse(); err != nil {
				r.opts.Log.Info("rehearsal waits", "err", err)
			}
			return
		}
	}
}
