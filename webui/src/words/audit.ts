// The words of the audit log.
const en = {
  title: "Who did what", lead: "Sign-ins and everything that was done through the page, newest first. Nobody can change it.",
  when: "When", who: "Who", from: "From", what: "What", result: "Result", done: "done", older: "Older",
  refused: (code: string) => `refused (${code})`, left: (n: string) => `and ${n} more before`,
  did: { "sign-in": "signed in", claim: "claimed the box", POST: "did", PUT: "changed", DELETE: "deleted" } as Words,
};
type Words = { [key: string]: string };

const fa: typeof en = {
  title: "چه کسی چه کرد", lead: "ورودها و هر کاری که با صفحه شده است، تازه‌ترین در بالا. کسی نمی‌تواند آن را تغییر دهد.",
  when: "زمان", who: "چه کسی", from: "از کجا", what: "چه", result: "نتیجه", done: "انجام شد", older: "قدیمی‌ترها",
  refused: (code) => `پذیرفته نشد (${code})`, left: (n) => `و ${n} بار پیش از آن`,
  did: { "sign-in": "وارد شد", claim: "دستگاه را از آن خود کرد", POST: "انجام داد:", PUT: "تغییر داد:", DELETE: "حذف کرد:" },
};

export const auditWords = { en, fa };
