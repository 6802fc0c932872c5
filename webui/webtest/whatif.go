package webtest

import (
	"context"

	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/whatif"
	"github.com/pasokh/pasokh/webui/api"
)

// whatIf has everything that is counted be a tenth more under a wish, and says of a draft
// what its queues are called; of days before the scene nothing is known.
func (b *Box) whatIf(ctx context.Context, ask api.WhatIfAsk) (*whatif.Comparison, error) {
	change, err := ask.Wish.Change(ask.Day, map[string]whatif.Door{ask.Wish.Queue: {}})
	if err != nil {
		return nil, err
	}
	ask.Counts.From, ask.Counts.To = ask.Day, figures.NextDay(ask.Day)
	if b.Clock.Now().Sub(ask.Day).Hours() > 24*31 {
		return nil, whatif.ErrNothing
	}
	real, err := figures.New(figures.Options{Clock: b.Clock, Ledger: b, Config: b.current}).Report(ctx, ask.Counts)
	if err != nil {
		return nil, err
	}
	found := &whatif.Comparison{From: real.From, To: real.To, Zone: real.Zone, Runs: max(1, ask.Runs), Exact: true, Closes: true,
		Rests: []figures.Words{{EN: "The same people call at the same times.", FA: "همان افراد در همان زمان‌ها تماس می‌گیرند."}}}
	if ask.Draft != nil {
		for _, q := range ask.Draft.Queues {
			found.Rests = append(found.Rests, figures.Words{EN: q.Name, FA: q.Name})
		}
	}
	for _, f := range figures.Formulas() {
		x := whatif.Figure{ID: f.ID}
		if v, ok := real.Total.Values[f.ID]; ok {
			mean, low, high := v, v, v
			if change.Queues != nil {
				mean, high = 1.1*v, 1.2*v
			}
			x.Real, x.Mean, x.Low, x.High = &v, &mean, &low, &high
		}
		found.Figures = append(found.Figures, x)
	}
	return found, nil
}
