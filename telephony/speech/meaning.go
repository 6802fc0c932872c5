package speech

import "strings"

// Meaning is what a unit says for readers of a language, also of one in which it is never
// said: stories tell in the reader's language what a caller heard in another. It is empty
// for a key of no unit.
func Meaning(key, lang string) string {
	if text := textOf(key, lang); text != "" {
		return text
	}
	// A form that only the other language has: its plain form, and what the form adds.
	for _, form := range []struct{ end, en, fa string }{{ezafe, "", ""}, {linked, " and", " و"}, {plural, "", ""}} {
		if plain, ok := strings.CutSuffix(key, form.end); ok {
			if text := Meaning(plain, lang); text != "" && spoken(lang) == persian {
				return text + form.fa
			} else if text != "" {
				return text + form.en
			}
		}
	}
	for _, u := range meanings() {
		if u.Key == key {
			return u.Text(lang)
		}
	}
	// Persian has words of their own for hundreds.
	if n, rest, ok := strings.Cut(strings.TrimPrefix(key, "number-"), "00"); ok && spoken(lang) == english {
		if count, hundred := textOf("number-"+n, lang), textOf("hundred"+rest, lang); count != "" && hundred != "" {
			return count + " " + hundred
		}
	}
	return ""
}

// meanings are those of units that one language has and no form of another in the other.
func meanings() []Unit {
	return []Unit{
		{"first", "first", ""}, {"slot-end", "is to be pressed", ""}, {"early", "in the small hours", ""}, {"morning", "in the morning", ""}, {"afternoon", "in the afternoon", ""}, {"night", "at night", ""},
		{"hundred", "", "صد"}, {"hundred" + ordered, "", "صدم"}, {"double", "", "دو بار"}, {"triple", "", "سه بار"}, {"oh", "", "صفر"}, {"and", "", "و"},
		{"am", "", "پیش از ظهر"}, {"pm", "", "بعدازظهر"}, {"midnight", "", "نیمه‌شب"},
	}
}

// textOf is what the unit of a key says in a language.
func textOf(key, lang string) string {
	for _, u := range Catalogue() {
		if u.Key == key {
			return u.Text(lang)
		}
	}
	return ""
}
