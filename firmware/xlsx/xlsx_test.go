package xlsx

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/need"
)

// reader prints a workbook as openpyxl understands it.
const reader = `
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
sheet = book.active
rows = [[[type(c.value).__name__, str(c.value), c.number_format, c.data_type] for c in row] for row in sheet.iter_rows()]
print(json.dumps({"name": sheet.title, "rtl": bool(sheet.sheet_view.rightToLeft), "frozen": sheet.freeze_panes, "rows": rows}))
`

type read struct {
	Name   string
	RTL    bool
	Frozen string
	Rows   [][][4]string // kind, text, format, type
}

// openpyxl reads a workbook with a program that is not ours.
func openpyxl(t *testing.T, book []byte) (r read) {
	t.Helper()
	need.Module(t, "openpyxl")
	name := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(name, book, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(need.Python, "-c", reader, name).Output()
	if err != nil {
		t.Fatalf("openpyxl refuses the workbook: %v", err)
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOpenpyxlReadsEveryKindOfCell(t *testing.T) {
	zone := time.FixedZone("Tehran", 12600)
	at := time.Date(2026, 11, 22, 14, 5, 9, 0, zone)
	var out bytes.Buffer
	s := New(&out, Options{Name: "گزارش/تماس‌ها: " + strings.Repeat("x", 40), RightToLeft: true})
	for _, row := range [][]any{
		{"Head", "", "When"},
		{"=1+1 <&> \"ی\" \x01", 42, at, 90*time.Minute + 30*time.Second, Percent(0.875), 3.25, nil, " two  spaces "},
		{nil, 0, time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC), time.Duration(0), Percent(1), -7.5},
	} {
		if err := s.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	got := openpyxl(t, out.Bytes())
	if !got.RTL || got.Frozen != "A2" || got.Name != "گزارش تماس‌ها  "+strings.Repeat("x", 16) {
		t.Errorf("%+v", got)
	}
	want := [][][4]string{
		1: {{"str", "=1+1 <&> \"ی\" \uFFFD", "General", ""}, {"int", "42", "General"}, {"datetime", "2026-11-22 14:05:09", `yyyy\-mm\-dd\ hh:mm:ss`},
			{"", "1:30:30", "[h]:mm:ss"}, {"float", "0.875", "0.00%"}, {"float", "3.25", "0.00"}, {"NoneType", "None", "General"}, {"str", " two  spaces ", "General"}},
		2: {{"NoneType", "None", "General"}, {"int", "0", "General"}, {"datetime", "1999-12-31 23:59:59", `yyyy\-mm\-dd\ hh:mm:ss`},
			{"", "", "[h]:mm:ss"}, {"int", "1", "0.00%"}, {"float", "-7.5", "0.00"}},
	}
	for i := 1; i < len(want); i++ {
		for k, w := range want[i] {
			c := got.Rows[i][k]
			if w[0] != "" && c[0] != w[0] || w[1] != "" && !strings.HasPrefix(c[1], w[1]) || c[2] != w[2] || c[3] == "f" {
				t.Errorf("row %d, cell %d: %q, want %q", i+1, k+1, c, w)
			}
		}
	}
}

func TestColumnsHaveTheirNames(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := column(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}
