package api

import (
	"net/http"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// TimeState is the box's clock.
type TimeState struct {
	Now  time.Time `json:"now"`
	Zone string    `json:"zone"`
	// Synced tells that a time service keeps the clock right; Error is how wrong it may
	// be then, in milliseconds.
	Synced bool  `json:"synced"`
	Error  int64 `json:"error_ms"`
}

// ZoneForm is the body of POST /api/care/time.
type ZoneForm struct {
	Zone string `json:"zone"` // "Asia/Tehran"
}

// unsynced is STA_UNSYNC of adjtimex(2).
const unsynced = 0x40

func (r *Rooms) getTime(w http.ResponseWriter, _ *http.Request) error {
	s := TimeState{Now: r.Clock.Now(), Zone: r.Config().System.TimeZone}
	var t syscall.Timex
	if _, err := syscall.Adjtimex(&t); err == nil && t.Status&unsynced == 0 {
		s.Synced, s.Error = true, int64(t.Maxerror)/1000
	}
	return Send(w, s)
}

func (r *Rooms) setZone(w http.ResponseWriter, req *http.Request) error {
	var f ZoneForm
	if err := Decode(req, &f); err != nil {
		return err
	}
	if err := r.Propose(func(c *config.Config) { c.System.TimeZone = f.Zone }, User(req.Context()), "time zone"); err != nil {
		return wrongIn("system.time_", err)
	}
	return r.getTime(w, req)
}
