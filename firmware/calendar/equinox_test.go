package calendar

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestYearsBeginAtTheEquinox: the rule of 33 years is the law's for every year from 1300
// to 1500, as the sun has it.
func TestYearsBeginAtTheEquinox(t *testing.T) {
	text, err := os.ReadFile("testdata/equinox.tsv")
	if err != nil {
		t.Fatal(err)
	}
	years := 0
	for line := range strings.Lines(string(text)) {
		y, want, _ := strings.Cut(strings.TrimSpace(line), "\t")
		year, err := strconv.Atoi(y)
		if err != nil {
			t.Fatal(err)
		}
		years++
		if got := nowruz(year).String(); got != want {
			t.Errorf("%d begins on %s, want %s", year, got, want)
		}
	}
	if years != 202 {
		t.Errorf("%d years", years)
	}
}
