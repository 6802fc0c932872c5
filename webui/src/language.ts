// The language of the page and how it writes numbers and times.
import { computed, effect, signal } from "@preact/signals";
import { type Language, words } from "./words";

const remembered = "pasokh-language";

function first(): Language {
  const saved = localStorage.getItem(remembered);
  if (saved === "fa" || saved === "en") return saved;
  return navigator.languages.some((l) => l.startsWith("fa")) ? "fa" : "en";
}

export const language = signal<Language>(first());
export const t = computed(() => words[language.value]);

export function speak(l: Language): void {
  localStorage.setItem(remembered, l);
  language.value = l;
}

effect(() => {
  const root = document.documentElement;
  root.lang = language.value;
  root.dir = language.value === "fa" ? "rtl" : "ltr";
  document.title = t.value.product;
});

const tag = computed(() => (language.value === "fa" ? "fa-IR-u-ca-persian-nu-arabext" : "en-GB"));
const plain = computed(() => new Intl.NumberFormat(tag.value, { useGrouping: false }));
const clock = computed(() => new Intl.DateTimeFormat(tag.value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
const seconds = computed(() => new Intl.DateTimeFormat(tag.value, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }));
const day = computed(() => new Intl.DateTimeFormat(tag.value, { day: "numeric", month: "long" }));
const calendar = computed(() => new Intl.DateTimeFormat(tag.value, { day: "numeric", month: "long", year: "numeric" }));
const weekday = computed(() => new Intl.DateTimeFormat(tag.value, { weekday: "long", day: "numeric", month: "long" }));

/** A count. */
export const count = (n: number): string => plain.value.format(n);
/** A measured value, which the box sends in whole units. */
export const measured = (n: number): string => plain.value.format(Math.round(n) || 0);
/** Text with its digits as people read them. */
export const digits = (s: string): string =>
  language.value === "fa" ? s.replace(/[0-9]/g, (d) => String.fromCharCode(0x06f0 + Number(d))) : s;
/** A name inside a sentence, which it must not turn around when it runs the other way. */
export const aside = (name: string): string => `\u2068${name}\u2069`;
/** ASCII digits from what a person may have typed on a Persian or Arabic keyboard. */
export const ascii = (s: string): string =>
  s.replace(/[\u06f0-\u06f9\u0660-\u0669]/g, (d) => String(d.charCodeAt(0) & 0xf));

const rate = computed(() => new Intl.NumberFormat(tag.value, { style: "percent", maximumFractionDigits: 1 }));
/** A part of a whole, 0 to 1. */
export const percent = (n: number): string => rate.value.format(n);

/** Days and hours of the reader's calendar in a time zone: that of the box, whose days reports have. */
export const calendarOf = (zone: string) => {
  const form = (options: Intl.DateTimeFormatOptions) => {
    const f = new Intl.DateTimeFormat(tag.value, { ...options, timeZone: zone });
    return (at: string | number): string => f.format(new Date(at));
  };
  return {
    day: form({ day: "numeric", month: "long", year: "numeric" }),
    short: form({ day: "numeric", month: "numeric" }),
    hour: form({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    tick: form({ hour: "numeric", hourCycle: "h23" }),
  };
};

/** A duration in milliseconds as 0:42 or 1:02:03. */
export function duration(ms: number): string {
  const all = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return digits(h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`);
}

/** The time of day; with the day when that is not today. */
export function moment(time: string, now: number): string {
  const at = new Date(time);
  const hour = clock.value.format(at);
  return at.toDateString() === new Date(now).toDateString() ? hour : day.value.format(at) + (language.value === "fa" ? "، " : ", ") + hour;
}

/** The time of day with seconds. */
export const exactly = (time: string | number): string => seconds.value.format(new Date(time));
/** The day, with its year. */
export const date = (time: string): string => calendar.value.format(new Date(time));
export const hourOf = (ms: number): string => clock.value.format(ms);
export const dayOf = (ms: number): string => weekday.value.format(ms);
