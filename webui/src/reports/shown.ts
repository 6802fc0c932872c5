// Figures as people read them.
import { computed } from "@preact/signals";
import type { Formula, Report, Row } from "../api";
import { agentName, queueName } from "../calls";
import { count, digits, duration, language, percent } from "../language";
import { lineName } from "../lines";
import { lines } from "../store";
import { weekdayName, whenIn } from "./when";

export function shown(f: Formula | undefined, v: number | undefined): string {
  if (!f || v === undefined) return "–";
  switch (f.unit) {
    case "ms": return duration(v);
    case "ratio": return percent(v);
    case "score": return digits(v.toFixed(1));
  }
  return count(v);
}

/** A row's key as people read it. */
export function keyWords(r: Report, x: Row): string {
  const when = whenIn(r.zone);
  switch (r.by) {
    case "hour": return `${when.short(x.at ?? r.from)} ${when.hour(x.at ?? r.from)}`;
    case "day": return when.day(x.at ?? r.from);
    case "weekday": return weekdayName(x.key);
    case "week-hour": {
      const [day = "", hour = ""] = x.key.split(" ");
      return `${weekdayName(day)} ${digits(`${hour}:00`)}`;
    }
    case "queue": return queueName(x.key);
    case "agent": return agentName(x.key);
    case "way": return !x.key ? "–" : !/^fx[os]\d/.test(x.key) ? x.key : lineName(x.key, lines.value.find((l) => l.port === x.key)?.name);
  }
  return x.key ? digits(x.key) : "–";
}

const signed = computed(() => new Intl.NumberFormat(language.value === "fa" ? "fa-IR" : "en-GB", { style: "percent", maximumFractionDigits: 1, signDisplay: "always" }));

/** How much a figure changed, such as +12.5 %: of ratios in points, of others in parts of what it was. */
export function change(f: Formula, now: number, before: number): { text: string; up: boolean } | null {
  const by = f.unit === "ratio" ? now - before : before === 0 ? null : (now - before) / before;
  if (by === null || Math.abs(by) < 0.0005) return null;
  return { text: signed.value.format(by), up: by > 0 };
}

/** Whether more is better, as far as that can be said. */
const better: { [id: string]: boolean } = {
  answered: true, "answer-rate": true, "sl-net": true, "sl-offered": true, "sl-answered": true, "sl-both": true, fcr: true, survey: true, "callback-success": true,
  abandoned: false, short: false, overflow: false, blocked: false, interrupted: false, abandonment: false, "abandonment-all": false, asa: false, awt: false, "wait-max": false,
  "wait-p90": false, "wait-error": false, rona: false, returned: false, "callback-delay": false,
};
export const moodOf = (f: Formula, up: boolean): string => (better[f.id] === undefined ? "" : better[f.id] === up ? "good" : "worse");
