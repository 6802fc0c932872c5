// The words of the page's frame: where things are.
const en = {
  places: {
    overview: "Overview", calls: "Calls", queues: "Queues and agents", recordings: "Recordings and messages",
    reports: "Reports", sounds: "Sounds and music", settings: "Settings", care: "Care", tools: "Tools", people: "Users", account: "My account", setup: "Set-up", api: "Interface for programs",
  } as Words,
  navigation: "Places of the page", close: "Close", more: "More", skip: "To the content",
  updated: "This part of the page could not be loaded. The box may have a new version.", again: "Load the page again",
  troubles: (n: string) => `Problems: ${n}`,
  notSetUp: "This box is not set up yet.", setUp: "Go on with the set-up",
  moved: (s: string) => `The network is set anew, on trial: it goes back in ${s} seconds unless you keep it.`, keepMoved: "You reach me: keep it",
};
type Words = { [key: string]: string };

const fa: typeof en = {
  places: {
    overview: "نمای کلی", calls: "تماس‌ها", queues: "صف‌ها و کارشناسان", recordings: "ضبط‌ها و پیام‌ها",
    reports: "گزارش‌ها", sounds: "صداها و موسیقی", settings: "تنظیمات", care: "نگهداری", tools: "ابزارها", people: "کاربران", account: "حساب من", setup: "راه‌اندازی", api: "رابط برای برنامه‌ها",
  },
  navigation: "بخش‌های صفحه", close: "بستن", more: "بیشتر", skip: "رفتن به محتوا",
  updated: "این بخش از صفحه بار نشد. شاید دستگاه نسخهٔ تازه‌ای دارد.", again: "بار کردن دوبارهٔ صفحه",
  troubles: (n) => `مشکل‌ها: ${n}`,
  notSetUp: "این دستگاه هنوز راه‌اندازی نشده است.", setUp: "ادامهٔ راه‌اندازی",
  moved: (s) => `شبکه آزمایشی تغییر کرده است: اگر نگهش ندارید ${s} ثانیه دیگر به حال پیشین برمی‌گردد.`, keepMoved: "به دستگاه می‌رسم: بماند",
};

export const shellWords = { en, fa };
