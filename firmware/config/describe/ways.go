package describe

func lines() Kind {
	return Kind{ID: "lines", Key: "port", Risky: true, Name: both("Analog line|خط آنالوگ"), Names: both("Analog lines|خط‌های آنالوگ"),
		Help: both("Lines of the telephone company, by the socket that they are in.|خط‌های مخابرات، بر پایهٔ سوکتشان."),
		Fields: append([]Field{
			fld("port", "Socket|سوکت", "As it is marked on the box.|همان که روی دستگاه نوشته است.", must, code, eg("fxo1")),
			fld("name", "Name|نام", "Shown on pages and in reports.|در صفحه‌ها و گزارش‌ها دیده می‌شود.", eg("Shop")),
			fld("destination", "Callers reach|تماس‌ها می‌رسد به", "A menu, a queue, an extension…|منو، صف، داخلی و …", must, of("number")),
			fld("answer_after", "Answer after|پاسخ پس از", "Caller ID comes after the first ring: fewer than 2 loses it.|شمارهٔ تماس‌گیرنده پس از زنگ اول می‌آید: کمتر از ۲ آن را از دست می‌دهد.", between(1, 10), unit("rings|زنگ")),
			record(), language("language"),
		}, night()...)}
}

func trunks() Kind {
	return Kind{ID: "trunks", Key: "name", Risky: true, Name: both("Trunk|ترانک"), Names: both("Trunks|ترانک‌ها"),
		Help: both("Internet telephone lines of SIP providers.|خط‌های تلفن اینترنتی از ارائه‌دهندگان SIP."),
		Fields: append([]Field{
			fld("name", "Name|نام", "Small letters, digits, - and _. Routes name it.|حروف کوچک لاتین، رقم، - و _. مسیرها با آن نام می‌برند.", must, code, eg("telco")),
			fld("servers", "Servers|سرورها", "Tried in order; empty: calls only come in.|به ترتیب آزموده می‌شوند؛ خالی: تنها تماس ورودی.", code, eg("sip.provider.example")),
			fld("user", "User|نام کاربری", "As the provider gave it.|همان که ارائه‌دهنده داده است.", code),
			fld("secret", "Password|گذرواژه", "As the provider gave it.|همان که ارائه‌دهنده داده است."),
			fld("register", "Register|ثبت نام", "Tells the provider where the box is.|به ارائه‌دهنده می‌گوید دستگاه کجاست."),
			fld("destination", "Callers reach|تماس‌ها می‌رسد به", "A menu, a queue, an extension…|منو، صف، داخلی و …", of("number")),
			fld("dids", "Other numbers|شماره‌های دیگر", "A number of the provider's, and where its callers go.|شماره‌ای از ارائه‌دهنده و جایی که تماس‌هایش می‌رود.", of("number"), eg("02188776655")),
			fld("caller_id", "Number shown|شمارهٔ نمایشی", "To those who are called; empty: the user.|به کسانی که به آن‌ها زنگ می‌زنند؛ خالی: نام کاربری.", code),
			fld("max_calls", "Calls at most|حداکثر تماس", "Both directions; 0: no limit.|در هر دو سو؛ ۰: بی‌حد.", between(0, 1000)),
			record(),
			fld("transport", "Carried by|انتقال", "What carries SIP.|آنچه SIP را می‌برد.", one("udp|UDP|UDP", "tcp|TCP|TCP", "tls|TLS (encrypted)|TLS (رمزگذاری‌شده)", "auto|As the provider's DNS says|به گفتهٔ DNS ارائه‌دهنده")),
			fld("sources", "Let in from|پذیرش از", "Addresses or networks whose calls need no password.|نشانی یا شبکه‌هایی که تماسشان گذرواژه نمی‌خواهد.", code, advanced, eg("192.0.2.10")),
			fld("outside_numbers", "Extensions' own numbers|شمارهٔ خود داخلی‌ها", "They may show their own number outside.|می‌توانند شمارهٔ خود را به بیرون نشان دهند.", advanced),
			fld("numbers", "Numbers are written|نوشتن شماره‌ها", "As the provider wants them.|چنان‌که ارائه‌دهنده می‌خواهد.", one("|As they are dialled|همان‌گونه که گرفته شد", "national|02188776655|02188776655", "e164|+982188776655|+982188776655"), advanced),
			fld("realm", "Realm|دامنهٔ گذرواژه", "The only one that the password is given to; empty: the first.|تنها جایی که گذرواژه به آن داده می‌شود؛ خالی: نخستین.", code, advanced),
			fld("domain", "Domain|دامنه", "Of the provider's addresses; empty: the server's.|دامنهٔ نشانی‌های ارائه‌دهنده؛ خالی: مانند سرور.", code, advanced),
			fld("outbound_proxy", "Outbound proxy|پراکسی خروجی", "Is sent everything instead of the servers.|همه چیز به جای سرورها به آن فرستاده می‌شود.", code, advanced),
			fld("tls_verify", "Certificate|گواهی", "How much it must prove.|چه چیزی را باید ثابت کند.", one("|Valid, and of that server|درست و از آن سرور", "off|Anything goes (unsafe)|هرچه باشد (ناامن)"), advanced),
			fld("tls_ca", "Signed by|امضاکننده", "Certificates in PEM of whoever signs the provider's.|گواهی PEM امضاکنندهٔ ارائه‌دهنده.", long, advanced),
			codecs("codecs"), srtp(), dtmf(), language("language"),
			fld("music", "Hold music|موسیقی انتظار", "What its callers hear while they are held.|آنچه تماس‌هایش هنگام انتظار می‌شنوند.", of("music"), advanced),
		}, night()...)}
}

func routes() Kind {
	return Kind{ID: "routes", Key: "name", Risky: true, Name: both("Route|مسیر"), Names: both("Routes|مسیرها"),
		Help: both("Ways out for numbers that are not of this box.|راه بیرون برای شماره‌هایی که از این دستگاه نیست."),
		Fields: []Field{
			fld("name", "Name|نام", "Small letters, digits, - and _.|حروف کوچک لاتین، رقم، - و _.", must, code, eg("outside")),
			fld("prefix", "Numbers begin with|آغاز شماره‌ها", "The longest that fits is taken.|بلندترین آغازِ جور برگزیده می‌شود.", must, code, eg("9")),
			fld("strip", "Take off|برداشتن", "Digits taken off the front.|رقم‌هایی که از آغاز برداشته می‌شود.", between(0, 20), unit("digits|رقم")),
			fld("prepend", "Put in front|افزودن به آغاز", "Of what is left.|به آغاز آنچه می‌ماند.", code, advanced, eg("+98")),
			fld("trunks", "Over|از راه", "Trunks, tried in order.|ترانک‌ها، به ترتیب.", must, of("trunks")),
			fld("caller_id", "Number shown|شمارهٔ نمایشی", "Empty: the trunk's.|خالی: شمارهٔ ترانک.", code, advanced),
			fld("extensions", "Who may|چه کسانی", "Extensions that may use it; empty: all.|داخلی‌های مجاز؛ خالی: همه.", of("extensions"), advanced),
		}}
}

func menus() Kind {
	return Kind{ID: "menus", Key: "number", Name: both("Menu|منو"), Names: both("Menus|منوها"),
		Help: both("A voice says what keys do, and callers press one.|صدایی کار کلیدها را می‌گوید و تماس‌گیرنده یکی را می‌زند."),
		Fields: append([]Field{
			fld("number", "Number|شماره", "What leads to it.|شماره‌ای که به آن می‌رسد.", must, code, eg("500")),
			fld("name", "Name|نام", "Shown on pages and in reports.|در صفحه‌ها و گزارش‌ها دیده می‌شود."),
			fld("greeting", "Says|می‌گوید", "Names of sounds, in order.|نام صداها، به ترتیب.", must, code, eg("welcome")),
			fld("keys", "Keys|کلیدها", "A key, and the number that it leads to.|کلید و شماره‌ای که به آن می‌رسد.", of("number"), eg("1")),
			fld("timeout", "Waits|انتظار", "Silence before it is said again.|سکوت پیش از گفتن دوباره.", lasting(1e9, 60e9)),
			fld("tries", "Is said|گفته می‌شود", "So often at most.|حداکثر این چند بار.", between(1, 10), unit("times|بار")),
			fld("otherwise", "Then|سپس", "Where callers go who press nothing; 0 reaches it too.|جای کسانی که کلیدی نمی‌زنند؛ صفر هم به آن می‌رسد.", must, of("number")),
		}, night()...)}
}

func services() Kind {
	return Kind{ID: "services", Key: "number", Name: both("Service|سرویس"), Names: both("Services|سرویس‌ها"),
		Help: both("Numbers of the box's own, for tests.|شماره‌های خود دستگاه، برای آزمایش."),
		Fields: []Field{
			fld("number", "Number|شماره", "What is dialled.|آنچه گرفته می‌شود.", must, code, eg("600")),
			fld("kind", "Does|کار", "What callers hear.|آنچه شنیده می‌شود.", must, one("echo|Plays back what one says|گفته را پس می‌دهد", "music|Plays hold music|موسیقی انتظار می‌نوازد")),
		}}
}

func switches() Kind {
	return Kind{ID: "switches", Key: "number", Name: both("Switch|کلید شب و روز"), Names: both("Switches|کلیدهای شب و روز"),
		Help: both("Turned on and off by dialling, for the night or any other time.|با گرفتن شماره روشن و خاموش می‌شود، برای شب یا هر زمان دیگر."),
		Fields: []Field{
			fld("number", "Number|شماره", "What is dialled to turn it.|آنچه برای چرخاندنش گرفته می‌شود.", must, code, eg("*28")),
			fld("name", "Name|نام", "Shown on pages.|روی صفحه‌ها دیده می‌شود."),
		}}
}
