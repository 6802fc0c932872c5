// How many agents each half hour needs, next to who was there.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Staffing as Plan, StaffingHalf, StaffingMean } from "../api";
import { get } from "../client";
import { ascii, calendarOf, count, digits, duration, language, percent } from "../language";
import { Card, Empty, Fault, useAction } from "../parts";
import { floor } from "../store";
import { staffingWords } from "../words/staffing";
import { Bars } from "./bars";

const weekdays = ["sat", "sun", "mon", "tue", "wed", "thu", "fri"] as const;
/** 3 January 1970 was a Saturday. */
const weekdayName = (d: string): string =>
  new Intl.DateTimeFormat(language.value, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(1970, 0, 3 + weekdays.indexOf(d as "sat")));

/** A day of the box's calendar, which has no zone. */
const dayName = (iso: string): string => calendarOf("UTC").day(`${iso}T12:00:00Z`);
export const clockOf = (minutes: number): string => digits(`${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`);
/** One digit after the point where it says something. */
export const tenth = (n: number): string => digits(n.toFixed(1)).replace(/[.][0۰]$/, "").replace(".", language.value === "fa" ? "٫" : ".");

const today = (): (typeof weekdays)[number] => weekdays[(new Date().getDay() + 1) % 7]!;

export function Staffing() {
  const w = staffingWords[language.value];
  const queue = useSignal("");
  const day = useSignal<string>(today());
  const date = useSignal("");
  const weeks = useSignal("4");
  const within = useSignal("80");
  const seconds = useSignal("20");
  const abandoned = useSignal("5");
  const plan = useSignal<Plan | null>(null);
  const { busy, error, run } = useAction();
  const queues = floor.value.queues;
  useEffect(() => {
    if (!queue.value && queues[0]) queue.value = queues[0].number;
  }, [queues.length]);

  const load = () => run(async () => {
    const q = new URLSearchParams({ queue: queue.value, day: day.value === "date" ? date.value : day.value, weeks: ascii(weeks.value) });
    if (within.value) q.set("target", `${ascii(within.value)}/${ascii(seconds.value)}`);
    if (abandoned.value) q.set("abandoned", ascii(abandoned.value));
    plan.value = await get<Plan>(`/api/staffing?${q}`);
  });
  const field = (label: string, value: typeof queue, id: string, size = 4) => (
    <label>{label} <input inputMode="decimal" size={size} value={digits(value.value)} onInput={(e) => (value.value = e.currentTarget.value)} data-testid={`staffing-${id}`} /></label>
  );
  return (
    <Card id="staffing" title={w.title}>
      <p class="hint">{w.lead}</p>
      <form class="find" onSubmit={(e) => { e.preventDefault(); void load(); }}>
        <label>{w.queue} <select value={queue.value} onChange={(e) => (queue.value = e.currentTarget.value)} data-testid="staffing-queue">
          {queues.map((q) => <option key={q.number} value={q.number}>{q.name || digits(q.number)}</option>)}
        </select></label>
        <label>{w.day} <select value={day.value} onChange={(e) => (day.value = e.currentTarget.value)} data-testid="staffing-day">
          {weekdays.map((d) => <option key={d} value={d}>{weekdayName(d)}</option>)}
          <option value="date">{w.oneDay}</option>
        </select></label>
        {day.value === "date"
          ? <label>{w.oneDay} <input type="date" value={date.value} onInput={(e) => (date.value = e.currentTarget.value)} data-testid="staffing-date" required /></label>
          : field(w.weeks, weeks, "weeks", 2)}
        {field(w.within, within, "within")}
        {field(w.seconds, seconds, "seconds")}
        {field(w.abandoned, abandoned, "abandoned")}
        <button class="main" disabled={busy.value || !queue.value} data-testid="staffing-go">{w.work}</button>
      </form>
      <Fault error={error.value} id="staffing-fault" />
      {plan.value && <Told plan={plan.value} />}
    </Card>
  );
}

function Told({ plan: p }: { plan: Plan }) {
  const w = staffingWords[language.value];
  const list = new Intl.ListFormat(language.value);
  const counted = p.days.filter((d) => !d.empty && !d.holiday);
  return (
    <>
      <p data-testid="staffing-days">
        {counted.length > 0 && w.learnt(count(p.calls), list.format(counted.map((d) => dayName(d.day))))}
        {p.days.map((d) => (d.holiday ? ` ${w.holiday(dayName(d.day), d.holiday[language.value])}` : d.empty ? ` ${w.empty(dayName(d.day))}` : ""))}
      </p>
      {p.halves.length === 0 ? <Empty>{w.none}</Empty> : (
        <>
          {p.few && <p class="fault" role="status" data-testid="staffing-few">{w.guess}</p>}
          <Bars halves={p.halves} />
          <Table halves={p.halves} />
          <p class="hint">{w.how}</p>
        </>
      )}
    </>
  );
}

function Table({ halves }: { halves: StaffingHalf[] }) {
  const w = staffingWords[language.value];
  const mean = (m: StaffingMean) => <span title={w.from[m.from]}>{duration(m.mean)}{m.from === "days" ? "*" : m.from === "assumed" ? "?" : ""}</span>;
  const heads = [w.rate, w.handle, w.patience, w.need, w.duty, w.reached, w.foreseen, w.lost];
  return (
    <table class="staffing">
      <thead><tr><th>{w.time}</th>{heads.map((h) => <th key={h} class="figure">{h}</th>)}</tr></thead>
      <tbody>{halves.map((h) => {
        const cells = [
          <>{tenth(h.rate)} <small>({w.range(tenth(h.low), tenth(h.high))})</small></>, mean(h.handle), mean(h.patience),
          <><strong>{count(h.need)}</strong> {h.most > h.least && <small>({w.range(count(h.least), count(h.most))})</small>}</>, tenth(h.on_duty),
          h.calls ? percent(h.reached) : "–", h.calls ? percent(h.within) : "–", h.calls ? percent(h.lost) : "–",
        ];
        return (
          <tr key={h.from} data-testid="staffing-row" data-from={h.from} data-need={h.need} data-calls={h.calls} class={h.few ? "unsure" : ""}>
            <td class="from">{clockOf(h.from)} {h.few && <span class="state off">{w.few}</span>}</td>
            {cells.map((c, i) => <td key={i} class="figure ticks" data-label={heads[i]}>{c}</td>)}
          </tr>
        );
      })}</tbody>
    </table>
  );
}
