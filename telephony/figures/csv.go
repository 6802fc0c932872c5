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

// Row writes one line; see Table.
func (s *Sheet) Row(cells ...any) error {
	line := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case string:
			line[i] = c
		case int64:
			line[i] = strconv.FormatInt(c, 10)
		case time.Time:
			line[i] = stamp(c)
		case ledger.Millis:
			line[i] = secondsOf(c)
		case Value:
			line[i] = c.cell()
		}
	}
	return s.Line(line...)
}

// stamp is a time as spreadsheets read it.
func stamp(t time.Time) string { return t.Format("2006-01-02 15:04:05") }

func secondsOf(m ledger.Millis) string {
	return strconv.FormatFloat(m.D().Seconds(), 'f', 3, 64)
}

// cell is a figure as a plain number: times in seconds, ratios from 0 to 1.
func (v Value) cell() string {
	switch v.Unit {
	case Millis:
		return strconv.FormatFloat(v.Of/1000, 'f', 3, 64)
	case Count:
		return strconv.FormatFloat(v.Of, 'f', 0, 64)
	}
	return strconv.FormatFloat(v.Of, 'f', 4, 64)
}
