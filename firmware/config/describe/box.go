package describe

import "time"

func kinds() []Kind {
	return []Kind{extensions(), lines(), trunks(), routes(), menus(), conferences(), switches(), services(), music(),
		parking(), features(), webhooks(), listening(), voicemail(), recording(), system(), sip(), media()}
}

// Elsewhere are the parts of the configuration that have forms of their own on the page,
// and why none of them is described here.
func Elsewhere() map[string]string {
	return map[string]string{
		"schema": "the version of the tree, not a setting",
		"queues": "the form of queues", "hours": "the form of opening hours", "tones": "the form of tones",
		"flows": "drafts of menus", "tables": "drafts of menus",
		"mail": "the form of mail", "bulletins": "the form of reports by mail", "alerts": "the form of alerts", "backup": "the form of backups",
	}
}

func music() Kind {
	return Kind{ID: "music", Key: "name", Name: both("Music|موسیقی"), Names: both("Hold music|موسیقی انتظار"),
		Help: both("What callers hear while they wait.|آنچه تماس‌گیرندگان هنگام انتظار می‌شنوند."),
		Fields: []Field{
			fld("name", "Name|نام", "Small letters, digits, - and _.|حروف کوچک لاتین، رقم، - و _.", must, code, eg("sales")),
			fld("files", "Sounds|صداها", "The box's own are calm and santur.|صداهای خود دستگاه calm و santur است.", must, code, eg("calm")),
			fld("order", "Order|ترتیب", "Of the sounds.|ترتیب صداها.", one("sequence|In a row|پشت سر هم", "random|By chance|تصادفی")),
			fld("continuous", "Runs on|پیوسته", "All hear the same; else everybody from the beginning.|همه یک چیز می‌شنوند؛ وگرنه هر کس از آغاز."),
		}}
}

func parking() Kind {
	return Kind{ID: "parking", Name: both("Parking|پارک تماس"), Names: both("Parking|پارک تماس"),
		Help: both("Holds calls for whoever takes them.|تماس‌ها را نگه می‌دارد تا کسی بردارد."),
		Fields: []Field{
			fld("number", "Number|شماره", "Calls transferred here get a free place.|تماسِ فرستاده‌شده به اینجا جایی آزاد می‌گیرد.", code, eg("750")),
			fld("first", "First place|نخستین جا", "Who dials a place has its call; empty: no parking.|هر کس جا را بگیرد تماس آن را دارد؛ خالی: پارک ندارد.", code, eg("751")),
			fld("slots", "Places|شمار جاها", "The first and the numbers after it.|نخستین و شماره‌های پس از آن.", between(1, 100)),
			fld("time_out", "Comes back after|بازگشت پس از", "To who parked it.|به کسی که پارک کرده است.", lasting(10*time.Second, time.Hour)),
			fld("music", "Hold music|موسیقی انتظار", "What parked callers hear.|آنچه تماس‌های پارک‌شده می‌شنوند.", must, of("music"), advanced),
		}}
}

func features() Kind {
	c := func(path, label, help string, options ...option) Field {
		return fld(path, label, help, append(options, code)...)
	}
	return Kind{ID: "features", Name: both("Codes|کدها"), Names: both("Feature codes|کدهای امکانات"),
		Help: both("What people dial to have the box do something. An empty code is not in use.|آنچه برای خواستن کاری از دستگاه گرفته می‌شود. کد خالی به کار نمی‌رود."),
		Fields: []Field{
			c("login", "Agent logs in or out|ورود و خروج کارشناس", "A queue's number may follow.|شمارهٔ صف می‌تواند پس از آن بیاید."),
			c("pause", "Agent rests|استراحت کارشناس", "Then * and a reason.|سپس * و دلیل."),
			c("wrap_up", "Wrap-up|جمع‌بندی", "Ends it; minutes that follow are more of it.|آن را پایان می‌دهد؛ دقیقه‌های پس از آن تمدید است."),
			c("disposition", "What the call was|نتیجهٔ تماس", "Digits of a disposition follow.|کد نتیجه پس از آن می‌آید."),
			c("pickup", "Pick up|برداشتن تماس دیگری", "The extension that rings may follow.|داخلی در حال زنگ می‌تواند پس از آن بیاید."),
			c("record", "Record (in a talk)|ضبط (در گفتگو)", "Records the talk, or stops.|گفتگو را ضبط می‌کند یا می‌ایستد."),
			c("record_pause", "Leave out (in a talk)|حذف از ضبط (در گفتگو)", "What must not be recorded, or goes on.|آنچه نباید ضبط شود، یا ادامه."),
			c("help", "Help (in a talk)|کمک (در گفتگو)", "Rings the supervisors.|سرپرست‌ها را زنگ می‌زند."),
			c("listen", "Listen in|شنود", "An extension follows.|داخلی پس از آن می‌آید."),
			c("whisper", "Whisper|نجوا", "An extension follows.|داخلی پس از آن می‌آید."),
			c("barge", "Join in|پیوستن", "An extension follows.|داخلی پس از آن می‌آید."),
			c("take", "Take the first caller|برداشتن نفر اول", "A queue follows.|صف پس از آن می‌آید."),
			c("take_over", "Take over|به‌دست گرفتن گفتگو", "An extension follows.|داخلی پس از آن می‌آید."),
			c("voicemail", "Own mailbox|صندوق خود", "Plays its messages.|پیام‌هایش را پخش می‌کند."),
			c("voicemail_any", "Any mailbox|هر صندوق", "Asks for its number and PIN.|شماره و رمزش را می‌پرسد."),
			c("voicemail_to", "Leave a message|گذاشتن پیام", "A mailbox follows.|صندوق پس از آن می‌آید."),
			c("prompts", "Record prompts|ضبط جمله‌ها", "For supervisors.|برای سرپرست‌ها.", advanced),
			fld("prompts_pin", "PIN for prompts|رمز ضبط جمله‌ها", "4 to 12 digits; empty: supervisors only.|۴ تا ۱۲ رقم؛ خالی: تنها سرپرست‌ها.", advanced),
			fld("pause_reasons", "Reasons to rest|دلیل‌های استراحت", "Digits, and what they mean.|رقم و معنای آن.", eg("1")),
		}}
}

func webhooks() Kind {
	return Kind{ID: "webhooks", Key: "name", Name: both("Webhook|وب‌هوک"), Names: both("Webhooks|وب‌هوک‌ها"),
		Help: both("Programs elsewhere that hear what happens, by signed messages.|برنامه‌هایی در جای دیگر که رویدادها را با پیام امضاشده می‌شنوند."),
		Fields: []Field{
			fld("name", "Name|نام", "Small letters, digits, - and _.|حروف کوچک لاتین، رقم، - و _.", must, code, eg("crm")),
			fld("url", "Address|نشانی", "https; without it anybody on the way can read along, so only in the own network.|https؛ بدون آن هر کس در راه می‌تواند بخواند، پس تنها در شبکهٔ خودی.", must, code, eg("https://crm.example/pasokh")),
			fld("key", "Signing key|کلید امضا", "At least 16 characters. Copy it now to who receives: it is not shown again.|دست‌کم ۱۶ نویسه. همین حالا به گیرنده بدهید: دوباره نشان داده نمی‌شود.", must),
			fld("events", "Tells of|خبر از", "What it hears of.|از چه خبردار می‌شود.", must,
				one("call|Calls|تماس‌ها", "queue|Queues|صف‌ها", "agent|Agents|کارشناسان", "line|Lines|خط‌ها", "health|Problems|مشکل‌ها")),
		}}
}

func system() Kind {
	return Kind{ID: "system", Name: both("The box|دستگاه"), Names: both("The box|دستگاه"),
		Help: both("Its name, language, clock and country.|نام، زبان، ساعت و کشور آن."),
		Fields: []Field{
			fld("name", "Name|نام", "Shown on pages and phones.|روی صفحه‌ها و تلفن‌ها دیده می‌شود.", eg("Shop")),
			fld("language", "Language|زبان", "Of prompts and pages where nothing else is set.|زبان جمله‌ها و صفحه‌ها، اگر چیز دیگری تعیین نشود.", must, one("fa|Persian|فارسی", "en|English|انگلیسی")),
			fld("time_zone", "Time zone|منطقهٔ زمانی", "Where its clock stands.|ساعت آن کجاست.", must, code, eg("Asia/Tehran")),
			fld("country", "Country|کشور", "Tones, ringing and how numbers are dialled.|بوق‌ها، زنگ و شیوهٔ شماره‌گیری.", must, code, eg("IR")),
			fld("emergency", "Numbers for help|شماره‌های اضطراری", "Beside those of the country. They always go out.|افزون بر شماره‌های کشور. همیشه به بیرون می‌روند.", code, eg("112")),
			fld("max_calls", "Calls at most|حداکثر تماس", "At one time; more are refused as overload.|در یک زمان؛ بیشتر از آن پذیرفته نمی‌شود.", between(1, 2000), advanced),
			fld("dns", "Name servers|سرورهای نام", "Addresses to ask for providers; empty: the network's.|نشانی پرسش از ارائه‌دهندگان؛ خالی: مانند شبکه.", code, advanced, eg("192.168.1.1")),
			fld("security_contact", "For weaknesses|برای گزارش ضعف امنیتی", "Whom strangers tell of a weakness of the box, in its security.txt: a mail or https address; empty: nobody.|نشانی ایمیل یا https که ضعف‌های امنیتی به آن گزارش می‌شود، در security.txt؛ خالی: هیچ‌کس.", code, advanced, eg("security@shop.example")),
		}}
}

func sip() Kind {
	return Kind{ID: "sip", Risky: true, Name: both("SIP|SIP"), Names: both("SIP|SIP"),
		Help: both("The box's own SIP service.|سرویس SIP خود دستگاه."),
		Fields: []Field{
			fld("domain", "Domain|دامنه", "Realm and host part of the box's addresses. Phones with another must be set anew.|دامنهٔ نشانی‌های دستگاه. تلفن‌ها با تغییر آن باید دوباره تنظیم شوند.", must, code),
			fld("min_expires", "Shortest registration|کوتاه‌ترین ثبت", "Phones must not come back sooner.|تلفن‌ها زودتر از آن بازنگردند.", between(10, 3600), unit("s|ثانیه"), advanced),
			fld("max_expires", "Longest registration|بلندترین ثبت", "After it a phone that is gone is known to be.|پس از آن نبودنِ تلفن دانسته می‌شود.", between(60, 86400), unit("s|ثانیه"), advanced),
			fld("max_contacts", "Phones of one extension|تلفن‌های هر داخلی", "One more takes the place of the oldest.|یکی بیشتر جای قدیمی‌ترین را می‌گیرد.", between(1, 20)),
			fld("max_calls_per_second", "New calls a second|تماس تازه در ثانیه", "Further ones are told to come back later.|به بیشتر از آن گفته می‌شود بعداً بیایند.", between(1, 1000), advanced),
			fld("trusted", "Trusted networks|شبکه‌های مطمئن", "Slowed down after wrong passwords, never shut out.|با گذرواژهٔ نادرست کند می‌شوند ولی بیرون نمی‌مانند.", code, advanced, eg("192.168.1.0/24")),
		}}
}

func media() Kind {
	return Kind{ID: "media", Name: both("Sound and picture|صدا و تصویر"), Names: both("Sound and picture|صدا و تصویر"),
		Help: both("How the box carries sound.|دستگاه صدا را چگونه می‌برد."),
		Fields: []Field{
			codecs("codecs", must),
			fld("timeout", "Silence ends a call after|پایان تماس پس از سکوت", "A party that sends nothing at all.|اگر یک طرف هیچ نفرستد.", lasting(5*time.Second, time.Hour)),
			fld("video_kbps", "Video|تصویر", "What each phone may send; 0: no video.|سقف ارسال هر تلفن؛ ۰: بی‌تصویر.", between(64, 8192), orZero, unit("kbit/s|کیلوبیت بر ثانیه")),
			fld("pass_through", "Foreign codecs|کدک‌های ناآشنا", "Lets two phones talk in a codec that the box does not speak.|دو تلفن با کدکی گفتگو کنند که دستگاه نمی‌داند.", advanced),
		}}
}
