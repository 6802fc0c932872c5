// What people read in the story of a call.
const en = {
  others: (n: string) => `Why nobody else (${n})`,
};

const fa: typeof en = {
  others: (n) => `چرا دیگری نه (${n})`,
};

export const storyWords = { en, fa };
