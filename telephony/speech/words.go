package speech

// words are what stands with numbers: signs, money, times, counts and ranges.
func words() []Unit {
	units := []Unit{
		{Key: "double", EN: "double"},
		{Key: "triple", EN: "triple"},
		{Key: "oh", EN: "oh"},
		{Key: "and", EN: "and"},
		{"plus", "plus", "مثبت"},
		{"minus", "minus", "منفی"},
		{"point", "point", "ممیز"},

		{Key: "day" + linked, FA: "روز و"},
		{Key: "hour" + linked, FA: "ساعت و"},
		{Key: "hour" + ezafe, FA: "ساعتِ"},
		{Key: "minute" + linked, FA: "دقیقه و"},
		{Key: "minute" + ezafe, FA: "دقیقهٔ"},
		{Key: "am", EN: "a.m."},
		{Key: "pm", EN: "p.m."},
		{Key: "midnight", EN: "midnight"},
		{Key: "early", FA: "بامداد"},
		{Key: "morning", FA: "صبح"},
		{"noon", "noon", "ظهر"},
		{Key: "afternoon", FA: "بعدازظهر"},
		{Key: "night", FA: "شب"},

		{"you-have", "You have,", "شما،"},
		{"no-new-messages", "You have no new messages.", "شما پیام جدیدی ندارید."},
		{"no-old-messages", "You have no old messages.", "شما پیام شنیده‌شده‌ای ندارید."},
	}
	for _, w := range [...]Unit{
		{"rial", "rial", "ریال"}, {"toman", "toman", "تومان"}, {"dollar", "dollar", "دلار"}, {"euro", "euro", "یورو"},
		{"day", "day", "روز"}, {"hour", "hour", "ساعت"}, {"minute", "minute", "دقیقه"}, {"second", "second", "ثانیه"},
		{"new-message", "new message.", "پیام جدید دارید."}, {"old-message", "old message.", "پیام شنیده‌شده دارید."},
	} {
		many := w.EN + "s"
		if n := len(w.EN) - 1; w.EN[n] == '.' {
			many = w.EN[:n] + "s."
		}
		units = append(units, w, Unit{Key: w.Key + plural, EN: many})
	}
	return units
}

// plural is the end of the key of an English unit that follows any number but one.
const plural = "-s"

// counted is how a unit follows the number n. Persian counts in the singular.
func counted(lang, key string, n int64) string {
	if spoken(lang) == english && n != 1 {
		key += plural
	}
	return name(lang, key)
}
