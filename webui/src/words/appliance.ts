// The words of the box under the telephone.
const en = {
  about: "The box", version: "Version", board: "Board", slot: (s: string) => `slot ${s}`, started: (at: string) => `runs since ${at}`,
  trial: "This version is being tried for a minute; if telephones or this page do not work, the one before comes back.",
  ends: (n: string) => `The telephone's program ended without being asked to: ${n}`,
  network: "Network", isAt: "The box is at", hows: { dhcp: "asked for by DHCP", fixed: "fixed", fallback: "nobody gave it an address", none: "no cable" } as Words,
  how: "Its address", ways: { dhcp: "Asked for (DHCP)", fixed: "Fixed" } as Words,
  address: "Address", addressHint: "With the length of its network, such as 192.168.1.10/24.", gateway: "Gateway", dns: "Name servers", dnsHint: "Up to three, with commas.",
  vlan: "VLAN", vlanHint: "1 to 4094; empty for none.", vlanWrong: "Write the number of the VLAN in digits.",
  tryIt: "Try it", tryHint: "The box moves at once. Open this page at the new address within 90 seconds, sign in and keep it; else the box goes back.",
  elsewhere: "Go there and keep it:",
  update: "Update", updateLead: "A new version is written beside the one that runs and starts at the next restart. If it does not work, the box goes back by itself.",
  updateFile: "File of the update", sending: (p: string) => `${p} sent`, checking: "Being checked…",
  waiting: (v: string) => `Version \u2066${v}\u2069 is written and checked. It starts at the next restart.`,
  ending: "Restart and reset", restartLead: "A restart takes about half a minute and ends all calls.", restart: "Restart", restartAsk: "Restart now? All calls end.",
  away: "The box restarts. This page finds it again by itself.", back: "The box is back.",
  forget: "Reset to how it came", forgetLead: "Settings, users, recordings, messages and call records are deleted for good. Make a backup first.",
  forgetType: (name: string) => `Type the name of the box, ${name}, to confirm`, forgetNow: "Delete everything",
};
type Words = { [key: string]: string };

const fa: typeof en = {
  about: "دستگاه", version: "نسخهٔ", board: "برد", slot: (s) => `جای ${s}`, started: (at) => `روشن از ${at}`,
  trial: "این نسخه یک دقیقه آزمایش می‌شود؛ اگر تلفن یا این صفحه کار نکند نسخهٔ پیشین برمی‌گردد.",
  ends: (n) => `پایان‌های ناخواستهٔ برنامهٔ تلفن: ${n}`,
  network: "شبکه", isAt: "نشانی دستگاه:", hows: { dhcp: "از DHCP", fixed: "ثابت", fallback: "کسی نشانی نداده است", none: "بدون کابل" },
  how: "نشانی", ways: { dhcp: "درخواست از شبکه (DHCP)", fixed: "ثابت" },
  address: "نشانی", addressHint: "با طول شبکه، مانند \u2066192.168.1.10/24\u2069.", gateway: "دروازه", dns: "سرورهای نام", dnsHint: "حداکثر سه تا، با ویرگول.",
  vlan: "VLAN", vlanHint: "۱ تا ۴۰۹۴؛ خالی یعنی هیچ.", vlanWrong: "شمارهٔ VLAN را با رقم بنویسید.",
  tryIt: "آزمایش کن", tryHint: "دستگاه بی‌درنگ جابه‌جا می‌شود. تا ۹۰ ثانیه این صفحه را در نشانی تازه باز کنید، وارد شوید و نگهش دارید؛ وگرنه به حال پیشین برمی‌گردد.",
  elsewhere: "به آنجا بروید و نگهش دارید:",
  update: "به‌روزرسانی", updateLead: "نسخهٔ تازه کنار نسخهٔ کنونی نوشته می‌شود و با راه‌اندازی دوباره آغاز به کار می‌کند. اگر کار نکند دستگاه خودش برمی‌گردد.",
  updateFile: "فایل به‌روزرسانی", sending: (p) => `${p} فرستاده شد`, checking: "در حال بررسی…",
  waiting: (v) => `نسخهٔ \u2066${v}\u2069 نوشته و بررسی شد و با راه‌اندازی دوباره آغاز به کار می‌کند.`,
  ending: "راه‌اندازی دوباره و بازگشت به آغاز", restartLead: "راه‌اندازی دوباره حدود نیم دقیقه طول می‌کشد و همهٔ تماس‌ها قطع می‌شود.", restart: "راه‌اندازی دوباره", restartAsk: "اکنون راه‌اندازی شود؟ همهٔ تماس‌ها قطع می‌شود.",
  away: "دستگاه دوباره راه می‌افتد. این صفحه خودش آن را پیدا می‌کند.", back: "دستگاه برگشت.",
  forget: "بازگشت به حال نخست", forgetLead: "تنظیمات، کاربران، ضبط‌ها، پیام‌ها و تاریخچهٔ تماس‌ها برای همیشه پاک می‌شود. نخست پشتیبان بگیرید.",
  forgetType: (name) => `برای تأیید نام دستگاه، ${name}، را بنویسید`, forgetNow: "همه چیز پاک شود",
};

export const applianceWords = { en, fa };
