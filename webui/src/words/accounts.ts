// The words of users, of one's own account, and of the second step.
type Words = { [key: string]: string };

const en = {
  people: "Users", peopleLead: "Who may sign in to this page, and what each of them sees.",
  roles: { owner: "Owner", admin: "Administrator", supervisor: "Supervisor", agent: "Agent", reader: "Report reader", installer: "Installer" } as Words,
  does: {
    owner: "Everything, and who else is an owner.", admin: "Everything but owners.", supervisor: "Calls, agents, recordings and reports of his queues.",
    agent: "His own calls and messages.", reader: "Reports.", installer: "Lines, trunks and network. No calls, no recordings.",
  } as Words,
  name: "User name", role: "Role", queues: "His queues", queuesHint: "Numbers with commas between them", extension: "His extension",
  invite: "Invite a user", inviteDo: "Make an invitation", again: "Invite again", change: "Save", remove: "Remove",
  removeAsk: (name: string) => `Remove ${name}? His sessions and tokens end at once.`,
  invitation: (name: string) => `Give this to ${name}. It counts once, for three days, and is not shown again:`, code: "Code", link: "Link",
  invited: (when: string) => `invited until ${when}`, twoSteps: "two steps", notYet: "no password yet", copied: "Copied", copy: "Copy",
  acceptTitle: "Welcome", acceptLead: "Choose the password with which you will sign in.", accept: "Begin",
  second: "Code of your phone", secondLead: "Open the authenticator on your phone, or use a recovery code.",
  password: "Password", passwordTitle: "Change the password", old: "The password of now", fresh: "The new password", changed: "The password is changed; other sessions have ended.", change2: "Change it",
  steps: "Two-step sign-in", stepsLead: "Besides the password, a code that your phone shows is asked for. Whoever gets the password alone stays outside.",
  stepsOn: "Two-step sign-in is on.", begin: "Set it up", end: "Switch it off",
  scan: "Scan this with an authenticator such as Aegis or Google Authenticator, or type the key, then enter the code that it shows.", key: "Key", qr: "QR code of the key", confirm: "Confirm",
  recovery: "Keep these recovery codes in a safe place. Each replaces the phone once. They are not shown again:",
  sessions: "Where you are signed in", here: "this device", since: (from: string, when: string) => `from ${from}, last used ${when}`, endSession: "Sign it out",
  tokens: "Tokens for programs", tokensLead: "A program that sends a token as “Authorization: Bearer” may do what its scopes say, and never more than you.",
  tokenName: "For what", days: "Days that it lives", scopes: "Scopes", makeToken: "Make a token", made: "The token; it is not shown again:", endToken: "End it", noTokens: "There are none.",
  until: (when: string) => `until ${when}`, used: (when: string) => `last used ${when}`, unused: "never used",
  rights: {
    calls: "Read calls", act: "Hang up, log agents in and out", direct: "Move callers, listen in, call back", hear: "Recordings", messages: "Voice messages", reports: "Reports",
    plant: "Lines, trunks, network", settings: "Settings", trace: "Signalling", keep: "Backups and alarms",
  } as Words,
};

const fa: typeof en = {
  people: "کاربران", peopleLead: "چه کسی می‌تواند وارد این صفحه شود و هر کس چه می‌بیند.",
  roles: { owner: "مالک", admin: "مدیر", supervisor: "سرپرست", agent: "کارشناس", reader: "خوانندهٔ گزارش", installer: "نصاب" },
  does: {
    owner: "همه چیز، و تعیین مالکان دیگر.", admin: "همه چیز جز مالکان.", supervisor: "تماس‌ها، کارشناسان، ضبط‌ها و گزارش‌های صف‌های خودش.",
    agent: "تماس‌ها و پیام‌های خودش.", reader: "گزارش‌ها.", installer: "خط‌ها، ترانک‌ها و شبکه. بدون تماس‌ها و ضبط‌ها.",
  },
  name: "نام کاربری", role: "نقش", queues: "صف‌های او", queuesHint: "شماره‌ها با ویرگول میان آن‌ها", extension: "داخلی او",
  invite: "دعوت کاربر", inviteDo: "ساختن دعوت", again: "دعوت دوباره", change: "ذخیره", remove: "حذف",
  removeAsk: (name) => `${name} حذف شود؟ نشست‌ها و توکن‌های او همین حالا پایان می‌یابند.`,
  invitation: (name) => `این را به ${name} بدهید. یک بار و تا سه روز اعتبار دارد و دوباره نشان داده نمی‌شود:`, code: "کد", link: "پیوند",
  invited: (when) => `دعوت تا ${when}`, twoSteps: "دو مرحله‌ای", notYet: "هنوز بی‌گذرواژه", copied: "رونوشت شد", copy: "رونوشت",
  acceptTitle: "خوش آمدید", acceptLead: "گذرواژه‌ای را که با آن وارد خواهید شد انتخاب کنید.", accept: "شروع",
  second: "کد تلفن شما", secondLead: "برنامهٔ رمزساز را در تلفن خود باز کنید، یا یک کد بازیابی وارد کنید.",
  password: "گذرواژه", passwordTitle: "تغییر گذرواژه", old: "گذرواژهٔ کنونی", fresh: "گذرواژهٔ تازه", changed: "گذرواژه تغییر کرد و نشست‌های دیگر پایان یافتند.", change2: "تغییر",
  steps: "ورود دو مرحله‌ای", stepsLead: "افزون بر گذرواژه، کدی که تلفن شما نشان می‌دهد خواسته می‌شود. کسی که تنها گذرواژه را داشته باشد بیرون می‌ماند.",
  stepsOn: "ورود دو مرحله‌ای روشن است.", begin: "راه‌اندازی", end: "خاموش کردن",
  scan: "این را با یک برنامهٔ رمزساز مانند Aegis یا Google Authenticator اسکن کنید یا کلید را بنویسید، سپس کدی را که نشان می‌دهد وارد کنید.", key: "کلید", qr: "کد QR کلید", confirm: "تأیید",
  recovery: "این کدهای بازیابی را در جای امنی نگه دارید. هر کدام یک بار جای تلفن را می‌گیرد. دوباره نشان داده نمی‌شوند:",
  sessions: "جاهایی که وارد شده‌اید", here: "همین دستگاه", since: (from, when) => `از ${from}، آخرین استفاده ${when}`, endSession: "خروج از آن",
  tokens: "توکن برای برنامه‌ها", tokensLead: "برنامه‌ای که توکن را با «Authorization: Bearer» بفرستد، کارهای دامنهٔ آن را انجام می‌دهد و هرگز بیش از شما.",
  tokenName: "برای چه", days: "روزهای اعتبار", scopes: "دامنه", makeToken: "ساختن توکن", made: "توکن؛ دوباره نشان داده نمی‌شود:", endToken: "پایان دادن", noTokens: "توکنی نیست.",
  until: (when) => `تا ${when}`, used: (when) => `آخرین استفاده ${when}`, unused: "هنوز استفاده نشده",
  rights: {
    calls: "خواندن تماس‌ها", act: "قطع تماس، ورود و خروج کارشناسان", direct: "جابه‌جایی منتظران، شنود، تماس برگشتی", hear: "ضبط‌ها", messages: "پیام‌های صوتی", reports: "گزارش‌ها",
    plant: "خط‌ها، ترانک‌ها، شبکه", settings: "تنظیمات", trace: "سیگنالینگ", keep: "پشتیبان و هشدارها",
  },
};

export const accountWords = { en, fa };
