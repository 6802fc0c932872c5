// What people read about those who are to be called back.
const en = {
  booked: (time: string) => `booked for ${time}`,
  when: "When", turn: "In turn", otherTime: "Another time…", full: "full",
  slot: (from: string, until: string) => `${from} to ${until}`, noTimes: "No time can be booked",
};
const fa: typeof en = {
  booked: (time) => `رزرو برای ${time}`,
  when: "زمان", turn: "به نوبت", otherTime: "زمانی دیگر…", full: "پر",
  slot: (from, until) => `${from} تا ${until}`, noTimes: "زمانی برای رزرو نیست",
};

export const callbackWords = { en, fa };
