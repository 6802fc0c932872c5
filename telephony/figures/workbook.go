package figures

import (
	"io"
	"time"

	"github.com/pasokh/pasokh/firmware/xlsx"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// Workbook is a Table for spreadsheets: times are times in them, and ratios percents.
type Workbook struct{ sheet *xlsx.Sheet }

// NewWorkbook begins a workbook of one sheet with a name.
func NewWorkbook(w io.Writer, name, lang string) *Workbook {
	return &Workbook{xlsx.New(w, xlsx.Options{Name: name, RightToLeft: lang == "fa"})}
}

// Row writes one row; see Table.
func (b *Workbook) Row(cells ...any) error {
	row := make([]any, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case int64:
			row[i] = int(c)
		case ledger.Millis:
			row[i] = c.D()
		case Value:
			row[i] = c.typed()
		default:
			row[i] = c
		}
	}
	return b.sheet.Row(row...)
}

// Close writes what is left.
func (b *Workbook) Close() error { return b.sheet.Close() }

func (v Value) typed() any {
	switch v.Unit {
	case Millis:
		return time.Duration(v.Of * float64(time.Millisecond))
	case Ratio:
		return xlsx.Percent(v.Of)
	}
	return v.Of
}
