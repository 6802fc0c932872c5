// What people read about a day that did not happen.
const en = {
  title: "What if",
  lead: "Plays a recorded day again with other settings: the same callers, the same patience and talks, the same agents, other decisions.",
  day: "Recorded day", queue: "Queue", allQueues: "All queues", strategy: "Strategy", asWas: "As it was",
  agents: "Agents", agentsHint: "+1 is one agent more, -1 one less; -1001 without 1001, +1005 with 1005.",
  wrapUp: "Wrap-up (s)", maxWait: "Longest wait (s)", callback: "Callback", on: "On", off: "Off", runs: "Runs", play: "Play the day", playing: "The day is being played…",
  more: "Hours, tiers and skills", hours: "Hours", hoursHint: "1001=09:00-13:30", tiers: "Tiers", tiersHint: "1001=0, 1002=1", skills: "Skills", skillsHint: "1001=en:80", accept: "Take a callback (%)", after: "Callback offered after (s)",
  draft: "A whole configuration (YAML)", noDraft: "Without it", drafted: "This file is what the day is played with; the wishes above are left aside.",
  exact: "Played unchanged, this day comes out exactly as it was.",
  differs: (time: string) => `Even unchanged the day is another from ${time} on: take these figures with care.`,
  open: "The contacts of a run do not add up.",
  figure: "Figure", real: "Real", simulated: "Simulated", range: "Lowest to highest", span: (low: string, high: string) => `${low} to ${high}`, always: "the same in all runs",
  told: (day: string, runs: string) => (runs === "1" ? `${day}, played once.` : `${day}, played ${runs} times with other luck.`),
  rests: "What this rests on",
};
const fa: typeof en = {
  title: "چه می‌شد اگر",
  lead: "یک روز ثبت‌شده را با تنظیماتی دیگر دوباره اجرا می‌کند: همان تماس‌گیرنده‌ها، همان شکیبایی و گفتگوها، همان کارشناسان، تصمیم‌های دیگر.",
  day: "روز ثبت‌شده", queue: "صف", allQueues: "همهٔ صف‌ها", strategy: "شیوهٔ پخش", asWas: "همان‌گونه که بود",
  agents: "کارشناسان", agentsHint: "‎+1 یعنی یک کارشناس بیشتر، ‎-1 یکی کمتر؛ ‎-1001 بدون ۱۰۰۱، ‎+1005 با ۱۰۰۵.",
  wrapUp: "جمع‌بندی (ثانیه)", maxWait: "بیشترین انتظار (ثانیه)", callback: "تماس برگشتی", on: "روشن", off: "خاموش", runs: "دفعات اجرا", play: "اجرا کن", playing: "روز در حال اجراست…",
  more: "ساعت کار، رده و مهارت", hours: "ساعت کار", hoursHint: "‎1001=09:00-13:30", tiers: "رده‌ها", tiersHint: "‎1001=0, 1002=1", skills: "مهارت‌ها", skillsHint: "‎1001=en:80", accept: "تماس برگشتی بخواهند (٪)", after: "پیشنهاد تماس برگشتی پس از (ثانیه)",
  draft: "یک پیکربندی کامل (YAML)", noDraft: "بدون آن", drafted: "روز با همین پرونده اجرا می‌شود؛ خواسته‌های بالا کنار گذاشته می‌شوند.",
  exact: "بدون تغییر، این روز دقیقاً همان‌گونه که بود بازپخش می‌شود.",
  differs: (time) => `حتی بدون تغییر، روز از ساعت ${time} به بعد دیگر شد: به این اعداد با احتیاط نگاه کنید.`,
  open: "جمع تماس‌های یکی از اجراها نمی‌خواند.",
  figure: "شاخص", real: "واقعی", simulated: "شبیه‌سازی", range: "کمترین تا بیشترین", span: (low, high) => `${low} تا ${high}`, always: "در همهٔ اجراها یکسان",
  told: (day, runs) => (runs === "۱" ? `${day}، یک بار اجرا شد.` : `${day}، ${runs} بار با بختی دیگر اجرا شد.`),
  rests: "این نتیجه بر چه استوار است",
};

export const whatIfWords = { en, fa };
