// The rows of a report: what a chart shows, in numbers, each leading to its contacts.
import type { Formula, Report, Row } from "../api";
import { language } from "../language";
import { words } from "./asked";
import { keyWords, shown } from "./shown";

const usual = ["offered", "answered", "abandoned", "sl-net", "abandonment", "asa", "aht", "rona", "occupancy"];

interface Props { report: Report; other: Report | null; formulas: Formula[]; drawn: string; drill: (figure: string, row: Row) => void }

export function Rows({ report: r, other, formulas, drawn, drill }: Props) {
  const w = words.value;
  const some = (f: Formula | undefined): f is Formula => f !== undefined && r.rows.some((x) => x.values[f.id] !== undefined);
  const columns = [...new Set([...usual, drawn])].map((id) => formulas.find((f) => f.id === id)).filter(some);
  const busy = r.rows.filter((x) => x.values.offered || x.values.offers || x.values["logged-in"]);
  const most = Math.max(1, ...busy.map((x) => x.values.offered ?? 0));
  const timed = r.by === "hour" || r.by === "day" || r.by === "weekday";
  // Rows of time are compared by their place in the period, others by what they are.
  const before = (x: Row) => (timed ? other?.rows[r.rows.indexOf(x)] : other?.rows.find((y) => y.key === x.key))?.values[drawn];
  const compared = other && columns.find((f) => f.id === drawn);
  const cell = (x: Row, f: Formula) => {
    const text = shown(f, x.values[f.id]);
    const counts = f.drill && f.unit === "count" && (x.values[f.id] ?? 0) > 0;
    return counts ? <button type="button" class="quiet drill" onClick={() => drill(f.id, x)} data-testid={`row-${f.id}`}>{text}</button> : text;
  };
  return (
    <table>
      <thead><tr>
        <th>{w.groups[r.by]}</th>
        {columns.map((f) => <th key={f.id} class="figure" title={f.text[language.value]}>{f.name[language.value]}</th>)}
        {compared && <th class="figure">{compared.name[language.value]}, {w.before}</th>}
      </tr></thead>
      <tbody>
        {busy.map((x) => (
          <tr key={x.key} data-testid="report-row" data-key={x.key}>
            <td class="from"><bdi>{keyWords(r, x)}</bdi>{!timed && <meter class="share" min={0} max={most} value={x.values.offered ?? 0} aria-hidden="true" />}</td>
            {columns.map((f) => <td key={f.id} class="figure ticks" data-label={f.name[language.value]}>{cell(x, f)}</td>)}
            {compared && <td class="figure ticks" data-label={w.before}>{shown(compared, before(x))}</td>}
          </tr>
        ))}
        <tr class="sum" data-testid="report-total">
          <td class="from">{w.total}</td>
          {columns.map((f) => <td key={f.id} class="figure ticks" data-label={f.name[language.value]}>{shown(f, r.total.values[f.id])}</td>)}
          {compared && <td class="figure ticks" data-label={w.before}>{shown(compared, other.total.values[drawn])}</td>}
        </tr>
      </tbody>
    </table>
  );
}
