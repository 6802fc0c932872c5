package speech

import (
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/telephony/call"
)

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
		{"callback-when", "To be called when it is your turn, press one. To choose a time, press two.", "برای تماس در نوبت خود عدد یک، و برای انتخاب زمان عدد دو را فشار دهید."},
		{"slot-for", "For,", "برای،"},
		{"slot-today", "today,", "امروز،"},
		{"slot-tomorrow", "tomorrow,", "فردا،"},
		{"slot-from", "between,", "از،"},
		{"slot-to", "and,", "تا،"},
		{"slot-press", "press,", "عدد،"},
		{Key: "slot-end", FA: "را فشار دهید."},
		{"slot-others", "For other times, press nine.", "برای زمان‌های دیگر عدد نه را فشار دهید."},
		{"slot-none", "To wait on, press star.", "برای ماندن در صف ستاره را فشار دهید."},
		{"slot-gone", "This time has just been taken.", "این زمان هم‌اکنون پر شد."},
		{"slot-booked", "We will call you,", "با شما تماس می‌گیریم،"},
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

// Slot is a time that can be booked, in the zone in which it is said; Today is that of who
// hears it.
type Slot struct{ From, Until, Today time.Time }

// CallbackSlots offers times for the keys from 1 on, and by 9 more of them.
func CallbackSlots(lang string, slots []Slot, more bool) call.Program {
	var all []call.Program
	for i, s := range slots {
		p := call.Say(name(lang, "slot-for")).Then(s.say(lang).Sounds...).Then(call.Sound{Pause: comma})
		said := []string{name(lang, "slot-press"), name(lang, numeral(i+1))}
		if spoken(lang) == persian {
			said = append(said, name(lang, "slot-end"))
		}
		all = append(all, p.Then(call.Say(said...).Sounds...))
	}
	if more {
		all = append(all, Phrase(lang, "slot-others"))
	}
	return Sentences(append(all, Phrase(lang, "slot-none"))...)
}

// CallbackBooked tells who has booked a time when he will be called.
func CallbackBooked(lang string, s Slot) call.Program {
	return call.Say(name(lang, "slot-booked")).Then(s.say(lang).Sounds...)
}

// say is the day, as near as possible, and from when to when.
func (s Slot) say(lang string) call.Program {
	var p call.Program
	switch ahead := calendar.DayOf(s.From) - calendar.DayOf(s.Today); {
	case ahead == 0:
		p = call.Say(name(lang, "slot-today"))
	case ahead == 1:
		p = call.Say(name(lang, "slot-tomorrow"))
	case ahead < 7:
		p = call.Say(Weekday(lang, s.From.Weekday())...)
	default:
		p = Day(lang, s.From)
	}
	p = p.Then(call.Sound{Pause: comma})
	said := append([]string{name(lang, "slot-from")}, Clock(lang, s.From.Hour(), s.From.Minute())...)
	said = append(append(said, name(lang, "slot-to")), Clock(lang, s.Until.Hour(), s.Until.Minute())...)
	return p.Then(call.Say(said...).Sounds...)
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
