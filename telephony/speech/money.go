package speech

import (
	"strconv"
	"strings"
)

// currencies are the units of currencies by what people write for them.
var currencies = map[string]string{
	"rial": "rial", "rials": "rial", "irr": "rial", "ریال": "rial", "﷼": "rial",
	"toman": "toman", "tomans": "toman", "irt": "toman", "تومان": "toman", "تومن": "toman",
	"dollar": "dollar", "dollars": "dollar", "usd": "dollar", "$": "dollar", "دلار": "dollar",
	"euro": "euro", "euros": "euro", "eur": "euro", "€": "euro", "یورو": "euro",
}

// Money is how an amount is said: digits of any script, with separators of thousands
// and at most three decimals, and the currency after it: "125,000 toman". Without a
// currency Persian says rial and English just the number. It reports false for what
// is no amount, or is 10^12 and more.
func Money(lang, amount string) ([]string, bool) {
	at := strings.LastIndexFunc(amount, func(r rune) bool { _, ok := digit(r); return ok })
	if at < 0 {
		return nil, false
	}
	for at++; at < len(amount) && amount[at]&0xc0 == 0x80; at++ { // the rest of the digit
	}
	written := strings.ToLower(strings.TrimSpace(amount[at:]))
	currency, known := currencies[written]
	if !known && written != "" {
		return nil, false
	}
	below, whole, decimals, ok := decimal(strings.TrimSpace(amount[:at]))
	if !ok {
		return nil, false
	}
	var said []string
	if below {
		said = append(said, name(lang, "minus"))
	}
	said = append(said, cardinal(lang, whole)...)
	if decimals != "" {
		said = append(append(said, name(lang, "point")), digits(lang, decimals)...)
		if whole == 1 {
			whole = 0 // one point five dollars
		}
	}
	if currency == "" && spoken(lang) == persian {
		currency = "rial"
	}
	if currency != "" {
		said = append(said, counted(lang, currency, whole))
	}
	return said, true
}

// decimal reads a number with at most three decimals that count.
func decimal(s string) (below bool, whole int64, decimals string, ok bool) {
	var b strings.Builder
	for i, r := range s {
		switch d, is := digit(r); {
		case is:
			b.WriteByte('0' + byte(d))
		case i == 0 && (r == '-' || r == '−'):
			below = true
		case r == '.' || r == '٫':
			b.WriteByte('.')
		case r != ',' && r != '٬' && r != '،':
			return false, 0, "", false
		}
	}
	front, decimals, _ := strings.Cut(b.String(), ".")
	decimals = strings.TrimRight(decimals, "0")
	whole, err := strconv.ParseInt(front, 10, 64)
	ok = err == nil && whole <= maxAmount && len(decimals) <= 3 && !strings.Contains(decimals, ".")
	return below && (whole > 0 || decimals != ""), whole, decimals, ok
}
