package speech

import (
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// comma is the pause between the groups of a telephone number.
const comma = 120 * time.Millisecond

// Telephone reads a telephone number as people do: in groups, which Persian says as
// numbers (0912 345 67 89: sefr nohsad-o davazdah, sisad-o chehel-o panj, ...), and
// English digit by digit (double eight). A number of Iran with its country code is
// read as it is dialled there. What has star or hash in it is read by Digits.
func Telephone(lang, s string) call.Program {
	number, ok := plain(s)
	if !ok {
		return Digits(lang, s)
	}
	if home, is := strings.CutPrefix(strings.Replace(number, "+", "00", 1), "0098"); is && len(home) == 10 {
		number = "0" + home
	}
	var p call.Program
	number, abroad := strings.CutPrefix(number, "+")
	if abroad {
		p = call.Say(name(lang, "plus"))
	}
	lengths, read := englishGroups(number), repeated
	if spoken(lang) == persian {
		lengths, read = persianGroups(number), group
	}
	for i, n := range lengths {
		if i > 0 {
			p = p.Then(call.Sound{Pause: comma})
		}
		p = p.Then(call.Say(read(number[:n])...).Sounds...)
		number = number[n:]
	}
	return p
}

// plain is s in ASCII digits, with a plus before them or not; it reports false for
// star and hash, which group nothing.
func plain(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		switch d, ok := digit(r); {
		case ok:
			b.WriteByte('0' + byte(d))
		case r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case r == '*' || r == '#':
			return "", false
		}
	}
	return b.String(), true
}

// persianGroups are the lengths of the groups that an Iranian says: mobiles as 0912
// 345 67 89, subscribers in pairs after the area code, and short numbers in pairs
// after a first group of three if need be.
func persianGroups(number string) (lengths []int) {
	n := len(number)
	switch {
	case n == 11 && strings.HasPrefix(number, "09"):
		return []int{4, 3, 2, 2}
	case n == 10 && number[0] == '9':
		return []int{3, 3, 2, 2}
	case n == 1:
		return []int{1}
	case n%2 == 1:
		lengths, n = append(lengths, 3), n-3
	}
	for ; n > 0; n -= 2 {
		lengths = append(lengths, 2)
	}
	return lengths
}

// englishGroups are groups of three and four digits: 021 8877 6655, 0912 345 6789,
// 1 212 555 1234.
func englishGroups(number string) (lengths []int) {
	n := len(number)
	switch {
	case n == 0:
		return nil
	case n < 6:
		return []int{n}
	case n == 8:
		return []int{4, 4}
	case n == 11 && number[0] == '1':
		return []int{1, 3, 3, 4}
	case n == 11 && number[0] == '0' && number[1] != '9':
		return []int{3, 4, 4}
	case n == 11:
		return []int{4, 3, 4}
	}
	for ; n > 4; n -= 3 {
		lengths = append(lengths, 3)
	}
	return append(lengths, n)
}

// group is a group of at most four digits in Persian: its zeros in front, and then a
// number.
func group(s string) []string {
	rest := strings.TrimLeft(s, "0")
	said := digits(persian, s[:len(s)-len(rest)])
	if n, err := strconv.ParseInt(rest, 10, 64); err == nil {
		said = append(said, cardinal(persian, n)...)
	}
	return said
}

// repeated is a group in English: digits, and double and triple before those that come
// two or three times.
func repeated(s string) (said []string) {
	for len(s) > 0 {
		n := min(len(s)-len(strings.TrimLeft(s, s[:1])), 3)
		if len(s) == 4 && strings.Trim(s, s[:1]) == "" {
			n = 2 // double eight, double eight
		}
		switch n {
		case 2:
			said = append(said, name(english, "double"))
		case 3:
			said = append(said, name(english, "triple"))
		}
		said, s = append(said, digits(english, s[:1])...), s[n:]
	}
	return said
}
