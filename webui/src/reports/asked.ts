// What a report is asked for. It stands in the address, so that a report can be kept as a bookmark, and back leads back.
import { computed, signal } from "@preact/signals";
import { ascii, language } from "../language";
import { reportWords } from "../words/reports";
import { type Calendar, iso, parse } from "./calendar";
import { type Comparison, comparisons, type Period, periods } from "./periods";

export const words = computed(() => reportWords[language.value]);

export const groups = ["hour", "day", "weekday", "week-hour", "queue", "agent", "number", "way"] as const;
export type Group = (typeof groups)[number];

/** Everything that a report is asked for. Days are those of a custom period. */
export interface Asked {
  period: Period; from: number | null; to: number | null; by: Group; compare: Comparison; calendar: Calendar | "";
  queue: string; agent: string; number: string; way: string;
  /** The formula that is drawn. */
  draw: string;
}

const nothing: Asked = { period: "today", from: null, to: null, by: "hour", compare: "", calendar: "", queue: "", agent: "", number: "", way: "", draw: "offered" };

const one = <T extends string>(list: readonly T[], text: string | null, usual: T): T => list.find((x) => x === text) ?? usual;

function read(): Asked {
  const q = new URLSearchParams(location.hash.split("?")[1] ?? "");
  const text = (name: string) => ascii(q.get(name) ?? "").slice(0, 64);
  return {
    period: one(periods, q.get("period"), nothing.period), from: parse(text("from")), to: parse(text("to")),
    by: one(groups, q.get("by"), nothing.by), compare: one(comparisons, q.get("compare"), ""),
    calendar: one(["jalali", "gregorian", ""] as const, q.get("calendar"), ""),
    queue: text("queue"), agent: text("agent"), number: text("number"), way: q.get("way") ?? "", draw: text("draw") || nothing.draw,
  };
}

export const asked = signal<Asked>(read());
addEventListener("hashchange", () => (asked.value = read()));

/** Asks for something else, and writes it into the address. */
export function ask(change: Partial<Asked>): void {
  const next = { ...asked.value, ...change };
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(next)) {
    if (value === null || value === nothing[name as keyof Asked]) continue;
    q.set(name, typeof value === "number" ? iso(value) : value);
  }
  const place = location.hash.split("?")[0] || "#reports";
  history.replaceState(null, "", q.size > 0 ? `${place}?${q}` : place);
  asked.value = next;
}

/** The calendar of the report: the reader's, unless he chose the other. */
export const calendar = computed<Calendar>(() => asked.value.calendar || (language.value === "fa" ? "jalali" : "gregorian"));
