// The words around the reference of the interface; the reference itself is in English.
const en = {
  link: "What programs can do: the reference of the interface", search: "Find an operation", none: "Nothing fits.",
  english: "", file: "The whole description, as OpenAPI 3.1", right: (name: string) => `needs: ${name}`, open: "open to everybody", session: "only signed in on the page",
  parameters: "Parameters", body: "Body", answer: "Answer", types: "Types", codes: "Refusals", example: "Example", needed: "needed", optional: "may be missing", back: "All operations",
};

const fa: typeof en = {
  link: "برنامه‌ها چه می‌توانند بکنند: مرجع رابط برنامه‌نویسی", search: "جست‌وجوی عملیات", none: "چیزی پیدا نشد.",
  english: "متن مرجع به انگلیسی است.", file: "شرح کامل به شکل OpenAPI 3.1", right: (name) => `نیاز به: ${name}`, open: "برای همه باز", session: "تنها با ورود به صفحه",
  parameters: "پارامترها", body: "بدنه", answer: "پاسخ", types: "نوع‌ها", codes: "خطاها", example: "نمونه", needed: "الزامی", optional: "شاید نباشد", back: "همهٔ عملیات",
};

export const referenceWords = { en, fa };
