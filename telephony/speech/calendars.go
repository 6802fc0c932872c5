package speech

import "strconv"

// calendars are the days of the week, the months, and the forms of numbers that
// Persian joins to them.
func calendars() []Unit {
	units := []Unit{
		{weekday + "0", "Sunday", "یکشنبه"}, {weekday + "1", "Monday", "دوشنبه"}, {weekday + "2", "Tuesday", "سه‌شنبه"},
		{weekday + "3", "Wednesday", "چهارشنبه"}, {weekday + "4", "Thursday", "پنجشنبه"}, {weekday + "5", "Friday", "جمعه"},
		{weekday + "6", "Saturday", "شنبه"},
		{Key: "first" + ezafe, FA: "اولِ"},
	}
	month := func(calendar string, n int, en, fa, joined string) {
		key := calendar + strconv.Itoa(n)
		units = append(units, Unit{key, en, fa}, Unit{Key: key + ezafe, FA: joined})
	}
	for i, m := range [12][2]string{{"Farvardin", "فروردین"}, {"Ordibehesht", "اردیبهشت"}, {"Khordad", "خرداد"}, {"Tir", "تیر"},
		{"Mordad", "مرداد"}, {"Shahrivar", "شهریور"}, {"Mehr", "مهر"}, {"Aban", "آبان"}, {"Azar", "آذر"}, {"Dey", "دی"},
		{"Bahman", "بهمن"}, {"Esfand", "اسفند"}} {
		month(jalali, i+1, m[0], m[1], m[1]+"ِ")
	}
	for i, m := range [12][3]string{{"January", "ژانویه", "ژانویهٔ"}, {"February", "فوریه", "فوریهٔ"}, {"March", "مارس", "مارسِ"},
		{"April", "آوریل", "آوریلِ"}, {"May", "مه", "مهٔ"}, {"June", "ژوئن", "ژوئنِ"}, {"July", "ژوئیه", "ژوئیهٔ"}, {"August", "اوت", "اوتِ"},
		{"September", "سپتامبر", "سپتامبرِ"}, {"October", "اکتبر", "اکتبرِ"}, {"November", "نوامبر", "نوامبرِ"}, {"December", "دسامبر", "دسامبرِ"}} {
		month(gregorian, i+1, m[0], m[1], m[2])
	}
	for i, hour := range [12]string{"یکِ", "دوی", "سهٔ", "چهارِ", "پنجِ", "ششِ", "هفتِ", "هشتِ", "نهِ", "دهِ", "یازدهِ", "دوازدهِ"} {
		units = append(units, Unit{Key: numeral(i+1) + ezafe, FA: hour})
	}
	for _, u := range numbers() {
		for n := range 31 { // days of a month, from the first word to the last
			if u.Key == numeral(n)+ordered {
				units = append(units, Unit{Key: u.Key + ezafe, FA: u.FA + "ِ"})
			}
		}
	}
	return units
}

// Keys of the calendars' units, before a number from 1 (of a day of the week: 0,
// Sunday).
const (
	weekday   = "weekday-"
	jalali    = "jalali-"
	gregorian = "gregorian-"
)
