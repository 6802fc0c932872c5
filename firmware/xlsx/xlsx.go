// Package xlsx writes tables as workbooks (ECMA-376, Office Open XML, SpreadsheetML).
//
// It writes one sheet of rows, as they come, without holding them: a workbook of 100,000
// calls takes no more memory than one of ten. Cells have types, so that a spreadsheet
// sums times and sorts dates. Text is inline and cannot become a formula. Zip and XML are
// those of the standard library; libraries for the format hold whole workbooks and weigh
// more than all the box's pages.
//
// A Sheet belongs to one goroutine.
package xlsx

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Percent is a cell of a ratio, 0 to 1, that is shown in percent.
type Percent float64

// Options say how a sheet looks.
type Options struct {
	Name        string // of the sheet, cut to 31 characters
	RightToLeft bool
	Wide        int // characters of the first column; 0: 22
}

// Sheet is a workbook of one sheet in the making.
type Sheet struct {
	zip  *zip.Writer
	out  *bufio.Writer
	rows int
	err  error
}

// Limits of the format.
const (
	mostRows = 1 << 20
	mostText = 32767 // characters of a cell
	mostName = 31
)

// Styles of cells, by their place in styles.xml.
const (
	plain = iota
	head
	moment
	span
	percent
	decimal
)

// New begins a workbook. The first Row is its head, which stays in view.
func New(w io.Writer, o Options) *Sheet {
	s := &Sheet{zip: zip.NewWriter(w)}
	for _, f := range parts {
		text := f.text
		if f.name == workbookPart {
			text = fmt.Sprintf(text, escaped(sheetName(o.Name)))
		}
		s.part(f.name, text)
	}
	if s.err != nil {
		return s
	}
	w, s.err = s.zip.Create("xl/worksheets/sheet1.xml")
	if s.err != nil {
		return s
	}
	s.out = bufio.NewWriter(w)
	direction := ""
	if o.RightToLeft {
		direction = ` rightToLeft="1"`
	}
	if o.Wide == 0 {
		o.Wide = 22
	}
	fmt.Fprintf(s.out, sheetHead, direction, o.Wide)
	return s
}

func (s *Sheet) part(name, text string) {
	if s.err != nil {
		return
	}
	w, err := s.zip.Create(name)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	s.err = err
}

// Row writes a row. A cell is nil (empty), a string, an int or float64, a Percent, a
// time.Time as its own zone's clock shows it, or a time.Duration.
func (s *Sheet) Row(cells ...any) error {
	if s.err != nil {
		return s.err
	}
	if s.rows++; s.rows > mostRows {
		return fmt.Errorf("a sheet has %d rows at most", mostRows)
	}
	fmt.Fprintf(s.out, `<row r="%d">`, s.rows)
	for i, c := range cells {
		s.cell(column(i)+strconv.Itoa(s.rows), c)
	}
	_, s.err = s.out.WriteString("</row>")
	return s.err
}

func (s *Sheet) cell(at string, c any) {
	number := func(style int, v float64) {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			fmt.Fprintf(s.out, `<c r="%s" s="%d"><v>%s</v></c>`, at, style, strconv.FormatFloat(v, 'g', 15, 64))
		}
	}
	switch v := c.(type) {
	case string:
		style := plain
		if s.rows == 1 {
			style = head
		}
		if v != "" {
			fmt.Fprintf(s.out, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, style, escaped(cut(v, mostText)))
		}
	case int:
		number(plain, float64(v))
	case float64:
		style := plain
		if v != math.Trunc(v) {
			style = decimal
		}
		number(style, v)
	case Percent:
		number(percent, float64(v))
	case time.Time:
		number(moment, serial(v))
	case time.Duration:
		number(span, v.Hours()/24)
	}
}

// Close writes what is left.
func (s *Sheet) Close() error {
	if s.err != nil {
		return s.err
	}
	if _, err := s.out.WriteString("</sheetData></worksheet>"); err != nil {
		return err
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	return s.zip.Close()
}

// serial is a time in days since the epoch of spreadsheets, which takes 1900 for a leap
// year (ECMA-376 part 1, 18.17.4).
func serial(t time.Time) float64 {
	y, m, d := t.Date()
	hour, min, sec := t.Clock()
	days := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
	return days + float64(hour*3600+min*60+sec)/86400
}

// column is a column's name: A to Z, AA and so on.
func column(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// escaped is text inside XML. Characters that XML does not have become U+FFFD.
func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

// sheetName is a name without what sheets' names may not have.
func sheetName(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return ' '
		}
		return r
	}, name), " '")
	if name == "" {
		return "Sheet1"
	}
	return cut(name, mostName)
}
