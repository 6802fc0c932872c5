// What people read about staffing.
const en = {
  title: "How many agents",
  lead: "What each half hour of a day needs, as recorded days tell: calls that came, how long they took, how long callers were willing to wait.",
  queue: "Queue", day: "Day", oneDay: "One day", weeks: "Weeks back", within: "Answered (%)", seconds: "within (s)", abandoned: "Give up at most (%)", work: "Work it out",
  none: "No calls on these days.",
  guess: "Too few calls to tell: what follows is hardly more than a guess.",
  learnt: (n: string, days: string) => `Learnt from ${n} calls on ${days}.`,
  holiday: (day: string, name: string) => `${day} is left out: ${name}.`,
  empty: (day: string) => `${day} is left out: nothing was recorded.`,
  time: "Time", rate: "Calls an hour", handle: "Talk, hold and wrap-up", patience: "Patience", need: "Agents needed", duty: "Were on duty", reached: "In time, then", lost: "Gave up, then", foreseen: "In time, foreseen",
  range: (low: string, high: string) => `${low} to ${high}`,
  bar: (time: string, need: string, duty: string) => `${time}: ${need} needed, ${duty} on duty`,
  few: "too few calls",
  from: { "half-hour": "", days: "of all days: the half hour has too few calls", assumed: "nothing was seen: the usual" } as Words,
  needed: "needed", onDuty: "on duty", likely: "95 % range",
  how: "Reckoned with Erlang A, callers who give up included. The range is what chance alone may do; a campaign or the weather is not in it. Agents of several queues count in each of them.",
};
type Words = { [key: string]: string };

const fa: typeof en = {
  title: "چند کارشناس لازم است",
  lead: "نیاز هر نیم ساعت از روز، چنان‌که روزهای ثبت‌شده نشان می‌دهد: چند تماس آمد، چقدر طول کشید و تماس‌گیرنده‌ها چقدر حاضر بودند صبر کنند.",
  queue: "صف", day: "روز", oneDay: "یک روز", weeks: "چند هفتهٔ گذشته", within: "پاسخ (٪)", seconds: "تا (ثانیه)", abandoned: "حداکثر رهاکردن (٪)", work: "حساب کن",
  none: "در این روزها تماسی نبود.",
  guess: "تماس‌ها برای قضاوت کم است: آنچه می‌آید تنها حدس است.",
  learnt: (n, days) => `بر پایهٔ ${n} تماس در ${days}.`,
  holiday: (day, name) => `${day} کنار گذاشته شد: ${name}.`,
  empty: (day) => `${day} کنار گذاشته شد: چیزی ثبت نشده است.`,
  time: "ساعت", rate: "تماس در ساعت", handle: "گفتگو، نگه‌داشتن و جمع‌بندی", patience: "شکیبایی", need: "کارشناس لازم", duty: "حاضر بودند", reached: "به‌موقع در آن روز", lost: "رهاکرده در آن روز", foreseen: "به‌موقع، پیش‌بینی",
  range: (low, high) => `${low} تا ${high}`,
  bar: (time, need, duty) => `${time}: ${need} کارشناس لازم، ${duty} حاضر`,
  few: "تماس کم است",
  from: { "half-hour": "", days: "از همهٔ روزها: این نیم ساعت تماس کمی دارد", assumed: "چیزی دیده نشد: مقدار معمول" },
  needed: "لازم", onDuty: "حاضر", likely: "بازهٔ ۹۵٪",
  how: "با ارلنگ A و با احتساب کسانی که رها می‌کنند. بازه تنها اثر تصادف است، نه تبلیغات یا هوا. کارشناس چند صف در هر کدام شمرده می‌شود.",
};

export const staffingWords = { en, fa };
