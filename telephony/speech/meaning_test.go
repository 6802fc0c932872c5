package speech

import "testing"

// TestEveryUnitHasAMeaning: no reader of a story is left with a key.
func TestEveryUnitHasAMeaning(t *testing.T) {
	for _, u := range Catalogue() {
		for _, lang := range []string{"en", "fa"} {
			got := Meaning(u.Key, lang)
			if got == "" || u.Text(lang) != "" && got != u.Text(lang) {
				t.Errorf("%s means %q in %s, and says %q", u.Key, got, lang, u.Text(lang))
			}
		}
	}
	for key, want := range map[string]string{"first": "first", "first-e": "first", "number-20-o": "twenty and", "number-300": "three hundred", "number-100-om": "one hundredth",
		"jalali-9-e": textOf("jalali-9", "en"), "hour-e": "hour", "number-5-om-e": "fifth", "thousand-o": "thousand and", "number-200-o": "two hundred and"} {
		if got := Meaning(key, "en"); got != want {
			t.Errorf("%s means %q in English, want %q", key, got, want)
		}
	}
	if got := Meaning("minute-s", "fa"); got != "دقیقه" {
		t.Errorf("minutes mean %q in Persian", got)
	}
	if got := Meaning("shop-hours", "en"); got != "" {
		t.Errorf("a prompt of the business means %q", got)
	}
}
