package figures

import (
	"fmt"
	"io"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// Table takes a table row by row, the first one is its head. Cells are strings, int64
// counts, times as their zone's clock shows them, ledger.Millis and Values; nil is empty.
// *Sheet writes CSV, *Workbook XLSX.
type Table interface {
	Row(cells ...any) error
	Close() error
}

// Value is a figure in its unit.
type Value struct {
	Unit Unit
	Of   float64
}

var units = map[Unit]Words{Count: {"count", "تعداد"}, Millis: {"seconds", "ثانیه"}, Ratio: {"ratio", "نسبت"}, Score: {"1 to 5", "۱ تا ۵"}}

var columns = map[string]Words{
	"figure": {"Figure", "شاخص"}, "value": {"Value", "مقدار"}, "unit": {"Unit", "واحد"}, "formula": {"Formula", "تعریف"},
	"date": {"Jalali date", "تاریخ"}, "hour": {"Hour", "ساعت"}, "day": {"Day", "روز"}, "weekday": {"Day of the week", "روز هفته"}, "week-hour": {"Day of the week and hour", "روز هفته و ساعت"}, "queue": {"Queue", "صف"}, "agent": {"Agent", "کارشناس"}, "number": {"Number", "شماره"}, "way": {"Line or trunk", "خط یا ترانک"},
	"call": {"Call", "تماس"}, "when": {"When", "زمان"}, "from": {"From", "از"}, "name": {"Name", "نام"}, "to": {"To", "به"}, "outcome": {"Outcome", "نتیجه"}, "reason": {"Reason", "دلیل"},
	"wait": {"Wait, s", "انتظار، ثانیه"}, "ring": {"Ringing, s", "زنگ، ثانیه"}, "talk": {"Talk, s", "گفتگو، ثانیه"}, "hold": {"Hold, s", "نگه‌داشتن، ثانیه"}, "wrap": {"Wrap-up, s", "جمع‌بندی، ثانیه"},
	"total": {"Total", "جمع"}, "law": {"O − (A + Ab + Ov + Cb + waiting + interrupted)", "O − (A + Ab + Ov + Cb + منتظر + بریده‌شده)"},
}

func heads(lang string, names ...string) []any {
	list := make([]any, 0, len(names)+1)
	for _, n := range names {
		list = append(list, columns[n].In(lang))
		if n == "when" && lang == "fa" {
			list = append(list, columns["date"].In(lang))
		}
	}
	return list
}

// when is the cells of a time: for Persian readers their date comes after it, as text that
// sorts, since spreadsheets do not know the Jalali calendar.
func when(t time.Time, lang string) []any {
	if lang != "fa" {
		return []any{t}
	}
	return []any{t, jalali(t)}
}

func jalali(t time.Time) string {
	y, m, d := calendar.DayOf(t).Jalali()
	return fmt.Sprintf("%04d/%02d/%02d", y, m, d)
}

// Write writes a report: one row for each figure with its formula, or, when it has rows,
// one for each of them and the total, with the formulas in the heads. It closes the table.
func (r *Report) Write(to Table, lang string) error {
	if r.By == ByNothing {
		return r.writeFigures(to, lang)
	}
	timed := r.By == ByHour || r.By == ByDay
	head := []any{columns[string(r.By)].In(lang)}
	if timed && lang == "fa" {
		head = append(head, columns["date"].In(lang))
	}
	for _, f := range formulas {
		head = append(head, f.Name.In(lang)+", "+units[f.Unit].In(lang)+" ["+f.Text.In(lang)+"]")
	}
	if err := to.Row(head...); err != nil {
		return err
	}
	total := r.Total
	total.Key = columns["total"].In(lang)
	for i, row := range append(r.Rows[:len(r.Rows):len(r.Rows)], total) {
		line := []any{row.Key}
		switch {
		case !row.At.IsZero():
			line = when(row.At, lang)
		case timed && lang == "fa":
			line = append(line, nil)
		case i < len(r.Rows):
			line[0] = keyIn(r.By, row.Key, lang)
		}
		for i := range formulas {
			if v, ok := row.Values[formulas[i].ID]; ok {
				line = append(line, Value{formulas[i].Unit, v})
			} else {
				line = append(line, nil)
			}
		}
		if err := to.Row(line...); err != nil {
			return err
		}
	}
	return to.Close()
}

func (r *Report) writeFigures(to Table, lang string) error {
	if err := to.Row(heads(lang, "figure", "value", "unit", "formula")...); err != nil {
		return err
	}
	for _, f := range formulas {
		if v, ok := r.Total.Values[f.ID]; ok {
			if err := to.Row(f.Name.In(lang), Value{f.Unit, v}, units[f.Unit].In(lang), f.Text.In(lang)); err != nil {
				return err
			}
		}
	}
	if err := to.Row(columns["law"].In(lang), r.Difference, units[Count].In(lang), nil); err != nil {
		return err
	}
	return to.Close()
}

// CSV writes a report as CSV.
func (r *Report) CSV(w io.Writer, lang string) error { return r.Write(NewSheet(w), lang) }

// WriteContacts writes contacts and closes the table.
func WriteContacts(to Table, list []Contact, zone *time.Location, lang string) error {
	if err := to.Row(heads(lang, "call", "when", "from", "number", "way", "queue", "agent", "outcome", "reason", "wait", "talk", "wrap")...); err != nil {
		return err
	}
	for _, c := range list {
		line := append([]any{string(c.Call)}, when(c.Offered.In(zone), lang)...)
		if err := to.Row(append(line, c.From, c.DID, c.Way, c.Queue, c.Agent, string(c.Outcome), c.Reason, c.Wait, c.Talk, c.Wrap)...); err != nil {
			return err
		}
	}
	return to.Close()
}

// CallsHead and WriteCall write lists of calls.
func CallsHead(to Table, lang string) error {
	return to.Row(heads(lang, "call", "when", "from", "name", "to", "way", "queue", "agent", "outcome", "reason", "wait", "ring", "talk", "hold")...)
}

// WriteCall writes one call.
func WriteCall(to Table, r *ledger.Record, zone *time.Location, lang string) error {
	line := append([]any{string(r.Call)}, when(r.Started.In(zone), lang)...)
	return to.Row(append(line, r.From.Number, r.From.Name, r.To, r.Origin.Trunk+r.Origin.Line, r.Queue, r.Agent, string(r.Result), r.Cause,
		r.Wait, r.Ring, r.Talk, r.Hold)...)
}
