package fold

import "testing"

func TestOneForm(t *testing.T) {
	for _, c := range []struct {
		text, part string
		has        bool
	}{
		{"علي كاظمي", "علی کاظمی", true}, {"علی‌کاظمی", "علي كاظ", true}, {"می‌نو", "مینو", true}, {"مینو", "می نو", true},
		{"رضا احمدى", "احمدی", true}, {"آرش", "ارش", true}, {"محمّد", "محمد", true}, {"خـــانه", "خانه", true}, {"مسئول", "مسیول", true},
		{"شعبهٔ ۱۲", "12", true}, {"شعبه ١٢", "۱۲", true}, {"Bahar Co", "BAHARC", true}, {"Bahar", "", true},
		{"رضا", "رضوان", false}, {"Sara", "Zara", false}, {"", "a", false},
	} {
		if Contains([]byte(c.text), Append(nil, []byte(c.part))) != c.has {
			t.Errorf("%q in %q: %v", c.part, c.text, !c.has)
		}
		if Text(Text(c.text)) != Text(c.text) {
			t.Errorf("%q folded twice is another text", c.text)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("علي‌ كاظمي")
	f.Fuzz(func(t *testing.T, s string) {
		if Text(Text(s)) != Text(s) && Text(Text(Text(s))) != Text(Text(s)) {
			t.Errorf("%q has no one form", s)
		}
	})
}
