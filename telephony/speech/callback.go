package speech

import "github.com/pasokh/pasokh/telephony/call"

// callbacks are the units of calling back who did not want to wait on the phone.
func callbacks() []Unit {
	return []Unit{
		{"callback-offer-before", "To keep your place and be called back, press,", "برای حفظ نوبت و تماس ما با شما، عدد،"},
		{"callback-offer-after", "now.", "را فشار دهید."},
		{"callback-number", "We will call you at,", "شمارهٔ تماس شما،"},
		{"callback-right", "If this is right, press one. For another number, press two.", "اگر درست است عدد یک، و برای شمارهٔ دیگر عدد دو را فشار دهید."},
		{"callback-key-in", "Please key in your number, and then press hash.", "لطفاً شمارهٔ خود و سپس مربع را وارد کنید."},
		{"callback-not-there", "We cannot call this number.", "امکان تماس با این شماره نیست."},
		{"callback-kept", "You keep your place, and we will call you when it is your turn.", "نوبت شما محفوظ است و در نوبت خود با شما تماس می‌گیریم."},
		{"callback-hello", "Hello. You have asked us to call you back.", "سلام. شما خواسته بودید با شما تماس بگیریم."},
		{"callback-press", "Please press one to be connected.", "لطفاً برای وصل شدن، عدد یک را فشار دهید."},
		{"callback-hold", "One moment please.", "لطفاً چند لحظه منتظر بمانید."},
		{"callback-failed", "The caller could not be reached.", "تماس با مشتری برقرار نشد."},
		{"callback", "Callback to,", "تماس برگشتی با،"},
		{"callback-waited", "asked for, in minutes,", "مدت انتظار به دقیقه،"},
	}
}

// CallbackOffer tells a caller which key has him called back.
func CallbackOffer(lang string, key byte) call.Program {
	return call.Say(name(lang, "callback-offer-before"), name(lang, numeral(int(key-'0'))), name(lang, "callback-offer-after"))
}

// CallbackNumber reads a caller the number at which he will be called, and asks whether
// it is right.
func CallbackNumber(lang, number string) call.Program {
	said := append([]string{name(lang, "callback-number")}, digits(lang, number)...)
	return Sentences(call.Say(said...), call.Say(name(lang, "callback-right")))
}

// CallbackFor tells an agent whom he is about to call back: the number, and how many
// minutes ago that was asked for; 0: not known.
func CallbackFor(lang, number string, minutes int) call.Program {
	p := call.Say(append([]string{name(lang, "callback")}, digits(lang, number)...)...)
	if minutes < 1 {
		return p
	}
	return Sentences(p, call.Say(append([]string{name(lang, "callback-waited")}, Number(lang, minutes)...)...))
}
