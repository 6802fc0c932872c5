// Package speech knows what the box says: the catalogue of prompt units, the
// grammars that put units together, and the pack with their sounds.
//
// A unit is a piece of speech recorded once per language ("fa/number-20-o"). A
// grammar turns a value or an occasion into unit names; it is a pure function,
// and a language that the box does not speak is answered in English. Say has all
// of them by kind: numbers, ordinals, telephone numbers, money, durations, times,
// dates, places in line, waits and counts.
//
// Persian joins the parts of a number with "o" (bist-o-se, twenty and three), so the
// units that can be followed have a linking form of their own, and what something
// belongs to follows it with "e" (azar-e 1405, saat-e shesh). English says a row of
// words.
//
// The sounds are made on a build host by cmd/mkprompts and embedded. A pack in
// the data directory may replace any of them, or add some. Nothing here is
// changed after it is made, and everything may be used from any goroutine.
package speech
