package describe

import "time"

func extensions() Kind {
	return Kind{ID: "extensions", Key: "number", Name: both("Extension|داخلی"), Names: both("Extensions|داخلی‌ها"),
		Help: both("Numbers of people and rooms, with the phones that ring there.|شمارهٔ آدم‌ها و اتاق‌ها، با تلفن‌هایی که آنجا زنگ می‌خورند."),
		Fields: []Field{
			fld("number", "Number|شماره", "What others dial to reach it.|آنچه دیگران برای رسیدن به آن می‌گیرند.", must, code, eg("1001")),
			fld("name", "Name|نام", "Shown on phones and pages.|روی تلفن‌ها و صفحه‌ها دیده می‌شود.", eg("Sara")),
			fld("secret", "SIP password|گذرواژهٔ SIP", "At least 6 characters; empty: no SIP phone may register.|دست‌کم ۶ نویسه؛ خالی: هیچ تلفن SIP ثبت نمی‌شود."),
			fld("port", "Phone socket|سوکت تلفن", "Of an analog phone.|سوکت تلفن آنالوگ.", code, eg("fxs1")),
			fld("voicemail.enabled", "Mailbox|صندوق پیام", "Takes messages of those who do not reach it.|پیام کسانی را می‌گیرد که پاسخی نمی‌گیرند."),
			fld("voicemail.pin", "PIN of the mailbox|رمز صندوق", "4 to 12 digits; empty: only from its own phones.|۴ تا ۱۲ رقم؛ خالی: تنها از تلفن‌های خودش."),
			fld("ring_for", "Rings for|مدت زنگ", "Then the call counts as not answered.|پس از آن تماس بی‌پاسخ است.", lasting(5*time.Second, 10*time.Minute)),
			record(),
			fld("group", "Pickup group|گروه برداشتن", "Its members may take each other's calls.|اعضای آن می‌توانند تماس یکدیگر را بردارند.", code, advanced, eg("sales")),
			fld("outside_number", "Number shown outside|شماره برای بیرون", "Where the trunk lets it.|اگر ترانک اجازه دهد.", code, advanced, eg("02188776655")),
			fld("music", "Hold music|موسیقی انتظار", "What those hear whom it holds.|آنچه نگه‌داشته‌شدگان می‌شنوند.", of("music"), advanced),
			language("language"),
			srtp(), dtmf(),
			fld("nat", "Behind a router|پشت مسیریاب", "Sound follows the address that packets really come from.|صدا به نشانی‌ای می‌رود که بسته‌ها واقعاً از آن می‌آیند.", advanced),
			fld("sources", "Only from|تنها از", "Addresses or networks that its phones may come from; empty: anywhere.|نشانی یا شبکهٔ تلفن‌هایش؛ خالی: از همه جا.", code, advanced, eg("192.168.1.0/24")),
			fld("formerly", "Earlier numbers|شماره‌های پیشین", "Reports join their history with its own.|گزارش‌ها پیشینهٔ آن‌ها را با این یکی می‌کنند.", code, advanced),
		}}
}

func listening() Kind {
	return Kind{ID: "listening", Name: both("Listening in|شنود"), Names: both("Listening in|شنود"),
		Help: both("Who may listen in on talks, and who is told of it.|چه کسی می‌تواند گفتگوها را بشنود و چه کسی خبردار می‌شود."),
		Fields: []Field{
			fld("supervisors", "Supervisors|سرپرست‌ها", "Extensions that may listen in.|داخلی‌هایی که می‌توانند بشنوند.", of("extensions")),
			fld("tones", "A tone tells of|بوق خبر می‌دهد از", "Both parties hear it when somebody begins.|هر دو طرف آن را در آغاز می‌شنوند.", one("listen|Listening|شنیدن", "whisper|Whispering|نجوا", "barge|Joining in|پیوستن")),
		}}
}

func conferences() Kind {
	return Kind{ID: "conferences", Key: "number", Name: both("Conference|کنفرانس"), Names: both("Conferences|کنفرانس‌ها"),
		Help: both("Rooms where several people talk.|اتاق‌هایی که چند نفر در آن گفتگو می‌کنند."),
		Fields: []Field{
			fld("number", "Number|شماره", "What is dialled to enter.|آنچه برای ورود گرفته می‌شود.", must, code, eg("800")),
			fld("name", "Name|نام", "Shown on pages.|روی صفحه‌ها دیده می‌شود."),
			fld("max_members", "At most|حداکثر", "Members at one time.|شمار اعضا در یک زمان.", between(2, 100), unit("people|نفر")),
			fld("pin", "PIN|رمز", "4 to 12 digits, asked of everybody; empty: nobody is asked.|۴ تا ۱۲ رقم، از همه پرسیده می‌شود؛ خالی: از کسی پرسیده نمی‌شود."),
			fld("moderator_pin", "Moderator's PIN|رمز مدیر جلسه", "Who knows it leads the conference.|کسی که آن را بداند جلسه را می‌گرداند."),
			fld("wait_for_moderator", "Wait for the moderator|منتظر مدیر جلسه", "With music until a moderator comes.|با موسیقی تا مدیر جلسه بیاید."),
			fld("quiet", "No tones|بی‌بوق", "Members come and go without a tone.|ورود و خروج اعضا بوق ندارد.", advanced),
			record(),
		}}
}

func voicemail() Kind {
	return Kind{ID: "voicemail", Name: both("Mailboxes|صندوق‌های پیام"), Names: both("Mailboxes|صندوق‌های پیام"),
		Help: both("What all mailboxes share. A mailbox itself is turned on at its extension or queue.|آنچه همهٔ صندوق‌ها دارند. خود صندوق در داخلی یا صفش روشن می‌شود."),
		Fields: []Field{
			fld("max_length", "Longest message|بلندترین پیام", "Then the box hangs up.|پس از آن دستگاه قطع می‌کند.", lasting(10*time.Second, 10*time.Minute)),
			fld("max_messages", "Messages in a box|پیام‌های هر صندوق", "A full box takes no more.|صندوق پر دیگر پیام نمی‌گیرد.", between(1, 1000)),
		}}
}

func recording() Kind {
	return Kind{ID: "recording", Name: both("Recording|ضبط"), Names: both("Recording|ضبط"),
		Help: both("How calls are recorded, and for how long that is kept.|تماس‌ها چگونه ضبط و تا کی نگه داشته می‌شوند."),
		Fields: []Field{
			fld("announce", "Tell the parties|خبر دادن به دو طرف", "Both hear that they are recorded. The law may ask for it.|هر دو می‌شنوند که ضبط می‌شوند. شاید قانون آن را بخواهد."),
			fld("keep_days", "Keep for|نگه‌داری", "0: for ever.|۰: برای همیشه.", between(0, 3650), unit("days|روز")),
			fld("max_size_mb", "At most|حداکثر", "The oldest are deleted then. 0: no limit.|آن‌گاه قدیمی‌ترها پاک می‌شود. ۰: بی‌حد.", between(0, 10_000_000), unit("MB|مگابایت"), advanced),
			fld("min_free_mb", "Leave free|جای خالی", "Recording stops while less is free. 0: by itself.|با جای خالی کمتر، ضبط می‌ایستد. ۰: خودکار.", between(0, 1_000_000), unit("MB|مگابایت"), advanced),
			fld("warn_days", "Warn ahead|هشدار پیش از", "So many days before the disk cuts it short.|این چند روز پیش از پر شدن حافظه.", between(1, 60), unit("days|روز"), advanced),
		}}
}
