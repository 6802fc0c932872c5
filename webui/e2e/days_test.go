package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDaysOfThePageAreThoseOfTheBrowser compares the page's own arithmetic of days with
// ICU's calendars (Node's Intl), day by day for two centuries.
func TestDaysOfThePageAreThoseOfTheBrowser(t *testing.T) {
	npm(t, "esbuild")
	built := filepath.Join(t.TempDir(), "calendar.mjs")
	if out, err := command(t, "../node_modules/esbuild/bin/esbuild", "../src/reports/calendar.ts", "--format=esm", "--outfile="+built).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	script := filepath.Join(filepath.Dir(built), "test.mjs")
	if err := os.WriteFile(script, []byte(`
import { addMonths, dateOf, dayOf, iso, monthLength, parse, typed, weekdayOf, weekStart } from "./calendar.mjs";
const form = Object.fromEntries([["jalali", "persian"], ["gregorian", "gregory"]].map(([name, ca]) =>
  [name, new Intl.DateTimeFormat("en-u-ca-" + ca + "-nu-latn", { timeZone: "UTC", year: "numeric", month: "numeric", day: "numeric" })]));
let days = 0;
for (let day = -18000; day < 40000; day++) { // 1920 to 2079
  for (const cal of ["jalali", "gregorian"]) {
    const parts = form[cal].formatToParts(day * 86400000);
    const of = (type) => Number(parts.find((p) => p.type === type).value);
    const want = { year: of("year"), month: of("month"), day: of("day") };
    const got = dateOf(day, cal);
    if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(day + " " + cal + " " + JSON.stringify([got, want]));
    if (dayOf(got, cal) !== day) throw new Error("there and back: " + day);
    if (parse(typed(day, cal)) !== day && got.year > 1299) throw new Error("typed: " + typed(day, cal));
    if (weekdayOf(day) !== new Date(day * 86400000).getUTCDay()) throw new Error("weekday of " + iso(day));
    const week = day - weekStart(day, cal);
    if (week < 0 || week > 6 || weekdayOf(day - week) !== (cal === "jalali" ? 6 : 1)) throw new Error("week of " + iso(day));
    const later = dateOf(addMonths(day, 13, cal), cal);
    const month = (got.month % 12) + 1;
    if (later.month !== month || later.day !== Math.min(got.day, monthLength(later.year, later.month, cal))) throw new Error("13 months after " + iso(day));
    days++;
  }
}
for (const text of ["1405/12/30", "1405/13/1", "2026-02-29", "1405/1/32", "26-1-1", "", "2026-11", "1100/1/1"]) if (parse(text) !== null) throw new Error("taken: " + text);
if (parse("1403/12/30") === null || parse("2028-02-29") === null) throw new Error("a leap day is refused");
console.log(days);
`), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, "node", script).CombinedOutput(); err != nil || string(out) != "116000\n" {
		t.Errorf("%v\n%s", err, out)
	}
}
