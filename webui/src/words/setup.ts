// The words of the set-up.
const en = {
  steps: "Steps of the set-up", progress: (n: string, of: string) => `Step ${n} of ${of}`, comma: ", ",
  standing: { done: "done", skipped: "left out" } as Words,
  names: { box: "The box", network: "Network", people: "Extensions", way: "Line outside", hours: "Opening hours", greeting: "Greeting", to: "Where calls go", call: "Test call" } as Words,
  titles: {
    box: "Name, language and clock", network: "Network", people: "Who has a telephone?", way: "The first line outside", hours: "When are you open?",
    greeting: "What callers hear first", to: "Where calls go", call: "The first call",
  } as Words,
  leads: {
    box: "A few questions, and your box takes calls. You can leave at any time: it goes on here.",
    network: "Phones and this page find the box by its address.",
    people: "Each gets a number and a password of its own. Afterwards there is a sheet for each phone.",
    way: "By it callers reach you, and you reach everybody else.",
    hours: "Outside these hours callers are told that nobody is there.",
    greeting: "The box says it in its language before anybody is rung.",
    to: "Who is rung behind the greeting.",
    call: "A call proves that everything works.",
  } as Words,
  save: "Save and go on", next: "Go on", back: "Back", skip: "Leave this out", leave: "Go on later", end: "Finish the set-up",
  missing: (list: string) => `Not done: ${list}. You can come back to it, here or in the settings.`,

  ownNetwork: (at: string) => `The box is at ${at}.`, changeNetwork: "Give it another address",
  hostNetwork: (at: string) => `The network is that of the computer on which this program runs. You have reached it at ${at}; phones do too.`,

  there: "There are already:", how: "How do you want to make them?", byCount: "So many in a row", byList: "From a list", byListHint: "(numbers and names, pasted or from a file)",
  first: "First number", count: "How many", makePeople: "Make extensions",
  table: "Numbers and names", tableExample: "101,Sara Karimi\n102,Reza Ahmadi", tableHint: "One extension in each line: number, comma, name. A table copied from a spreadsheet will do.", tableFile: "Read a file (CSV)",
  line: (n: string) => `Line ${n}: `,
  once: "These passwords are shown only now. Print the sheets or set up the phones with them; a lost password can be replaced in the settings.",
  print: "Print the sheets", server: "Server", port: "Port", user: "User", secret: "Password", domain: "Domain",

  trunkThere: (name: string) => `The trunk ${name} is set. What you save here takes its place, on trial for a minute and a half.`,
  way: "What line do you have?",
  ways: { trunk: "An internet line (SIP trunk)", lines: "Analog lines in the sockets of the box", none: "Nothing yet" } as Words,
  wayHints: { trunk: "The provider gave you a server, and a user and password or addresses.", lines: "Lines of the telephone company.", none: "Extensions call one another until there is a line." } as Words,
  provider: "Provider", prefix: "To call outside dial first", prefixHint: "Before the number, such as 9. Empty: extensions cannot call outside.",
  sockets: "Sockets", lineStates: { idle: "line connected", unplugged: "nothing connected", ringing: "rings", "in-call": "in a call", "off-hook": "off hook", fault: "fault" } as Words,
  closedHint: "The sentence for closed hours, exceptions of single days and further schedules are in the settings.",

  greeting: "Greeting", ownGreeting: "With your own voice",
  ownByPhone: (code: string) => `By telephone: dial \u2066${code}\u2069 at the phone of a supervisor, speak after the tone, and keep it with 1. Who is a supervisor is said in the settings under listening in.`,
  ownByFile: "From a file (WAV or MP3) in the place of the first sentence", ownKept: (n: string) => `Kept in the place of prompt ${n}.`,

  to: "Behind the greeting",
  tos: { all: "All phones ring together", queue: "Callers wait in a line", menu: "A menu of keys" } as Words,
  toHints: {
    all: "Who answers first has the call.", queue: "One phone rings after the other, callers hear music and their place.",
    menu: "The greeting must say the keys. Who presses none reaches everybody.",
  } as Words,
  key: (k: string) => `Key ${k}`, noKey: "nobody",

  register: "1. Connect a phone", registerHint: "Set up a phone or an app with its sheet. It is here when its lamp is lit.", here: "is here", away: "not here yet",
  callOut: "2. Have it rung", which: "Extension", ring: "Ring it now",
  states: { calling: "Calling…", ringing: "It rings. Pick it up.", answered: "Picked up: it hears the greeting.", heard: "It works: the greeting was heard.", failed: "It did not work:" } as Words,
  callIn: "3. Call the box from outside", callInHint: "Call your number from a mobile. The call appears here.", noWay: "There is no line outside yet.",
  trunkIs: (name: string, state: string) => `Trunk ${name}: ${state}.`, simulate: "Call in on a simulated line",
};
type Words = { [key: string]: string };

const fa: typeof en = {
  steps: "گام‌های راه‌اندازی", progress: (n, of) => `گام ${n} از ${of}`, comma: "، ",
  standing: { done: "انجام شد", skipped: "کنار گذاشته شد" },
  names: { box: "دستگاه", network: "شبکه", people: "داخلی‌ها", way: "خط بیرون", hours: "ساعت کار", greeting: "خوشامدگویی", to: "مقصد تماس‌ها", call: "تماس آزمایشی" },
  titles: {
    box: "نام، زبان و ساعت", network: "شبکه", people: "چه کسانی تلفن دارند؟", way: "نخستین خط بیرون", hours: "چه ساعت‌هایی باز هستید؟",
    greeting: "نخستین چیزی که تماس‌گیرنده می‌شنود", to: "مقصد تماس‌ها", call: "نخستین تماس",
  },
  leads: {
    box: "چند پرسش، و دستگاه شما تماس می‌گیرد و می‌پذیرد. هر زمان خواستید بروید: از همین‌جا ادامه می‌یابد.",
    network: "تلفن‌ها و این صفحه دستگاه را با نشانی‌اش پیدا می‌کنند.",
    people: "هر کدام شماره و گذرواژه‌ای از آن خود دارد. سپس برای هر تلفن یک برگه آماده می‌شود.",
    way: "از این راه به شما زنگ می‌زنند و شما به دیگران.",
    hours: "بیرون از این ساعت‌ها گفته می‌شود که کسی حضور ندارد.",
    greeting: "دستگاه پیش از زنگ خوردن تلفن‌ها آن را به زبان خود می‌گوید.",
    to: "پس از خوشامدگویی چه کسی زنگ می‌خورد.",
    call: "یک تماس نشان می‌دهد که همه چیز کار می‌کند.",
  },
  save: "ذخیره و ادامه", next: "ادامه", back: "بازگشت", skip: "کنار بگذار", leave: "بعداً ادامه می‌دهم", end: "پایان راه‌اندازی",
  missing: (list) => `انجام نشده: ${list}. هر زمان می‌توانید برگردید، از همین‌جا یا از تنظیمات.`,

  ownNetwork: (at) => `دستگاه در نشانی \u2066${at}\u2069 است.`, changeNetwork: "نشانی دیگری بدهید",
  hostNetwork: (at) => `شبکه از آنِ رایانه‌ای است که این برنامه روی آن کار می‌کند. شما آن را در \u2066${at}\u2069 یافته‌اید و تلفن‌ها هم همان‌جا می‌یابند.`,

  there: "هم‌اکنون هست:", how: "چگونه ساخته شود؟", byCount: "چند داخلی پشت سر هم", byList: "از روی فهرست", byListHint: "(شماره و نام، چسبانده یا از فایل)",
  first: "نخستین شماره", count: "چند تا", makePeople: "ساختن داخلی‌ها",
  table: "شماره‌ها و نام‌ها", tableExample: "۱۰۱،سارا کریمی", tableHint: "در هر سطر یک داخلی: شماره، ویرگول، نام. جدولی که از صفحه‌گسترده بردارید هم پذیرفته است.", tableFile: "خواندن از فایل (CSV)",
  line: (n) => `سطر ${n}: `,
  once: "این گذرواژه‌ها تنها همین بار دیده می‌شود. برگه‌ها را چاپ کنید یا تلفن‌ها را با آن‌ها تنظیم کنید؛ گذرواژهٔ گم‌شده را در تنظیمات می‌توان عوض کرد.",
  print: "چاپ برگه‌ها", server: "سرور", port: "درگاه", user: "نام کاربری", secret: "گذرواژه", domain: "دامنه",

  trunkThere: (name) => `ترانک \u2066${name}\u2069 تنظیم شده است. آنچه اینجا ذخیره کنید جای آن را می‌گیرد، یک و نیم دقیقه آزمایشی.`,
  way: "چه خطی دارید؟",
  ways: { trunk: "خط اینترنتی (ترانک SIP)", lines: "خط‌های آنالوگ در سوکت‌های دستگاه", none: "فعلاً هیچ" },
  wayHints: { trunk: "ارائه‌دهنده سرور و نام کاربری و گذرواژه، یا نشانی داده است.", lines: "خط‌های مخابرات.", none: "تا خطی نیست داخلی‌ها با هم تماس می‌گیرند." },
  provider: "ارائه‌دهنده", prefix: "برای تماس با بیرون نخست بگیرید", prefixHint: "پیش از شماره، مانند ۹. خالی: داخلی‌ها نمی‌توانند با بیرون تماس بگیرند.",
  sockets: "سوکت‌ها", lineStates: { idle: "خط وصل است", unplugged: "چیزی وصل نیست", ringing: "زنگ می‌خورد", "in-call": "در تماس", "off-hook": "گوشی برداشته", fault: "خراب" },
  closedHint: "جملهٔ زمان بسته بودن، روزهای استثنا و برنامه‌های دیگر در تنظیمات است.",

  greeting: "خوشامدگویی", ownGreeting: "با صدای خودتان",
  ownByPhone: (code) => `با تلفن: در تلفن یک سرپرست \u2066${code}\u2069 را بگیرید، پس از بوق صحبت کنید و با ۱ نگهش دارید. سرپرست‌ها در تنظیمات شنود تعیین می‌شوند.`,
  ownByFile: "از فایل (WAV یا MP3) به جای نخستین جمله", ownKept: (n) => `به جای پیام ${n} نگه داشته شد.`,

  to: "پس از خوشامدگویی",
  tos: { all: "همهٔ تلفن‌ها با هم زنگ می‌خورند", queue: "تماس‌گیرنده در صف می‌ماند", menu: "منوی کلیدها" },
  toHints: {
    all: "هر که زودتر بردارد پاسخ می‌دهد.", queue: "تلفن‌ها به نوبت زنگ می‌خورند و تماس‌گیرنده موسیقی و نوبتش را می‌شنود.",
    menu: "خوشامدگویی باید کلیدها را بگوید. هر که کلیدی نزند به همه می‌رسد.",
  },
  key: (k) => `کلید ${k}`, noKey: "هیچ‌کس",

  register: "۱. تلفنی وصل کنید", registerHint: "تلفن یا برنامه‌ای را با برگه‌اش تنظیم کنید. چراغش که روشن شد آماده است.", here: "آماده است", away: "هنوز نیامده",
  callOut: "۲. آن را به زنگ درآورید", which: "داخلی", ring: "اکنون زنگ بزن",
  states: { calling: "در حال تماس…", ringing: "زنگ می‌خورد. برش دارید.", answered: "برداشته شد: خوشامدگویی پخش می‌شود.", heard: "کار می‌کند: خوشامدگویی شنیده شد.", failed: "نشد:" },
  callIn: "۳. از بیرون به دستگاه زنگ بزنید", callInHint: "با موبایل شمارهٔ خود را بگیرید. تماس همین‌جا دیده می‌شود.", noWay: "هنوز خطی به بیرون نیست.",
  trunkIs: (name, state) => `ترانک \u2066${name}\u2069: ${state}.`, simulate: "تماس از خط شبیه‌سازی‌شده",
};

export const setupWords = { en, fa };
