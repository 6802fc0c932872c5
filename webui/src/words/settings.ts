// The words of the settings.
const en = {
  title: "Settings", lead: "Choose what you want to change. Every change can be taken back.", setup: "Set the box up step by step",
  pages: { hours: "Opening hours", queues: "Queues", tones: "Tones of the network", history: "History", audit: "Who did what", file: "As a file", appliance: "Network and update" } as Words,
  groups: { people: "People", ways: "Ways outside", answering: "Answering", box: "The box", safe: "Changes" } as Words,
};
type Words = { [key: string]: string };

const fa: typeof en = {
  title: "تنظیمات", lead: "آنچه می‌خواهید تغییر دهید برگزینید. هر تغییری برگشت‌پذیر است.", setup: "راه‌اندازی گام‌به‌گام دستگاه",
  pages: { hours: "ساعت کار", queues: "صف‌ها", tones: "بوق‌های شبکه", history: "پیشینه", audit: "چه کسی چه کرد", file: "در فایل", appliance: "شبکه و به‌روزرسانی" },
  groups: { people: "آدم‌ها", ways: "راه‌های بیرون", answering: "پاسخ‌گویی", box: "دستگاه", safe: "تغییرها" },
};

export const settingsWords = { en, fa };
