package bulletin

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/telephony/figures"
)

// words are what a letter says beside its figures.
type words struct{ subject, lead, figure, value, before, means, closes, open, nobody string }

var tongues = map[config.Language]words{
	config.English: {"%s: report of %s", "What came to the queues in %s, next to the period before (%s).", "Figure", "Value", "Before", "Meaning",
		"The sum closes: every contact has an outcome.", "THE SUM DOES NOT CLOSE: %s contacts have no outcome in the ledger.", "No caller came to a queue in this period."},
	config.Persian: {"%s: گزارش %s", "آنچه %s به صف‌ها رسید، در کنار دورهٔ پیش (%s).", "شاخص", "مقدار", "پیش‌تر", "تعریف",
		"جمع‌ها می‌خوانند: هر تماس نتیجه‌ای دارد.", "جمع‌ها نمی‌خوانند: نتیجهٔ %s تماس در دفتر نیست.", "در این دوره کسی به صف نرسید."},
}

// span is the query of days.
func span(b *config.Bulletin, from, to calendar.Day, zone *time.Location) figures.Query {
	noon := func(d calendar.Day) time.Time {
		y, m, day := d.Gregorian()
		return time.Date(y, time.Month(m), day, 12, 0, 0, 0, zone)
	}
	q := figures.Query{From: figures.Day(noon(from)), To: figures.NextDay(noon(to)), Queue: b.Queue, By: figures.Group(b.By)}
	if q.By == figures.ByNothing {
		if q.By = figures.ByDay; from == to {
			q.By = figures.ByHour
		}
	}
	return q
}

// letter is an issue as it is sent.
func (r *Room) letter(ctx context.Context, b *config.Bulletin, i issue) (mail.Letter, error) {
	cfg, zone := r.opts.Config(), r.opts.Reports.Zone()
	lang := b.Language
	if lang == "" {
		lang = cfg.System.Language
	}
	w, ok := tongues[lang]
	if !ok {
		lang, w = config.English, tongues[config.English]
	}
	report, err := r.opts.Reports.Report(ctx, span(b, i.from, i.to, zone))
	if err != nil {
		return mail.Letter{}, fmt.Errorf("count: %w", err)
	}
	former := i.from - 1
	for !begins(b, former) {
		former--
	}
	before, err := r.opts.Reports.Report(ctx, span(b, former, i.from-1, zone))
	if err != nil {
		return mail.Letter{}, fmt.Errorf("count the period before: %w", err)
	}
	var book bytes.Buffer
	if err := report.Write(figures.NewWorkbook(&book, b.Name, string(lang)), string(lang)); err != nil {
		return mail.Letter{}, fmt.Errorf("write the workbook: %w", err)
	}
	days := daysOf(b, i.from, i.to, lang)
	p := page{w: w, lang: lang, lead: fmt.Sprintf(w.lead, days, daysOf(b, former, i.from-1, lang)), report: report, before: before}
	return mail.Letter{To: b.To, Subject: fmt.Sprintf(w.subject, cfg.System.Name, days), Text: p.text(), HTML: p.html(),
		Attach: []mail.Attachment{{Name: fmt.Sprintf("%s-%s.xlsx", b.Name, i.from), Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Data: book.Bytes()}}}, nil
}

// daysOf is a period as its readers write it.
func daysOf(b *config.Bulletin, from, to calendar.Day, lang config.Language) string {
	day := func(d calendar.Day) string {
		if b.Calendar == config.InJalali {
			return d.Persian()
		}
		return d.String()
	}
	text, until := day(from), " to "
	if lang == config.Persian {
		until = " تا "
	}
	if from != to {
		text += until + day(to)
	}
	return digits(lang, text)
}

// digits writes a text's digits as the language's readers do.
func digits(lang config.Language, s string) string {
	if lang != config.Persian {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}

// page is a letter's body in the making.
type page struct {
	w              words
	lang           config.Language
	lead           string
	report, before *figures.Report
}

// shown is a figure as people read it.
func (p *page) shown(f *figures.Formula, r *figures.Report) string {
	v, ok := r.Total.Values[f.ID]
	if !ok {
		return "–"
	}
	text := ""
	switch f.Unit {
	case figures.Millis:
		s := int(v / 1000)
		if text = fmt.Sprintf("%d:%02d", s/60, s%60); s >= 3600 {
			text = fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
		}
	case figures.Ratio:
		if text = fmt.Sprintf("%.1f%%", v*100); p.lang == config.Persian {
			text = strings.NewReplacer(".", "٫", "%", "٪").Replace(text)
		}
	case figures.Count:
		text = fmt.Sprintf("%.0f", v)
	default:
		text = fmt.Sprintf("%.1f", v)
	}
	return digits(p.lang, text)
}

// foot says whether the report closes.
func (p *page) foot() string {
	switch {
	case !p.report.Closes:
		return fmt.Sprintf(p.w.open, digits(p.lang, fmt.Sprint(p.report.Difference)))
	case p.report.Total.Values["offered"] == 0:
		return p.w.nobody
	}
	return p.w.closes
}

func (p *page) rows(row func(f *figures.Formula, value, before string)) {
	for _, f := range figures.Formulas() {
		if _, ok := p.report.Total.Values[f.ID]; ok {
			row(&f, p.shown(&f, p.report), p.shown(&f, p.before))
		}
	}
}

func (p *page) text() string {
	var b strings.Builder
	b.WriteString(p.lead + "\n\n")
	p.rows(func(f *figures.Formula, value, before string) {
		fmt.Fprintf(&b, "%s: %s (%s: %s)\n", f.Name.In(string(p.lang)), value, p.w.before, before)
	})
	b.WriteString("\n" + p.foot() + "\n")
	return b.String()
}

// html is a table that mail programs of every kind show: styles stand at the elements.
func (p *page) html() string {
	dir, side := "ltr", "left"
	if p.lang == config.Persian {
		dir, side = "rtl", "right"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="%s" dir="%s"><head><meta charset="utf-8"></head><body dir="%s" style="font-family:Vazirmatn,Tahoma,Arial,sans-serif;color:#10292e">`, p.lang, dir, dir)
	fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(p.lead))
	head := fmt.Sprintf(`<th style="text-align:%s;padding:4px 10px;border-bottom:2px solid #0b6e72">`, side)
	fmt.Fprintf(&b, `<table dir="%s" style="border-collapse:collapse"><tr>`, dir)
	for _, name := range []string{p.w.figure, p.w.value, p.w.before, p.w.means} {
		b.WriteString(head + html.EscapeString(name) + "</th>")
	}
	b.WriteString("</tr>")
	cell := func(style, text string) {
		fmt.Fprintf(&b, `<td style="padding:4px 10px;border-bottom:1px solid #d5e0de;%s">%s</td>`, style, html.EscapeString(text))
	}
	p.rows(func(f *figures.Formula, value, before string) {
		b.WriteString("<tr>")
		cell("", f.Name.In(string(p.lang)))
		cell("font-weight:bold;white-space:nowrap", value)
		cell("color:#4b6267;white-space:nowrap", before)
		cell("color:#4b6267;font-size:13px", f.Text.In(string(p.lang)))
		b.WriteString("</tr>")
	})
	fmt.Fprintf(&b, "</table><p>%s</p></body></html>", html.EscapeString(p.foot()))
	return b.String()
}
