package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/acd/daybook"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/whatif"
	"github.com/pasokh/pasokh/webui/api"
)

// How long a day may be played, and for how long after midnight its last callers are followed.
const (
	playTime  = 25 * time.Second
	afterglow = 2 * time.Hour
)

// whatIf plays a recorded day with a change, one at a time.
func (b *box) whatIf(ctx context.Context, ask api.WhatIfAsk) (*whatif.Comparison, error) {
	select {
	case b.playing <- struct{}{}:
		defer func() { <-b.playing }()
	default:
		return nil, api.ErrBusy
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer b.clock.AfterFunc(playTime, func() { cancel(context.DeadlineExceeded) }).Stop()
	ask.Counts.From, ask.Counts.To = ask.Day, figures.NextDay(ask.Day)
	until := ask.Counts.To.Add(afterglow)
	if now := b.clock.Now(); now.Before(until) {
		until = now
	}
	day, err := daybook.Read(ctx, b.store.Log("daybook"), ask.Day, until)
	if err != nil {
		return nil, err
	}
	var change whatif.Change
	if cfg := b.config(); ask.Draft != nil {
		change = draftChange(ask.Draft, cfg)
	} else if change, err = ask.Wish.Change(ask.Day, doors(cfg)); err != nil {
		return nil, err
	}
	found, err := whatif.Compare(ctx, whatif.Box{Clock: b.clock, Ledger: b.ledger, Config: b.config},
		whatif.Question{Day: day, Change: change, Figures: ask.Counts, Runs: ask.Runs})
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return nil, cause
	}
	return found, err
}

// draftChange is a whole configuration in place of that of the day; live is the one in force.
func draftChange(draft, live *config.Config) whatif.Change {
	c := whatif.Change{Doors: doors(draft), Queues: func(at time.Time, _ []acd.Queue) []acd.Queue { return queue.All(draft, at) }}
	for number, door := range c.Doors {
		is, _ := draft.Queue(number)
		if was, ok := live.Queue(number); !ok || was.RingFor != is.RingFor {
			door.RingFor = is.RingFor.D()
			c.Doors[number] = door
		}
	}
	return c
}

// doors are what the floor does round the queues of a configuration.
func doors(c *config.Config) map[string]whatif.Door {
	all := make(map[string]whatif.Door)
	for i := range c.Queues {
		q := &c.Queues[i]
		door := whatif.Door{Callback: q.Callback.Key != "", OfferAfter: q.Callback.OfferAfter.D(), Leads: make(map[acd.Reason]string)}
		for _, why := range []acd.Reason{acd.Full, acd.Timeout, acd.Empty, whatif.LeftEmpty, acd.LongWait, acd.Crowded} {
			if to := q.Leads(string(why)); to != "" {
				if _, ok := c.Queue(to); ok {
					door.Leads[why] = to
				}
			}
		}
		all[q.Number] = door
	}
	return all
}

// whatIfWords are what a printed comparison says beside its figures.
var whatIfWords = map[string]map[string]string{
	"en": {"title": "%s (%s), %d runs", "figure": "figure", "real": "real", "mean": "simulated", "range": "lowest to highest", "exact": "Played unchanged, the day comes out exactly as it was.",
		"differs": "PLAYED UNCHANGED, THE DAY IS ANOTHER FROM %s ON: take what follows with care.", "rests": "This rests on:", "open": "THE SUM DOES NOT CLOSE."},
	"fa": {"title": "%s (%s)، %d بار اجرا", "figure": "شاخص", "real": "واقعی", "mean": "شبیه‌سازی", "range": "کمترین تا بیشترین", "exact": "بدون تغییر، روز دقیقاً همان‌گونه که بود بازپخش می‌شود.",
		"differs": "بدون تغییر هم روز از %s به بعد دیگر شد: به این اعداد با احتیاط نگاه کنید.", "rests": "این نتیجه بر این فرض‌ها استوار است:", "open": "جمع‌ها نمی‌خوانند."},
}

// whatIfCommand prints what would have become of a day.
func whatIfCommand(ctx context.Context, args []string, out io.Writer) error {
	q := url.Values{}
	lang, draft := "en", ""
	c, words, err := clientFlags("whatif", args, out, func(f *flag.FlagSet) {
		given(f, q, "day", "a recorded `day`: 2026-11-20, 1405/8/29, today, yesterday")
		given(f, q, "queue", "of one queue, which alone is changed")
		given(f, q, "strategy", "another `strategy`: ring-all, longest-idle, ...")
		given(f, q, "agents", "`who` comes or goes: +1, -1, +1005, -1001, with commas between them")
		given(f, q, "hours", "when agents work: `1001=09:00-13:30`")
		given(f, q, "wrap-up", "pause after each call: `10s`")
		given(f, q, "max-wait", "longest wait: `5m`, 0s for none")
		given(f, q, "tiers", "of agents: `1001=0,1002=1`")
		given(f, q, "skills", "of agents: `1001=en:80`")
		given(f, q, "callback", "`on or off`")
		given(f, q, "callback-after", "a callback is offered after this wait: `60s`")
		given(f, q, "accept", "`percent` of callers who take it, where the day does not tell (40)")
		given(f, q, "runs", "how often it is played (20)")
		given(f, q, "t", "threshold of service levels, `seconds` (20)")
		given(f, q, "short", "threshold of short abandonment, `seconds` (5)")
		f.StringVar(&draft, "draft", draft, "a whole configuration in place of what is above: a `file` as pasokh config writes it")
		f.StringVar(&lang, "lang", lang, "en or fa")
	})
	if err != nil {
		return err
	}
	if len(words) > 0 || !q.Has("day") || whatIfWords[lang] == nil {
		return fmt.Errorf("usage: pasokh whatif --day DAY [--queue 700] [--strategy ring-all] [--agents +1] [--callback on] [--runs 20], see pasokh whatif --help")
	}
	q.Set("lang", lang)
	var found whatif.Comparison
	if err := askWhatIf(ctx, c, q, draft, &found); err != nil {
		return err
	}
	var f api.Formulas
	if err := c.get(ctx, "/api/reports/formulas", &f); err != nil {
		return err
	}
	printWhatIf(out, &found, f.Formulas, lang)
	return nil
}

// askWhatIf asks with a wish, or with the configuration of a file.
func askWhatIf(ctx context.Context, c *client, q url.Values, draft string, found *whatif.Comparison) error {
	if draft == "" {
		return c.get(ctx, "/api/whatif?"+q.Encode(), found)
	}
	text, err := os.ReadFile(draft)
	if err != nil {
		return err
	}
	body, err := json.Marshal(api.File{YAML: string(text)})
	if err != nil {
		return err
	}
	return c.do(ctx, "POST", "/api/whatif?"+q.Encode(), body, found)
}

func printWhatIf(out io.Writer, found *whatif.Comparison, formulas []figures.Formula, lang string) {
	w, r := whatIfWords[lang], reportWords[lang]
	say := func(form string, args ...any) { fmt.Fprintln(out, localDigits(lang, fmt.Sprintf(form, args...))) }
	say(w["title"], found.From.Format(time.DateOnly), found.Zone, found.Runs)
	if found.Exact {
		say("%s", w["exact"])
	} else {
		say(w["differs"], found.Differs.In(found.From.Location()).Format("15:04:05"))
	}
	table := [][]string{{w["figure"], w["real"], w["mean"], w["range"]}}
	for i := range formulas {
		f := &formulas[i]
		for _, x := range found.Figures {
			if x.ID != f.ID || x.Real == nil && x.Mean == nil {
				continue
			}
			cell := func(v *float64) string {
				if v == nil {
					return "-"
				}
				return localDigits(lang, shown(f, *v, r))
			}
			span := ""
			if x.Low != nil && *x.Low != *x.High {
				span = cell(x.Low) + " – " + cell(x.High)
			}
			table = append(table, []string{f.Name.In(lang), cell(x.Real), cell(x.Mean), span})
		}
	}
	printTable(out, table)
	if !found.Closes {
		say("%s", w["open"])
	}
	say("%s", w["rests"])
	for _, rest := range found.Rests {
		say("  %s", rest.In(lang))
	}
}
