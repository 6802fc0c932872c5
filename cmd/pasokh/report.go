package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/webui/api"
)

// reportWords are what a printed report says beside its figures.
var reportWords = map[string]map[string]string{
	"en": {"title": "From %s to %s (%s), T = %v, T_short = %v, D = %d days", "closes": "The sum closes.", "open": "THE SUM DOES NOT CLOSE: %d contacts have no outcome.",
		"overflow": "Overflow by reason", "percent": "%.1f%%", "seconds": "%.1f s"},
	"fa": {"title": "از %s تا %s (%s)، T = %v، T_short = %v، D = %d روز", "closes": "جمع‌ها می‌خوانند.", "open": "جمع‌ها نمی‌خوانند: نتیجهٔ %d تماس معلوم نیست.",
		"overflow": "سرریز به تفکیک دلیل", "percent": "%.1f٪", "seconds": "%.1f ثانیه"},
}

// report prints the figures of a period.
func report(ctx context.Context, args []string, out io.Writer) error {
	q := url.Values{}
	lang, sheet := "en", false
	c, words, err := clientFlags("report", args, out, func(f *flag.FlagSet) {
		given(f, q, "month", "a `month`, 1405-08 or 2026-11, in place of day, week or month")
		given(f, q, "from", "first `day`, 2026-11-22 or 1405/9/1")
		given(f, q, "to", "last `day`")
		given(f, q, "queue", "of one queue")
		given(f, q, "agent", "of one agent")
		given(f, q, "number", "of one of our numbers (DID)")
		given(f, q, "way", "of one trunk or line")
		given(f, q, "by", "rows: hour, day, weekday, week-hour, queue, agent, number or way")
		given(f, q, "t", "threshold of service levels, `seconds` (20)")
		given(f, q, "short", "threshold of short abandonment, `seconds` (5)")
		given(f, q, "days", "in which a solved customer does not call again (7)")
		f.BoolVar(&sheet, "csv", sheet, "as CSV")
		f.StringVar(&lang, "lang", lang, "en or fa")
	})
	if err != nil {
		return err
	}
	periods := map[string]string{"day": figures.Today, "yesterday": figures.Yesterday, "week": figures.Week, "month": figures.Month}
	given := q.Has("from") || q.Has("month")
	switch {
	case len(words) == 1 && periods[words[0]] != "" && !given:
		q.Set("period", periods[words[0]])
	case len(words) > 0, !given, q.Has("from") && q.Has("month"):
		return fmt.Errorf("usage: pasokh report day | yesterday | week | month, or --month 1405-08, or --from DAY --to DAY")
	}
	if q.Has("from") && !q.Has("to") {
		q.Set("to", q.Get("from"))
	}
	if reportWords[lang] == nil {
		return fmt.Errorf("--lang %s: en or fa", lang)
	}
	q.Set("lang", lang)
	if sheet {
		return copyOut(ctx, c, "/api/reports.csv?"+q.Encode(), out)
	}
	var r figures.Report
	if err := c.get(ctx, "/api/reports?"+q.Encode(), &r); err != nil {
		return err
	}
	var f api.Formulas
	if err := c.get(ctx, "/api/reports/formulas", &f); err != nil {
		return err
	}
	printReport(out, &r, f.Formulas, lang)
	return nil
}

// rowFigures are those of a report's rows; all others are in its total only.
var rowFigures = []string{"offered", "answered", "abandoned", "sl-net", "abandonment", "asa", "aht", "rona", "occupancy"}

func printReport(out io.Writer, r *figures.Report, formulas []figures.Formula, lang string) {
	w := reportWords[lang]
	say := func(form string, args ...any) { fmt.Fprintln(out, localDigits(lang, fmt.Sprintf(form, args...))) }
	say(w["title"], minute(lang, r.From), minute(lang, r.To), r.Zone, r.Threshold.D(), r.Short.D(), r.Days)
	var table [][]string
	for _, f := range formulas {
		if v, ok := r.Total.Values[f.ID]; ok {
			table = append(table, []string{f.Name.In(lang), localDigits(lang, shown(&f, v, w)), f.Text.In(lang)})
		}
	}
	printTable(out, table)
	for reason, n := range r.Total.Overflow {
		say("%s: %s %d", w["overflow"], reason, n)
	}
	if r.Closes {
		fmt.Fprintln(out, w["closes"])
	} else {
		say(w["open"], r.Difference)
		for _, u := range r.Unclosed {
			fmt.Fprintln(out, "  ", u.Call, u.Queue, u.Offered.Format(time.DateTime))
		}
	}
	if len(r.Rows) == 0 {
		return
	}
	head := []string{string(r.By)}
	var columns []figures.Formula
	for _, id := range rowFigures {
		for _, f := range formulas {
			if f.ID == id {
				columns, head = append(columns, f), append(head, f.Name.In(lang))
			}
		}
	}
	table = [][]string{head}
	for _, row := range r.Rows {
		if row.Values["offered"] == 0 && row.Values["offers"] == 0 && row.Values["logged-in"] == 0 {
			continue
		}
		line := []string{row.Key}
		if !row.At.IsZero() {
			line[0] = minute(lang, row.At)
		}
		for i := range columns {
			cell := "-"
			if v, ok := row.Values[columns[i].ID]; ok {
				cell = shown(&columns[i], v, w)
			}
			line = append(line, cell)
		}
		for i := range line {
			line[i] = localDigits(lang, line[i])
		}
		table = append(table, line)
	}
	fmt.Fprintln(out)
	printTable(out, table)
}

// minute is a time in the calendar of the language.
func minute(lang string, t time.Time) string {
	if lang == "fa" {
		return calendar.DayOf(t).Persian() + t.Format(" 15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// shown is a figure as people read it.
func shown(f *figures.Formula, v float64, w map[string]string) string {
	switch f.Unit {
	case figures.Millis:
		d := (time.Duration(v) * time.Millisecond).Round(100 * time.Millisecond)
		if d < time.Minute {
			return fmt.Sprintf(w["seconds"], d.Seconds())
		}
		whole := int(d.Seconds())
		return fmt.Sprintf("%d:%02d:%02d", whole/3600, whole/60%60, whole%60)
	case figures.Ratio:
		return fmt.Sprintf(w["percent"], v*100)
	case figures.Count:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// printTable pads columns by what is seen of their cells: Persian text has marks that
// take no place.
func printTable(out io.Writer, table [][]string) {
	var width []int
	for _, line := range table {
		for i, cell := range line {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], seen(cell))
		}
	}
	for _, line := range table {
		var b strings.Builder
		for i, cell := range line {
			b.WriteString(cell)
			if i+1 < len(line) {
				b.WriteString(strings.Repeat(" ", width[i]-seen(cell)+2))
			}
		}
		fmt.Fprintln(out, b.String())
	}
}

func seen(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if unicode.In(r, unicode.Mn, unicode.Cf) {
			n--
		}
	}
	return n
}

var decimal = regexp.MustCompile(`(\d)\.(\d)`)

// localDigits writes a text's digits as readers of the language do.
func localDigits(lang, s string) string {
	if lang != "fa" {
		return s
	}
	s = decimal.ReplaceAllString(s, "$1٫$2")
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}
