package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/telephony/staffing"
	"github.com/pasokh/pasokh/webui/api"
)

// staff tells how many agents a load needs, with what a few more or fewer would do. The
// load is given, which asks no box, or that of a queue's recorded days.
func staff(ctx context.Context, args []string, out io.Writer) error {
	load := staffing.Load{Handle: staffing.UsualHandle, Patience: staffing.UsualPatience}
	q := url.Values{}
	lang := "en"
	c, words, err := clientFlags("staffing", args, out, func(f *flag.FlagSet) {
		f.Float64Var(&load.Calls, "calls", 0, "calls an hour")
		f.DurationVar(&load.Handle, "handle", load.Handle, "mean of talk, hold and wrap-up")
		f.DurationVar(&load.Patience, "patience", load.Patience, "mean time a caller is willing to wait")
		given(f, q, "queue", "learn the load from the recorded days of this queue")
		given(f, q, "day", "a date (2026-11-21 or 1405/8/30), today, yesterday, or a weekday: sat")
		given(f, q, "weeks", "how many days of that weekday, holidays left out (4)")
		given(f, q, "target", "percent answered within seconds (80/20)")
		given(f, q, "abandoned", "percent of callers that may give up (5)")
		f.StringVar(&lang, "lang", lang, "en or fa")
	})
	if err != nil {
		return err
	}
	if len(words) > 0 || q.Has("queue") != q.Has("day") || q.Has("queue") == (load.Calls != 0) || staffingWords[lang] == nil {
		return fmt.Errorf("usage: pasokh staffing --calls PER-HOUR [--handle 3m] [--patience 2m] | --queue NUMBER --day DAY [--weeks 4] [--lang fa]; [--target 80/20] [--abandoned 5]")
	}
	target, err := api.ParseTarget(q.Get("target"), q.Get("abandoned"))
	if err != nil {
		return err
	}
	if q.Has("queue") {
		var found api.Staffing
		if err := c.get(ctx, "/api/staffing?"+q.Encode(), &found); err != nil {
			return err
		}
		printStaffing(out, &found, lang)
		return nil
	}
	return printLoad(out, load, target)
}

func printLoad(out io.Writer, load staffing.Load, target staffing.Target) error {
	need, err := load.Need(target)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d agents are needed\n\nagents  within %.0fs  abandoned  mean wait  busy\n", need.Agents, target.Wait.Seconds())
	for n := max(1, need.Agents-2); n <= min(staffing.MaxAgents, need.Agents+2); n++ {
		o, err := load.With(n, target.Wait)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%6d  %8.1f %%  %7.1f %%  %8.1fs  %3.0f %%\n", n, 100*o.Within, 100*o.Abandoned, o.Wait.Seconds(), 100*o.Busy)
	}
	return nil
}

// dayIn is a day, 2026-11-21, in the calendar of the language.
func dayIn(lang, day string) string {
	d, err := calendar.ParseDay(day)
	if err != nil || lang != "fa" {
		return day
	}
	return localDigits(lang, d.Persian())
}

// staffingWords are what a printed plan says.
var staffingWords = map[string]map[string]string{
	"en": {"days": "Days learnt from", "left": "left out: %s", "empty": "nothing was recorded", "calls": "%d calls", "target": "Target: %.0f%% answered within %.0f s", "lost": "at most %.0f%% give up",
		"time": "time", "rate": "calls/h", "handle": "AHT", "patience": "patience", "need": "agents needed", "range": "95%", "duty": "on duty", "reached": "in time", "gone": "gave up", "few": "too few calls",
		"none": "No calls on these days.", "guess": "Too few calls to tell: what follows is hardly more than a guess.", "notes": "* of all days: the half hour has too few; ? nothing seen: the usual."},
	"fa": {"days": "روزهای مبنا", "left": "کنار گذاشته شد: %s", "empty": "چیزی ثبت نشده", "calls": "%d تماس", "target": "هدف: پاسخ به %.0f٪ تا %.0f ثانیه", "lost": "حداکثر %.0f٪ رها کنند",
		"time": "ساعت", "rate": "تماس در ساعت", "handle": "زمان رسیدگی", "patience": "شکیبایی", "need": "کارشناس لازم", "range": "۹۵٪", "duty": "حاضر بودند", "reached": "به‌موقع", "gone": "رها کردند", "few": "تماس کم است",
		"none": "در این روزها تماسی نبود.", "guess": "تماس‌ها برای قضاوت کم است: آنچه می‌آید تنها حدس است.", "notes": "* از همهٔ روزها: این نیم ساعت تماس کمی دارد؛ ? چیزی دیده نشد: مقدار معمول."},
}

func printStaffing(out io.Writer, s *api.Staffing, lang string) {
	w := staffingWords[lang]
	say := func(form string, args ...any) string { return localDigits(lang, fmt.Sprintf(form, args...)) }
	fmt.Fprintln(out, w["days"]+":")
	for _, d := range s.Days {
		why := say(w["calls"], d.Calls)
		switch {
		case d.Holiday != nil && lang == "fa":
			why = fmt.Sprintf(w["left"], d.Holiday.Persian)
		case d.Holiday != nil:
			why = fmt.Sprintf(w["left"], d.Holiday.English)
		case d.Empty:
			why = fmt.Sprintf(w["left"], w["empty"])
		}
		fmt.Fprintln(out, "  "+dayIn(lang, d.Day)+"  "+why)
	}
	goal := ""
	if s.Within > 0 {
		goal = say(w["target"], 100*s.Within, s.Wait.D().Seconds())
	}
	if s.Abandoned < 1 {
		if goal != "" {
			goal += ", "
		}
		goal += say(w["lost"], 100*s.Abandoned)
	}
	fmt.Fprintln(out, goal)
	if len(s.Halves) == 0 {
		fmt.Fprintln(out, w["none"])
		return
	}
	if s.Few {
		fmt.Fprintln(out, w["guess"])
	}
	table := [][]string{{w["time"], w["rate"], w["range"], w["handle"], w["patience"], w["need"], w["range"], w["duty"], w["reached"], w["gone"], ""}}
	for _, h := range s.Halves {
		few := ""
		if h.Few {
			few = w["few"]
		}
		table = append(table, []string{say("%02d:%02d", h.From/60, h.From%60), say("%.1f", h.Rate), say("%.1f-%.1f", h.Low, h.High), say("%s", learnt(h.Handle)), say("%s", learnt(h.Patience)),
			say("%d", h.Need), say("%d-%d", h.Least, h.Most), say("%.1f", h.OnDuty), say("%.0f%%", 100*h.Reached), say("%.0f%%", 100*h.Lost), few})
	}
	fmt.Fprintln(out)
	printTable(out, table)
	fmt.Fprintln(out, w["notes"])
}

// learnt is a mean with a mark when it is not of its half hour.
func learnt(m api.StaffingMean) string {
	whole := int(m.Mean.D().Round(time.Second).Seconds())
	return fmt.Sprintf("%d:%02d", whole/60, whole%60) + map[staffing.Source]string{staffing.FromDays: "*", staffing.Assumed: "?"}[m.From]
}
