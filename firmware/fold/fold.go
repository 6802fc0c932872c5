// Package fold makes one form of the many that the same Persian or English text is typed
// in, so that a search finds a name however it was written: Arabic ye and kaf as the
// Persian ones (Unicode 6.3, 8.2), hamza on its carriers, digits of three kinds, the
// half-space, joiners, vowel marks and spaces left out, letters small.
// The package has no state.
package fold

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// drop is what a letter becomes that is left out.
const drop = -1

// one is the one form of a letter.
func one(r rune) rune {
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		if r == ' ' || r >= '\t' && r <= '\r' {
			return drop
		}
		return r
	case r >= 0x600 && r <= 0x6FF:
		return arabic(r)
	case unicode.IsSpace(r), unicode.In(r, unicode.Mn, unicode.Cf):
		return drop
	}
	return unicode.ToLower(r)
}

// arabic is the one form of a letter of the Arabic block.
func arabic(r rune) rune {
	switch r {
	case 'ي', 'ى', 'ئ':
		return 'ی'
	case 'ك':
		return 'ک'
	case 'ة', 'ۀ':
		return 'ه'
	case 'ؤ':
		return 'و'
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ـ':
		return drop
	}
	switch {
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= 0x64B && r <= 0x65F, r == 0x670, r >= 0x610 && r <= 0x61A, r >= 0x6D6 && r <= 0x6ED && !unicode.IsLetter(r), r <= 0x605, r == 0x61C:
		return drop
	}
	return r
}

// Append appends the one form of a text.
func Append(to, text []byte) []byte {
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(text[i:])
		}
		i += n
		if r = one(r); r != drop {
			to = utf8.AppendRune(to, r)
		}
	}
	return to
}

// Text is a text's one form.
func Text(s string) string { return string(Append(make([]byte, 0, len(s)), []byte(s))) }

// Contains tells whether a text has a part that is folded already. Everything has the
// empty part.
func Contains(text, part []byte) bool {
	var room [128]byte
	return bytes.Contains(Append(room[:0], text), part)
}
