// Reports: figures of a period, what they mean, how they compare, and the contacts behind each.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Formula, Formulas, Report, Row } from "../api";
import { get } from "../client";
import { count, duration, language, t } from "../language";
import { Card, Empty, Fault, useAction } from "../parts";
import { Staffing } from "../staffing/staffing";
import { me, now, records } from "../store";
import { WhatIf } from "../whatif/whatif";
import { explained, Explanation } from "../story";
import { asked, ask, calendar, words } from "./asked";
import { Behind } from "./behind";
import { Bulletins } from "./bulletins";
import { dayIn, iso } from "./calendar";
import { Chart } from "./chart";
import { Figures } from "./figures";
import { Filters } from "./filters";
import { Heat } from "./heat";
import { otherOf, type Range, rangeOf } from "./periods";
import { Rows } from "./rows";
import { keyWords } from "./shown";
import { dayWords } from "./when";

const longest = 370;
/** Charts are of time; these are the figures that can be drawn, if the report has them. */
const drawable = ["offered", "answered", "abandoned", "overflow", "sl-net", "answer-rate", "abandonment", "asa", "awt", "wait-max", "wait-p90", "aht", "occupancy", "fcr", "survey"];

export function Reports() {
  const [w, a] = [words.value, asked.value];
  const formulas = useSignal<Formula[]>([]);
  const zone = useSignal("");
  const report = useSignal<Report | null>(null);
  const other = useSignal<Report | null>(null);
  const got = useSignal(""); // the query of the report shown
  const drilled = useSignal<{ figure: string; row?: Row } | null>(null);
  const { busy, error, run } = useAction();

  const today = dayIn(zone.value || "UTC", now.value);
  const range: Range = rangeOf(a.period, today, calendar.value) ?? { from: a.from ?? today, to: a.to ?? today };
  const wrong = range.from > range.to ? w.turnedRound : range.to - range.from >= longest ? w.tooLong : "";
  const query = (days: Range, by: string): URLSearchParams => {
    const q = new URLSearchParams({ from: iso(days.from), to: iso(days.to), by });
    for (const name of ["queue", "agent", "number", "way"] as const) if (a[name]) q.set(name, a[name]);
    return q;
  };
  const main = query(range, a.by).toString();
  const load = () => run(async () => {
    if (formulas.value.length === 0) {
      const f = await get<Formulas>("/api/reports/formulas");
      formulas.value = f.formulas;
      zone.value = f.zone; // the days are its days: the report follows once they are known
      return;
    }
    const r = await get<Report>(`/api/reports?${main}`);
    let before: Report | null = null;
    if (a.compare) {
      const q = query(otherOf(range, a.period, a.compare, calendar.value), a.by);
      // What is not over yet is compared with as much of the other.
      if (Date.parse(r.to) > Date.parse(r.now)) q.set("elapsed", String(Math.max(1, Math.round((Date.parse(r.now) - Date.parse(r.from)) / 1000))));
      before = await get<Report>(`/api/reports?${q}`);
    }
    if (got.value !== main) drilled.value = null;
    report.value = r;
    other.value = before;
    got.value = main;
  });
  const newest = records.value[0]?.call;
  useEffect(() => {
    if (!wrong) void load();
  }, [main, a.compare, zone.value, language.value, newest, wrong]);

  const r = report.value;
  const drawn = formulas.value.find((f) => f.id === a.draw) ?? formulas.value[0];
  const drill = (figure: string, row?: Row) => {
    const same = drilled.value?.figure === figure && drilled.value.row?.key === row?.key;
    drilled.value = same ? null : row ? { figure, row } : { figure };
  };
  const d = drilled.value;
  const behind = new URLSearchParams(got.value);
  if (d) {
    behind.set("figure", d.figure);
    if (d.row) behind.set("row", d.row.key);
  }
  const nameOf = (id: string) => formulas.value.find((f) => f.id === id)?.name[language.value] ?? "";
  const daysOf = (x: Range) => t.value.figuresOf(dayWords.value.long(x.from), dayWords.value.long(x.to));
  const empty = r !== null && !r.total.values.offered && !r.total.values.blocked;
  return (
    <div class="reports" data-testid="reports" aria-busy={busy.value}>
      <h1 class="print-only">{t.value.reports}: {daysOf(range)}</h1>
      <Filters range={range} today={today} />
      {wrong && <p class="fault" role="alert" data-testid="range-wrong">{wrong}</p>}
      <Fault error={error.value} />
      {!r && !error.value && <Empty>{w.stillLoading}</Empty>}
      {r && !wrong && (
        <>
          {r.closes
            ? null
            : (
              <div class="fault" role="alert" data-testid="not-closed">
                <p>{w.lawBroken(count(r.difference))}</p>
                <ul>{r.unclosed.map((u) => <li key={u.call + u.offered}><button class="quiet" onClick={() => (explained.value = { id: u.call, from: { number: "" }, started: u.offered })}><bdi>{u.call}</bdi></button></li>)}</ul>
              </div>
            )}
          <Card id="figures" title={daysOf(range)} note={<Saves query={got.value} />}>
            <p class="hint">{t.value.thresholds(duration(r.threshold), duration(r.short), count(r.days))} {r.closes && !empty && <span data-testid="closes">{w.lawHolds}</span>}</p>
            {other.value && <p class="hint" data-testid="compared">{w.comparedWith(daysOf(otherOf(range, a.period, a.compare, calendar.value)), Date.parse(r.to) > Date.parse(r.now))}</p>}
            {empty && <div data-testid="report-empty"><Empty>{w.noCalls}</Empty><p class="hint">{w.noCallsHint}</p></div>}
            {(!empty || other.value) && <Figures report={r} other={other.value} formulas={formulas.value} open={d && !d.row ? d.figure : ""} drill={drill} />}
            {Object.keys(r.total.overflow).length > 0 && (
              <p class="hint">{t.value.overflowBy}: {Object.entries(r.total.overflow).map(([why, n]) => `${t.value.reasons[why] ?? why} ${count(n)}`).join(" · ")}</p>
            )}
          </Card>
          {d && <Behind key={behind.toString()} zone={r.zone} query={behind.toString()} close={() => (drilled.value = null)} title={w.listOf(nameOf(d.figure), d.row ? keyWords(r, d.row) : "")} />}
          {!empty && drawn && (
            <Card id="rows" title={w.groups[r.by] ?? ""} note={<Draw formulas={formulas.value} report={r} drawn={drawn.id} />}>
              {r.by === "week-hour" ? <Heat report={r} formula={drawn} drill={(row) => drill(drawn.drill && drawn.unit === "count" ? drawn.id : "offered", row)} /> : (
                <>
                  {(r.by === "hour" || r.by === "day" || r.by === "weekday") && <Chart report={r} other={other.value} formula={drawn} drill={(row) => drill(drawn.drill && drawn.unit === "count" ? drawn.id : "offered", row)} />}
                  <Rows report={r} other={other.value} formulas={formulas.value} drawn={drawn.id} drill={drill} />
                </>
              )}
            </Card>
          )}
        </>
      )}
      <div class="no-print stack">{me.value?.rights.includes("keep") && <Bulletins />}<WhatIf formulas={formulas.value} today={today} /><Staffing /></div>
      <Explanation />
    </div>
  );
}

const Draw = ({ formulas, report: r, drawn }: { formulas: Formula[]; report: Report; drawn: string }) => (
  <label class="draw no-print">{words.value.draw} <select value={drawn} onChange={(e) => ask({ draw: e.currentTarget.value })} data-testid="report-draw">
    {formulas.filter((f) => drawable.includes(f.id) && (f.id === drawn || r.rows.some((x) => x.values[f.id] !== undefined))).map((f) => <option key={f.id} value={f.id}>{f.name[language.value]}</option>)}
  </select></label>
);

const Saves = ({ query }: { query: string }) => (
  <span class="saves no-print">
    <a class="save" href={`/api/reports.csv?${query}&lang=${language.value}`} data-testid="report-csv">{words.value.asCSV}</a>
    <a class="save" href={`/api/reports.xlsx?${query}&lang=${language.value}`} data-testid="report-xlsx">{words.value.asXLSX}</a>
    <button type="button" class="quiet" onClick={() => print()} data-testid="report-print">{words.value.print}</button>
  </span>
);
