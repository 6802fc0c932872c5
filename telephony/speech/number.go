package speech

import "strconv"

// MaxNumber is the greatest number with words; beyond it digits are read.
const MaxNumber = 999_999_999

// maxAmount is the greatest amount of money with words: rials need more room than
// other numbers.
const maxAmount = 999_999_999_999

// Number is how n is said, as unit names. Below zero it is nothing; above
// MaxNumber it is read digit by digit.
func Number(lang string, n int) []string {
	switch {
	case n < 0:
		return nil
	case n > MaxNumber:
		return digits(lang, strconv.Itoa(n))
	}
	return cardinal(lang, int64(n))
}

// Ordinal is how the n-th of a row is called: "twenty first". Below one and above
// MaxNumber it is the number.
func Ordinal(lang string, n int) []string {
	switch {
	case n < 1 || n > MaxNumber:
		return Number(lang, n)
	case spoken(lang) == persian:
		return ordinal(n)
	}
	said := row(int64(n))
	said[len(said)-1] += ordered
	return said
}

// cardinal says n, 0 to maxAmount.
func cardinal(lang string, n int64) []string {
	if spoken(lang) == persian {
		return joined(n, "")
	}
	return row(n)
}

// An addend is a part of a number as it is said: "three million", "twenty".
type addend []string

// addends takes n, 1 to maxAmount, apart. hundreds says a multiple of hundred,
// and lone is whether one thousand is just "thousand".
func addends(n int64, hundreds func(int) addend, lone bool) []addend {
	var all []addend
	for _, scale := range []struct {
		size int64
		word string
	}{{1_000_000_000, "billion"}, {1_000_000, "million"}, {1000, "thousand"}, {1, ""}} {
		part := int(n / scale.size)
		n %= scale.size
		if part == 0 {
			continue
		}
		if lone && part == 1 && scale.word == "thousand" {
			all = append(all, addend{scale.word})
			continue
		}
		if part >= 100 {
			all = append(all, hundreds(part/100))
			part %= 100
		}
		if part >= 20 {
			all = append(all, addend{numeral(part / 10 * 10)})
			part %= 10
		}
		if part > 0 {
			all = append(all, addend{numeral(part)})
		}
		if scale.word != "" {
			all[len(all)-1] = append(all[len(all)-1], scale.word)
		}
	}
	return all
}

func numeral(n int) string { return "number-" + strconv.Itoa(n) }

// row is English: one addend after the other, "one hundred twenty three".
func row(n int64) []string {
	if n == 0 {
		return []string{name(english, numeral(0))}
	}
	var said []string
	for _, a := range addends(n, func(h int) addend { return addend{numeral(h), "hundred"} }, false) {
		for _, word := range a {
			said = append(said, name(english, word))
		}
	}
	return said
}

// Forms of a unit, by the end of its key.
const (
	linked  = "-o"  // followed by the next addend: sad-o
	ordered = "-om" // ordinal, in English too: sadom, hundredth
	ezafe   = "-e"  // followed by what belongs to it: azar-e 1405
)

// ordinal is a Persian place in a row. The first alone has a word of its own
// (avval); the twenty-first is regular (bist-o yekom).
func ordinal(n int) []string {
	switch {
	case n == 1:
		return []string{name(persian, "first")}
	case n < 1 || n > MaxNumber:
		return Number(persian, n)
	}
	return joined(int64(n), ordered)
}

// joined says n in Persian, every addend linked to the next and the last word in a form.
func joined(n int64, form string) []string {
	if n == 0 {
		return []string{name(persian, numeral(0))}
	}
	var said []string
	parts := addends(n, func(h int) addend { return addend{numeral(h * 100)} }, true)
	for i, a := range parts {
		for _, word := range a {
			said = append(said, name(persian, word))
		}
		last := &said[len(said)-1]
		if i < len(parts)-1 {
			*last += linked
		} else {
			*last += form
		}
	}
	return said
}
