// Days of both calendars. A day is a count since 1 January 1970, of no zone.
export type Calendar = "jalali" | "gregorian";
export interface Day3 { year: number; month: number; day: number }

/** The years for which the rule of 33 years is the official calendar's (Borkowski 1996). */
const [first, last] = [1210, 1500];

const gregorian = (year: number, month: number, day: number): number => Math.floor(Date.UTC(year, month - 1, day) / 86_400_000);
const leaps = (year: number): number => Math.floor((8 * year + 21) / 33);
const nowruz = (year: number): number => gregorian(2025, 3, 21) + 365 * (year - 1404) + leaps(year) - leaps(1404);
/** Days of a Jalali year before a month. */
const before = (month: number): number => 31 * (month - 1) - Math.max(0, month - 7);

/** The date that a day has in a calendar. */
export function dateOf(day: number, calendar: Calendar): Day3 {
  const d = new Date(day * 86_400_000);
  if (calendar === "gregorian") return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() };
  let year = d.getUTCFullYear() - 621;
  if (day < nowruz(year)) year--;
  const n = day - nowruz(year);
  let month = 12;
  while (before(month) > n) month--;
  return { year, month, day: n - before(month) + 1 };
}

/** The day of a date; months and days beyond their ends run on. */
export function dayOf(date: Day3, calendar: Calendar): number {
  const months = date.year * 12 + date.month - 1;
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
  return calendar === "gregorian" ? gregorian(year, month, date.day) : nowruz(year) + before(month) + date.day - 1;
}

/** How many days a month has. */
export const monthLength = (year: number, month: number, calendar: Calendar): number =>
  dayOf({ year, month: month + 1, day: 1 }, calendar) - dayOf({ year, month, day: 1 }, calendar);

/** So many months later, on the same day or the month's last. */
export function addMonths(day: number, months: number, calendar: Calendar): number {
  const d = dateOf(day, calendar);
  const start = dateOf(dayOf({ year: d.year, month: d.month + months, day: 1 }, calendar), calendar);
  return dayOf({ ...start, day: Math.min(d.day, monthLength(start.year, start.month, calendar)) }, calendar);
}

/** 0 is Sunday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

/** The week of a Jalali calendar begins on Saturday, of the other on Monday. */
export const firstWeekday = (calendar: Calendar): number => (calendar === "jalali" ? 6 : 1);
export const weekStart = (day: number, calendar: Calendar): number => day - ((weekdayOf(day) - firstWeekday(calendar) + 7) % 7);

/** 2026-11-22, as the box takes it. */
export const iso = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const two = (n: number): string => String(n).padStart(2, "0");
/** 1405/09/01 or 2026-11-22, as people type it. */
export function typed(day: number, calendar: Calendar): string {
  const d = dateOf(day, calendar);
  return calendar === "jalali" ? `${d.year}/${two(d.month)}/${two(d.day)}` : iso(day);
}

/** Reads a date of either calendar in ASCII digits: years before 1700 are Jalali ones. */
export function parse(text: string): number | null {
  const m = /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*$/.exec(text);
  if (!m) return null;
  const date = { year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) };
  const calendar: Calendar = date.year < 1700 ? "jalali" : "gregorian";
  if (calendar === "jalali" && (date.year < first || date.year > last)) return null;
  if (date.month < 1 || date.month > 12 || date.day < 1) return null;
  const day = dayOf(date, calendar);
  const back = dateOf(day, calendar);
  return back.month === date.month && back.day === date.day ? day : null;
}

/** The day that it is in a zone at a moment. */
export function dayIn(zone: string, at: number | string): number {
  const parts = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(new Date(at));
  const of = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  return gregorian(of("year"), of("month"), of("day"));
}
