// The hours of the week: a table whose fields are the darker the more there is.
import type { Formula, Report, Row } from "../api";
import { digits, language } from "../language";
import { calendar, words } from "./asked";
import { dayIn, firstWeekday } from "./calendar";
import { keyWords, shown } from "./shown";
import { week, weekdayName } from "./when";

const levels = 6;

export function Heat({ report: r, formula: f, drill }: { report: Report; formula: Formula; drill: (row: Row) => void }) {
  const w = words.value;
  const cells = new Map(r.rows.map((x) => [x.key, x]));
  const busy = r.rows.filter((x) => (x.values.offered ?? 0) > 0);
  const values = r.rows.map((x) => x.values[f.id] ?? 0);
  const most = Math.max(0, ...values);
  const hours = busy.map((x) => Number(x.key.split(" ")[1]));
  const [from, to] = [Math.min(8, ...hours), Math.max(17, ...hours)];
  const level = (v: number) => (most === 0 || v === 0 ? 0 : Math.min(levels, Math.ceil((v / most) * levels)));
  const span = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const days = dayIn(r.zone, Date.parse(r.to) - 1) - dayIn(r.zone, r.from) + 1;
  const name = f.name[language.value];
  return (
    <div class="heat" data-testid="heat" data-figure={f.id}>
      <p class="hint">{w.heatLead(name, w.weeks(days, digits(String(days))))} {days < 7 && w.lessThanWeek}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={w.heatTitle}>
        <table>
          <caption class="hidden">{w.heatLead(name, w.weeks(days, digits(String(days))))}</caption>
          <thead><tr><th scope="col"><span class="hidden">{w.groups.weekday}</span></th>{span.map((h) => <th key={h} scope="col" class="ticks">{digits(String(h))}</th>)}</tr></thead>
          <tbody>{week(firstWeekday(calendar.value)).map((day) => (
            <tr key={day} data-testid="heat-day" data-day={day}>
              <th scope="row">{weekdayName(day)}</th>
              {span.map((h) => {
                const x = cells.get(`${day} ${String(h).padStart(2, "0")}`);
                const v = x?.values[f.id];
                const text = v === undefined || (v === 0 && f.unit === "count") ? "" : shown(f, v);
                const title = x ? w.cell(keyWords(r, x), "", text || w.none).replace(" :", ":") : "";
                return (
                  <td key={h} class={`heat-${level(v ?? 0)}`} title={title || undefined}>
                    {x && (x.values.offered ?? 0) > 0 ? <button type="button" onClick={() => drill(x)} aria-label={title} data-testid="heat-cell" data-key={x.key} data-value={v}>{text || "·"}</button> : <span>{text}</span>}
                  </td>
                );
              })}
            </tr>
          ))}</tbody>
        </table>
      </div>
      <p class="legend" aria-hidden="true">{Array.from({ length: levels + 1 }, (_, i) => <i key={i} class={`heat-${i}`} />)} {w.heatScale(shown(f, 0), shown(f, most))}</p>
    </div>
  );
}
