package speech

import "slices"

// Unit is one piece of speech and its text in every language. A language in
// which it is never said has no text. A text that ends in a comma is spoken as
// if more follows.
type Unit struct {
	Key    string
	EN, FA string
}

// Text is what the unit says in lang, or nothing.
func (u Unit) Text(lang string) string {
	if spoken(lang) == persian {
		return u.FA
	}
	return u.EN
}

// Catalogue is every unit that a pack must have.
func Catalogue() []Unit {
	return slices.Concat(phrases(), whispers(), callbacks(), voicemail(), numbers(), words(), calendars())
}

// phrases are the units that occasions are made of.
func phrases() []Unit {
	return []Unit{
		{"welcome",
			"Hello, and welcome. Thank you for calling.",
			"سلام، از تماس شما سپاسگزاریم."},
		{"menu-main",
			"For sales, press one. For the office, press two. To speak to an operator, press zero.",
			"برای بخش فروش، عدد یک؛ برای دفتر، عدد دو؛ و برای گفت‌وگو با اپراتور، عدد صفر را فشار دهید."},
		{"menu-invalid",
			"Sorry, that is not one of the choices.",
			"گزینهٔ انتخاب‌شده معتبر نیست."},
		{"menu-timeout",
			"No choice was made.",
			"گزینه‌ای انتخاب نشد."},

		{"queue-joined",
			"All our colleagues are speaking with other callers. Please stay on the line; calls are answered in the order they came.",
			"همکاران ما در حال گفت‌وگو با تماس‌گیرندگان دیگر هستند. لطفاً منتظر بمانید؛ تماس‌ها به ترتیب نوبت پاسخ داده می‌شوند."},
		{"position-before", "You are number,", "شما نفرِ،"},
		{"position-after", "in line.", "در صف هستید."},
		{"ahead-before", "More than,", "بیش از،"},
		{"ahead-after", "callers are before you.", "نفر پیش از شما در صف هستند."},
		{"queue-next", "You are next in line.", "شما نفر بعدی صف هستید."},
		{"queue-kept", "Your place in line was kept for you.", "نوبت شما در صف محفوظ مانده است."},
		{"wait-before", "You will probably wait less than,", "زمان انتظار شما کمتر از،"},
		{"wait-after", "minutes.", "دقیقه است."},
		{"thanks", "Thank you for waiting.", "از شکیبایی شما سپاسگزاریم."},
		{"queue-full",
			"We are receiving more calls than usual and cannot take yours now.",
			"در حال حاضر تعداد تماس‌ها بیش از ظرفیت است."},
		{"queue-timeout",
			"We are sorry that nobody could answer you in time.",
			"متأسفیم که نتوانستیم به موقع پاسخ‌گوی شما باشیم."},
		{"no-agents",
			"Nobody is here to answer your call at the moment.",
			"در حال حاضر کسی برای پاسخ‌گویی به شما حضور ندارد."},

		{"unknown-number",
			"The number you have dialled does not exist. Please check the number.",
			"شمارهٔ گرفته‌شده وجود ندارد. لطفاً شماره را بررسی کنید."},
		{"busy",
			"The extension you have called is busy.",
			"داخلی مورد نظر شما مشغول است."},
		{"no-answer",
			"The extension you have called does not answer.",
			"داخلی مورد نظر شما پاسخ نمی‌دهد."},
		{"unreachable",
			"The extension you have called cannot be reached.",
			"داخلی مورد نظر شما در دسترس نیست."},
		{"sorry-technical",
			"We are sorry. Because of a technical fault your call cannot be connected.",
			"متأسفانه به علت مشکل فنی، برقراری ارتباط ممکن نیست."},

		{"call-later", "Please call again a little later.", "لطفاً کمی بعد دوباره تماس بگیرید."},

		{"conference-alone",
			"You are the only one in this conference. Please wait for the others.",
			"شما تنها فرد حاضر در این جلسه هستید. لطفاً منتظر دیگران بمانید."},
		{"conference-full",
			"This conference is full.",
			"ظرفیت این جلسه تکمیل است."},
		{"conference-pin", "Please enter the PIN, and then press hash.", "لطفاً رمز جلسه و سپس مربع را وارد کنید."},
		{"conference-pin-wrong", "That PIN is not right.", "رمز درست نیست."},
		{"conference-wait", "Please wait for the moderator.", "لطفاً منتظر مدیر جلسه بمانید."},
		{"conference-people-before", "In this conference there are,", "تعداد حاضران،"},
		{"conference-people-after", "people.", "نفر."},
		{"conference-muted", "Muted.", "بی‌صدا شد."},
		{"conference-unmuted", "Not muted any more.", "صدا وصل شد."},
		{"conference-locked", "The conference is locked.", "جلسه قفل است."},
		{"conference-unlocked", "The conference is open.", "جلسه باز است."},
		{"conference-removed", "You were taken out of the conference.", "شما از جلسه کنار گذاشته شدید."},
		{"conference-ended", "The conference is over.", "جلسه پایان یافت."},

		{"logged-in", "Logged in.", "وارد شدید."},
		{"logged-out", "Logged out.", "خارج شدید."},
		{"paused", "Paused.", "مکث."},
		{"ready", "Ready.", "آماده شدید."},
		{"switch-on", "On.", "روشن شد."},
		{"switch-off", "Off.", "خاموش شد."},
		{"switch-day", "Open, whatever the hours.", "باز، بی‌توجه به ساعت کاری."},
		{"switch-hours", "By the hours.", "طبق ساعت کاری."},
		{"recorded", "This call is recorded.", "این تماس ضبط می‌شود."},
		{"parked", "Parked,", "پارک،"},
		{"nobody-there", "Nobody there.", "کسی نیست."},

		{"pin", "Please enter the PIN, and then press hash.", "لطفاً رمز و سپس مربع را وارد کنید."},
		{"prompt-which", "Please enter the number of the prompt, and then press hash.", "لطفاً شمارهٔ پیام و سپس مربع را وارد کنید."},
		{"prompt-unknown", "There is no prompt with that number.", "پیامی با این شماره وجود ندارد."},
		{"prompt-speak", "Speak after the tone, and then press hash.", "پس از صدای بوق صحبت کنید و سپس مربع را فشار دهید."},
		{"prompt-choose",
			"To keep it, press one. To hear it again, press two. To record it again, press three. To leave it as it was, press zero.",
			"برای پذیرفتن، عدد یک؛ برای شنیدن دوباره، عدد دو؛ برای ضبط دوباره، عدد سه؛ و برای انصراف، عدد صفر را فشار دهید."},
		{"prompt-kept", "The prompt was kept.", "پیام ذخیره شد."},
		{"prompt-failed", "The recording could not be kept.", "پیام ذخیره نشد."},

		{"goodbye", "Thank you for calling. Goodbye.", "از تماس شما سپاسگزاریم. خدانگهدار."},
	}
}
