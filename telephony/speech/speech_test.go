package speech

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pasokh/pasokh/telephony/call"
)

// texts are the catalogue's texts by unit name.
var texts = sync.OnceValue(func() map[string]string {
	all := make(map[string]string)
	for _, lang := range Languages() {
		for _, u := range Catalogue() {
			if text := u.Text(lang); text != "" {
				all[name(lang, u.Key)] = text
			}
		}
	}
	return all
})

// written is what units say; a name that is not in the catalogue shows as it is.
func written(units []string) string {
	all := texts()
	var words []string
	for _, u := range units {
		if text, ok := all[u]; ok {
			u = text
		}
		words = append(words, u)
	}
	return strings.Join(words, " ")
}

func TestNumbersAreSaidAsWritten(t *testing.T) {
	table, err := os.ReadFile("testdata/numbers.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(table)), "\n")
	if len(rows) < 125 {
		t.Fatalf("only %d rows", len(rows))
	}
	for _, row := range rows {
		f := strings.Split(row, "\t")
		n, err := strconv.Atoi(f[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := written(Number("en", n)); got != f[1] {
			t.Errorf("%d in English: %q, want %q", n, got, f[1])
		}
		if got := written(Number("fa", n)); got != f[2] {
			t.Errorf("%d in Persian: %q, want %q", n, got, f[2])
		}
		if got := written(ordinal(n)); n > 0 && got != f[3] {
			t.Errorf("place %d in Persian: %q, want %q", n, got, f[3])
		}
	}
}

// TestNumbersCanBeUnderstood reads what is said back, by the listener's rules:
// words below thousand add up, hundred multiplies, thousand and million close a
// group.
func TestNumbersCanBeUnderstood(t *testing.T) {
	value := map[string]int{"هزار": 1000, "میلیون": 1_000_000, "thousand": 1000, "million": 1_000_000, "hundred": 100}
	for _, u := range numbers() {
		if digits, ok := strings.CutPrefix(u.Key, "number-"); ok {
			if n, err := strconv.Atoi(digits); err == nil {
				value[u.FA], value[u.EN] = n, n
			}
		}
	}
	understand := func(t *rapid.T, said string) int {
		total, group, bare := 0, 0, true
		for _, word := range strings.Fields(said) {
			v, ok := value[word]
			switch {
			case word == "و":
				if bare {
					t.Fatalf("%q joins nothing", said)
				}
				bare = true
				continue
			case !ok:
				t.Fatalf("%q: what is %q?", said, word)
			case word == "hundred":
				group *= 100
			case v >= 1000:
				total, group = total+max(group, 1)*v, 0
			default:
				group += v
			}
			bare = false
		}
		if bare {
			t.Fatalf("%q ends in the middle", said)
		}
		return total + group
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, MaxNumber).Draw(t, "n")
		if rapid.Bool().Draw(t, "round") {
			n -= n % 1000
		}
		for _, lang := range Languages() {
			said := written(Number(lang, n))
			if got := understand(t, said); got != n {
				t.Fatalf("%s: %d is said %q, which is %d", lang, n, said, got)
			}
		}
	})
}

func TestGrammarsUseOnlyTheCatalogue(t *testing.T) {
	all := texts()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int().Draw(t, "n")
		if rapid.Bool().Draw(t, "sayable") {
			n = rapid.IntRange(0, MaxNumber).Draw(t, "n")
		}
		for _, lang := range append(Languages(), "de", "") {
			for _, p := range []call.Program{Position(lang, n), Ahead(lang, n), Wait(lang, n), Digits(lang, strconv.Itoa(n)), call.Say(Number(lang, n)...)} {
				for _, s := range p.Sounds {
					if _, ok := all[s.Prompt]; !ok && s.Pause == 0 {
						t.Fatalf("%q %d: there is no unit %s", lang, n, s.Prompt)
					}
				}
			}
		}
	})
}

func said(p call.Program) string {
	var names []string
	for _, s := range p.Sounds {
		if s.Prompt == "" {
			s.Prompt = s.Pause.String()
		}
		names = append(names, s.Prompt)
	}
	return strings.Join(names, " ")
}

func TestInLine(t *testing.T) {
	for _, c := range []struct {
		said call.Program
		want string
	}{
		{Position("en", 1), "You are number, one in line."},
		{Position("en", 21), "You are number, twenty one in line."},
		{Position("de", 2), "You are number, two in line."},
		{Position("fa", 1), "شما نفرِ، اول در صف هستید."},
		{Position("fa", 3), "شما نفرِ، سوم در صف هستید."},
		{Position("fa", 21), "شما نفرِ، بیست و یکم در صف هستید."},
		{Ahead("en", 5), "More than, five callers are before you."},
		{Ahead("fa", 25), "بیش از، بیست و پنج نفر پیش از شما در صف هستند."},
		{Wait("en", 15), "You will probably wait less than, fifteen minutes."},
		{Wait("fa", 2), "زمان انتظار شما کمتر از، دو دقیقه است."},
	} {
		if got := written(strings.Fields(said(c.said))); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestDigits(t *testing.T) {
	for _, c := range []struct{ lang, digits, want string }{
		{"en", "0912", "en/number-0 en/number-9 en/number-1 en/number-2"},
		{"fa", "۰۹-٨ *#x", "fa/number-0 fa/number-9 fa/number-8 fa/star fa/hash"},
		{"fa", "", ""},
	} {
		if got := said(Digits(c.lang, c.digits)); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.lang, c.digits, got, c.want)
		}
	}
	if got, want := Number("en", MaxNumber+1), strings.Fields(said(Digits("en", "1000000000"))); !cmp.Equal(got, want) {
		t.Errorf("a number beyond words: %v, want its digits", got)
	}
	if got := Number("fa", -1); got != nil {
		t.Errorf("-1 is said %v", got)
	}
}

func TestPhrases(t *testing.T) {
	all := texts()
	for _, key := range []string{"welcome", "menu-main", "queue-joined", "unknown-number", "busy", "no-answer", "unreachable",
		"queue-full", "queue-timeout", "no-agents", "menu-invalid", "menu-timeout", "conference-alone", "conference-full",
		"goodbye", "sorry-technical", "thanks"} {
		for _, lang := range Languages() {
			for _, s := range Phrase(lang, key).Sounds {
				if all[s.Prompt] == "" && s.Pause == 0 {
					t.Errorf("%s %s needs %s, which is not in the catalogue", lang, key, s.Prompt)
				}
			}
		}
	}
	if got := said(Phrase("fa", "busy")); got != "fa/busy 250ms fa/call-later" {
		t.Errorf("busy is said as %s", got)
	}
	if got := said(Phrase("fr", "my-own")); got != "en/my-own" {
		t.Errorf("a unit of the box's owner is said as %s", got)
	}
}

func TestCatalogueIsWellWritten(t *testing.T) {
	var keys []string
	for _, u := range Catalogue() {
		keys = append(keys, u.Key)
		if u.EN == "" && u.FA == "" {
			t.Errorf("%s says nothing", u.Key)
		}
		for _, r := range u.FA {
			if strings.ContainsRune("يكىةۀ", r) {
				t.Errorf("%s: %q has the Arabic letter %c", u.Key, u.FA, r)
			}
		}
		for _, text := range []string{u.EN, u.FA} {
			if strings.TrimSpace(text) != text || strings.Contains(text, "  ") || strings.Contains(text, "\u200c ") || strings.ContainsAny(text, "\t\n") {
				t.Errorf("%s: %q is badly spaced", u.Key, text)
			}
		}
	}
	slices.Sort(keys)
	if n := len(slices.Compact(slices.Clone(keys))); n != len(keys) {
		t.Errorf("%d keys, %d different", len(keys), n)
	}
	for _, u := range phrases() {
		if u.EN == "" || u.FA == "" {
			t.Errorf("phrase %s is not in both languages", u.Key)
		}
	}
}
