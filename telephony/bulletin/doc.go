// Package bulletin sends reports by mail when their periods are over: of yesterday, of
// last week, of last month, in weeks and months of the Jalali or the Gregorian calendar.
//
// A bulletin is due at its time of day on the first day after its period. The room has
// one goroutine (Run) that waits for the next one that is due, computes it from the
// ledger as the page does, and hands it to the mail room, which keeps trying. What was
// sent last is remembered over a restart: a box that was off when a bulletin was due
// sends the latest one that was missed, once, and none twice. A new bulletin begins with
// the period that runs.
//
// The body is HTML with the figures, what each means and what it was in the period
// before, and the same as plain text; a workbook with the rows goes with it.
//
// The room owns what was sent last. It is safe for concurrent use.
package bulletin
