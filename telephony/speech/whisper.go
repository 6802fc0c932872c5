package speech

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// What an agent is told of a caller before he has him.

// whispers are the units of it, and of what he is asked after it.
func whispers() []Unit {
	return []Unit{
		{"survey", "Please tell us what you think of this call.", "لطفاً نظر خود را دربارهٔ این تماس بگویید."},
		{"survey-satisfied", "How satisfied are you, from one, not at all, to five, very?", "از یک تا پنج، چه اندازه راضی هستید؟ یک یعنی ناراضی و پنج یعنی بسیار راضی."},
		{"whisper-waited", "Waited,", "زمان انتظار،"},
		{"whisper-seconds", "seconds.", "ثانیه."},
		{"whisper-minutes", "minutes.", "دقیقه."},
		{"whisper-keyed", "Keyed in,", "شمارهٔ واردشده،"},
		{"whisper-today", "Calls today,", "تعداد تماس امروز،"},
		{"whisper-confirm", "To take the call, press one.", "برای پذیرش تماس، عدد یک را فشار دهید."},
		{"whisper-gone", "The call has gone elsewhere.", "این تماس به جای دیگری رفت."},
	}
}

// Waited tells how long somebody has waited: to 5 s under two minutes, else in whole
// minutes.
func Waited(lang string, d time.Duration) call.Program {
	n, unit := int(d/(5*time.Second))*5, "whisper-seconds"
	if d >= 2*time.Minute {
		n, unit = int(d/time.Minute), "whisper-minutes"
	}
	said := append([]string{name(lang, "whisper-waited")}, Number(lang, n)...)
	return call.Say(append(said, name(lang, unit))...)
}

// Keyed reads what a caller keyed in.
func Keyed(lang, keyed string) call.Program {
	return call.Say(append([]string{name(lang, "whisper-keyed")}, digits(lang, keyed)...)...)
}

// CallsToday tells how many calls of a number there were today.
func CallsToday(lang string, n int) call.Program {
	return call.Say(append([]string{name(lang, "whisper-today")}, Number(lang, n)...)...)
}
