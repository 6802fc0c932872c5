// Figures of the queues: a period, their definitions, the hours, and the calls behind each.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Contact, Contacts, Formula, Formulas, Report, Row } from "./api";
import { agentName, queueName } from "./calls";
import { get } from "./client";
import { calendarOf, count, digits, duration, language, percent, t } from "./language";
import { Card, Empty, Fault, Num, useAction } from "./parts";
import { Staffing } from "./staffing/staffing";
import { floor, records } from "./store";
import { explained, Explanation } from "./story";

const periods = ["today", "yesterday", "week", "month", "custom"] as const;
type Period = (typeof periods)[number];
const groups = ["hour", "day", "queue", "agent", "number", "way"] as const;

/** A day of this device's calendar as the box takes it. */
const isoDay = (d: Date): string => `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;

/** The month of a Persian reader is that of his calendar, the week begins with his. */
function since(period: Period): string {
  const d = new Date();
  const persian = language.value === "fa";
  let back = persian ? (d.getDay() + 1) % 7 : (d.getDay() + 6) % 7;
  if (period === "month") back = Number(new Intl.DateTimeFormat(persian ? "en-u-ca-persian" : "en", { day: "numeric" }).format(d)) - 1;
  d.setDate(d.getDate() - back);
  return isoDay(d);
}

/** A figure as people read it. */
function shown(f: Formula, v: number | undefined): string {
  if (v === undefined) return "–";
  switch (f.unit) {
    case "ms": return duration(v);
    case "ratio": return percent(v);
    case "score": return digits(v.toFixed(1));
  }
  return count(v);
}

export function Reports() {
  const w = t.value;
  const period = useSignal<Period>("today");
  const from = useSignal(isoDay(new Date()));
  const to = useSignal(isoDay(new Date()));
  const queue = useSignal("");
  const by = useSignal<string>("hour");
  const formulas = useSignal<Formula[]>([]);
  const report = useSignal<Report | null>(null);
  const asked = useSignal(""); // of the report shown
  const figure = useSignal("");
  const { busy, error, run } = useAction();

  const query = (): string => {
    const q = new URLSearchParams({ by: by.value });
    if (period.value === "today" || period.value === "yesterday") q.set("period", period.value);
    else {
      q.set("from", period.value === "custom" ? from.value : since(period.value));
      q.set("to", period.value === "custom" ? to.value : isoDay(new Date()));
    }
    if (queue.value) q.set("queue", queue.value);
    return q.toString();
  };
  const load = () => run(async () => {
    const q = query();
    if (formulas.value.length === 0) formulas.value = (await get<Formulas>("/api/reports/formulas")).formulas;
    report.value = await get<Report>(`/api/reports?${q}`);
    asked.value = q;
  });
  const newest = records.value[0]?.call;
  useEffect(() => void load(), [period.value, from.value, to.value, queue.value, by.value, language.value, newest]);

  const r = report.value;
  return (
    <main class="reports" data-testid="reports" aria-busy={busy.value}>
      <form class="find" onSubmit={(e) => { e.preventDefault(); void load(); }}>
        <div class="choice" role="group" aria-label={w.period}>
          {periods.map((p) => <button key={p} type="button" class="quiet" aria-pressed={period.value === p} onClick={() => (period.value = p)} data-testid={`period-${p}`}>{w.periods[p]}</button>)}
        </div>
        {period.value === "custom" && (
          <>
            <label>{w.fromDay} <input type="date" value={from.value} onInput={(e) => (from.value = e.currentTarget.value)} data-testid="report-from" /></label>
            <label>{w.toDay} <input type="date" value={to.value} onInput={(e) => (to.value = e.currentTarget.value)} data-testid="report-to" /></label>
          </>
        )}
        <label>{w.queue} <select value={queue.value} onChange={(e) => (queue.value = e.currentTarget.value)} data-testid="report-queue">
          <option value="">{w.allQueues}</option>
          {floor.value.queues.map((q) => <option key={q.number} value={q.number}>{q.name || digits(q.number)}</option>)}
        </select></label>
        <label>{w.groupBy} <select value={by.value} onChange={(e) => (by.value = e.currentTarget.value)} data-testid="report-by">
          {groups.map((g) => <option key={g} value={g}>{w.groups[g]}</option>)}
        </select></label>
        {asked.value && <a class="save" href={`/api/reports.csv?${asked.value}&lang=${language.value}`} data-testid="report-csv">{w.asCSV}</a>}
      </form>
      <Fault error={error.value} />
      {r && (
        <>
          {!r.closes && <p class="fault" role="alert" data-testid="not-closed">{w.notClosed(count(r.difference))}</p>}
          <Card id="figures" title={w.figuresOf(calendarOf(r.zone).day(r.from), calendarOf(r.zone).day(Date.parse(r.to) - 1))}
            note={w.thresholds(duration(r.threshold), duration(r.short), count(r.days))}>
            <Figures report={r} formulas={formulas.value} drill={(id) => (figure.value = figure.value === id ? "" : id)} open={figure.value} />
            {Object.keys(r.total.overflow).length > 0 && (
              <p class="hint">{w.overflowBy}: {Object.entries(r.total.overflow).map(([why, n]) => `${w.reasons[why] ?? why} ${count(n)}`).join(" · ")}</p>
            )}
          </Card>
          {figure.value && <Behind key={asked.value + figure.value} zone={r.zone} query={asked.value} figure={figure.value} title={formulas.value.find((f) => f.id === figure.value)?.name[language.value] ?? ""} />}
          {r.rows.length > 0 && <Card id="rows" title={w.groups[r.by] ?? ""}>{r.by === "hour" || r.by === "day" ? <Bars report={r} /> : null}<Rows report={r} formulas={formulas.value} /></Card>}
        </>
      )}
      <Staffing />
      <Explanation />
    </main>
  );
}

/** Every figure, with its definition on hover or touch. */
const Figures = ({ report: r, formulas, drill, open }: { report: Report; formulas: Formula[]; drill: (id: string) => void; open: string }) => (
  <dl class="figures">
    {formulas.filter((f) => r.total.values[f.id] !== undefined).map((f) => {
      const value = shown(f, r.total.values[f.id]);
      return (
        <div key={f.id} class="kpi" tabIndex={0} data-testid={`figure-${f.id}`} data-value={r.total.values[f.id]}>
          <dt>{f.name[language.value]}</dt>
          <dd class="ticks">{f.drill && r.total.values[f.id]
            ? <button class="quiet" aria-expanded={open === f.id} onClick={() => drill(f.id)} data-testid={`drill-${f.id}`}>{value}</button> : value}</dd>
          <dd class="kpi-text">{f.text[language.value]}</dd>
        </div>
      );
    })}
  </dl>
);

/** Offered, answered and abandoned of each hour or day. */
function Bars({ report: r }: { report: Report }) {
  const w = t.value;
  const most = Math.max(1, ...r.rows.map((x) => x.values.offered ?? 0));
  const [wide, high] = [Math.max(12, 720 / r.rows.length), 120];
  const at = (i: number) => (language.value === "fa" ? r.rows.length - 1 - i : i) * wide; // time runs as the text does
  const tall = (n: number) => (n / most) * (high - 6);
  const each = Math.ceil(r.rows.length / 12);
  const when = calendarOf(r.zone);
  return (
    <svg class="bars" viewBox={`0 0 ${wide * r.rows.length} ${high + 18}`} role="img" aria-label={w.barsOf} data-testid="bars">
      {r.rows.map((x, i) => {
        const [all, answered] = [x.values.offered ?? 0, x.values.answered ?? 0];
        const begin = x.at ?? r.from;
        const label = r.by === "day" ? when.day(begin) : when.hour(begin);
        return (
          <g key={x.key}>
            <title>{w.barTitle(label, count(all), count(answered))}</title>
            <rect x={at(i)} y={0} width={wide} height={high} class="bar-room" />
            <rect x={at(i) + wide * 0.15} y={high - tall(all)} width={wide * 0.7} height={tall(all)} rx={2} class="bar-all" />
            <rect x={at(i) + wide * 0.15} y={high - tall(answered)} width={wide * 0.7} height={tall(answered)} rx={2} class="bar-answered" />
            {i % each === 0 && <text x={at(i) + wide / 2} y={high + 14} text-anchor="middle">{r.by === "day" ? when.short(begin) : when.tick(begin)}</text>}
          </g>
        );
      })}
    </svg>
  );
}

const rowFigures = ["offered", "answered", "abandoned", "sl-net", "abandonment", "asa", "aht", "rona", "occupancy"];

function Rows({ report: r, formulas }: { report: Report; formulas: Formula[] }) {
  const w = t.value;
  const columns = rowFigures.map((id) => formulas.find((f) => f.id === id)!).filter((f) => f && r.rows.some((x) => x.values[f.id] !== undefined));
  const busy = r.rows.filter((x) => x.values.offered || x.values.offers || x.values["logged-in"]);
  const when = calendarOf(r.zone);
  const head = (x: Row) => (r.by === "hour" ? `${when.short(x.at ?? r.from)} ${when.hour(x.at ?? r.from)}` : r.by === "day" ? when.day(x.at ?? r.from)
    : r.by === "queue" ? queueName(x.key) : r.by === "agent" ? agentName(x.key) : x.key ? digits(x.key) : "–");
  if (busy.length === 0) return <Empty>{w.reportEmpty}</Empty>;
  return (
    <table>
      <thead><tr><th>{w.groups[r.by]}</th>{columns.map((f) => <th key={f.id} class="figure" title={f.text[language.value]}>{f.name[language.value]}</th>)}</tr></thead>
      <tbody>{busy.map((x) => (
        <tr key={x.key} data-testid="report-row" data-key={x.key}>
          <td class="from"><bdi>{head(x)}</bdi></td>
          {columns.map((f) => <td key={f.id} class="figure ticks" data-label={f.name[language.value]}>{shown(f, x.values[f.id])}</td>)}
        </tr>
      ))}</tbody>
    </table>
  );
}

const pageSize = 50;

/** The contacts behind a figure. */
function Behind({ query, figure, title, zone }: { query: string; figure: string; title: string; zone: string }) {
  const when = calendarOf(zone);
  const w = t.value;
  const list = useSignal<Contact[]>([]);
  const all = useSignal(0);
  const { busy, error, run } = useAction();
  const more = () => run(async () => {
    const page = await get<Contacts>(`/api/reports/contacts?${query}&figure=${figure}&limit=${pageSize}&offset=${list.value.length}`);
    list.value = [...list.value, ...page.contacts];
    all.value = page.all;
  });
  useEffect(() => void more(), []);
  return (
    <Card id="contacts" title={`${title}: ${count(all.value)}`} note={<a class="save" href={`/api/reports/contacts.csv?${query}&figure=${figure}&lang=${language.value}`}>{w.asCSV}</a>}>
      <Fault error={error.value} />
      <table>
        <thead><tr><th>{w.when}</th><th>{w.from}</th><th>{w.queue}</th><th>{w.agent}</th><th class="figure">{w.wait}</th><th class="figure">{w.talk}</th><th>{w.result}</th><th><span class="hidden">{w.explain}</span></th></tr></thead>
        <tbody>{list.value.map((c) => (
          <tr key={c.call + c.offered} data-testid="contact" data-call={c.call}>
            <td class="when">{when.short(c.offered)} {when.hour(c.offered)}</td>
            <td class="from">{c.from ? <Num>{c.from}</Num> : w.unknownCaller}</td>
            <td data-label={w.queue}><bdi>{queueName(c.queue)}</bdi></td>
            <td data-label={w.agent}>{c.agent ? <bdi>{agentName(c.agent)}</bdi> : "–"}</td>
            <td class="figure ticks" data-label={w.wait}>{duration(c.wait)}</td>
            <td class="figure ticks" data-label={w.talk}>{c.talk ? duration(c.talk) : "–"}</td>
            <td class="result"><span class="state off">{w.outcomes[c.outcome] ?? c.outcome}{c.reason ? ` (${w.reasons[c.reason] ?? c.reason})` : ""}</span></td>
            <td class="act"><button class="quiet" data-testid="explain-contact" onClick={() => (explained.value = { id: c.call, from: { number: c.from }, started: c.offered })}>{w.explain}</button></td>
          </tr>
        ))}</tbody>
      </table>
      {list.value.length < all.value && <button class="quiet" disabled={busy.value} onClick={more} data-testid="more-contacts">{w.older}</button>}
    </Card>
  );
}
