package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/acd/daybook"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/whatif"
)

// WhatIfAsk is a recorded day, and what is to be different on it: a wish, or a whole
// configuration.
type WhatIfAsk struct {
	Day    time.Time // its midnight
	Wish   whatif.Wish
	Draft  *config.Config // nil: the wish
	Counts figures.Query  // which of its contacts are counted; its times are set by Day
	Runs   int
}

func (r *Rooms) whatIfRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/whatif", Right: identity.Reports, Handle: r.getWhatIf,
			About: "Plays a recorded day with something different. It takes seconds.", Query: slices.Concat(playing, wishes), Gives: whatif.Comparison{}},
		{Pattern: "POST /api/whatif", Right: identity.Settings, Most: maxFile, Handle: r.playDraft,
			About: "Plays a recorded day with a whole configuration.", Query: playing, Takes: File{}, Gives: whatif.Comparison{}},
	}
}

// getWhatIf reads ?day (2026-11-20, 1405/8/29, today or yesterday) and ?queue, and what is
// to be different: ?strategy, ?agents (+1, -1001), ?hours (1001=09:00-13:30), ?wrap-up and
// ?max-wait (10s), ?tiers (1001=1), ?skills (1001=en:80), ?callback (on or off),
// ?callback-after, ?accept (percent). ?runs is how often it is played, ?t and ?short are
// thresholds as in reports. Who sees some queues only must name one. It takes seconds, and one is played at a time.
func (r *Rooms) getWhatIf(w http.ResponseWriter, req *http.Request) error {
	return r.playDay(w, req, nil)
}

// playDraft is getWhatIf with a whole configuration (a [File]) in the place of a wish;
// ?queue is then what is counted.
func (r *Rooms) playDraft(w http.ResponseWriter, req *http.Request) error {
	_, draft, _, err := things{Rooms: r}.read(req)
	if err != nil {
		return refused(err)
	}
	return r.playDay(w, req, draft)
}

func (r *Rooms) playDay(w http.ResponseWriter, req *http.Request, draft *config.Config) error {
	v := req.URL.Query()
	if _, weekday := figures.Weekday(v.Get("day")); weekday {
		return ErrValue.Of("day")
	}
	days, _, err := r.staffingDays(v, "")
	if err != nil {
		return err
	}
	ask := WhatIfAsk{Day: days[0], Draft: draft, Counts: figures.Query{Queue: v.Get("queue")}, Wish: whatif.Wish{
		Queue: v.Get("queue"), Strategy: v.Get("strategy"), Agents: v.Get("agents"), Hours: v.Get("hours"), WrapUp: v.Get("wrap-up"), MaxWait: v.Get("max-wait"),
		Tiers: v.Get("tiers"), Skills: v.Get("skills"), Callback: v.Get("callback"), CallbackAfter: v.Get("callback-after"), Accept: v.Get("accept")}}
	viewer := Viewer(req.Context())
	if _, ok := r.Config().Queue(ask.Wish.Queue); ask.Wish.Queue == "" && !viewer.All() || ask.Wish.Queue != "" && (!ok || !viewer.Sees(ask.Wish.Queue)) {
		return ErrNoQueue
	}
	if ask.Runs, err = numberOf(v, "runs", whatif.MostRuns); err != nil {
		return err
	}
	for name, into := range map[string]*time.Duration{"t": &ask.Counts.Threshold, "short": &ask.Counts.Short} {
		n, err := numberOf(v, name, 3600)
		if err != nil {
			return err
		}
		*into = time.Duration(n) * time.Second
	}
	answer, err := r.WhatIf(req.Context(), ask)
	var wish *whatif.WishError
	switch {
	case errors.Is(err, whatif.ErrNothing):
		return ErrNoDay
	case errors.As(err, &wish):
		return ErrValue.Of(wish.Field)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, daybook.ErrTooLong):
		return ErrTooMuch
	case err != nil:
		return err
	}
	return Send(w, answer)
}
