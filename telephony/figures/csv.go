package figures

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/ledger"
)

// Sheet writes CSV after RFC 4180 as spreadsheets take it: in UTF-8 with a byte order
// mark, and no cell that they would take for a formula.
type Sheet struct{ w *csv.Writer }

// NewSheet begins a sheet.
func NewSheet(w io.Writer) *Sheet {
	_, _ = io.WriteString(w, "\uFEFF") // Line and Close tell of a broken w
	s := &Sheet{csv.NewWriter(w)}
	s.w.UseCRLF = true
	return s
}

// Line writes one line.
func (s *Sheet) Line(cells ...string) error {
	for i, c := range cells {
		cells[i] = guarded(c)
	}
	return s.w.Write(cells)
}

// Close writes what is left.
func (s *Sheet) Close() error {
	s.w.Flush()
	return s.w.Error()
}

// guarded keeps text from being run as a formula: OWASP, CSV injection.
func guarded(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// stamp is a time as spreadsheets read it.
func stamp(t time.Time) string { return t.Format("2006-01-02 15:04:05") }

func secondsOf(m ledger.Millis) string {
	return strconv.FormatFloat(m.D().Seconds(), 'f', 3, 64)
}

// Cell is a figure as a plain number: times in seconds, ratios from 0 to 1.
func (f *Formula) Cell(value float64) string {
	switch f.Unit {
	case Millis:
		return strconv.FormatFloat(value/1000, 'f', 3, 64)
	case Count:
		return strconv.FormatFloat(value, 'f', 0, 64)
	}
	return strconv.FormatFloat(value, 'f', 4, 64)
}

var units = map[Unit]Words{Count: {"count", "تعداد"}, Millis: {"seconds", "ثانیه"}, Ratio: {"ratio", "نسبت"}, Score: {"1 to 5", "۱ تا ۵"}}

var columns = map[string]Words{
	"figure": {"Figure", "شاخص"}, "value": {"Value", "مقدار"}, "unit": {"Unit", "واحد"}, "formula": {"Formula", "تعریف"},
	"hour": {"Hour", "ساعت"}, "day": {"Day", "روز"}, "queue": {"Queue", "صف"}, "agent": {"Agent", "کارشناس"}, "number": {"Number", "شماره"}, "way": {"Line or trunk", "خط یا ترانک"},
	"call": {"Call", "تماس"}, "when": {"When", "زمان"}, "from": {"From", "از"}, "to": {"To", "به"}, "outcome": {"Outcome", "نتیجه"}, "reason": {"Reason", "دلیل"},
	"wait": {"Wait, s", "انتظار، ثانیه"}, "ring": {"Ringing, s", "زنگ، ثانیه"}, "talk": {"Talk, s", "گفتگو، ثانیه"}, "hold": {"Hold, s", "نگه‌داشتن، ثانیه"}, "wrap": {"Wrap-up, s", "جمع‌بندی، ثانیه"},
	"total": {"Total", "جمع"}, "law": {"O − (A + Ab + Ov + Cb + waiting + interrupted)", "O − (A + Ab + Ov + Cb + منتظر + بریده‌شده)"},
}

func heads(lang string, names ...string) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = columns[n].In(lang)
	}
	return list
}

// CSV writes a report: one line for each figure with its formula, or, when it has rows,
// one line for each of them and the total, with the formulas in the heads.
func (r *Report) CSV(w io.Writer, lang string) error {
	s := NewSheet(w)
	if r.By == ByNothing {
		if err := s.Line(heads(lang, "figure", "value", "unit", "formula")...); err != nil {
			return err
		}
		for _, f := range formulas {
			if v, ok := r.Total.Values[f.ID]; ok {
				if err := s.Line(f.Name.In(lang), f.Cell(v), units[f.Unit].In(lang), f.Text.In(lang)); err != nil {
					return err
				}
			}
		}
		if err := s.Line(columns["law"].In(lang), strconv.FormatInt(r.Difference, 10), units[Count].In(lang), ""); err != nil {
			return err
		}
		return s.Close()
	}
	head := heads(lang, string(r.By))
	for _, f := range formulas {
		head = append(head, f.Name.In(lang)+", "+units[f.Unit].In(lang)+" ["+f.Text.In(lang)+"]")
	}
	if err := s.Line(head...); err != nil {
		return err
	}
	total := r.Total
	total.Key = columns["total"].In(lang)
	for _, row := range append(r.Rows[:len(r.Rows):len(r.Rows)], total) {
		key := row.Key
		if !row.At.IsZero() {
			key = stamp(row.At)
		}
		line := []string{key}
		for i := range formulas {
			cell := ""
			if v, ok := row.Values[formulas[i].ID]; ok {
				cell = formulas[i].Cell(v)
			}
			line = append(line, cell)
		}
		if err := s.Line(line...); err != nil {
			return err
		}
	}
	return s.Close()
}

// ContactsCSV writes contacts.
func ContactsCSV(w io.Writer, list []Contact, zone *time.Location, lang string) error {
	s := NewSheet(w)
	if err := s.Line(heads(lang, "call", "when", "from", "number", "way", "queue", "agent", "outcome", "reason", "wait", "talk", "wrap")...); err != nil {
		return err
	}
	for _, c := range list {
		if err := s.Line(string(c.Call), stamp(c.Offered.In(zone)), c.From, c.DID, c.Way, c.Queue, c.Agent, string(c.Outcome), c.Reason,
			secondsOf(c.Wait), secondsOf(c.Talk), secondsOf(c.Wrap)); err != nil {
			return err
		}
	}
	return s.Close()
}

// CallsHead and CallLine write lists of calls.
func (s *Sheet) CallsHead(lang string) error {
	return s.Line(heads(lang, "call", "when", "from", "to", "way", "queue", "agent", "outcome", "reason", "wait", "ring", "talk", "hold")...)
}

// CallLine writes one call.
func (s *Sheet) CallLine(r *ledger.Record, zone *time.Location) error {
	way := r.Origin.Trunk + r.Origin.Line
	return s.Line(string(r.Call), stamp(r.Started.In(zone)), r.From.Number, r.To, way, r.Queue, r.Agent, string(r.Result), r.Cause,
		secondsOf(r.Wait), secondsOf(r.Ring), secondsOf(r.Talk), secondsOf(r.Hold))
}
