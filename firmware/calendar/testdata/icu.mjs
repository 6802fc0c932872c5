// Writes the table that the tests compare with: every Nowruz of 1300 to 1500 with the
// length of its year, and a thousand days between, by the Persian calendar of ICU.
//   node icu.mjs > icu-jalali.tsv
const persian = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", { timeZone: "UTC", year: "numeric", month: "numeric", day: "numeric" });
const jalali = (t) => {
  const of = Object.fromEntries(persian.formatToParts(t).map((p) => [p.type, p.value]));
  return [of.year, of.month, of.day].join("/");
};
const day = 86400000, from = Date.UTC(1921, 2, 21), to = Date.UTC(2122, 2, 20);
const row = (t) => console.log(new Date(t).toISOString().slice(0, 10) + "\t" + jalali(t));
for (let t = from; t <= to; t += day) if (jalali(t).endsWith("/1/1")) { row(t - day); row(t); }
let seed = 1;
for (let i = 0; i < 1000; i++) {
  seed = (seed * 48271) % 2147483647;
  row(from + day * (seed % ((to - from) / day)));
}
