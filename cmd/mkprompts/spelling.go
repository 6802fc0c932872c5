package main

import "strings"

// spell turns a text into what espeak-ng must be given to say it right. Persian
// is written without its short vowels and without the ezafe that joins words,
// which espeak-ng does not add; and a few words it reads wrongly.
func spell(lang, text string) string {
	if s, ok := wordsAlone[text]; ok {
		return s
	}
	if lang != "fa" {
		return strings.ReplaceAll(text, "PIN", "pin")
	}
	if number, ok := strings.CutSuffix(text, " و"); ok {
		return number + "ُ" // bist-o: the joining "o" is a vowel of the word before it
	}
	return vowels.Replace(text)
}

// wordsAlone are units of one word that are read wrongly, as phonemes.
var wordsAlone = map[string]string{
	"نه":      "[[n'oh]]",
	"نه و":    "[[n'oho]]",
	"دو و":    "[[d'ovo]]",
	"سه و":    "[[s'e:jo]]",
	"سی و":    "[[s'i:jo]]",
	"سی‌ام":   "[[si:j'om]]",
	"چهلم":    "[[tSehel'om]]",
	"شصتم":    "[[Sast'om]]",
	"دویستم":  "[[devist'om]]",
	"میلیونم": "[[miliju:n'om]]",
	"دوی":     "[[d'oje]]",
	"نهِ":     "[[n'ohe]]",
	"سی‌امِ":  "[[si:j'ome]]",
	"دقیقه و": "[[daq1iq1'e:jo]]",
	"مه":      "[[m'e:]]",
	"مهٔ":     "[[m'e:je]]",
	"ژوئنِ":   "[[Zu:?'ane]]",
	"ژوئیهٔ":  "[[Zu:?'i:jeje]]",

	"rial":        "[[ri:'A:l]]",
	"rials":       "[[ri:'A:lz]]",
	"toman":       "[[t0m'A:n]]",
	"tomans":      "[[t0m'A:nz]]",
	"Farvardin":   "[[f,A@v@d'i:n]]",
	"Ordibehesht": "[[,O@dIbEh'ESt]]",
	"Khordad":     "[[ko@d'A:d]]",
	"Tir":         "[[t'i@]]",
	"Mordad":      "[[mo@d'A:d]]",
	"Shahrivar":   "[[Sahriv'A@]]",
	"Mehr":        "[[m'E@r]]",
	"Aban":        "[[A:b'A:n]]",
	"Azar":        "[[A:z'A@]]",
	"Bahman":      "[[bA:m'A:n]]",
}

// vowels are the joined words of the phrases.
var vowels = strings.NewReplacer(
	"گفت‌وگو", "گفتگو",
	"حفظ نوبت", "حفظِ نوبت",
	"تماس ما", "تماسِ ما",
	"شمارهٔ تماس شما", "شماره‌یِ تماسِ شما",
	"شمارهٔ دیگر", "شماره‌یِ دیگر",
	"شمارهٔ خود", "شماره‌یِ خود",
	"امکان تماس", "امکانِ تماس",
	"نوبت شما", "نوبتِ شما",
	"نوبت خود", "نوبتِ خود",
	"مدت انتظار", "مدتِ انتظار",
	"تماس برگشتی", "تماسِ برگشتی",
	"تماس شما", "تماسِ شما",
	"بخش فروش", "بخشِ فروش",
	"عدد ", "عددِ ",
	"گزینهٔ انتخاب‌شده", "گزینه‌یِ انتخاب شده",
	"همکاران ما", "همکارانِ ما",
	"در حال گفت‌وگو", "در حالِ گفتگو",
	"تماس‌گیرندگان دیگر", "تماس گیرندگانِ دیگر",
	"ترتیب نوبت", "ترتیبِ نوبت",
	"شکیبایی شما", "[[Sakib'Aije]] شما",
	"نفر بعدی صف", "نفرِ [[ba?d'ije]] صف",
	"نوبت شما", "نوبتِ شما",
	"زمان انتظار شما", "زمانِ انتظارِ شما",
	"تعداد تماس", "تعدادِ تماس",
	"متأسفیم", "[[mote?assef'im]]",
	"متأسفانه", "[[mote?assef'Ane]]",
	"پاسخ‌گوی شما", "پاسخ گویِ شما",
	"زمان دیگری", "زمانِ دیگری",
	"داخلی مورد نظر شما", "[[dAxel'ije]] موردِ نظرِ شما",
	"علت مشکل فنی", "علتِ مشکلِ [[fann'i]]",
	"برقراری ارتباط", "[[baRqaR'ARije]] ارتباط",
	"فرد حاضر", "فردِ حاضر",
	"منتظر دیگران", "منتظرِ دیگران",
	"رمز جلسه", "رمزِ جلسه",
	"منتظر مدیر جلسه", "منتظرِ مدیرِ جلسه",
	"تعداد حاضران", "تعدادِ حاضران",
	"ظرفیت این", "ظرفیتِ این",
	"پیام جدید", "پیامِ جدید",
	"پیام شنیده", "پیامِ شنیده",
	"شنیدن دوباره", "شنیدنِ دوباره",
	"ضبط دوباره", "ضبطِ دوباره",
)
