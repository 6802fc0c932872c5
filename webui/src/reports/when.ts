// Days and hours of a report in the reader's language and the report's calendar, in the box's zone.
import { computed } from "@preact/signals";
import { language } from "../language";
import { calendar } from "./asked";
import { weekdayOf } from "./calendar";

const tag = computed(() => {
  const system = calendar.value === "jalali" ? "persian" : "gregory";
  return language.value === "fa" ? `fa-IR-u-ca-${system}-nu-arabext` : `en-GB-u-ca-${system}`;
});

const form = (zone: string, options: Intl.DateTimeFormatOptions) => {
  const f = new Intl.DateTimeFormat(tag.value, { ...options, timeZone: zone });
  return (at: string | number): string => f.format(new Date(at)).replace(/ (AP|AD)$/, "");
};

export const whenIn = (zone: string) => ({
  day: form(zone, { day: "numeric", month: "long", year: "numeric" }),
  short: form(zone, { day: "numeric", month: "numeric" }),
  hour: form(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  tick: form(zone, { hour: "numeric", hourCycle: "h23" }),
});

/** Writes days, which have no zone. */
export const dayWords = computed(() => {
  const write = (options: Intl.DateTimeFormatOptions) => {
    const f = form("UTC", options);
    return (day: number): string => f(day * 86_400_000);
  };
  return {
    long: write({ day: "numeric", month: "long", year: "numeric" }),
    full: write({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    month: (day: number): string => `${write({ month: "long" })(day)} ${write({ year: "numeric" })(day)}`,
    number: write({ day: "numeric" }),
    weekday: write({ weekday: "long" }),
    narrow: write({ weekday: language.value === "fa" ? "narrow" : "short" }),
  };
});

const names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
/** Weekdays as the box calls them, in the order of a week that begins with a day. */
export const week = (first: number): string[] => names.map((_, i) => names[(first + i) % 7]!);
/** A weekday of the box, in words. */
export const weekdayName = (name: string): string => {
  const i = names.indexOf(name);
  for (let day = 0; day < 7; day++) if (weekdayOf(day) === i) return dayWords.value.weekday(day);
  return name;
};
