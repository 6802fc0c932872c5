// The words of webhooks: how they stand and what they were told.
const en = {
  title: "Webhooks", lead: "Programs elsewhere that are told of calls by signed messages.", set: "Set them", none: "There are none.",
  waiting: (n: string) => `${n} messages wait.`, since: (when: string) => `It has taken nothing since ${when}.`,
  off: "Switched off: it took nothing for a day.", on: "Switch on again", test: "Send a test", arrived: "It arrived.", failed: (why: string) => `It did not arrive: ${why}`,
  told: "The latest messages", made: "When", what: "What", tries: "Tries", became: "What became of it", taken: "taken", waits: (when: string) => `tried again at ${when}`,
};

const fa: typeof en = {
  title: "وب‌هوک‌ها", lead: "برنامه‌هایی در جای دیگر که با پیام امضاشده از تماس‌ها خبردار می‌شوند.", set: "تنظیم آن‌ها", none: "وب‌هوکی نیست.",
  waiting: (n) => `${n} پیام در انتظار است.`, since: (when) => `از ${when} چیزی نپذیرفته است.`,
  off: "خاموش شد: یک روز چیزی نپذیرفت.", on: "دوباره روشن کنید", test: "فرستادن آزمایشی", arrived: "رسید.", failed: (why) => `نرسید: ${why}`,
  told: "تازه‌ترین پیام‌ها", made: "زمان", what: "رویداد", tries: "دفعات", became: "سرانجام", taken: "پذیرفته شد", waits: (when) => `تلاش دوباره ${when}`,
};

export const webhookWords = { en, fa };
