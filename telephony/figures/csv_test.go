package figures

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pasokh/pasokh/telephony/ledger"
)

func TestSheetsAreReadByOthers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cells := rapid.SliceOfN(rapid.StringMatching(`[=+\-@"',;\n\tآa0]{0,6}`), 1, 5).Draw(rt, "cells")
		var out bytes.Buffer
		s := NewSheet(&out)
		for range 2 {
			if err := s.Line(append([]string(nil), cells...)...); err != nil {
				rt.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			rt.Fatal(err)
		}
		text, bom := strings.CutPrefix(out.String(), "\uFEFF")
		if len(cells) == 1 && cells[0] == "" {
			return // an empty line is no record to package csv
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || !bom || len(rows) != 2 || !strings.HasSuffix(text, "\r\n") {
			rt.Fatalf("%q: %v", text, err)
		}
		for i, c := range rows[0] {
			if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) || strings.TrimPrefix(c, "'") != strings.TrimPrefix(cells[i], "'") {
				rt.Fatalf("%q became %q", cells[i], c)
			}
		}
	})
}

func TestReportsAsCSV(t *testing.T) {
	b, at := day(t)
	b.visit(at(14, 0, 0), "=cmd|' /C calc'!A0", ledger.Visit{Outcome: ledger.VisitAbandoned})
	r := room(b, at(20, 0, 0), nil)
	for _, lang := range []string{"en", "fa"} {
		for by, lines := range map[Group]int{ByNothing: 0, ByHour: 26, ByQueue: 3, ByWeekday: 3, ByWeekHour: 26} {
			report, err := r.Report(t.Context(), Query{From: at(0, 0, 0), To: at(24, 0, 0), By: by})
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := report.CSV(&out, lang); err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
			if err != nil || lines > 0 && len(rows) != lines || !strings.Contains(out.String(), formulas[9].Text.In(lang)) {
				t.Errorf("%s by %q: %d lines, %v", lang, by, len(rows), err)
			}
		}
	}
	list, _, err := r.Contacts(t.Context(), Query{From: at(0, 0, 0), To: at(24, 0, 0)}, "abandoned", 0, 10)
	var out bytes.Buffer
	if err := WriteContacts(NewSheet(&out), list, r.Zone(), "en"); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); err != nil || !strings.Contains(text, ",'=cmd|") || !strings.Contains(text, "2026-03-01 10:07:00,,,telco,700,,abandoned,,90.000") {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestEveryWordIsThereInBothLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Formulas() {
		if f.Name.EN == "" || f.Name.FA == "" || f.Text.EN == "" || f.Text.FA == "" || units[f.Unit].FA == "" || seen[f.ID] {
			t.Errorf("%s lacks words, or is there twice", f.ID)
		}
		seen[f.ID] = true
	}
}

func TestPeriods(t *testing.T) {
	zone := tehran(t)
	r := room(&book{}, time.Date(2026, 3, 4, 0, 30, 0, 0, zone), nil) // a Wednesday
	for name, want := range map[string][2]int{Today: {4, 5}, Yesterday: {3, 4}, Month: {1, 5}} {
		from, to, ok := r.Period(name)
		if !ok || !from.Equal(time.Date(2026, 3, want[0], 0, 0, 0, 0, zone)) || !to.Equal(time.Date(2026, 3, want[1], 0, 0, 0, 0, zone)) {
			t.Errorf("%s: %v to %v", name, from, to)
		}
	}
	if from, _, _ := r.Period(Week); !from.Equal(time.Date(2026, 2, 28, 0, 0, 0, 0, zone)) || from.Weekday() != time.Saturday {
		t.Errorf("the week began on %v", from)
	}
	if _, _, ok := r.Period("fortnight"); ok {
		t.Error("a fortnight has no name here")
	}
}
