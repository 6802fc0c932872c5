package speech

import "strings"

// numbers are the words of numbers. Texts in these tables
// are by value: the index, the tens from twenty, the hundreds.
func numbers() []Unit {
	en := [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
		"ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}
	fa := [...]string{"صفر", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه",
		"ده", "یازده", "دوازده", "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده"}
	enTens := [...]string{2: "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
	faTens := [...]string{2: "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود"}
	faHundreds := [...]string{1: "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد"}

	enOrdinals := [...]string{1: "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
		"tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"}

	units := []Unit{
		{Key: "star", EN: "star", FA: "ستاره"},
		{Key: "hash", EN: "hash", FA: "مربع"},
		{Key: "hundred", EN: "hundred"},
		{Key: "hundred" + ordered, EN: "hundredth"},
		{Key: "first", FA: "اول"},
		{Key: numeral(0), EN: en[0], FA: fa[0]},
	}
	add := func(key, en, fa, enOrdinal, faOrdinal string) {
		units = append(units, Unit{Key: key, EN: en, FA: fa}, Unit{Key: key + linked, FA: fa + " و"},
			Unit{Key: key + ordered, EN: enOrdinal, FA: faOrdinal})
	}
	for n := 1; n < 20; n++ {
		ordinal := fa[n] + "م"
		switch n {
		case 2:
			ordinal = "دوم"
		case 3:
			ordinal = "سوم"
		}
		add(numeral(n), en[n], fa[n], enOrdinals[n], ordinal)
	}
	for n := 2; n < 10; n++ {
		ordinal := faTens[n] + "م"
		if n == 3 {
			ordinal = "سی‌ام"
		}
		add(numeral(n*10), enTens[n], faTens[n], strings.TrimSuffix(enTens[n], "y")+"ieth", ordinal)
	}
	for n := 1; n < 10; n++ {
		add(numeral(n*100), "", faHundreds[n], "", faHundreds[n]+"م")
	}
	add("thousand", "thousand", "هزار", "thousandth", "هزارم")
	add("million", "million", "میلیون", "millionth", "میلیونم")
	units = append(units, Unit{"billion", "billion", "میلیارد"}, Unit{Key: "billion" + linked, FA: "میلیارد و"})
	return units
}
