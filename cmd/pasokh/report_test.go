package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/figures"
)

func TestAReportIsPrintedForReaders(t *testing.T) {
	begin := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	row := figures.Row{Key: "1001", Values: map[string]float64{"offered": 12, "answered": 9, "sl-net": 0.875, "asa": 12_340, "aht": 3_723_000}}
	r := &figures.Report{From: begin, To: begin.AddDate(0, 0, 1), Zone: "Asia/Tehran", By: figures.ByAgent, Closes: true, Total: row, Rows: []figures.Row{row}}
	for lang, want := range map[string][]string{
		"en": {"Service level", "87.5%", "12.3 s", "1:02:03", "answered within T / (O − abandoned within T)", "The sum closes.", "1001"},
		"fa": {"سطح خدمت", "۸۷٫۵٪", "۱۲٫۳ ثانیه", "۱:۰۲:۰۳", "جمع‌ها می‌خوانند", "۱۰۰۱"},
	} {
		var out bytes.Buffer
		printReport(&out, r, figures.Formulas(), lang)
		for _, text := range want {
			if !strings.Contains(out.String(), text) {
				t.Errorf("no %q in\n%s", text, out.String())
			}
		}
	}
	r.Closes, r.Difference = false, 3
	r.Unclosed = []figures.Unclosed{{Call: "20260301-x", Queue: "700"}}
	var out bytes.Buffer
	printReport(&out, r, figures.Formulas(), "en")
	if text := out.String(); !strings.Contains(text, "DOES NOT CLOSE: 3") || !strings.Contains(text, "20260301-x") {
		t.Error(text)
	}
}
