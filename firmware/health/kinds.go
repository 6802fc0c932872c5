package health

// Severity says how much a problem matters.
type Severity string

// The severities, least first.
const (
	Info    Severity = "info"    // worth knowing; all works
	Warning Severity = "warning" // something does not work, calls go on
	Error   Severity = "error"   // callers are hurt
)

// Kind is a problem that the box can find, in words. Texts are by language.
type Kind struct {
	ID       string
	Severity Severity
	Text     map[string]string
	Fix      map[string]string // what a person can do
}

// Kinds are all problems the box knows how to tell.
func Kinds() []Kind {
	kind := func(id string, s Severity, textEN, fixEN, textFA, fixFA string) Kind {
		return Kind{id, s, map[string]string{"en": textEN, "fa": textFA}, map[string]string{"en": fixEN, "fa": fixFA}}
	}
	return []Kind{
		kind("store-recovered", Warning,
			"The data file was damaged. The last good copy is in use.",
			"Check the last changes you made. If this happens again, replace the memory card.",
			"فایل داده‌ها آسیب دیده بود و آخرین نسخهٔ سالم به کار رفت.",
			"آخرین تغییرهایتان را بازبینی کنید. اگر تکرار شد، کارت حافظه را عوض کنید."),
		kind("config-fallback", Warning,
			"The newest settings could not be read. Older settings are in use.",
			"Check the settings and save them again.",
			"تازه‌ترین تنظیمات خوانده نشد و تنظیمات پیشین به کار رفت.",
			"تنظیمات را بازبینی و دوباره ذخیره کنید."),
		kind("ports-exhausted", Error,
			"No network port is left for the sound of another call.",
			"Start the box with a larger range of RTP ports.",
			"برای صدای تماس تازه درگاه شبکه‌ای نمانده است.",
			"دستگاه را با بازهٔ بزرگ‌تری از درگاه‌های RTP راه‌اندازی کنید."),
		kind("port-in-use", Error,
			"Another program uses a network port that the box needs.",
			"Stop the other program, or give the box another port.",
			"برنامهٔ دیگری درگاه شبکهٔ مورد نیاز دستگاه را گرفته است.",
			"آن برنامه را ببندید یا درگاه دیگری به دستگاه بدهید."),
		kind("no-prompts", Error,
			"There are no spoken prompts. Callers hear tones only.",
			"Install a complete image.",
			"پیام‌های صوتی نصب نیست و تماس‌گیرنده تنها بوق می‌شنود.",
			"نسخهٔ کامل نرم‌افزار را نصب کنید."),
		kind("recording-stopped", Error,
			"Calls are not recorded: the disk is full or cannot be written. Calls go on.",
			"Delete recordings, or keep them for fewer days. If the disk has room, it may have to be replaced.",
			"تماس‌ها ضبط نمی‌شود: حافظه پر است یا نوشته نمی‌شود. خود تماس‌ها برقرار است.",
			"ضبط‌ها را پاک کنید یا روزهای نگه‌داری را کم کنید. اگر حافظه جا دارد، شاید باید عوض شود."),
		kind("voicemail-stopped", Error,
			"Callers cannot leave messages: the disk is full or cannot be written.",
			"Delete recordings and messages. If the disk has room, it may have to be replaced.",
			"تماس‌گیرندگان نمی‌توانند پیام بگذارند: حافظه پر است یا نوشته نمی‌شود.",
			"ضبط‌ها و پیام‌ها را پاک کنید. اگر حافظه جا دارد، شاید باید عوض شود."),
		kind("recordings-filling", Warning,
			"There will soon be no room for recordings: the oldest will be deleted before their time, or recording will stop.",
			"Save what you need, delete what you do not, keep recordings for fewer days or allow more space.",
			"جای ضبط‌ها به‌زودی پر می‌شود: قدیمی‌ترین‌ها زودتر از موعد پاک می‌شود یا ضبط می‌ایستد.",
			"آنچه لازم دارید ذخیره و بقیه را پاک کنید، روزهای نگه‌داری را کم کنید یا جای بیشتری بدهید."),
		kind("line-unplugged", Warning,
			"A telephone line has no power from the exchange.",
			"Plug the line in. If it is, ask the telephone company.",
			"خط تلفن از مرکز مخابرات برق ندارد.",
			"خط را وصل کنید. اگر وصل است، با مخابرات تماس بگیرید."),
		kind("trunk-down", Error,
			"A telephone provider cannot be reached or refuses this box.",
			"Check the network, and the trunk's servers, user and password. If they are right, ask the provider.",
			"ارائه‌دهندهٔ تلفن در دسترس نیست یا این دستگاه را نمی‌پذیرد.",
			"شبکه و نیز سرور، نام کاربری و گذرواژهٔ ترانک را بررسی کنید. اگر درست است، با ارائه‌دهنده تماس بگیرید."),
		kind("trunk-name", Warning,
			"The name servers do not know a telephone provider's server any more, or do not answer. Its last address is still used.",
			"Check the network and its name servers (system.dns). If they are right, ask the provider for its server's name: the last address serves for a day, or for a week if no name server answers.",
			"سرورهای نام دیگر نشانی سرور ارائه‌دهندهٔ تلفن را نمی‌دهند یا پاسخ نمی‌دهند. هنوز از آخرین نشانی استفاده می‌شود.",
			"شبکه و سرورهای نام آن (system.dns) را بررسی کنید. اگر درست است، نام سرور را از ارائه‌دهنده بپرسید: آخرین نشانی یک روز، یا اگر هیچ سرور نامی پاسخ ندهد یک هفته، کار می‌کند."),
		kind("trunk-certificate", Error,
			"A telephone provider's certificate is refused: it may be somebody else who answers.",
			"If the certificate has expired, ask the provider. If the provider signs it itself, enter its CA (tls_ca) in the trunk. Check the box's date too.",
			"گواهی ارائه‌دهندهٔ تلفن پذیرفته نشد: شاید کس دیگری پاسخ می‌دهد.",
			"اگر گواهی منقضی شده، از ارائه‌دهنده بپرسید. اگر ارائه‌دهنده خودش آن را امضا می‌کند، گواهی ریشه‌اش (tls_ca) را در ترانک وارد کنید. تاریخ دستگاه را هم بررسی کنید."),
		kind("line-fault", Error,
			"The hardware of a telephone port does not work.",
			"Restart the box. If that does not help, have the port repaired.",
			"سخت‌افزار درگاه تلفن کار نمی‌کند.",
			"دستگاه را دوباره راه‌اندازی کنید. اگر درست نشد، درگاه باید تعمیر شود."),
		kind("certificate-expiring", Warning,
			"The certificate of the page and of encrypted phones ends soon.",
			"Install a new one. If it is the box's own, make room on the disk.",
			"گواهی صفحه و تلفن‌های رمزشده رو به پایان است.",
			"گواهی تازه‌ای نصب کنید. اگر گواهی خود دستگاه است، فضای حافظه را خالی کنید."),
		kind("certificate-unusable", Warning,
			"A certificate cannot be read or saved. Another one is in use.",
			"Install the certificate again: with its chain and key, and not expired.",
			"گواهی خوانده یا ذخیره نمی‌شود و گواهی دیگری به کار رفته است.",
			"گواهی را با زنجیره و کلیدش دوباره نصب کنید؛ نباید پایان یافته باشد."),
		kind("weak-secret", Warning,
			"Some extensions have a SIP password that is easily guessed.",
			"Give them a longer password: 8 characters at least.",
			"گذرواژهٔ SIP برخی داخلی‌ها به‌آسانی حدس زده می‌شود.",
			"برایشان گذرواژه‌ای بلندتر بگذارید: دست‌کم ۸ نویسه."),
		kind("sip-attack", Info,
			"Somebody tried wrong passwords of SIP phones and is shut out for a while.",
			"If it is a phone of yours, correct its password.",
			"کسی با گذرواژه‌های نادرست تلفن SIP تلاش کرده و موقتاً راه داده نمی‌شود.",
			"اگر تلفن خودتان است، گذرواژهٔ آن را درست کنید."),
		kind("overload", Error,
			"More calls come than the box takes. Those beyond are told to try again; calls that run are not touched.",
			"If they are real, raise the limits sip.max_calls_per_second and system.max_calls. If not, look under Protection where they come from.",
			"تماس‌ها بیش از توان پذیرش دستگاه است. به تماس‌های اضافه گفته می‌شود دوباره تلاش کنند و تماس‌های برقرار آسیبی نمی‌بینند.",
			"اگر تماس‌ها واقعی است، حد sip.max_calls_per_second و system.max_calls را بالا ببرید. اگر نه، در بخش حفاظت ببینید از کجا می‌آیند."),
		kind("sip-flood", Warning,
			"Somebody sends more SIP messages than the box looks at. Those beyond are dropped.",
			"If it is a phone or trunk of yours, repair it or add its address to sip.trusted. If not, shut it out with the router.",
			"پیام‌های SIP بیش از اندازه‌ای است که دستگاه بررسی می‌کند و پیام‌های اضافه دور ریخته می‌شود.",
			"اگر تلفن یا ترانک خودتان است، آن را درست کنید یا نشانی‌اش را به sip.trusted بیفزایید. اگر نه، در مسیریاب جلوی آن را بگیرید."),
		kind("sip-fault", Error,
			"The box stumbled over a SIP message. That message or call was lost, all others go on.",
			"Send the log to whoever looks after the box. The call's SIP messages say what it was.",
			"دستگاه در برخورد با یک پیام SIP دچار خطا شد. همان پیام یا تماس از دست رفت و بقیه برقرارند.",
			"گزارش دستگاه را برای پشتیبان بفرستید. پیام‌های SIP آن تماس نشان می‌دهد چه بوده است."),
		kind("disk-error", Error,
			"The disk cannot be written. Calls go on; their records wait in memory.",
			"Make room on the disk, or replace the memory card.",
			"روی حافظه نمی‌توان نوشت. تماس‌ها برقرارند و گزارش آن‌ها موقتاً نگه داشته می‌شود.",
			"فضای حافظه را خالی کنید یا کارت حافظه را عوض کنید."),
		kind("ledger-dropped", Error,
			"The records of some calls are lost.",
			"Make room on the disk, or replace the memory card.",
			"گزارش برخی تماس‌ها از دست رفت.",
			"فضای حافظه را خالی کنید یا کارت حافظه را عوض کنید."),
		kind("unclaimed", Warning,
			"Nobody has set an administrator's password yet.",
			"Open the page with the link shown on the console and choose a password.",
			"هنوز گذرواژهٔ مدیر تعیین نشده است.",
			"صفحه را با پیوندی که در کنسول آمده باز کنید و گذرواژه‌ای برگزینید."),
	}
}
