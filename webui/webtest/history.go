package webtest

import (
	"context"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

func (b *Box) current() *config.Config {
	if b.Revisions != nil {
		c, _ := b.Revisions.Current()
		return c
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.config
	return &c
}

func (b *Box) list(_ context.Context, q ledger.Query) (found []ledger.Record, more bool, err error) {
	for _, r := range read(b, func(s *Scene) []ledger.Record { return s.Records }) {
		if r.Started.Before(q.From) || !q.To.IsZero() && !r.Started.Before(q.To) || !q.Fits(&r) {
			continue
		}
		if len(found) == q.Limit {
			return found, true, nil
		}
		found = append(found, r)
	}
	return found, false, nil
}

// Each and Floor are the scene's records as a source of figures.
func (b *Box) Each(_ context.Context, from, to time.Time, f func(*ledger.Entry) error) error {
	records := read(b, func(s *Scene) []ledger.Record { return s.Records })
	slices.Reverse(records)
	for _, r := range records {
		e := ledger.Entry{Started: r.Started, Call: r.Call, From: r.From.Number, DID: r.Origin.DID, Way: r.Origin.Trunk + r.Origin.Line,
			Result: r.Result, Cause: r.Cause, Visits: slices.Clone(r.Visits)}
		if err := f(&e); err != nil {
			return err
		}
	}
	return nil
}

// Floor is that of a scene in which nobody changed what he did.
func (b *Box) Floor(context.Context, time.Time, time.Time, func(call.Step) error) error { return nil }
