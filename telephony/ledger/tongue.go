package ledger

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

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
	"sounded":              "the sound of %[1]s was %[2]s (MOS %[3]s): of what it sent %[4]s%% was lost, jitter %[5]s ms",
	"sounded-both":         "the sound of %[1]s was %[2]s (MOS %[3]s): of what it sent %[4]s%% was lost, jitter %[5]s ms; of what it was sent %[6]s%%, jitter %[7]s ms; %[8]s ms there and back",
	"sound-good":           "good",
	"sound-fair":           "fair",
	"sound-poor":           "poor",
	"arrived-line":         "%[1]s called on %[2]s",
	"arrived-trunk":        "%[1]s called on the trunk %[2]s",
	"arrived-did":          "%[1]s called the number %[3]s on the trunk %[2]s",
	"arrived":              "%[1]s called %[2]s",
	"begun":                "the box began this call: %[1]s is to be called back for %[2]s",
	"stranger":             "someone without a number",
	"party":                "%[1]s (%[2]s)",
	"numbered":             "%[1]s (%[2]s)",
	"line":                 "line %[1]s",
	"phone":                "socket %[1]s",
	"to-extension":         "the call went to %[1]s",
	"to-menu":              "the call went to the menu %[1]s",
	"to-queue":             "the call went to the queue %[1]s",
	"to-conference":        "the call went to the conference %[1]s",
	"to-service":           "the call went to the service %[1]s",
	"to-echo":              "the call went to the echo test",
	"to-music":             "the call went to the hold music",
	"to-emergency":         "%[1]s is an emergency number, so the call goes out whatever limits and permissions say",
	"to-unknown":           "the box has no number %[1]s",
	"to":                   "the call went to %[1]s",
	"box-answered":         "the box answered",
	"said":                 "the caller heard: “%[1]s”",
	"learnt":               "%[1]s is %[2]s",
	"learnt-secret":        "%[1]s was given, and is written down nowhere",
	"dialled-in-menu":      "the caller dialled %[1]s",
	"went-on":              "the menu went on with %[1]s",
	"branched":             "as %[1]s is %[2]s, the menu went on with %[3]s",
	"branched-empty":       "as %[1]s is empty, the menu went on with %[2]s",
	"not-found":            "nothing was found (%[1]s), the menu went on with %[2]s",
	"pressed":              "the caller pressed %[1]s",
	"pressed-for":          "the caller pressed %[1]s for %[2]s",
	"undecided":            "the caller made no choice, so the call went to %[1]s",
	"ringing":              "the phone of %[1]s began to ring",
	"ringing-over":         "the phone of %[1]s began to ring, over the trunk %[2]s",
	"not-carried":          "the trunk %[1]s did not carry the call to %[2]s: %[3]s",
	"answered":             "%[1]s picked up after %[2]s of ringing",
	"answered-waiting":     "%[1]s picked up after %[2]s of ringing; the caller had waited %[3]s in all",
	"unringing":            "the phone of %[1]s stopped ringing after %[2]s: %[3]s",
	"caller-hung-up":       "the caller hung up after %[1]s of talk",
	"agent-hung-up":        "%[1]s hung up after %[2]s of talk",
	"talk-ended":           "the talk ended after %[2]s: %[1]s",
	"sent-on":              "after %[2]s of talk %[1]s transferred the call to %[3]s",
	"handed-over":          "after %[2]s of talk %[1]s announced the call to %[3]s and handed it over",
	"diverted":             "%[1]s sends calls on to %[2]s: %[3]s",
	"diverted-before":      "%[1]s had diverted the call to here: %[2]s",
	"divert-always":        "all calls",
	"divert-busy":          "when busy",
	"divert-no-answer":     "when nobody answers",
	"divert-chosen":        "chosen while it rang",
	"divert-away":          "when not reachable",
	"divert-unknown":       "without a reason given",
	"taken-over":           "after %[2]s of talk %[3]s took the call over from %[1]s",
	"picked-up":            "%[1]s took the call that was ringing at %[2]s",
	"joined-calls":         "after %[2]s of talk %[1]s passed this call on into the other call",
	"by-night":             "%[1]s was on, so the call went to %[2]s",
	"parked":               "%[1]s parked the caller in slot %[2]s",
	"unparked":             "%[1]s took the caller out of slot %[2]s after %[3]s",
	"park-timeout":         "nobody took the caller out of slot %[1]s for %[2]s, so the call went back to %[3]s",
	"park-left":            "the caller left slot %[1]s after %[2]s",
	"overheard-listen":     "%[1]s listened in on the talk, heard by nobody",
	"overheard-whisper":    "%[1]s listened in on the talk, heard by %[2]s alone",
	"overheard-barge":      "%[1]s joined in the talk, heard by both sides",
	"overheard-over":       "%[1]s listened in no more",
	"conference-entered":   "the caller came into the conference %[2]s",
	"conference-moderates": "the caller came into the conference %[2]s as its moderator",
	"conference-muted":     "%[1]s muted the caller in the conference %[2]s",
	"conference-unmuted":   "%[1]s let the caller be heard again in the conference %[2]s",
	"conference-locked":    "%[1]s locked the conference %[2]s",
	"conference-unlocked":  "%[1]s opened the conference %[2]s again",
	"conference-removed":   "%[1]s took the caller out of the conference %[2]s",
	"conference-ended":     "%[1]s ended the conference %[2]s",
	"switched-on":          "%[1]s turned the switch %[2]s on",
	"by-hours":             "it was closed (%[1]s; the hours %[2]s open %[3]s), so the call went to %[4]s",
	"by-hours-never":       "it was closed (%[1]s; the hours %[2]s), so the call went to %[3]s",
	"branched-hours":       "as the hours %[1]s are open, the menu went on with %[2]s",
	"switched-day":         "%[1]s turned the switch %[2]s to open",
	"switched-off":         "%[1]s turned the switch %[2]s off",
	"prompt-kept":          "%[1]s recorded the prompt %[2]s anew",
	"prompt-failed":        "the prompt %[2]s, which %[1]s recorded, could not be kept",
	"all-queues":           "all queues",
	"duty-logged-in":       "%[1]s logged in to %[2]s",
	"duty-logged-out":      "%[1]s logged out of %[2]s",
	"duty-paused":          "%[1]s paused in %[2]s",
	"duty-paused-for":      "%[1]s paused in %[2]s: %[3]s",
	"duty-ready":           "%[1]s is ready again in %[2]s",
	"returned":             "the transfer to %[1]s failed: %[2]s; the call went back to %[3]s",
	"held":                 "%[1]s put the call on hold",
	"resumed":              "the call was taken back after %[1]s on hold",
	"secured":              "the sound to and from %[1]s is encrypted",
	"unsecured":            "the sound to and from %[1]s is no longer encrypted",
	"the-caller":           "the caller",
	"the-called":           "the other side",
	"rec-began":            "the talk is being recorded",
	"rec-began-by":         "%[1]s began to record the talk",
	"rec-stopped":          "%[1]s stopped the recording",
	"rec-paused":           "%[1]s paused the recording",
	"rec-resumed":          "%[1]s let the recording go on",
	"rec-kept":             "a recording of %[1]s was kept",
	"rec-cut":              "the recording ended early: %[1]s",
	"rec-lost":             "there is no recording: %[1]s",
	"rec-disk":             "the disk is full",
	"rec-many":             "too many recordings were going on",
	"rec-stop":             "the box stopped",
	"rec-write":            "the disk could not be written",
	"rec-long":             "it was longer than a file can be",
	"rec-nothing":          "nothing was said",
	"vm-left":              "the caller left a message of %[2]s for %[1]s",
	"vm-none":              "the caller left no message for %[1]s: %[2]s",
	"vm-refused":           "the mailbox of %[1]s refused the caller: %[2]s",
	"vm-heard":             "a new message of %[1]s was heard",
	"vm-deleted":           "a message of %[1]s was deleted",
	"vm-greeting":          "the greeting of %[1]s was changed",
	"vm-passed":            "a message of %[1]s was passed on to %[2]s",
	"vm-called-back":       "from the messages of %[1]s, %[2]s was called back",
	"vm-because-full":      "it was full",
	"vm-because-short":     "it was shorter than a second",
	"vm-because-early":     "hung up before the tone",
	"vm-because-pin":       "the PIN was wrong",
	"vm-because-shut":      "too many wrong PINs",
	"vm-sound":             "(what was recorded)",
	"beep":                 "(beep)",
	"refused":              "the call did not get through: %[1]s",
	"ended":                "the call was over after %[1]s in all",
	"ended-because":        "the call was over after %[1]s in all: %[2]s",
	"cut":                  "the box restarted during the call",
	"joined":               "the caller joined the queue %[1]s as number %[2]s",
	"not-joined":           "the caller could not join the queue %[1]s: %[2]s",
	"joined-kept":          "the caller came back to the place kept in the queue %[1]s, number %[2]s",
	"announced":            "the caller was told to be number %[1]s in line",
	"announced-wait":       "the caller was told to wait less than %[1]s minutes",
	"offered":              "%[1]s was chosen: %[2]s",
	"missed":               "%[1]s did not take the call: %[2]s",
	"left":                 "the caller left the queue %[1]s after %[3]s: %[2]s",
	"whispered":            "%[1]s is told who comes",
	"supervised-moved":     "%[1]s moved the caller to the queue %[3]s",
	"supervised-first":     "%[1]s put the caller first in the queue %[3]s",
	"supervised-took":      "%[1]s took the caller out of the queue %[3]s",
	"supervised-took-over": "%[1]s took the place of %[2]s",
	"supervised-more":      "%[1]s gave %[2]s more time to finish",
	"supervised-enough":    "%[1]s ended the time that %[2]s had to finish",
	"supervised-help":      "%[2]s pressed for a supervisor",
	"wrap-up":              "%[1]s has %[2]s to finish the work on this call",
	"ready":                "%[1]s is free again",
	"wrap-over":            "%[1]s is done with this call",
	"callback-requested":   "the caller asks the queue %[1]s to be called back at %[2]s",
	"callback-booked":      "a call back to %[2]s is booked with the queue %[1]s for %[3]s",
	"callback-dialled":     "%[2]s is called back for the queue %[1]s",
	"callback-answered":    "%[2]s took the call back",
	"callback-connected":   "%[3]s talks with %[2]s, who was called back",
	"callback-failed":      "calling %[2]s back failed: %[4]s",
	"callback-expired":     "%[2]s is not called back any more",
	"callback-withdrawn":   "the wish of %[2]s to be called back was taken back",
	"callback-merged":      "%[2]s called again and has the place that was kept",
	"survey":               "the caller answered question %[2]s about %[1]s with %[3]s",
	"disposition":          "%[1]s noted what the call was: %[2]s",
	"because-abandoned":    "gave up waiting",
	"because-timeout":      "the longest wait was over",
	"because-key":          "pressed the key for a person",
	"because-full":         "the queue was full",
	"because-empty":        "no agent is logged in to the queue",
	"because-closed":       "the queue was closed",
	"because-long-wait":    "the wait would have been too long",
	"because-crowded":      "too many callers were waiting for each agent",
	"because-callback":     "will be called back",
	"because-interrupted":  "the box stopped",
	"because-moved":        "was sent elsewhere",
	"because-taken":        "was taken by a supervisor",
	"hour":                 "%[1]s hour",
	"hours":                "%[1]s hours",
	"minute":               "%[1]s minute",
	"minutes":              "%[1]s minutes",
	"second":               "%[1]s second",
	"seconds":              "%[1]s seconds",
	"and":                  " and ",
	"moment":               "less than a second",
}

var persian = map[string]string{
	"sounded":              "کیفیت صدای %[1]s %[2]s بود (MOS %[3]s): از آنچه فرستاد %[4]s٪ گم شد، لرزش %[5]s میلی‌ثانیه",
	"sounded-both":         "کیفیت صدای %[1]s %[2]s بود (MOS %[3]s): از آنچه فرستاد %[4]s٪ گم شد، لرزش %[5]s میلی‌ثانیه؛ از آنچه به او رسید %[6]s٪، لرزش %[7]s میلی‌ثانیه؛ رفت و برگشت %[8]s میلی‌ثانیه",
	"sound-good":           "خوب",
	"sound-fair":           "متوسط",
	"sound-poor":           "بد",
	"arrived-line":         "%[1]s روی %[2]s زنگ زد",
	"arrived-trunk":        "%[1]s از راه ترانک %[2]s زنگ زد",
	"arrived-did":          "%[1]s از راه ترانک %[2]s به شمارهٔ %[3]s زنگ زد",
	"arrived":              "%[1]s به %[2]s زنگ زد",
	"begun":                "دستگاه این تماس را آغاز کرد: باید از طرف %[2]s با %[1]s تماس گرفته شود",
	"stranger":             "کسی با شمارهٔ پنهان",
	"party":                "%[1]s با شمارهٔ %[2]s",
	"numbered":             "%[1]s (%[2]s)",
	"line":                 "خط %[1]s",
	"phone":                "سوکت %[1]s",
	"to-extension":         "تماس به %[1]s رسید",
	"to-menu":              "تماس به منوی %[1]s رسید",
	"to-queue":             "تماس به صف %[1]s رسید",
	"to-conference":        "تماس به کنفرانس %[1]s رسید",
	"to-service":           "تماس به سرویس %[1]s رسید",
	"to-echo":              "تماس به آزمون پژواک رسید",
	"to-music":             "تماس به موسیقی انتظار رسید",
	"to-emergency":         "شمارهٔ %[1]s اضطراری است، پس تماس بدون توجه به محدودیت‌ها و مجوزها برقرار می‌شود",
	"to-unknown":           "دستگاه شمارهٔ %[1]s را ندارد",
	"to":                   "تماس به %[1]s رسید",
	"box-answered":         "دستگاه پاسخ داد",
	"said":                 "تماس‌گیرنده شنید: «%[1]s»",
	"learnt":               "%[1]s: %[2]s",
	"learnt-secret":        "%[1]s داده شد و جایی نوشته نمی‌شود",
	"dialled-in-menu":      "تماس‌گیرنده %[1]s را گرفت",
	"went-on":              "منو با %[1]s ادامه یافت",
	"branched":             "چون %[1]s برابر %[2]s است، منو با %[3]s ادامه یافت",
	"branched-empty":       "چون %[1]s خالی است، منو با %[2]s ادامه یافت",
	"not-found":            "چیزی پیدا نشد (%[1]s)، منو با %[2]s ادامه یافت",
	"pressed":              "تماس‌گیرنده کلید %[1]s را زد",
	"pressed-for":          "تماس‌گیرنده کلید %[1]s را برای %[2]s زد",
	"undecided":            "تماس‌گیرنده چیزی انتخاب نکرد و تماس به %[1]s رسید",
	"ringing":              "تلفن %[1]s شروع به زنگ زدن کرد",
	"ringing-over":         "تلفن %[1]s از راه ترانک %[2]s شروع به زنگ زدن کرد",
	"not-carried":          "ترانک %[1]s تماس را به %[2]s نرساند: %[3]s",
	"answered":             "%[1]s پس از %[2]s زنگ گوشی را برداشت",
	"answered-waiting":     "%[1]s پس از %[2]s زنگ گوشی را برداشت؛ تماس‌گیرنده روی هم %[3]s منتظر مانده بود",
	"unringing":            "زنگ تلفن %[1]s پس از %[2]s قطع شد: %[3]s",
	"caller-hung-up":       "تماس‌گیرنده پس از %[1]s گفتگو گوشی را گذاشت",
	"agent-hung-up":        "%[1]s پس از %[2]s گفتگو گوشی را گذاشت",
	"talk-ended":           "گفتگو پس از %[2]s پایان یافت: %[1]s",
	"sent-on":              "%[1]s پس از %[2]s گفتگو تماس را به %[3]s انتقال داد",
	"handed-over":          "%[1]s پس از %[2]s گفتگو و هماهنگی قبلی تماس را به %[3]s انتقال داد",
	"diverted":             "%[1]s تماس‌ها را به %[2]s هدایت می‌کند: %[3]s",
	"diverted-before":      "%[1]s تماس را به اینجا هدایت کرده بود: %[2]s",
	"divert-always":        "همهٔ تماس‌ها",
	"divert-busy":          "هنگام مشغول بودن",
	"divert-no-answer":     "هنگام پاسخ ندادن",
	"divert-chosen":        "به انتخاب خودش هنگام زنگ",
	"divert-away":          "هنگام در دسترس نبودن",
	"divert-unknown":       "بدون ذکر دلیل",
	"taken-over":           "پس از %[2]s گفتگو %[3]s تماس را از %[1]s تحویل گرفت",
	"picked-up":            "%[1]s تماسی را که نزد %[2]s زنگ می‌خورد برداشت",
	"joined-calls":         "%[1]s پس از %[2]s گفتگو این تماس را به تماس دیگر خود پیوند داد",
	"by-night":             "%[1]s روشن بود و تماس به %[2]s رفت",
	"parked":               "%[1]s تماس‌گیرنده را در جای %[2]s پارک کرد",
	"unparked":             "%[1]s پس از %[3]s تماس‌گیرنده را از جای %[2]s برداشت",
	"park-timeout":         "کسی تا %[2]s تماس‌گیرنده را از جای %[1]s برنداشت و تماس به %[3]s بازگشت",
	"park-left":            "تماس‌گیرنده پس از %[2]s جای %[1]s را ترک کرد",
	"overheard-listen":     "%[1]s به گفتگو گوش داد و کسی صدای او را نمی‌شنید",
	"overheard-whisper":    "%[1]s به گفتگو گوش داد و تنها %[2]s صدای او را می‌شنید",
	"overheard-barge":      "%[1]s وارد گفتگو شد و هر دو طرف صدای او را می‌شنیدند",
	"overheard-over":       "%[1]s دیگر به گفتگو گوش نمی‌دهد",
	"conference-entered":   "تماس‌گیرنده وارد کنفرانس %[2]s شد",
	"conference-moderates": "تماس‌گیرنده به‌عنوان مدیر وارد کنفرانس %[2]s شد",
	"conference-muted":     "%[1]s صدای تماس‌گیرنده را در کنفرانس %[2]s بست",
	"conference-unmuted":   "%[1]s صدای تماس‌گیرنده را در کنفرانس %[2]s باز کرد",
	"conference-locked":    "%[1]s کنفرانس %[2]s را قفل کرد",
	"conference-unlocked":  "%[1]s قفل کنفرانس %[2]s را باز کرد",
	"conference-removed":   "%[1]s تماس‌گیرنده را از کنفرانس %[2]s کنار گذاشت",
	"conference-ended":     "%[1]s کنفرانس %[2]s را پایان داد",
	"switched-on":          "%[1]s کلید %[2]s را روشن کرد",
	"by-hours":             "تعطیل بود (%[1]s؛ ساعت کاری %[2]s از %[3]s باز می‌شود) و تماس به %[4]s رفت",
	"by-hours-never":       "تعطیل بود (%[1]s؛ ساعت کاری %[2]s) و تماس به %[3]s رفت",
	"branched-hours":       "چون در ساعت کاری %[1]s هستیم، منو با %[2]s ادامه یافت",
	"switched-day":         "%[1]s کلید %[2]s را روی باز گذاشت",
	"switched-off":         "%[1]s کلید %[2]s را خاموش کرد",
	"prompt-kept":          "%[1]s پیام %[2]s را دوباره ضبط کرد",
	"prompt-failed":        "پیام %[2]s که %[1]s ضبط کرد ذخیره نشد",
	"all-queues":           "همهٔ صف‌ها",
	"duty-logged-in":       "%[1]s وارد %[2]s شد",
	"duty-logged-out":      "%[1]s از %[2]s خارج شد",
	"duty-paused":          "%[1]s در %[2]s مکث کرد",
	"duty-paused-for":      "%[1]s در %[2]s مکث کرد: %[3]s",
	"duty-ready":           "%[1]s در %[2]s دوباره آماده شد",
	"returned":             "انتقال به %[1]s انجام نشد: %[2]s؛ تماس به %[3]s بازگشت",
	"held":                 "%[1]s تماس را نگه داشت",
	"resumed":              "گفتگو پس از %[1]s نگه‌داشتن از سر گرفته شد",
	"secured":              "صدای %[1]s رمزگذاری شده است",
	"unsecured":            "صدای %[1]s دیگر رمزگذاری نمی‌شود",
	"the-caller":           "تماس‌گیرنده",
	"the-called":           "طرف مقابل",
	"rec-began":            "گفتگو ضبط می‌شود",
	"rec-began-by":         "%[1]s ضبط گفتگو را آغاز کرد",
	"rec-stopped":          "%[1]s ضبط را پایان داد",
	"rec-paused":           "%[1]s ضبط را نگه داشت",
	"rec-resumed":          "%[1]s ضبط را ادامه داد",
	"rec-kept":             "%[1]s از گفتگو ضبط شد",
	"rec-cut":              "ضبط زودتر پایان یافت: %[1]s",
	"rec-lost":             "ضبطی در دست نیست: %[1]s",
	"rec-disk":             "حافظه پر است",
	"rec-many":             "ضبط‌های هم‌زمان بیش از اندازه بود",
	"rec-stop":             "دستگاه خاموش شد",
	"rec-write":            "حافظه نوشته نشد",
	"rec-long":             "از بیشترین اندازهٔ فایل بلندتر شد",
	"rec-nothing":          "چیزی گفته نشد",
	"vm-left":              "تماس‌گیرنده برای %[1]s پیامی به مدت %[2]s گذاشت",
	"vm-none":              "تماس‌گیرنده برای %[1]s پیامی نگذاشت: %[2]s",
	"vm-refused":           "صندوق پیام %[1]s تماس‌گیرنده را نپذیرفت: %[2]s",
	"vm-heard":             "پیام تازه‌ای از %[1]s شنیده شد",
	"vm-deleted":           "پیامی از %[1]s پاک شد",
	"vm-greeting":          "پیام خوشامد %[1]s عوض شد",
	"vm-passed":            "پیامی از %[1]s برای %[2]s فرستاده شد",
	"vm-called-back":       "از میان پیام‌های %[1]s با %[2]s تماس گرفته شد",
	"vm-because-full":      "پر بود",
	"vm-because-short":     "کوتاه‌تر از یک ثانیه بود",
	"vm-because-early":     "پیش از بوق قطع کرد",
	"vm-because-pin":       "رمز نادرست بود",
	"vm-because-shut":      "رمز نادرست بیش از اندازه",
	"vm-sound":             "(آنچه ضبط شده)",
	"beep":                 "(بوق)",
	"refused":              "تماس به جایی نرسید: %[1]s",
	"ended":                "تماس پایان یافت و روی هم %[1]s طول کشید",
	"ended-because":        "تماس پایان یافت و روی هم %[1]s طول کشید: %[2]s",
	"cut":                  "دستگاه در میان تماس دوباره راه‌اندازی شد",
	"joined":               "تماس‌گیرنده نفر %[2]s صف %[1]s شد",
	"not-joined":           "تماس‌گیرنده نتوانست وارد صف %[1]s شود: %[2]s",
	"joined-kept":          "تماس‌گیرنده به نوبتی که برایش نگه داشته شده بود بازگشت: نفر %[2]s صف %[1]s",
	"announced":            "به تماس‌گیرنده گفته شد که نفر %[1]s صف است",
	"announced-wait":       "به تماس‌گیرنده گفته شد که کمتر از %[1]s دقیقه منتظر می‌ماند",
	"offered":              "%[1]s انتخاب شد: %[2]s",
	"missed":               "%[1]s تماس را نگرفت: %[2]s",
	"left":                 "تماس‌گیرنده پس از %[3]s از صف %[1]s بیرون رفت: %[2]s",
	"whispered":            "به %[1]s گفته می‌شود چه کسی پشت خط است",
	"supervised-moved":     "%[1]s تماس‌گیرنده را به صف %[3]s برد",
	"supervised-first":     "%[1]s تماس‌گیرنده را نفر نخست صف %[3]s کرد",
	"supervised-took":      "%[1]s تماس‌گیرنده را خود از صف %[3]s برداشت",
	"supervised-took-over": "%[1]s به جای %[2]s نشست",
	"supervised-more":      "%[1]s به %[2]s زمان بیشتری برای پایان کار داد",
	"supervised-enough":    "%[1]s زمان پایان کار %[2]s را تمام کرد",
	"supervised-help":      "%[2]s از سرپرست کمک خواست",
	"wrap-up":              "%[1]s برای جمع‌بندی این تماس %[2]s فرصت دارد",
	"ready":                "%[1]s دوباره آزاد است",
	"wrap-over":            "کار %[1]s با این تماس تمام شد",
	"callback-requested":   "تماس‌گیرنده از صف %[1]s خواست با %[2]s تماس گرفته شود",
	"callback-booked":      "تماس برگشتی با %[2]s در صف %[1]s برای %[3]s رزرو شد",
	"callback-dialled":     "برای صف %[1]s با %[2]s تماس گرفته می‌شود",
	"callback-answered":    "%[2]s به تماس برگشتی پاسخ داد",
	"callback-connected":   "%[3]s با %[2]s در تماس برگشتی گفتگو می‌کند",
	"callback-failed":      "تماس برگشتی با %[2]s انجام نشد: %[4]s",
	"callback-expired":     "دیگر با %[2]s تماس برگشتی گرفته نمی‌شود",
	"callback-withdrawn":   "درخواست تماس برگشتی %[2]s پس گرفته شد",
	"callback-merged":      "%[2]s دوباره تماس گرفت و نوبت نگه‌داشته‌شده را گرفت",
	"survey":               "تماس‌گیرنده به پرسش %[2]s دربارهٔ %[1]s امتیاز %[3]s داد",
	"disposition":          "%[1]s نتیجهٔ تماس را نوشت: %[2]s",
	"because-abandoned":    "از انتظار منصرف شد",
	"because-timeout":      "بیشترین زمان انتظار به سر آمد",
	"because-key":          "کلید گفتگو با اپراتور را زد",
	"because-full":         "صف پر بود",
	"because-empty":        "کارشناسی در صف وارد نشده است",
	"because-closed":       "صف بسته شد",
	"because-long-wait":    "انتظار بیش از اندازه طولانی می‌شد",
	"because-crowded":      "شمار منتظران برای هر کارشناس زیاد بود",
	"because-callback":     "با او تماس گرفته می‌شود",
	"because-interrupted":  "دستگاه خاموش شد",
	"because-moved":        "به جای دیگری فرستاده شد",
	"because-taken":        "سرپرست او را برداشت",
	"hour":                 "%[1]s ساعت",
	"hours":                "%[1]s ساعت",
	"minute":               "%[1]s دقیقه",
	"minutes":              "%[1]s دقیقه",
	"second":               "%[1]s ثانیه",
	"seconds":              "%[1]s ثانیه",
	"and":                  " و ",
	"moment":               "کمتر از یک ثانیه",
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
	case p.Name == "" && p.Number == "":
		return t.words["stranger"]
	case p.Name == "":
		return t.digits(p.Number)
	case p.Number == "":
		return t.aside(p.Name)
	}
	return fmt.Sprintf(t.words["party"], t.aside(p.Name), t.digits(p.Number))
}

// aside keeps a name that may run from left to right from disturbing the order
// of a sentence that runs from right to left: UAX 9, first strong isolate.
func (t tongue) aside(name string) string {
	if t.lang != "fa" || strings.IndexFunc(name, func(r rune) bool { return r < 0x80 && unicode.IsLetter(r) }) < 0 {
		return name
	}
	return "\u2068" + name + "\u2069"
}

// text is what the named prompts say, for readers of the tongue. A prompt that
// has no text (a recording of the business) is named.
func (t tongue) text(prompts string) string {
	said := strings.Fields(prompts)
	for i, name := range said {
		switch family, key, ok := strings.Cut(name, "/"); {
		case family == "voicemail" && ok:
			said[i] = t.words["vm-sound"]
		case name == "sound/beep":
			said[i] = t.words["beep"]
		case ok:
			if text := speech.Meaning(key, t.lang); text != "" {
				said[i] = text
			}
		}
	}
	return strings.Join(said, " ")
}

var persianDigits = strings.NewReplacer("0", "۰", "1", "۱", "2", "۲", "3", "۳", "4", "۴",
	"5", "۵", "6", "۶", "7", "۷", "8", "۸", "9", "۹")

// digits writes the digits of a number as the language's readers do. One with
// other keys in it (+98, 123*) is kept from left to right: UAX 9, left-to-right
// isolate.
func (t tongue) digits(s string) string {
	if t.lang != "fa" {
		return s
	}
	if strings.ContainsAny(s, "+*#") {
		s = "\u2066" + s + "\u2069"
	}
	return persianDigits.Replace(s)
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

// span is a duration in words, in whole seconds: "1 minute and 5 seconds".
func (t tongue) span(d time.Duration) string {
	d = max(0, d).Round(time.Second)
	var parts []string
	for _, unit := range []struct {
		n    int
		name string
	}{{int(d.Hours()), "hour"}, {int(d.Minutes()) % 60, "minute"}, {int(d.Seconds()) % 60, "second"}} {
		if unit.n == 0 {
			continue
		}
		if unit.n > 1 {
			unit.name += "s"
		}
		parts = append(parts, fmt.Sprintf(t.words[unit.name], t.digits(strconv.Itoa(unit.n))))
	}
	if parts == nil {
		return t.words["moment"]
	}
	return strings.Join(parts, t.words["and"])
}
