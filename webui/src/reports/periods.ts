// Periods that have a name, and those that they are compared with. Both ends belong to a period.
import { addMonths, type Calendar, dateOf, dayOf, weekStart } from "./calendar";

export const periods = ["today", "yesterday", "week", "last-week", "month", "last-month", "days-30", "year", "custom"] as const;
export type Period = (typeof periods)[number];
export interface Range { from: number; to: number }

const monthStart = (day: number, calendar: Calendar): number => dayOf({ ...dateOf(day, calendar), day: 1 }, calendar);

/** The days of a named period; null for one whose days are chosen. */
export function rangeOf(period: Period, today: number, calendar: Calendar): Range | null {
  const week = weekStart(today, calendar);
  const month = monthStart(today, calendar);
  switch (period) {
    case "today": return { from: today, to: today };
    case "yesterday": return { from: today - 1, to: today - 1 };
    case "week": return { from: week, to: today };
    case "last-week": return { from: week - 7, to: week - 1 };
    case "month": return { from: month, to: today };
    case "last-month": return { from: addMonths(month, -1, calendar), to: month - 1 };
    case "days-30": return { from: today - 29, to: today };
    case "year": return { from: dayOf({ year: dateOf(today, calendar).year, month: 1, day: 1 }, calendar), to: today };
  }
  return null;
}

export const comparisons = ["", "before", "year"] as const;
export type Comparison = (typeof comparisons)[number];

/** The period to compare with: the one just before, of months the month before, or the same of last year. */
export function otherOf(r: Range, period: Period, how: Comparison, calendar: Calendar): Range {
  if (how === "year") return { from: addMonths(r.from, -12, calendar), to: addMonths(r.to, -12, calendar) };
  const length = r.to - r.from + 1;
  if (period === "today" || period === "yesterday") return { from: r.from - 1, to: r.to - 1 };
  if (period === "week") return { from: r.from - 7, to: r.to - 7 };
  const whole = r.from === monthStart(r.from, calendar) && r.to === addMonths(r.from, 1, calendar) - 1;
  if (whole) return { from: addMonths(r.from, -1, calendar), to: r.from - 1 };
  if (period === "month") return { from: addMonths(r.from, -1, calendar), to: Math.min(r.from - 1, addMonths(r.to, -1, calendar)) };
  return { from: r.from - length, to: r.from - 1 };
}
