package config

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with a tree, and where.
type Problem struct {
	File    string `json:"file,omitempty"` // when it was read from one
	Line    int    `json:"line,omitempty"` // 1 is the first; 0 is unknown
	Path    string `json:"path"`           // "queues[0].agents[2]"; empty is the whole tree
	Message string `json:"message"`        // English
	Persian string `json:"persian"`
}

// Text is what is wrong, in a language.
func (p Problem) Text(l Language) string {
	if l == Persian {
		return p.Persian
	}
	return p.Message
}

// Error is "file:line: path: message", without the parts that are not known.
func (p Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
		}
		b.WriteString(": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Problems are all that is wrong with a tree, in the order of its fields.
type Problems []Problem

// Error is one line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// err is the list as an error, nil when it is empty.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

func (ps *Problems) add(path string, m message, args ...any) {
	*ps = append(*ps, Problem{Path: path, Message: fmt.Sprintf(m.en, args...), Persian: fmt.Sprintf(m.fa, args...)})
}

// message is a problem in words. Both texts take the same arguments in the same order.
type message struct{ en, fa string }

// The messages, form first.
var (
	msgTooLong     = message{"longer than %d bytes", "بیش از %d بایت است"}
	msgLongLine    = message{"a line longer than %d bytes", "سطری بلندتر از %d بایت است"}
	msgSyntax      = message{"not YAML: %s", "قالب YAML نادرست است: %s"}
	msgDocuments   = message{"one document is expected, not %d", "تنها یک سند مجاز است، نه %d"}
	msgDeep        = message{"nested too deep", "تودرتویی بیش از اندازه است"}
	msgFeature     = message{"anchors, aliases, tags, merge keys and complex keys are not used here; quote the text %q", "لنگر، ارجاع، برچسب و کلید مرکب پذیرفته نیست؛ متن %q را در گیومه بگذارید"}
	msgUnknownKey  = message{"unknown key", "کلید ناشناخته است"}
	msgDuplicate   = message{"given twice", "دو بار آمده است"}
	msgWantMapping = message{"a mapping of keys is expected", "باید مجموعه‌ای از کلیدها باشد"}
	msgWantList    = message{"a list is expected", "باید فهرست باشد"}
	msgWantText    = message{"a text is expected", "باید متن باشد"}
	msgWantNumber  = message{"a whole number is expected", "باید عدد صحیح باشد"}
	msgWantBool    = message{"true or false is expected", "باید true یا false باشد"}
	msgWantTime    = message{"a duration such as 20s or 1m30s is expected, not %q", "باید مدتی مانند 20s یا 1m30s باشد، نه %q"}
	msgTooMany     = message{"more than %d entries", "بیش از %d مورد است"}

	msgSchema       = message{"this program reads schema %d, not %d", "این برنامه شِمای %d را می‌خواند، نه %d"}
	msgMissing      = message{"must not be empty", "نباید خالی باشد"}
	msgRange        = message{"must be from %v to %v, not %v", "باید از %v تا %v باشد، نه %v"}
	msgRangeOrZero  = message{"must be 0, or from %v to %v, not %v", "باید صفر یا از %v تا %v باشد، نه %v"}
	msgLength       = message{"longer than %d characters", "بیش از %d نویسه است"}
	msgShort        = message{"shorter than %d characters", "کمتر از %d نویسه است"}
	msgControl      = message{"has characters that cannot be shown", "نویسهٔ نمایش‌ناپذیر دارد"}
	msgLanguage     = message{"no language %q: choose fa or en", "زبان %q وجود ندارد: fa یا en را برگزینید"}
	msgTimeZone     = message{"no time zone %q", "منطقهٔ زمانی %q وجود ندارد"}
	msgCountry      = message{"%q is not a country code of two capital letters", "%q کد دوحرفی کشور نیست"}
	msgNetwork      = message{"not a network such as 192.168.1.0/24: %q", "شبکه‌ای مانند 192.168.1.0/24 نیست: %q"}
	msgDomain       = message{"%q is not a host name", "%q نام میزبان نیست"}
	msgCodec        = message{"no codec %q: choose PCMA, PCMU or G722", "کدک %q وجود ندارد: PCMA یا PCMU یا G722 را برگزینید"}
	msgName         = message{"%q is not a name of small letters, digits, - and _", "%q باید از حروف کوچک لاتین، رقم، - و _ باشد"}
	msgNumber       = message{"%q is not a number: 1 to 20 of 0-9, * and #", "%q شماره نیست: ۱ تا ۲۰ نویسه از 0-9 و * و #"}
	msgTaken        = message{"%s is taken by %s", "%s را %s گرفته است"}
	msgNoNumber     = message{"no extension, menu, queue, conference or service %s", "داخلی، منو، صف، کنفرانس یا سرویسی با شمارهٔ %s نیست"}
	msgNoExtension  = message{"no extension %s", "داخلی %s وجود ندارد"}
	msgItself       = message{"leads back to itself", "به خودش بازمی‌گردد"}
	msgKey          = message{"%q is not a telephone key: 0-9, * or #", "%q کلید تلفن نیست: 0-9 یا * یا #"}
	msgManner       = message{"no manner %q of listening in: choose listen, whisper or barge", "شیوهٔ شنود %q وجود ندارد: listen یا whisper یا barge را برگزینید"}
	msgPIN          = message{"a PIN has 4 to 12 digits", "رمز باید ۴ تا ۱۲ رقم باشد"}
	msgSamePIN      = message{"must not be the PIN of everybody", "نباید با رمز همگانی یکی باشد"}
	msgNoModerator  = message{"nobody can be the moderator without moderator_pin", "بدون moderator_pin کسی نمی‌تواند مدیر جلسه باشد"}
	msgStrategy     = message{"no strategy %q: choose one of %s", "روش %q وجود ندارد: یکی از %s را برگزینید"}
	msgAscending    = message{"must be longer than the one before", "باید از مورد پیش بلندتر باشد"}
	msgAgentState   = message{"no state %q of an agent: choose from %s", "حالت %q برای کارشناس وجود ندارد: از %s برگزینید"}
	msgService      = message{"no service %q: choose echo or music", "سرویس %q وجود ندارد: echo یا music را برگزینید"}
	msgDTMF         = message{"no way of keys %q: choose auto, rfc4733, info or inband", "روش کلید %q وجود ندارد: auto یا rfc4733 یا info یا inband را برگزینید"}
	msgRecord       = message{"no way %q to record: choose never, on-demand or always", "ضبط به روش %q وجود ندارد: never یا on-demand یا always را برگزینید"}
	msgSRTP         = message{"no encryption %q: choose off, optional or required", "رمزگذاری %q وجود ندارد: off یا optional یا required را برگزینید"}
	msgTransport    = message{"no transport %q: choose udp, tcp, tls or auto", "پروتکل انتقال %q وجود ندارد: udp یا tcp یا tls یا auto را برگزینید"}
	msgVerify       = message{"no way %q to check a certificate: leave it out, or choose off to accept any", "روش %q برای بررسی گواهی وجود ندارد: آن را حذف کنید، یا برای پذیرفتن هر گواهی off بگذارید"}
	msgPEM          = message{"no certificate in PEM form is in it", "گواهی با قالب PEM در آن نیست"}
	msgNumbers      = message{"no way %q to write numbers: choose national or e164", "روش %q برای نوشتن شماره وجود ندارد: national یا e164 را برگزینید"}
	msgSameNumber   = message{"%s is the same number as %s", "%s همان شمارهٔ %s است"}
	msgServer       = message{"%q is not a host or host:port", "%q به شکل میزبان یا میزبان:درگاه نیست"}
	msgSource       = message{"%q is not an IP address or prefix", "%q نشانی یا بازهٔ IP نیست"}
	msgOutside      = message{"%q is not a number: 1 to 20 of 0-9, * and #, after a + or not", "%q شماره نیست: ۱ تا ۲۰ نویسه از 0-9 و * و # که می‌تواند با + آغاز شود"}
	msgNoTrunk      = message{"no trunk %s", "ترانک %s وجود ندارد"}
	msgNoServer     = message{"trunk %s has no server to send calls to", "ترانک %s سروری برای تماس خروجی ندارد"}
	msgShadows      = message{"%s also begins the internal number %s of %s", "شمارهٔ داخلی %[2]s متعلق به %[3]s نیز با %[1]s آغاز می‌شود"}
	msgNameServer   = message{"%q is not an address of a name server, such as 192.168.1.1 or 127.0.0.1:5353", "%q نشانی سرور نام (DNS) نیست؛ مانند 192.168.1.1 یا 127.0.0.1:5353"}
	msgSlot         = message{"%q is not a number of digits", "%q شماره‌ای از رقم‌ها نیست"}
	msgNoSwitch     = message{"no switch %s", "کلید شب و روز %s وجود ندارد"}
	msgNoHours      = message{"no hours %s", "ساعت کاری %s وجود ندارد"}
	msgHolidays     = message{"no holidays %q: choose ir or none", "تعطیلات %q وجود ندارد: ir یا none را برگزینید"}
	msgHoliday      = message{"no official holiday %q", "تعطیل رسمی %q وجود ندارد"}
	msgWeekday      = message{"%q is not a day such as saturday", "%q روزی مانند saturday نیست"}
	msgDate         = message{"%q is not a date such as 1405/9/6 or 2026-11-27", "%q تاریخی مانند 1405/9/6 یا 2026-11-27 نیست"}
	msgDays         = message{"%q is before the first day, or more than a year after it", "%q پیش از نخستین روز یا بیش از یک سال پس از آن است"}
	msgBlock        = message{"%q is not a time such as 8:00-13:00", "%q ساعتی مانند 8:00-13:00 نیست"}
	msgCodes        = message{"%s also begins with the code %s of %s", "%s نیز با کد %s متعلق به %s آغاز می‌شود"}
	msgInstead      = message{": change this code to %s, which is free", "؛ این کد را به %s که آزاد است تغییر دهید"}
	msgWhisper      = message{"a whisper cannot tell %q: choose from %s", "پیش‌گویی %q را نمی‌گوید: یکی از %s را برگزینید"}
	msgReason       = message{"%q is not a reason of 1 to 4 digits", "%q دلیلی یک تا چهار رقمی نیست"}
	msgNothingStore = message{"no password is stored to keep: type one", "گذرواژه‌ای ذخیره نیست: گذرواژه‌ای بنویسید"}
	msgOrder        = message{"no order %q: choose sequence or random", "ترتیب %q وجود ندارد: sequence یا random را برگزینید"}
	msgNoMusic      = message{"no music %s", "موسیقی %s وجود ندارد"}
	msgStepName     = message{"%q does not begin with a small letter", "%q با حرف کوچک لاتین آغاز نمی‌شود"}
	msgFlowDo       = message{"no step %q: choose play, menu, collect, say, branch, look-up, set, dial, voicemail or hang-up", "گام %q وجود ندارد: play، menu، collect، say، branch، look-up، set، dial، voicemail یا hang-up را برگزینید"}
	msgSayAs        = message{"no way to say %q: choose digits, telephone, number, ordinal, money, duration, time, date or prompt", "گفتن به روش %q وجود ندارد: digits، telephone، number، ordinal، money، duration، time، date یا prompt را برگزینید"}
	msgCircle       = message{"lead round without waiting for the caller: %s", "بی‌آنکه منتظر تماس‌گیرنده بمانند دور می‌زنند: %s"}
	msgCallbackKey  = message{"%q is not a key from 1 to 9", "%q کلیدی از ۱ تا ۹ نیست"}
	msgClock        = message{"%q is not a time of the day such as 08:30", "%q ساعتی از روز مانند 08:30 نیست"}
	msgBackwards    = message{"%s is not later than %s", "%s پس از %s نیست"}
	msgNoRouteNamed = message{"no route %s", "مسیر %s وجود ندارد"}
	msgNoMailbox    = message{"no mailbox %s", "صندوق پیام %s وجود ندارد"}
	msgNoRoute      = message{"no route leads to %q", "هیچ مسیری به %q نمی‌رسد"}
	msgTableOrURL   = message{"name either a table or a url", "یا table را بنویسید یا url را"}
	msgNoTable      = message{"no table %s", "جدول %s وجود ندارد"}
	msgURL          = message{"%q is not an address such as https://crm.example/who?number={caller}", "%q نشانی‌ای مانند https://crm.example/who?number={caller} نیست"}
	msgBraces       = message{"has braces without a name in them: %q", "آکولادی دارد که نامی در آن نیست: %q"}
	msgUnreached    = message{"no call ever comes to %s", "هیچ تماسی به %s نمی‌رسد"}
	msgNobodyAtZero = message{"key 0 of %s reaches nobody", "کلید ۰ در %s به کسی نمی‌رسد"}
	msgAnnounce     = message{"no rule %q for saying the position: choose always, never, up-to or more-than", "قاعدهٔ %q برای گفتن نوبت وجود ندارد: always، never، up-to یا more-than را برگزینید"}
	msgAnnounceWait = message{"no rule %q for saying the wait: choose always, once or never", "قاعدهٔ %q برای گفتن زمان انتظار وجود ندارد: always، once یا never را برگزینید"}
	msgQueuePrompt  = message{"a queue does not say %q; it says %s", "صف جملهٔ %q ندارد؛ جمله‌ها: %s"}
	msgTone         = message{"no tone %q: dial, busy, congestion, ringback, waiting, confirmation or stutter", "بوق %q وجود ندارد: dial، busy، congestion، ringback، waiting، confirmation یا stutter"}

	msgMailSecurity     = message{"no encryption %q: choose starttls, tls or none", "رمزگذاری %q وجود ندارد: starttls یا tls یا none را برگزینید"}
	msgAddress          = message{"%q is not a mail address such as box@shop.example", "%q نشانی ایمیلی مانند box@shop.example نیست"}
	msgPlainPassword    = message{"a password is not told to a server without encryption", "گذرواژه به سروری بدون رمزگذاری فرستاده نمی‌شود"}
	msgBulletinEvery    = message{"no period %q: choose day, week or month", "دورهٔ %q وجود ندارد: day یا week یا month را برگزینید"}
	msgBulletinCalendar = message{"no calendar %q: choose jalali or gregorian", "تقویم %q وجود ندارد: jalali یا gregorian را برگزینید"}
	msgBulletinAt       = message{"%q is no time of day such as 07:00", "%q ساعتی مانند 07:00 نیست"}
	msgBulletinBy       = message{"no rows %q: choose hour, day, weekday, week-hour, queue, agent, number or way", "تفکیک %q وجود ندارد: hour، day، weekday، week-hour، queue، agent، number یا way را برگزینید"}
	msgBulletinQueue    = message{"there is no queue %q", "صف %q وجود ندارد"}
	msgNoMailServer     = message{"no mail server is set", "سرور ایمیل تعیین نشده است"}
	msgWebhook          = message{"%q is not an address such as https://host.example/path", "%q نشانی‌ای مانند https://host.example/path نیست"}
	msgWebhookPlain     = message{"without https it must be in the own network", "بدون https باید در شبکهٔ خودی باشد"}
	msgContact          = message{"%q is neither a mail address nor one such as https://host.example/path", "%q نه نشانی ایمیل است و نه نشانی‌ای مانند https://host.example/path"}
	msgEventKind        = message{"no kind of events %q: choose call, queue, agent, line or health", "رویداد %q وجود ندارد: call، queue، agent، line یا health را برگزینید"}
	msgSeverity         = message{"no weight %q: choose info, warning or error", "شدت %q وجود ندارد: info یا warning یا error را برگزینید"}
	msgBackupEvery      = message{"no rhythm %q: choose never, daily or weekly", "نوبت %q وجود ندارد: never یا daily یا weekly را برگزینید"}
	msgBackupKind       = message{"no kind of place %q: choose folder, usb, sftp or s3", "نوع مقصد %q وجود ندارد: folder یا usb یا sftp یا s3 را برگزینید"}
	msgFolder           = message{"%q is not the path of a folder", "%q مسیر پوشه نیست"}
	msgHostKey          = message{"%q is not a fingerprint such as SHA256:...", "%q اثرانگشتی مانند SHA256:... نیست"}
)
