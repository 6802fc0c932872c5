package ledger

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// tongue is a language that stories are told in.
type tongue struct {
	lang  string
	words map[string]string
}

func tongueOf(lang string) tongue {
	if lang == "fa" {
		return tongue{"fa", persian}
	}
	return tongue{"en", english}
}

// english and persian are the sentences of stories. Arguments have the same
// numbers in both.
var english = map[string]string{
	"arrived-line":      "%[1]s called in on line %[2]s",
	"arrived-extension": "%[1]s called %[3]s from extension %[2]s",
	"arrived":           "%[1]s called %[2]s",
	"routed":            "the call went to %[1]s: %[2]s",
	"box-answered":      "the box answered",
	"said":              "the caller was told: %[1]s",
	"pressed":           "the caller pressed %[1]s",
	"ringing":           "the phone of %[1]s rang (%[2]s)",
	"answered":          "%[1]s picked up after ringing for %[2]s",
	"unringing":         "the phone of %[1]s stopped after %[2]s: %[3]s",
	"bridged":           "the caller and %[1]s talk",
	"caller-hung-up":    "the caller hung up after %[1]s of talk",
	"agent-hung-up":     "%[1]s hung up after %[2]s of talk",
	"talk-ended":        "the talk ended after %[2]s: %[1]s",
	"held":              "%[1]s put the call on hold",
	"resumed":           "the call was taken back after %[1]s on hold",
	"quote":             "“",
	"unquote":           "”",
	"the-caller":        "the caller",
	"the-called":        "the called party",
	"refused":           "the call was not served: %[1]s",
	"ended":             "the call ended: %[1]s, %[2]s in all",
	"cut":               "the box restarted during the call",
	"joined":            "the caller joined queue %[1]s as number %[2]s",
	"not-joined":        "the caller could not join queue %[1]s: %[2]s",
	"announced":         "the caller was told to be number %[1]s in line",
	"offered":           "%[1]s was chosen: %[2]s",
	"missed":            "%[1]s did not take the call: %[2]s",
	"connected":         "%[1]s got the caller after a wait of %[2]s",
	"left":              "the caller left queue %[1]s after %[3]s: %[2]s",
	"wrap-up":           "%[1]s has %[2]s for wrapping up",
	"ready":             "%[1]s is free again",
	"because-abandoned": "gave up",
	"because-timeout":   "the longest wait was over",
	"because-key":       "pressed the key for a person",
	"because-full":      "the queue was full",
	"because-empty":     "the queue has no agents",
	"because-closed":    "the queue was closed",
}

var persian = map[string]string{
	"arrived-line":      "%[1]s از خط %[2]s تماس گرفت",
	"arrived-extension": "%[1]s از داخلی %[2]s شمارهٔ %[3]s را گرفت",
	"arrived":           "%[1]s شمارهٔ %[2]s را گرفت",
	"routed":            "تماس به %[1]s رفت%.0[2]s",
	"box-answered":      "دستگاه پاسخ داد",
	"said":              "برای تماس‌گیرنده پخش شد: %[1]s",
	"pressed":           "تماس‌گیرنده %[1]s را فشرد",
	"ringing":           "تلفن %[1]s زنگ خورد (%[2]s)",
	"answered":          "%[1]s پس از %[2]s زنگ گوشی را برداشت",
	"unringing":         "زنگ تلفن %[1]s پس از %[2]s قطع شد: %[3]s",
	"bridged":           "تماس‌گیرنده و %[1]s گفتگو می‌کنند",
	"caller-hung-up":    "تماس‌گیرنده پس از %[1]s گفتگو گوشی را گذاشت",
	"agent-hung-up":     "%[1]s پس از %[2]s گفتگو گوشی را گذاشت",
	"talk-ended":        "گفتگو پس از %[2]s پایان یافت: %[1]s",
	"held":              "%[1]s تماس را روی انتظار گذاشت",
	"resumed":           "تماس پس از %[1]s از انتظار بیرون آمد",
	"quote":             "«",
	"unquote":           "»",
	"the-caller":        "تماس‌گیرنده",
	"the-called":        "طرف مقابل",
	"refused":           "به تماس پاسخ داده نشد: %[1]s",
	"ended":             "تماس پایان یافت: %[1]s، در مجموع %[2]s",
	"cut":               "دستگاه در میان تماس دوباره راه‌اندازی شد",
	"joined":            "تماس‌گیرنده نفر %[2]s صف %[1]s شد",
	"not-joined":        "تماس‌گیرنده نتوانست وارد صف %[1]s شود: %[2]s",
	"announced":         "به تماس‌گیرنده گفته شد که نفر %[1]s صف است",
	"offered":           "%[1]s انتخاب شد: %[2]s",
	"missed":            "%[1]s تماس را نگرفت: %[2]s",
	"connected":         "تماس‌گیرنده پس از %[2]s انتظار به %[1]s رسید",
	"left":              "تماس‌گیرنده پس از %[3]s از صف %[1]s بیرون رفت: %[2]s",
	"wrap-up":           "%[1]s برای جمع‌بندی %[2]s فرصت دارد",
	"ready":             "%[1]s دوباره آزاد است",
	"because-abandoned": "منصرف شد",
	"because-timeout":   "بیشترین زمان انتظار به سر آمد",
	"because-key":       "کلید گفتگو با اپراتور را فشرد",
	"because-full":      "صف پر بود",
	"because-empty":     "صف کارشناسی ندارد",
	"because-closed":    "صف بسته شد",
}

// clauses are the parts of an offer's reason (package acd) in Persian.
var clauses = []struct {
	english *regexp.Regexp
	persian string
}{
	{regexp.MustCompile(`^longest idle (\S+)$`), "بیشترین زمان بیکاری، %[1]s"},
	{regexp.MustCompile(`^first free in the list$`), "نخستین کارشناس آزاد فهرست"},
	{regexp.MustCompile(`^ringing every free agent$`), "زنگ هم‌زمان برای همهٔ کارشناسان آزاد"},
	{regexp.MustCompile(`^asked again, every free agent missed this caller$`), "دوباره پرسیده شد، چون همهٔ کارشناسان آزاد این تماس را نگرفته‌اند"},
	{regexp.MustCompile(`^(\S+) talking$`), "%[1]s در حال گفتگو"},
	{regexp.MustCompile(`^(\S+) already rung$`), "تلفن %[1]s زنگ می‌خورد"},
	{regexp.MustCompile(`^(\S+) rung for another caller$`), "تلفن %[1]s برای تماس دیگری زنگ می‌خورد"},
	{regexp.MustCompile(`^(\S+) offline$`), "%[1]s بدون تلفن"},
	{regexp.MustCompile(`^(\S+) on another call$`), "%[1]s در تماسی دیگر"},
	{regexp.MustCompile(`^(\S+) wrapping up, (\S+) left$`), "%[1]s در حال جمع‌بندی، %[2]s مانده"},
	{regexp.MustCompile(`^(\S+) resting after a missed call, (\S+) left$`), "%[1]s پس از تماس بی‌پاسخ در مکث، %[2]s مانده"},
	{regexp.MustCompile(`^(\S+) missed this caller (\S+) ago$`), "%[1]s این تماس را %[2]s پیش نگرفت"},
	{regexp.MustCompile(`^(\S+) idle (\S+)$`), "%[1]s بیکار به مدت %[2]s"},
	{regexp.MustCompile(`^(\S+) later in the list$`), "%[1]s بعدتر در فهرست"},
	{regexp.MustCompile(`^and (\d+) more$`), "و %[1]s نفر دیگر"},
}

// reason is an offer's reason. A clause of an unknown form stays as it is.
func (t tongue) reason(text string) string {
	if t.lang != "fa" {
		return text
	}
	parts := strings.Split(text, "; ")
	for i, part := range parts {
		for _, c := range clauses {
			m := c.english.FindStringSubmatch(part)
			if m == nil {
				continue
			}
			var args []any
			for _, arg := range m[1:] {
				if d, err := time.ParseDuration(arg); err == nil {
					arg = t.span(d)
				}
				args = append(args, t.digits(arg))
			}
			parts[i] = fmt.Sprintf(c.persian, args...)
			break
		}
	}
	return strings.Join(parts, "؛ ")
}

// left is why a caller left a queue, or could not join it.
func (t tongue) left(reason string) string {
	if text, ok := t.words["because-"+reason]; ok {
		return text
	}
	return reason
}

func (t tongue) cause(name string) string {
	c, ok := call.ParseCause(name)
	if !ok {
		return name
	}
	return c.Text(t.lang)
}

func (t tongue) party(p call.Party) string {
	switch {
	case t.lang != "fa":
		return p.String()
	case p.Name == "" && p.Number == "":
		return "ناشناس"
	case p.Name == "":
		return t.digits(p.Number)
	case p.Number == "":
		return p.Name
	}
	return p.Name + " (" + t.digits(p.Number) + ")"
}

// text is what the named prompts say, for readers of the tongue. A prompt that
// has no text (a recording of the business) is named.
func (t tongue) text(prompts string) string {
	texts := make(map[string]string)
	for _, u := range speech.Catalogue() {
		texts[u.Key] = u.Text(t.lang)
	}
	said := strings.Fields(prompts)
	for i, name := range said {
		if _, key, ok := strings.Cut(name, "/"); ok && texts[key] != "" {
			said[i] = texts[key]
		}
	}
	return t.words["quote"] + strings.Join(said, " ") + t.words["unquote"]
}

var persianDigits = strings.NewReplacer("0", "۰", "1", "۱", "2", "۲", "3", "۳", "4", "۴",
	"5", "۵", "6", "۶", "7", "۷", "8", "۸", "9", "۹")

// digits writes the digits of a number as the language's readers do.
func (t tongue) digits(s string) string {
	if t.lang == "fa" {
		return persianDigits.Replace(s)
	}
	return s
}

// watch is a time on a stop watch: "1:05", "1:02:03".
func (t tongue) watch(d time.Duration) string {
	s := max(0, int(d/time.Second))
	text := fmt.Sprintf("%d:%02d", s/60, s%60)
	if s >= 3600 {
		text = fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return t.digits(text)
}

// span is a duration in whole seconds: "1m5s".
func (t tongue) span(d time.Duration) string {
	d = max(0, d).Round(time.Second)
	if t.lang != "fa" {
		return acd.Span(d)
	}
	var parts []string
	for _, unit := range []struct {
		n    int
		name string
	}{{int(d.Hours()), "ساعت"}, {int(d.Minutes()) % 60, "دقیقه"}, {int(d.Seconds()) % 60, "ثانیه"}} {
		if unit.n > 0 {
			parts = append(parts, t.digits(fmt.Sprint(unit.n))+" "+unit.name)
		}
	}
	if parts == nil {
		return "کمتر از یک ثانیه"
	}
	return strings.Join(parts, " و ")
}
