package speech

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var monday = time.Date(2026, 11, 23, 18, 40, 5, 0, time.UTC)

func TestSay(t *testing.T) {
	for _, c := range []struct {
		lang  string
		as    Kind
		value string
		want  string // "" cannot be said so
	}{
		{"fa", AsTelephone, "09123456789", "صفر نهصد و دوازده 120ms سیصد و چهل و پنج 120ms شصت و هفت 120ms هشتاد و نه"},
		{"fa", AsTelephone, "+98 912 345 6789", "صفر نهصد و دوازده 120ms سیصد و چهل و پنج 120ms شصت و هفت 120ms هشتاد و نه"},
		{"fa", AsTelephone, "00989123456789", "صفر نهصد و دوازده 120ms سیصد و چهل و پنج 120ms شصت و هفت 120ms هشتاد و نه"},
		{"fa", AsTelephone, "۰۲۱۸۸۷۷۶۶۰۵", "صفر بیست و یک 120ms هشتاد و هشت 120ms هفتاد و هفت 120ms شصت و شش 120ms صفر پنج"},
		{"fa", AsTelephone, "9123456700", "نهصد و دوازده 120ms سیصد و چهل و پنج 120ms شصت و هفت 120ms صفر صفر"},
		{"fa", AsTelephone, "88776655", "هشتاد و هشت 120ms هفتاد و هفت 120ms شصت و شش 120ms پنجاه و پنج"},
		{"fa", AsTelephone, "3344556", "سیصد و سی و چهار 120ms چهل و پنج 120ms پنجاه و شش"},
		{"fa", AsTelephone, "110", "صد و ده"},
		{"fa", AsTelephone, "1001", "ده 120ms صفر یک"},
		{"fa", AsTelephone, "+4930123456", "مثبت چهل و نه 120ms سی 120ms دوازده 120ms سی و چهار 120ms پنجاه و شش"},
		{"fa", AsTelephone, "*72", "ستاره هفت دو"},
		{"fa", AsTelephone, "anonymous", ""},
		{"en", AsTelephone, "02188776655", "zero two one 120ms double eight double seven 120ms double six double five"},
		{"en", AsTelephone, "09123456789", "zero nine one two 120ms three four five 120ms six seven eight nine"},
		{"en", AsTelephone, "88776655", "double eight double seven 120ms double six double five"},
		{"en", AsTelephone, "8888777", "triple eight 120ms eight triple seven"},
		{"en", AsTelephone, "0000", "double zero double zero"},
		{"en", AsTelephone, "99999", "triple nine double nine"},
		{"en", AsTelephone, "+12125551234", "plus one 120ms two one two 120ms triple five 120ms one two three four"},
		{"en", AsTelephone, "7", "seven"},

		{"fa", AsMoney, "125000", "صد و بیست و پنج هزار ریال"},
		{"fa", AsMoney, "۱۲۵٬۰۰۰ تومان", "صد و بیست و پنج هزار تومان"},
		{"fa", AsMoney, "2,500,000,000 rial", "دو میلیارد و پانصد میلیون ریال"},
		{"fa", AsMoney, "-1000 toman", "منفی هزار تومان"},
		{"fa", AsMoney, "12.50 $", "دوازده ممیز پنج دلار"},
		{"en", AsMoney, "125000", "one hundred twenty five thousand"},
		{"en", AsMoney, "1 dollar", "one dollar"},
		{"en", AsMoney, "1.05 USD", "one point zero five dollars"},
		{"en", AsMoney, "3 euros", "three euros"},
		{"en", AsMoney, "125000 rial", "one hundred twenty five thousand rials"},
		{"en", AsMoney, "0 toman", "zero tomans"},
		{"en", AsMoney, "5.00", "five"},
		{"en", AsMoney, "-0", "zero"},
		{"en", AsMoney, "1000000000000", ""},
		{"en", AsMoney, "5 camels", ""},
		{"en", AsMoney, "1.2.3", ""},
		{"en", AsMoney, "1.2345", ""},
		{"en", AsMoney, "rial", ""},
		{"en", AsMoney, "", ""},

		{"fa", AsDuration, "125", "دو دقیقه و پنج ثانیه"},
		{"fa", AsDuration, "90061", "یک روز و یک ساعت و یک دقیقه و یک ثانیه"},
		{"fa", AsDuration, "7200", "دو ساعت"},
		{"en", AsDuration, "125", "two minutes and five seconds"},
		{"en", AsDuration, "3661", "one hour one minute and one second"},
		{"en", AsDuration, "0", "zero seconds"},
		{"en", AsDuration, "-5", ""},
		{"en", AsDuration, "999999999999", ""},

		{"fa", AsTime, "18:40", "ساعتِ شش و چهل دقیقهٔ بعدازظهر"},
		{"fa", AsTime, "۰۹:۰۰", "ساعتِ نهِ صبح"},
		{"fa", AsTime, "now", "ساعتِ شش و چهل دقیقهٔ بعدازظهر"},
		{"en", AsTime, "now", "six forty p.m."},
		{"en", AsTime, "0:05", "twelve oh five a.m."},
		{"en", AsTime, "24:00", ""},

		{"en", AsDate, "today", "Monday 120ms November twenty third twenty twenty six"},
		{"en", AsDate, "2005-01-01", "Saturday 120ms January first two thousand five"},
		{"en", AsDate, "1405/9/2", "Monday 120ms November twenty third twenty twenty six"},
		{"fa", AsDate, "today", "دوشنبه 120ms دومِ آذرِ هزار و چهارصد و پنج"},
		{"fa", AsDate, "۱۴۰۵/۰۱/۰۱", "شنبه 120ms اولِ فروردینِ هزار و چهارصد و پنج"},
		{"fa", AsDate, "2026-12-20", "یکشنبه 120ms بیست و نهمِ آذرِ هزار و چهارصد و پنج"},
		{"en", AsDate, "2026-02-30", ""},
		{"fa", AsDate, "9999-12-31x", ""},

		{"fa", AsOrdinal, "1", "اول"},
		{"fa", AsOrdinal, "23", "بیست و سوم"},
		{"en", AsOrdinal, "23", "twenty third"},
		{"en", AsOrdinal, "0", "zero"},
		{"fa", AsNumber, "۲۳", "بیست و سه"},
		{"en", AsNumber, "many", ""},
		{"en", AsDigits, "12", "one two"},
		{"en", AsDigits, "", ""},
		{"fa", AsWait, "5", "زمان انتظار شما کمتر از، پنج دقیقه است."},
		{"en", AsWait, "30", "You will probably wait less than, thirty minutes."},
		{"fa", AsMessages, "3", "شما، سه پیام جدید دارید."},
		{"en", AsMessages, "3", "You have, three new messages."},
		{"en", AsMessages, "1", "You have, one new message."},
		{"en", AsMessages, "0", "You have no new messages."},
		{"en", AsPosition, "2", "You are number, two in line."},
		{"en", AsPrompt, "paused", "Paused."},
		{"en", "smell", "5", ""},
	} {
		p, ok := Say(c.lang, c.as, c.value, monday)
		if !ok && c.want == "" {
			continue
		}
		if got := written(strings.Fields(said(p))); got != c.want || !ok {
			t.Errorf("%s %s %q: %q, %v; want %q", c.lang, c.as, c.value, got, ok, c.want)
		}
	}
	if got := written(strings.Fields(said(OldMessages("fa", 2)))); got != "شما، دو پیام شنیده‌شده دارید." {
		t.Errorf("two old messages: %q", got)
	}
	if got := written(Jalali("fa", 0, 9, 1)); got != "اولِ آذر" {
		t.Errorf("without its year: %q", got)
	}
}

// sayable draws a value of a kind, mostly one that makes sense.
func sayable(t *rapid.T, as Kind) string {
	switch as {
	case AsTelephone, AsDigits:
		return rapid.StringMatching(`\+?[0-9*# -]{0,20}`).Draw(t, "number")
	case AsMoney:
		return rapid.StringMatching(`-?[0-9,]{1,15}(\.[0-9]{0,4})?( (toman|ریال|usd|euro|pesos))?`).Draw(t, "amount")
	case AsTime:
		return rapid.StringMatching(`now|[012]?[0-9]:[0-5][0-9]`).Draw(t, "time")
	case AsDate:
		return rapid.StringMatching(`today|(19|20)[0-9]{2}-(0[1-9]|1[0-2])-[0-3][0-9]`).Draw(t, "day")
	case AsPrompt:
		return rapid.SampledFrom([]string{"welcome", "busy"}).Draw(t, "prompt")
	}
	return rapid.StringMatching(`-?[0-9]{1,10}`).Draw(t, "n")
}

// TestEverythingSaidHasAUnit: whatever is said, its units are in the catalogue and in the pack.
func TestEverythingSaidHasAUnit(t *testing.T) {
	all := texts()
	rapid.Check(t, func(t *rapid.T) {
		as := rapid.SampledFrom(Kinds()).Draw(t, "as")
		value := rapid.String().Draw(t, "anything")
		if rapid.Bool().Draw(t, "sense") {
			value = sayable(t, as)
		}
		if as == AsPrompt && value != "welcome" && value != "busy" {
			return
		}
		for _, lang := range []string{"en", "fa", "de"} {
			p, ok := Say(lang, as, value, monday)
			if ok && len(p.Sounds) == 0 {
				t.Fatalf("%s %s %q is said with nothing", lang, as, value)
			}
			for _, s := range p.Sounds {
				if all[s.Prompt] == "" && s.Pause == 0 {
					t.Fatalf("%s %s %q: there is no unit %s", lang, as, value, s.Prompt)
				}
			}
		}
	})
}

// TestTelephoneKeepsEveryDigit: groups have every digit once, and so has what is read.
func TestTelephoneKeepsEveryDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[1-9][0-9]{0,15}`).Draw(t, "number")
		for lang, lengths := range map[string][]int{"en": englishGroups(number), "fa": persianGroups(number)} {
			sum := 0
			for _, n := range lengths {
				if sum += n; n < 1 || n > 5 {
					t.Fatalf("%s: a group of %d", lang, n)
				}
			}
			if sum != len(number) {
				t.Fatalf("%s: groups of %v for %d digits", lang, lengths, len(number))
			}
		}
		digits := ""
		for _, s := range Telephone("en", number).Sounds {
			key := strings.TrimPrefix(s.Prompt, "en/")
			switch key {
			case "double", "triple":
				digits += key
			case "":
			default:
				d := strings.TrimPrefix(key, "number-")
				digits = strings.Replace(strings.Replace(digits, "double", d, 1), "triple", d+d, 1) + d
			}
		}
		if digits != number {
			t.Fatalf("%s is read %s", number, digits)
		}
	})
}
