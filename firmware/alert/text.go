package alert

import (
	"fmt"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
)

// tongue is what a letter says besides the problems' own words.
type tongue struct {
	one, more, solved, test           string
	fresh, still, over, fix, since    string
	info, warning, fault, tested, end string
}

// tongueOf is the words of a language.
func tongueOf(l config.Language) tongue {
	if l == config.Persian {
		return tongue{"مشکل: %s", "%d مشکل: %s", "برطرف شد: %s", "آزمایش هشدار", "تازه", "هنوز برقرار است", "برطرف شد", "چه باید کرد", "از",
			"آگاهی", "هشدار", "خطا", "این پیام آزمایشی است. اگر رسید، هشدارها هم می‌رسد.", "این پیام را دستگاه %s خودکار فرستاده است."}
	}
	return tongue{"Problem: %s", "%d problems: %s", "Resolved: %s", "Test of alarms", "New", "Still wrong", "Resolved", "What to do", "since",
		"info", "warning", "error", "This is a test. It arrived: alarms will, too.", "The box %s has sent this by itself."}
}

// letter is a notice in words.
func letter(n Notice, box string, l config.Language, zone *time.Location) (subject, text string) {
	w := tongueOf(l)
	word := func(p health.Problem) string { return p.Text[string(l)] }
	all := append(append([]health.Problem{}, n.New...), n.Still...)
	switch {
	case n.Test:
		subject = w.test
	case len(all) == 1:
		subject = fmt.Sprintf(w.one, word(all[0]))
	case len(all) > 1:
		subject = fmt.Sprintf(w.more, len(all), word(all[0]))
	default:
		subject = fmt.Sprintf(w.solved, word(n.Resolved[0]))
	}
	var b strings.Builder
	if n.Test {
		fmt.Fprintf(&b, "%s\n\n", w.tested)
	}
	part := func(title string, list []health.Problem, over bool) {
		if len(list) == 0 {
			return
		}
		fmt.Fprintf(&b, "== %s ==\n\n", title)
		for _, p := range list {
			fmt.Fprintf(&b, "* %s (%s, %s %s)\n", word(p), map[health.Severity]string{health.Info: w.info, health.Warning: w.warning, health.Error: w.fault}[p.Severity],
				w.since, moment(p.Since.In(zone), l))
			if p.Detail != "" {
				fmt.Fprintf(&b, "  %s\n", p.Detail)
			}
			if fix := p.Fix[string(l)]; fix != "" && !over {
				fmt.Fprintf(&b, "  %s: %s\n", w.fix, fix)
			}
			b.WriteByte('\n')
		}
	}
	part(w.fresh, n.New, false)
	part(w.still, n.Still, false)
	part(w.over, n.Resolved, true)
	fmt.Fprintf(&b, w.end+"\n", box)
	return "[" + box + "] " + subject, b.String()
}

// moment is a time in the calendar of a language.
func moment(t time.Time, l config.Language) string {
	if l != config.Persian {
		return t.Format("2006-01-02 15:04")
	}
	year, month, day := calendar.DayOf(t).Jalali()
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, fmt.Sprintf("%d/%02d/%02d %s", year, month, day, t.Format("15:04")))
}
